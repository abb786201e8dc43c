"""Places shared out by a formula: the largest remainder over weights (domain: 7.2, W57)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.programme_file.path import Factor

_SHOWN = Decimal("0.001")


class Part(NamedTuple):
    """What one factor gives a union: its number out of the sum of all, and the factor's percent."""

    name: str
    label: dict[str, str]
    percent: int
    number: str
    total: str


class Share(NamedTuple):
    """A union's places by the formula, and how they come about.

    `exact`: the share in thousandths of a place, half up; `whole`: places for its whole part;
    `remainder`: what is left of it; `rounded_up`: whether the remainder earned one place more.
    """

    organization: str
    places: int
    exact: str
    whole: int
    remainder: str
    rounded_up: bool
    parts: tuple[Part, ...]


def weights(factors: Sequence[Factor], given: Mapping[str, Mapping[str, Decimal]]) -> dict[str, Fraction]:
    """Each union's part of the whole: every factor's number over its sum, by the factor's percent.

    The numbers are non-negative and each factor's sum is above zero; percents that do not add up to
    100 are taken in proportion. Half by workers, half by output: two factors of 50 (W57).
    """
    whole = sum(factor.percent for factor in factors)
    sums = {f.name: Fraction(sum(numbers[f.name] for numbers in given.values())) for f in factors}
    return {
        code: sum((Fraction(f.percent, whole) * Fraction(numbers[f.name]) / sums[f.name] for f in factors), Fraction(0))
        for code, numbers in given.items()
    }


def shares(places: int, parts: Mapping[str, Fraction]) -> dict[str, int]:
    """`places` shared out over weights: whole parts first, then the largest remainders.

    Equal remainders are served in the order of the codes. The sum is always `places`, and nobody is
    a whole place from their exact share (domain: 7.2; 70 over 30/25/20/15/10 is 21/18/14/10/7).
    """
    total = sum(parts.values())
    exact = {code: places * part / total for code, part in parts.items()}
    given = {code: int(share) for code, share in exact.items()}
    order = sorted(exact, key=lambda code: (given[code] - exact[code], code))
    for code in order[: places - sum(given.values())]:
        given[code] += 1
    return given


def derived(places: int, factors: Sequence[Factor], given: Mapping[str, Mapping[str, Decimal]]) -> list[Share]:
    """Every union's share with its derivation, by code."""
    parts = weights(factors, given)
    whole = shares(places, parts)
    sums = {f.name: sum(numbers[f.name] for numbers in given.values()) for f in factors}
    total = sum(parts.values())
    found = []
    for code in sorted(given):
        exact = places * parts[code] / total
        shown = tuple(
            Part(f.name, f.label.model_dump(), f.percent, _plain(given[code][f.name]), _plain(Decimal(sums[f.name])))
            for f in factors
        )
        found.append(Share(code, whole[code], _shown(exact), int(exact), _shown(exact - int(exact)),
                           whole[code] > int(exact), shown))  # fmt: skip
    return found


def _shown(value: Fraction) -> str:
    return str((Decimal(value.numerator) / Decimal(value.denominator)).quantize(_SHOWN, ROUND_HALF_UP))


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
