"""Yearly grades: left-closed bands, a cap by rank, and the tie a meeting must settle."""

from decimal import Decimal
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.programme import AssessmentRule, Band, shipped
from models.vocabulary import Grade
from workflows.rules.grading import Graded, band, graded, tie_at_cap
from workflows.rules.ranking import Tie

RULE = shipped("provincial-studio").assessment or AssessmentRule(report_due="01-31", bands=())


class Item(NamedTuple):
    """Something with a score."""

    score: int | None


def items(scores: list[int]) -> list[Item]:
    """The best first."""
    return [Item(score) for score in sorted(scores, reverse=True)]


@pytest.mark.parametrize(("score", "grade"), [
    (10000, Grade.EXCELLENT), (9000, Grade.EXCELLENT), (8999, Grade.QUALIFIED), (6000, Grade.QUALIFIED),
    (5999, Grade.RECTIFY), (0, Grade.RECTIFY),
])  # fmt: skip
def test_a_band_is_closed_on_its_left(score: int, grade: Grade) -> None:
    assert band(RULE, score) is grade


def test_bands_may_begin_at_a_fraction_and_stand_in_any_order() -> None:
    rule = RULE.model_copy(update={"bands": (
        Band(grade="rectify", at_least=Decimal(0)), Band(grade="excellent", at_least=Decimal("89.5")),
        Band(grade="qualified", at_least=Decimal("59.99")),
    )})  # fmt: skip

    found = [band(rule, score) for score in (8950, 8949, 5999, 5998)]

    assert found == [Grade.EXCELLENT, Grade.QUALIFIED, Grade.QUALIFIED, Grade.RECTIFY]


@given(st.lists(st.integers(5900, 10000), max_size=40), st.one_of(st.none(), st.integers(0, 30)))
def test_the_cap_goes_to_the_best_and_the_rest_above_the_mark_are_noted(scores: list[int], cap: int | None) -> None:
    ranked = items(scores)
    above = sum(score >= 9000 for score in scores)
    best = above if cap is None else min(above, cap)

    found = graded(RULE, ranked, cap)

    assert found[:above] == [Graded(Grade.EXCELLENT)] * best + [Graded(Grade.QUALIFIED, met_mark=True)] * (above - best)
    assert found[above:] == [Graded(band(RULE, item.score or 0)) for item in ranked[above:]]


@pytest.mark.parametrize(("scores", "cap", "tie"), [
    ([9500, 9300, 9300, 9300, 9100], 2, Tie(2, 4, 9300)),
    ([9500, 9300, 9300, 9300, 9100], 1, None),
    ([9500, 9300, 9300, 9300, 9100], 4, None),
    ([9500, 8900, 8900], 2, None),
    ([9300, 9300], None, None),
    ([9300, 9300], 0, None),
    ([9300, 9300], 2, None),
    ([9000] * 31, 30, Tie(1, 31, 9000)),
])  # fmt: skip
def test_a_tie_across_the_cap_is_told_whole(scores: list[int], cap: int | None, tie: Tie | None) -> None:
    assert tie_at_cap(RULE, items(scores), cap) == tie
