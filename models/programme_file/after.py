"""From the notice on: objections, decision, title, assessments, subsidy, and what it all feeds."""

from __future__ import annotations

from datetime import time
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator

from models.programme_file.common import Counting, DayOfYear, Name, Percent, Sourced, Strict, Words
from models.programme_file.merit import Criterion
from models.vocabulary import ProofKind


class Notice(Counting):
    """The public notice of the deciding tier, and of any lower tier whose step says so.

    `order`: names by area, by name, or by rank. `places`: where it hangs besides the public page.
    `shows`: further fields of the form that are published and frozen with it. `proof`: what must be on
    file of it before the tier's list goes up, or is decided.
    """

    order: Literal["area", "name", "rank"] = "area"
    places: tuple[Words, ...] = ()
    shows: tuple[Name, ...] = ()
    proof: tuple[ProofKind, ...] = ()


class Objections(Sourced):
    """Who may object and how: a letter counts by its postmark when `postmark` is true.

    `answer`: how long the investigating body has; it may be extended once by `extension_days` working
    days with a reason. `anonymous`: kept as a lead, or refused. `investigator`: who looks into it.
    """

    postmark: bool = True
    anonymous: Literal["lead", "refuse"] = "lead"
    answer: Counting = Counting(days=10)
    extension_days: int = Field(default=10, ge=0, le=60)
    investigator: Literal["recommender", "decider"] = "recommender"


class Correction(Sourced):
    """How long an applicant has to mend what a tier returned; the day ends at `hour`."""

    days: int = Field(gt=0, le=60)
    hour: time = time(0, 0)


class DecisionRule(Sourced):
    """The numbered document: `number` is a pattern that the document's number must match.

    `example`: a number that matches, shown to whoever mistypes one. `layout`: the annexed list.
    """

    body: str
    number: str = r"^\S{2,20}〔\d{4}〕\d{1,4}号$"
    example: str = "嘉总工〔2022〕15号"
    layout: Literal["area", "flat", "result"] = "area"


class Band(Strict):
    """A left-closed band of an assessment's score. `name`: the class within a grade, such as "A"."""

    grade: Literal["excellent", "qualified", "rectify"]
    at_least: Decimal
    name: str = ""


class AssessmentRule(Sourced):
    """An assessment of a title (domain: 7.8): yearly, once after a period, or at re-confirmation.

    `report_due`: the day of the year after (yearly). `after_months`: whole months since the naming
    (acceptance and other single ones); the task opens the next day. `report_days`: working days to
    report once a single one is open. `remind_before`, `remind_after`, `written_notice_after`: days
    before and after the report's due day. `rectify_months`: to the same day of the month. `rechecks`:
    chances after a failed one. `bar_years`: no new application for so long after a revocation.
    `spot_check_percent`: how many of a year's titles are drawn to be looked at on the spot, rounded up.
    """

    @field_validator("bands")
    @classmethod
    def _no_gap_below(cls, bands: tuple[Band, ...]) -> tuple[Band, ...]:
        if min((band.at_least for band in bands), default=Decimal(1)) > 0:
            raise ValueError("bands must begin at 0")
        return bands

    report_due: DayOfYear | None = None
    after_months: int | None = Field(default=None, gt=0, le=240)
    report_days: int = Field(default=20, gt=0, le=250)
    remind_before: tuple[int, ...] = (14, 7, 1)
    remind_after: tuple[int, ...] = (3,)
    written_notice_after: int = 15
    exempt_named_after: DayOfYear | None = None
    rubric: tuple[Criterion, ...] = ()
    bands: tuple[Band, ...]
    excellent_cap: int | None = Field(default=None, gt=0)
    rectify_months: int = Field(default=3, gt=0, le=36)
    rechecks: int = Field(default=1, ge=0, le=3)
    grade_days: int = Field(default=30, gt=0, le=250)
    bar_years: int = Field(default=0, ge=0, le=50)
    spot_check_percent: Percent = 0


class Succession(Sourced):
    """When a leader leaves: reported within `report_days` (calendar), a successor who meets the clauses.

    `rename`: the title's name carries the leader, so it is renamed, with its history.
    """

    report_days: int = Field(default=30, gt=0, le=365)
    clauses: tuple[Name, ...] = ()
    rename: bool = False


class TitleRule(Sourced):
    """What the naming gives: the title's name, its certificate number's pattern, how long it holds.

    `years`: it ends then, unless re-confirmed where `reconfirmation` stands in the file.
    `ends_when`: causes that end it without blame.
    """

    name: Words
    number: Annotated[str, StringConstraints(pattern=r"\{year\}.*\{serial:04d\}$")] = "{year}-{serial:04d}"
    years: int | None = Field(default=None, gt=0, le=50)
    ends_when: tuple[Literal["closed", "moved", "leader_left", "merged", "given_up"], ...] = (
        "closed", "moved", "leader_left",
    )  # fmt: skip
    succession: Succession | None = None


class Subsidy(Sourced):
    """One stage of money for a title, paid at most once.

    `trigger`: on naming, on a band of the acceptance (amounts in `bands`, by the band's name), after
    `after_months` whole months, or on re-confirmation. `yuan`: the amount. `needs_grade`: the last
    assessment must be passed. An open objection, rectification or dispute holds it back. `uses`: what
    it may be spent on; `report_months`: by when the spending is reported; `recover`: the balance comes
    back after a failure or revocation. `per` "person_year": of a person's titles of this programme only
    the first of a calendar year is paid. `with_finance`: the approval is made together with the finance
    department, and says so.
    """

    stage: Name
    label: Words
    trigger: Literal["naming", "band", "anniversary", "reconfirmation"]
    after_months: int | None = Field(default=None, gt=0, le=240)
    yuan: int | None = Field(default=None, gt=0)
    bands: dict[str, int] = Field(default_factory=dict)
    needs_grade: bool = False
    uses: tuple[Words, ...] = ()
    report_months: int | None = Field(default=None, gt=0, le=120)
    recover: bool = False
    per: Literal["title", "person_year"] = "title"
    with_finance: bool = False


class Feed(Sourced):
    """A fact that a naming leaves on record, of the leader or the unit, for other programmes to ask.

    `amount`: points, or the number in `amounts` that stands at the answer of `field`. `pool`: the
    leader enters the talent pool.
    """

    fact: Name
    who: Literal["leader", "unit"] = "leader"
    amount: int | None = None
    field: Name | None = None
    amounts: dict[str, int] = Field(default_factory=dict)
    pool: bool = False
