"""The queues of desks, asked of their index alone: how many cases are due when, and which of them come too late."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from models.account import Account
from models.application import Application
from models.base import table
from models.deadline import OverdueDay
from models.lists import of_list
from models.organization import Organization
from models.sql import Sql, bind
from workflows.queries.watch_scope import PLACES, of_person, of_programme, steps_of

if TYPE_CHECKING:
    from datetime import datetime

PAGE = 100
_P, _O, _Y, _A = (table(m).c for m in (Application, Organization, OverdueDay, Account))
# A few moments come many thousand times: as the driver has them, each is read once by whoever asks.
_DUE = sa.type_coerce(_P.due_at, sa.String).label("due_at")
_ASKED = (of_programme(_P.programme), of_person(_P.handler_id))


class Desk(NamedTuple):
    """A desk with cases, and how many it settled in the last 20 working days; None: nothing is known of that."""

    code: str
    name: str
    pace: int | None


class Bucket(NamedTuple):
    """Cases of a desk due at one moment, as the driver has it, and how many of them were asked for."""

    desk: str
    due_at: Any
    n: int
    asked: int


class Counted(NamedTuple):
    """How many cases of a bucket come too late, of those asked for."""

    desk: str
    due_at: Any
    n: int


class Line(NamedTuple):
    """A case that comes too late, with its place among those of its desk that are due at the same moment."""

    id: str
    receipt: str | None
    subject: str
    desk: str
    handler: str | None
    due_at: datetime
    place: int


def _noted() -> Any:
    """How many the desks settled, from the newest night that was noted."""
    newest = sa.select(sa.func.max(_Y.day)).where(_Y.day >= bind("since", _Y.day)).scalar_subquery()
    return (_Y.day == newest) & (_Y.desk == _O.code) & ~_Y.below & (_Y.pace > sa.literal_column("0"))


def _standing() -> Sql[Desk]:
    step = steps_of(_P.desk)
    return Sql(
        sa.select(_O.code, _O.name, _Y.pace)
        .join_from(step, table(Organization), _O.code == step.c.desk)
        .outerjoin(table(OverdueDay), _noted())
        .where(*PLACES),
        Desk,
    )


# The desks of a scope that have cases, each a step of the index; those whose pace is known; and some by their codes.
STANDING = _standing()
_noted_ones = sa.select(_O.code, _O.name, _Y.pace).join_from(table(OverdueDay), table(Organization), _noted())
PACED = Sql(_noted_ones.where(*PLACES), Desk)
NAMED = of_list(lambda desks: Sql(
    sa.select(_O.code, _O.name, sa.cast(sa.null(), sa.Integer).label("pace")).where(_O.code.in_(desks), *PLACES), Desk
))  # fmt: skip
# Where somebody has cases in their hands.
_handled = (_P.handler_id == bind("person", _P.handler_id)) & _P.desk.is_not(None)
HANDS: Sql[str] = Sql(sa.select(_P.desk).where(_handled).distinct())


def _buckets(*asked: Any, desks: Any = None) -> Sql[Bucket]:
    n = sa.func.count().label("n")
    of_them = sa.cast(sa.func.sum(sa.case((sa.and_(*asked), 1), else_=0)), sa.Integer) if asked else n
    return Sql(
        sa.select(_P.desk, _DUE, n, of_them.label("asked"))
        .where(_P.desk.is_not(None) if desks is None else _P.desk.in_(desks), _P.due_at <= bind("until", _P.due_at))
        .group_by(_P.due_at, _P.desk),
        Bucket,
    )


# How many cases are due when: of some desks by person and programme, and of all by programme, with a filter or not.
OF_DESKS = {
    False: of_list(lambda desks: _buckets(desks=desks)),
    True: of_list(lambda desks: _buckets(*_ASKED, desks=desks)),
}
OF_ALL = {False: _buckets(), True: _buckets(of_programme(_P.programme))}


class _Given(NamedTuple):
    """Buckets given as one parameter: whose, due when, how many of them are in time, before when a late one entered."""

    desk: Any
    due_at: Any
    in_time: Any
    before: Any


def _given(dialect: str) -> _Given:
    text = bind("buckets", sa.column("buckets", sa.String))
    kinds = (_P.desk.type, _P.due_at.type, sa.Integer(), _P.due_at.type)
    if dialect == "sqlite":
        one: Any = sa.func.json_each(text).table_valued("value", name="given").c.value
        return _Given(*(sa.func.json_extract(one, f"$[{n}]", type_=kind) for n, kind in enumerate(kinds)))
    one = sa.func.jsonb_array_elements(sa.cast(text, JSONB)).table_valued("value", name="given").c.value
    return _Given(*(sa.cast(one.op("->>")(sa.literal_column(str(n))), kind) for n, kind in enumerate(kinds)))


def _hurried(desks: Any, dialect: str) -> Sql[Counted]:
    given = _given(dialect)
    return Sql(
        sa.select(_P.desk, _DUE, sa.func.count().label("n"))
        .where(_P.desk.in_(desks), _P.due_at == given.due_at, _P.entered_at < given.before, *_ASKED)
        .group_by(_P.desk, _P.due_at),
        Counted,
    )


def _late(dialect: str) -> Any:
    """Of the buckets given, the cases that come too late and were asked for."""
    given = _given(dialect)
    place = sa.func.row_number().over(partition_by=(_P.desk, _P.due_at), order_by=_P.id).label("place")
    placed = (
        sa.select(_P.id, _P.desk, _P.due_at, _P.entered_at, _P.programme, _P.handler_id, place,
                  given.in_time.label("in_time"), given.before.label("before"))
        .where(_P.desk == given.desk, _P.due_at == given.due_at)
        .subquery("placed")
    )  # fmt: skip
    before = placed.c.before
    is_late = (placed.c.place > placed.c.in_time) & (before.is_(None) | (placed.c.entered_at < before))
    asked = (of_programme(placed.c.programme), of_person(placed.c.handler_id))
    return sa.select(placed.c.id, placed.c.desk, placed.c.due_at, placed.c.place).where(is_late, *asked)


def _counted(dialect: str) -> Sql[Counted]:
    late = _late(dialect).subquery("late")
    due_at = sa.type_coerce(late.c.due_at, sa.String).label("due_at")
    return Sql(sa.select(late.c.desk, due_at, sa.func.count().label("n")).group_by(late.c.desk, late.c.due_at), Counted)


def _lines(dialect: str) -> Sql[Line]:
    late = _late(dialect).subquery("late")
    order = (late.c.due_at, late.c.desk, late.c.place)
    page = sa.select(*late.c).order_by(*order).limit(PAGE).subquery("page")
    return Sql(
        sa.select(_P.id, _P.receipt, _P.subject, page.c.desk, _A.name.label("handler"), _P.due_at, page.c.place)
        .join_from(page, table(Application), _P.id == page.c.id)
        .outerjoin(table(Account), _A.id == _P.handler_id)
        .order_by(page.c.due_at, page.c.desk, page.c.place),
        Line,
    )


_KINDS = ("sqlite", "postgresql")
# Cases of desks whose pace is not known, that entered before what the buckets of their moment say.
HURRIED = {kind: of_list(partial(_hurried, dialect=kind))[kind] for kind in _KINDS}
COUNTED = {kind: _counted(kind) for kind in _KINDS}
LINES = {kind: _lines(kind) for kind in _KINDS}
