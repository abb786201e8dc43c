"""The demo's diary: what happens when, played in the order of the days it happened on."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from models import clock
from workflows.clocks import due

if TYPE_CHECKING:
    from collections.abc import Callable

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_DAY = timedelta(days=1)
LEAD = 12  # working days of a round's plan before it opens


class Diary:
    """Appointments of a pretended past; none lies after `end`, the present moment."""

    def __init__(self, end: datetime) -> None:
        self.end = end
        self._numbers = count()
        self._pages: list[tuple[datetime, int, Callable[[], object]]] = []

    def on(self, moment: datetime, act: Callable[[], object]) -> None:
        """Enter what happens at a moment; at one moment, what was entered first comes first."""
        heappush(self._pages, (min(moment, self.end), next(self._numbers), act))

    def play(self) -> None:
        """Live through it all, in order; what happens may enter more for later."""
        while self._pages:
            moment, _, act = heappop(self._pages)
            with clock.at(moment):
                act()


class Days:
    """The working days of one plan: day 0 is the opening, `LEAD` more lie before it."""

    def __init__(self, opening: date, length: int) -> None:
        before = _working(opening - _DAY, LEAD, -_DAY)
        self._days = [*reversed(before), *_working(opening, length, _DAY)]

    def day(self, number: int) -> date:
        """A day of the plan."""
        return self._days[number + LEAD]

    def at(self, number: int, hour: int = 9, minute: int = 0) -> datetime:
        """A moment of a day of the plan."""
        return moment(self.day(number), hour, minute)


def moment(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A moment in Shanghai."""
    return datetime.combine(day, time(hour, minute), _SHANGHAI)


def working_day(day: date) -> date:
    """This day, or the next working day."""
    return _working(day, 1, _DAY)[0]


def before(day: date, number: int) -> date:
    """The last of so many working days before a day."""
    return _working(day - _DAY, number, -_DAY)[-1]


def _working(first: date, number: int, step: timedelta) -> list[date]:
    found: list[date] = []
    day = first
    while len(found) < number:
        if due.current().is_working(day):
            found.append(day)
        day += step
    return found
