"""Which days are worked in mainland China.

The days off and the make-up working days (调休上班) are those of the State Council's yearly lists,
as the `holidays` package holds them. An override file puts a day right, or a new year in, before
the package does. It is TOML; each of its three keys may be left out:

    known_through = 2027                 # the last year whose official list is known
    working = [2027-02-20, 2027-10-09]   # made working, whatever the package says
    free = [2027-02-11]                  # made free, whatever the package says
"""

import re
import tomllib
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from models.errors import InputError

# The package answers for later years too, but then it guesses: no make-up days, no bridges.
KNOWN_THROUGH = 2026
FIRST_DAY, LAST_DAY = date(2001, 1, 1), date(2100, 12, 31)

_DAY = timedelta(days=1)
_FILE_KEYS = {"known_through", "working", "free"}


@dataclass(frozen=True)
class Calendar:
    """Which days are working days: the official lists, corrected by an override file."""

    known_through: int = KNOWN_THROUGH
    working: frozenset[date] = frozenset()
    free: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        """Whether people work on this day; a make-up Saturday or Sunday is one they work on."""
        days = working_days(self, within(day, "day").year)
        return days[place(day, self) - 1] == day


OFFICIAL = Calendar()


def load(path: Path) -> Calendar:
    """Read an override file.

    Raises InputError("calendar_file_missing") when it cannot be opened, and as `parse`, with the file named.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError("calendar_file_missing", field="calendar_file", file=str(path),
                         value=error.strerror or type(error).__name__) from error  # fmt: skip
    except UnicodeDecodeError as error:
        raise _bad_file("calendar_file", "UTF-8 TOML", "UTF-8?", file=str(path)) from error
    return parse(text, file=str(path))


def parse(text: str, file: str = "") -> Calendar:
    """Make a calendar of the text of an override file.

    Raises InputError("calendar_file_invalid") with the key and line that are wrong, ("calendar_file_year") for a
    year that is said to be known and has no day in the file: it is another year's.
    """
    told = {"file": file} if file else {}
    try:
        entries = tomllib.loads(text)
    except ValueError as error:  # TOML's own error, or a date such as 2027-02-30
        line = re.search(r"line (\d+)", str(error))
        more = {"line": int(line[1])} if line else {}
        raise _bad_file("calendar_file", "UTF-8 TOML", str(error), **told, **more) from error
    if unknown := sorted(entries.keys() - _FILE_KEYS):
        raise _bad_file(unknown[0], ", ".join(sorted(_FILE_KEYS)), entries[unknown[0]], **told,
                        **_line(text, unknown[0]))  # fmt: skip
    try:
        working, free = _file_days(entries, "working"), _file_days(entries, "free")
        if both := working & free:
            raise _bad_file("free", "working or free, not both", min(both).isoformat())
        year = _file_year(entries)
    except InputError as error:
        where = _line(text, str(error.details["value"]), str(error.details["field"]))
        raise InputError(error.code, **error.details, **told, **where) from error
    _require_its_years(year, working | free, text, told)
    return Calendar(year, working, free)


def _require_its_years(known: int, days: frozenset[date], text: str, told: dict[str, str]) -> None:
    for year in range(KNOWN_THROUGH + 1, known + 1):
        if not any(day.year == year for day in days):
            raise InputError("calendar_file_year", field="known_through", value=year, **told,
                             **_line(text, "known_through"))  # fmt: skip


def _line(text: str, *words: str) -> dict[str, int]:
    """In which line of a file the first of some words stands; the last time, for a day that stands there twice."""
    lines = [line.partition("#")[0] for line in text.splitlines()]
    for word in words:
        if found := [n for n, line in enumerate(lines, start=1) if word in line]:
            return {"line": found[-1]}
    return {}


@lru_cache(maxsize=256)
def _official(year: int) -> frozenset[date]:
    """Answer the working days of a year as the package has them.

    A calendar object of our own for each year: the package's shared one fills itself while it
    is asked, so that a second thread could find a year half filled.
    """
    from holidays import country_holidays  # noqa: PLC0415 -- slow import

    china, first = country_holidays("CN", years=year, expand=False), date(year, 1, 1)
    days = (first + _DAY * n for n in range((date(year, 12, 31) - first).days + 1))
    return frozenset(day for day in days if china.is_working_day(day))


@lru_cache(maxsize=1024)
def working_days(calendar: Calendar, year: int) -> tuple[date, ...]:
    """Answer the working days of a year, in order."""
    made = {day for day in calendar.working if day.year == year}
    return tuple(sorted((_official(year) | made) - calendar.free))


def place(day: date, calendar: Calendar) -> int:
    """Tell how many working days of its year lie before a day or on it."""
    return bisect_right(working_days(calendar, day.year), day)


def within(day: date, field: str) -> date:
    """Answer the day, or refuse one that no calendar covers."""
    # A datetime is a date to Python, but which one depends on the zone.
    if isinstance(day, datetime):
        raise InputError("date_invalid", field=field, value=str(day), expected="YYYY-MM-DD")
    if not FIRST_DAY <= day <= LAST_DAY:
        expected = f"{FIRST_DAY}..{LAST_DAY}"
        raise InputError("date_out_of_range", field=field, value=str(day), expected=expected)
    return day


def _bad_file(field: str, expected: str, value: object, **more: Any) -> InputError:
    return InputError("calendar_file_invalid", field=field, value=str(value), expected=expected, **more)


def _file_days(entries: dict[str, Any], key: str) -> frozenset[date]:
    days = entries.get(key, [])
    if not isinstance(days, list):
        raise _bad_file(key, "[2027-02-20, 2027-10-09]", days)
    for day in days:
        if type(day) is not date or not FIRST_DAY <= day <= LAST_DAY:
            raise _bad_file(key, f"{FIRST_DAY}..{LAST_DAY}", day)
    return frozenset(days)


def _file_year(entries: dict[str, Any]) -> int:
    year = entries.get("known_through", KNOWN_THROUGH)
    if type(year) is not int or not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise _bad_file("known_through", f"{FIRST_DAY.year}..{LAST_DAY.year}", year)
    return year
