"""Composition: floors round up, ceilings round down, and how far a swap goes is said in numbers."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.organization import Organization
from models.programme import Composition, QuotaRule, Words
from models.vocabulary import Rung, Tier
from workflows.rules.composition import Count, Crowded, Name, ceiling_count, counts, crowded, floor_count

LABEL = Words(zh="非公企业", en="non-public firms")
SIZES, PERCENTS = st.integers(1, 300), st.integers(0, 100)


def rule(**given: Any) -> Composition:
    """A composition over the unit's ownership."""
    return Composition.model_validate({"name": "non_public", "label": LABEL, "field": "unit.non_public", **given})


def unit(code: str, *, non_public: bool = False, tier: Tier = Tier.ENTERPRISE) -> Organization:
    """A unit."""
    return Organization(code=code, name=code, tier=tier, non_public=non_public)


def counted(have: int, n: int, **given: Any) -> Count:
    """What a list of `n` names, `have` of them from non-public firms, comes to."""
    units = {"public": unit("public"), "firm": unit("firm", non_public=True)}
    names = [Name("firm", {})] * have + [Name("public", {})] * (n - have)
    [found] = counts([rule(**given)], Rung.CITY, names, units)
    return found


@given(SIZES, PERCENTS)
def test_floors_round_up_and_ceilings_round_down(n: int, percent: int) -> None:
    exact = Decimal(n) * percent / 100

    assert floor_count(n, percent) == exact.to_integral_value(ROUND_CEILING)
    assert ceiling_count(n, percent) == exact.to_integral_value(ROUND_FLOOR)


def test_three_of_nine_are_one_short_of_thirty_five_percent() -> None:
    found = counted(3, 9, floor=35)

    assert (found.have, found.bound, found.of, found.swap, found.more) == (3, 4, 9, 1, 1)
    assert counted(4, 9, floor=35).holds


def test_a_ceiling_of_thirteen_percent_lets_one_of_nine_pass() -> None:
    assert counted(1, 9, ceiling=13).holds
    assert counted(2, 9, ceiling=13)[5:9] == (1, 9, 1, 1)
    # Of seven, not one.
    assert counted(1, 7, ceiling=13)[5:9] == (0, 7, 1, 1)


@given(SIZES.flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), PERCENTS)
def test_what_a_broken_floor_asks_for_is_just_enough(list_: tuple[int, int], percent: int) -> None:
    have, n = list_
    found = counted(have, n, floor=percent)

    assert counted(have + found.swap, n, floor=percent).holds
    assert found.swap == 0 or not counted(have + found.swap - 1, n, floor=percent).holds
    if found.more is not None and n + found.more < 2000:
        assert counted(have + found.more, n + found.more, floor=percent).holds
        assert found.more == 0 or not counted(have + found.more - 1, n + found.more - 1, floor=percent).holds
    assert (found.more is None) == (percent == 100 and have < n)


@given(SIZES.flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), PERCENTS)
def test_what_a_broken_ceiling_asks_for_is_just_enough(list_: tuple[int, int], percent: int) -> None:
    have, n = list_
    found = counted(have, n, ceiling=percent)

    assert counted(have - found.swap, n, ceiling=percent).holds
    assert found.swap == 0 or not counted(have - found.swap + 1, n, ceiling=percent).holds
    assert found.more is not None
    if found.more < n:
        assert counted(have - found.more, n - found.more, ceiling=percent).holds
    assert found.more == 0 or not counted(have - found.more + 1, n - found.more + 1, ceiling=percent).holds


def test_a_field_of_the_form_is_counted_by_its_value() -> None:
    rules = [rule(name="workers", field="kind", values=["worker", "migrant"], floor=50),
             rule(name="heads", field="is_head", ceiling=25)]  # fmt: skip
    names = [Name("a", {"kind": "worker"}), Name("b", {"kind": "migrant", "is_head": True}),
             Name("c", {"kind": "manager", "is_head": False}), Name("d", {})]  # fmt: skip

    floor, ceiling = counts(rules, Rung.CITY, names, {})

    assert (floor.have, floor.bound, ceiling.have, ceiling.bound) == (2, 2, 1, 1)


def test_a_floor_and_a_ceiling_of_one_rule_are_two_counts() -> None:
    found = counts([rule(floor=30, ceiling=60)], Rung.CITY, [Name("a", {})] * 10, {"a": unit("a", non_public=True)})

    assert [(c.floor, c.have, c.bound, c.holds) for c in found] == [(True, 10, 3, True), (False, 10, 6, False)]


@pytest.mark.parametrize(("given", "rung", "asked"), [
    ({}, Rung.COUNTY, True),
    ({"tiers": ["city-or-industry"]}, Rung.COUNTY, False),
    ({"tiers": ["city-or-industry", "county"]}, Rung.COUNTY, True),
    ({"from_names": 2}, Rung.COUNTY, False),
    ({"from_names": 1}, Rung.COUNTY, True),
])  # fmt: skip
def test_a_composition_is_asked_at_its_tiers_of_lists_long_enough(
    given: dict[str, Any],
    rung: Rung,
    asked: bool,  # noqa: FBT001 -- a table
) -> None:
    assert bool(counts([rule(floor=1, **given)], rung, [Name("a", {})], {})) == asked


def test_of_two_or_more_at_least_one() -> None:
    units = {"public": unit("public")}
    found = counts([rule(floor=1, from_names=2)], Rung.COUNTY, [Name("public", {})] * 40, units)

    assert [(c.have, c.bound, c.of) for c in found] == [(0, 1, 40)]


def test_an_empty_list_breaks_nothing() -> None:
    assert counts([rule(floor=35)], Rung.CITY, [], {}) == []


@pytest.mark.parametrize(("have", "found"), [(1, []), (2, []), (3, [Crowded("firm", 3, 2)])])
def test_a_unit_has_at_most_its_places_on_a_list(have: int, found: list[Crowded]) -> None:
    names = [Name("firm", {})] * have + [Name("other", {})]

    assert crowded(QuotaRule(per_unit=2), names) == found
    assert crowded(QuotaRule(), names) == []
