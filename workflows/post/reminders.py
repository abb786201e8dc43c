"""Reminders and escalations: one rung at a time up a ladder, each letter once, a long delay no storm."""

from __future__ import annotations

from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.base import table
from models.database import reading, transaction
from models.deadline import Deadline
from models.office import Countersign, Signer
from models.organization import Organization
from models.sql import Sql, bind
from models.title import Assessment, Title
from models.vocabulary import AssessmentKind, CountersignState, DeadlineKind, LetterKind, Role, Thing
from workflows.post import letters
from workflows.programmes import programme_of
from workflows.rules.calendar import local_date, working_days_between
from workflows.rules.grading import rules_of

if TYPE_CHECKING:
    from models.database import Store
    from models.programme import AssessmentRule

_D, _O, _A, _T, _K, _G = (table(m).c for m in (Deadline, Organization, Assessment, Title, Countersign, Signer))
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
LADDERS: dict[DeadlineKind, tuple[Rung, ...]] = {
    DeadlineKind.SUBMISSION: (Rung(-7, "deadline_before"), Rung(-1, "deadline_before")),
    DeadlineKind.CORRECTION: (Rung(-1, "deadline_before"),),
    DeadlineKind.RESERVE_END: (),
    DeadlineKind.NOTICE_END: (Rung(0, "notice_ended"), Rung(3, "deadline_overdue")),
    DeadlineKind.REVIEW: _USUAL,
    DeadlineKind.OBJECTION_ANSWER: _USUAL,
    DeadlineKind.SETTLEMENT: _USUAL,
    DeadlineKind.NOTICE_DUE: _USUAL,
    DeadlineKind.DECISION: _USUAL,
    DeadlineKind.ASSESSMENT_GRADE: _USUAL,
    DeadlineKind.RECTIFICATION: _USUAL,
    DeadlineKind.SUCCESSION: _USUAL,
    DeadlineKind.SCREENING: _USUAL,
    DeadlineKind.FIRST_LIST: _USUAL,
    DeadlineKind.APPEAL_END: (),
    DeadlineKind.PANEL: (Rung(-2, "deadline_before"), Rung(0, "deadline_at"), Rung(1, "deadline_overdue")),
    # Who has not signed is reminded, then the desk above is told; silence is nobody's yes.
    DeadlineKind.COUNTERSIGN: (
        Rung(-1, "deadline_before"),
        Rung(0, "deadline_at"),
        Rung(1, "deadline_overdue"),
        Rung(3, "deadline_escalated", up=True),
    ),
    # The sweep ends a hold on its day.
    DeadlineKind.HOLD_END: (Rung(-2, "deadline_before"),),
    DeadlineKind.SUBSIDY_STAGE: _USUAL,
    DeadlineKind.SUBSIDY_STEP: _USUAL,
    DeadlineKind.SUBSIDY_REPORT: _USUAL,
    DeadlineKind.TITLE_END: (Rung(-30, "deadline_before"), Rung(3, "deadline_overdue")),
}
# What a report is asked for with: its ladder stands in the programme.
REPORTS = {
    DeadlineKind.ASSESSMENT_REPORT: AssessmentKind.YEARLY,
    DeadlineKind.ACCEPTANCE: AssessmentKind.ACCEPTANCE,
    DeadlineKind.RECONFIRMATION: AssessmentKind.RECONFIRMATION,
}

# What a title's holder owes, and what lies on its desk or on the deciding union's in turn.
_HOLDERS = (*REPORTS, DeadlineKind.RECTIFICATION)
_IN_TURN = (
    DeadlineKind.SUCCESSION, DeadlineKind.SUBSIDY_STAGE, DeadlineKind.SUBSIDY_STEP, DeadlineKind.SUBSIDY_REPORT,
)  # fmt: skip
_UNIT_CODE = 18

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


def _climbing(due: sa.Select[Any]) -> Sql[Deadline]:
    return Sql(
        sa.update(table(Deadline))
        .where(_D.id.in_(due.order_by(_D.due_at, _D.id).limit(BATCH).with_for_update(key_share=True, skip_locked=True)))
        .values(rung=bind("rung", _D.rung))
        .returning(table(Deadline)),
        Deadline,
    )


_under = _T.programme == bind("programme", _T.programme)
_of_programme = sa.select(_A.id).join(table(Title), _T.id == _A.title_id).where(_under)
_CLIMB = _climbing(_DUE_RUNG)
_CLIMB_REPORTS = _climbing(_DUE_RUNG.where(_D.thing_id.in_(_of_programme)))
_open_report = (_D.thing_id == _A.id) & _D.closed_at.is_(None) & _D.kind.in_(tuple(REPORTS))
_PROGRAMMES: Sql[str] = Sql(
    sa.select(_T.programme)
    .join_from(table(Deadline), table(Assessment), _open_report)
    .join(table(Title), _T.id == _A.title_id)
    .distinct()
    .order_by(_T.programme)
)


class _Year(NamedTuple):
    """Of which year an assessment is."""

    id: str
    year: int


_YEARS: Sql[_Year] = Sql(
    sa.select(_A.id, _A.year)
    .join_from(table(Deadline), table(Assessment), _open_report)
    .join(table(Title), _T.id == _A.title_id)
    .where(_under, _D.rung == bind("rung", _D.rung)),
    _Year,
)
_TO_SIGN: Sql[str] = Sql(
    sa.select(_G.account_id)
    .join_from(table(Signer), table(Countersign), _K.id == _G.countersign_id)
    .where(
        _K.application_id == bind("of", _K.application_id),
        _K.state == CountersignState.OPEN,
        _G.vote.is_(None),
        _G.dropped_at.is_(None),
    )
    .order_by(_G.account_id)
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
    with reading() as store:
        versions = {one: rules_of(programme_of(store, one)) for one in store.all(_PROGRAMMES)}
    done = sum(_climb_all(kind, ladder) for kind, ladder in LADDERS.items())
    return done + sum(
        _climb_all(kind, ladder_of(rules[asked]), programme)
        for programme, rules in versions.items()
        for kind, asked in REPORTS.items()
        if asked in rules
    )


def ladder_of(rule: AssessmentRule) -> tuple[Rung, ...]:
    """The reminders of a report as the programme has them: before, after, the written notice, the tier above.

    Days are calendar days from the due moment (`remind_before`, `remind_after`, `written_notice_after`).
    """
    before = [Rung(-days, "deadline_before") for days in rule.remind_before]
    after = [Rung(days, "deadline_overdue") for days in rule.remind_after]
    written = rule.written_notice_after
    last = [Rung(written, "assessment_written_notice"), Rung(written + 1, "deadline_escalated", up=True)]
    return tuple(sorted(chain(before, after, last), key=lambda rung: rung.days))


def _climb_all(kind: DeadlineKind, ladder: tuple[Rung, ...], programme: str | None = None) -> int:
    return sum(_climb(kind, n, rung, programme) for n, rung in reversed([*enumerate(ladder, start=1)]))


def _climb(kind: DeadlineKind, number: int, rung: Rung, programme: str | None) -> int:
    done = 0
    while True:
        with transaction() as store:
            by = store.now - timedelta(days=rung.days)
            moments = {"of_kind": kind, "below": number, "by": by, "since": by - _TOO_OLD, "rung": number}
            if programme is None:
                rows, years = store.all(_CLIMB, **moments), {}
            else:
                rows = store.all(_CLIMB_REPORTS, programme=programme, **moments)
                years = {y.id: y.year for y in store.all(_YEARS, programme=programme, rung=number)} if rows else {}
            _write(store, rows, rung, number, years)
        done += len(rows)
        if len(rows) < BATCH:
            return done


def _write(store: Store, rows: list[Deadline], rung: Rung, number: int, years: dict[str, int]) -> None:
    for row in rows:
        params = _params(store, row) | ({"year": years[row.thing_id]} if row.thing_id in years else {})
        letter = f"{row.id}-{number}"
        kind = LetterKind.ACTION
        if row.kind is DeadlineKind.COUNTERSIGN and not rung.up:
            # The signers owe it, wherever they sit.
            letters.to_people(store, letter, store.all(_TO_SIGN, of=row.thing_id), rung.template, params, kind,
                              row.thing_id)  # fmt: skip
            continue
        if row.account_id is not None and not rung.up:
            letters.to_people(store, letter, [row.account_id], rung.template, params, kind, row.thing_id)
        desk = store.first(_ABOVE, code=row.desk) if rung.up and row.desk else row.desk
        role = Role.CLERK if _is_the_holders(row) and not rung.up else Role.REVIEWER
        letters.to_desk(store, letter, desk, rung.template, params, kind, row.thing_id, role)


def _is_the_holders(row: Deadline) -> bool:
    """Whether a unit owes it: its clerks are told, not reviewers."""
    return row.kind in _HOLDERS or (row.kind in _IN_TURN and len(row.desk or "") == _UNIT_CODE)


def _params(store: Store, row: Deadline) -> dict[str, Any]:
    days = abs(working_days_between(local_date(store.now), local_date(row.due_at)))
    return {"what": row.kind.value, "due_at": row.due_at.isoformat(), "days": days,
            "organization": row.desk, "notice": row.thing_id if row.thing is Thing.NOTICE else None}  # fmt: skip
