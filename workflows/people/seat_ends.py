"""The end of a seat's term as a due date: its holder and the administrators hear of it before."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from models.base import table
from models.deadline import Deadline
from models.sql import Sql, bind
from models.vocabulary import DeadlineKind, Thing
from workflows.clocks import deadlines
from workflows.record.moves import Due

if TYPE_CHECKING:
    from datetime import datetime

    from models.database import Store

_D = table(Deadline).c
_CLOSE: Sql[None] = Sql(
    sa.update(table(Deadline))
    .where(_D.id == bind("of", _D.id), _D.closed_at.is_(None))
    .values(closed_at=bind("now", _D.closed_at))
)
_AGAIN: Sql[None] = Sql(
    sa.update(table(Deadline))
    .where(_D.id == bind("of", _D.id))
    .values(
        due_at=bind("at", _D.due_at),
        closed_at=None,
        fired_at=None,
        rung=0,
        first_due_at=sa.func.coalesce(_D.first_due_at, _D.due_at),
    )
)


class _Whose(NamedTuple):
    """Whose seat it is, as a deadline asks for it."""

    id: str


def follow(store: Store, seat_id: str, account_id: str, desk: str, ends_at: datetime | None) -> None:
    """Let the due date of a seat's end be as its term is: a seat has one, known by the seat's own id."""
    if ends_at is None or ends_at <= store.now:
        store.run(_CLOSE, of=seat_id, now=store.now)
    elif not store.run(_AGAIN, of=seat_id, at=ends_at):
        due = Due(DeadlineKind.SEAT_END, ends_at, "任职期满", desk=desk, account_id=account_id)
        deadlines.arm(store, Thing.ACCOUNT, _Whose(account_id), due, known_as=seat_id)
