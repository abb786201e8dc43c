"""A tier's list: ranked by its people, sealed under its quota, never by filing time."""

from datetime import timedelta
from typing import Any

import pytest

from models import clock
from models.errors import (
    ConflictError,
    ForbiddenError,
    IllegalMoveError,
    InputError,
    NotFoundError,
    QuotaError,
    RefusedError,
    StaleError,
)
from models.vocabulary import QuotaKind, Role, Rung, SlateState
from tests.worlds import (
    CITY,
    COUNTY,
    NOW,
    PLACES,
    World,
    also,
    application,
    at_city,
    at_county,
    checked,
    events,
    everything,
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
from workflows.intake.applications import withdraw
from workflows.listing.slates import open_slate, rank, seal
from workflows.people.accounts import vacate
from workflows.record.acting import SYSTEM
from workflows.rounds import issue


def ranked(w: World, main: list[Any], reserve: list[Any] | None = None, **more: Any) -> Any:
    """The county's list."""
    return rank(w.county, round_id=w.round_id, organization_code=COUNTY, main=main, reserve=reserve, **more)


def test_the_first_ranking_begins_the_list(world: World) -> None:
    ids = at_county(world, 3)

    made = ranked(world, [{"application": ids[2], "score": "91.5", "note": "突出"}, ids[0]], [ids[1]])

    assert made == slate(made.id)
    assert (made.state, made.rung, made.organization) == (SlateState.DRAFTING, Rung.COUNTY, COUNTY)
    assert places_on(made.id) == [(ids[2], 1, False), (ids[0], 2, False), (ids[1], 3, True)]
    assert rows("SELECT score, note FROM slate_entry WHERE rank = 1") == [(9150, "突出")]
    assert events(made.id) == [("start", None, "drafting", "county"), ("rank", "drafting", "drafting", "county")]
    assert {application(one).slate_id for one in ids} == {made.id}
    assert quota(world, COUNTY) == (3, 0, 0)


def test_a_new_ranking_replaces_the_old_and_lets_go_of_who_is_left_out(world: World) -> None:
    ids = at_county(world, 3)
    made = ranked(world, ids)

    again = ranked(world, [ids[2], ids[0]], seen=made.version)

    assert again.id == made.id
    assert places_on(made.id) == [(ids[2], 1, False), (ids[0], 2, False)]
    assert [application(one).slate_id for one in ids] == [made.id, None, made.id]


def test_a_ranking_on_an_old_list_is_stale(world: World) -> None:
    ids = at_county(world, 2)
    made = ranked(world, ids)

    for seen in (0, made.version - 1):
        with refused("stale", StaleError, who="county", act="rank", version=made.version):
            ranked(world, ids[:1], seen=seen)


def test_without_a_list_there_is_nothing_to_have_seen(world: World) -> None:
    ids = at_county(world, 1)

    with refused("no_draft_slate", ConflictError, organization=COUNTY):
        ranked(world, ids, seen=3)


@pytest.mark.parametrize(("given", "code", "details"), [
    ([], "slate_empty", {"field": "main"}),
    (["ID", "ID"], "listed_twice", {"field": "main"}),
    ([{"application": "ID", "weight": 1}], "unknown_field", {"field": "weight"}),
    ([{"score": 1}], "argument", {"field": "main.application", "expected": "str"}),
    ([{"application": "ID", "score": "101"}], "score", {"field": "score", "given": "101"}),
    ([{"application": "ID", "score": "NaN"}], "score", {"given": "NaN"}),
    ([{"application": "ID", "score": "九十"}], "score", {"given": "九十"}),
])  # fmt: skip
def test_a_list_that_cannot_be_read_is_refused(
    world: World, given: list[Any], code: str, details: dict[str, Any]
) -> None:
    [one] = at_county(world, 1)
    main = [dict(i, application=one) if isinstance(i, dict) and "application" in i else i for i in given]
    main = [one if item == "ID" else item for item in main]

    with refused(code, InputError, **details):
        ranked(world, main)


def test_only_checked_applications_at_this_desk_stand_on_a_list(world: World) -> None:
    waiting = submitted(world)
    with refused("not_checked", RefusedError, receipt=waiting.receipt):
        ranked(world, [waiting.id])
    for given in (submitted(world, 1).id, "0" * 32):
        with refused("not_at_desk", NotFoundError, given=given):
            rank(world.city, round_id=world.round_id, organization_code=CITY, main=[given])


def test_a_name_stands_on_one_list_of_a_tier(world: World) -> None:
    ids = at_county(world, 2)
    first = sealed(world, COUNTY, ids[:1])

    with refused("on_other_slate", RefusedError, slate=first.id):
        ranked(world, ids)


def test_only_the_tiers_reviewers_rank(world: World) -> None:
    ids = at_county(world, 1)

    for actor in (world.city, world.admin, world.clerks[0]):
        with refused("not_your_desk", ForbiddenError):
            rank(actor, round_id=world.round_id, organization_code=COUNTY, main=ids)


def test_nobody_ranks_their_own_case(world: World) -> None:
    ids = at_county(world, 1)
    with clock.at(NOW + timedelta(hours=1)):
        also(world.county, unit(0), Role.CLERK)

        with refused("own_case", ForbiddenError, application=ids[0]):
            ranked(world, ids)


def test_nobody_seals_a_list_they_or_their_unit_stand_on(world: World) -> None:
    ids = at_county(world, 2)
    made = ranked(world, ids)
    applicant = also(world.clerks[1], COUNTY, Role.REVIEWER)
    colleague = also(world.stranger, COUNTY, Role.REVIEWER)
    also(colleague, unit(0), Role.CLERK)

    for actor, own in ((applicant, ids[1]), (colleague, ids[0])):
        with refused("own_case", ForbiddenError, application=own):
            seal(actor, made.id, seen=made.version)


def test_nobody_seals_their_own_case_after_leaving_their_unit(world: World) -> None:
    ids = at_county(world, 1)
    made = ranked(world, ids)
    applicant = also(world.clerks[0], COUNTY, Role.REVIEWER)
    # As when the applicant changed over to the county: the unit's seat is gone.
    moved = rows("SELECT id FROM seat WHERE account_id = :a AND role = 'clerk'", a=applicant.id)[0][0]
    with clock.at(NOW + timedelta(hours=1)):
        vacate(SYSTEM, seat_id=moved)

        with refused("own_case", ForbiddenError, application=ids[0]):
            seal(applicant, made.id, seen=made.version)


def test_sealing_holds_a_place_for_every_main_name(world: World) -> None:
    ids = at_county(world, 2)
    made = ranked(world, ids)

    done = seal(world.county, made.id, seen=made.version, minutes="主席办公会〔2026〕3号")

    assert done == slate(made.id)
    assert (done.state, done.minutes) == (SlateState.SEALED, "主席办公会〔2026〕3号")
    assert quota(world, COUNTY) == (3, 2, 0)
    assert rows("SELECT source, target, n, act, slate_id FROM quota_entry WHERE act = 'seal'") == [
        ("available", "reserved", 2, "seal", made.id)
    ]
    assert events(made.id, since=made.version) == [("seal", "drafting", "sealed", "county")]


def test_one_name_too_many_is_refused_with_the_numbers(world: World) -> None:
    ids = at_county(world, 4)
    made = ranked(world, ids)

    with refused("quota_spent", QuotaError, places=3, left=3, asked=4):
        seal(world.county, made.id, seen=made.version)


def test_two_lists_share_one_quota(world: World) -> None:
    ids = at_county(world, 4)
    sealed(world, COUNTY, ids[:2])
    made = ranked(world, ids[2:])

    with refused("quota_spent", QuotaError, places=3, left=1, asked=2):
        seal(world.county, made.id, seen=made.version)


def test_the_reserve_is_a_share_of_the_places(world: World) -> None:
    ids, _ = at_city(world, 3)
    made = rank(world.city, round_id=world.round_id, organization_code=CITY, main=[], reserve=ids)

    with refused("reserve_full", QuotaError, allowed=2, asked=3, percent=20, places=PLACES[CITY]):
        seal(world.city, made.id, seen=made.version)


def test_the_reserve_is_not_dodged_by_a_second_list(world: World) -> None:
    ids, _ = at_city(world, 3)
    sealed(world, CITY, [], ids[:2])
    made = rank(world.city, round_id=world.round_id, organization_code=CITY, main=[], reserve=ids[2:])

    with refused("reserve_full", QuotaError, allowed=2, asked=3):
        seal(world.city, made.id, seen=made.version)


def test_fewer_than_the_minimum_asks_for_a_reason(world: World) -> None:
    issue(world.admin, round_id=world.round_id, organization_code=COUNTY, places=3, kind=QuotaKind.MINIMUM, minimum=2)
    made = ranked(world, at_county(world, 1))

    with refused("below_minimum", QuotaError, minimum=2, asked=1):
        seal(world.county, made.id, seen=made.version)
    seal(world.county, made.id, seen=made.version, reason="无其他合格人选")

    assert quota(world, COUNTY) == (3, 1, 0)


def test_a_union_without_places_seals_nothing(world: World) -> None:
    made = ranked(world, at_county(world, 1))
    issue(world.admin, round_id=world.round_id, organization_code=COUNTY, places=0)

    with refused("quota_spent", QuotaError, places=0, left=0, asked=1):
        seal(world.county, made.id, seen=made.version)


def test_an_order_must_stand_for_its_scores(world: World) -> None:
    ids = at_county(world, 2)
    scores = [{"application": ids[0], "score": "90"}, {"application": ids[1], "score": "90.01"}]
    made = ranked(world, scores)

    with refused("order_against_scores", RefusedError, place=2):
        seal(world.county, made.id, seen=made.version)


def test_a_tie_at_the_line_is_settled_by_the_meeting_and_never_by_filing_time(world: World) -> None:
    ids, _ = at_city(world, 3)
    scores = [{"application": one, "score": "90"} for one in reversed(ids)]
    made = rank(world.city, round_id=world.round_id, organization_code=CITY, main=scores[:2], reserve=scores[2:])

    with refused("tie_at_line", RefusedError, first=1, last=3, line=2, score="90.00", criteria=["results"]):
        seal(world.city, made.id, seen=made.version)
    seal(world.city, made.id, seen=made.version, tie="会议表决")

    assert places_on(made.id) == [(ids[2], 1, False), (ids[1], 2, False), (ids[0], 3, True)]


def test_a_list_emptied_meanwhile_is_not_sealed(world: World) -> None:
    ids = at_county(world, 1)
    made = ranked(world, ids)
    withdraw(world.clerks[0], ids[0], seen=application(ids[0]).version)

    with refused("slate_empty", RefusedError):
        seal(world.county, made.id, seen=slate(made.id).version)


def test_a_sealed_list_is_not_sealed_again(world: World) -> None:
    made = sealed(world, COUNTY, at_county(world, 1))

    with refused("illegal_move", IllegalMoveError, act="seal", state="sealed", thing="slate"):
        seal(world.county, made.id, seen=made.version)


def test_a_strangers_list_is_not_found(world: World) -> None:
    made = sealed(world, COUNTY, at_county(world, 1))

    for actor in (world.city, world.stranger, world.clerks[0]):
        for given in (made.id, "0" * 32):
            with refused("not_found", NotFoundError, thing="slate", given=given):
                seal(actor, given, seen=made.version)


def test_a_click_sent_twice_ranks_and_seals_once(world: World) -> None:
    ids = at_county(world, 2)
    made = ranked(world, ids, key="r")
    done = seal(world.county, made.id, seen=made.version, key="s")
    before = everything()

    assert seal(world.county, made.id, seen=made.version, key="s") == done
    assert ranked(world, ids, key="r") == done
    assert everything() == before


def test_opening_is_the_upper_tiers_act(world: World) -> None:
    made = sent(world, COUNTY, at_county(world, 1))
    with refused("not_your_desk", ForbiddenError):
        open_slate(world.county, made.id, seen=made.version)

    done = open_slate(world.city, made.id, seen=made.version)

    assert (done.state, done.sent_to) == (SlateState.OPENED, CITY)
    assert events(made.id)[-1] == ("open", "sent_up", "opened", "city")
    with refused("illegal_move", IllegalMoveError, act="open", state="opened"):
        open_slate(world.city, done.id, seen=done.version)


def test_a_list_goes_on_with_those_checked_later(world: World) -> None:
    ids = at_county(world, 1)
    made = ranked(world, ids)
    later = submitted(world, 1)

    again = ranked(world, [*ids, *checked(world, COUNTY, later.id)], seen=made.version)

    assert places_on(again.id) == [(ids[0], 1, False), (later.id, 2, False)]
