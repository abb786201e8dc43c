"""Cut-offs: by when a tier's list must be sent up in a round, counted from the programme's days of the year."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, time
from typing import TYPE_CHECKING, NamedTuple

from workflows.rules.calendar import OFFICIAL, ends_at, roll

if TYPE_CHECKING:
    from datetime import datetime

    from models.programme import Programme
    from models.vocabulary import Rung
    from workflows.rules.calendar import Calendar

_MIDNIGHT = time(0, 0)


class CutOff(NamedTuple):
    """The moment (UTC) a day given as MM-DD ends in a round, and how it was found, in Chinese.

    `provisional`: it rests on a year whose official list of days off is not out yet. `printed`: the
    day as the programme has it, before a day off moved it; None where it was put off by hand.
    """

    at: datetime
    provisional: bool
    derivation: str
    printed: date | None = None


def first_after(day_of_year: str, opens_on: date, hour: time = _MIDNIGHT, calendar: Calendar = OFFICIAL) -> CutOff:
    """The first such day after a round's opening day, ending at `hour` (00:00: at 24:00).

    A day off moves to the next working day (Civil Code art. 203); 29 February is the 28th in
    other years. A day that has gone by when the round opens is next year's (domain: 7.4).
    """
    month, day = map(int, day_of_year.split("-"))
    days = (_of_year(opens_on.year + later, month, day) for later in (0, 1))
    printed = next(found for found in days if found > opens_on)
    found = roll(printed, calendar=calendar)
    at = ends_at(found.last_day, "24:00" if hour == _MIDNIGHT else f"{hour:%H:%M}")
    return CutOff(at, found.provisional, found.derivation, printed)


def cut_offs(programme: Programme, opens_on: date, calendar: Calendar = OFFICIAL) -> dict[Rung, CutOff]:
    """The cut-off of each rung that has one. A rolling programme takes lists all year: it has none."""
    if programme.entry.rolling:
        return {}
    return {
        step.desk: first_after(step.cut_off, opens_on, step.hour, calendar) for step in programme.ladder if step.cut_off
    }


def _of_year(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))
