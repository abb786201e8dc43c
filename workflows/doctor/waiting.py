"""I10a and I13: whatever waits has a due date and somebody who owes it; letters have one fate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from models.account import Account
from models.application import Application
from models.base import table
from models.deadline import Deadline
from models.letter import Letter
from models.sql import Sql
from models.vocabulary import REVIEWS, DeadlineKind, State
from workflows.doctor.violation import Found, Violation, is_, words
from workflows.record.streaming import stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.database import Store

_P, _D, _L, _A = (table(m).c for m in (Application, Deadline, Letter, Account))
_deadline = sa.select(_D.id).where(_D.thing_id == _P.id, _D.closed_at.is_(None))
_is_reserve = is_(_P.state, *REVIEWS) & _P.desk.is_(None)
_owed = is_(_P.state, *REVIEWS, State.CONTESTED) & _P.desk.is_not(None)
_WAITING: Sql[Found] = Sql(
    sa.select(_P.id, words(_P.state, _P.desk, _P.due_at)).where(
        is_(_P.state, *REVIEWS, State.CONTESTED, State.RETURNED),
        ~_deadline.exists()
        | (_owed & _P.due_at.is_(None))
        | (_is_reserve & ~_deadline.where(is_(_D.kind, DeadlineKind.RESERVE_END)).exists())
        | (is_(_P.state, State.CONTESTED) & _P.desk.is_(None)),
    ),
    Found,
)
_FATES: Sql[Found] = Sql(
    sa.select(_L.id, words(_L.sent_at, _L.dead_at)).where(_L.sent_at.is_not(None), _L.dead_at.is_not(None)),
    Found,
)
_NOBODY: Sql[Found] = Sql(
    sa.select(_L.id, _L.account_id)
    .outerjoin_from(table(Letter), table(Account), _A.id == _L.account_id)
    .where(_A.id.is_(None)),
    Found,
)


def nothing_waits_without_due_date(store: Store) -> Iterator[Violation]:
    """Every application in review, contested or returned has an open deadline of its own."""
    for row in stream(store, _WAITING):
        yield Violation("I10a", "waits_without_due_date", row.detail, f"application {row.subject}")


def letters_have_one_fate(store: Store) -> Iterator[Violation]:
    """One letter for one event and person: sent or given up, never both, to somebody there is."""
    kinds = (("letter_two_fates", _FATES), ("letter_to_nobody", _NOBODY))
    for name, sql in kinds:
        for row in stream(store, sql):
            yield Violation("I13", name, row.detail, f"letter {row.subject}")
