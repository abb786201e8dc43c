"""In whose hands a case is: transferred, delegated and taken back, and never in the hands of somebody gone."""

from datetime import timedelta
from typing import Any

from models import clock
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError, StaleError
from models.vocabulary import Role
from tests.desk import desk, now
from tests.worlds import (
    COUNTY,
    NOW,
    World,
    also,
    application,
    at_county,
    events,
    letters,
    person,
    refused,
    rows,
    sealed,
    submitted,
    unit,
)
from workflows import doctor
from workflows.clocks.sweep import sweep
from workflows.desk.handling import delegate, take_back, transfer
from workflows.desk.reviews import check, refuse, send_back
from workflows.people.accounts import disable_account, seat, vacate
from workflows.queries.applications import application as read
from workflows.record.foreseeing import plan

FAULTS = [{"field": "topics", "words": "请写明"}]


def test_a_transferred_case_is_its_handlers_alone(world: World) -> None:
    d = desk(world)

    row = transfer(world.county, d.case.id, to=d.second.email, reason="分工调整", seen=d.case.version)

    assert (row.handler_id, row.delegated_by) == (d.second.id, None)
    assert events(row.id, since=d.case.version) == [("transfer", "county_review", "county_review", "county")]
    assert ("case_transferred", "second") in letters(row.id)
    with refused("in_other_hands", ForbiddenError, who="second"):
        check(world.county, row.id, seen=row.version)
    with refused("in_other_hands", ForbiddenError, who="second"):
        send_back(world.county, row.id, faults=FAULTS, seen=row.version)
    with refused("in_other_hands", ForbiddenError, who="second"):
        refuse(world.county, row.id, reason="不符", seen=row.version)
    with refused("in_other_hands", ForbiddenError, who="second"):
        transfer(d.third, row.id, to=d.third.email, reason="我来办", seen=row.version)
    assert check(d.second, row.id, seen=row.version).checked


def test_an_administrator_of_the_organisation_transfers_a_case_on(world: World) -> None:
    d = desk(world)
    row = transfer(world.county, d.case.id, to=d.second.id, reason="分工", seen=d.case.version)

    row = transfer(d.chair, row.id, to=d.third.email, reason="长期病假", seen=row.version)

    assert row.handler_id == d.third.id
    assert ("case_passed_on", "second") in letters(row.id)
    with refused("not_your_desk", ForbiddenError):
        check(d.chair, row.id, seen=row.version)


def test_a_transfer_needs_a_reason_and_a_colleague(world: World) -> None:
    d = desk(world)

    with refused("reason_missing", InputError):
        transfer(world.county, d.case.id, to=d.second.email, reason=" ", seen=d.case.version)
    with refused("not_a_colleague", RefusedError, name="city"):
        transfer(world.county, d.case.id, to=world.city.email, reason="分工", seen=d.case.version)
    row = transfer(world.county, d.case.id, to=d.second.email, reason="分工", seen=d.case.version)
    with refused("with_them_already", RefusedError, name="second"):
        transfer(d.second, row.id, to=d.second.email, reason="分工", seen=row.version)
    with refused("stale", StaleError, who="county", act="transfer"):
        transfer(d.second, row.id, to=d.third.email, reason="分工", seen=d.case.version)


def test_nobody_takes_their_own_units_case_in_hand(world: World) -> None:
    d = desk(world)
    also(d.second, unit(0), Role.EXPERT)

    with refused("handlers_own_case", ForbiddenError, name="second"):
        transfer(world.county, d.case.id, to=d.second.email, reason="分工", seen=d.case.version)


def test_one_click_transfers_once(world: World) -> None:
    d = desk(world)
    given: dict[str, Any] = {"to": d.second.email, "reason": "分工", "seen": d.case.version, "key": "一次"}

    first = transfer(world.county, d.case.id, **given)
    again = transfer(world.county, d.case.id, **given)

    assert (again, len(events(first.id, since=d.case.version))) == (first, 1)


def test_a_delegated_case_is_taken_back_at_any_time_and_goes_no_further(world: World) -> None:
    d = desk(world)
    row = delegate(world.county, d.case.id, to=d.second.email, reason="出差", seen=d.case.version)
    assert (row.handler_id, row.delegated_by) == (d.second.id, world.county.id)

    for verb in (delegate, transfer):
        with refused("delegated_on", ForbiddenError):
            verb(d.second, row.id, to=d.third.email, reason="转", seen=row.version)
    with refused("not_delegator", ForbiddenError):
        take_back(d.third, row.id, seen=row.version)
    with refused("in_other_hands", ForbiddenError, who="second"):
        check(world.county, row.id, seen=row.version)

    row = take_back(world.county, row.id, seen=row.version)

    assert (row.handler_id, row.delegated_by) == (world.county.id, None)
    assert check(world.county, row.id, seen=row.version).checked


def test_a_delegation_ends_when_the_case_leaves_the_desk(world: World) -> None:
    d = desk(world)
    row = delegate(world.county, d.case.id, to=d.second.email, reason="出差", seen=d.case.version)

    row = send_back(d.second, row.id, faults=FAULTS, seen=row.version)

    assert (row.handler_id, row.delegated_by) == (None, None)


def test_lists_are_not_bound_to_handlers(world: World) -> None:
    d = desk(world)
    [one] = at_county(world, 0) or [d.case.id]
    row = check(world.county, one, seen=application(one).version)
    transfer(world.county, one, to=d.second.email, reason="分工", seen=row.version)

    assert sealed(world, COUNTY, [one]).sealed_at is not None


def test_the_plan_of_a_transfer_names_the_case_and_who_is_told(world: World) -> None:
    d = desk(world)

    seen = plan(world.county, verb="transfer", arguments={
        "application_id": d.case.id, "to": d.second.email, "reason": "分工", "seen": d.case.version})  # fmt: skip

    assert [(s.act.value, s.subject) for s in seen.steps] == [("transfer", d.case.subject)]
    assert ("case_transferred", "second") in {(p.template, p.to) for p in seen.letters}
    assert now(d.case) == d.case


def test_whose_seat_is_ended_has_no_case_in_hand_any_more(world: World) -> None:
    d = desk(world)
    row = transfer(world.county, d.case.id, to=d.second.email, reason="分工", seen=d.case.version)
    [seat_id] = rows("SELECT id FROM seat WHERE account_id = :a", a=d.second.id)[0]

    with clock.at(NOW + timedelta(hours=1)):
        vacate(d.chair, seat_id=seat_id)

    assert now(row).handler_id is None
    assert ("case_fell_back", "county") in letters(row.id)
    assert check(world.county, row.id, seen=now(row).version).checked


def test_what_was_delegated_to_somebody_shut_out_returns_to_who_delegated_it(world: World) -> None:
    d = desk(world)
    row = delegate(world.county, d.case.id, to=d.second.email, reason="出差", seen=d.case.version)

    with clock.at(NOW + timedelta(hours=1)):
        disable_account(d.chair, email=d.second.email, organization_code=COUNTY)

    assert (now(row).handler_id, now(row).delegated_by) == (world.county.id, None)


def test_a_term_that_runs_out_is_noticed_by_the_sweep(world: World) -> None:
    d = desk(world)
    transfer(world.county, d.case.id, to=d.second.email, reason="分工", seen=d.case.version)
    seat(d.chair, email=d.second.email, organization_code=COUNTY, role=Role.REVIEWER, ends_at=NOW + timedelta(days=1))

    with clock.at(NOW + timedelta(days=1, minutes=1)):
        assert sweep()["hands_emptied"] == 1

    assert now(d.case).handler_id is None


def test_the_doctor_finds_a_case_in_empty_hands(world: World) -> None:
    d = desk(world)
    transfer(world.county, d.case.id, to=d.second.email, reason="分工", seen=d.case.version)

    with clock.at(NOW + timedelta(days=60)):
        ends = NOW + timedelta(days=61)
        seat(d.chair, email=d.second.email, organization_code=COUNTY, role=Role.REVIEWER, ends_at=ends)
    with clock.at(NOW + timedelta(days=65)):
        assert [v.name for v in doctor.check()] == ["empty_hands"]
        sweep()
        assert doctor.check() == []


def test_the_applicant_reads_nothing_of_whose_case_it_is(world: World) -> None:
    d = desk(world)
    row = transfer(world.county, d.case.id, to=d.second.email, reason="分工", seen=d.case.version)
    check(d.second, row.id, seen=row.version)

    told = read(world.clerks[0], row.id).history

    assert [h.act.value for h in told] == ["draft", "attach", "submit", "check"]
    assert (told[-1].who, told[-1].for_whom) == (None, None)


def test_somebody_who_was_never_there_is_not_found(world: World) -> None:
    row = submitted(world)
    person("other", "330200", Role.REVIEWER)

    with refused("not_found", NotFoundError):
        transfer(world.county, row.id, to="nobody@example.cn", reason="分工", seen=row.version)
