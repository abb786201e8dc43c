"""Scores are decimals rounded half up, an order stands for its scores, ties are found whole."""

from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.programme import TieRule, TieStep, shipped
from workflows.rules.ranking import Tie, comparable, disorder, hundredths, key_of, ranks, tie_at


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


CONTEST_STEPS = [
    TieStep(by="minutes", lowest=True), TieStep(by="practice"), TieStep(by="theory"),
]  # fmt: skip


def contest_key(total: int, minutes: str | None, practice: str, theory: str) -> tuple[Any, ...]:
    """A competitor's key under the rule of the trade: total, shorter time, practice, theory."""
    return (total, key_of(CONTEST_STEPS, {"minutes": minutes, "practice": practice, "theory": theory}))


def test_a_contest_breaks_ties_by_time_practice_theory_and_leaves_the_rest_equal() -> None:
    keys = [
        contest_key(8850, "55", "90", "85"),
        contest_key(8850, "50", "88", "90"),
        contest_key(8850, "55", "91", "82"),
        contest_key(9000, "60", "90", "90"),
        contest_key(8850, "55", "90", "85"),
        contest_key(8850, "55", "90", "84"),
        contest_key(8850, None, "99", "99"),
    ]

    assert ranks(keys) == [4, 2, 3, 1, 4, 6, 7]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=10))
def test_ranks_are_those_of_a_race(keys: list[tuple[int, int]]) -> None:
    found = ranks(keys)

    assert found == [1 + sum(other > key for other in keys) for key in keys]


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=8), st.integers(-1, 9))
def test_steps_break_ties_and_what_they_leave_is_told_whole(pairs: list[tuple[int, int]], line: int) -> None:
    order = sorted(pairs, reverse=True)
    keys = [key_of([TieStep(by="x")], {"x": x}) for _, x in order]
    found = tie_at(items(*(score for score, _ in order)), line, keys)

    assert disorder(items(*(score for score, _ in order)), keys) is None
    if not 0 < line < len(order) or order[line - 1] != order[line]:
        assert found is None
    else:
        first = order.index(order[line])
        assert found == Tie(first + 1, first + order.count(order[line]), order[line][0])


def test_equal_scores_must_stand_in_the_order_of_the_steps() -> None:
    keys = [key_of([TieStep(by="x")], {"x": x}) for x in (1, 2)]

    assert disorder(items(9000, 9000), keys) == 2
    assert disorder(items(9000, 8999), keys) is None
    assert disorder(items(9000, 9000)) is None


@pytest.mark.parametrize(("criteria", "counted"), [
    (["results"], []), (["team_size", "results"], ["team_size"]), (["results", "team_size"], []),
    (["novelty", {"by": "team_size", "lowest": True}], ["novelty", "team_size"]), (["unknown"], []), ([], []),
])  # fmt: skip
def test_steps_are_counted_up_to_the_first_that_needs_eyes(criteria: list[Any], counted: list[str]) -> None:
    known = shipped("provincial-studio")
    rules = known.model_copy(update={"tie": TieRule.model_validate({"criteria": criteria})})

    assert [step.by for step in comparable(rules, ["novelty"])] == counted
