"""What a programme is: a TOML file an officer can read, checked strictly, pinned by its rounds."""

from __future__ import annotations

import tomllib
from datetime import date, time
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
)

from models.errors import InputError
from models.vocabulary import Line, Rung

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).parent / "programmes"
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,58}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,58}$")]


class Strict(BaseModel):
    """Unknown keys are faults: a misspelt rule must not be a rule that is silently missing."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(Strict):
    """A text in both languages."""

    zh: str
    en: str

    def in_(self, language: str) -> str:
        """The text in a language."""
        return self.en if language == "en" else self.zh


class Source(Strict):
    """The document and clause a rule comes from, shown wherever the rule refuses."""

    document: str
    clause: str = ""


class Approval(Strict):
    """On what authority the programme runs; a round outside it cannot open."""

    document: str
    authority: str
    valid_until: date
    cap: int = Field(gt=0)


class Step(Strict):
    """One rung of the ladder. `days`: working days a tier has for one case."""

    desk: Rung
    days: int = Field(gt=0, le=250)
    cut_off: Annotated[str, StringConstraints(pattern=r"^\d\d-\d\d$")] | None = None
    skip_on: tuple[Line, ...] = ()
    notice: bool = False


class Reserve(Strict):
    """Names beyond the quota: `percent` of the places, rounded as stated."""

    percent: int = Field(ge=0, le=100)
    rounding: Literal["floor", "ceiling"] = "floor"
    promotion: Literal["automatic", "none"] = "automatic"


class Counting(Strict):
    """How a period of days is counted (Civil Code arts. 200-204; local practice differs)."""

    days: int = Field(gt=0, le=250)
    working: bool = True
    first_day_counts: bool = False


class Notice(Counting):
    """The public notice of the deciding tier, and of any lower tier whose step says so."""

    order: Literal["area", "rank"] = "area"


class Objections(Strict):
    """Who may object and how: a letter counts by its postmark when `postmark` is true."""

    postmark: bool = True
    answer: Counting = Counting(days=10)
    extension_days: int = 10


class Correction(Strict):
    """How long an applicant has to mend what a tier returned; the day ends at `hour`."""

    days: int = Field(gt=0, le=60)
    hour: time = time(0, 0)


class FieldRule(Strict):
    """One field of the form. Lengths count characters."""

    name: Name
    label: Words
    kind: Literal["text", "long", "number", "date", "year", "choice", "person_id", "yes_no"] = "text"
    required: bool = True
    max_length: int | None = Field(default=None, gt=0)
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[str, ...] = ()
    choice_labels: tuple[Words, ...] = ()
    private: bool = False


class Slot(Strict):
    """A place for files: which kinds, how many, how big (in MB)."""

    name: Name
    label: Words
    required: bool = True
    kinds: tuple[Literal["pdf", "docx", "xlsx", "jpg", "png", "webp"], ...] = ("pdf", "jpg", "png")
    most: int = Field(default=5, gt=0, le=50)
    megabytes: int = Field(default=10, gt=0, le=200)


class Eligibility(Strict):
    """A clause an application must meet at submission, and again at the decision."""

    clause: Name
    rule: Literal["minimum", "one_of", "age_years", "no_title", "not_barred", "tier"]
    field: Name | None = None
    minimum: int | None = None
    values: tuple[str, ...] = ()
    message: Words
    source: Source | None = None


class TieRule(Strict):
    """What breaks a tie at the line; never the time of filing."""

    criteria: tuple[str, ...] = ()
    last: Literal["meeting"] = "meeting"


class DecisionRule(Strict):
    """The numbered document: `number` is a pattern that the document's number must match."""

    body: str
    number: str = r"^\S{2,20}〔\d{4}〕\d{1,4}号$"


class Band(Strict):
    """A left-closed band of the yearly score."""

    grade: Literal["excellent", "qualified", "rectify"]
    at_least: Decimal


class AssessmentRule(Strict):
    """The yearly assessment of a title (domain: 7.8)."""

    @field_validator("bands")
    @classmethod
    def _no_gap_below(cls, bands: tuple[Band, ...]) -> tuple[Band, ...]:
        if min((band.at_least for band in bands), default=Decimal(1)) > 0:
            raise ValueError("bands must begin at 0")
        return bands

    report_due: Annotated[str, StringConstraints(pattern=r"^\d\d-\d\d$")]
    remind_before: tuple[int, ...] = (14, 7, 1)
    remind_after: tuple[int, ...] = (3,)
    written_notice_after: int = 15
    exempt_named_after: Annotated[str, StringConstraints(pattern=r"^\d\d-\d\d$")] | None = None
    bands: tuple[Band, ...]
    excellent_cap: int | None = None
    rectify_months: int = 3
    grade_days: int = 30
    bar_years: int = 0


class TitleRule(Strict):
    """What the naming gives: the title's name and its certificate number's pattern."""

    name: Words
    number: Annotated[str, StringConstraints(pattern=r"\{year\}.*\{serial:04d\}$")] = "{year}-{serial:04d}"
    years: int | None = None


class Programme(Strict):
    """A programme file; `docs/programmes.md` is its reference."""

    code: Code
    version: int = Field(gt=0)
    valid_from: date
    name: Words
    subject: Literal["person", "team", "unit", "enterprise", "studio", "result", "project"]
    approval: Approval
    ladder: tuple[Step, ...] = Field(min_length=1)
    lines: tuple[Line, ...] = (Line.REGION, Line.INDUSTRY)
    reserve: Reserve = Reserve(percent=0)
    notice: Notice
    objections: Objections = Objections()
    correction: Correction
    fields: tuple[FieldRule, ...]
    slots: tuple[Slot, ...] = ()
    eligibility: tuple[Eligibility, ...] = ()
    leader_name: Name
    leader_id: Name
    subject_name: Name
    tie: TieRule = TieRule()
    decision: DecisionRule
    title: TitleRule
    assessment: AssessmentRule | None = None

    @property
    def id(self) -> str:
        """The pinned version's id, `code@version`."""
        return f"{self.code}@{self.version}"

    def field(self, name: str) -> FieldRule | None:
        """The form field of a name."""
        return next((f for f in self.fields if f.name == name), None)

    def slot(self, name: str) -> Slot | None:
        """The attachment slot of a name."""
        return next((s for s in self.slots if s.name == name), None)


def parse(content: Mapping[str, Any]) -> Programme:
    """A programme from its file's content. Raises InputError naming the first wrong key."""
    try:
        return Programme.model_validate(dict(content))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError("programme_file", where=where, reason=first["msg"]) from error


def read(path: Path) -> Programme:
    """A programme from a TOML file. Raises InputError for an unreadable or wrong file."""
    try:
        return parse(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError("programme_file", where=path.name, reason=str(error)) from error


@lru_cache(maxsize=64)
def shipped(code: str) -> Programme:
    """A programme of the catalogue by its code. Raises InputError for an unknown one."""
    path = FOLDER / f"{code}.toml"
    if not path.is_file():
        raise InputError("unknown_programme", given=code, known=sorted(p.stem for p in FOLDER.glob("*.toml")))
    return read(path)
