"""Reminders and escalations: one rung at a time up a ladder, each letter once, a long delay no storm."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.base import table
from models.database import transaction
from models.deadline import Deadline
from models.organization import Organization
from models.sql import Sql, bind
from models.vocabulary import DeadlineKind, LetterKind, Role, Thing
from workflows import letters
from workflows.rules.calendar import local_date, working_days_between

if TYPE_CHECKING:
    from models.database import Store

_D, _O = table(Deadline).c, table(Organization).c
BATCH = 500


class Rung(NamedTuple):
    """A letter some days before (negative) or after the due moment, to the owner or the tier above."""

    days: int
    template: str
    up: bool = False


_USUAL = (
    Rung(-2, "deadline_before"),
    Rung(0, "deadline_at"),
    Rung(1, "deadline_overdue"),
    Rung(3, "deadline_escalated", up=True),
)
_REPORT = (
    Rung(-14, "deadline_before"),
    Rung(-7, "deadline_before"),
    Rung(-1, "deadline_before"),
    Rung(3, "deadline_overdue"),
    Rung(15, "assessment_written_notice"),
    Rung(16, "deadline_escalated", up=True),
)
LADDERS: dict[DeadlineKind, tuple[Rung, ...]] = {
    DeadlineKind.SUBMISSION: (Rung(-7, "deadline_before"), Rung(-1, "deadline_before")),
    DeadlineKind.CORRECTION: (Rung(-1, "deadline_before"),),
    DeadlineKind.RESERVE_END: (),
    DeadlineKind.NOTICE_END: (Rung(0, "notice_ended"), Rung(3, "deadline_overdue")),
    DeadlineKind.ASSESSMENT_REPORT: _REPORT,
    DeadlineKind.REVIEW: _USUAL,
    DeadlineKind.OBJECTION_ANSWER: _USUAL,
    DeadlineKind.SETTLEMENT: _USUAL,
    DeadlineKind.NOTICE_DUE: _USUAL,
    DeadlineKind.DECISION: _USUAL,
    DeadlineKind.ASSESSMENT_GRADE: _USUAL,
    DeadlineKind.RECTIFICATION: _USUAL,
}

# What a title's holder owes; everything else lies on a reviewer's desk.
_HOLDERS = (DeadlineKind.ASSESSMENT_REPORT, DeadlineKind.RECTIFICATION)

_FIRE: Sql[None] = Sql(
    sa.update(table(Deadline))
    .where(_D.closed_at.is_(None), _D.fired_at.is_(None), _D.due_at <= bind("now", _D.due_at))
    .values(fired_at=bind("now", _D.due_at))
)
_DUE_RUNG = sa.select(_D.id).where(
    _D.closed_at.is_(None),
    _D.kind == bind("of_kind", _D.kind),
    _D.rung < bind("below", _D.rung),
    _D.due_at <= bind("by", _D.due_at),
    _D.due_at > bind("since", _D.due_at),
)
_CLIMB: Sql[Deadline] = Sql(
    sa.update(table(Deadline))
    .where(_D.id.in_(_DUE_RUNG.order_by(_D.due_at, _D.id).limit(BATCH).with_for_update(skip_locked=True)))
    .values(rung=bind("rung", _D.rung))
    .returning(table(Deadline)),
    Deadline,
)
_ABOVE: Sql[str] = Sql(sa.select(_O.parent).where(_O.code == bind("code", _O.code)))
# A rung older than this is history: an old database restored must not write a storm of letters.
_TOO_OLD = timedelta(days=60)


def fire() -> int:
    """Mark what is past its moment; overdue lists and counts read this mark."""
    with transaction() as store:
        return store.run(_FIRE, now=store.now)


def remind() -> int:
    """Write the letters of every rung reached; of a ladder slept through, only the last one."""
    return sum(
        _climb(kind, number, rung)
        for kind, ladder in LADDERS.items()
        for number, rung in reversed([*enumerate(ladder, start=1)])
    )


def _climb(kind: DeadlineKind, number: int, rung: Rung) -> int:
    done = 0
    while True:
        with transaction() as store:
            by = store.now - timedelta(days=rung.days)
            rows = store.all(_CLIMB, of_kind=kind, below=number, by=by, since=by - _TOO_OLD, rung=number)
            _write(store, rows, rung, number)
        done += len(rows)
        if len(rows) < BATCH:
            return done


def _write(store: Store, rows: list[Deadline], rung: Rung, number: int) -> None:
    for row in rows:
        params = _params(store, row)
        letter = f"{row.id}-{number}"
        kind = LetterKind.ACTION
        if row.account_id is not None and not rung.up:
            letters.to_people(store, letter, [row.account_id], rung.template, params, kind, row.thing_id)
        desk = store.first(_ABOVE, code=row.desk) if rung.up and row.desk else row.desk
        role = Role.CLERK if row.kind in _HOLDERS and not rung.up else Role.REVIEWER
        letters.to_desk(store, letter, desk, rung.template, params, kind, row.thing_id, role)


def _params(store: Store, row: Deadline) -> dict[str, Any]:
    days = abs(working_days_between(local_date(store.now), local_date(row.due_at)))
    return {"what": row.kind.value, "due_at": row.due_at.isoformat(), "days": days,
            "organization": row.desk, "notice": row.thing_id if row.thing is Thing.NOTICE else None}  # fmt: skip
