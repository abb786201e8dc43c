"""Scores are added up, combined and rounded in decimals: the vectors of the trade, and what must always hold."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.programme import Criterion, Scoring, Words
from models.programme_file.merit import Mark, Result
from models.vocabulary import Rung
from workflows.rules import scoring

TOTALS = st.lists(st.integers(0, 10_000), min_size=1, max_size=12)


def words(text: str) -> Words:
    """The same words in both languages."""
    return Words(zh=text, en=text)


def criterion(name: str, most: str = "100", **more: Any) -> Criterion:
    """Something to score."""
    return Criterion(name=name, label=words(name), most=Decimal(most), **more)


def rule(*criteria: Criterion, **more: Any) -> Scoring:
    """A scoring at the province."""
    return Scoring(step=Rung.PROVINCE, criteria=criteria, **more)


def hundredths(*points: str) -> list[int]:
    """Points as they are kept."""
    return [int(Decimal(p) * 100) for p in points]


CONTEST = rule(criterion("theory", weight=30), criterion("practice", weight=70))
BANDS = (
    Result(name="c", label=words("C"), at_least=Decimal(60)),
    Result(name="b", label=words("B"), at_least=Decimal(75)),
    Result(name="a", label=words("A"), at_least=Decimal(85)),
)


def test_the_trimmed_mean_drops_one_highest_and_one_lowest() -> None:
    totals = hundredths("88", "92.5", "90", "75", "97")

    assert scoring.combined(rule(method="trimmed"), totals) == 9017


def test_below_trim_from_the_trimmed_mean_is_the_plain_mean() -> None:
    four = hundredths("88", "92.5", "90", "75")

    assert scoring.combined(rule(method="trimmed"), four) == scoring.combined(rule(), four) == 8638
    assert scoring.combined(rule(method="trimmed", trim_from=4), four) == 8900


def test_theory_and_practice_count_by_their_weights() -> None:
    assert scoring.total(CONTEST, {"theory": "85", "practice": "90"}) == 8850


def test_a_weight_is_a_share_of_the_criterions_own_most() -> None:
    shares = rule(criterion("benefit", "30", weight=40), criterion("novelty", "10", weight=60))

    assert scoring.total(shares, {"benefit": "25", "novelty": "9"}) == 8733


def test_points_add_up_without_weights() -> None:
    rubric = rule(criterion("level", "30"), criterion("benefit", "30"), criterion("scope", "20"))

    assert scoring.total(rubric, {"level": "25", "benefit": "28.5", "scope": "17"}) == 7050


@pytest.mark.parametrize(("totals", "decimals", "kept"), [
    (["2.67", "2.68"], 2, 268), (["88", "92.5", "90"], 1, 9020), (["88", "89"], 0, 8900), (["0"], 2, 0),
])  # fmt: skip
def test_halves_are_rounded_up_to_the_decimals(totals: list[str], decimals: int, kept: int) -> None:
    assert scoring.combined(rule(decimals=decimals), hundredths(*totals)) == kept


def test_a_half_of_a_hundredth_is_rounded_up_and_not_as_floats_are() -> None:
    assert scoring.half_up(Fraction(Decimal("2.675")) * 100) == 268
    assert scoring.half_up(Fraction(Decimal("1.005")) * 100) == 101


def test_the_median_of_an_even_number_lies_between_the_two_in_the_middle() -> None:
    assert scoring.combined(rule(method="median"), hundredths("70", "95", "80")) == 8000
    assert scoring.combined(rule(method="median"), hundredths("70", "95", "80", "81")) == 8050


def test_a_vote_is_the_percent_of_yes_and_passes_by_its_own_mark() -> None:
    vote = rule(method="vote", vote_percent=60)

    assert scoring.combined(vote, [10_000, 10_000, 0]) == 6667
    assert scoring.passes(vote, 6000)
    assert not scoring.passes(vote, 5999)


@pytest.mark.parametrize(("points", "name"), [
    ("59.99", None), ("60.00", "c"), ("74.99", "c"), ("75.00", "b"), ("84.99", "b"), ("85.00", "a"), ("100", "a"),
])  # fmt: skip
def test_a_band_begins_at_its_number_and_ends_before_the_next(points: str, name: str | None) -> None:
    found = scoring.band_of(tuple(reversed(BANDS)), Decimal(points))

    assert (found.name if found else None) == name


def test_marks_say_a_criterions_points_in_words() -> None:
    benefit = criterion("benefit", "30", marks=(
        Mark(words=words("under 100,000"), at_least=Decimal(10)), Mark(words=words("to 500,000"), at_least=Decimal(15)),
        Mark(words=words("over 500,000"), at_least=Decimal(26)),
    ))  # fmt: skip
    said = [scoring.band_of(benefit.marks, Decimal(points)) for points in ("9", "14.5", "15", "25.99", "26")]

    assert [m.words.en if m else None for m in said] == [
        None, "under 100,000", "to 500,000", "to 500,000", "over 500,000",
    ]  # fmt: skip


def test_a_pass_mark_is_reached_at_its_number() -> None:
    mark = rule(pass_mark=Decimal(60))

    assert scoring.passes(mark, 6000)
    assert not scoring.passes(mark, 5999)
    assert scoring.passes(rule(), 0)


def test_a_tally_says_score_sheets_missing_ones_spread_word_and_whether_it_passed() -> None:
    three = rule(results=BANDS, pass_mark=Decimal(60))

    assert scoring.tally(three, hundredths("80", "70", "76"), 5) == scoring.Tally(
        7533, 3, 2, 1000, 411, BANDS[1], passed=True
    )
    assert scoring.tally(three, [], 5) == scoring.Tally(None, 0, 5, 0, 0, None, passed=False)


@pytest.mark.parametrize(("steps", "typed", "code"), [
    ((False, 0), "88", None), ((False, 0), 88, None), ((False, 0), "88.5", "points_step"), ((True, 0), "88.5", None),
    ((True, 0), "88.25", "points_step"), ((False, 2), "86.18", None), ((False, 2), "86.185", "points_step"),
    ((False, 0), "101", "points_over"), ((False, 0), "-1", "points_over"), ((False, 0), "NaN", "points_unreadable"),
    ((False, 0), "Infinity", "points_unreadable"), ((False, 0), "九十", "points_unreadable"),
    ((False, 0), True, "points_unreadable"), ((False, 0), None, "points_missing"), ((False, 0), "", "points_missing"),
])  # fmt: skip
def test_points_are_read_in_the_steps_of_the_programme(steps: tuple[bool, int], typed: Any, code: str | None) -> None:
    half, decimals = steps
    kept, faults = scoring.read(rule(criterion("work", decimals=decimals), half_points=half), {"work": typed})

    assert [fault["code"] for fault in faults] == ([code] if code else [])
    assert kept == ({} if code else {"work": str(typed)})


def test_every_fault_of_a_sheet_is_told_at_once() -> None:
    _, faults = scoring.read(CONTEST, {"theory": "101", "speed": "1"})

    assert faults == [
        {"field": "speed", "code": "unknown_field", "known": ["theory", "practice"]},
        {"field": "theory", "code": "points_over", "given": "101", "most": "100"},
        {"field": "practice", "code": "points_missing"},
    ]


def test_without_criteria_a_sheet_is_one_score() -> None:
    assert scoring.read(rule(), {"total": "91"}) == ({"total": "91"}, [])
    assert scoring.total(rule(), {"total": "91"}) == 9100


CHECKLIST = rule(criterion("safe"), criterion("new"), criterion("used"), method="ratio", pass_mark=Decimal(60))


def test_a_ratio_is_the_share_of_yes_among_the_questions_and_passes_by_its_mark() -> None:
    kept, faults = scoring.read(CHECKLIST, {"safe": True, "new": "否", "used": " Yes "})

    assert (kept, faults) == ({"safe": "1", "new": "0", "used": "1"}, [])
    assert scoring.total(CHECKLIST, kept) == 6667
    assert scoring.combined(CHECKLIST, [6667, 10_000, 3333]) == 6667
    assert (scoring.passes(CHECKLIST, 6000), scoring.passes(CHECKLIST, 5999)) == (True, False)


def test_the_questions_of_a_ratio_count_by_their_weights() -> None:
    weighted = rule(criterion("safe", weight=70), criterion("new", weight=30), method="ratio")

    assert scoring.total(weighted, {"safe": "1", "new": "0"}) == 7000


def test_a_ratio_without_questions_is_one_yes_or_no() -> None:
    kept, faults = scoring.read(rule(method="ratio"), {"total": "是"})

    assert (kept, faults, scoring.total(rule(method="ratio"), kept)) == ({"total": "1"}, [], 10_000)


def test_what_is_neither_yes_nor_no_is_told_question_by_question() -> None:
    _, faults = scoring.read(CHECKLIST, {"safe": "也许", "new": "0.5"})

    assert faults == [
        {"field": "safe", "code": "not_yes_or_no", "given": "也许"},
        {"field": "new", "code": "not_yes_or_no", "given": "0.5"},
        {"field": "used", "code": "points_missing"},
    ]


BENEFIT = criterion("benefit", "30", marks=(
    Mark(words=words("some"), at_least=Decimal(10)), Mark(words=words("much"), at_least=Decimal(20)),
))  # fmt: skip


def test_bands_are_shown_with_both_limits_the_highest_first() -> None:
    assert [(str(one.at_least), str(one.below), one.mark.words.en) for one in scoring.ranges(BENEFIT)] == [
        ("20", "None", "much"), ("10", "20", "some"),
    ]  # fmt: skip
    assert scoring.ranges(criterion("bare")) == ()


@pytest.mark.parametrize(("points", "code"), [("9", "points_no_band"), ("10", None), ("19", None), ("30", None)])
def test_points_below_every_band_are_no_points(points: str, code: str | None) -> None:
    _, faults = scoring.read(rule(BENEFIT), {"benefit": points})

    expected = [{"field": "benefit", "code": code, "given": points, "lowest": "10"}] if code else []
    assert faults == expected


@given(TOTALS)
def test_the_deviation_is_the_root_of_the_mean_square_halves_up(totals: list[int]) -> None:
    middle = Fraction(sum(totals), len(totals))
    variance = sum((one - middle) ** 2 for one in totals) / len(totals)
    found = scoring.deviation(totals)

    # Exactly the whole number with found - 1/2 <= root < found + 1/2.
    assert max(found - Fraction(1, 2), Fraction(0)) ** 2 <= variance < (found + Fraction(1, 2)) ** 2


@given(TOTALS, st.sampled_from(["mean", "trimmed", "median"]), st.integers(0, 2))
def test_what_judges_come_to_is_what_fractions_say(totals: list[int], method: Any, decimals: int) -> None:
    order = sorted(totals)
    if method == "trimmed" and len(order) >= 5:
        order = order[1:-1]
    if method == "median":
        order = order[(len(order) - 1) // 2 : len(order) // 2 + 1]
    unit = (100, 10, 1)[decimals]
    exact = Decimal(sum(order)) / (len(order) * unit)

    found = scoring.combined(rule(method=method, decimals=decimals), totals)

    assert found == scoring.half_up(Fraction(sum(order), len(order) * unit)) * unit
    assert abs(Decimal(found) / unit - exact) <= Decimal("0.5")


@given(TOTALS, st.sampled_from(["mean", "trimmed", "median"]), st.integers(0, 2))
def test_what_judges_come_to_lies_between_their_lowest_and_highest(
    totals: list[int], method: Any, decimals: int
) -> None:
    unit = (100, 10, 1)[decimals]
    found = scoring.combined(rule(method=method, decimals=decimals), totals)

    assert found is not None
    assert found % unit == 0
    assert min(totals) - unit < found < max(totals) + unit


@given(TOTALS, st.randoms())
def test_the_order_in_which_judges_scored_does_not_matter(totals: list[int], dice: Any) -> None:
    for method in ("mean", "trimmed", "median"):
        other = [*totals]
        dice.shuffle(other)

        assert scoring.combined(rule(method=method), totals) == scoring.combined(rule(method=method), other)


@given(st.lists(st.integers(0, 10_000), min_size=5, max_size=12))
def test_the_trimmed_mean_is_that_of_decimals_over_what_is_left(totals: list[int]) -> None:
    left = sorted(totals)[1:-1]
    exact = (Decimal(sum(left)) / len(left)).quantize(Decimal(1), ROUND_HALF_UP)

    assert scoring.combined(rule(method="trimmed"), totals) == int(exact)


@given(TOTALS, st.integers(0, 10_000), st.integers(0, 11))
def test_a_better_sheet_never_makes_a_score_worse(totals: list[int], better: int, place: int) -> None:
    place %= len(totals)
    raised = [*totals[:place], max(better, totals[place]), *totals[place + 1 :]]

    for method in ("mean", "trimmed", "median"):
        before, after = (scoring.combined(rule(method=method), each) for each in (totals, raised))
        assert before is not None
        assert after is not None
        assert after >= before


@given(st.integers(0, 100), st.integers(0, 100))
def test_weights_of_a_hundred_percent_keep_the_scale(theory: int, practice: int) -> None:
    found = scoring.total(CONTEST, {"theory": str(theory), "practice": str(practice)})

    assert found == 30 * theory + 70 * practice
