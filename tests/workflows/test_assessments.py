"""Yearly assessments: a report, a batch of grades under the cap, one rectification, one re-check."""

from datetime import timedelta
from typing import Any

import pytest

from models import clock
from models.database import transaction
from models.errors import (
    ForbiddenError,
    IllegalMoveError,
    InputError,
    NotFoundError,
    RefusedError,
    StaleError,
)
from models.title import Assessment
from models.vocabulary import AssessmentState, Grade, Role, TitleState
from tests.rounds_of import published
from tests.tampering import by_hand
from tests.worlds import (
    NEW_YEAR,
    PROVINCE,
    World,
    also,
    assessment,
    due,
    events,
    everything,
    letters,
    refused,
    rows,
    title,
    to_assess,
)
from workflows.named.assessments import assess, recheck, rectify, report
from workflows.programmes import programme_of


def reported(w: World, n: int = 1) -> list[Assessment]:
    """The assessments of `n` titles with their reports."""
    listed = to_assess(w, n)
    with clock.at(NEW_YEAR):
        return [report(w.clerks[i], a.id, text="总结", seen=a.version) for i, a in enumerate(listed)]


def graded(w: World, listed: list[Assessment], scores: list[Any], **more: Any) -> list[Assessment]:
    """The province grades them together."""
    results = [{"assessment": a.id, "seen": a.version, "score": s} for a, s in zip(listed, scores, strict=True)]
    with clock.at(NEW_YEAR):
        return assess(w.province, results=results, **more)


def cap_at(monkeypatch: pytest.MonkeyPatch, places: int) -> None:
    """Let only so many be excellent."""
    with transaction() as store:
        rule = programme_of(store, "provincial-studio@1").assessment
    assert rule is not None
    monkeypatch.setitem(rule.__dict__, "excellent_cap", places)


def test_a_report_is_handed_in_by_the_holder_and_waits_for_a_grade(world: World) -> None:
    [row] = reported(world)

    assert row == assessment(row.id)
    assert (row.state, row.report) == (AssessmentState.REPORTED, "总结")
    assert events(row.id) == [("start", None, "due", "system"), ("report", "due", "reported", "clerk0")]
    assert due(row.id) == ["assessment_grade"]
    assert letters(row.title_id) == [("assessment_due", "clerk0")]


@pytest.mark.parametrize(("text", "code"), [(" ", "words_missing"), ("长" * 8001, "too_long")])
def test_a_report_says_something_and_not_too_much(world: World, text: str, code: str) -> None:
    [row] = to_assess(world)

    with refused(code, InputError, field="text"):
        report(world.clerks[0], row.id, text=text, seen=row.version)


def test_only_the_holders_clerk_reports_and_a_stranger_knows_of_nothing(world: World) -> None:
    [row] = to_assess(world)

    with refused("not_your_desk", ForbiddenError):
        report(world.province, row.id, text="总结", seen=row.version)
    for actor in (world.clerks[1], world.city, world.stranger):
        for seen in (row.version, 99):
            with refused("not_found", NotFoundError, thing="assessment", given=row.id):
                report(actor, row.id, text="总结", seen=seen)


def test_grades_go_by_bands_and_each_holder_is_told(world: World) -> None:
    listed = reported(world, 3)

    done = graded(world, listed, ["59.994", "90", "60"])

    assert [(a.id, a.score, a.grade, a.state) for a in done] == [
        (listed[1].id, 9000, Grade.EXCELLENT, AssessmentState.GRADED),
        (listed[2].id, 6000, Grade.QUALIFIED, AssessmentState.GRADED),
        (listed[0].id, 5999, Grade.RECTIFY, AssessmentState.RECTIFYING),
    ]
    assert [title(a.title_id).state for a in done] == [TitleState.VALID, TitleState.VALID, TitleState.RECTIFYING]
    assert [due(a.id) for a in done] == [[], [], ["recheck", "rectification"]]
    assert letters(listed[1].title_id) == [("assessment_due", "clerk1"), ("assessment_graded", "clerk1")]
    assert letters(listed[0].title_id) == [("assessment_due", "clerk0"), ("rectify", "clerk0")]


def test_beyond_the_cap_the_next_are_qualified_with_a_note(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = reported(world, 3)
    cap_at(monkeypatch, 2)

    done = graded(world, listed, ["95", "97", "96"])

    assert [(a.score, a.grade, a.met_mark) for a in done] == [
        (9700, Grade.EXCELLENT, False), (9600, Grade.EXCELLENT, False), (9500, Grade.QUALIFIED, True),
    ]  # fmt: skip


def test_the_cap_counts_what_earlier_batches_gave(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = reported(world, 2)
    cap_at(monkeypatch, 1)
    graded(world, listed[:1], ["91"])

    [late] = graded(world, listed[1:], ["99"])

    assert (late.grade, late.met_mark) == (Grade.QUALIFIED, True)


def test_a_tie_across_the_cap_is_settled_by_the_meeting_in_the_lists_order(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = reported(world, 3)
    cap_at(monkeypatch, 1)

    with refused("tie_at_line", RefusedError, first=1, last=3, line=1, score="95.00"):
        graded(world, listed, ["95", "95", "95"])
    done = graded(world, listed[::-1], ["95", "95", "95"], tie="会议表决")

    assert [(a.id, a.grade) for a in done] == [
        (listed[2].id, Grade.EXCELLENT), (listed[1].id, Grade.QUALIFIED), (listed[0].id, Grade.QUALIFIED),
    ]  # fmt: skip


@pytest.mark.parametrize(("change", "code", "field"), [
    ({"score": "101"}, "score", "score"),
    ({"score": None}, "score", "score"),
    ({"score": "NaN"}, "score", "score"),
    ({"seen": "x"}, "argument", "seen"),
    ({"seen": None}, "argument", "seen"),
    ({"weight": 1}, "unknown_field", "weight"),
])  # fmt: skip
def test_a_grading_list_that_cannot_be_read_is_refused(
    world: World, change: dict[str, Any], code: str, field: str
) -> None:
    [row] = reported(world)

    with refused(code, InputError, field=field), clock.at(NEW_YEAR):
        assess(world.province, results=[{"assessment": row.id, "seen": row.version, "score": "90", **change}])


def test_an_empty_list_and_one_that_names_somebody_twice_are_refused(world: World) -> None:
    [row] = reported(world)

    with refused("slate_empty", InputError, field="results"):
        graded(world, [], [])
    with refused("listed_twice", InputError, given=row.id):
        graded(world, [row, row], ["90", "80"])


def test_nothing_is_graded_before_its_report(world: World) -> None:
    [row] = to_assess(world)

    with refused("not_reported_yet", RefusedError, state="due"):
        graded(world, [row], ["90"])


def test_one_stale_line_leaves_the_whole_batch_ungraded(world: World) -> None:
    listed = reported(world, 2)
    graded(world, listed[1:], ["80"])

    with refused("stale", StaleError, thing="assessment", who="province", act="assess"):
        graded(world, listed, ["90", "91"])


def test_nobody_grades_their_own_unit(world: World) -> None:
    [row] = reported(world)
    own = also(world.clerks[0], PROVINCE, Role.REVIEWER)

    for act in (
        lambda: assess(own, results=[{"assessment": row.id, "seen": row.version, "score": "99"}]),
        lambda: rectify(own, row.id, reason="x", seen=row.version),
    ):
        with refused("own_case", ForbiddenError), clock.at(NEW_YEAR):
            act()


@pytest.mark.parametrize("order", [1, -1])
def test_a_click_sent_twice_grades_once_and_answers_with_the_whole_list(world: World, order: int) -> None:
    listed = reported(world, 2)[::order]
    done = graded(world, listed, ["90", "95"], key="k")
    before = everything()

    assert graded(world, listed, ["90", "95"], key="k") == done
    assert everything() == before


def test_a_rectification_may_be_ordered_when_no_report_came(world: World) -> None:
    [row] = to_assess(world)

    with clock.at(NEW_YEAR):
        done = rectify(world.province, row.id, reason="逾期未报", seen=row.version)

    assert (done.state, done.grade, title(row.title_id).state) == (
        AssessmentState.RECTIFYING, Grade.RECTIFY, TitleState.RECTIFYING,
    )  # fmt: skip
    # Three months on, on the same day of the month: a Sunday of Qingming rolls to the next working day.
    assert due(row.id) == ["recheck", "rectification"]
    assert ("rectify", "clerk0") in letters(row.title_id)


@pytest.mark.parametrize(("score", "state", "grade", "kept"), [
    ("60", AssessmentState.PASSED, Grade.QUALIFIED, TitleState.VALID),
    ("59.99", AssessmentState.FAILED, Grade.RECTIFY, TitleState.RECTIFYING),
])  # fmt: skip
def test_a_recheck_passes_or_waits_for_a_decision_and_revokes_nothing_by_itself(
    world: World, score: str, state: AssessmentState, grade: Grade, kept: TitleState
) -> None:
    [row] = to_assess(world)
    with clock.at(NEW_YEAR + timedelta(days=60)):
        row = rectify(world.province, row.id, reason="逾期未报", seen=row.version)

        done = recheck(world.province, row.id, score=score, seen=row.version)

        assert (done.state, done.grade, title(row.title_id).state) == (state, grade, kept)
        assert due(row.title_id) == ([] if state is AssessmentState.PASSED else ["decision"])
        with refused("illegal_move", IllegalMoveError, act="recheck"):
            recheck(world.province, row.id, score="90", seen=done.version)


def test_rectifications_say_why_and_rechecks_have_a_score(world: World) -> None:
    [row] = to_assess(world)

    with refused("reason_missing", InputError, field="reason"):
        rectify(world.province, row.id, reason="", seen=row.version)
    with refused("score", InputError, field="score"):
        recheck(world.province, row.id, score="", seen=row.version)


def test_one_click_on_a_rectification_is_one(world: World) -> None:
    [row] = to_assess(world)
    with clock.at(NEW_YEAR):
        done = rectify(world.province, row.id, reason="逾期未报", seen=row.version, key="k")
        before = everything()

        assert rectify(world.province, row.id, reason="逾期未报", seen=row.version, key="k") == done
        assert everything() == before
    assert rows("SELECT count(*) FROM assessment") == [(1,)]


@pytest.mark.parametrize("order", [1, -1])
def test_titles_of_one_list_are_each_graded_by_the_version_they_are_pinned_to(world: World, order: int) -> None:
    listed = reported(world, 2)
    bands = [{"grade": "excellent", "at_least": 95}, {"grade": "rectify", "at_least": 0}]
    newer = published(assessment={"bands": bands, "rechecks": 0})
    by_hand("UPDATE title SET programme = :p WHERE id = :t", p=newer, t=listed[1].title_id)

    done = {row.id: row for row in graded(world, listed[::order], ["92", "92"])}

    assert [(done[a.id].grade, done[a.id].state) for a in listed] == [
        (Grade.EXCELLENT, AssessmentState.GRADED), (Grade.RECTIFY, AssessmentState.FAILED),
    ]  # fmt: skip
    assert due(listed[1].title_id) == ["decision"]
