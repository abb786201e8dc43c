"""What a programme is: a TOML file an officer can read, checked strictly, pinned by its rounds."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, ValidationError

from models.errors import InputError
from models.programme_file.after import (
    AssessmentRule,
    Band,
    Correction,
    DecisionRule,
    Feed,
    Notice,
    Objections,
    Subsidy,
    Succession,
    TitleRule,
)
from models.programme_file.common import Code, Condition, Counting, Name, Source, Strict, Words
from models.programme_file.form import Eligibility, FieldRule, Slot, Workplace
from models.programme_file.merit import (
    Contest,
    Criterion,
    Department,
    Panel,
    Scoring,
    Screening,
    TieRule,
    TieStep,
    Visit,
)
from models.programme_file.path import (
    Approval,
    Composition,
    Entry,
    Joint,
    Pool,
    QuotaRule,
    Reserve,
    Step,
)
from models.vocabulary import Line

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "Approval", "AssessmentRule", "Band", "Code", "Composition", "Condition", "Contest", "Correction", "Counting",
    "Criterion", "DecisionRule", "Department", "Eligibility", "Entry", "Feed", "FieldRule", "Joint", "Notice",
    "Objections", "Panel", "Pool", "Programme", "QuotaRule", "Reserve", "Scoring", "Screening", "Slot", "Source",
    "Step", "Subsidy", "Succession", "TieRule", "TieStep", "TitleRule", "Visit", "Words", "Workplace", "catalogue",
    "parse", "parse_text", "read", "shipped",
]  # fmt: skip

FOLDER = Path(__file__).parent / "programmes"


class Programme(Strict):
    """A programme file; `docs/programmes.md` is its reference.

    `defaults`: the keys (such as `"ladder.days"`) whose value is this product's own default, because
    the sources are silent; an office may change them without breaking a regulation.
    """

    code: Code
    version: int = Field(gt=0)
    valid_from: date
    name: Words
    summary: Words | None = None
    subject: Literal["person", "team", "unit", "enterprise", "studio", "result", "project", "alliance", "pair"]
    hosts: tuple[Words, ...] = ()
    defaults: tuple[str, ...] = ()
    approval: Approval
    joint: Joint | None = None
    ladder: tuple[Step, ...] = Field(min_length=1)
    lines: tuple[Line, ...] = (Line.REGION, Line.INDUSTRY)
    entry: Entry = Entry()
    quota: QuotaRule = QuotaRule()
    reserve: Reserve = Reserve(percent=0)
    composition: tuple[Composition, ...] = ()
    notice: Notice
    objections: Objections = Objections()
    correction: Correction
    fields: tuple[FieldRule, ...]
    slots: tuple[Slot, ...] = ()
    workplace: Workplace | None = None
    eligibility: tuple[Eligibility, ...] = ()
    leader_name: Name | None = None
    leader_id: Name | None = None
    subject_name: Name
    screening: Screening | None = None
    scoring: Scoring | None = None
    panel: Panel | None = None
    site_visit: Visit | None = None
    pitch: Visit | None = None
    tie: TieRule = TieRule()
    contest: Contest | None = None
    decision: DecisionRule
    title: TitleRule
    assessment: AssessmentRule | None = None
    acceptance: AssessmentRule | None = None
    reconfirmation: AssessmentRule | None = None
    subsidies: tuple[Subsidy, ...] = ()
    feeds: tuple[Feed, ...] = ()

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


def parse_text(text: str, where: str = "toml") -> Programme:
    """A programme from the text of a TOML file. Raises InputError."""
    try:
        return parse(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError("programme_file", where=where, reason=str(error)) from error


def read(path: Path) -> Programme:
    """A programme from a TOML file. Raises InputError for an unreadable or wrong file."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("programme_file", where=path.name, reason=str(error)) from error
    return parse_text(text, path.name)


def catalogue() -> list[str]:
    """The codes of the programmes that come with the product."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


@lru_cache(maxsize=64)
def shipped(code: str) -> Programme:
    """A programme of the catalogue by its code. Raises InputError for an unknown one."""
    path = FOLDER / f"{code}.toml"
    if code not in catalogue():
        raise InputError("unknown_programme", given=code, known=catalogue())
    return read(path)
