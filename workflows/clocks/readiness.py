"""Whether this installation can serve people, and whether its clocks run: database, schema, sweeps, letters, disk."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from models import schema
from models.base import table
from models.database import reading
from models.deadline import SetAside, Sweep
from models.errors import ShenbaoError
from models.letter import Letter
from models.settings import settings
from models.sql import Sql
from workflows.clocks import calendars
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from models.database import Store

LEAST_DISK_MB = 200
LATE = 5  # missed sweeps until they count as late
SILENCE = timedelta(minutes=10)  # without a sweep until the keepers hear of it
_R, _L, _X = (table(m).c for m in (Sweep, Letter, SetAside))
_LAST_SWEEP: Sql[datetime] = Sql(
    sa.select(_R.finished_at).where(_R.kind == sa.literal_column("'sweep'")).order_by(_R.started_at.desc()).limit(1)
)
# Of those that could leave: what is held, put off or waits for its next try is not stuck.
_OLDEST: Sql[datetime] = Sql(sa.select(sa.func.min(_L.not_before)).where(_L.sent_at.is_(None), _L.dead_at.is_(None)))
_ASIDE: Sql[int] = Sql(sa.select(sa.func.count()).select_from(table(SetAside)).where(_X.cleared_at.is_(None)))


class Readiness(NamedTuple):
    """What was found. `trouble` names in codes what keeps people out; all else is told and keeps nobody out."""

    trouble: tuple[str, ...]
    schema: str | None
    sweep_age_seconds: int | None = None
    disk_free_mb: int = 0
    sweeps_late: bool = True
    schema_wanted: str | None = None
    letter_overdue_seconds: int = 0
    set_aside: int = 0
    calendar: str | None = None

    @property
    def ready(self) -> bool:
        """Whether people can be let in: late sweeps are a warning, not a reason."""
        return not self.trouble


class _Rows(NamedTuple):
    sweep_age: int | None
    letter_overdue: int
    set_aside: int
    calendar: str | None


def look() -> Readiness:
    """Look at everything once; never raises for what it is meant to find."""
    free = _free_mb(settings().data_dir)
    disk = () if free >= LEAST_DISK_MB else ("disk_full",)
    try:
        schema.check()
        rows = _rows()
    except ShenbaoError as error:
        found = error.details.get("found")
        return Readiness((error.code, *disk), found, disk_free_mb=free, schema_wanted=schema.head())
    late = rows.sweep_age is None or rows.sweep_age > LATE * settings().sweep_seconds
    return Readiness(
        disk, schema.head(), rows.sweep_age, free, sweeps_late=late, schema_wanted=schema.head(),
        letter_overdue_seconds=rows.letter_overdue, set_aside=rows.set_aside, calendar=rows.calendar,
    )  # fmt: skip


def silence() -> timedelta:
    """For how long no sweep may complete until that is an alarm: ten minutes, or three sweeps that come seldom."""
    return max(SILENCE, 3 * timedelta(seconds=settings().sweep_seconds))


def sweep_age() -> timedelta | None:
    """How long ago the last sweep completed; None when none ever did. Raises BusyError."""
    with reading() as store:
        return age(store)


def _rows() -> _Rows:
    with reading() as store:
        since, oldest = age(store), store.first(_OLDEST)
        fault = calendars.trouble(local_date(store.now))
        return _Rows(
            None if since is None else int(since.total_seconds()),
            max(0, int((store.now - oldest).total_seconds())) if oldest else 0,
            store.first(_ASIDE) or 0,
            fault.code if fault else None,
        )


def age(store: Store) -> timedelta | None:
    """How long ago the last sweep completed; None when none ever did."""
    last = store.first(_LAST_SWEEP)
    return None if last is None else store.now - last


def _free_mb(folder: Path) -> int:
    there = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
    return shutil.disk_usage(there).free // 2**20
