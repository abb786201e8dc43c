"""The reviewer's queue: what waits at a desk, oldest promise first, a keyset page at a time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from models.application import Application
from models.base import table
from models.database import reading
from models.errors import ForbiddenError
from models.sql import Sql, bind
from models.vocabulary import Role
from workflows.acting import Actor, refreshed
from workflows.queries.applications import LINE, PAGE, Line
from workflows.verb import query

if TYPE_CHECKING:
    from models.database import Store

_P = table(Application).c
_AT_DESK = (_P.desk == bind("desk", _P.desk),)
_AFTER = sa.tuple_(_P.due_at, _P.id) > sa.tuple_(bind("due_at", _P.due_at), bind("id", _P.id))
_PAGE = Sql(LINE.where(*_AT_DESK, _AFTER).order_by(_P.due_at, _P.id).limit(PAGE + 1), Line)
_CHECKED = Sql(
    LINE.where(*_AT_DESK, _P.round_id == bind("round", _P.round_id), _P.checked).order_by(_P.due_at, _P.id), Line
)
_BEGIN = datetime(1, 1, 2, tzinfo=UTC)


class Counts(NamedTuple):
    """How much waits at a desk: all, still to check, to rank, past its promise."""

    waiting: int
    to_check: int
    to_rank: int
    overdue: int


_COUNTS: Sql[Counts] = Sql(
    sa.select(
        sa.func.count().label("waiting"),
        sa.func.coalesce(sa.func.sum(sa.case((_P.checked, 0), else_=1)), 0).label("to_check"),
        sa.func.coalesce(sa.func.sum(sa.case((_P.checked & _P.slate_id.is_(None), 1), else_=0)), 0).label("to_rank"),
        sa.func.coalesce(sa.func.sum(sa.case((_P.due_at <= bind("now", _P.due_at), 1), else_=0)), 0).label("overdue"),
    ).where(*_AT_DESK),
    Counts,
)


class QueuePage(NamedTuple):
    """Up to 50 lines and where the next page begins (None: this was the last)."""

    lines: list[Line]
    after: tuple[datetime, str] | None


@query("queue")
def queue(actor: Actor, *, desk: str, due_at: datetime | None = None, after: str = "") -> QueuePage:
    """A page of what waits at a desk; `due_at` and `after` are those of the last line seen."""
    with reading() as store:
        _require_seat(store, actor, desk)
        lines = store.all(_PAGE, desk=desk, due_at=due_at or _BEGIN, id=after)
        more = len(lines) > PAGE
        last = lines[PAGE - 1] if more else None
        return QueuePage(lines[:PAGE], (last.due_at, last.id) if last and last.due_at else None)


@query("queue-counts")
def queue_counts(actor: Actor, *, desk: str) -> Counts:
    """How much waits at a desk."""
    with reading() as store:
        _require_seat(store, actor, desk)
        return store.first(_COUNTS, desk=desk, now=store.now) or Counts(0, 0, 0, 0)


@query("candidates")
def candidates(actor: Actor, *, desk: str, round_id: str) -> list[Line]:
    """The checked applications at a desk that its slate for a round may rank."""
    with reading() as store:
        _require_seat(store, actor, desk)
        return store.all(_CHECKED, desk=desk, round=round_id)


def _require_seat(store: Store, actor: Actor, desk: str) -> None:
    if not refreshed(store, actor).sits(desk, Role.REVIEWER):
        raise ForbiddenError("not_your_desk", thing="queue")
