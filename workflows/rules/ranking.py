"""Ranking: an order somebody stands for; ties are broken by the programme's steps, never by time."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from models.programme import Programme
    from models.programme_file.merit import TieStep

# What the steps of a tie rule say of one name, the higher the better: (known, value) for each step.
Key = tuple[tuple[bool, Fraction], ...]
_NUMBERS = ("number", "money", "year")


class Scored(Protocol):
    """Something with a score, and its place in an order."""

    @property
    def score(self) -> int | None:
        """Hundredths of a point, or None."""


class Tie(NamedTuple):
    """Equal scores on both sides of a line: the places (from 1) and the score in hundredths."""

    first: int
    last: int
    score: int


def hundredths(value: str | Decimal | None) -> int | None:
    """A score of 0 to 100 as hundredths, halves rounded up in decimal arithmetic (domain: 7.3).

    Raises ValueError for anything that is not such a number.
    """
    if value is None or value == "":
        return None
    try:
        exact = Decimal(str(value))
        # A NaN cannot be compared at all, and 100.001 is no score however it rounds.
        if not 0 <= exact <= 100:  # noqa: PLR2004 -- a percent scale
            raise ValueError(value)
    except InvalidOperation as error:
        raise ValueError(value) from error
    return int(exact.quantize(Decimal("0.01"), ROUND_HALF_UP) * 100)


def comparable(rules: Programme, scored: Collection[str]) -> tuple[TieStep, ...]:
    """The steps of the tie rule that numbers answer, up to the first that needs a meeting's eyes.

    `scored`: the criteria that sheets give; besides them the form's number fields. What comes after a
    step nobody can count is not asked: the order of the steps is the rule (domain: scenario 6).
    """
    steps: list[TieStep] = []
    for step in rules.tie.steps:
        field = rules.field(step.by)
        if step.by not in scored and (field is None or field.kind not in _NUMBERS):
            break
        steps.append(step)
    return tuple(steps)


def key_of(steps: Sequence[TieStep], values: Mapping[str, Any]) -> Key:
    """One name's answers to the steps; a missing one comes after every known one."""
    return tuple(_answer(step, values.get(step.by)) for step in steps)


def _answer(step: TieStep, value: Any) -> tuple[bool, Fraction]:
    if value is None or value == "":
        return (False, Fraction(0))
    exact = Fraction(value) if isinstance(value, Fraction) else Fraction(Decimal(str(value)))
    return (True, -exact if step.lowest else exact)


def ranks(keys: Sequence[tuple[Any, ...]]) -> list[int]:
    """Each name's rank from 1, the highest key first: equal keys have equal ranks, and the next waits.

    Of two seconds none is third: 1, 2, 2, 4 (domain: 5.11).
    """
    order = sorted(keys, reverse=True)
    first: dict[tuple[Any, ...], int] = {}
    for place, key in enumerate(order, start=1):
        first.setdefault(key, place)
    return [first[key] for key in keys]


def disorder(order: Sequence[Scored], keys: Sequence[Key] | None = None) -> int | None:
    """The first place (from 1) that stands too low; None when in order.

    Its score is above the one before it or, scores being equal, its answer to the tie rule is.
    """
    for place, (upper, lower) in enumerate(pairwise(order), start=2):
        if upper.score is None or lower.score is None:
            continue
        if lower.score > upper.score:
            return place
        if keys and lower.score == upper.score and keys[place - 1] > keys[place - 2]:
            return place
    return None


def tie_at(order: Sequence[Scored], line: int, keys: Sequence[Key] | None = None) -> Tie | None:
    """The tie that straddles the line after place `line`, or None; `keys` break what they can."""
    if not 0 < line < len(order) or order[line - 1].score is None:
        return None
    score, told = order[line - 1].score, keys or [()] * len(order)
    if order[line].score != score or score is None or told[line] != told[line - 1]:
        return None
    places = [
        i for i, item in enumerate(order, start=1) if item.score == score and told[i - 1] == told[line - 1]
    ]  # fmt: skip
    return Tie(places[0], places[-1], score)
