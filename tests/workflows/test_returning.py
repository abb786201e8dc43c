"""A list that came up is accepted in writing, or goes down again, whole or in part, with everybody's desk known."""

from datetime import timedelta
from typing import Any

import pytest

from models import clock
from models.base import changed
from models.errors import (
    ForbiddenError,
    IllegalMoveError,
    InputError,
    NotFoundError,
    RefusedError,
    StaleError,
)
from models.slate import Slate
from models.vocabulary import Act, SlateState, State
from tests.worlds import (
    CITY,
    COUNTY,
    NOW,
    PROVINCE,
    World,
    application,
    at_city,
    at_county,
    checked,
    due,
    events,
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
from workflows.intake.applications import withdraw
from workflows.listing.returning import accept, send_down, slate_dealings
from workflows.listing.sending import recall, send_up
from workflows.listing.slates import open_slate, rank, seal

FAULT = {"field": "topics", "words": "请写明课题来源"}
REVIEWS = "SELECT application_id, step, desk, outcome, opinion, faults FROM review WHERE outcome = 'returned'"


def down(w: World, row: Slate, *ids: str, **other: Any) -> Slate:
    """The city gives names of a county's list back."""
    names = [{"application": one, "faults": [FAULT]} for one in ids] or None
    return send_down(w.city, row.id, **{"seen": row.version, "reason": "材料不全", "names": names, **other})


def opened(w: World, n: int) -> tuple[list[str], Slate]:
    """A county's list of `n`, sent up and opened."""
    ids = at_county(w, n)
    row = sent(w, COUNTY, ids)
    return ids, open_slate(w.city, row.id, seen=row.version)


@pytest.mark.parametrize("is_opened", [False, True])
def test_names_go_down_with_their_faults_and_their_places_go_back(world: World, *, is_opened: bool) -> None:
    ids = at_county(world, 3)
    listed = sent(world, COUNTY, ids)
    if is_opened:
        listed = open_slate(world.city, listed.id, seen=listed.version)

    done = down(world, listed, ids[1])

    assert done == slate(listed.id)
    assert done.state is listed.state
    assert places_on(listed.id) == [(ids[0], 1, False), (ids[2], 2, False)]
    assert quota(world, COUNTY) == (3, 0, 2)
    row = application(ids[1])
    assert (row.state, row.desk, row.step, row.checked, row.slate_id) == (State.COUNTY_REVIEW, COUNTY, 0, False, None)
    assert due(ids[1]) == ["review"]
    assert events(ids[1])[-1] == ("send-down", "city_review", "county_review", "city")
    assert rows(REVIEWS)[0][:5] == (ids[1], 1, CITY, "returned", "材料不全")
    assert ("slate_sent_down", "county") in letters(listed.id)
    assert [one for one in letters(ids[1]) if one[0] == "sent_down"] == [("sent_down", "clerk1")]
    assert [(one.act, one.who, one.body["faults"]) for one in slate_dealings(world.county, listed.id)] == [
        (Act.SEND_DOWN, "city", {ids[1]: [FAULT]})
    ]


def test_what_was_sent_down_is_checked_again_and_goes_up_on_another_list(world: World) -> None:
    ids, listed = opened(world, 3)
    down(world, listed, ids[1])

    with clock.at(NOW + timedelta(hours=1)):
        checked(world, COUNTY, ids[1])
        more = sent(world, COUNTY, [ids[1]])

        assert more.id != listed.id
        assert application(ids[1]).desk == CITY
        assert quota(world, COUNTY) == (3, 0, 3)
        # What the city said before does not keep the county from taking this list back.
        assert recall(world.county, more.id, seen=more.version, reason="补充").state is SlateState.DRAFTING


def test_a_whole_list_is_drafted_again_as_it_was(world: World) -> None:
    ids, row = at_city(world, 3)
    listed = sent(world, CITY, ids[:2], ids[2:])
    listed = open_slate(world.province, listed.id, seen=listed.version)
    checked(world, PROVINCE, ids[0])

    done = send_down(world.province, listed.id, seen=listed.version, reason="请重新研究")

    assert (done.state, done.sent_to, done.sent_at, done.opened_at, done.sealed_at) == (
        SlateState.DRAFTING, None, None, None, None,
    )  # fmt: skip
    assert places_on(listed.id) == [(ids[0], 1, False), (ids[1], 2, False), (ids[2], 3, True)]
    assert quota(world, CITY) == (10, 0, 0)
    for one in ids:
        there = application(one)
        assert (there.state, there.desk, there.step, there.checked, there.slate_id) == (
            State.CITY_REVIEW, CITY, 1, True, listed.id,
        )  # fmt: skip
        assert due(one) == ["review"]
    assert row.id != listed.id
    again = seal(world.city, done.id, seen=done.version)
    assert send_up(world.city, again.id, seen=again.version).state is SlateState.SENT_UP


def test_a_name_on_the_upper_draft_leaves_it_and_one_on_a_sealed_list_stays(world: World) -> None:
    ids, listed = opened(world, 3)
    checked(world, CITY, *ids)
    draft = rank(world.city, round_id=world.round_id, organization_code=CITY, main=ids)

    listed = down(world, listed, ids[0])

    assert places_on(draft.id) == [(ids[1], 1, False), (ids[2], 2, False)]
    draft = slate(draft.id)
    seal(world.city, draft.id, seen=draft.version)
    with refused("on_sealed_slate", RefusedError, slate=draft.id):
        down(world, listed, ids[1])


def test_what_is_not_at_the_desk_is_not_sent_down_and_is_named(world: World) -> None:
    ids, listed = opened(world, 2)
    send_back(world.city, ids[0], faults=[FAULT], seen=application(ids[0]).version)

    with refused("not_in_hand", RefusedError) as told:
        down(world, listed)
    row = application(ids[0])
    assert told.details["names"] == [f"{row.subject}（{row.receipt}）"]
    down(world, listed, ids[1])


@pytest.mark.parametrize(("given", "code"), [
    ({"reason": " "}, "reason_missing"),
    ({"reason": "长" * 501}, "too_long"),
    ({"names": []}, "slate_empty"),
    ({"names": [{"application": "{0}", "faults": []}]}, "faults_missing"),
    ({"names": [{"application": "{0}", "faults": [{"field": "nothing", "words": "-"}]}]}, "unknown_field"),
    ({"names": [{"application": "{0}", "faults": [{"field": "topics", "words": " "}]}]}, "words_missing"),
    ({"names": [{"application": "{0}", "faults": [FAULT]}] * 2}, "listed_twice"),
])  # fmt: skip
def test_a_name_is_not_sent_down_without_words(world: World, given: dict[str, Any], code: str) -> None:
    ids, listed = opened(world, 1)
    if names := given.get("names"):
        given = {"names": [{**one, "application": ids[0]} for one in names]}

    with refused(code, InputError):
        down(world, listed, **given)


def test_only_names_of_the_list_and_only_by_the_desk_it_came_to(world: World) -> None:
    _, listed = opened(world, 1)

    with refused("not_on_list", NotFoundError):
        down(world, listed, "nobody")
    with refused("not_your_desk", ForbiddenError):
        send_down(world.county, listed.id, seen=listed.version, reason="误报")
    with refused("not_found", NotFoundError):
        send_down(world.stranger, listed.id, seen=listed.version, reason="误报")
    with refused("stale", StaleError):
        send_down(world.city, listed.id, seen=listed.version - 1, reason="误报")


def test_a_withdrawal_after_going_down_is_nobodys_place(world: World) -> None:
    ids, listed = opened(world, 2)
    down(world, listed, ids[0])

    withdraw(world.clerks[0], ids[0], seen=application(ids[0]).version)

    assert quota(world, COUNTY) == (3, 0, 1)


def test_an_opened_list_is_accepted_in_writing(world: World) -> None:
    ids, listed = opened(world, 1)

    done = accept(world.city, listed.id, seen=listed.version, words="名单符合要求")

    assert done == changed(listed, version=done.version, head=done.head)
    assert [one for one in letters(listed.id) if one[0] == "slate_accepted"] == [("slate_accepted", "county")]
    assert [(one.act, one.body) for one in slate_dealings(world.city, listed.id)] == [
        (Act.ACCEPT, {"words": "名单符合要求"})
    ]
    check(world.city, ids[0], seen=application(ids[0]).version)
    with refused("not_found", NotFoundError):
        slate_dealings(world.stranger, listed.id)


def test_a_list_is_opened_before_it_is_accepted(world: World) -> None:
    listed = sent(world, COUNTY, at_county(world, 1))

    with refused("illegal_move", IllegalMoveError, act="accept", state="sent_up"):
        accept(world.city, listed.id, seen=listed.version)
    with refused("too_long", InputError):
        accept(world.city, listed.id, seen=listed.version, words="好" * 501)


def test_a_list_that_was_never_sent_is_not_sent_down(world: World) -> None:
    listed = sealed(world, COUNTY, at_county(world, 1))

    with refused("not_found", NotFoundError):
        down(world, listed)
