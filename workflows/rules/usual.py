"""How long such cases usually take: the middle half of what was, and nothing at all from a handful. Pure.

What is told is experience, not a promise: the promise is the deadline. Half of the cases lie between the first
and the third quartile, so that one case that lay for a year says nothing about the next.
"""

from __future__ import annotations

from statistics import quantiles
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

FEWEST = 5  # cases; of fewer nothing is told


class Usual(NamedTuple):
    """Working days: the middle half of `cases` took from `least` to `most`."""

    least: int
    most: int
    cases: int


def usual(days: Sequence[int]) -> Usual | None:
    """The quartiles of some numbers of working days, to the nearest day; None for fewer than five."""
    if len(days) < FEWEST:
        return None
    lower, _, upper = quantiles(days, n=4, method="inclusive")
    return Usual(round(lower), round(upper), len(days))
