"""Grades: left-closed bands with their classes, rubrics, a cap by rank, draws, and months that run out."""

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.programme import AssessmentRule, Band, Criterion, Words, shipped
from models.vocabulary import AssessmentKind, Grade
from workflows.rules.calendar import months_after
from workflows.rules.grading import (
    Graded,
    band,
    bar_years,
    draw,
    graded,
    named_before,
    rechecked,
    tie_at_cap,
    total,
)
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

    found = graded([RULE] * len(ranked), ranked, cap)

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
    assert tie_at_cap([RULE] * len(scores), items(scores), cap) == tie


def test_each_of_a_list_is_graded_by_the_marks_of_its_own_version() -> None:
    strict = RULE.model_copy(update={"bands": (
        Band(grade="excellent", at_least=Decimal(96)), Band(grade="rectify", at_least=Decimal(0)),
    )})  # fmt: skip
    ranked = items([9500, 9500, 9500])

    assert graded([strict, RULE, RULE], ranked, 1) == [
        Graded(Grade.RECTIFY), Graded(Grade.EXCELLENT), Graded(Grade.QUALIFIED, met_mark=True),
    ]  # fmt: skip
    assert tie_at_cap([strict, RULE, RULE], ranked, 1) == Tie(1, 2, 9500)
    assert tie_at_cap([strict, RULE, RULE], ranked, 2) is None


CLASSED = RULE.model_copy(update={"bands": (
    Band(grade="excellent", name="A", at_least=Decimal(85)), Band(grade="qualified", name="B", at_least=Decimal(75)),
    Band(grade="qualified", name="C", at_least=Decimal(60)), Band(grade="rectify", name="D", at_least=Decimal(0)),
)})  # fmt: skip


def test_band_names_go_with_the_score_and_beyond_the_cap_with_the_grade() -> None:
    assert graded([CLASSED] * 6, items([8500, 8600, 7500, 7499, 6000, 5999]), 1) == [
        Graded(Grade.EXCELLENT, band="A"), Graded(Grade.QUALIFIED, met_mark=True, band="B"),
        Graded(Grade.QUALIFIED, band="B"), Graded(Grade.QUALIFIED, band="C"), Graded(Grade.QUALIFIED, band="C"),
        Graded(Grade.RECTIFY, band="D"),
    ]  # fmt: skip


@pytest.mark.parametrize(("score", "found"), [
    (9900, Graded(Grade.QUALIFIED, band="B")), (6200, Graded(Grade.QUALIFIED, band="C")),
    (5700, Graded(Grade.RECTIFY, band="D")),
])  # fmt: skip
def test_a_recheck_earns_no_excellent(score: int, found: Graded) -> None:
    assert rechecked(CLASSED, score) == found


def test_bar_years_are_those_of_what_failed_or_the_longest_of_the_file() -> None:
    rules = shipped("provincial-studio").model_copy(update={
        "assessment": RULE.model_copy(update={"bar_years": 1}), "acceptance": RULE.model_copy(update={"bar_years": 6}),
    })  # fmt: skip

    assert [bar_years(rules, kind) for kind in (AssessmentKind.YEARLY, AssessmentKind.ACCEPTANCE, None)] == [1, 6, 6]


def test_criteria_with_weights_count_as_a_share_of_their_most() -> None:
    words = Words(zh="项", en="Item")
    rubric = (
        Criterion(name="results", label=words, most=Decimal(50), weight=70),
        Criterion(name="training", label=words, most=Decimal(10), weight=30),
    )

    assert total(rubric, {"results": "50", "training": 10}) == "100.00"
    assert total(rubric, {"results": "33.335", "training": "7.5"}) == "69.17"


@given(st.sets(st.text("0123456789abcdef", min_size=4, max_size=8), max_size=60), st.integers(0, 100), st.text())
def test_a_draw_is_the_same_for_the_same_seed_and_rounds_up(ids: set[str], percent: int, seed: str) -> None:
    drawn = draw(ids, percent, seed)

    assert drawn == draw(sorted(ids, reverse=True), percent, seed)
    assert (set(drawn) <= ids, len(drawn)) == (True, -(-len(ids) * percent // 100))


@given(st.dates(date(2022, 1, 1), date(2090, 1, 1)), st.integers(1, 240))
def test_the_last_naming_day_is_the_last_whose_months_are_over(today: date, months: int) -> None:
    last = named_before(today, months)

    assert months_after(last, months).last_day < today <= months_after(last + timedelta(days=1), months).last_day


@pytest.mark.parametrize(("named_on", "opens"), [
    (date(2024, 10, 15), date(2026, 10, 16)), (date(2024, 2, 29), date(2026, 3, 1)),
])  # fmt: skip
def test_two_years_end_on_the_same_day_and_the_task_opens_the_next(named_on: date, opens: date) -> None:
    assert named_before(opens - timedelta(days=1), 24) < named_on <= named_before(opens, 24)
