"""The outbox as an office sees it: letters to its people, and what became of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.account import Account, Seat
from models.base import table
from models.database import reading
from models.letter import Letter
from models.organization import Organization
from models.sql import Sql
from models.vocabulary import LetterKind
from workflows.queries.reading import Read, read_letter
from workflows.queries.watch import UNDER, require_administrator
from workflows.record.acting import Actor
from workflows.record.verb import query

if TYPE_CHECKING:
    from datetime import datetime

_A, _S, _L, _O = (table(m).c for m in (Account, Seat, Letter, Organization))
PAGE = 100


class Sent(NamedTuple):
    """A letter as the office sees it; `state` is waiting, sent or dead."""

    id: str
    state: str
    email: str
    name: str
    read: Read
    attempts: int
    not_before: datetime
    sent_at: datetime | None
    error: str


class Stuck(NamedTuple):
    """How many letters wait, and how many never arrived."""

    waiting: int
    dead: int


class _Row(NamedTuple):
    id: str
    template: str
    params: dict[str, Any]
    kind: LetterKind
    created_at: datetime
    not_before: datetime
    attempts: int
    sent_at: datetime | None
    dead_at: datetime | None
    error: str
    email: str
    name: str
    language: str


_SEAT = sa.exists().where(_S.account_id == _L.account_id, _O.code == _S.organization)
# Somebody who sits elsewhere as well gets letters that are none of this union's business.
_HAS_SEAT_BELOW = _SEAT.where(UNDER).correlate(table(Letter)) & ~_SEAT.where(
    sa.not_(sa.func.coalesce(UNDER, sa.false()))
).correlate(table(Letter))
_LETTERS: Sql[_Row] = Sql(
    sa.select(
        *(_L.id, _L.template, _L.params, _L.kind, _L.created_at, _L.not_before, _L.attempts),
        *(_L.sent_at, _L.dead_at, _L.error, _A.email, _A.name, _A.language),
    )
    .join(table(Account), _A.id == _L.account_id)
    .where(_HAS_SEAT_BELOW)
    .order_by(_L.created_at.desc(), _L.id.desc())
    .limit(PAGE),
    _Row,
)
_DEAD = _L.dead_at.is_not(None)
_STUCK: Sql[Stuck] = Sql(
    sa.select(
        sa.func.coalesce(sa.func.sum(sa.case((_DEAD, 0), else_=1)), 0).label("waiting"),
        sa.func.coalesce(sa.func.sum(sa.case((_DEAD, 1), else_=0)), 0).label("dead"),
    )
    .select_from(table(Letter))
    .where(_L.sent_at.is_(None), _HAS_SEAT_BELOW),
    Stuck,
)


@query("letters")
def letters(actor: Actor, *, root: str) -> list[Sent]:
    """The newest 100 letters to people who sit below a union, in their readers' language."""
    with reading() as store:
        require_administrator(store, actor, root)
        return [
            Sent(
                *(row.id, _state(row), row.email, row.name, read_letter(store, row, row.language)),
                *(row.attempts, row.not_before, row.sent_at, row.error),
            )
            for row in store.all(_LETTERS, root=root)
        ]


@query("stuck-letters")
def stuck(actor: Actor, *, root: str) -> Stuck:
    """How many letters to people below a union wait, and how many never arrived."""
    with reading() as store:
        require_administrator(store, actor, root)
        return store.first(_STUCK, root=root) or Stuck(0, 0)


def _state(row: _Row) -> str:
    return "sent" if row.sent_at else "dead" if row.dead_at else "waiting"
