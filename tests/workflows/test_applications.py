"""The applicant's verbs: what each writes, what each refuses, and that a refusal leaves no trace."""

from datetime import UTC, timedelta
from typing import Any

import pytest

from models import clock
from models.errors import (
    FaultsError,
    ForbiddenError,
    IllegalMoveError,
    InputError,
    NotEligibleError,
    NotFoundError,
    RefusedError,
    SignedOutError,
    StaleError,
)
from models.vocabulary import Line, Role, State
from tests.worlds import (
    CITY,
    CLOSES,
    COUNTY,
    ENDS,
    INDUSTRY,
    NOW,
    PROVINCE,
    UNITS,
    World,
    also,
    answers,
    application,
    at_city,
    at_county,
    at_province,
    checked,
    drafted,
    due,
    events,
    everything,
    identity,
    in_notice,
    letters,
    named,
    person,
    photo,
    places_on,
    quota,
    refused,
    rows,
    sealed,
    sent,
    slate,
    submitted,
    unit,
)
from workflows.desk.reviews import check, send_back
from workflows.intake.applications import draft, resubmit, revise, submit, withdraw
from workflows.intake.attachments import attach, detach
from workflows.listing.slates import rank
from workflows.people.accounts import disable_account, vacate
from workflows.people.organizations import enrol
from workflows.record.acting import SYSTEM
from workflows.rounds import plan_round


def returned(w: World, n: int = 0, *fields: str) -> str:
    """An application the county has returned for its topics, or other fields."""
    row = submitted(w, n)
    faults = [{"field": f, "words": "请写明"} for f in fields or ("topics",)]
    return send_back(w.county, row.id, faults=faults, seen=row.version).id


def test_a_draft_is_one_row_one_event_one_deadline_and_no_letter(world: World) -> None:
    row = draft(world.clerks[0], round_id=world.round_id, organization_code=unit(0), answers={"team_size": "5"})

    assert (row.state, row.version, row.answers, row.live) == (State.DRAFT, 1, {"team_size": 5}, False)
    assert events(row.id) == [("draft", None, "draft", "clerk0")]
    assert due(row.id) == ["submission"]
    assert letters(row.id) == []


def test_a_submission_takes_a_receipt_a_route_a_desk_and_tells_both_sides(world: World) -> None:
    row = drafted(world)

    done = submit(world.clerks[0], row.id, seen=row.version)

    assert done == application(row.id)
    assert (done.state, done.desk, done.step, done.live) == (State.COUNTY_REVIEW, COUNTY, 0, True)
    assert done.route == [["county", COUNTY], ["city-or-industry", CITY], ["province", PROVINCE]]
    assert done.receipt is not None
    assert done.receipt.startswith("2026-")
    assert events(row.id) == [
        ("draft", None, "draft", "clerk0"),
        ("attach", "draft", "draft", "clerk0"),
        ("submit", "draft", "county_review", "clerk0"),
    ]
    assert letters(row.id) == [("arrived", "county"), ("submitted", "clerk0")]
    assert due(row.id) == ["review"]


def test_the_industry_line_goes_to_the_industry_union_beside_the_city(world: World) -> None:
    n = UNITS - 1
    row = draft(world.clerks[n], round_id=world.round_id, organization_code=unit(n), line=Line.INDUSTRY,
                answers=answers(n))  # fmt: skip
    attach(world.clerks[n], row.id, slot="honour_proof", filename="证书.png", content=photo(), seen=1)

    done = submit(world.clerks[n], row.id, seen=2)

    assert (done.state, done.desk) == (State.CITY_REVIEW, INDUSTRY)
    assert done.route == [["city-or-industry", INDUSTRY], ["province", PROVINCE]]


def test_every_fault_of_a_form_is_named_at_once(world: World) -> None:
    row = drafted(world, proof=False, results="", team_size="", leader_id="")

    with refused("faults", FaultsError, count=4, faults=[
        {"field": "leader_id", "code": "required"}, {"field": "team_size", "code": "required"},
        {"field": "results", "code": "required"}, {"field": "honour_proof", "code": "file_required"},
    ]):  # fmt: skip
        submit(world.clerks[0], row.id, seen=row.version)


def test_what_cannot_be_read_is_told_field_by_field_and_nothing_is_saved(world: World) -> None:
    row = drafted(world)

    with refused("faults", FaultsError, faults=[
        {"field": "leader_id", "code": "not_a_person_id", "given": "33010619800101001X"},
        {"field": "leader_honour", "code": "not_a_choice", "given": "saint",
         "known": ["national_model", "provincial_model", "may_day", "city_model", "craftsman", "none"]},
        {"field": "founded_on", "code": "not_a_date", "given": "31.12.2020"},
        {"field": "team_size", "code": "too_big", "given": 501, "most": 500},
    ]):  # fmt: skip
        revise(world.clerks[0], row.id, seen=row.version, answers={
            "leader_id": "33010619800101001X", "leader_honour": "saint", "founded_on": "31.12.2020",
            "team_size": "501", "topics": "好",
        })  # fmt: skip


def test_an_unknown_field_is_refused_with_the_known_ones(world: World) -> None:
    with refused("unknown_field", InputError, field="shoe_size"):
        draft(world.clerks[0], round_id=world.round_id, organization_code=unit(0), answers={"shoe_size": 43})


def test_revisions_tell_each_field_before_and_after(world: World) -> None:
    row = drafted(world)

    revise(world.clerks[0], row.id, answers={"topics": "新课题", "results": "成果"}, seen=row.version)

    assert application(row.id).answers["topics"] == "新课题"
    later = rows("SELECT field, before, after FROM revision WHERE application_id = :i AND version > 1", i=row.id)
    assert [(f, "课题" in str(b), "新课题" in str(a)) for f, b, a in later] in (
        [("topics", True, True)], [("topics", False, False)],  # SQLite keeps JSON as escaped text
    )  # fmt: skip


@pytest.mark.parametrize(("other", "failed", "earliest"), [
    ({"leader_honour": "none"}, ["leader_level"], None),
    ({"team_size": 2}, ["team"], None),
    ({"founded_on": "2025-09-01"}, ["running"], "2026-09-01"),
    ({"founded_on": "2025-09-01", "team_size": 2}, ["team", "running"], None),
])  # fmt: skip
def test_a_clause_that_fails_is_named_with_the_day_it_clears(
    world: World, other: dict[str, Any], failed: list[str], earliest: str | None
) -> None:
    row = drafted(world, **other)

    with refused("not_eligible", NotEligibleError, earliest=earliest) as refusal:
        submit(world.clerks[0], row.id, seen=row.version)

    assert [f["clause"] for f in refusal.details["failed"]] == failed


def test_who_holds_the_title_does_not_apply_for_it_again(world: World) -> None:
    named(world)
    with clock.at(NOW + timedelta(days=10)):
        row = draft(world.clerks[0], round_id=world.round_id, organization_code=unit(0), answers=answers(0))
        attach(world.clerks[0], row.id, slot="honour_proof", filename="证书.png", content=photo(), seen=1)

        with refused("not_eligible", NotEligibleError):
            submit(world.clerks[0], row.id, seen=2)


def test_a_leader_stands_once_in_a_round_whichever_unit_files(world: World) -> None:
    submitted(world, 0)
    second = drafted(world, 1, leader_id=identity(0))

    with refused("leader_twice", RefusedError, organization=unit(0), line="region"):
        submit(world.clerks[1], second.id, seen=second.version)


def test_a_leader_stands_on_one_line_only(world: World) -> None:
    n = UNITS - 1
    submitted(world, n)
    row = draft(world.clerks[n], round_id=world.round_id, organization_code=unit(n), line=Line.INDUSTRY,
                answers=answers(n))  # fmt: skip
    attach(world.clerks[n], row.id, slot="honour_proof", filename="证书.png", content=photo(), seen=1)

    with refused("other_line", RefusedError, line="region"):
        submit(world.clerks[n], row.id, seen=2)


def test_withdrawing_and_beginning_again_is_one_application_and_not_two(world: World) -> None:
    first = submitted(world)
    withdraw(world.clerks[0], first.id, seen=first.version)

    second = submitted(world)

    assert (application(first.id).state, second.state) == (State.WITHDRAWN, State.COUNTY_REVIEW)
    assert second.receipt != first.receipt


def test_a_correction_cannot_take_another_applicants_leader(world: World) -> None:
    submitted(world, 1)
    one = returned(world, 0, "leader_id")

    with refused("leader_twice", RefusedError):
        revise(world.clerks[0], one, answers={"leader_id": identity(1)}, seen=application(one).version)


def test_a_unit_of_another_province_does_not_climb_into_this_round(world: World) -> None:
    enrol(SYSTEM, code=unit(77), name="上海企业", parent="310101")
    clerk = person("shanghai", unit(77), Role.CLERK)
    row = draft(clerk, round_id=world.round_id, organization_code=unit(77), answers=answers(77))
    attach(clerk, row.id, slot="honour_proof", filename="证书.png", content=photo(), seen=1)

    with refused("no_route", RefusedError, organization=unit(77)):
        submit(clerk, row.id, seen=2)


def test_a_line_the_unit_does_not_have_is_refused(world: World) -> None:
    row = draft(world.clerks[0], round_id=world.round_id, organization_code=unit(0), line=Line.INDUSTRY,
                answers=answers(0))  # fmt: skip
    attach(world.clerks[0], row.id, slot="honour_proof", filename="证书.png", content=photo(), seen=1)

    with refused("no_line", RefusedError, line="industry", organization=unit(0)):
        submit(world.clerks[0], row.id, seen=2)


@pytest.mark.parametrize("days", [20, 300])
def test_a_round_that_is_over_takes_nothing(world: World, days: int) -> None:
    row = drafted(world)

    with clock.at(NOW + timedelta(days=days)):
        with refused("round_closed", RefusedError, closes_at=CLOSES.astimezone(UTC).isoformat()):
            submit(world.clerks[0], row.id, seen=row.version)
        with refused("round_closed", RefusedError):
            draft(world.clerks[0], round_id=world.round_id, organization_code=unit(0))


def test_a_round_that_is_yet_to_open_takes_nothing(world: World) -> None:
    later = plan_round(world.admin, programme="provincial-studio@1", organization_code=PROVINCE, year=2027,
                       opens_at=CLOSES, closes_at=ENDS)  # fmt: skip

    with refused("round_not_open_yet", RefusedError, opens_at=CLOSES.astimezone(UTC).isoformat()):
        draft(world.clerks[0], round_id=later.id, organization_code=unit(0))


def test_the_last_second_of_the_window_still_counts(world: World) -> None:
    row = drafted(world)

    with clock.at(CLOSES - timedelta(seconds=1)):
        assert submit(world.clerks[0], row.id, seen=row.version).state is State.COUNTY_REVIEW


def test_nobody_drafts_for_a_unit_they_are_no_clerk_of(world: World) -> None:
    for actor, code in ((world.clerks[0], unit(1)), (world.county, COUNTY), (world.admin, unit(0))):
        with refused("not_yours", ForbiddenError, organization=code):
            draft(actor, round_id=world.round_id, organization_code=code)


def test_a_stranger_is_told_of_an_application_in_the_words_of_one_that_is_not(world: World) -> None:
    row = drafted(world)

    for given in (row.id, "0" * 32):
        with refused("not_found", NotFoundError, thing="application", given=given):
            withdraw(world.clerks[1], given, seen=row.version)


def test_a_reviewer_edits_nothing(world: World) -> None:
    row = submitted(world)

    for act in (withdraw, submit, resubmit):
        with refused("not_yours", ForbiddenError):
            act(world.county, row.id, seen=row.version)


def test_a_stale_click_says_who_did_what_when_and_changes_nothing(world: World) -> None:
    row = submitted(world)
    check(world.county, row.id, seen=row.version)

    with refused("stale", StaleError, who="西湖区总工会", act="check", at=application(row.id).entered_at.isoformat(),
                 seen=row.version, version=row.version + 1):  # fmt: skip
        withdraw(world.clerks[0], row.id, seen=row.version)


def test_the_same_click_again_is_the_same_answer_and_nothing_more(world: World) -> None:
    clerk = world.clerks[0]
    made = draft(clerk, round_id=world.round_id, organization_code=unit(0), answers=answers(0), key="a")
    again = draft(clerk, round_id=world.round_id, organization_code=unit(0), answers=answers(0), key="a")
    file = attach(clerk, made.id, slot="honour_proof", filename="证书.png", content=photo(), seen=1, key="b")
    same = attach(clerk, made.id, slot="honour_proof", filename="证书.png", content=photo(), seen=1, key="b")
    done = submit(clerk, made.id, seen=2, key="c")
    before = everything()

    assert (again, same) == (made, file)
    assert submit(clerk, made.id, seen=2, key="c") == done
    assert submit(clerk, made.id, seen=3, key="c") == done
    assert everything() == before


def test_a_key_that_served_another_act_or_person_is_no_obstacle(world: World) -> None:
    for n in (0, 1):
        draft(world.clerks[n], round_id=world.round_id, organization_code=unit(n), key="same")
    row = drafted(world, 2)

    revise(world.clerks[2], row.id, answers={"topics": "一"}, seen=row.version, key="same")
    done = submit(world.clerks[2], row.id, seen=row.version + 1, key="same")

    assert done.state is State.COUNTY_REVIEW


def test_a_returned_application_opens_only_the_fields_at_fault(world: World) -> None:
    one = returned(world, 0, "topics")

    with refused("field_not_open", RefusedError, field="results", open=["topics"]):
        revise(world.clerks[0], one, answers={"topics": "写明了", "results": "更多"}, seen=application(one).version)
    with refused("field_not_open", RefusedError, field="honour_proof"):
        attach(world.clerks[0], one, slot="honour_proof", filename="证书.png", content=photo(),
               seen=application(one).version)  # fmt: skip


def test_a_correction_goes_back_to_the_tier_that_returned_it_with_all_of_its_time(world: World) -> None:
    ids, _ = at_city(world, 1)
    row = application(ids[0])
    row = send_back(world.city, row.id, faults=[{"field": "topics", "words": "请写明"}], seen=row.version)
    assert (row.state, row.desk, row.step) == (State.RETURNED, None, 1)
    assert due(row.id) == ["correction"]

    with clock.at(NOW + timedelta(days=1)):
        row = revise(world.clerks[0], row.id, answers={"topics": "写明了"}, seen=row.version)
        done = resubmit(world.clerks[0], row.id, seen=row.version)

    assert (done.state, done.desk, done.checked, done.faults) == (State.CITY_REVIEW, CITY, False, [])
    # Seven working days after Wednesday, 4 March, to the end of that day in Beijing.
    assert done.due_at is not None
    assert done.due_at.isoformat() == "2026-03-13T16:00:00+00:00"
    assert due(row.id) == ["review"]
    assert events(row.id)[-3:] == [
        ("return", "city_review", "returned", "city"),
        ("revise", "returned", "returned", "clerk0"),
        ("resubmit", "returned", "city_review", "clerk0"),
    ]
    assert ("resubmitted", "city") in letters(row.id)


def test_a_correction_that_comes_after_its_limit_is_too_late(world: World) -> None:
    one = returned(world)
    row = application(one)
    assert row.due_at is not None

    with clock.at(row.due_at), refused("correction_over", RefusedError, due_at=row.due_at.isoformat()):
        resubmit(world.clerks[0], one, seen=row.version)


def test_a_correction_emptied_meanwhile_is_refused_as_incomplete(world: World) -> None:
    one = returned(world, 0, "topics")
    row = revise(world.clerks[0], one, answers={"topics": " "}, seen=application(one).version)

    with refused("faults", FaultsError, faults=[{"field": "topics", "code": "required"}]):
        resubmit(world.clerks[0], one, seen=row.version)


def test_withdrawing_a_draft_ends_it_without_a_letter(world: World) -> None:
    row = drafted(world)

    done = withdraw(world.clerks[0], row.id, seen=row.version, reason="不报了")

    assert (done.state, done.live, done.desk) == (State.WITHDRAWN, False, None)
    assert (due(row.id), letters(row.id)) == ([], [])


def test_withdrawing_a_main_name_gives_its_place_back_closes_the_ranks_and_lets_the_reserve_rise(
    world: World,
) -> None:
    ids, county = at_city(world, 3)
    listed = sealed(world, CITY, ids[:2], ids[2:])
    before = quota(world, COUNTY), quota(world, CITY)

    row = application(ids[0])
    withdraw(world.clerks[0], row.id, seen=row.version)

    assert before == ((3, 0, 3), (10, 2, 0))
    assert (quota(world, COUNTY), quota(world, CITY)) == ((3, 0, 2), (10, 2, 0))
    assert places_on(listed.id) == [(ids[1], 1, False), (ids[2], 2, False)]
    assert places_on(county.id) == [(ids[1], 1, False), (ids[2], 2, False)]
    assert events(listed.id, since=listed.version) == [
        ("withdraw", "sealed", "sealed", "clerk0"), ("promote", "sealed", "sealed", "clerk0"),
    ]  # fmt: skip
    assert rows("SELECT source, target, n, act FROM quota_entry WHERE application_id = :a ORDER BY act, source",
                a=ids[2]) == [("available", "reserved", 1, "promote")]  # fmt: skip
    assert ("promoted", "clerk2") in letters(ids[2])


def test_the_counties_reserve_rises_to_the_city_when_a_sent_name_leaves(world: World) -> None:
    # Three places, no reserve by percentage: so ask of the city's ten, sent to the province.
    ids, _ = at_city(world, 3)
    listed = sent(world, CITY, ids[:2], ids[2:])
    assert application(ids[2]).desk is None

    row = application(ids[0])
    withdraw(world.clerks[0], row.id, seen=row.version)

    risen = application(ids[2])
    assert (risen.state, risen.desk, risen.step, risen.checked) == (State.PROVINCIAL_REVIEW, PROVINCE, 2, False)
    assert events(ids[2])[-1] == ("recommend", "city_review", "provincial_review", "clerk0")
    assert quota(world, CITY) == (10, 0, 2)
    assert places_on(listed.id) == [(ids[1], 1, False), (ids[2], 2, False)]


def test_a_name_on_a_list_still_being_drafted_stood_last_on_the_list_below(world: World) -> None:
    ids, _ = at_city(world, 3)
    sent(world, CITY, ids[:2], ids[2:])
    checked(world, PROVINCE, *ids[:2])
    rank(world.province, round_id=world.round_id, organization_code=PROVINCE, main=ids[:2])

    row = application(ids[0])
    withdraw(world.clerks[0], row.id, seen=row.version)

    assert application(ids[2]).state is State.PROVINCIAL_REVIEW
    assert quota(world, CITY) == (10, 0, 2)


def test_a_reserve_name_that_leaves_frees_no_place_for_the_next(world: World) -> None:
    ids, _ = at_city(world, 3)
    listed = sealed(world, CITY, ids[:1], ids[1:])

    row = application(ids[1])
    withdraw(world.clerks[1], row.id, seen=row.version)

    assert places_on(listed.id) == [(ids[0], 1, False), (ids[2], 2, True)]
    assert quota(world, CITY) == (10, 1, 0)


def test_a_name_in_notice_is_no_longer_withdrawn(world: World) -> None:
    ids, _ = in_notice(world, 1)

    with refused("illegal_move", IllegalMoveError, act="withdraw", state="public_notice"):
        withdraw(world.clerks[0], ids[0], seen=application(ids[0]).version)


def test_an_ended_application_moves_no_more(world: World) -> None:
    row = submitted(world)
    row = withdraw(world.clerks[0], row.id, seen=row.version)

    for act in (withdraw, submit, resubmit):
        with refused("illegal_move", IllegalMoveError):
            act(world.clerks[0], row.id, seen=row.version)


def test_a_file_taken_out_stays_on_record_and_the_form_lacks_it(world: World) -> None:
    row = drafted(world)
    file = rows("SELECT id FROM attachment WHERE application_id = :a", a=row.id)[0][0]

    row = detach(world.clerks[0], row.id, attachment_id=file, seen=row.version)

    assert len(rows("SELECT id FROM attachment WHERE removed_at IS NOT NULL AND id = :f", f=file)) == 1
    with refused("faults", FaultsError, faults=[{"field": "honour_proof", "code": "file_required"}]):
        submit(world.clerks[0], row.id, seen=row.version)


def test_an_applicant_shut_out_acts_no_more_even_with_an_old_session(world: World) -> None:
    row = drafted(world)
    disable_account(SYSTEM, email=world.clerks[0].email, organization_code=unit(0))

    with refused("unknown_account", SignedOutError):
        withdraw(world.clerks[0], row.id, seen=row.version)


def test_a_new_clerk_of_the_unit_carries_on_where_the_old_one_left(world: World) -> None:
    row = drafted(world)
    with clock.at(NOW + timedelta(hours=1)):
        seat_id = rows("SELECT id FROM seat WHERE account_id = :a", a=world.clerks[0].id)[0][0]
        vacate(SYSTEM, seat_id=seat_id)
        heir = also(person("heir", unit(0), Role.CLERK), unit(0), Role.CLERK)

        done = submit(heir, row.id, seen=row.version)

    assert events(row.id)[-1] == ("submit", "draft", "county_review", "heir")
    assert done.applicant_id == world.clerks[0].id


def test_a_cap_is_free_again_after_every_way_of_leaving(world: World) -> None:
    ids = at_county(world, 3)
    listed = sealed(world, COUNTY, ids)
    assert quota(world, COUNTY) == (3, 3, 0)

    for n, one in enumerate(ids):
        withdraw(world.clerks[n], one, seen=application(one).version)

    assert quota(world, COUNTY) == (3, 0, 0)
    assert places_on(listed.id) == []
    assert slate(listed.id).state == "sealed"


def test_at_the_province_a_withdrawal_gives_back_a_place_at_each_tier(world: World) -> None:
    ids, _ = at_province(world, 2)
    sealed(world, PROVINCE, ids)

    withdraw(world.clerks[1], ids[1], seen=application(ids[1]).version)

    assert [quota(world, code) for code in (COUNTY, CITY, PROVINCE)] == [(3, 0, 1), (10, 0, 1), (70, 1, 0)]
