"""Ranking: an order somebody stands for; ties at a line are settled by the tier, never by time."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


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


def disorder(order: Sequence[Scored]) -> int | None:
    """The first place (from 1) whose score is above the one before it; None when in order."""
    for place, (upper, lower) in enumerate(pairwise(order), start=2):
        if upper.score is not None and lower.score is not None and lower.score > upper.score:
            return place
    return None


def tie_at(order: Sequence[Scored], line: int) -> Tie | None:
    """The tie that straddles the line after place `line`, or None."""
    if not 0 < line < len(order) or order[line - 1].score is None:
        return None
    score = order[line - 1].score
    if order[line].score != score or score is None:
        return None
    places = [i for i, item in enumerate(order, start=1) if item.score == score]
    return Tie(places[0], places[-1], score)
