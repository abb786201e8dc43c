"""What is asked for: fields, files, the workplace's steps, and the conditions to be met."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from models.programme_file.common import Condition, Name, Sourced, Strict, Words
from models.vocabulary import Rung

Filler = Literal["applicant"] | Rung


LONGEST = 20_000  # characters of an answer; no face takes more


class FieldRule(Strict):
    """One field of the form. Lengths count characters; money is typed in yuan and kept in fen.

    `profile`: typed once and kept for the unit or the person, offered again in every other form.
    `when`: asked only if another answer says so. `by`: the tier that fills it in its review, instead
    of the applicant. `stage`: "formal" is asked only after the first list was cleared.
    """

    name: Name
    label: Words
    kind: Literal[
        "text", "long", "number", "date", "year", "choice", "person_id", "yes_no", "money", "email", "phone"
    ] = "text"
    help: Words | None = None
    required: bool = True
    min_length: int | None = Field(default=None, gt=0)
    max_length: int | None = Field(default=None, gt=0, le=LONGEST)
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[str, ...] = ()
    choice_labels: tuple[Words, ...] = ()
    private: bool = False
    profile: Literal["unit", "person"] | None = None
    when: Condition | None = None
    by: Filler = "applicant"
    stage: Literal["first", "formal"] = "first"


class Slot(Strict):
    """A place for files: which kinds, how many, how big (in MB), how many pages a PDF may have."""

    name: Name
    label: Words
    required: bool = True
    kinds: tuple[Literal["pdf", "docx", "xlsx", "jpg", "png", "webp"], ...] = ("pdf", "jpg", "png")
    most: int = Field(default=5, gt=0, le=50)
    megabytes: int = Field(default=10, gt=0, le=200)
    pages: int | None = Field(default=None, gt=0, le=2000)
    when: Condition | None = None
    by: Filler = "applicant"
    stage: Literal["first", "formal"] = "first"


class Workplace(Sourced):
    """What must have happened at the workplace first: congress minutes, and a notice of so many days.

    The slots and fields named here are the programme's own; the notice's days are working days, and
    its first day counts if `first_day_counts`.
    """

    minutes_slot: Name | None = None
    notice_slot: Name | None = None
    notice_from: Name | None = None
    notice_to: Name | None = None
    notice_days: int = Field(default=5, gt=0, le=60)
    first_day_counts: bool = True


class Eligibility(Sourced):
    """A clause an application must meet at draft (told), at submission and again at the decision.

    Which keys a rule reads:
    `minimum`, `maximum`: a number `field` against `minimum` / `maximum`.
    `one_of`, `none_of`: `field` against `values`; `is_true`, `is_false`: a yes-or-no `field`.
    `age_years`: the date in `field` is at least `minimum` years ago; `within_years`: at most `maximum`.
    `tier`: the unit's tier is one of `values`; `area`: the unit lies in one of the areas `values`.
    `no_title`: none of the titles `of` (this programme's when empty) is held, or was named in the last
    `years`; `holds_title`: a valid one of `of` is held, for at least `years` years and not rectifying.
    `no_fact`: nothing of the kinds `of` happened in the last `years` (0: in the round's year), counted
    from the event; `has_fact`: at least `minimum` of the kinds `of`, in the last `years` if given.
    `not_barred`: no bar runs after a revocation.
    `who`: whose titles and facts are looked at. `when`: asked only if an answer says so.
    """

    clause: Name
    rule: Literal[
        "minimum", "maximum", "one_of", "none_of", "is_true", "is_false", "age_years", "within_years", "tier",
        "area", "no_title", "holds_title", "no_fact", "has_fact", "not_barred",
    ]  # fmt: skip
    field: Name | None = None
    minimum: int | None = None
    maximum: int | None = None
    values: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    years: int | None = Field(default=None, ge=0, le=50)
    who: Literal["leader", "unit", "either"] = "either"
    when: Condition | None = None
    message: Words
