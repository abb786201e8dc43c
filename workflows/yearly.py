"""Each year's assessments, started for every valid title when the year is over."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from models.base import table
from models.database import transaction
from models.sql import Sql, bind
from models.title import Assessment, Title
from models.vocabulary import Act, AssessmentState, DeadlineKind, LetterKind, TitleState
from workflows import due
from workflows.acting import SYSTEM
from workflows.journal import found_all, move_all
from workflows.moves import Change
from workflows.programmes import programme_of
from workflows.rules.calendar import local_date, roll
from workflows.titles import tell_holder

if TYPE_CHECKING:
    from models.database import Store
    from models.programme import AssessmentRule
    from workflows.moves import Due

_T, _A = table(Title).c, table(Assessment).c
BATCH = 500
_AT_LEAST = 10
_WAITING: Sql[Title] = Sql(
    sa.select(table(Title))
    .where(
        _T.state == TitleState.VALID,
        _T.id > bind("after", _T.id),
        _T.named_on < bind("before", _T.named_on),
        ~sa.exists().where(_A.title_id == _T.id, _A.year == bind("year", _A.year)),
    )
    .order_by(_T.id)
    .limit(BATCH)
    .with_for_update(skip_locked=True),
    Title,
)


def start_assessments() -> int:
    """Start last year's assessment of every valid title that is not exempt.

    A title named late in the year (`exempt_named_after`) is not assessed for that year.
    """
    done, after = 0, ""
    while True:
        with transaction() as store:
            year = local_date(store.now).year - 1
            rows = store.all(_WAITING, after=after, year=year, before=date(year + 1, 1, 1))
            done += _start(store, [row for row in rows if _is_assessed(store, row, year)], year)
        if len(rows) < BATCH:
            return done
        after = rows[-1].id


def _is_assessed(store: Store, row: Title, year: int) -> bool:
    rule = programme_of(store, row.programme).assessment
    if rule is None:
        return False
    if rule.exempt_named_after is None:
        return True
    month, day = map(int, rule.exempt_named_after.split("-"))
    return row.named_on <= date(year, month, day)


def _start(store: Store, rows: list[Title], year: int) -> int:
    if not rows:
        return 0
    found_all(store, SYSTEM, Act.START, Assessment, [_assessment(store, row, year) for row in rows])
    moved = move_all(store, SYSTEM, Act.START, [Change(row, body={"year": year}) for row in rows])
    for title in moved:
        rule = programme_of(store, title.programme).assessment
        if rule is not None:
            at = _due(rule, title, year, local_date(store.now)).at.isoformat()
            tell_holder(store, title, "assessment_due", LetterKind.ACTION, year=year, due_at=at)
    return len(rows)


def _assessment(store: Store, row: Title, year: int) -> tuple[dict[str, Any], dict[str, Any], Due | None]:
    rule = programme_of(store, row.programme).assessment
    columns = {"title_id": row.id, "organization": row.organization, "decider": row.decider, "year": year,
               "state": AssessmentState.DUE}  # fmt: skip
    return columns, {"year": year}, _due(rule, row, year, local_date(store.now)) if rule else None


def _due(rule: AssessmentRule, row: Title, year: int, today: date) -> Due:
    """The printed day, or two weeks from now for a title that comes to it late."""
    month, day = map(int, rule.report_due.split("-"))
    printed = roll(date(year + 1, month, day), calendar=due.current())
    last = max(printed, due.span(today, _AT_LEAST), key=lambda span: span.last_day)
    return due.on(DeadlineKind.ASSESSMENT_REPORT, last, desk=row.organization)
