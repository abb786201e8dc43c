"""Deadlines as rows: set when a thing comes to wait, closed when it moves on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from models.application import Application
from models.base import new_id, table
from models.deadline import Deadline
from models.round import Round
from models.sql import Sql, bind, empty, insert_into, update_of
from models.title import Title
from models.vocabulary import DeadlineKind, Thing, TitleState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from models.database import Store
    from workflows.record.moves import Due, Moved

_D = table(Deadline).c
# A deadline says which programme it belongs to, straight from its thing or through what its thing is about.
_INSERT: Sql[None] = Sql(
    insert_into(Deadline).statement.values(
        programme=sa.func.coalesce(
            bind("of_programme", _D.programme),
            *(
                sa.select(of.programme).where(of.id == bind(name, of.id)).scalar_subquery()
                for name, of in (
                    ("of_round", table(Round).c),
                    ("of_application", table(Application).c),
                    ("of_title", table(Title).c),
                )
            ),
        )
    )
)
# They run beside whatever state a title is in, and end with it or by an act of their own.
STANDING = (DeadlineKind.TITLE_END, DeadlineKind.SUCCESSION, DeadlineKind.SUBSIDY_STAGE)
LONGEST = 500
_OVER = (TitleState.REVOKED, TitleState.ENDED)
# They run beside an application's own term at its desk, and end with it or when they are met.
BESIDE = (DeadlineKind.SCREENING, DeadlineKind.APPEAL_END, DeadlineKind.COUNTERSIGN, DeadlineKind.FIRST_LIST)
# A hold stands in for the review's term, and the review's term for a hold: nothing else ends by it.
_IN_TURN = (DeadlineKind.REVIEW, DeadlineKind.HOLD_END)


def _closing(*clauses: sa.ColumnElement[bool]) -> Sql[None]:
    return Sql(
        sa.update(table(Deadline))
        .where(_D.thing_id == bind("of", _D.thing_id), empty(_D.closed_at), *clauses)
        .values(closed_at=bind("closed_at", _D.closed_at))
    )


_CLOSE = _closing()
_CLOSE_PASSING = _closing(_D.kind.not_in(STANDING))
_CLOSE_KIND = _closing(_D.kind == bind("of_kind", _D.kind))
# What ran beside a term runs on as it was, known by the event that set it.
_RUN_ON: Sql[None] = Sql(
    sa.update(table(Deadline))
    .where(_D.thing_id == bind("of", _D.thing_id), _D.closed_at == bind("at", _D.closed_at), _D.kind.in_(BESIDE))
    .values(closed_at=None)
)
_SET_ANEW = update_of(Deadline, "due_at", "derivation", "provisional", "basis", "rung", "fired_at", "first_due_at")
# In whose hands a case is stands beside what is due for it, for whoever counts overdue work by person.
_HAND_ON: Sql[None] = Sql(
    sa.update(table(Deadline))
    .where(_D.thing_id == bind("of", _D.thing_id), empty(_D.closed_at))
    .values(handler_id=bind("hands", _D.handler_id))
)


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
    store.run_many(_HAND_ON, ({"of": m.after.id, "hands": m.after.handler_id} for m in moved if _is_handed_on(m)))
    store.run_many(_INSERT, (row for m in moved if m.due is not None for row in _rows(store, thing, m, m.due)))


def arm(store: Store, thing: Thing, about: Any, due: Due, *, known_as: str | None = None) -> None:
    """Set what is due for a row beside whatever else is; `known_as` is the deadline's id, where it has one."""
    store.run(_INSERT, **_row(store, thing, about, due, known_as or new_id()))


def set_anew(store: Store, rows: Iterable[tuple[Deadline, Due, int]]) -> int:
    """Move open deadlines to other moments: `(deadline, what it is now, how many of its rungs are behind it)`.

    The moment they were first set to stays on record; one that is to come again has not fired. Answers how many.
    """
    return store.run_many(_SET_ANEW, (
        {"old_id": row.id, "due_at": due.at, "derivation": due.derivation[:LONGEST], "provisional": due.provisional,
         "basis": due.basis, "rung": rung, "fired_at": None if due.at > store.now else row.fired_at,
         "first_due_at": row.first_due_at or row.due_at if due.at != row.due_at else row.first_due_at}
        for row, due, rung in rows
    ))  # fmt: skip


def close(store: Store, thing_id: str, kind: DeadlineKind | None = None) -> None:
    """Close whatever is due for a thing, or what is due of one kind."""
    if kind is None:
        store.run(_CLOSE, of=thing_id, closed_at=store.now)
    else:
        store.run(_CLOSE_KIND, of=thing_id, of_kind=kind, closed_at=store.now)


def run_on(store: Store, thing_id: str, at: datetime) -> int:
    """Open again what ran beside a thing's term and was closed at a moment (UTC) by an act that is undone."""
    return store.run(_RUN_ON, of=thing_id, at=at)


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


def _is_handed_on(m: Moved) -> bool:
    """Whether a case went into other hands where it is."""
    before, after = (getattr(row, "handler_id", None) for row in (m.before, m.after))
    return m.before is not None and before != after and not _changed_place(m)


def _is_beside(m: Moved) -> bool:
    return m.due is not None and m.due.kind in BESIDE and not _changed_place(m)


def _rows(store: Store, thing: Thing, m: Moved, due: Due) -> Iterator[dict[str, Any]]:
    """What a move sets: the deadline known by its event, and those that come with it."""
    yield _row(store, thing, m.after, due, m.event["id"])
    for other in due.beside:
        yield _row(store, thing, m.after, other, new_id())


def _row(store: Store, thing: Thing, about: Any, due: Due, known_as: str) -> dict[str, Any]:
    """A deadline's columns, and where to look for its programme."""
    return {
        "of_programme": getattr(about, "programme", None),
        "of_round": getattr(about, "round_id", None),
        "of_application": getattr(about, "application_id", None),
        "of_title": getattr(about, "title_id", None),
        "handler_id": getattr(about, "handler_id", None),
        "id": known_as,
        "thing": thing,
        "thing_id": about.id,
        "kind": due.kind,
        "desk": due.desk,
        "account_id": due.account_id,
        "set_at": store.now,
        "due_at": due.at,
        "derivation": due.derivation[:LONGEST],
        "provisional": due.provisional,
        "basis": due.basis,
    }
