"""Everything that waits has a date and an owner: what arms it, what ends it, and what is said when one is missing."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from models import clock
from models.database import engine
from models.errors import ForbiddenError
from models.vocabulary import InspectionKind, Role, Thing
from tests.judging import SCORING, at_desk, judged_round
from tests.rounds_of import in_round
from tests.worlds import (
    BEIJING,
    CITY,
    COUNTY,
    NEW_YEAR,
    NOW,
    PROVINCE,
    World,
    assessment,
    at_city,
    at_county,
    due,
    letters,
    named,
    person,
    refused,
    rows,
    sent,
    submitted,
    title,
    to_assess,
)
from workflows import doctor
from workflows.clocks.sweep import sweep
from workflows.deciding.withdrawals import withdraw_decision
from workflows.judging.meetings import close_meeting, move_on, plan_meeting
from workflows.listing.first_lists import propose
from workflows.listing.sending import recall
from workflows.named.assessments import recheck, rectify
from workflows.people.accounts import disable_account, seat, vacate
from workflows.queries.undated import without_date

FIRST_LIST = {"first_list_due": "03-06", "source": {"document": "省劳模评选通知", "clause": "四、初审"}}


def lines(kind: str) -> list[tuple[Any, ...]]:
    """The deadlines of a kind: whose, until when, whether open."""
    found = rows("SELECT thing_id, desk, due_at, closed_at IS NULL FROM deadline WHERE kind = :kind ORDER BY id",
                 kind=kind)  # fmt: skip
    return [(of, desk, moment(at), bool(is_open)) for of, desk, at, is_open in found]


def moment(given: Any) -> datetime:
    """A moment as either database gives it."""
    found = datetime.fromisoformat(given) if isinstance(given, str) else given
    return found if found.tzinfo else found.replace(tzinfo=UTC)


# Meetings.


def test_a_meeting_is_due_when_it_begins_and_then_until_its_last_turn(world: World) -> None:
    w = judged_round(world, pitch={"step": "province", "minutes": 20}, scoring=SCORING)
    at_desk(w, 2)
    starts = datetime(2026, 3, 5, 9, tzinfo=BEIJING)
    row = plan_meeting(w.province, round_id=w.round_id, organization_code=PROVINCE, kind=InspectionKind.PITCH,
                       starts_at=starts)  # fmt: skip

    assert lines("meeting") == [(row.id, PROVINCE, starts, True)]
    with clock.at(starts):
        row = move_on(w.province, row.id, seen=row.version)
        assert [line[2:] for line in lines("meeting")] == [(starts, False), (starts + timedelta(minutes=40), True)]
        row = move_on(w.province, row.id, seen=row.version)
        close_meeting(w.province, row.id, seen=row.version)

    assert due(row.id) == []


# First lists.


def test_a_tier_owes_a_first_list_from_the_first_case_until_it_is_handed_in(world: World) -> None:
    w = in_round(world, entry=FIRST_LIST)
    ids, _ = at_city(w, 2)

    assert [due(one) for one in ids] == [["first_list", "review"]] * 2
    assert {line[1:] for line in lines("first_list")} == {(CITY, datetime(2026, 3, 7, tzinfo=BEIJING), True)}
    propose(w.city, round_id=w.round_id, organization_code=CITY, applications=ids[:1])

    assert [due(one) for one in ids] == [["review"]] * 2


def test_a_first_list_is_owed_only_right_below_the_deciding_union_and_in_its_time(world: World) -> None:
    w = in_round(world, entry=FIRST_LIST)

    ids = at_county(w, 1)
    assert due(ids[0]) == ["review"]
    with clock.at(datetime(2026, 3, 7, tzinfo=BEIJING)):
        sent(w, COUNTY, ids)

    assert due(ids[0]) == ["review"]


def test_a_case_that_goes_back_down_owes_no_first_list(world: World) -> None:
    w = in_round(world, entry=FIRST_LIST)
    ids = at_county(w, 1)
    made = sent(w, COUNTY, ids)
    assert due(ids[0]) == ["first_list", "review"]

    recall(w.county, made.id, seen=made.version, reason="核对")

    assert due(ids[0]) == ["review"]


# Re-checks.


def test_a_rectification_brings_the_re_check_that_follows_it(world: World) -> None:
    [row] = to_assess(world)
    with clock.at(NEW_YEAR):
        rectify(world.province, row.id, reason="未报送", seen=row.version)
        assert due(row.id) == ["recheck", "rectification"]
        [[_, unit, until, _]] = lines("rectification")
        [[_, desk, then, _]] = lines("recheck")
        assert (len(unit), desk, then > until) == (18, PROVINCE, True)
    with clock.at(until):
        recheck(world.province, row.id, score="85", seen=assessment(row.id).version)

    assert due(row.id) == []


# Seats.


def test_the_end_of_a_seat_is_told_its_holder_and_the_administrators(world: World) -> None:
    chief = person("chief", COUNTY, Role.ADMINISTRATOR)
    person("colleague", COUNTY, Role.REVIEWER)  # no affair of hers
    end = NOW + timedelta(days=60)
    seat(world.admin, email=world.county.email, organization_code=COUNTY, role=Role.CLERK, ends_at=end)
    assert lines("seat_end") == [(world.county.id, COUNTY, end, True)]

    for days, told in ((31, 0), (30, 1), (8, 1), (7, 2)):
        with clock.at(end - timedelta(days=days)):
            sweep()
        heard = [one for one in letters(world.county.id) if one[0] == "deadline_before"]
        assert heard == sorted([("deadline_before", "chief"), ("deadline_before", "county")] * told), days
    with clock.at(end):
        assert sweep()["terms_over"] == 1
    assert due(world.county.id) == []
    assert chief.seats != ()


def test_another_term_moves_the_date_and_leaving_ends_it(world: World) -> None:
    ends = [NOW + timedelta(days=days) for days in (60, 90)]
    for end in ends:
        seat(world.admin, email=world.county.email, organization_code=COUNTY, role=Role.CLERK, ends_at=end)
    assert lines("seat_end") == [(world.county.id, COUNTY, ends[1], True)]
    [(held,)] = rows("SELECT id FROM seat WHERE account_id = :a AND role = 'clerk'", a=world.county.id)

    vacate(world.admin, seat_id=held)

    assert due(world.county.id) == []


def test_a_seat_without_a_term_and_an_account_shut_out_owe_nothing(world: World) -> None:
    seat(world.admin, email=world.county.email, organization_code=COUNTY, role=Role.CLERK,
         ends_at=NOW + timedelta(days=60))  # fmt: skip
    seat(world.admin, email=world.county.email, organization_code=COUNTY, role=Role.CLERK)
    assert due(world.county.id) == []
    seat(world.admin, email=world.city.email, organization_code=CITY, role=Role.CLERK, ends_at=NOW + timedelta(days=60))

    disable_account(world.admin, email=world.city.email, organization_code=CITY)

    assert due(world.city.id) == []


# Bars.


def test_who_was_barred_hears_on_the_day_after_that_they_may_apply_again(world: World) -> None:
    [one] = named(world)
    withdraw_decision(world.province, one.decision_id or "", number="浙总工〔2026〕30号", meeting_on=date(2026, 3, 2),
                      reason="材料造假", return_by=20, bar_years=3)  # fmt: skip
    until = title(one.id).barred_until
    assert until is not None
    over = datetime(until.year, until.month, until.day, tzinfo=BEIJING) + timedelta(days=1)
    assert (due(one.id), lines("bar_end")) == (["bar_end"], [(one.id, one.organization, over, True)])

    with clock.at(over - timedelta(seconds=1)):
        sweep()
        assert "bar_ended" not in dict(letters(one.id))
    with clock.at(over):
        first, again = sweep()["terms_over"], sweep()["terms_over"]

    assert (first, again) == (1, 0)
    assert [line for line in letters(one.id) if line[0] == "bar_ended"] == [("bar_ended", "clerk0")]
    assert due(one.id) == []


# What has none.


@pytest.mark.tampers
def test_what_waits_without_a_date_is_found_by_the_doctor_and_shown_to_administrators(world: World) -> None:
    row = submitted(world)
    end = NOW + timedelta(days=60)
    seat(world.admin, email=world.county.email, organization_code=COUNTY, role=Role.CLERK, ends_at=end)
    assert without_date(world.admin, root=PROVINCE) == []
    before = rows("SELECT id FROM deadline WHERE closed_at IS NULL ORDER BY id")
    old = rows("SELECT id FROM deadline WHERE closed_at IS NOT NULL")
    with engine().begin() as connection:
        connection.execute(sa.text("UPDATE deadline SET closed_at = set_at"))

    found = without_date(world.admin, root=PROVINCE)

    assert [(one.thing, one.thing_id, one.organization) for one in found] == [
        (Thing.APPLICATION, row.id, COUNTY), (Thing.ACCOUNT, world.county.id, COUNTY),
    ]  # fmt: skip
    assert sorted(v.subject for v in doctor.check() if v.name == "waits_without_due_date") == [
        f"account {world.county.id}", f"application {row.id}",
    ]  # fmt: skip
    with refused("not_administrator", ForbiddenError):
        without_date(world.county, root=PROVINCE)
    with engine().begin() as connection:
        connection.execute(sa.text("UPDATE deadline SET closed_at = NULL"))
        for (one,) in old:
            connection.execute(sa.text("UPDATE deadline SET closed_at = set_at WHERE id = :id"), {"id": one})
    assert rows("SELECT id FROM deadline WHERE closed_at IS NULL ORDER BY id") == before
