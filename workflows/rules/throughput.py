"""Whether a desk will be done in time: what it dealt with lately against what stands before a case in its queue.

The measure is the desk's own: as many cases a working day as in the last 20 of them. It looks ten working days
ahead: further on a queue changes too much to be told of. Pure.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from workflows.rules.calendar import working_days_between

if TYPE_CHECKING:
    from datetime import date, datetime

    from workflows.rules.calendar import Calendar

WINDOW, HORIZON = 20, 10  # working days


def left(today: date, last: date, calendar: Calendar) -> int:
    """The working days after today up to and with a last day."""
    return working_days_between(today, last, calendar=calendar)


def working_day(today: date, n: int, calendar: Calendar) -> date:
    """The day with `n` working days after today up to and with it; behind today when `n` is negative."""
    day, step = today, timedelta(days=1 if n > 0 else -1)
    while abs(working_days_between(today, day, calendar=calendar)) < abs(n):
        day += step
    return day


def capacity(settled: int, days: int) -> int:
    """How many cases a desk deals with in some working days, having settled so many in the last 20."""
    return settled * days // WINDOW


def needed(place: int, settled: int) -> int:
    """The working days until the case at a place of the queue (1: the first) is dealt with."""
    return -(-place * WINDOW // settled)


def too_late(before: int, n: int, room: int) -> int:
    """How many of `n` cases with `before` others before them come too late, when there is room for so many in all."""
    return max(0, min(n, before + n - room))


def hurried_before(due_at: datetime, now: datetime) -> datetime:
    """Less than a third of its time is left to what entered before this: the measure where no pace is known."""
    return due_at - (due_at - now) * 3
