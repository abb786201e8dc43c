"""Assessments: reported by the holder, graded as a batch under the cap, rectified, re-checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.base import table
from models.database import transaction
from models.errors import InputError, RefusedError
from models.sql import Sql, bind
from models.title import Assessment, Title
from models.vocabulary import Act, AssessmentKind, AssessmentState, DeadlineKind, Grade, LetterKind, TitleState
from workflows.charts.strict import Facts
from workflows.clocks import deadlines, due
from workflows.deciding import gates
from workflows.named import holders, terms
from workflows.people.organizations import queue_at
from workflows.programmes import programme_of
from workflows.record.claiming import claim, hold, look, seen_of
from workflows.record.journal import move
from workflows.record.verb import not_done_yet, verb
from workflows.rules import grading, ranking
from workflows.rules.calendar import local_date
from workflows.rules.characters import within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.database import Store
    from models.journal import Event
    from models.programme import AssessmentRule, Programme
    from workflows.record.acting import Actor
    from workflows.record.moves import Due
    from workflows.rules.grading import Graded

_A, _T = table(Assessment).c, table(Title).c
_EXCELLENT: Sql[int] = Sql(
    sa.select(sa.func.count())
    .select_from(table(Assessment))
    .join(table(Title), _T.id == _A.title_id)
    .where(
        _A.year == bind("year", _A.year),
        _A.kind == bind("of_kind", _A.kind),
        _A.decider == bind("decider", _A.decider),
        _A.grade == Grade.EXCELLENT,
        _T.programme_code == bind("code", _T.programme_code),
    )
)
_FIELDS = {"assessment", "seen", "score", "scores", "remark"}
_DAYS_TO_DECIDE = 20
_LONGEST, _LONGEST_REMARK = 8000, 1000


class Result(NamedTuple):
    """One line of a grading list."""

    row: Assessment
    score: int
    remark: str
    scores: dict[str, Any]


@verb("report")
def report(actor: Actor, assessment_id: str, *, text: str, seen: int, key: str | None = None) -> Assessment:
    """Hand in a title's report; a decision that was due because none had come is due no more."""
    if not text.strip() or len(text) > _LONGEST:
        raise InputError("words_missing" if not text.strip() else "too_long", field="text", most=_LONGEST)
    with transaction() as store:
        row, who = claim(store, actor, Act.REPORT, Assessment, assessment_id, seen=seen, key=key)
        title = look(store, Title, row.title_id)
        if title.state in (TitleState.ENDED, TitleState.REVOKED):
            raise RefusedError("title_over", number=title.number)
        rule = _rule(programme_of(store, title.programme), title, row.kind)
        limit = due.within(DeadlineKind.ASSESSMENT_GRADE, rule.grade_days, store.now, row.decider)
        deadlines.close(store, title.id, DeadlineKind.DECISION)
        return move(store, who, Act.REPORT, row, key=key, report=text.strip(), reported_at=store.now, due=limit)


def _assessed(store: Store, event: Event) -> list[Assessment]:
    return [look(store, Assessment, one) for one in event.body["together"]]


@verb("assess", answer=_assessed)
def assess(actor: Actor, *, results: list[dict[str, Any]], tie: str = "", key: str | None = None) -> list[Assessment]:
    """Grade reported assessments of one kind and year together.

    Each item is `{assessment, seen, score, remark}`; `scores`, by criterion, may stand for `score`.
    Each is graded by the version its title is pinned to; excellent goes to the best up to the programme's
    cap (the newest version's of the list), the rest above the mark are qualified with a note.
    A tie across the cap needs `tie`, the meeting's words; the list's order then stands.
    """
    with transaction() as store:
        not_done_yet(store, actor, key)
        listed, who = _listed(store, actor, results, key)
        ranked = sorted(listed, key=lambda result: -result.score)
        titles = [look(store, Title, result.row.title_id) for result in ranked]
        files = [programme_of(store, title.programme) for title in titles]
        rules = [_rule(file, title, listed[0].row.kind) for file, title in zip(files, titles, strict=True)]
        _, rule = max(zip(files, rules, strict=True), key=lambda pair: pair[0].version)
        free = _free(store, rule, titles[0], listed[0].row)
        cut = grading.tie_at_cap(rules, ranked, free)
        if cut is not None and not tie.strip():
            raise RefusedError("tie_at_line", first=cut.first, last=cut.last, line=free,
                               score=f"{cut.score / 100:.2f}", criteria=[], **rule.cited)  # fmt: skip
        grades = grading.graded(rules, ranked, free)
        told = {"tie": tie, "together": [result.row.id for result in ranked]}
        done = [_grade(store, who, file, result, grade, told, key if i == 0 else None)
                for i, (file, result, grade) in enumerate(zip(files, ranked, grades, strict=True))]  # fmt: skip
        _after(store, who, done)
        return [row for _, row in done]


@verb("rectify")
def rectify(actor: Actor, assessment_id: str, *, reason: str, seen: int, key: str | None = None) -> Assessment:
    """Order a rectification: no report came, or what came will not do. Raises RefusedError("no_rechecks")."""
    if not (reason := within("reason", reason, _LONGEST_REMARK)):
        raise InputError("reason_missing", field="reason")
    with transaction() as store:
        _hold_titles(store, [assessment_id])
        row, who = claim(store, actor, Act.RECTIFY, Assessment, assessment_id, seen=seen, key=key)
        title = hold(store, Title, row.title_id)
        rule = _rule(programme_of(store, title.programme), title, row.kind)
        if rule.rechecks == 0:
            raise RefusedError("no_rechecks", number=title.number, **rule.cited)
        limit = _rectification(store, rule, title)
        moved = move(store, who, Act.RECTIFY, title, body={"reason": reason})
        holders.tell_holder(store, moved, "rectify", LetterKind.ACTION, reason=reason, due_at=limit.at.isoformat())
        return move(store, who, Act.RECTIFY, row, key=key, grade=Grade.RECTIFY, graded_at=store.now,
                    remark=reason, due=limit, body={"reason": reason})  # fmt: skip


@verb("recheck")
def recheck(
    actor: Actor, assessment_id: str, *, score: str, seen: int, remark: str = "", key: str | None = None
) -> Assessment:
    """Check once more after a rectification. After the last chance a fail waits for a decision: no score revokes."""
    points = _points(score)
    with transaction() as store:
        _hold_titles(store, [assessment_id])
        row, who = claim(store, actor, Act.RECHECK, Assessment, assessment_id, seen=seen, key=key)
        title = hold(store, Title, row.title_id)
        rules = programme_of(store, title.programme)
        rule = _rule(rules, title, row.kind)
        found = grading.rechecked(rule, points)
        facts = Facts(passed=found.grade is not Grade.RECTIFY, owing=row.rechecked + 1 < rule.rechecks)
        again = _rectification(store, rule, title) if facts.owing and not facts.passed else None
        moved = _rechecked(store, who, rules, title, row.kind, found, facts, again)
        after = move(store, who, Act.RECHECK, row, key=key, facts=facts, due=again, score=points, grade=found.grade,
                     band=found.band, rechecked=row.rechecked + 1, remark=remark, graded_at=store.now,
                     body={"score": points})  # fmt: skip
        _after(store, who, [(moved, after)])
        return after


def _rechecked(
    store: Store, who: Actor, rules: Programme, title: Title, kind: AssessmentKind, found: Graded, facts: Facts,
    again: Due | None,
) -> Title:  # fmt: skip
    """The title after a re-check, and its holder told."""
    values, limit = terms.confirmed(rules, title, kind) if facts.passed else ({}, None)
    if not facts.passed and again is None:
        limit = due.within(DeadlineKind.DECISION, _DAYS_TO_DECIDE, store.now, title.decider)
    body = {"grade": found.grade.value, "band": found.band}
    moved = move(store, who, Act.RECHECK, title, facts=facts, due=limit, body=body, **values)
    if again is None:
        holders.tell_holder(store, moved, "rechecked", grade=found.grade.value)
    else:
        holders.tell_holder(store, moved, "rectify", LetterKind.ACTION, due_at=again.at.isoformat())
    return moved


def _after(store: Store, who: Actor, done: Sequence[tuple[Title, Assessment]]) -> None:
    """What a passed grade sets going, by the version each title is pinned to."""
    passed = [(title, row) for title, row in done if row.state in (AssessmentState.GRADED, AssessmentState.PASSED)]
    for programme in dict.fromkeys(title.programme for title, _ in passed):
        mine = [(title, row) for title, row in passed if title.programme == programme]
        gates.after_grading(store, who, programme_of(store, programme), [t for t, _ in mine], [a for _, a in mine])


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
        listed.append(_result(store, row, item))
    if twice := [r.row.id for i, r in enumerate(listed) if r.row in [x.row for x in listed[:i]]]:
        raise InputError("listed_twice", field="results", given=twice[0])
    if len({(result.row.year, result.row.kind) for result in listed}) > 1:
        raise InputError("one_year", field="results")
    # One programme and one deciding union: the cap is theirs.
    titles = [look(store, Title, result.row.title_id) for result in listed]
    if len({(title.decider, title.programme_code) for title in titles}) > 1:
        raise InputError("one_decider", field="results")
    return listed, who


def _result(store: Store, row: Assessment, item: dict[str, Any]) -> Result:
    """A line with its points: as given, or of the rubric's criteria; both must say the same."""
    given, scores = item.get("score"), item.get("scores") or {}
    if not isinstance(scores, dict):
        raise InputError("argument", field="scores", given=str(scores)[:60], expected="dict")
    if scores:
        title = look(store, Title, row.title_id)
        rule = _rule(programme_of(store, title.programme), title, row.kind)
        added = grading.total(rule.rubric, scores)
        if given not in (None, "") and _points(given) != _points(added):
            raise InputError("score_differs", field="score", given=str(given)[:20], added=added)
        given = added
    return Result(row, _points(given), within("remark", str(item.get("remark") or ""), _LONGEST_REMARK), scores)


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


def _rule(rules: Programme, title: Title, kind: AssessmentKind) -> AssessmentRule:
    rule = grading.rules_of(rules).get(kind)
    if rule is None:
        raise RefusedError("no_assessment", number=title.number)
    return rule


def _free(store: Store, rule: AssessmentRule, title: Title, row: Assessment) -> int | None:
    """How many may still be excellent in this kind and year under this union's cap."""
    if rule.excellent_cap is None:
        return None
    queue_at(store, title.decider)
    given = store.first(_EXCELLENT, year=row.year, of_kind=row.kind, decider=title.decider, code=title.programme_code)
    return max(0, rule.excellent_cap - (given or 0))


def _grade(
    store: Store, who: Actor, rules: Programme, result: Result, graded: Graded, told: dict[str, Any], key: str | None,
) -> tuple[Title, Assessment]:  # fmt: skip
    title, row = hold(store, Title, result.row.title_id), result.row
    rule = _rule(rules, title, row.kind)
    facts = Facts(passed=graded.grade is not Grade.RECTIFY, owing=rule.rechecks > 0)
    limit = _rectification(store, rule, title) if facts.owing and not facts.passed else None
    body = {"score": result.score, "grade": graded.grade.value, "band": graded.band, "tie": told["tie"]}
    moved = _assessed_title(store, who, rules, title, row.kind, facts, body)
    _tell_grade(store, moved, result, graded, limit)
    after = move(
        store, who, Act.ASSESS, row, key=key, facts=facts, due=limit,
        body=body | told | ({"scores": result.scores} if result.scores else {}), score=result.score,
        grade=graded.grade, band=graded.band, met_mark=graded.met_mark, remark=result.remark, graded_at=store.now,
    )  # fmt: skip
    return moved, after


def _assessed_title(
    store: Store, who: Actor, rules: Programme, title: Title, kind: AssessmentKind, facts: Facts, body: dict[str, Any]
) -> Title:
    """The title after a grade: where no chance is left after a fail, a decision to revoke is due."""
    values, limit = terms.confirmed(rules, title, kind) if facts.passed else ({}, None)
    if not facts.passed and not facts.owing:
        limit = due.within(DeadlineKind.DECISION, _DAYS_TO_DECIDE, store.now, title.decider)
    return move(store, who, Act.ASSESS, title, facts=facts, due=limit, body=body, **values)


def _tell_grade(store: Store, title: Title, result: Result, graded: Graded, limit: Due | None) -> None:
    words: dict[str, Any] = {"year": result.row.year, "task": result.row.kind.value, "grade": graded.grade.value}
    if limit is not None:
        due_at = limit.at.isoformat()
        holders.tell_holder(store, title, "rectify", LetterKind.ACTION, reason=result.remark, due_at=due_at)
    elif graded.band:
        holders.tell_holder(store, title, "assessment_classed", **words, band=graded.band)
    elif result.row.kind is AssessmentKind.YEARLY:
        holders.tell_holder(store, title, "assessment_graded", **words)
    else:
        holders.tell_holder(store, title, "single_graded", **words)


def _rectification(store: Store, rule: AssessmentRule, title: Title) -> Due:
    """Three months by default (Civil Code arts. 202, 203); beside it the re-check that is owed after it."""
    end = due.months(local_date(store.now), rule.rectify_months)
    again = due.on(DeadlineKind.RECHECK, due.after(end, rule.grade_days), desk=title.decider)
    return due.on(DeadlineKind.RECTIFICATION, end, desk=title.organization)._replace(beside=(again,))
