"""The clocks: which work happens by itself, how often, and under which name Prefect shows it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from httpx import HTTPError
from prefect import Flow, flow, get_client
from prefect.client.schemas.objects import State
from prefect.exceptions import PrefectException
from prefect.runtime import flow_run
from prefect.schedules import Cron, Interval, Schedule

from models import clock
from models.errors import BusyError
from models.mutex import alone
from models.settings import settings
from workflows.clocks import examining
from workflows.clocks.sweep import sweep
from workflows.clocks.turns import seal
from workflows.flows.reporting import mourn, report, shown
from workflows.flows.working import NOTHING, by_itself, carried_out, done
from workflows.post import bounces
from workflows.post.carriers import deliver

__all__ = ["BATCH", "NOTHING", "SHIFT", "TAG", "Clock", "clocks", "closing", "deadline_sweep", "done",
           "examination", "journal_checkpoint", "letters", "nightly"]  # fmt: skip

ZONE = "Asia/Shanghai"
TAG = "shenbao"
SHIFT = timedelta(minutes=5)
CHECKPOINT_EVERY = timedelta(hours=1)
NIGHT = "30 2 * * *"
BATCH = 500  # letters
CALL = 20.0  # seconds for a call to Prefect, which letters do not wait for
# Seconds until a run is given up; a night's doctor reads the whole database.
LONGEST_SWEEP, LONGEST_SHIFT, LONGEST_CHECKPOINT, LONGEST_NIGHT = 1800, 600, 600, 4 * 3600

closing = threading.Event()
"""Set when the process is asked to end: a shift in the post room then ends early, and well."""


def run_name() -> str:
    """`deadline-sweep 11-20 09:30`, in Chinese time. A callable: a template fails on None."""
    return f"{flow_run.flow_name} {clock.now().astimezone(ZoneInfo(ZONE)):%m-%d %H:%M}"


@flow(name="deadline-sweep", flow_run_name=run_name, timeout_seconds=LONGEST_SWEEP)
async def deadline_sweep() -> State[Any]:
    """Fire whatever is due: rounds, reminders, lapses, notices, assessments; idempotent."""
    started_at = clock.now()
    async with shown():
        counts = await carried_out("sweep", sweep)
    if counts is not None:
        await report(started_at, counts["deadlines_fired"])
    return done(counts)


@flow(name="letters", flow_run_name=run_name, retries=2, retry_delay_seconds=10, timeout_seconds=LONGEST_SHIFT)
async def letters() -> State[Any]:
    """One shift in the post room: look at the outbox every `letter_seconds`, for five minutes.

    A run for each look would fill Prefect's database with some 4,000 empty runs a day; a shift
    is one run, and a letter still leaves within seconds. A shift that dies is followed by the
    next, and the outbox's leases keep two shifts from sending the same letter.
    """
    pause = settings().letter_seconds
    started_at, end = clock.now(), time.monotonic() + SHIFT.total_seconds() - pause
    sent: Counter[str] = Counter()
    sent.update(await asyncio.to_thread(_came_back))
    while True:
        counts = await asyncio.to_thread(_deliver)
        sent.update(counts)
        await call_examiner()
        full = sum(counts.values()) >= BATCH
        if time.monotonic() > end or await asyncio.to_thread(closing.wait, 0 if full else pause):
            await mourn(started_at, sent["dead"])
            return done(dict(sent))


def _came_back() -> dict[str, int]:
    try:
        return bounces.read()
    except BusyError:  # the next shift reads them
        return {"busy": 1}


def _deliver() -> dict[str, int]:
    try:
        with alone("letters") as free:
            return deliver(BATCH) if free else {}
    except BusyError:  # by the next look the database may be free
        return {"busy": 1}


@flow(name="journal-checkpoint", flow_run_name=run_name, timeout_seconds=LONGEST_CHECKPOINT)
async def journal_checkpoint() -> State[Any]:
    """Write down where every chain of the journal ends, so that a cut tail shows."""
    return done(await carried_out("checkpoint", seal))


@flow(name="nightly", flow_run_name=run_name, retries=2, retry_delay_seconds=600, timeout_seconds=LONGEST_NIGHT)
async def nightly() -> State[Any]:
    """The desks' standing and the backup of the day, then the doctor's round; each is done once a night."""
    return done(await by_itself("workflows.clocks.nightly"))


@flow(name="examination", flow_run_name=run_name, timeout_seconds=LONGEST_NIGHT)
async def examination() -> State[Any]:
    """The doctor's round that somebody asked for; called by the shift in the post room."""
    return done(await by_itself("workflows.clocks.examining"))


async def call_examiner() -> None:
    """Call a run for the examination that waits for one; once, however often it is looked at.

    Where Prefect does not answer, the next look calls again.
    """
    name = await asyncio.to_thread(_waiting_examination)
    if name is None:
        return
    with suppress(PrefectException, HTTPError, TimeoutError):
        async with asyncio.timeout(CALL), get_client() as client:
            known = await client.read_deployment_by_name(f"{examination.name}/default")
            await client.create_flow_run_from_deployment(known.id, tags=[TAG], idempotency_key=name)


def _waiting_examination() -> str | None:
    try:
        return examining.call()
    except BusyError:  # by the next look the database may be free
        return None


@dataclass(frozen=True)
class Clock:
    """A flow and how often it runs: an interval, a moment of the day (cron, Chinese time), or when it is called."""

    flow: Flow[[], Any]
    every: timedelta | str | None

    @property
    def schedule(self) -> Schedule | None:
        """The interval or the moment as Prefect keeps it; none for what is called."""
        if self.every is None:
            return None
        if isinstance(self.every, str):
            return Cron(self.every, timezone=ZONE)
        return Interval(self.every, timezone=ZONE)

    @property
    def strikes_at_start(self) -> bool:
        """Whether a start of the process is a reason to run: what falls due while nothing runs must not wait."""
        return isinstance(self.every, timedelta)


def clocks() -> list[Clock]:
    """All clocks, with the intervals of the settings."""
    return [
        Clock(deadline_sweep, timedelta(seconds=settings().sweep_seconds)),
        Clock(letters, SHIFT),
        Clock(journal_checkpoint, CHECKPOINT_EVERY),
        Clock(nightly, NIGHT),
        Clock(examination, None),
    ]
