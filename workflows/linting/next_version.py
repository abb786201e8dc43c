"""The text of a programme's next version: its dates moved on, everything else as it was, remarks included."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from typing import TYPE_CHECKING, Any

from models.errors import InputError
from workflows.linting.lines import lines_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflows.linting.finding import Path

_DAY = r"\d{4}-\d{2}-\d{2}"
_YEARS = (2000, 2100)


def next_version(text: str, year: int) -> str:
    """A file's text with the version one higher and its days moved so that it is valid from `year` on.

    Moved are `valid_from` and `approval.valid_until`; a day that the year lacks becomes the month's
    last. A cycle keeps its years: where it was counted from `valid_from`, `first_year` is written down.
    The approving document is left as it is: nobody but the office knows the new one. Raises InputError
    for a text that is no programme file, and for a year out of all range.
    """
    if not _YEARS[0] <= year <= _YEARS[1]:
        raise InputError("moment_out_of_range", field="year", given=year, first=_YEARS[0], last=_YEARS[1])
    try:
        content = tomllib.loads(text)
        at, first = lines_of(text), content["valid_from"]
        approval: Mapping[str, Any] = content["approval"]
        until, version = approval["valid_until"], int(content["version"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError("programme_file", where="valid_from", reason=str(error)) from error
    if not isinstance(first, date) or not isinstance(until, date):
        raise InputError("programme_file", where="valid_from", reason=f"{first}, {until}")
    lines = text.split("\n")
    _put(lines, at, ("version",), r"\d+", str(version + 1))
    for path, day in ((("valid_from",), first), (("approval", "valid_until"), until)):
        _put(lines, at, path, _DAY, f"{_moved(day, year - first.year):%Y-%m-%d}")
    if approval.get("cycle_years", 1) > 1 and "first_year" not in approval:
        # In an inline table both stand on one line.
        between = ", " if at["approval",] == at["approval", "cycle_years"] else "\n"
        value = f"{approval['cycle_years']}{between}first_year = {first.year}"
        _put(lines, at, ("approval", "cycle_years"), r"\d+", value)
    return "\n".join(lines)


def _put(lines: list[str], at: Mapping[Path, int], path: Path, pattern: str, value: str) -> None:
    """Write another value after a key, on the line where it stands."""
    line = at[path] - 1
    key = re.escape(str(path[-1]))
    lines[line] = re.sub(rf"(\b{key}[\"']?\s*=\s*){pattern}", lambda found: found[1] + value, lines[line], count=1)


def _moved(day: date, years: int) -> date:
    if day.year + years > _YEARS[1]:
        raise InputError("moment_out_of_range", field="year", given=day.year + years, first=_YEARS[0], last=_YEARS[1])
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
