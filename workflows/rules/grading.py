"""Grades: left-closed bands, a rubric's points, a cap on the top that goes by rank, and draws (domain: 7.8)."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TYPE_CHECKING, NamedTuple

from models.errors import InputError
from models.vocabulary import AssessmentKind, Grade
from workflows.rules.calendar import months_after
from workflows.rules.ranking import tie_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from models.programme import AssessmentRule, Band, Criterion, Programme
    from workflows.rules.ranking import Scored, Tie

_FULL = 100


class Graded(NamedTuple):
    """A grade and the class within it; `met_mark`: good enough for excellent, but beyond the cap."""

    grade: Grade
    met_mark: bool = False
    band: str = ""


def rules_of(programme: Programme) -> dict[AssessmentKind, AssessmentRule]:
    """The assessments a programme holds of its titles, by kind."""
    found = {
        AssessmentKind.YEARLY: programme.assessment,
        AssessmentKind.ACCEPTANCE: programme.acceptance,
        AssessmentKind.RECONFIRMATION: programme.reconfirmation,
    }
    return {kind: rule for kind, rule in found.items() if rule is not None}


def bar_years(programme: Programme, failed: AssessmentKind | None) -> int:
    """The whole years of the ban after a revocation: of the assessment that failed, else the longest in the file."""
    rules = rules_of(programme)
    counted = [rules[failed]] if failed in rules else list(rules.values())
    return max((rule.bar_years for rule in counted), default=0)


def band_of(rule: AssessmentRule, score: int) -> Band:
    """The band a score (hundredths) falls into: 60.00 passes, 74.99 is not yet 75 (domain: 7.8)."""
    ordered = sorted(rule.bands, key=lambda b: b.at_least, reverse=True)
    return next(b for b in ordered if score >= b.at_least * 100)


def band(rule: AssessmentRule, score: int) -> Grade:
    """The grade of a score (hundredths)."""
    return Grade(band_of(rule, score).grade)


def rechecked(rule: AssessmentRule, score: int) -> Graded:
    """What a re-check comes to: a class below excellent, which a rectification does not earn."""
    found = band_of(rule, score)
    if Grade(found.grade) is Grade.RECTIFY:
        return Graded(Grade.RECTIFY, band=found.name)
    return Graded(Grade.QUALIFIED, band=_below_excellent(rule, found))


def graded(rules: Sequence[AssessmentRule], ranked: Sequence[Scored], places: int | None) -> list[Graded]:
    """Grades in the order given, highest score first; `places` are the excellent ones still free.

    Each has the marks of its own rule: titles of one list may be pinned to different versions.
    """
    grades, free = [], places
    for rule, item in zip(rules, ranked, strict=True):
        found = band_of(rule, item.score or 0)
        if Grade(found.grade) is Grade.EXCELLENT and free is not None:
            if free <= 0:
                grades.append(Graded(Grade.QUALIFIED, met_mark=True, band=_below_excellent(rule, found)))
                continue
            free -= 1
        grades.append(Graded(Grade(found.grade), band=found.name))
    return grades


def _below_excellent(rule: AssessmentRule, found: Band) -> str:
    """The class itself, or the best that is not excellent."""
    if Grade(found.grade) is not Grade.EXCELLENT:
        return found.name
    lower = [b for b in rule.bands if Grade(b.grade) is Grade.QUALIFIED]
    return max(lower, key=lambda b: b.at_least).name if lower else ""


def tie_at_cap(rules: Sequence[AssessmentRule], ranked: Sequence[Scored], places: int | None) -> Tie | None:
    """A tie across the cap, which the meeting must settle; None when the cap cuts cleanly.

    Only who is good enough for excellent by its own rule stands before the cap.
    """
    above = [
        item for rule, item in zip(rules, ranked, strict=True) if band(rule, item.score or 0) is Grade.EXCELLENT
    ]  # fmt: skip
    return tie_at(above, places) if places is not None and 0 < places < len(above) else None


def total(rubric: Sequence[Criterion], scores: Mapping[str, object]) -> str:
    """The points of a rubric's criteria as one score of 0 to 100, halves rounded up to hundredths.

    Points are added up; where every criterion has a weight (percent), each counts as that share of its most.
    Raises InputError("criterion_unknown", "criterion_missing", "criterion_points").
    """
    names = [c.name for c in rubric]
    if unknown := sorted(set(scores) - set(names)):
        raise InputError("criterion_unknown", field=unknown[0], known=names)
    if missing := [name for name in names if scores.get(name) in (None, "")]:
        raise InputError("criterion_missing", field=missing[0])
    points = {c.name: _points(c, scores[c.name]) for c in rubric}
    weighed = all(c.weight is not None for c in rubric)
    share = {c.name: Decimal(c.weight or 0) / c.most if weighed else Decimal(1) for c in rubric}
    added = sum((points[name] * share[name] for name in names), Decimal(0))
    return str(added.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _points(criterion: Criterion, given: object) -> Decimal:
    try:
        points = Decimal(str(given))
        if 0 <= points <= criterion.most:
            return points
    except InvalidOperation:  # no number, or a NaN that cannot be compared
        pass
    raise InputError("criterion_points", field=criterion.name, given=str(given)[:20], most=str(criterion.most))


def draw(ids: Iterable[str], percent: int, seed: str) -> list[str]:
    """So many percent of a list, rounded up, by lot: the same seed over the same list draws the same names."""
    pool = sorted(set(ids))
    lots = sorted(pool, key=lambda one: hashlib.sha256(f"{seed}\x1f{one}".encode()).hexdigest())
    return sorted(lots[: -(-len(pool) * percent // _FULL)])


def named_before(today: date, months: int) -> date:
    """The last naming day whose whole months were over before `today` (Civil Code arts. 201, 202).

    Named on 15 October 2024, two years are over on 15 October 2026, so this answers it from the 16th on.
    """
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    day = date(year, month + 1, 1) + timedelta(days=31)
    while months_after(day, months).last_day >= today:
        day -= timedelta(days=1)
    return day
