"""What every chapter of a programme file shares: words, sources, conditions, counted days."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

_LEAP_YEAR = 2024


def _a_day(text: str) -> str:
    """Only days that some year has. Raises ValueError for others, such as 02-30."""
    month, day = map(int, text.split("-"))
    date(_LEAP_YEAR, month, day)
    return text


Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,58}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,58}$")]
DayOfYear = Annotated[str, StringConstraints(pattern=r"^\d\d-\d\d$"), AfterValidator(_a_day)]
Percent = Annotated[int, Field(ge=0, le=100)]


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


class Sourced(Strict):
    """A rule that may say where it is written."""

    source: Source | None = None

    @property
    def cited(self) -> dict[str, Any]:
        """The rule's source as details of a refusal: `{"source": {...}}`, or nothing."""
        return {"source": self.source.model_dump()} if self.source else {}


class Condition(Strict):
    """Holds when the answer to a field of the form is one of the values (a yes is `"true"`)."""

    field: Name
    values: tuple[str, ...] = Field(min_length=1)

    def holds(self, answers: Any) -> bool:
        """Whether these answers meet it; an empty answer meets no condition."""
        given = answers.get(self.field)
        return given is not None and text_of(given) in self.values


class Counting(Sourced):
    """How a period of days is counted (Civil Code arts. 200-204; local practice differs)."""

    days: int = Field(gt=0, le=250)
    working: bool = True
    first_day_counts: bool = False


def text_of(value: Any) -> str:
    """An answer as a condition or a category writes it: a yes is "true", a number its digits."""
    return str(value).lower() if isinstance(value, bool) else str(value)
