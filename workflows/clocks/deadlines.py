"""Deadlines as rows: set when a thing comes to wait, closed when it moves on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from models.base import table
from models.deadline import Deadline
from models.sql import Sql, bind, insert_into
from models.vocabulary import DeadlineKind, Thing, TitleState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.database import Store
    from workflows.record.moves import Due, Moved

_D = table(Deadline).c
_INSERT = insert_into(Deadline)
# They run beside whatever state a title is in, and end with it or by an act of their own.
STANDING = (DeadlineKind.TITLE_END, DeadlineKind.SUCCESSION, DeadlineKind.SUBSIDY_STAGE)
_OVER = (TitleState.REVOKED, TitleState.ENDED)
# They run beside an application's own term at its desk, and end with it or when they are met.
BESIDE = (DeadlineKind.SCREENING, DeadlineKind.APPEAL_END, DeadlineKind.COUNTERSIGN)
# A hold stands in for the review's term, and the review's term for a hold: nothing else ends by it.
_IN_TURN = (DeadlineKind.REVIEW, DeadlineKind.HOLD_END)


def _closing(*clauses: sa.ColumnElement[bool]) -> Sql[None]:
    return Sql(
        sa.update(table(Deadline))
        .where(_D.thing_id == bind("of", _D.thing_id), _D.closed_at.is_(None), *clauses)
        .values(closed_at=bind("closed_at", _D.closed_at))
    )


_CLOSE = _closing()
_CLOSE_PASSING = _closing(_D.kind.not_in(STANDING))
_CLOSE_KIND = _closing(_D.kind == bind("of_kind", _D.kind))


def rearm(store: Store, thing: Thing, moved: Sequence[Moved]) -> None:
    """Close what was due for things that moved on, and set what is due now."""
    beside = [m for m in moved if m.before is not None and _is_beside(m)]
    held = [m for m in moved if m.before is not None and _is_held_or_released(m)]
    over = [
        m for m in moved
        if m.before is not None and _moved_on(m) and not _is_beside(m) and not _is_held_or_released(m)
    ]  # fmt: skip
    lasting = [m for m in over if thing is Thing.TITLE and m.after.state not in _OVER]
    store.run_many(_CLOSE, (_closed(store, m) for m in over if thing is not Thing.TITLE or m.after.state in _OVER))
    passing = (m for m in lasting if m.before.state != m.after.state or not _stands(m))
    store.run_many(_CLOSE_PASSING, (_closed(store, m) for m in passing))
    store.run_many(_CLOSE_KIND, (_closed(store, m) | {"of_kind": m.due.kind} for m in lasting if m.due and _stands(m)))
    store.run_many(_CLOSE_KIND, (_closed(store, m) | {"of_kind": m.due.kind} for m in beside if m.due))
    store.run_many(_CLOSE_KIND, (_closed(store, m) | {"of_kind": kind} for m in held for kind in _IN_TURN))
    store.run_many(_INSERT, (_row(store, thing, m, m.due) for m in moved if m.due is not None))


def close(store: Store, thing_id: str, kind: DeadlineKind | None = None) -> None:
    """Close whatever is due for a thing, or what is due of one kind."""
    if kind is None:
        store.run(_CLOSE, of=thing_id, closed_at=store.now)
    else:
        store.run(_CLOSE_KIND, of=thing_id, of_kind=kind, closed_at=store.now)


def _closed(store: Store, m: Moved) -> dict[str, Any]:
    return {"of": m.after.id, "closed_at": store.now}


def _stands(m: Moved) -> bool:
    return m.due is not None and m.due.kind in STANDING


def _moved_on(m: Moved) -> bool:
    return _changed_place(m) or m.due is not None


def _changed_place(m: Moved) -> bool:
    return m.before.state != m.after.state or getattr(m.before, "step", 0) != getattr(m.after, "step", 0)


def _is_held_or_released(m: Moved) -> bool:
    """Whether a case was put on hold or taken up again where it is."""
    before, after = (getattr(row, "on_hold", False) for row in (m.before, m.after))
    return before != after and m.due is not None and not _changed_place(m)


def _is_beside(m: Moved) -> bool:
    return m.due is not None and m.due.kind in BESIDE and not _changed_place(m)


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
        "basis": due.basis,
    }
