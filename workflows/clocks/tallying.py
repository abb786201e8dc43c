"""How each desk stood at the end of each day, noted once: the trend, and the pace by which risks are told.

A day can be told of afterwards too, from when its deadlines were set, due and closed: days that the clocks slept
through are filled in.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from models import clock
from models.base import table
from models.database import reading, transaction
from models.deadline import Deadline, OverdueDay
from models.journal import Event
from models.organization import Organization
from models.sql import Sql, bind
from models.vocabulary import Act, DeadlineKind
from workflows.clocks import due
from workflows.people.organizations import NATION
from workflows.rules.calendar import ends_at, local_date
from workflows.rules.throughput import WINDOW, working_day

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

BACK, KEPT = timedelta(days=60), timedelta(days=800)
_D, _E, _O, _Y = (table(m).c for m in (Deadline, Event, Organization, OverdueDay))
_LAST: Sql[Any] = Sql(sa.select(sa.func.max(_Y.day).label("day")).where(_Y.day < bind("today", _Y.day)))
# A day that is not over was noted by a clock that went wrong.
_FORGET: Sql[None] = Sql(
    sa.delete(table(OverdueDay)).where((_Y.day >= bind("today", _Y.day)) | (_Y.day < bind("oldest", _Y.day)))
)
# The desk itself dealt with a case: an event of its own, and not a hold, took it from there at that moment.
_by_the_desk = sa.exists().where(
    _E.thing == _D.thing, _E.thing_id == _D.thing_id, _E.at == _D.closed_at, _E.desk == _D.desk, _E.act != Act.HOLD
)
_END = bind("day_end", _D.closed_at)


def _dealt_with(begin: str) -> sa.ColumnElement[Any]:
    return (
        (_D.kind == DeadlineKind.REVIEW) & (_D.closed_at > bind(begin, _D.closed_at)) & (_D.closed_at <= _END)
        & _by_the_desk
    )  # fmt: skip


def _sum(when: Any) -> sa.ColumnElement[Any]:
    return sa.cast(sa.func.sum(sa.case((when, 1), else_=0)), sa.Integer)


_open = _D.closed_at.is_(None) | (_D.closed_at > _END)
_NAMES = ("day", "desk", "below", "waiting", "overdue", "settled", "pace")
_NOTE: Sql[None] = Sql(
    sa.insert(table(OverdueDay)).from_select(
        _NAMES,
        sa.select(
            bind("of_day", _Y.day), _D.desk, sa.false(), _sum(_open), _sum(_open & (_D.due_at <= _END)),
            _sum(_dealt_with("day_begin")), _sum(_dealt_with("window_begin")),
        )
        .where(_D.desk.is_not(None), _D.set_at <= _END,
               _D.closed_at.is_(None) | (_D.closed_at > bind("window_begin", _D.closed_at)))
        .group_by(_D.desk),
    )
)  # fmt: skip
# Each desk under itself, its divisions, what it belongs to, and the nation: each once.
_over = sa.union(
    *(sa.select(_O.code.label("desk"), over.label("over")).where(over.is_not(None))
      for over in (_O.code, _O.province, _O.city, _O.parent)),
    sa.select(_O.code, sa.literal(NATION, sa.String)),
).subquery("over")  # fmt: skip
_ROLL_UP: Sql[None] = Sql(
    sa.insert(table(OverdueDay)).from_select(
        _NAMES,
        sa.select(
            bind("of_day", _Y.day), _over.c.over, sa.true(),
            *(sa.cast(sa.func.sum(_Y[name]), sa.Integer) for name in _NAMES[3:]),
        )
        .join_from(table(OverdueDay), _over, _over.c.desk == _Y.desk)
        .where(_Y.day == bind("of_day", _Y.day), ~_Y.below)
        .group_by(_over.c.over),
    )
)  # fmt: skip


def note_day() -> dict[str, int]:
    """Note how each desk stood at the end of yesterday and of days before it that were not noted, at most 60.

    Days are those of Beijing. Safe to repeat: a day is noted once. Answers how many days.
    """
    today = local_date(clock.now())
    return {"days_noted": sum(_note(day) for day in [*_missing(today)])}


def _missing(today: date) -> Iterator[date]:
    with reading() as store:
        last = store.first(_LAST, today=today)
    day = max(last or today - BACK, today - BACK) + timedelta(days=1)
    while day < today:
        yield day
        day += timedelta(days=1)


def _note(day: date) -> bool:
    with transaction() as store:
        today = local_date(store.now)
        store.run(_FORGET, today=today, oldest=today - KEPT)
        if store.first(_LAST, today=day + timedelta(days=1)) == day:
            return False
        window = working_day(day, -WINDOW, due.current())
        made = store.run(_NOTE, of_day=day, day_begin=ends_at(day - timedelta(days=1)), day_end=ends_at(day),
                         window_begin=ends_at(window))  # fmt: skip
        store.run(_ROLL_UP, of_day=day)
        return bool(made)
