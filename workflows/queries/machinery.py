"""Whether the clocks run: the last run of each by our own tables, which tell it even when Prefect is down."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.base import table
from models.database import reading
from models.deadline import Sweep
from models.settings import settings
from models.sql import Sql, bind, rows_of
from workflows.clocks import readiness
from workflows.queries.watch_scope import require_administrator
from workflows.record.verb import query

if TYPE_CHECKING:
    from models.database import Store
    from workflows.record.acting import Actor

_W = table(Sweep).c
_KIND = _W.kind == bind("kind", _W.kind)
_NEWEST: Sql[Sweep] = Sql(
    sa.select(table(Sweep)).where(_KIND).order_by(_W.started_at.desc()).limit(bind("most", sa.column("n", sa.Integer))),
    Sweep,
)
# A clock that never ran is late once the others have run for longer than it may be away.
_BEGUN: Sql[datetime] = Sql(sa.select(_W.started_at).where(_KIND).order_by(_W.started_at).limit(1))
_ALARMS = rows_of(
    Sweep, _W.kind.in_(["alarm_no_sweep", "alarm_lost_worker"]), _W.started_at >= bind("since", _W.started_at),
    order=(_W.started_at.desc(),),
)  # fmt: skip
_WEEK = timedelta(days=7)
_NIGHTS = ("doctor", "backup")
PAGE = 20


class Run(NamedTuple):
    """One run of a clock: when it ended, how long it took, what it did by name."""

    at: datetime
    seconds: float
    counts: dict[str, int]


class ClockState(NamedTuple):
    """A clock: its newest run, how often it should run, and whether it is late."""

    kind: str
    every: timedelta
    late: bool
    last: Run | None


class Alarm(NamedTuple):
    """An alarm of the last seven days, and how many keepers were written to."""

    kind: str
    at: datetime
    told: int


@query("clocks")
def clocks(actor: Actor, *, root: str) -> list[ClockState]:
    """The clocks of this installation with their newest runs; late is what missed several of its turns.

    For administrators. Raises ForbiddenError.
    """
    with reading() as store:
        require_administrator(store, actor, root)
        return [_state(store, kind, every, patience) for kind, (every, patience) in _turns().items()]


@query("clock-runs")
def clock_runs(actor: Actor, *, root: str, kind: str) -> list[Run]:
    """The newest 20 runs of a clock; a run that did nothing is on record once a minute at most."""
    with reading() as store:
        require_administrator(store, actor, root)
        return [_run(row) for row in store.all(_NEWEST, kind=kind, most=PAGE)]


@query("alarms")
def alarms(actor: Actor, *, root: str) -> list[Alarm]:
    """The alarms of the last seven days about the clocks, newest first."""
    with reading() as store:
        require_administrator(store, actor, root)
        found = store.all(_ALARMS, since=store.now - _WEEK)
        return [Alarm(row.kind, row.started_at, json.loads(row.counts).get("told", 0)) for row in found]


def sweeps_are_late() -> bool:
    """Whether the sweeps are so late that an administrator should be told on every page."""
    with reading() as store:
        age = readiness.age(store)
        return age is None or age > readiness.silence()


def _turns() -> dict[str, tuple[timedelta, timedelta]]:
    """How often each clock runs, and after how long without a run it is late."""
    sweep, letters = (timedelta(seconds=n) for n in (settings().sweep_seconds, settings().letter_seconds))
    hour, day = timedelta(hours=1), timedelta(days=1)
    turns = {
        "sweep": (sweep, readiness.LATE * sweep),
        "letters": (letters, max(readiness.SILENCE, readiness.LATE * letters)),
        "checkpoint": (hour, 2 * hour),
        "doctor": (day, day + 2 * hour),
    }
    return turns if settings().backup_dir is None else {**turns, "backup": (day, day + 2 * hour)}


def _begun(store: Store, kind: str) -> datetime | None:
    """Since when a clock that never ran is awaited: of a night's, the first checkpoint tells before the sweeps do.

    A demo's sweeps were played over months that are past, and its first night is still to come.
    """
    kinds = ("checkpoint", "sweep") if kind in _NIGHTS else ("sweep",)
    return next((begun for one in kinds if (begun := store.first(_BEGUN, kind=one))), None)


def _state(store: Store, kind: str, every: timedelta, patience: timedelta) -> ClockState:
    newest = store.first(_NEWEST, kind=kind, most=1)
    since = newest.finished_at if newest else _begun(store, kind)
    late = since is None or store.now - since > patience
    return ClockState(kind, every, late, _run(newest) if newest else None)


def _run(row: Sweep) -> Run:
    counts: dict[str, Any] = json.loads(row.counts)
    told = {name: n for name, n in counts.items() if n}
    return Run(row.finished_at, (row.finished_at - row.started_at).total_seconds(), told)
