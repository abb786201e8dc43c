"""Who may recommend, by which way, how many and by when: approval, ladder, entry, quota, composition."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from models.programme_file.common import DayOfYear, Name, Percent, Source, Sourced, Strict, Words
from models.vocabulary import Channel, Line, QuotaKind, Rung

OrganizationCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{2,17}$")]


class Approval(Sourced):
    """On what authority the programme runs; a round outside it cannot open.

    `cap`: places in a round; without it as many as are fit ("a batch"). `cycle_years`: rounds are
    held every so many years, counted from `first_year` (the year of `valid_from` when not given).
    """

    document: str
    authority: str
    valid_until: date
    cap: int | None = Field(default=None, gt=0)
    cycle_years: int = Field(default=1, gt=0, le=10)
    first_year: int | None = Field(default=None, ge=2000, le=2100)
    wording: Literal["naming", "commendation"] = "naming"


class Joint(Sourced):
    """Several provinces that decide together: each confirms the list before it is decided.

    `organization`: the joint meeting's own code; `members`: the division codes; `shares`: places
    of each member where they are fixed.
    """

    organization: OrganizationCode
    name: Words
    members: tuple[str, ...] = Field(min_length=2)
    shares: dict[str, int] = Field(default_factory=dict)
    confirm: Literal["all", "majority"] = "all"


class Step(Sourced):
    """One rung of the ladder. `days`: working days a tier has for one case.

    `cut_off`: the day by which the tier's list must be sent up, first after the round opens, moved
    to the next working day; it ends at `hour` (00:00: at 24:00). `late`: what a list after it meets:
    it is taken and marked late, what still lies there is given up, or it waits for an extension.
    `channels`: by which ways of entry this rung is climbed; an enterprise rung is its own union's.
    `notice`: this tier holds a notice of its own; `notice_days` when not the programme's number.
    """

    desk: Rung
    days: int = Field(gt=0, le=250)
    cut_off: DayOfYear | None = None
    hour: time = time(0, 0)
    late: Literal["accept", "lapse", "extend"] = "accept"
    skip_on: tuple[Line, ...] = ()
    channels: tuple[Channel, ...] = (Channel.UNION, Channel.SELF)
    notice: bool = False
    notice_days: int | None = Field(default=None, gt=0, le=250)


class Entry(Sourced):
    """How applications come in.

    `channels`: by the unit's union, or by a worker (`self`), whose own union seals it first.
    `rolling`: open all year: a round closes with its year unless said otherwise, and cut-offs bind
    nobody. `lead_days`: calendar days at least between planning a round and its
    close. `per_unit`: applications one unit may have in a round. `first_list_due`: with it a tier
    right below the deciding one first hands in a first list, and the formal list is part of what was cleared.
    """

    channels: tuple[Channel, ...] = (Channel.UNION,)
    rolling: bool = False
    lead_days: int = Field(default=0, ge=0, le=365)
    per_unit: int | None = Field(default=None, gt=0)
    first_list_due: DayOfYear | None = None


class Reserve(Sourced):
    """Names beyond the quota: `percent` of the places, rounded as stated."""

    percent: Percent
    rounding: Literal["floor", "ceiling"] = "floor"
    promotion: Literal["automatic", "none"] = "automatic"


class Pool(Strict):
    """Places kept apart: for applications whose `[quota] pool_field` says one of the values."""

    name: Name
    label: Words
    values: tuple[str, ...] = Field(min_length=1)
    places: int = Field(ge=0)


class Factor(Strict):
    """A number of each union by which places are shared out, with its share of the whole."""

    name: Name
    label: Words
    percent: Percent


class Outside(Strict):
    """Awards beyond the quota, at most so many."""

    name: Name
    label: Words
    most: int = Field(gt=0)


class QuotaRule(Sourced):
    """How places are given: the usual kind, separate pools, the formula, awards outside the quota.

    `split_percent`: how many places a union may split among the unions below it, in percent of its
    own; above 100 more are recommended to it than it can send on (差额).
    """

    kind: QuotaKind = QuotaKind.FIXED
    split_percent: int = Field(default=100, ge=1, le=1000)
    per_unit: int | None = Field(default=None, gt=0)
    pool_field: Name | None = None
    pools: tuple[Pool, ...] = ()
    factors: tuple[Factor, ...] = ()
    outside: tuple[Outside, ...] = ()


class Composition(Sourced):
    """A floor or a ceiling in percent of a list's main names: those whose `field` says one of `values`.

    `field` is one of the form, or `unit.non_public`. Floors round up and ceilings down (domain: 7.2).
    `strict`: the list cannot be sealed; otherwise it is warned of. `tiers`: at which rungs it is asked
    (none named: at all). `from_names`: asked only of lists with at least so many main names, so that a
    floor of 1 from 2 names on reads "of two or more, at least one" (W58).
    """

    name: Name
    label: Words
    field: Annotated[str, StringConstraints(pattern=r"^(unit\.)?[a-z][a-z0-9_]{0,58}$")]
    values: tuple[str, ...] = ("true",)
    floor: Percent | None = None
    ceiling: Percent | None = None
    strict: bool = True
    tiers: tuple[Rung, ...] = ()
    from_names: int = Field(default=1, gt=0)


__all__ = ["Approval", "Composition", "Entry", "Factor", "Joint", "Outside", "Pool", "QuotaRule", "Reserve", "Source",
           "Step"]  # fmt: skip
