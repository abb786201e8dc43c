"""Composition: floors and ceilings over a list's main names, and places per unit (domain: 7.2).

Percentages on small numbers need a stated rule: floors round up, ceilings round down.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from models.programme_file.common import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from models.organization import Organization
    from models.programme import Composition, QuotaRule
    from models.vocabulary import Rung

# What a composition may ask of the unit instead of the form: the key in the file to the unit's column.
UNIT_FIELDS = {"unit.non_public": "non_public", "unit.direct": "direct", "unit.tier": "tier"}


class Name(NamedTuple):
    """A main name of a list, as far as its composition looks at it."""

    organization: str
    answers: Mapping[str, Any]


class Count(NamedTuple):
    """One floor or ceiling, counted: `have` of `of` main names, and the `bound` that is allowed.

    `swap`: names to exchange for others until it holds; `more`: names to add instead (floor) or to
    take off without replacing (ceiling), None where no number helps. Both are 0 when it holds.
    """

    name: str
    label: dict[str, str]
    floor: bool
    percent: int
    have: int
    bound: int
    of: int
    swap: int
    more: int | None
    strict: bool
    source: dict[str, Any] | None

    @property
    def holds(self) -> bool:
        """Whether the list meets it."""
        return self.swap == 0


class Crowded(NamedTuple):
    """A unit with more main names on a list than the programme allows it."""

    organization: str
    have: int
    most: int


def floor_count(n: int, percent: int) -> int:
    """The least number of `n` names that a floor in percent asks for: rounded up (domain: 7.2)."""
    return -(-n * percent // 100)


def ceiling_count(n: int, percent: int) -> int:
    """The greatest number of `n` names that a ceiling in percent allows: rounded down (domain: 7.2)."""
    return n * percent // 100


def counts(
    rules: Iterable[Composition], rung: Rung, names: Sequence[Name], units: Mapping[str, Organization]
) -> list[Count]:
    """Every floor and ceiling that is asked of a list of this tier, counted."""
    found = []
    for rule in rules:
        if not _is_asked(rule, rung, len(names)):
            continue
        have = sum(_value(rule.field, name, units) in rule.values for name in names)
        if rule.floor is not None:
            found.append(_floor(rule, rule.floor, have, len(names)))
        if rule.ceiling is not None:
            found.append(_ceiling(rule, rule.ceiling, have, len(names)))
    return found


def counts_of(rules: Iterable[Composition], rung: Rung, numbers: Mapping[str, int]) -> list[Count]:
    """Every floor and ceiling of a list that is only planned: of `total` names so many for each rule (W56).

    Raises KeyError with the name of a rule whose number is not given.
    """
    found, total = [], numbers["total"]
    for rule in rules:
        if not _is_asked(rule, rung, total):
            continue
        if rule.floor is not None:
            found.append(_floor(rule, rule.floor, numbers[rule.name], total))
        if rule.ceiling is not None:
            found.append(_ceiling(rule, rule.ceiling, numbers[rule.name], total))
    return found


def _is_asked(rule: Composition, rung: Rung, n: int) -> bool:
    return n > 0 and n >= rule.from_names and (not rule.tiers or rung in rule.tiers)


def crowded(rule: QuotaRule, names: Iterable[Name]) -> list[Crowded]:
    """The units that have more than `per_unit` main names on a list, by code (domain: 7.2, W100)."""
    if rule.per_unit is None:
        return []
    by_unit = Counter(name.organization for name in names)
    return [Crowded(unit, n, rule.per_unit) for unit, n in sorted(by_unit.items()) if n > rule.per_unit]


def _value(field: str, name: Name, units: Mapping[str, Organization]) -> str | None:
    if field in UNIT_FIELDS:
        unit = units.get(name.organization)
        return None if unit is None else text_of(getattr(unit, UNIT_FIELDS[field]))
    given = name.answers.get(field)
    return None if given is None else text_of(given)


def _floor(rule: Composition, percent: int, have: int, n: int) -> Count:
    bound = floor_count(n, percent)
    return Count(
        rule.name, rule.label.model_dump(), floor=True, percent=percent, have=have, bound=bound, of=n,
        swap=max(0, bound - have), more=_until(n * percent - 100 * have, percent), strict=rule.strict,
        source=rule.cited.get("source"),
    )  # fmt: skip


def _ceiling(rule: Composition, percent: int, have: int, n: int) -> Count:
    bound = ceiling_count(n, percent)
    return Count(
        rule.name, rule.label.model_dump(), floor=False, percent=percent, have=have, bound=bound, of=n,
        swap=max(0, have - bound), more=_until(100 * have - n * percent, percent), strict=rule.strict,
        source=rule.cited.get("source"),
    )  # fmt: skip


def _until(missing: int, percent: int) -> int | None:
    """How many names longer or shorter a list must be: each one moves the line by `percent` too."""
    if missing <= 0:
        return 0
    return -(-missing // (100 - percent)) if percent < 100 else None  # noqa: PLR2004 -- a percent scale
