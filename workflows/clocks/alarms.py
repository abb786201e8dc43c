"""Alarms about the machinery itself: a letter to the keepers, once an hour, carried by whoever noticed.

The clocks may be dead when one is needed, so no clock is asked: the web faces look at our own tables
every minute, and Prefect's automations knock at a web face (`ui/alarms.py`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from models import clock, logs
from models.database import together
from models.letter import Letter
from models.sql import update_of
from workflows.clocks import keepers, readiness
from workflows.clocks.runs import last_run, note_run, ran_within
from workflows.post.carriers import deliver
from workflows.rules.calendar import SHANGHAI

AGAIN = timedelta(hours=1)
CLOCKS = {"deadline-sweep": "sweep", "letters": "letters", "journal-checkpoint": "checkpoint", "nightly": "doctor",
          "examination": "doctor"}  # fmt: skip
TEMPLATE = "clock_alarm"
# Before whatever else waits: with dead clocks that may be very much.
_FIRST = timedelta(days=3660)
_MINUTE = timedelta(minutes=1)
_LONGEST = 60  # characters of a run's name
_EARLY = update_of(Letter, "not_before")


class Alarm(StrEnum):
    """What can be wrong with the clocks."""

    NO_SWEEP = "no_sweep"
    LOST_WORKER = "lost_worker"


_WORDS = {
    Alarm.NO_SWEEP: (
        "到期巡检已有{about}没有完成",
        "no deadline sweep has completed for {about}",
    ),
    Alarm.LOST_WORKER: (
        "定时任务“{about}”的执行进程已失去联系，该次运行已判为崩溃",
        "the run “{about}” has lost its worker and was declared crashed",
    ),
}


def sound(alarm: Alarm, about: tuple[str, str]) -> int:
    """Write to every keeper that this is wrong; answers to how many: none within an hour of the last time.

    `about` (Chinese, English) says of what. Raises BusyError when the database is gone: then nobody
    can be written to, and `/readyz` is what tells of it.
    """
    kind, now = f"alarm_{alarm.value}", clock.now()
    with together() as store:
        last = last_run(kind)
        if last is not None and last <= now < last + AGAIN:
            return 0
        # The hour is in the name, so that two faces that see it at once write one letter.
        event = f"{kind}-{int(now.timestamp()) // 3600}"
        zh, en = (said.format(about=of) for said, of in zip(_WORDS[alarm], about, strict=True))
        people = keepers.keepers(store)
        told = keepers.tell(store, event, TEMPLATE, {"reason": {"zh": zh, "en": en}})
        store.run_many(_EARLY, ({"old_id": f"{event}-{one}", "not_before": now - _FIRST} for one in people))
        note_run(kind, now, {"told": told})
    logs.tell("alarm", alarm=alarm.value, told=told)
    return told


def lost_worker(run: str) -> int:
    """Sound the alarm about a run that has lost its worker, unless our own tables say that it ended well.

    Prefect misses the end of a run when its database is busy. Answers as `sound`.
    """
    if _ended_well(run):
        return 0
    name = run[:_LONGEST] or "—"
    return sound(Alarm.LOST_WORKER, (name, name))


def _ended_well(run: str) -> bool:
    """Whether a run of this clock that began in the minute that the name tells is on record."""
    flow, _, moment = run.partition(" ")
    now = clock.now().astimezone(SHANGHAI)
    try:
        # Only the day is in the name: of the year that brings it nearest before now.
        begun = datetime.strptime(f"{now.year} {moment}", "%Y %m-%d %H:%M").replace(tzinfo=now.tzinfo)
        begun = begun if begun <= now else begun.replace(year=now.year - 1)
    except ValueError:
        return False
    return flow in CLOCKS and ran_within(CLOCKS[flow], begun, begun + _MINUTE)


def no_sweep() -> int:
    """Sound the alarm when our own tables say that no sweep completes; answers as `sound`."""
    age, limit = readiness.sweep_age(), readiness.silence()
    if age is not None and age < limit:
        return 0
    minutes = int((age or limit).total_seconds() // 60)
    return sound(Alarm.NO_SWEEP, (f"{minutes}分钟", f"{minutes} minutes"))


def carry(told: int) -> None:
    """Carry the letters of an alarm at once, whatever becomes of the clocks. Raises BusyError."""
    if told:
        deliver(told)
