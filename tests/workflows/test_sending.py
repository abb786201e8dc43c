"""A list goes up and comes back as a unit, with its quota, letters, deadlines and opinions."""

import pytest

from models import clock
from models.errors import (
    ConflictError,
    ForbiddenError,
    IllegalMoveError,
    InputError,
    NotFoundError,
    RefusedError,
    StaleError,
)
from models.vocabulary import SlateState, State
from tests.worlds import (
    CITY,
    COUNTY,
    NOTICE_OVER,
    PROVINCE,
    World,
    application,
    at_city,
    at_county,
    at_province,
    checked,
    due,
    events,
    everything,
    letters,
    places_on,
    quota,
    refused,
    rows,
    sealed,
    sent,
    slate,
)
from workflows.desk.reviews import check, send_back
from workflows.intake.applications import resubmit, revise, withdraw
from workflows.listing.sending import recall, send_up
from workflows.listing.slates import open_slate, rank, seal


def test_sending_up_moves_the_main_names_and_lets_the_reserve_wait(world: World) -> None:
    ids, _ = at_city(world, 3)
    listed = sealed(world, CITY, ids[:2], ids[2:])

    done = send_up(world.city, listed.id, seen=listed.version)

    assert done == slate(listed.id)
    assert (done.state, done.sent_to) == (SlateState.SENT_UP, PROVINCE)
    assert quota(world, CITY) == (10, 0, 2)
    for one in ids[:2]:
        row = application(one)
        assert (row.state, row.desk, row.step, row.checked, row.slate_id) == (
            State.PROVINCIAL_REVIEW, PROVINCE, 2, False, None,
        )  # fmt: skip
        assert events(one)[-1] == ("recommend", "city_review", "provincial_review", "city")
        assert due(one) == ["review"]
    waiting = application(ids[2])
    assert (waiting.state, waiting.desk, waiting.step) == (State.CITY_REVIEW, None, 1)
    assert events(ids[2])[-1] == ("reserve", "city_review", "city_review", "city")
    assert due(ids[2]) == ["reserve_end"]
    assert letters(listed.id) == [("slate_arrived", "province")]
    found = "SELECT application_id, outcome, opinion FROM review WHERE outcome <> 'checked' AND step = 1"
    assert sorted(rows(found)) == sorted(
        [(ids[0], "recommended", "会议纪要"), (ids[1], "recommended", "会议纪要"), (ids[2], "reserve", "会议纪要")]
    )


def test_only_who_goes_up_gets_a_letter_of_recommendation(world: World) -> None:
    ids, _ = at_city(world, 2)
    sent(world, CITY, ids[:1], ids[1:])

    told = [[one for one in letters(i) if one[0] == "recommended"] for i in ids]
    assert told == [[("recommended", "clerk0")] * 2, [("recommended", "clerk1")]]


def test_only_a_sealed_list_is_sent(world: World) -> None:
    ids = at_county(world, 1)
    made = rank(world.county, round_id=world.round_id, organization_code=COUNTY, main=ids)

    with refused("illegal_move", IllegalMoveError, act="send-up", state="drafting"):
        send_up(world.county, made.id, seen=made.version)


def test_the_deciding_tier_has_nowhere_to_send(world: World) -> None:
    ids, _ = at_province(world, 1)
    made = sealed(world, PROVINCE, ids)

    with refused("deciding_tier", RefusedError, slate=made.id):
        send_up(world.province, made.id, seen=made.version)


def test_only_its_own_tier_sends_and_recalls(world: World) -> None:
    made = sent(world, COUNTY, at_county(world, 1))

    with refused("not_your_desk", ForbiddenError):
        recall(world.city, made.id, seen=made.version, reason="误报")
    with refused("not_found", NotFoundError):
        recall(world.province, made.id, seen=made.version, reason="误报")


@pytest.mark.parametrize("opened", [False, True])
def test_recalling_brings_everything_back_as_it_was_until_it_is_opened(world: World, *, opened: bool) -> None:
    ids, _ = at_city(world, 3)
    listed = sealed(world, CITY, ids[:2], ids[2:])
    before = [(r.state, r.desk, r.step, r.checked, r.slate_id) for r in map(application, ids)]
    listed = send_up(world.city, listed.id, seen=listed.version)
    if opened:
        listed = open_slate(world.province, listed.id, seen=listed.version)
        with refused("illegal_move", IllegalMoveError, act="recall", state="opened"):
            recall(world.city, listed.id, seen=listed.version, reason="误报")
        return

    done = recall(world.city, listed.id, seen=listed.version, reason="误报")

    assert (done.state, done.sent_to, done.sealed_at) == (SlateState.DRAFTING, None, None)
    assert [(r.state, r.desk, r.step, r.checked, r.slate_id) for r in map(application, ids)] == before
    assert [due(one) for one in ids] == [["review"]] * 3
    assert quota(world, CITY) == (10, 0, 0)
    assert len(places_on(listed.id)) == 3
    assert letters(listed.id) == [("slate_arrived", "province"), ("slate_recalled", "province")]
    assert events(ids[0])[-1] == ("recall", "provincial_review", "city_review", "city")
    assert events(ids[2])[-1] == ("recall", "city_review", "city_review", "city")


def test_a_sealed_list_is_recalled_without_moving_its_names(world: World) -> None:
    ids = at_county(world, 2)
    listed = sealed(world, COUNTY, ids)
    before = [application(one).version for one in ids]

    recall(world.county, listed.id, seen=listed.version, reason="补充")

    assert [application(one).version for one in ids] == before
    assert quota(world, COUNTY) == (3, 0, 0)
    assert letters(listed.id) == []


def test_a_recalled_list_is_sealed_and_sent_again_under_the_same_quota(world: World) -> None:
    ids = at_county(world, 3)
    listed = sent(world, COUNTY, ids)

    for _ in range(3):
        listed = recall(world.county, listed.id, seen=listed.version, reason="补充")
        listed = seal(world.county, listed.id, seen=listed.version)
        listed = send_up(world.county, listed.id, seen=listed.version)

    assert quota(world, COUNTY) == (3, 0, 3)
    assert {application(one).desk for one in ids} == {CITY}


def test_a_recall_says_why(world: World) -> None:
    listed = sent(world, COUNTY, at_county(world, 1))

    with refused("reason_missing", InputError, field="reason"):
        recall(world.county, listed.id, seen=listed.version, reason=" ")


def test_what_the_upper_tier_has_acted_on_is_not_recalled(world: World) -> None:
    ids = at_county(world, 2)
    listed = sent(world, COUNTY, ids)
    checked(world, CITY, ids[1])

    with refused("acted_above", ConflictError, receipt=application(ids[1]).receipt, state="city_review"):
        recall(world.county, listed.id, seen=listed.version, reason="误报")


def test_what_the_upper_tier_has_returned_is_not_recalled(world: World) -> None:
    ids = at_county(world, 1)
    listed = sent(world, COUNTY, ids)
    send_back(world.city, ids[0], faults=[{"field": "topics", "words": "写明"}], seen=application(ids[0]).version)

    with refused("acted_above", ConflictError, state="returned"):
        recall(world.county, listed.id, seen=listed.version, reason="误报")


def test_what_came_back_to_the_upper_tier_corrected_is_not_recalled(world: World) -> None:
    ids = at_county(world, 2)
    listed = sent(world, COUNTY, ids)
    send_back(world.city, ids[1], faults=[{"field": "topics", "words": "写明"}], seen=application(ids[1]).version)
    revise(world.clerks[1], ids[1], answers={"topics": "新课题"}, seen=application(ids[1]).version)
    row = resubmit(world.clerks[1], ids[1], seen=application(ids[1]).version)
    assert (row.state, row.desk, row.checked) == (State.CITY_REVIEW, CITY, False)

    with refused("acted_above", ConflictError, receipt=row.receipt, state="city_review"):
        recall(world.county, listed.id, seen=slate(listed.id).version, reason="误报")


def test_a_stale_click_is_told_of_the_recall(world: World) -> None:
    listed = sent(world, COUNTY, at_county(world, 1))
    recall(world.county, listed.id, seen=listed.version, reason="误报")

    with refused("stale", StaleError, thing="slate", who="county", act="recall"):
        send_up(world.county, listed.id, seen=listed.version)


def test_a_recalled_list_is_no_longer_the_upper_tiers_to_open(world: World) -> None:
    listed = sent(world, COUNTY, at_county(world, 1))
    recall(world.county, listed.id, seen=listed.version, reason="误报")

    with refused("not_found", NotFoundError):
        open_slate(world.city, listed.id, seen=listed.version)


def test_a_click_sent_twice_sends_and_recalls_once(world: World) -> None:
    listed = sealed(world, COUNTY, at_county(world, 2))
    done = send_up(world.county, listed.id, seen=listed.version, key="s")
    assert send_up(world.county, listed.id, seen=listed.version, key="s") == done
    back = recall(world.county, listed.id, seen=done.version, reason="误报", key="r")
    before = everything()

    assert recall(world.county, listed.id, seen=done.version, reason="误报", key="r") == back
    assert recall(world.county, listed.id, seen=back.version, reason="误报", key="r") == back
    assert everything() == before


def test_a_list_whose_names_all_left_is_not_sent(world: World) -> None:
    ids = at_county(world, 1)
    listed = sealed(world, COUNTY, ids)
    withdraw(world.clerks[0], ids[0], seen=application(ids[0]).version)

    with refused("slate_empty", RefusedError):
        send_up(world.county, listed.id, seen=slate(listed.id).version)


def test_the_reserve_of_a_recalled_list_rises_for_nobody(world: World) -> None:
    ids, _ = at_city(world, 3)
    listed = sent(world, CITY, ids[:2], ids[2:])
    recall(world.city, listed.id, seen=listed.version, reason="误报")

    withdraw(world.clerks[0], ids[0], seen=application(ids[0]).version)

    assert places_on(listed.id) == [(ids[1], 1, False), (ids[2], 2, True)]
    assert quota(world, CITY) == (10, 0, 0)


def test_time_does_not_stand_in_the_way_of_a_late_tier(world: World) -> None:
    ids = at_county(world, 1)
    with clock.at(NOTICE_OVER):
        listed = sent(world, COUNTY, ids)

        assert check(world.city, ids[0], seen=application(ids[0]).version).checked
    assert slate(listed.id).sent_at == NOTICE_OVER


def test_a_list_whose_names_all_withdrew_is_recalled_all_the_same(world: World) -> None:
    ids = at_county(world, 2)
    listed = sent(world, COUNTY, ids)
    for n, one in enumerate(ids):
        withdraw(world.clerks[n], one, seen=application(one).version)

    done = recall(world.county, listed.id, seen=slate(listed.id).version, reason="重新排序")

    assert (done.state, done.sent_to, quota(world, COUNTY)) == (SlateState.DRAFTING, None, (3, 0, 0))
