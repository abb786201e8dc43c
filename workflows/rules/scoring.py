"""Scoring: judges' sheets read, added up and combined, rounded half up and never a float (domain: 7.3)."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from math import isqrt
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from models.programme_file.common import Words
from models.programme_file.merit import Criterion

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.programme import Scoring
    from models.programme_file.merit import Mark, Result


class Band(Protocol):
    """A left-closed band: it begins at a number, and the next one ends it."""

    @property
    def at_least(self) -> Decimal:
        """Its first number."""


B = TypeVar("B", bound=Band)
FULL = 10_000  # hundredths of a hundred
TOTAL = "total"
_WHOLE = Criterion(name=TOTAL, label=Words(zh="得分", en="Score"))
_AGREED = Criterion(name=TOTAL, label=Words(zh="是否同意", en="Agreed"))
# How a yes and a no are typed; they are kept as one point or none.
_SAID = {"true": 1, "yes": 1, "1": 1, "是": 1, "false": 0, "no": 0, "0": 0, "否": 0}


class Tally(NamedTuple):
    """What the sheets of one application come to.

    `score` in hundredths of a point (of a percent for a vote or ratio), None without a sheet; `n` sheets
    that count and `missing` ones; `spread` the highest less the lowest total and `deviation` their
    standard deviation, both in hundredths; `result` the word of its band.
    """

    score: int | None
    n: int
    missing: int
    spread: int
    deviation: int
    result: Result | None
    passed: bool


class Range(NamedTuple):
    """A band with both its limits in points: it begins at `at_least` and ends before `below`.

    `below` is None for the highest one, which ends with the criterion's `most` itself.
    """

    at_least: Decimal
    below: Decimal | None
    mark: Mark


def criteria_of(rule: Scoring) -> tuple[Criterion, ...]:
    """What a sheet holds: the criteria, or one score of 0 to 100 where the programme has none.

    Under `ratio` each is a question answered yes (one point) or no (none).
    """
    if rule.method == "ratio":
        yes = {"most": Decimal(1), "decimals": 0, "marks": ()}
        return tuple(c.model_copy(update=yes) for c in rule.criteria or (_AGREED,))
    return rule.criteria or (_WHOLE,)


def ranges(criterion: Criterion) -> tuple[Range, ...]:
    """A criterion's bands with their limits, the highest first (left-closed: domain 7.3)."""
    order = sorted(criterion.marks, key=lambda mark: mark.at_least, reverse=True)
    above: list[Decimal | None] = [None, *(mark.at_least for mark in order)]
    return tuple(Range(mark.at_least, below, mark) for mark, below in zip(order, above, strict=False))


def read(rule: Scoring, given: Mapping[str, Any]) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """A sheet as it is kept (criterion to points as text), and all its faults `{field, code, ...}`.

    Every criterion needs points from 0 to its `most`, in its own steps: whole, half or decimals; where it
    has bands, points that lie in one of them. Under `ratio` every question needs a yes or no.
    """
    known = {c.name: c for c in criteria_of(rule)}
    faults: list[dict[str, Any]] = [
        {"field": name, "code": "unknown_field", "known": list(known)} for name in given if name not in known
    ]
    kept: dict[str, str] = {}
    for name, criterion in known.items():
        points, fault = _points(rule, criterion, given.get(name))
        if fault is not None:
            faults.append(fault)
        kept[name] = str(points)
    return ({}, faults) if faults else (kept, faults)


def _points(rule: Scoring, criterion: Criterion, given: Any) -> tuple[Decimal, dict[str, Any] | None]:
    none = Decimal(0)
    if given is None or given == "":
        return none, {"field": criterion.name, "code": "points_missing"}
    if rule.method == "ratio":
        return _said(criterion, given)
    try:
        points = Decimal(str(given))
        is_number = points.is_finite()
    except InvalidOperation:
        points, is_number = none, False
    if not is_number or isinstance(given, bool):
        return none, {"field": criterion.name, "code": "points_unreadable", "given": str(given)[:20]}
    if not 0 <= points <= criterion.most:
        return none, {"field": criterion.name, "code": "points_over", "given": str(points), "most": str(criterion.most)}
    step = step_of(rule, criterion)
    if points % step:
        return none, {"field": criterion.name, "code": "points_step", "given": str(points), "step": str(step)}
    if criterion.marks and band_of(criterion.marks, points) is None:
        lowest = min(mark.at_least for mark in criterion.marks)
        return none, {"field": criterion.name, "code": "points_no_band", "given": str(points), "lowest": str(lowest)}
    return points, None


def _said(criterion: Criterion, given: Any) -> tuple[Decimal, dict[str, Any] | None]:
    said = _SAID.get(str(given).strip().lower())
    if said is None:
        return Decimal(0), {"field": criterion.name, "code": "not_yes_or_no", "given": str(given)[:20]}
    return Decimal(said), None


def step_of(rule: Scoring, criterion: Criterion) -> Decimal:
    """In which steps points of a criterion are given: whole, half or decimals."""
    if criterion.decimals:
        return Decimal(1).scaleb(-criterion.decimals)
    return Decimal("0.5") if rule.half_points else Decimal(1)


def total(rule: Scoring, points: Mapping[str, Decimal | str]) -> int:
    """A sheet's total in hundredths: points added up, or each criterion's share of its weight.

    Under `ratio` the share of yes among the questions, in hundredths of a percent, by weight if they have any.
    """
    exact = Fraction(0)
    for criterion in criteria_of(rule):
        scored = Fraction(Decimal(str(points[criterion.name])))
        if _is_weighted(rule):
            scored = scored * (criterion.weight or 0) / Fraction(criterion.most)
        exact += scored
    if rule.method == "ratio" and not _is_weighted(rule):
        exact = exact * 100 / len(criteria_of(rule))
    return half_up(exact * 100)


def _is_weighted(rule: Scoring) -> bool:
    return any(c.weight is not None for c in rule.criteria)


def combined(rule: Scoring, totals: Sequence[int | Fraction]) -> int | None:
    """What several judges' totals come to, in hundredths rounded to the rule's decimals; None of none.

    The trimmed mean drops one highest and one lowest from `trim_from` sheets on and is the plain
    mean below that; also when a sheet became void since (domain: scenario 16).
    """
    if not totals:
        return None
    order = sorted(totals)
    if rule.method == "trimmed" and len(order) >= rule.trim_from:
        order = order[1:-1]
    if rule.method == "median":
        order = order[(len(order) - 1) // 2 : len(order) // 2 + 1]
    # Half up in whole numbers, which is the exact mean and many times faster than fractions.
    unit = (100, 10, 1)[rule.decimals]
    whole = len(order) * unit
    return int((2 * sum(order) + whole) // (2 * whole)) * unit


def mean(values: Sequence[int | Fraction]) -> Fraction:
    """The exact mean."""
    return Fraction(sum(values)) / len(values)


def deviation(totals: Sequence[int]) -> int:
    """The standard deviation of all of a case's totals (not an estimate of more), in whole hundredths, half up."""
    n = len(totals)
    if n == 0:
        return 0
    # Everything stays whole: the variance is `over / n**2`, and 2 * its root is the root of 4 times it.
    over = n * sum(one * one for one in totals) - sum(totals) ** 2
    return (isqrt(4 * over) // n + 1) // 2


def mean_of(points: Sequence[str]) -> Fraction:
    """The exact mean of points as sheets keep them."""
    return sum((Fraction(Decimal(one)) for one in points), Fraction(0)) / len(points)


def half_up(value: Fraction) -> int:
    """The nearest whole number, halves upward."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def band_of(bands: Sequence[B], number: Decimal) -> B | None:
    """The left-closed band a number lies in: 74.99 is still C, 75.00 is B (domain: 7.3)."""
    reached = [band for band in bands if number >= band.at_least]
    return max(reached, key=lambda band: band.at_least, default=None)


def points_of(score: int) -> Decimal:
    """Hundredths as points: 9017 is 90.17."""
    return Decimal(score).scaleb(-2)


def passes(rule: Scoring, score: int) -> bool:
    """Whether a score reaches the pass mark; for a vote, whether enough of the judges said yes."""
    if rule.method == "vote":
        return score >= rule.vote_percent * 100
    return rule.pass_mark is None or points_of(score) >= rule.pass_mark


def tally(rule: Scoring, totals: Sequence[int], needed: int) -> Tally:
    """What an application's sheets come to, of `needed` ones."""
    score = combined(rule, totals)
    missing = max(0, needed - len(totals))
    if score is None:
        return Tally(None, 0, missing, 0, 0, None, passed=False)
    result = band_of(rule.results, points_of(score))
    spread = max(totals) - min(totals)
    return Tally(score, len(totals), missing, spread, deviation(totals), result, passed=passes(rule, score))
