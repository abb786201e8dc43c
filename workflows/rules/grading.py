"""Yearly grades: left-closed bands, and a cap on the top that goes by rank (domain: 7.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from models.vocabulary import Grade
from workflows.rules.ranking import tie_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.programme import AssessmentRule
    from workflows.rules.ranking import Scored, Tie


class Graded(NamedTuple):
    """A grade; `met_mark`: good enough for excellent, but beyond the cap."""

    grade: Grade
    met_mark: bool = False


def band(rule: AssessmentRule, score: int) -> Grade:
    """The band a score (hundredths) falls into: 60.00 passes, 89.99 is not yet excellent."""
    ordered = sorted(rule.bands, key=lambda b: b.at_least, reverse=True)
    return Grade(next(b.grade for b in ordered if score >= b.at_least * 100))


def graded(rule: AssessmentRule, ranked: Sequence[Scored], places: int | None) -> list[Graded]:
    """Grades in the order given, highest score first; `places` are the excellent ones still free."""
    grades, free = [], places
    for item in ranked:
        grade = band(rule, item.score or 0)
        if grade is Grade.EXCELLENT and free is not None:
            if free <= 0:
                grades.append(Graded(Grade.QUALIFIED, met_mark=True))
                continue
            free -= 1
        grades.append(Graded(grade))
    return grades


def tie_at_cap(rule: AssessmentRule, ranked: Sequence[Scored], places: int | None) -> Tie | None:
    """A tie across the cap, which the meeting must settle; None when the cap cuts cleanly."""
    if places is None or not 0 < places < len(ranked):
        return None
    found = tie_at(ranked, places)
    return found if found is not None and band(rule, found.score) is Grade.EXCELLENT else None
