"""How worth is judged: screening, scoring, panel, visits, ties, contests."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from models.programme_file.common import Condition, Name, Percent, Sourced, Strict, Words
from models.vocabulary import Rung


class Department(Strict):
    """An office that is consulted about an application, if the condition holds."""

    name: Name
    label: Words
    veto: bool = True
    when: Condition | None = None


class Screening(Sourced):
    """Outside departments are asked before a list is sealed at `step`; one veto ends a case.

    `days`: working days a department has to answer. Silence is never consent.
    """

    step: Rung
    departments: tuple[Department, ...] = Field(min_length=1)
    days: int = Field(default=10, gt=0, le=60)


class Mark(Strict):
    """A left-closed range of a criterion's points, in words."""

    words: Words
    at_least: Decimal


class Criterion(Strict):
    """What is scored: up to `most` points. `weight` (percent) instead of adding up the points.

    `decimals`: digits after the point that its points may have, for what is measured; 0: whole points,
    or half ones if the scoring says `half_points`.
    """

    name: Name
    label: Words
    most: Decimal = Field(default=Decimal(100), gt=0)
    weight: Percent | None = None
    decimals: int = Field(default=0, ge=0, le=2)
    marks: tuple[Mark, ...] = ()


class Result(Strict):
    """A word for a left-closed band of the total (such as recommend, for reference)."""

    name: Name
    label: Words
    at_least: Decimal


class Scoring(Sourced):
    """How applications are scored at `step`.

    `method`: the mean of the judges' totals, the mean without the highest and lowest (from
    `trim_from` sheets on), the median, a `vote` of which `vote_percent` must say yes, or the `ratio` of
    yes among the criteria, each asked as a question (weighted if they have weights), in percent.
    Totals are kept to hundredths and rounded half up to `decimals`.
    """

    step: Rung
    method: Literal["mean", "trimmed", "median", "vote", "ratio"] = "mean"
    criteria: tuple[Criterion, ...] = ()
    trim_from: int = Field(default=5, ge=3)
    decimals: int = Field(default=2, ge=0, le=2)
    half_points: bool = False
    pass_mark: Decimal | None = None
    vote_percent: Percent = 50
    results: tuple[Result, ...] = ()


class Panel(Sourced):
    """Who judges: sheets needed for a case, cases one judge may take, and who must stand back."""

    size: int = Field(gt=0, le=99)
    odd: bool = True
    most_cases: int | None = Field(default=None, gt=0)
    recuse: tuple[Literal["same_unit", "declared", "requested"], ...] = ("same_unit", "declared")


class Visit(Sourced):
    """A visit to the workplace or a pitch before the panel, held before a list is sealed at `step`."""

    step: Rung
    minutes: int | None = Field(default=None, gt=0, le=600)


class TieStep(Strict):
    """One thing that breaks a tie: a criterion of the scoring or a number field, higher first unless `lowest`."""

    by: Name
    lowest: bool = False


class TieRule(Sourced):
    """What breaks a tie at the line, in order; never the time of filing. Then the meeting, or equal rank."""

    criteria: tuple[TieStep | Name, ...] = ()
    last: Literal["meeting", "equal_rank"] = "meeting"

    @property
    def steps(self) -> tuple[TieStep, ...]:
        """The criteria with their direction."""
        return tuple(c if isinstance(c, TieStep) else TieStep(by=c) for c in self.criteria)


class Prize(Strict):
    """A prize for a stretch of ranks. Money in yuan. `outside`: beyond the quota."""

    name: Name
    label: Words
    from_rank: int = Field(gt=0)
    to_rank: int = Field(gt=0)
    yuan: int = Field(default=0, ge=0)
    outside: bool = False


class Contest(Sourced):
    """A competition with scores of its own: announced scores stay provisional for `appeal_hours`.

    `minimum_field`: fewer competitors, and the event is cancelled. `team_points`: points of the ranks
    1, 2, 3 ...; everybody after has `points_below`. `team_field`: the form's field that names the team.
    """

    appeal_hours: int = Field(default=2, gt=0, le=240)
    minimum_field: int = Field(default=0, ge=0)
    prizes: tuple[Prize, ...] = ()
    team_field: Name | None = None
    team_points: tuple[int, ...] = ()
    points_below: int = Field(default=0, ge=0)
