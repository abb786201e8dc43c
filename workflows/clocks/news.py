"""What a run of the clocks leaves to tell: what came to be overdue, which letters died, how desks stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from models.base import table
from models.database import reading
from models.deadline import Deadline
from models.letter import Letter
from models.organization import Organization
from models.sql import Sql, bind
from models.vocabulary import DeadlineKind, Thing

if TYPE_CHECKING:
    from datetime import datetime

_D, _L, _O = (table(m).c for m in (Deadline, Letter, Organization))
# A storm is told by its beginning and its size: each of them costs Prefect's server a request.
MOST = 200


class Late(NamedTuple):
    """A thing whose moment passed."""

    id: str
    thing: Thing
    thing_id: str
    kind: DeadlineKind
    desk: str | None
    province: str | None
    due_at: datetime


class Dead(NamedTuple):
    """A letter that was given up."""

    id: str
    template: str
    thing_id: str | None


class Standing(NamedTuple):
    """How much is overdue at a desk, and since when."""

    desk: str
    name: str
    overdue: int
    oldest: datetime


_FIRED: Sql[Late] = Sql(
    sa.select(_D.id, _D.thing, _D.thing_id, _D.kind, _D.desk, _O.province, _D.due_at)
    .outerjoin_from(table(Deadline), table(Organization), _O.code == _D.desk)
    .where(_D.closed_at.is_(None), _D.fired_at >= bind("since", _D.fired_at))
    .order_by(_D.due_at, _D.id)
    .limit(MOST),
    Late,
)
_DIED: Sql[Dead] = Sql(
    sa.select(_L.id, _L.template, _L.thing_id)
    .where(_L.dead_at >= bind("since", _L.dead_at))
    .order_by(_L.dead_at, _L.id)
    .limit(MOST),
    Dead,
)
_BY_DESK: Sql[Standing] = Sql(
    sa.select(_D.desk, _O.name, sa.func.count().label("overdue"), sa.func.min(_D.due_at).label("oldest"))
    .join_from(table(Deadline), table(Organization), _O.code == _D.desk)
    .where(_D.closed_at.is_(None), _D.due_at <= bind("now", _D.due_at))
    .group_by(_D.desk, _O.name)
    .order_by(sa.func.count().desc(), _D.desk)
    .limit(MOST),
    Standing,
)


def fired_since(moment: datetime) -> list[Late]:
    """What was marked overdue since a moment (UTC), at most 200, longest overdue first."""
    with reading() as store:
        return [late for late in store.all(_FIRED, since=moment) if late.desk is not None]


def died_since(moment: datetime) -> list[Dead]:
    """Letters given up since a moment (UTC), at most 200."""
    with reading() as store:
        return store.all(_DIED, since=moment)


def desks() -> list[Standing]:
    """How much is overdue at each desk, most first, at most 200."""
    with reading() as store:
        return store.all(_BY_DESK, now=store.now)
