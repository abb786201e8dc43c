"""The days, numbers and names that a search's fields take, read from text."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from models.errors import InputError
from workflows.rules.calendar import OFFICIAL
from workflows.rules.working_days import FIRST_DAY, LAST_DAY

if TYPE_CHECKING:
    from workflows.rules.working_days import Calendar

MOST_DAYS = 1000
_DAY = timedelta(days=1)
_RELATIVE = re.compile(r"([+-]?)(\d{1,4})(wd|d|个?工作日|天)")
_NAMED = {"today": 0, "今天": 0, "tomorrow": 1, "明天": 1, "yesterday": -1, "昨天": -1}
_WORKING = ("wd", "工作日", "个工作日")
_NUMBER = re.compile(r"\d{1,6}(\.\d{1,2})?")
_EXPECTED_DAY = "2026-04-08, today, +3wd, -5wd, +7d"


class Today(NamedTuple):
    """The day it is in Shanghai, and the calendar in force."""

    day: date
    calendar: Calendar = OFFICIAL


def day(text: str, today: Today, at: int, field: str) -> date:
    """A day: a date, `today`, or so many working (`wd`) or calendar days (`d`) from today. Raises InputError."""
    if text in _NAMED:
        return today.day + _DAY * _NAMED[text]
    if (match := _RELATIVE.fullmatch(text)) is not None:
        n = int(match[2]) if int(match[2]) <= MOST_DAYS else None
        if n is not None:
            n = -n if match[1] == "-" else n
            return moved(today, n) if match[3] in _WORKING else today.day + _DAY * n
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or not FIRST_DAY < found < LAST_DAY:
        raise InputError("search_day", field="words", given=text, position=at, of=field, expected=_EXPECTED_DAY)
    return found


def moved(today: Today, n: int) -> date:
    """The n-th working day after today (before it, for a negative n); 0 is today."""
    step, found, left = (_DAY if n > 0 else -_DAY), today.day, abs(n)
    while left:
        found += step
        left -= today.calendar.is_working(found)
    return found


def waited(text: str, at: int, field: str) -> tuple[int, bool]:
    """How long something waited: a number, and whether of working days. Raises InputError."""
    match = _RELATIVE.fullmatch(text)
    if match is None or match[1] or int(match[2]) > MOST_DAYS:
        raise InputError("search_days", field="words", given=text, position=at, of=field, most=MOST_DAYS)
    return int(match[2]), match[3] in _WORKING


def last_day_waiting(today: Today, n: int, *, working: bool) -> date:
    """The last day on which something must have come that has waited `n` days by today."""
    if not working:
        return today.day - _DAY * n
    found = today.day
    while n:
        n -= today.calendar.is_working(found)
        found -= _DAY
    return found


def hundredths(text: str, at: int, field: str) -> int:
    """A score of at most two decimals, in hundredths. Raises InputError."""
    if _NUMBER.fullmatch(text) is None:
        raise InputError("search_number", field="words", given=text, position=at, of=field)
    return int(Decimal(text) * 100)
