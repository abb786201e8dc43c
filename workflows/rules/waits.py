"""Waiting told in bands of working days, and weeks told by their Mondays."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from workflows.rules.calendar import working_days_between
from workflows.rules.throughput import working_day

if TYPE_CHECKING:
    from datetime import date

    from workflows.rules.working_days import Calendar

# The last working day of each band: ours, after the usual terms of 10 to 20 working days; what is longer is the last.
BANDS = (5, 10, 20, 40)
_DAY = timedelta(days=1)


def spans() -> list[tuple[int, int | None]]:
    """Each band by its first and last working day of waiting; None: no last."""
    edges = [-1, *BANDS]
    return [*((before + 1, last) for before, last in pairwise(edges)), (BANDS[-1] + 1, None)]


def cuts(today: date, calendar: Calendar) -> list[date]:
    """For each band but the longest the first day such that what came on it has waited no longer than the band."""
    return [_first(today, n, calendar) for n in BANDS]


def _first(today: date, n: int, calendar: Calendar) -> date:
    day = working_day(today, -n, calendar)
    while working_days_between(day - _DAY, today, calendar=calendar) <= n:
        day -= _DAY
    while working_days_between(day, today, calendar=calendar) > n:
        day += _DAY
    return day


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def weeks(today: date, n: int) -> list[date]:
    """The Mondays of the last `n` weeks, the oldest first, this week's the last."""
    return [monday(today) - timedelta(weeks=k) for k in range(n - 1, -1, -1)]
