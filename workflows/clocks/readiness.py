"""Whether this installation can serve people: database, schema, clocks, room on the disk."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from models import schema
from models.base import table
from models.database import reading
from models.deadline import Sweep
from models.errors import ShenbaoError
from models.settings import settings
from models.sql import Sql

LEAST_DISK_MB = 200
LATE = 5  # missed sweeps until they count as late
_LAST_SWEEP: Sql[datetime] = Sql(sa.select(sa.func.max(table(Sweep).c.finished_at)))


class Readiness(NamedTuple):
    """What was found; `trouble` names what keeps people out, in codes."""

    trouble: tuple[str, ...]
    schema: str | None
    sweep_age_seconds: int | None = None
    disk_free_mb: int = 0
    sweeps_late: bool = True

    @property
    def ready(self) -> bool:
        """Whether people can be let in: late sweeps are a warning, not a reason."""
        return not self.trouble


def look() -> Readiness:
    """Look at everything once; never raises for what it is meant to find."""
    free = _free_mb(settings().data_dir)
    disk = () if free >= LEAST_DISK_MB else ("disk_full",)
    try:
        schema.check()
        age = _sweep_age()
    except ShenbaoError as error:
        return Readiness((error.code, *disk), error.details.get("found"), disk_free_mb=free)
    late = age is None or age > LATE * settings().sweep_seconds
    return Readiness(disk, schema.head(), age, free, sweeps_late=late)


def _sweep_age() -> int | None:
    with reading() as store:
        last = store.first(_LAST_SWEEP)
        return None if last is None else int((store.now - last).total_seconds())


def _free_mb(folder: Path) -> int:
    there = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
    return shutil.disk_usage(there).free // 2**20
