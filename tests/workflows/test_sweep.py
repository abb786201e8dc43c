"""The clock's work: each thing once, never early, however late it wakes or often it runs."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from models import clock
from models.errors import RefusedError, StaleError
from models.vocabulary import AssessmentState, Role, RoundState, SlateState, State, TitleState
from tests.worlds import (
    CLOSES,
    COUNTY,
    ENDS,
    NEW_YEAR,
    NOW,
    PROVINCE,
    World,
    also,
    application,
    assessment,
    at_city,
    at_county,
    drafted,
    due,
    events,
    everything,
    in_notice,
    letters,
    named,
    places_on,
    quota,
    refused,
    round_of,
    rows,
    sent,
    slate,
    submitted,
    title,
    to_assess,
    unit,
)
from workflows.clocks.sweep import sweep
from workflows.desk.reviews import send_back
from workflows.intake.applications import withdraw
from workflows.queries import mine
from workflows.rounds import finish, plan_round
from workflows.rules.calendar import count, ends_at, working_days_between


def swept(moment: Any) -> dict[str, int]:
    """What a sweep did at a moment, without what it did nothing of."""
    with clock.at(moment):
        return {name: n for name, n in sweep().items() if n}


def over(w: World) -> None:
    """Finish the round a day after its filing has closed."""
    with clock.at(CLOSES + timedelta(days=1)):
        sweep()
        finish(w.admin, w.round_id, seen=round_of(w).version)


def test_a_sweep_with_nothing_due_says_so_and_changes_only_its_own_record(world: World) -> None:
    submitted(world)
    before = everything()

    assert swept(NOW) == {}
    assert {k: v for k, v in everything().items() if k != "sweep_run"} == {
        k: v for k, v in before.items() if k != "sweep_run"
    }
    assert rows("SELECT kind FROM sweep_run") == [("sweep",)]


def test_a_round_opens_and_closes_by_its_dates_and_tells_its_administrators(world: World) -> None:
    made = plan_round(world.admin, programme="provincial-studio@1", organization_code=PROVINCE, year=2027,
                      opens_at=CLOSES - timedelta(days=1), closes_at=CLOSES, ends_at=ENDS)  # fmt: skip

    before = swept(CLOSES - timedelta(days=1, seconds=1))
    opened = swept(CLOSES - timedelta(days=1))
    closed = swept(CLOSES)

    assert (before, opened, closed) == ({}, {"rounds_opened": 1}, {"rounds_closed": 2})
    assert events(made.id) == [
        ("start", None, "planned", "admin"),
        ("open", "planned", "open", "system"),
        ("close", "open", "reviewing", "system"),
    ]  # fmt: skip
    assert letters(made.id) == [("round_closing", "admin"), ("round_opened", "admin")]


def test_a_round_slept_through_opens_and_closes_in_one_sweep(world: World) -> None:
    plan_round(world.admin, programme="provincial-studio@1", organization_code=PROVINCE, year=2027,
               opens_at=NOW + timedelta(days=1), closes_at=CLOSES)  # fmt: skip

    done = swept(CLOSES + timedelta(days=300))

    assert (done["rounds_opened"], done["rounds_closed"]) == (1, 2)


def test_a_draft_lapses_at_the_close_and_not_a_second_before(world: World) -> None:
    row = drafted(world)

    early = swept(CLOSES - timedelta(seconds=1)).get("lapsed")
    late = swept(CLOSES)

    assert (early, late["lapsed"]) == (None, 1)
    assert application(row.id).state is State.LAPSED
    assert events(row.id)[-1] == ("lapse", "draft", "lapsed", "system")
    assert due(row.id) == []
    assert [one for one in letters(row.id) if one[0] == "lapsed"] == [("lapsed", "clerk0")]


def test_a_correction_not_made_in_time_is_given_up_and_frees_its_place(world: World) -> None:
    ids, listed = at_city(world, 2)
    row = send_back(world.city, ids[0], faults=[{"field": "topics", "words": "写明"}], seen=application(ids[0]).version)
    assert row.due_at is not None

    early = swept(row.due_at - timedelta(seconds=1)).get("lapsed")
    late = swept(row.due_at)

    assert (early, late["lapsed"]) == (None, 1)
    assert application(ids[0]).state is State.LAPSED
    assert quota(world, COUNTY) == (3, 0, 1)
    assert places_on(listed.id) == [(ids[1], 1, False)]


def test_a_second_sweep_finds_everything_done(world: World) -> None:
    drafted(world)
    moment = CLOSES + timedelta(days=2)
    swept(moment)
    before = everything()

    again = swept(moment)

    assert again == {}
    assert {k: v for k, v in everything().items() if k != "sweep_run"} == {
        k: v for k, v in before.items() if k != "sweep_run"
    }


def test_a_clock_put_back_undoes_nothing_and_does_nothing_twice(world: World) -> None:
    row = drafted(world)
    swept(CLOSES)

    assert swept(CLOSES - timedelta(hours=2)) == {}
    assert "lapsed" not in swept(CLOSES + timedelta(hours=1))
    assert application(row.id).state is State.LAPSED


def test_the_applicant_who_was_just_too_late_is_told_so(world: World) -> None:
    row = drafted(world)
    swept(CLOSES)

    with refused("stale", StaleError, who="系统", act="lapse"):
        withdraw(world.clerks[0], row.id, seen=row.version)


def test_after_a_round_is_finished_everybody_left_is_told_and_its_lists_end(world: World) -> None:
    ids = at_county(world, 3)
    listed = sent(world, COUNTY, ids[:2])
    over(world)

    done = swept(CLOSES + timedelta(days=1))

    assert done["passed_over"] == 3
    assert {application(one).state for one in ids} == {State.NOT_SELECTED}
    for n, one in enumerate(ids):
        told = [x for x in letters(one) if x[0] in ("not_selected", "named", "lapsed")]
        assert told == [("not_selected", f"clerk{n}")]
    assert slate(listed.id).state is SlateState.DECIDED
    assert round_of(world).state is RoundState.FINISHED
    assert quota(world, COUNTY) == (3, 0, 2)


def test_what_lay_with_an_applicant_when_the_round_ended_is_passed_over_like_the_rest(world: World) -> None:
    ids, _ = at_city(world, 2)
    with clock.at(CLOSES + timedelta(hours=1)):
        send_back(world.city, ids[0], faults=[{"field": "topics", "words": "写明"}], seen=application(ids[0]).version)
    over(world)

    swept(CLOSES + timedelta(days=1))
    later = swept(CLOSES + timedelta(days=30))

    assert [application(one).state for one in ids] == [State.NOT_SELECTED] * 2
    assert "lapsed" not in later


def test_a_round_is_not_finished_while_a_name_stands_in_notice(world: World) -> None:
    in_notice(world, 1)
    with clock.at(CLOSES):
        sweep()

        with refused("undecided", RefusedError):
            finish(world.admin, world.round_id, seen=round_of(world).version)


def test_a_new_year_asks_each_valid_title_for_one_report(world: World) -> None:
    titles = named(world, 2)

    early = swept(NEW_YEAR.replace(year=2026, month=12, day=31)).get("assessments_started")
    first = swept(NEW_YEAR)["assessments_started"]
    again = swept(NEW_YEAR + timedelta(days=1)).get("assessments_started")

    assert (early, first, again) == (None, 2, None)
    for n, one in enumerate(titles):
        row = assessment(title_id=one.id)
        assert (row.year, row.state, title(one.id).state) == (2026, AssessmentState.DUE, TitleState.ASSESSMENT_DUE)
        assert due(row.id) == ["assessment_report"]
        assert ("assessment_due", f"clerk{n}") in letters(one.id)


def test_years_slept_through_start_the_last_one_only(world: World) -> None:
    [one] = named(world)

    swept(NEW_YEAR.replace(year=2030))

    assert rows("SELECT year FROM assessment WHERE title_id = :t", t=one.id) == [(2029,)]


def test_reminders_climb_their_ladder_once_and_a_long_sleep_is_no_storm(world: World) -> None:
    also(world.clerks[4], COUNTY, Role.ADMINISTRATOR)
    row = submitted(world)
    assert row.due_at is not None
    moments = [row.due_at + timedelta(days=n) for n in (-3, -2, -1, 0, 1, 2, 3, 4, 5)]

    told = [swept(moment).get("reminders", 0) for moment in moments]

    assert told == [0, 1, 0, 1, 1, 1, 1, 0, 0]
    assert [one for one in letters(row.id) if one[0].startswith("deadline")] == [
        ("deadline_at", "county"), ("deadline_before", "county"), ("deadline_escalated", "city"),
        ("deadline_overdue", "clerk4"), ("deadline_overdue", "county"),
    ]  # fmt: skip


def test_of_a_ladder_slept_through_only_the_last_letter_is_written(world: World) -> None:
    row = submitted(world)
    assert row.due_at is not None

    swept(row.due_at + timedelta(days=20))

    assert [one for one in letters(row.id) if one[0].startswith("deadline")] == [("deadline_escalated", "city")]


def test_a_report_that_is_due_is_asked_for_again(world: World) -> None:
    [row] = to_assess(world)

    swept(NEW_YEAR + timedelta(days=15))

    assert ("deadline_before", "clerk0") in letters(row.id)


@pytest.mark.parametrize(("moment", "last"), [
    (NEW_YEAR, date(2027, 2, 1)),  # the printed 31 January is a Sunday
    (NEW_YEAR.replace(day=15), date(2027, 2, 1)),
    (NEW_YEAR.replace(day=25), None),
    (NEW_YEAR.replace(month=6, day=1), None),
])  # fmt: skip
def test_a_report_is_due_on_its_printed_day_or_ten_working_days_from_the_start(
    world: World, moment: datetime, last: date | None
) -> None:
    named(world)
    last = last or count(moment.date(), 10).last_day

    swept(moment)

    [owed] = mine.owed(world.clerks[0])
    assert owed.due_at == ends_at(last)
    assert working_days_between(moment.date(), last) >= 10
    [[told]] = rows("SELECT params FROM letter WHERE template = 'assessment_due'")
    assert owed.due_at.isoformat() in str(told)


def test_reminders_go_to_who_owes_the_work_and_to_nobody_else_there(world: World) -> None:
    row = submitted(world)
    also(world.clerks[5], COUNTY, Role.CLERK)
    also(world.clerks[4], COUNTY, Role.ADMINISTRATOR)
    assert row.due_at is not None

    swept(row.due_at - timedelta(days=2))

    assert [one for one in letters(row.id) if one[0].startswith("deadline")] == [("deadline_before", "county")]


def test_a_report_is_asked_for_from_the_holders_clerks_and_told_to_the_reviewers_above(world: World) -> None:
    [row] = to_assess(world)
    also(world.clerks[3], unit(0), Role.REVIEWER)
    also(world.clerks[4], COUNTY, Role.CLERK)
    [owed] = mine.owed(world.clerks[0])
    assert owed.due_at is not None

    for days in (-14, -7, -1, 3, 15, 16):
        swept(owed.due_at + timedelta(days=days))

    assert letters(row.id) == [
        ("assessment_written_notice", "clerk0"),
        *[("deadline_before", "clerk0")] * 3, ("deadline_escalated", "county"), ("deadline_overdue", "clerk0"),
    ]  # fmt: skip
