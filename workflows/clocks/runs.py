"""What the clocks did and when, in our own tables: their age shows even when Prefect is down."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from models.base import new_id, table
from models.database import reading, transaction
from models.deadline import Sweep
from models.sql import Sql, bind, insert_into

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

QUIET = timedelta(minutes=1)
KEPT = timedelta(days=90)

_R = table(Sweep).c
_LAST: Sql[datetime] = Sql(
    sa.select(_R.started_at).where(_R.kind == bind("kind", _R.kind)).order_by(_R.started_at.desc()).limit(1)
)
_WITHIN: Sql[datetime] = Sql(
    sa.select(_R.started_at).where(
        _R.kind == bind("kind", _R.kind), _R.started_at >= bind("since", _R.started_at),
        _R.started_at < bind("before", _R.started_at),
    ).limit(1)
)  # fmt: skip
_INSERT = insert_into(Sweep)
_FORGET: Sql[None] = Sql(
    sa.delete(table(Sweep)).where(_R.kind == bind("kind", _R.kind), _R.started_at < bind("before", _R.started_at))
)


def last_run(kind: str) -> datetime | None:
    """When the clock of this kind last began a run that was noted; None when it never did."""
    with reading() as store:
        return store.first(_LAST, kind=kind)


def ran_within(kind: str, since: datetime, before: datetime) -> bool:
    """Whether a run of this clock is on record that began within these moments."""
    with reading() as store:
        return store.first(_WITHIN, kind=kind, since=since, before=before) is not None


def note_run(kind: str, started_at: datetime, counts: Mapping[str, int]) -> bool:
    """Write down one run of a clock, and forget those of its kind older than 90 days.

    A run that did nothing is noted at most once a minute. Answers whether it was noted.
    """
    if not any(counts.values()):
        last = last_run(kind)
        if last is not None and last <= started_at < last + QUIET:
            return False
    with transaction() as store:
        store.run(
            _INSERT,
            id=new_id(),
            kind=kind,
            started_at=started_at,
            finished_at=max(store.now, started_at),
            counts=json.dumps(dict(counts), ensure_ascii=False),
        )
        store.run(_FORGET, kind=kind, before=store.now - KEPT)
    return True
