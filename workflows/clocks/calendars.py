"""The calendar in force: the official lists, and the override file, read anew when it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from models.errors import InputError
from models.settings import settings
from workflows.rules import calendar

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from workflows.rules.calendar import Calendar


class _Read(NamedTuple):
    """An override file as it was read last: by what it was known, what it held, and what is wrong with it now."""

    stamp: tuple[int, int] | None
    held: Calendar
    fault: InputError | None = None


_READ: dict[Path, _Read] = {}


def current() -> Calendar:
    """The calendar in force; a file that was mended or brought up to date counts at once.

    Raises InputError("calendar_file_invalid", "calendar_file_year") for a file that cannot be used when
    the process first reads it. One that breaks later changes nothing: what it held counts on, see `trouble`.
    """
    file = settings().calendar_file
    return _read(file).held if file else calendar.OFFICIAL


def trouble(today: date) -> InputError | None:
    """What is wrong with the calendar, for an administrator: the file, or that this year's list is not known.

    None when all is well.
    """
    file = settings().calendar_file
    try:
        read = _read(file) if file else _Read(None, calendar.OFFICIAL)
    except InputError as error:
        return error
    if read.fault is None and read.held.known_through < today.year:
        return InputError("calendar_year_unknown", field="known_through", known=read.held.known_through,
                          year=today.year, file=str(file or "SHENBAO_CALENDAR_FILE"))  # fmt: skip
    return read.fault


def known_through() -> int | None:
    """The last year whose official list is known here; None when the file cannot be used."""
    try:
        return current().known_through
    except InputError:
        return None


def _read(file: Path) -> _Read:
    stamp, known = _stamp(file), _READ.get(file)
    if known is not None and known.stamp == stamp:
        return known
    try:
        found = _Read(stamp, calendar.load(file))
    except InputError as error:
        if known is None:
            raise
        found = _Read(stamp, known.held, error)
    _READ[file] = found
    return found


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
