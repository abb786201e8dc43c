"""Scores are decimals rounded half up, an order stands for its scores, ties are found whole."""

from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.rules.ranking import Tie, disorder, hundredths, tie_at


class Item(NamedTuple):
    """Something with a score."""

    score: int | None


SCORES = st.lists(st.one_of(st.none(), st.integers(8800, 8805)), max_size=8)


def items(*scores: int | None) -> list[Item]:
    """Things in an order."""
    return [Item(score) for score in scores]


@pytest.mark.parametrize(("typed", "kept"), [
    ("90", 9000), ("0", 0), ("100", 10000), ("89.994", 8999), ("89.995", 9000), ("0.005", 1),
    ("2.675", 268), (Decimal("1.005"), 101), ("１００", 10000), ("", None), (None, None),
])  # fmt: skip
def test_a_score_is_kept_in_hundredths_with_halves_rounded_up(typed: str, kept: int | None) -> None:
    assert hundredths(typed) == kept


@pytest.mark.parametrize("typed", [
    "-1", "-0.001", "100.01", "100.001", "1e9", "NaN", "sNaN", "Infinity", "-Infinity", "九十", "9O", "1,5", "True",
])  # fmt: skip
def test_what_is_no_score_of_the_scale_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=typed[-1]):
        hundredths(typed)


@given(st.decimals("0", "100", places=4))
def test_rounding_is_that_of_decimals_and_never_that_of_floats(score: Decimal) -> None:
    exact = int((score * 100).to_integral_value(ROUND_HALF_UP))

    assert hundredths(str(score)) == exact


@given(SCORES)
def test_an_order_is_disturbed_exactly_where_a_score_exceeds_the_one_before(
    scores: list[int | None],
) -> None:
    pairs = list(pairwise(scores))
    wrong = [i + 2 for i, (a, b) in enumerate(pairs) if a is not None and b is not None and b > a]

    assert disorder(items(*scores)) == (wrong[0] if wrong else None)


@given(st.lists(st.integers(8800, 8805), max_size=8), st.integers(-1, 9))
def test_a_tie_at_the_line_is_told_from_its_first_to_its_last_place(scores: list[int], line: int) -> None:
    order = sorted(scores, reverse=True)
    found = tie_at(items(*order), line)

    if not 0 < line < len(order) or order[line - 1] != order[line]:
        assert found is None
    else:
        score = order[line]
        assert found == Tie(order.index(score) + 1, order.index(score) + order.count(score), score)


def test_the_largest_tie_is_all_of_the_list() -> None:
    assert tie_at(items(*[9000] * 1000), 70) == Tie(1, 1000, 9000)


def test_unscored_names_at_the_line_are_no_tie() -> None:
    assert tie_at(items(None, None), 1) is None
    assert tie_at(items(9000, None), 1) is None
    assert tie_at(items(None, 9000), 1) is None
