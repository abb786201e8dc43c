"""The reviewer's queue: what waits at a desk, oldest promise first, a keyset page at a time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.account import Account
from models.application import Application
from models.base import table
from models.database import reading
from models.errors import ForbiddenError
from models.office import Countersign, Signer
from models.slate import Slate
from models.sql import Sql, bind
from models.vocabulary import Role, SlateState, State
from workflows.queries.applications import LINE, PAGE, Line
from workflows.record.acting import Actor, refreshed
from workflows.record.verb import query
from workflows.rules.next_step import AtDesk, NextStep, next_step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.database import Store

_P, _A, _S, _C, _G = (table(m).c for m in (Application, Account, Slate, Countersign, Signer))
_AT_DESK = (_P.desk == bind("desk", _P.desk),)
_AFTER = sa.tuple_(_P.due_at, _P.id) > sa.tuple_(bind("due_at", _P.due_at), bind("id", _P.id))
_BEGIN = datetime(1, 1, 2, tzinfo=UTC)


class Waiting(NamedTuple):
    """One case at a desk: a line, in whose hands it is, and the one thing to do next (rules/next_step.py)."""

    id: str
    receipt: str | None
    subject: str
    leader_name: str
    organization_name: str
    round_name: str
    state: State
    checked: bool
    slate_id: str | None
    entered_at: datetime
    due_at: datetime | None
    version: int
    desk: str | None
    on_hold: bool
    handler_id: str | None
    handler: str | None
    step: NextStep


class _Row(NamedTuple):
    """A line with what its next step depends on."""

    line: Line
    on_hold: bool
    handler_id: str | None
    handler: str | None
    route: list[Any]
    place: int
    slate: SlateState | None
    is_countersigned: bool
    is_my_sign: bool


class _Rows:
    """How rows of a page come with their line."""

    @staticmethod
    def _make(values: Sequence[Any]) -> _Row:
        width = len(Line._fields)
        return _Row(Line._make(values[:width]), *values[width:])


_open = (_C.application_id == _P.id) & (_C.state == sa.literal_column("'open'"))
_asked_of_me = sa.exists().where(
    _G.countersign_id == _C.id, _G.account_id == bind("me", _G.account_id), _G.vote.is_(None), _G.dropped_at.is_(None)
)
_WAITING = (
    LINE.add_columns(
        _P.on_hold, _P.handler_id, _A.name.label("handler"), _P.route, _P.step, _S.state.label("slate"),
        _C.id.is_not(None).label("is_countersigned"), (_C.id.is_not(None) & _asked_of_me).label("is_my_sign"),
    )
    .outerjoin(table(Account), _A.id == _P.handler_id)
    .outerjoin(table(Slate), _S.id == _P.slate_id)
    .outerjoin(table(Countersign), _open)
)  # fmt: skip
_PAGE: Sql[_Row] = Sql(
    _WAITING.where(*_AT_DESK, _AFTER).order_by(_P.due_at, _P.id).limit(PAGE + 1),
    _Rows,  # type: ignore[arg-type]  # it makes rows
)
_CHECKED = Sql(
    LINE.where(*_AT_DESK, _P.round_id == bind("round", _P.round_id), _P.checked).order_by(_P.due_at, _P.id), Line
)


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

    lines: list[Waiting]
    after: tuple[datetime, str] | None


@query("queue")
def queue(actor: Actor, *, desk: str, due_at: datetime | None = None, after: str = "") -> QueuePage:
    """A page of what waits at a desk; `due_at` and `after` are those of the last line seen."""
    with reading() as store:
        who = _require_seat(store, actor, desk)
        rows = store.all(_PAGE, desk=desk, due_at=due_at or _BEGIN, id=after, me=who.id)
        hands = frozenset((who.id, *(one.principal for one in who.lent if one.organization == desk)))
        lines = [_waiting(row, hands) for row in rows]
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


def _require_seat(store: Store, actor: Actor, desk: str) -> Actor:
    who = refreshed(store, actor)
    if not who.sits(desk, Role.REVIEWER):
        raise ForbiddenError("not_your_desk", thing="queue")
    return who


def _waiting(row: _Row, hands: frozenset[str]) -> Waiting:
    is_last = row.place == len(row.route) - 1
    case = AtDesk(row.line.state, row.line.checked, row.on_hold, row.handler_id, row.slate, is_last,
                  bool(row.is_countersigned), bool(row.is_my_sign))  # fmt: skip
    return Waiting(*row.line, row.on_hold, row.handler_id, row.handler, next_step(case, mine=hands))
