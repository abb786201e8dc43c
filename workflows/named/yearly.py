"""Assessments begun by the clock: each year's, an acceptance once, a re-confirmation before the term is out.

Only a title in force takes one on, so two are never open at once: the next begins when the last is over.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from models.base import table
from models.database import reading, transaction
from models.sql import Sql, bind
from models.title import Assessment, Title
from models.vocabulary import Act, AssessmentKind, AssessmentState, DeadlineKind, LetterKind, Thing, TitleState
from workflows.clocks import aside, due
from workflows.named.holders import tell_holders
from workflows.programmes import programme_of
from workflows.record.acting import SYSTEM
from workflows.record.journal import found_all, move_all
from workflows.record.moves import Change
from workflows.rules.calendar import local_date, months_after
from workflows.rules.grading import named_before, rules_of

if TYPE_CHECKING:
    from models.database import Store
    from models.programme import AssessmentRule, Programme
    from workflows.record.moves import Due

_T, _A = table(Title).c, table(Assessment).c
BATCH, STEP = aside.BATCH, "assessments_started"
_AT_LEAST = 10
# A re-confirmation begins so many months before the term is out, where the programme names no month.
_MONTHS_BEFORE = 3
# A single one comes first: its day is fixed, a year's report can wait.
_ORDER = (AssessmentKind.RECONFIRMATION, AssessmentKind.ACCEPTANCE, AssessmentKind.YEARLY)
_REPORTS = {
    AssessmentKind.YEARLY: DeadlineKind.ASSESSMENT_REPORT,
    AssessmentKind.ACCEPTANCE: DeadlineKind.ACCEPTANCE,
    AssessmentKind.RECONFIRMATION: DeadlineKind.RECONFIRMATION,
}
_PROGRAMMES: Sql[str] = Sql(
    sa.select(_T.programme).where(_T.state == TitleState.VALID).distinct().order_by(_T.programme)
)


def _waiting(*clauses: sa.ColumnElement[bool]) -> aside.Line[Title]:
    return aside.line(
        STEP,
        Title,
        sa.select(table(Title))
        .where(
            _T.state == TitleState.VALID,
            _T.programme == bind("programme", _T.programme),
            _T.id > bind("after", _T.id),
            *clauses,
        )
        .order_by(_T.id)
        .with_for_update(key_share=True, skip_locked=True),
        Thing.TITLE,
    )


def _had(kind: AssessmentKind, *clauses: sa.ColumnElement[bool]) -> sa.Exists:
    return sa.exists().where(_A.title_id == _T.id, _A.kind == kind, *clauses)


# A title whose term is out takes on nothing new, whatever the sweep has not come to yet.
_NAMED_BY = (_T.named_on <= bind("by", _T.named_on)) & (
    _T.valid_until.is_(None) | (_T.valid_until >= bind("today", _T.named_on))
)
_WAITING: dict[AssessmentKind, aside.Line[Title]] = {
    AssessmentKind.YEARLY: _waiting(_NAMED_BY, ~_had(AssessmentKind.YEARLY, _A.year == bind("year", _A.year))),
    AssessmentKind.ACCEPTANCE: _waiting(_NAMED_BY, ~_had(AssessmentKind.ACCEPTANCE)),
    # A re-confirmation that passed has moved the last day on.
    AssessmentKind.RECONFIRMATION: _waiting(_T.valid_until <= bind("by", _T.named_on)),
}


def start_assessments() -> int:
    """Start whatever assessment a valid title has come to, programme by programme; answers how many.

    Last year's of every title not exempt (`exempt_named_after`: one named late in the year is not
    assessed for it); an acceptance on the day after `after_months` whole months since the naming; a
    re-confirmation the day after `after_months` of the running term, or three months before its last day.
    """
    with reading() as store:
        versions = store.all(_PROGRAMMES)
    return aside.each(STEP, versions, lambda programme: sum(_start_all(programme, kind) for kind in _ORDER))


def _start_all(programme: str, kind: AssessmentKind) -> int:
    done, after = 0, ""
    while True:
        with transaction() as store:
            rules, today = programme_of(store, programme), local_date(store.now)
            if kind not in rules_of(rules) or (found := _reached(rules, kind, today)) is None:
                return done
            act = partial(_start, store, rules, kind, today)
            one = aside.batch(store, _WAITING[kind], act, programme=programme, after=after, now=store.now, **found)
        done += one.done
        if one.found < BATCH:
            return done
        after = one.last


def _reached(rules: Programme, kind: AssessmentKind, today: date) -> dict[str, Any] | None:
    """Which titles have come to this assessment: the last naming day, or last day of a term, that counts."""
    rule = rules_of(rules)[kind]
    match kind:
        case AssessmentKind.YEARLY:
            year = today.year - 1
            month, day = map(int, (rule.exempt_named_after or "12-31").split("-"))
            return {"by": date(year, month, day), "year": year, "today": today}
        case AssessmentKind.ACCEPTANCE:
            return {"by": named_before(today, rule.after_months), "today": today} if rule.after_months else None
        case AssessmentKind.RECONFIRMATION:
            return {"by": _last_day_reached(rules, rule, today)} if rules.title.years else None


def _last_day_reached(rules: Programme, rule: AssessmentRule, today: date) -> date:
    """The last day of the terms whose re-confirmation is to begin by today."""
    whole = 12 * (rules.title.years or 1)
    begun = named_before(today, rule.after_months or whole - _MONTHS_BEFORE)
    return months_after(begun, whole).last_day


def _start(store: Store, rules: Programme, kind: AssessmentKind, today: date, rows: list[Title]) -> int:
    rule = rules_of(rules)[kind]
    found_all(store, SYSTEM, Act.START, Assessment, [_assessment(rule, kind, row, today) for row in rows])
    moved = move_all(store, SYSTEM, Act.START, [
        Change(row, body={"year": _year(kind, row, today), "kind": kind.value}) for row in rows
    ])  # fmt: skip
    template = "assessment_due" if kind is AssessmentKind.YEARLY else "single_due"
    tell_holders(store, moved, template, LetterKind.ACTION, told=lambda title: {
        "year": _year(kind, title, today), "task": kind.value,
        "due_at": _due(rule, kind, title, today).at.isoformat(),
    })  # fmt: skip
    return len(rows)


def _year(kind: AssessmentKind, row: Title, today: date) -> int:
    """The year an assessment is of: the one before, the one it opens in, or the one the term ends in."""
    if kind is AssessmentKind.RECONFIRMATION and row.valid_until is not None:
        return row.valid_until.year
    return today.year - (kind is AssessmentKind.YEARLY)


def _assessment(
    rule: AssessmentRule, kind: AssessmentKind, row: Title, today: date
) -> tuple[dict[str, Any], dict[str, Any], Due | None]:
    year = _year(kind, row, today)
    columns = {"title_id": row.id, "organization": row.organization, "decider": row.decider, "kind": kind,
               "year": year, "state": AssessmentState.DUE}  # fmt: skip
    return columns, {"year": year, "kind": kind.value}, _due(rule, kind, row, today)


def _due(rule: AssessmentRule, kind: AssessmentKind, row: Title, today: date) -> Due:
    """The printed day, or two weeks from now for a title that comes to it late; a single one has its days."""
    last = due.span(today, rule.report_days)
    if kind is AssessmentKind.YEARLY and rule.report_due is not None:
        month, day = map(int, rule.report_due.split("-"))
        printed = due.rolled(date(today.year, month, day))
        last = max(printed, due.span(today, _AT_LEAST), key=lambda span: span.last_day)
    return due.on(_REPORTS[kind], last, desk=row.organization)
