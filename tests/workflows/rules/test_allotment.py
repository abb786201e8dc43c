"""Places by the largest remainder: they add up, nobody is a whole place off, ties go by code."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from models.programme import Words
from models.programme_file.path import Factor
from workflows.rules.allotment import Part, Share, derived, shares, weights

HOUSES = st.integers(0, 500)
PARTS = st.dictionaries(
    st.text("ABC123", min_size=1, max_size=4), st.integers(0, 10_000).map(Fraction), min_size=1, max_size=12
).filter(lambda parts: sum(parts.values()) > 0)  # fmt: skip
WORKERS = Factor(name="workers", label=Words(zh="职工人数", en="workers"), percent=50)
OUTPUT = Factor(name="output", label=Words(zh="产值", en="output"), percent=50)


def test_seventy_over_five_weights() -> None:
    parts = {code: Fraction(n) for code, n in zip("ABCDE", (30, 25, 20, 15, 10), strict=True)}

    assert shares(70, parts) == {"A": 21, "B": 18, "C": 14, "D": 10, "E": 7}


def test_equal_remainders_go_by_the_order_of_the_codes() -> None:
    equal = dict.fromkeys(("330300", "330100", "330200"), Fraction(1))

    assert shares(4, equal) == {"330100": 2, "330200": 1, "330300": 1}


@given(HOUSES, PARTS)
def test_the_shares_add_up_and_none_is_a_whole_place_off(places: int, parts: dict[str, Fraction]) -> None:
    found, total = shares(places, parts), sum(parts.values())

    assert sum(found.values()) == places
    assert all(abs(found[code] - places * part / total) < 1 for code, part in parts.items())


@given(HOUSES, PARTS)
def test_a_greater_weight_never_has_fewer_places(places: int, parts: dict[str, Fraction]) -> None:
    found = shares(places, parts)

    assert all(found[a] >= found[b] for a in parts for b in parts if parts[a] > parts[b])


@given(HOUSES, st.integers(1, 10_000), st.integers(1, 10_000))
def test_of_two_unions_neither_loses_when_there_is_a_place_more(places: int, one: int, other: int) -> None:
    parts = {"A": Fraction(one), "B": Fraction(other)}
    before, after = shares(places, parts), shares(places + 1, parts)

    assert all(after[code] >= before[code] for code in parts)


def test_of_three_unions_one_may_lose_when_there_is_a_place_more() -> None:
    # Known of this method since 1880; the formula is the regulation's, and this is what it says.
    parts = {"A": Fraction(6), "B": Fraction(6), "C": Fraction(2)}

    assert (shares(10, parts), shares(11, parts)) == ({"A": 4, "B": 4, "C": 2}, {"A": 5, "B": 5, "C": 1})


@given(HOUSES, PARTS, st.integers(1, 1000))
def test_only_the_proportion_of_the_weights_counts(places: int, parts: dict[str, Fraction], times: int) -> None:
    assert shares(places, {code: part * times for code, part in parts.items()}) == shares(places, parts)


def test_half_by_workers_and_half_by_output() -> None:
    numbers = {"A": {"workers": Decimal(300), "output": Decimal("10.5")},
               "B": {"workers": Decimal(100), "output": Decimal("31.5")}}  # fmt: skip

    assert weights([WORKERS, OUTPUT], numbers) == {"A": Fraction(1, 2), "B": Fraction(1, 2)}


def test_every_share_says_how_it_came_about() -> None:
    label = WORKERS.label.model_dump()
    numbers = {"B": {"workers": Decimal(30)}, "A": {"workers": Decimal(70)}}

    assert derived(5, [WORKERS], numbers) == [
        Share("A", 4, "3.500", 3, "0.500", rounded_up=True, parts=(Part("workers", label, 50, "70", "100"),)),
        Share("B", 1, "1.500", 1, "0.500", rounded_up=False, parts=(Part("workers", label, 50, "30", "100"),)),
    ]  # fmt: skip
