"""Deadlines as rows: set when a thing comes to wait, closed when it moves on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from models.base import table
from models.deadline import Deadline
from models.sql import Sql, bind, insert_into

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.database import Store
    from models.vocabulary import Thing
    from workflows.moves import Due, Moved

_D = table(Deadline).c
_INSERT = insert_into(Deadline)
_CLOSE: Sql[None] = Sql(
    sa.update(table(Deadline))
    .where(_D.thing_id == bind("of", _D.thing_id), _D.closed_at.is_(None))
    .values(closed_at=bind("closed_at", _D.closed_at))
)


def rearm(store: Store, thing: Thing, moved: Sequence[Moved]) -> None:
    """Close what was due for things that moved on, and set what is due now."""
    over = [m for m in moved if m.before is not None and _moved_on(m)]
    store.run_many(_CLOSE, ({"of": m.after.id, "closed_at": store.now} for m in over))
    store.run_many(_INSERT, (_row(store, thing, m, m.due) for m in moved if m.due is not None))


def close(store: Store, thing_id: str) -> None:
    """Close whatever is due for a thing."""
    store.run(_CLOSE, of=thing_id, closed_at=store.now)


def _moved_on(m: Moved) -> bool:
    changed_place = m.before.state != m.after.state
    return changed_place or m.due is not None or getattr(m.before, "step", 0) != getattr(m.after, "step", 0)


def _row(store: Store, thing: Thing, m: Moved, due: Due) -> dict[str, Any]:
    return {
        "id": m.event["id"],
        "thing": thing,
        "thing_id": m.after.id,
        "kind": due.kind,
        "desk": due.desk,
        "account_id": due.account_id,
        "set_at": store.now,
        "due_at": due.at,
        "derivation": due.derivation[:500],
        "provisional": due.provisional,
    }
