"""First lists: handed in by their day, answered name by name, and the formal list is part of them."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from models import clock
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError
from models.vocabulary import Role, SlateState
from tests.counting import statements
from tests.rounds_of import in_round
from tests.worlds import (
    BEIJING,
    CITY,
    COUNTY,
    PROVINCE,
    World,
    also,
    application,
    at_city,
    checked,
    events,
    letters,
    refused,
    rows,
    sealed,
    sent,
    slate,
    submitted,
    unit,
)
from workflows.listing.first_lists import Name, answer, first_list, propose
from workflows.listing.slates import open_slate, rank, seal

SOURCE = {"document": "省劳模评选通知", "clause": "四、初审"}
# 6 March is a Friday.
OVER = datetime(2026, 3, 7, tzinfo=BEIJING)
Listed = list[tuple[str, bool | None, str]]


def staged(w: World) -> World:
    """A round with first lists due by 6 March."""
    return in_round(w, entry={"first_list_due": "03-06", "source": SOURCE})


def proposed(w: World, ids: list[str]) -> list[Name]:
    """The city's first list."""
    return propose(w.city, round_id=w.round_id, organization_code=CITY, applications=ids)


def answered(w: World, *cleared: str, refused_: tuple[str, ...] = ()) -> list[Name]:
    """The province's answer to the city."""
    said: list[dict[str, Any]] = [{"application": one, "cleared": True} for one in cleared]
    said += [{"application": one, "cleared": False, "reason": "事迹不够突出"} for one in refused_]
    return answer(w.province, round_id=w.round_id, organization_code=CITY, answers=said)


def listed(names: list[Name]) -> Listed:
    """Who stands on a list with which answer, by id."""
    return sorted((name.application_id, name.cleared, name.reason) for name in names)


def test_first_list_is_handed_in_answered_and_read_by_both(world: World) -> None:
    w = staged(world)
    ids, _ = at_city(w, 3)

    made = proposed(w, ids[:2])

    assert listed(made) == sorted((one, None, "") for one in ids[:2])
    assert letters(w.round_id) == [("first_list_arrived", "province")]
    assert [events(one)[-1] for one in ids[:2]] == [("propose", "city_review", "city_review", "city")] * 2
    after = answered(w, ids[0], refused_=(ids[1],))
    assert listed(after) == sorted([(ids[0], True, ""), (ids[1], False, "事迹不够突出")])
    assert letters(w.round_id) == [("first_list_answered", "city"), ("first_list_arrived", "province")]
    assert events(ids[1])[-1] == ("answer", "city_review", "city_review", "province")
    for reader in (w.city, w.province):
        assert first_list(reader, round_id=w.round_id, organization_code=CITY) == after
    for other in (w.county, w.clerks[0], w.stranger):
        assert first_list(other, round_id=w.round_id, organization_code=CITY) == []


def test_first_list_the_formal_list_is_part_of_what_was_cleared(world: World) -> None:
    w = staged(world)
    ids, _ = at_city(w, 3)
    proposed(w, ids[:2])

    def attempt(main: list[str], reserve: list[str]) -> None:
        # The list is ranked each time anew: what was refused is still being drafted.
        seen = rows("SELECT version FROM slate WHERE organization = :o AND state = 'drafting'", o=CITY)
        made = rank(w.city, round_id=w.round_id, organization_code=CITY, main=main, reserve=reserve,
                    seen=seen[0][0] if seen else 0)  # fmt: skip
        seal(w.city, made.id, seen=made.version)

    def said(one: str) -> str:
        return f"{application(one).receipt} {application(one).subject}"

    for names in ((ids[2:], []), (ids[:1], ids[2:])):
        with pytest.raises(RefusedError) as caught:
            attempt(*names)
        assert (caught.value.code, caught.value.details["names"], caught.value.details["source"]) == (
            "not_on_first_list", [said(ids[2])], SOURCE,
        )  # fmt: skip
    with pytest.raises(RefusedError) as caught:
        attempt(ids[:1], [])
    assert (caught.value.code, caught.value.details["reasons"]) == ("not_cleared", [])
    answered(w, ids[0], refused_=(ids[1],))
    with pytest.raises(RefusedError) as caught:
        attempt(ids[:2], [])
    assert (caught.value.code, caught.value.details["names"], caught.value.details["reasons"]) == (
        "not_cleared", [said(ids[1])], ["事迹不够突出"],
    )  # fmt: skip
    attempt(ids[:1], [])
    assert rows("SELECT state FROM slate WHERE organization = :o", o=CITY) == [("sealed",)]


def test_first_list_binds_neither_the_tiers_further_down_nor_the_deciding_one(world: World) -> None:
    w = staged(world)
    row = submitted(w)
    with refused("not_before_decider", RefusedError, receipt=row.receipt):
        propose(w.county, round_id=w.round_id, organization_code=COUNTY, applications=[row.id])
    ids = checked(w, COUNTY, row.id)
    below = sent(w, COUNTY, ids)
    open_slate(w.city, below.id, seen=below.version)
    checked(w, CITY, *ids)
    proposed(w, ids)
    answered(w, *ids)
    above = sent(w, CITY, ids)
    open_slate(w.province, above.id, seen=above.version)
    assert sealed(w, PROVINCE, checked(w, PROVINCE, *ids)).state is SlateState.SEALED


def test_first_list_a_later_one_takes_the_place_of_what_was_not_answered(world: World) -> None:
    w = staged(world)
    ids, _ = at_city(w, 3)
    proposed(w, ids[:2])
    answered(w, ids[0])

    made = proposed(w, [ids[2]])

    assert listed(made) == sorted([(ids[0], True, ""), (ids[2], None, "")])
    # An answer may be put right until the formal list has gone up.
    assert listed(answered(w, refused_=(ids[0],))) == sorted([(ids[0], False, "事迹不够突出"), (ids[2], None, "")])


def test_first_list_due_after_its_day_none_is_taken(world: World) -> None:
    w = staged(world)
    ids, _ = at_city(w, 1)

    told = {"due_at": "2026-03-06T16:00:00+00:00", "source": SOURCE}
    with clock.at(OVER), refused("first_list_over", RefusedError, **told):
        proposed(w, ids)
    with clock.at(OVER - timedelta(seconds=1)):
        assert len(proposed(w, ids)) == 1


def test_a_programme_without_first_lists_takes_none_and_asks_for_none(world: World) -> None:
    ids, _ = at_city(world, 1)

    with refused("no_first_list", RefusedError):
        proposed(world, ids)
    assert sealed(world, CITY, ids).state is SlateState.SEALED


@pytest.mark.parametrize(("given", "code", "kind"), [
    ({"applications": []}, "slate_empty", InputError),
    ({"applications": ["none"]}, "not_at_desk", NotFoundError),
    ({"round_id": "none"}, "not_found", NotFoundError),
    ({"organization_code": COUNTY}, "not_your_desk", ForbiddenError),
])  # fmt: skip
def test_a_first_list_that_cannot_be_handed_in_is_refused(
    world: World, given: dict[str, Any], code: str, kind: Any
) -> None:
    w = staged(world)
    ids, _ = at_city(w, 1)
    usual = {"round_id": w.round_id, "organization_code": CITY, "applications": ids}

    with refused(code, kind):
        propose(w.city, **{**usual, **given})


@pytest.mark.parametrize(("item", "code", "kind"), [
    ({"cleared": False}, "reason_missing", InputError),
    ({"cleared": "yes"}, "argument", InputError),
    ({}, "argument", InputError),
    ({"application": "none", "cleared": True}, "not_on_first_list", NotFoundError),
    ({"cleared": True, "words": "好"}, "unknown_field", InputError),
])  # fmt: skip
def test_an_answer_that_cannot_be_given_is_refused(world: World, item: dict[str, Any], code: str, kind: Any) -> None:
    w = staged(world)
    ids, _ = at_city(w, 1)
    proposed(w, ids)

    with refused(code, kind):
        answer(w.province, round_id=w.round_id, organization_code=CITY, answers=[{"application": ids[0], **item}])


def test_nobody_proposes_or_answers_for_another_or_their_own_unit(world: World) -> None:
    w = staged(world)
    ids, _ = at_city(w, 1)
    clerk = also(also(w.clerks[0], CITY, Role.REVIEWER), PROVINCE, Role.REVIEWER)
    with refused("own_case", ForbiddenError, organization=unit(0)):
        propose(clerk, round_id=w.round_id, organization_code=CITY, applications=ids)
    proposed(w, ids)

    said = [{"application": ids[0], "cleared": True}]
    with refused("not_your_desk", ForbiddenError, act="answer"):
        answer(w.city, round_id=w.round_id, organization_code=CITY, answers=said)
    with refused("own_case", ForbiddenError, organization=unit(0)):
        answer(clerk, round_id=w.round_id, organization_code=CITY, answers=said)


def test_the_same_click_hands_in_and_answers_once(world: World) -> None:
    w = staged(world)
    ids, _ = at_city(w, 1)
    place: dict[str, Any] = {"round_id": w.round_id, "organization_code": CITY, "key": "k"}
    first = propose(w.city, applications=ids, **place)
    assert propose(w.city, applications=ids, **place) == first
    said = [{"application": ids[0], "cleared": True}]
    done = answer(w.province, answers=said, **place)
    assert answer(w.province, answers=said, **place) == done

    assert [act for act, *_ in events(ids[0])][-2:] == ["propose", "answer"]


def test_the_formal_list_of_cleared_names_goes_up_as_ever(world: World) -> None:
    w = staged(world)
    ids, _ = at_city(w, 2)
    proposed(w, ids)
    answered(w, *ids)

    made = sent(w, CITY, ids)

    assert slate(made.id).sent_to == PROVINCE
    assert open_slate(w.province, made.id, seen=made.version).state is SlateState.OPENED


def test_a_longer_first_list_takes_no_more_statements(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    w = staged(world)
    ids, _ = at_city(w, 3)

    with statements(monkeypatch) as short:
        proposed(w, ids[:1])
        answered(w, ids[0])
    with statements(monkeypatch) as long:
        proposed(w, ids)
        answered(w, *ids)

    assert len(long) == len(short)


def test_an_answer_is_not_changed_once_the_name_went_up(world: World) -> None:
    w = staged(world)
    ids, _ = at_city(w, 2)
    proposed(w, ids)
    before = answered(w, *ids)
    sent(w, CITY, ids[:1])

    with refused("not_at_desk", NotFoundError, given=ids[0]):
        answered(w, refused_=(ids[1], ids[0]))
    assert first_list(w.province, round_id=w.round_id, organization_code=CITY) == before
