"""Points: weights that make a whole, words and bands without gaps, prizes rank by rank."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from workflows.linting.finding import Raw, error, warning

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.programme import AssessmentRule, Criterion, Programme, Scoring
    from workflows.linting.finding import Path

_WHOLE = Decimal(100)
_GRADES = ("excellent", "qualified", "rectify")


def findings(programme: Programme) -> Iterator[Raw]:
    """What is wrong with scores, panels, prizes and assessments."""
    if programme.scoring is not None:
        yield from _scoring(programme, programme.scoring)
    elif programme.panel is not None:
        yield warning(("panel",), "panel_without_scoring")
    for key in ("assessment", "acceptance", "reconfirmation"):
        if (rule := getattr(programme, key)) is not None:
            yield from _assessment((key,), rule)
    yield from _contest(programme)


def highest(criteria: Sequence[Criterion]) -> Decimal:
    """The best total: the sum of all points, or 100 where they are weighted or not named."""
    if not criteria or any(criterion.weight is not None for criterion in criteria):
        return _WHOLE
    return sum((criterion.most for criterion in criteria), Decimal(0))


def _scoring(programme: Programme, rule: Scoring) -> Iterator[Raw]:
    path: Path = ("scoring",)
    asks = rule.method in ("vote", "ratio")
    if not asks and not rule.criteria:
        yield error(path, "criteria_missing")
    yield from _criteria((*path, "criteria"), rule.criteria)
    if asks:
        yield from (warning((*path, "criteria", n, "marks"), "marks_of_a_question", given=criterion.name)
                    for n, criterion in enumerate(rule.criteria) if criterion.marks)  # fmt: skip
    best = _WHOLE if asks else highest(rule.criteria)
    if rule.pass_mark is not None and not 0 <= rule.pass_mark <= best:
        yield error((*path, "pass_mark"), "over_most", given=rule.pass_mark, most=best)
    # Below the pass mark no word is needed: such a case goes no further.
    words = _scale((*path, "results"), rule.results, best)
    passed = rule.pass_mark is not None and any(result.at_least <= rule.pass_mark for result in rule.results)
    yield from (raw for raw in words if not (passed and raw.code == "scale_gap"))
    panel = programme.panel
    if panel is not None and panel.odd and panel.size % 2 == 0:
        yield error(("panel", "size"), "panel_even", given=panel.size)
    if panel is not None and rule.method == "trimmed" and rule.trim_from > panel.size:
        yield warning((*path, "trim_from"), "trim_never", given=rule.trim_from, size=panel.size)


def _criteria(path: Path, criteria: Sequence[Criterion]) -> Iterator[Raw]:
    weights = [criterion.weight for criterion in criteria]
    if any(weight is not None for weight in weights):
        yield from (error((*path, n), "weight_missing", given=criteria[n].name)
                    for n, weight in enumerate(weights) if weight is None)  # fmt: skip
        if (total := sum(weight or 0 for weight in weights)) != _WHOLE:
            yield error(path, "weights_sum", total=total)
    for n, criterion in enumerate(criteria):
        yield from _scale((*path, n, "marks"), criterion.marks, criterion.most)


def _scale(path: Path, marks: Sequence[Any], best: Decimal) -> Iterator[Raw]:
    """Left-closed ranges: each begins once, in order, below the highest score, and the last at 0."""
    starts = [mark.at_least for mark in marks]
    for n, start in enumerate(starts):
        if start > best or start < 0:
            yield error((*path, n, "at_least"), "over_most", given=start, most=best)
    falls, rises = starts == sorted(starts, reverse=True), starts == sorted(starts)
    for n, (before, after) in enumerate(pairwise(starts), start=1):
        if before == after:
            yield error((*path, n, "at_least"), "scale_twice", given=after)
        elif not falls and not rises and after > before:
            yield error((*path, n, "at_least"), "scale_order", given=after, before=before)
    if starts and min(starts) > 0:
        yield warning(path, "scale_gap", given=min(starts))


def _assessment(path: Path, rule: AssessmentRule) -> Iterator[Raw]:
    yield from _criteria((*path, "rubric"), rule.rubric)
    yield from _scale((*path, "bands"), rule.bands, highest(rule.rubric))
    ranked = sorted(enumerate(rule.bands), key=lambda pair: pair[1].at_least, reverse=True)
    for (_, above), (n, below) in pairwise(ranked):
        if _GRADES.index(below.grade) < _GRADES.index(above.grade):
            yield error((*path, "bands", n, "grade"), "bands_order", given=below.grade, above=above.grade)
    seen: set[str] = set()
    for n, band in enumerate(rule.bands):
        if band.name and band.name in seen:
            yield error((*path, "bands", n, "name"), "twice", given=band.name)
        seen.add(band.name)
    grades = {band.grade for band in rule.bands}
    if rule.excellent_cap is not None and "excellent" not in grades:
        yield warning((*path, "excellent_cap"), "cap_without_band")
    if grades == {"rectify"}:
        yield error((*path, "bands"), "never_passed")


def _contest(programme: Programme) -> Iterator[Raw]:
    contest = programme.contest
    if contest is None:
        return
    prizes = sorted(enumerate(contest.prizes), key=lambda pair: pair[1].from_rank)
    for n, prize in prizes:
        if prize.to_rank < prize.from_rank:
            yield error(("contest", "prizes", n, "to_rank"), "ranks_backwards", first=prize.from_rank,
                        last=prize.to_rank)  # fmt: skip
    inside = [(n, prize) for n, prize in prizes if not prize.outside]
    for (_, above), (n, below) in pairwise(inside):
        if below.from_rank <= above.to_rank:
            yield error(("contest", "prizes", n, "from_rank"), "ranks_overlap", given=below.from_rank,
                        other=above.name)  # fmt: skip
        elif below.from_rank > above.to_rank + 1:
            yield warning(("contest", "prizes", n, "from_rank"), "ranks_gap", first=above.to_rank + 1,
                          last=below.from_rank - 1)  # fmt: skip
    points = contest.team_points
    if points and contest.team_field is None:
        yield error(("contest", "team_points"), "team_field_missing")
    if list(points) != sorted(points, reverse=True) or (points and contest.points_below > points[-1]):
        yield warning(("contest", "team_points"), "points_rise")
