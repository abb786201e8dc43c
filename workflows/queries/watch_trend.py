"""How overdue work went on from day to day, from what the clocks noted each night."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from models.base import table
from models.database import reading
from models.deadline import OverdueDay
from models.sql import Sql, bind
from workflows.queries.watch_scope import desks_of, scope_of
from workflows.record.verb import query
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from workflows.record.acting import Actor

_Y = table(OverdueDay).c
DAYS = 60


class Day(NamedTuple):
    """How a scope stood at the end of a day: what waited, what of it was overdue, and what was dealt with that day."""

    day: date
    waiting: int
    overdue: int
    settled: int


_sums = (sa.cast(sa.func.sum(_Y[name]), sa.Integer).label(name) for name in Day._fields[1:])
# Desk by desk: each one's days lie together in its index.
_TREND: Sql[Day] = Sql(
    sa.select(_Y.day, *_sums)
    .where(_Y.desk.in_(desks_of(_Y.desk)), _Y.below.is_(False), _Y.day >= bind("since", _Y.day))
    .group_by(_Y.day)
    .order_by(_Y.day),
    Day,
)
# Of all tiers: the sums that were noted.
_SUMS: Sql[Day] = Sql(
    sa.select(*(_Y[name] for name in Day._fields))
    .where(_Y.day >= bind("since", _Y.day), _Y.desk == bind("within", _Y.desk), _Y.below)
    .order_by(_Y.day),
    Day,
)


@query("overdue-trend")
def trend(actor: Actor, *, root: str, organization_code: str = "", tier: str = "") -> list[Day]:
    """The last 60 days under a union, the oldest first; days that no clock noted are left out. Raises as `scope_of`."""
    with reading() as store:
        scope = scope_of(store, actor, root, organization_code=organization_code, tier=tier)
        since = local_date(store.now) - timedelta(days=DAYS)
        if tier:
            return store.all(_TREND, **scope.places, since=since)
        return store.all(_SUMS, within=scope.within, since=since)
