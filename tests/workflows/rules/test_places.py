"""Quota arithmetic: the places left, the reserve a percentage allows, and each reason to refuse."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.programme import Pool, QuotaRule, Reserve, Words
from models.programme_file.path import Outside
from models.round import Quota
from models.vocabulary import QuotaKind
from tests.rules_of import programme
from workflows.rules.places import (
    Asked,
    Standing,
    approved,
    asked_by_pool,
    label_of,
    left,
    orders,
    outside_refusal,
    pool_of,
    pools_of,
    refusal,
    reserve_limit,
)

TWENTY = Reserve(percent=20)
WORDS = Words(zh="竞赛类", en="competition")
POOLED = QuotaRule(
    pool_field="kind",
    pools=(Pool(name="contest", label=WORDS, values=("contest", "true"), places=15),
           Pool(name="safety", label=Words(zh="安全类", en="safety"), values=("safety",), places=5)),
    outside=(Outside(name="organiser", label=Words(zh="组织奖", en="organiser"), most=2),),
)  # fmt: skip


class Name(NamedTuple):
    """A name on a list."""

    application_id: str
    rank: int = 1
    reserve: bool = False
    outside: str = ""
    score: int | None = None


def quota(places: int, reserved: int = 0, used: int = 0, minimum: int = 0,
          kind: QuotaKind = QuotaKind.FIXED) -> Quota:  # fmt: skip
    """A union's places."""
    return Quota(id="q", round_id="r", organization="o", kind=kind, minimum=minimum, places=places,
                 reserved=reserved, used=used)  # fmt: skip


@given(st.integers(0, 500), st.integers(0, 100))
def test_the_reserve_is_a_percentage_rounded_as_the_programme_says(places: int, percent: int) -> None:
    exact = Decimal(places) * percent / 100

    floor = reserve_limit(places, Reserve(percent=percent))
    ceiling = reserve_limit(places, Reserve(percent=percent, rounding="ceiling"))

    assert floor == exact.to_integral_value(ROUND_FLOOR)
    assert ceiling == exact.to_integral_value(ROUND_CEILING)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_a_list_is_sealed_exactly_when_its_names_fit(places: int, reserved: int, used: int, asked: int) -> None:
    held = quota(places, reserved, used)

    no = refusal(held, Asked(asked, 0), TWENTY, "")

    if reserved + used + asked > places and asked > places - reserved - used:
        numbers = {"places": places, "left": places - reserved - used, "asked": asked, "pool": ""}
        assert no == ("quota_spent", numbers)
    else:
        assert no is None


@given(st.integers(0, 100))
def test_a_free_quota_always_has_one_more(used: int) -> None:
    held = quota(0, used=used, kind=QuotaKind.FREE)

    assert refusal(held, Asked(1000, 0), TWENTY, "") is None
    assert left(held) > 1000


@pytest.mark.parametrize(("asked", "reason", "no"), [
    (Asked(8, 2), "", None),
    (Asked(8, 3), "", ("reserve_full", {"allowed": 2, "asked": 3, "percent": 20, "places": 10, "pool": ""})),
    (Asked(8, 1, waiting=1), "", None),
    (Asked(8, 1, waiting=2), "", ("reserve_full", {"allowed": 2, "asked": 3, "percent": 20, "places": 10, "pool": ""})),
    (Asked(8, 0, waiting=9), "", None),
    (Asked(9, 0), "", ("quota_spent", {"places": 10, "left": 8, "asked": 9, "pool": ""})),
    (Asked(3, 0), "", ("below_minimum", {"minimum": 6, "asked": 5, "pool": ""})),
    (Asked(3, 0), "  ", ("below_minimum", {"minimum": 6, "asked": 5, "pool": ""})),
    (Asked(3, 0), "无合适人选", None),
    (Asked(4, 0), "", None),
])  # fmt: skip
def test_each_reason_to_refuse_names_its_numbers(asked: Asked, reason: str, no: object) -> None:
    assert refusal(quota(10, reserved=1, used=1, minimum=6), asked, TWENTY, reason) == no


@pytest.mark.parametrize(("given", "pool"), [
    ({"kind": "contest"}, "contest"), ({"kind": True}, "contest"), ({"kind": "safety"}, "safety"),
    ({"kind": "regular"}, ""), ({"kind": None}, ""), ({}, ""),
])  # fmt: skip
def test_an_answer_tells_the_pool(given: dict[str, object], pool: str) -> None:
    assert pool_of(POOLED, given) == pool
    assert pool_of(QuotaRule(), given) == ""


def test_places_are_issued_in_each_pool_and_beside_them() -> None:
    assert pools_of(POOLED) == ("", "contest", "safety")
    assert (label_of(POOLED, "contest"), label_of(POOLED, "")) == ({"zh": "竞赛类", "en": "competition"}, {})


@pytest.mark.parametrize(("cap", "places"), [(55, (35, 15, 5)), (20, (0, 15, 5)), (None, (None, 15, 5))])
def test_the_deciding_union_has_each_pools_places_and_the_rest_of_the_cap(
    cap: int | None, places: tuple[int | None, ...]
) -> None:
    rules = programme(quota=POOLED.model_dump(mode="json"), approval={"cap": cap})

    assert tuple(approved(rules, pool) for pool in pools_of(rules.quota)) == places


def test_a_list_asks_each_pool_for_its_own_names() -> None:
    listed = [Name("a"), Name("b"), Name("c", reserve=True), Name("d", outside="organiser"), Name("e")]
    standing = [Standing("contest", "", reserve=True, n=2), Standing("", "organiser", reserve=False, n=1)]

    asked = asked_by_pool(listed, {"a": "contest", "c": "contest", "d": "contest"}, standing)

    assert asked == {"": Asked(2, 0), "contest": Asked(1, 1, waiting=2)}


def test_each_pool_has_an_order_of_its_own_beside_awards_without_a_score() -> None:
    a, b, c = Name("a", score=9000), Name("b", score=8000), Name("c", score=8500, reserve=True)
    prize, scored = Name("d", outside="organiser"), Name("e", outside="organiser", score=7000)

    assert orders([a, b, prize, scored, c], {"b": "contest", "c": "contest"}) == [[a, scored], [b, c]]


@pytest.mark.parametrize(("asked", "standing", "no"), [
    (2, 0, None), (1, 1, None), (0, 3, None),
    (3, 0, 3), (2, 1, 3), (1, 2, 3),
])  # fmt: skip
def test_awards_outside_the_quota_are_limited_over_all_lists_of_a_tier(
    asked: int, standing: int, no: int | None
) -> None:
    names = [Name(str(n), outside="organiser") for n in range(asked)]

    found = outside_refusal(POOLED, names, [Standing("", "organiser", reserve=False, n=standing)])

    label = {"zh": "组织奖", "en": "organiser"}
    assert found == (None if no is None else ("outside_full", {"award": label, "most": 2, "asked": no}))


def test_the_reserve_of_a_free_quota_is_a_share_of_those_recommended() -> None:
    held = quota(0, used=4, kind=QuotaKind.FREE)

    assert refusal(held, Asked(1, 1), TWENTY, "") is None
    assert refusal(held, Asked(0, 1), TWENTY, "") == (
        "reserve_full", {"allowed": 0, "asked": 1, "percent": 20, "places": 4, "pool": ""}
    )  # fmt: skip
