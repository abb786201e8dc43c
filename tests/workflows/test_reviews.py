"""The reviewer's verbs on one application: check, return with faults, refuse."""

from datetime import timedelta
from typing import Any

import pytest

from models import clock
from models.base import changed
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError, StaleError
from models.vocabulary import Role, State
from tests.worlds import (
    CLOSES,
    COUNTY,
    World,
    also,
    application,
    at_city,
    at_county,
    drafted,
    due,
    events,
    everything,
    in_notice,
    letters,
    places_on,
    quota,
    refused,
    rows,
    sealed,
    sent,
    submitted,
    unit,
)
from workflows.desk.reviews import check, refuse, send_back
from workflows.intake.applications import resubmit, revise
from workflows.listing.slates import rank

MASKED = "3301**********0005"
TOPICS = [{"field": "topics", "words": "请写明"}]


def test_a_check_is_one_opinion_one_event_and_one_letter(world: World) -> None:
    row = submitted(world)

    done = check(world.county, row.id, seen=row.version, opinion="材料齐全")

    # What a reviewer is answered hides the leader's identity number.
    kept = application(row.id)
    assert done == changed(kept, answers={**kept.answers, "leader_id": MASKED})
    assert (done.state, done.checked, done.due_at) == (State.COUNTY_REVIEW, True, row.due_at)
    assert events(row.id, since=row.version) == [("check", "county_review", "county_review", "county")]
    assert rows("SELECT step, desk, outcome, opinion FROM review") == [(0, COUNTY, "checked", "材料齐全")]
    assert ("checked", "clerk0") in letters(row.id)
    assert due(row.id) == ["review"]


def test_what_is_checked_is_not_checked_again(world: World) -> None:
    row = submitted(world)
    row = check(world.county, row.id, seen=row.version)

    with refused("checked_already", RefusedError, receipt=row.receipt):
        check(world.county, row.id, seen=row.version)


def test_a_return_keeps_the_faults_stops_the_clock_and_writes_one_letter(world: World) -> None:
    row = submitted(world)

    done = send_back(world.county, row.id, faults=[{"field": "topics", "words": " 请写明 "}], seen=row.version)

    # What a reviewer is answered hides the leader's identity number.
    kept = application(row.id)
    assert done == changed(kept, answers={**kept.answers, "leader_id": MASKED})
    assert (done.state, done.desk, done.faults) == (State.RETURNED, None, TOPICS)
    # Three working days after Tuesday, 3 March: to the end of Friday in Beijing.
    assert done.due_at is not None
    assert done.due_at.isoformat() == "2026-03-06T16:00:00+00:00"
    assert due(row.id) == ["correction"]
    assert [one for one in letters(row.id) if one[0] == "returned"] == [("returned", "clerk0")]
    assert rows("SELECT params FROM letter WHERE template = 'returned'")[0][0] is not None


def test_a_correction_never_runs_past_the_close_of_filing(world: World) -> None:
    row = submitted(world)

    with clock.at(CLOSES - timedelta(days=1)):
        done = send_back(world.county, row.id, faults=TOPICS, seen=row.version)

    assert done.due_at == CLOSES


def test_after_the_close_a_correction_has_its_full_days(world: World) -> None:
    row = submitted(world)

    with clock.at(CLOSES + timedelta(hours=1)):
        done = send_back(world.county, row.id, faults=TOPICS, seen=row.version)

    assert done.due_at is not None
    assert done.due_at > CLOSES + timedelta(days=2)


@pytest.mark.parametrize(("faults", "code", "field"), [
    ([], "faults_missing", "faults"),
    ([{"field": "shoe_size", "words": "x"}], "unknown_field", "shoe_size"),
    ([{"words": "x"}], "unknown_field", "None"),
    ([{"field": "topics", "words": "  "}], "words_missing", "topics"),
    ([{"field": "topics"}], "words_missing", "topics"),
])  # fmt: skip
def test_a_return_names_known_fields_in_words(world: World, faults: Any, code: str, field: str) -> None:
    row = submitted(world)

    with refused(code, InputError, field=field):
        send_back(world.county, row.id, faults=faults, seen=row.version)


def test_returning_for_the_same_field_again_needs_a_reason(world: World) -> None:
    row = submitted(world)
    row = send_back(world.county, row.id, faults=TOPICS, seen=row.version)
    row = revise(world.clerks[0], row.id, answers={"topics": "写明"}, seen=row.version)
    row = resubmit(world.clerks[0], row.id, seen=row.version)

    with refused("same_fault_again", RefusedError, field="topics"):
        send_back(world.county, row.id, faults=TOPICS, seen=row.version)
    send_back(world.county, row.id, faults=TOPICS, seen=row.version, opinion="仍不清楚")

    assert application(row.id).state is State.RETURNED


def test_another_tier_may_ask_for_the_field_a_lower_one_asked_for(world: World) -> None:
    row = submitted(world)
    row = send_back(world.county, row.id, faults=TOPICS, seen=row.version)
    row = revise(world.clerks[0], row.id, answers={"topics": "写明"}, seen=row.version)
    row = resubmit(world.clerks[0], row.id, seen=row.version)
    row = check(world.county, row.id, seen=row.version)
    sent(world, COUNTY, [row.id])

    done = send_back(world.city, row.id, faults=TOPICS, seen=application(row.id).version)

    assert done.state is State.RETURNED


def test_a_return_takes_the_name_off_the_draft_list_and_closes_the_ranks(world: World) -> None:
    ids = at_county(world, 3)
    listed = rank(world.county, round_id=world.round_id, organization_code=COUNTY, main=ids)

    send_back(world.county, ids[1], faults=TOPICS, seen=application(ids[1]).version)

    assert places_on(listed.id) == [(ids[0], 1, False), (ids[2], 2, False)]
    assert application(ids[1]).slate_id is None
    assert events(listed.id, since=listed.version) == [("withdraw", "drafting", "drafting", "county")]


def test_a_name_on_a_sealed_list_is_neither_returned_nor_refused(world: World) -> None:
    ids = at_county(world, 1)
    listed = sealed(world, COUNTY, ids)
    seen = application(ids[0]).version

    with refused("on_sealed_slate", RefusedError, slate=listed.id, state="sealed"):
        send_back(world.county, ids[0], faults=TOPICS, seen=seen)
    with refused("on_sealed_slate", RefusedError, slate=listed.id, state="sealed"):
        refuse(world.county, ids[0], reason="不符", seen=seen)


def test_a_return_by_the_upper_tier_keeps_the_place_below(world: World) -> None:
    ids, listed = at_city(world, 2)

    send_back(world.city, ids[0], faults=TOPICS, seen=application(ids[0]).version)

    assert quota(world, COUNTY) == (3, 0, 2)
    assert len(places_on(listed.id)) == 2


def test_a_refusal_ends_the_application_with_its_reason_and_frees_its_place(world: World) -> None:
    ids, listed = at_city(world, 2)

    done = refuse(world.city, ids[0], reason="不属于申报范围", seen=application(ids[0]).version)

    assert (done.state, done.live, done.desk) == (State.REFUSED, False, None)
    assert quota(world, COUNTY) == (3, 0, 1)
    assert places_on(listed.id) == [(ids[1], 1, False)]
    assert [one for one in letters(ids[0]) if one[0] == "refused"] == [("refused", "clerk0")]
    assert due(ids[0]) == []


def test_a_refusal_without_a_reason_is_none(world: World) -> None:
    row = submitted(world)

    with refused("reason_missing", InputError, field="reason"):
        refuse(world.county, row.id, reason=" ", seen=row.version)


def test_an_opinion_too_long_for_its_box_is_refused(world: World) -> None:
    row = submitted(world)

    with refused("too_long", InputError, field="opinion", length=2001, most=2000):
        check(world.county, row.id, seen=row.version, opinion="长" * 2001)


def test_another_desk_does_not_act_and_one_it_has_not_reached_does_not_know_of_it(world: World) -> None:
    row = submitted(world)
    with refused("not_your_desk", ForbiddenError):
        check(world.admin, row.id, seen=row.version)
    for actor in (world.city, world.province, world.stranger, world.clerks[1]):
        with refused("not_found", NotFoundError, given=row.id):
            check(actor, row.id, seen=row.version)

    check(world.county, row.id, seen=row.version)
    sent(world, COUNTY, [row.id])
    with refused("not_your_desk", ForbiddenError):
        send_back(world.county, row.id, faults=TOPICS, seen=application(row.id).version)


def test_a_draft_does_not_exist_upstream(world: World) -> None:
    row = drafted(world)

    for actor in (world.county, world.city, world.province, world.admin):
        with refused("not_found", NotFoundError, given=row.id):
            check(actor, row.id, seen=row.version)


def test_nobody_reviews_their_own_case_or_their_units(world: World) -> None:
    row = submitted(world)
    applicant = also(world.clerks[0], COUNTY, Role.REVIEWER)
    colleague = also(world.county, unit(0), Role.REVIEWER)

    for actor in (applicant, colleague):
        with refused("own_case", ForbiddenError):
            check(actor, row.id, seen=row.version)
        with refused("own_case", ForbiddenError):
            refuse(actor, row.id, reason="不符", seen=row.version)


def test_what_is_out_of_review_is_not_checked(world: World) -> None:
    ids, _ = in_notice(world, 1)

    with refused("not_in_review", ForbiddenError):
        check(world.province, ids[0], seen=application(ids[0]).version)


def test_of_two_reviewers_the_second_is_told_who_was_first(world: World) -> None:
    row = submitted(world)
    other = also(world.stranger, COUNTY, Role.REVIEWER)
    check(world.county, row.id, seen=row.version)

    with refused("stale", StaleError, who="county", act="check", seen=row.version, version=row.version + 1,
                 at="2026-03-03T01:00:00+00:00", thing="application"):  # fmt: skip
        send_back(other, row.id, faults=TOPICS, seen=row.version)


def test_a_click_sent_twice_decides_once(world: World) -> None:
    row = submitted(world)
    done = check(world.county, row.id, seen=row.version, key="k")
    before = everything()

    assert check(world.county, row.id, seen=row.version, key="k") == done
    assert check(world.county, row.id, seen=done.version, key="k") == done
    assert everything() == before


def test_two_doors_are_one_act_apart_by_their_keys(world: World) -> None:
    row = submitted(world)
    check(world.county, row.id, seen=row.version, key="k1")

    with refused("stale", StaleError):
        check(world.county, row.id, seen=row.version, key="k2")
