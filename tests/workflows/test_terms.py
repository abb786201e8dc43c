"""Assessments that come once, terms that run out, re-confirmations, and what reminders lead to."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from models import clock
from models.errors import InputError, RefusedError
from models.title import Assessment
from models.vocabulary import AssessmentKind, AssessmentState, EndCause, Grade, TitleState
from tests.ruled import assessing, ruled, titled
from tests.worlds import (
    BEIJING,
    NEW_YEAR,
    PROVINCE,
    World,
    assessment,
    due,
    events,
    everything,
    letters,
    named,
    refused,
    rows,
    title,
    to_assess,
)
from workflows.clocks.sweep import sweep
from workflows.named.assessments import assess, recheck, rectify, report
from workflows.named.titles import end_title
from workflows.named.yearly import start_assessments
from workflows.post.carriers import deliver
from workflows.post.resending import resend

# Titles of the small province are named on Tuesday, 10 March 2026.


def swept(year: int, month: int, day: int, hour: int) -> dict[str, int]:
    """What a sweep did at a moment in Beijing."""
    with clock.at(datetime(year, month, day, hour, tzinfo=BEIJING)):
        return {name: n for name, n in sweep().items() if n}


def reported(w: World, row: Assessment, moment: datetime) -> Assessment:
    """The holder's report."""
    with clock.at(moment):
        return report(w.clerks[0], row.id, text="总结", seen=row.version)


def graded(w: World, row: Assessment, moment: datetime, **item: Any) -> Assessment:
    """One assessment graded by the province."""
    with clock.at(moment):
        [done] = assess(w.province, results=[{"assessment": row.id, "seen": row.version, **item}])
    return done


def opened(w: World) -> Assessment:
    """The acceptance of one title, opened a year after its naming."""
    [one] = named(w)
    swept(2027, 3, 11, 9)
    return assessment(title_id=one.id)


OPENED = datetime(2027, 3, 11, 9, tzinfo=BEIJING)


def test_after_months_an_acceptance_opens_the_day_after_and_only_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruled(monkeypatch, assessment=None, acceptance=assessing(after_months=12, report_days=5))
    [one] = named(world)

    told = [swept(2027, 3, 10, 23).get("assessments_started"), swept(2027, 3, 11, 0).get("assessments_started"),
            swept(2027, 3, 12, 0).get("assessments_started")]  # fmt: skip

    row = assessment(title_id=one.id)
    assert told == [None, 1, None]
    assert (row.kind, row.year, row.state) == (AssessmentKind.ACCEPTANCE, 2027, AssessmentState.DUE)
    assert (title(one.id).state, due(row.id)) == (TitleState.ASSESSMENT_DUE, ["acceptance"])
    assert letters(one.id) == [("single_due", "clerk0")]


def test_two_assessments_are_never_open_at_once_on_one_title(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ruled(monkeypatch, acceptance=assessing(after_months=6))
    [one] = named(world)
    swept(2027, 1, 4, 9)
    first = assessment(title_id=one.id)

    row = reported(world, first, NEW_YEAR)
    graded(world, row, NEW_YEAR, score="80")
    swept(2027, 1, 5, 9)

    kinds = rows("SELECT kind, state FROM assessment WHERE title_id = :t ORDER BY kind", t=one.id)
    assert (first.kind, kinds) == (AssessmentKind.ACCEPTANCE, [("acceptance", "graded"), ("yearly", "due")])


@pytest.mark.parametrize(("score", "band"), [("60", "C"), ("74.99", "C"), ("75", "B"), ("84.99", "B"), ("85", "A")])
def test_bands_name_the_class_left_closed(world: World, monkeypatch: pytest.MonkeyPatch, score: str, band: str) -> None:
    ruled(monkeypatch, assessment=None, acceptance=assessing(after_months=12))
    row = reported(world, opened(world), OPENED)

    done = graded(world, row, OPENED, score=score)

    assert (done.state, done.grade, done.band) == (AssessmentState.GRADED, Grade.QUALIFIED, band)
    assert ("assessment_classed", "clerk0") in letters(row.title_id)


def test_rechecks_give_as_many_chances_as_they_say_and_then_a_decision_is_due(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruled(monkeypatch, assessment=None, acceptance=assessing(after_months=12, rechecks=2))
    row = graded(world, reported(world, opened(world), OPENED), OPENED, score="50")
    later = OPENED + timedelta(days=90)

    with clock.at(later):
        again = recheck(world.province, row.id, score="55", seen=row.version)
        left = due(again.id), due(row.title_id)
        last = recheck(world.province, row.id, score="59.99", seen=again.version)

    assert (again.state, again.rechecked, left) == (AssessmentState.RECTIFYING, 1, (["recheck", "rectification"], []))
    assert (last.state, last.rechecked, due(last.id), due(row.title_id)) == (
        AssessmentState.FAILED, 2, [], ["decision"],
    )  # fmt: skip
    assert title(row.title_id).state is TitleState.RECTIFYING


def test_without_rechecks_a_fail_makes_the_decision_due_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ruled(monkeypatch, assessment=None, acceptance=assessing(after_months=12, rechecks=0))
    row = opened(world)
    with refused("no_rechecks", RefusedError), clock.at(OPENED):
        rectify(world.province, row.id, reason="未达标", seen=row.version)

    done = graded(world, reported(world, row, OPENED), OPENED, score="59")

    assert (done.state, due(done.id), due(row.title_id)) == (AssessmentState.FAILED, [], ["decision"])


def test_rubric_scores_of_the_criteria_make_the_score(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    rubric = ({"name": "results", "label": {"zh": "成果", "en": "Results"}, "most": 60},
              {"name": "training", "label": {"zh": "带徒", "en": "Training"}, "most": 40})  # fmt: skip
    ruled(monkeypatch, assessment=None, acceptance=assessing(after_months=12, rubric=rubric))
    row = reported(world, opened(world), OPENED)
    for scores, code, field in (
        ({"results": "60.5", "training": "30"}, "criterion_points", "results"),
        ({"results": "50"}, "criterion_missing", "training"),
        ({"results": "50", "training": "30", "speed": "1"}, "criterion_unknown", "speed"),
        ("90", "argument", "scores"),
    ):
        with refused(code, InputError, field=field):
            graded(world, row, OPENED, scores=scores)
    with refused("score_differs", InputError, added="85.50"):
        graded(world, row, OPENED, score="90", scores={"results": "50.5", "training": "35"})

    done = graded(world, row, OPENED, scores={"results": "50.5", "training": "35"})

    assert (done.score, done.band) == (8550, "A")


def test_a_list_holds_one_kind_of_assessment(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ruled(monkeypatch, acceptance=assessing(after_months=9))
    titles = named(world, 2)
    swept(2026, 12, 11, 9)
    moment = datetime(2026, 12, 14, 9, tzinfo=BEIJING)
    first, second = (assessment(title_id=t.id) for t in titles)
    graded(world, reported(world, first, moment), moment, score="80")
    with clock.at(moment):
        second = report(world.clerks[1], second.id, text="总结", seen=second.version)
    swept(2027, 1, 4, 9)
    [(found,)] = rows("SELECT id FROM assessment WHERE title_id = :t AND kind = 'yearly'", t=titles[0].id)
    yearly = reported(world, assessment(found), NEW_YEAR)

    with refused("one_year", InputError, field="results"), clock.at(NEW_YEAR):
        assess(
            world.province, results=[{"assessment": a.id, "seen": a.version, "score": "80"} for a in (yearly, second)]
        )


def test_years_limit_a_title_to_the_same_day_and_it_ends_the_day_after(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruled(monkeypatch, assessment=None)
    titled(monkeypatch, years=2)
    [one] = named(world)

    told = [swept(2028, 3, 10, 23).get("titles_ended"), swept(2028, 3, 11, 1).get("titles_ended"),
            swept(2028, 3, 12, 1).get("titles_ended")]  # fmt: skip

    now = title(one.id)
    assert (one.valid_until, due(one.id), told) == (date(2028, 3, 10), [], [None, 1, None])
    assert (now.state, now.end_cause, now.barred_until) == (TitleState.ENDED, EndCause.EXPIRED, None)
    assert events(one.id)[-1] == ("end", "valid", "ended", "system")
    assert ("title_expired", "clerk0") in letters(one.id)


def test_a_title_with_something_open_is_not_ended_by_the_clock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    titled(monkeypatch, years=1)
    [row] = to_assess(world)

    swept(2027, 3, 15, 9)

    assert title(row.title_id).state is TitleState.ASSESSMENT_DUE
    assert "title_end" in due(row.title_id)
    with clock.at(datetime(2027, 3, 10, 9, tzinfo=BEIJING)), refused("term_runs", RefusedError):
        end_title(world.province, row.title_id, reason="期满", cause=EndCause.EXPIRED, seen=title(row.title_id).version)


def test_a_reconfirmation_opens_before_the_years_run_out_and_extends_them(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruled(monkeypatch, assessment=None, reconfirmation=assessing(after_months=24))
    titled(monkeypatch, years=3)
    [one] = named(world)
    early = swept(2028, 3, 10, 9).get("assessments_started")
    swept(2028, 3, 11, 9)
    row = assessment(title_id=one.id)
    moment = datetime(2028, 3, 20, 9, tzinfo=BEIJING)

    done = graded(world, reported(world, row, moment), moment, score="80")

    now = title(one.id)
    assert (early, row.kind, row.year) == (None, AssessmentKind.RECONFIRMATION, 2029)
    assert (done.band, now.state, now.valid_until) == ("B", TitleState.VALID, date(2032, 3, 10))
    assert due(one.id) == ["title_end"]
    assert "assessments_started" not in swept(2029, 3, 11, 9)
    assert swept(2031, 3, 11, 9)["assessments_started"] == 1


def test_a_reconfirmation_under_way_keeps_the_title_for_its_decider(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruled(monkeypatch, assessment=None, reconfirmation=assessing())
    titled(monkeypatch, years=1)
    [one] = named(world)
    opens = [swept(2026, 12, 10, 9).get("assessments_started"), swept(2026, 12, 11, 9).get("assessments_started")]

    swept(2027, 4, 1, 9)

    assert (opens, title(one.id).state) == ([None, 1], TitleState.ASSESSMENT_DUE)
    assert "title_end" in due(one.id)
    with clock.at(datetime(2027, 4, 2, 9, tzinfo=BEIJING)):
        done = end_title(world.province, one.id, reason="未重新确认", cause=EndCause.EXPIRED,
                         seen=title(one.id).version)  # fmt: skip
    assert (done.state, done.end_cause, due(one.id), due(assessment(title_id=one.id).id)) == (
        TitleState.ENDED, EndCause.EXPIRED, [], [],
    )  # fmt: skip


def test_remind_before_remind_after_and_written_notice_after_are_the_programmes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruled(monkeypatch, assessment=None,
          acceptance=assessing(after_months=12, report_days=5, remind_before=(2,), remind_after=(4, 6),
                               written_notice_after=9))  # fmt: skip
    row = opened(world)
    [(moment,)] = rows("SELECT due_at FROM deadline WHERE thing_id = :a AND closed_at IS NULL", a=row.id)
    at = datetime(2027, 3, 19, tzinfo=BEIJING)
    assert str(moment).startswith("2027-03-18 16:00")

    told = {}
    for day in range(-4, 14):
        with clock.at(at + timedelta(days=day)):
            done = sweep()
        if done["reminders"] or done["decisions_due"]:
            told[day] = (done["reminders"], done["decisions_due"])

    assert told == {-2: (1, 0), 4: (1, 0), 6: (1, 0), 9: (1, 1), 10: (1, 0)}
    assert [t for t, _ in letters(row.id)] == [
        "assessment_written_notice", "deadline_before", "deadline_escalated", "deadline_overdue", "deadline_overdue",
    ]  # fmt: skip
    assert due(row.title_id) == ["decision"]
    assert events(row.title_id)[-1] == ("warn", "assessment_due", "assessment_due", "system")


def test_a_written_notice_without_two_reminders_makes_nothing_due(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruled(monkeypatch, assessment=None, acceptance=assessing(after_months=12, report_days=5))
    row = opened(world)

    done = swept(2027, 4, 3, 9)

    assert (done.get("reminders"), done.get("decisions_due"), due(row.title_id)) == (1, None, [])


def test_a_reminder_that_an_office_had_sent_again_is_no_second_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruled(monkeypatch, assessment=None, acceptance=assessing(after_months=12, report_days=5))
    row = opened(world)
    with clock.at(datetime(2027, 3, 12, 9, tzinfo=BEIJING)):
        deliver()
        again = [t for t, _ in letters(row.id)]
        n = rows("SELECT count(*) FROM letter WHERE template = 'deadline_before' AND sent_at IS NOT NULL"
                 " AND created_at > '2027-02-11'")[0][0]  # fmt: skip
        resend(world.admin, root=PROVINCE, state="sent", template="deadline_before", count=n)
    assert again == ["deadline_before"]

    done = swept(2027, 4, 3, 9)

    assert (done.get("reminders"), done.get("decisions_due"), due(row.title_id)) == (1, None, [])
    assert [t for t, _ in letters(row.id)] == ["assessment_written_notice", "deadline_before", "deadline_before"]


def test_a_report_after_the_written_notice_takes_the_decision_off_the_desk(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruled(monkeypatch, assessment=None, acceptance=assessing(after_months=12, report_days=5))
    row = opened(world)
    for day in (12, 18, 22):
        swept(2027, 3, day, 9)
    swept(2027, 4, 3, 9)
    assert due(row.title_id) == ["decision"]

    done = reported(world, row, datetime(2027, 4, 6, 9, tzinfo=BEIJING))

    assert (due(row.title_id), due(done.id)) == ([], ["assessment_grade"])


def test_a_second_sweep_starts_ends_and_warns_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ruled(monkeypatch, assessment=None, acceptance=assessing(after_months=12), reconfirmation=assessing())
    titled(monkeypatch, years=2)
    named(world, 2)
    swept(2027, 3, 11, 9)
    before = everything()

    assert swept(2027, 3, 11, 9) == {}
    assert {k: v for k, v in everything().items() if k != "sweep_run"} == {
        k: v for k, v in before.items() if k != "sweep_run"
    }


@pytest.mark.parametrize(("day", "begun"), [(10, 1), (11, 0)])
@pytest.mark.parametrize("kind", ["assessment", "acceptance"])
def test_a_title_whose_term_is_out_takes_on_no_assessment(
    world: World, monkeypatch: pytest.MonkeyPatch, kind: str, day: int, begun: int
) -> None:
    titled(monkeypatch, years=1)
    ruled(monkeypatch, **{"assessment": None, kind: assessing(after_months=6) if kind == "acceptance" else assessing()})
    [one] = named(world)
    assert one.valid_until == date(2027, 3, 10)

    with clock.at(datetime(2027, 3, day, 9, tzinfo=BEIJING)):
        assert start_assessments() == begun
