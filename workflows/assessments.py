"""Yearly assessments: reported by the holder, graded as a batch under the cap, rectified, re-checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.base import table
from models.database import transaction
from models.errors import InputError, RefusedError
from models.sql import Sql, bind
from models.title import Assessment, Title
from models.vocabulary import Act, AssessmentState, DeadlineKind, Grade, LetterKind, TitleState
from workflows import due
from workflows.charts.strict import Facts
from workflows.claiming import claim, hold, look, seen_of
from workflows.journal import move
from workflows.organizations import queue_at
from workflows.programmes import programme_of
from workflows.rules import grading, ranking
from workflows.rules.calendar import local_date, months_after
from workflows.titles import tell_holder
from workflows.verb import not_done_yet, verb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.database import Store
    from models.journal import Event
    from models.programme import AssessmentRule
    from workflows.acting import Actor
    from workflows.moves import Due
    from workflows.rules.grading import Graded

_A, _T = table(Assessment).c, table(Title).c
_EXCELLENT: Sql[int] = Sql(
    sa.select(sa.func.count())
    .select_from(table(Assessment))
    .join(table(Title), _T.id == _A.title_id)
    .where(
        _A.year == bind("year", _A.year),
        _A.decider == bind("decider", _A.decider),
        _A.grade == Grade.EXCELLENT,
        _T.programme_code == bind("code", _T.programme_code),
    )
)
_FIELDS = {"assessment", "seen", "score", "remark"}
_DAYS_TO_DECIDE = 20
_LONGEST = 8000


class Result(NamedTuple):
    """One line of a grading list."""

    row: Assessment
    score: int
    remark: str


@verb("report")
def report(actor: Actor, assessment_id: str, *, text: str, seen: int, key: str | None = None) -> Assessment:
    """Hand in a title's yearly report."""
    if not text.strip() or len(text) > _LONGEST:
        raise InputError("words_missing" if not text.strip() else "too_long", field="text", most=_LONGEST)
    with transaction() as store:
        row, who = claim(store, actor, Act.REPORT, Assessment, assessment_id, seen=seen, key=key)
        title = look(store, Title, row.title_id)
        if title.state in (TitleState.ENDED, TitleState.REVOKED):
            raise RefusedError("title_over", number=title.number)
        rule = _rule(store, title)
        limit = due.within(DeadlineKind.ASSESSMENT_GRADE, rule.grade_days, store.now, row.decider)
        return move(store, who, Act.REPORT, row, key=key, report=text.strip(), reported_at=store.now, due=limit)


def _assessed(store: Store, event: Event) -> list[Assessment]:
    return [look(store, Assessment, one) for one in event.body["together"]]


@verb("assess", answer=_assessed)
def assess(actor: Actor, *, results: list[dict[str, Any]], tie: str = "", key: str | None = None) -> list[Assessment]:
    """Grade reported assessments of one year together; each item `{assessment, seen, score, remark}`.

    Excellent goes to the best up to the programme's cap, the rest above the mark are qualified with
    a note. A tie across the cap needs `tie`, the meeting's words; the list's order then stands.
    """
    with transaction() as store:
        not_done_yet(store, actor, key)
        listed, who = _listed(store, actor, results, key)
        first = look(store, Title, listed[0].row.title_id)
        rule = _rule(store, first)
        ranked = sorted(listed, key=lambda result: -result.score)
        free = _free(store, rule, first, listed[0].row.year)
        cut = grading.tie_at_cap(rule, ranked, free)
        if cut is not None and not tie.strip():
            raise RefusedError("tie_at_line", first=cut.first, last=cut.last, line=free,
                               score=f"{cut.score / 100:.2f}", criteria=[])  # fmt: skip
        grades = grading.graded(rule, ranked, free)
        together = [result.row.id for result in ranked]
        return [_grade(store, who, rule, result, grade, {"tie": tie, "together": together}, key if i == 0 else None)
                for i, (result, grade) in enumerate(zip(ranked, grades, strict=True))]  # fmt: skip


@verb("rectify")
def rectify(actor: Actor, assessment_id: str, *, reason: str, seen: int, key: str | None = None) -> Assessment:
    """Order a rectification: no report came, or what came will not do."""
    if not reason.strip():
        raise InputError("reason_missing", field="reason")
    with transaction() as store:
        _hold_titles(store, [assessment_id])
        row, who = claim(store, actor, Act.RECTIFY, Assessment, assessment_id, seen=seen, key=key)
        title = hold(store, Title, row.title_id)
        limit = _rectification(store, _rule(store, title), title)
        moved = move(store, who, Act.RECTIFY, title, body={"reason": reason})
        tell_holder(store, moved, "rectify", LetterKind.ACTION, reason=reason, due_at=limit.at.isoformat())
        return move(store, who, Act.RECTIFY, row, key=key, grade=Grade.RECTIFY, graded_at=store.now,
                    remark=reason[:1000], due=limit, body={"reason": reason})  # fmt: skip


@verb("recheck")
def recheck(
    actor: Actor, assessment_id: str, *, score: str, seen: int, remark: str = "", key: str | None = None
) -> Assessment:
    """Check once more after a rectification. A second fail waits for a decision to revoke."""
    points = _points(score)
    with transaction() as store:
        _hold_titles(store, [assessment_id])
        row, who = claim(store, actor, Act.RECHECK, Assessment, assessment_id, seen=seen, key=key)
        title = hold(store, Title, row.title_id)
        passed = grading.band(_rule(store, title), points) is not Grade.RECTIFY
        facts = Facts(passed=passed)
        grade = Grade.QUALIFIED if passed else Grade.RECTIFY
        limit = None if passed else due.within(DeadlineKind.DECISION, _DAYS_TO_DECIDE, store.now, row.decider)
        moved = move(store, who, Act.RECHECK, title, facts=facts, due=limit, body={"score": points})
        tell_holder(store, moved, "rechecked", grade=grade.value)
        return move(store, who, Act.RECHECK, row, key=key, facts=facts, score=points, grade=grade,
                    remark=remark, graded_at=store.now, body={"score": points})  # fmt: skip


def _listed(
    store: Store, actor: Actor, results: Sequence[dict[str, Any]], key: str | None
) -> tuple[list[Result], Actor]:
    if not results:
        raise InputError("slate_empty", field="results")
    listed, who = [], actor
    _hold_titles(store, [str(item.get("assessment")) for item in results])
    for item in results:
        if unknown := sorted(set(item) - _FIELDS):
            raise InputError("unknown_field", field=unknown[0], known=sorted(_FIELDS))
        row, who = claim(store, actor, Act.ASSESS, Assessment, str(item.get("assessment")),
                         seen=seen_of(item.get("seen")), key=key)  # fmt: skip
        if row.state is not AssessmentState.REPORTED:
            raise RefusedError("not_reported_yet", assessment=row.id, state=row.state.value)
        listed.append(Result(row, _points(item.get("score")), str(item.get("remark", ""))[:1000]))
    if twice := [r.row.id for i, r in enumerate(listed) if r.row in [x.row for x in listed[:i]]]:
        raise InputError("listed_twice", field="results", given=twice[0])
    if len({result.row.year for result in listed}) > 1:
        raise InputError("one_year", field="results")
    _require_one_decider(store, listed)
    return listed, who


def _require_one_decider(store: Store, listed: Sequence[Result]) -> None:
    """One list, one programme, one deciding union: the cap is theirs."""
    titles = [look(store, Title, result.row.title_id) for result in listed]
    if len({(title.decider, title.programme_code) for title in titles}) > 1:
        raise InputError("one_decider", field="results")


def _hold_titles(store: Store, assessments: Sequence[str]) -> None:
    """Titles before their assessments, in the order of their ids: as every verb that takes both."""
    for title_id in sorted({look(store, Assessment, one).title_id for one in assessments}):
        hold(store, Title, title_id)


def _points(score: Any) -> int:
    try:
        points = ranking.hundredths(score)
    except ValueError as error:
        raise InputError("score", field="score", given=str(score)[:20]) from error
    if points is None:
        raise InputError("score", field="score", given="")
    return points


def _rule(store: Store, title: Title) -> AssessmentRule:
    rule = programme_of(store, title.programme).assessment
    if rule is None:
        raise RefusedError("no_assessment", number=title.number)
    return rule


def _free(store: Store, rule: AssessmentRule, title: Title, year: int) -> int | None:
    """How many may still be excellent this year under this union's cap."""
    if rule.excellent_cap is None:
        return None
    queue_at(store, title.decider)
    given = store.first(_EXCELLENT, year=year, decider=title.decider, code=title.programme_code) or 0
    return max(0, rule.excellent_cap - given)


def _grade(
    store: Store,
    who: Actor,
    rule: AssessmentRule,
    result: Result,
    graded: Graded,
    told: dict[str, Any],
    key: str | None,
) -> Assessment:
    title = hold(store, Title, result.row.title_id)
    passed = graded.grade is not Grade.RECTIFY
    limit = None if passed else _rectification(store, rule, title)
    body = {"score": result.score, "grade": graded.grade.value, "tie": told["tie"]}
    moved = move(store, who, Act.ASSESS, title, facts=Facts(passed=passed), body=body)
    if limit is None:
        tell_holder(store, moved, "assessment_graded", year=result.row.year, grade=graded.grade.value)
    else:
        tell_holder(store, moved, "rectify", LetterKind.ACTION, reason=result.remark, due_at=limit.at.isoformat())
    return move(
        store, who, Act.ASSESS, result.row, key=key, facts=Facts(passed=passed), due=limit, body=body | told,
        score=result.score, grade=graded.grade, met_mark=graded.met_mark, remark=result.remark, graded_at=store.now,
    )  # fmt: skip


def _rectification(store: Store, rule: AssessmentRule, title: Title) -> Due:
    """Three months by default, to the same day of the month (Civil Code arts. 202, 203)."""
    end = months_after(local_date(store.now), rule.rectify_months, roll=True, calendar=due.current())
    return due.on(DeadlineKind.RECTIFICATION, end, desk=title.organization)
