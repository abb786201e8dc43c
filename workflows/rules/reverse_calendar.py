"""The reverse calendar: from the day of the decision back to the last day on which filing may close.

Everything is counted in working days of the calendar in force. A tier takes its lists in, has its
days for review (the day they come in does not count), holds its notice if it has one, and hands on.
Handing on takes one working day of its own, after the review and after the notice alike (there is no
source for it: a default). A tier that consults departments has their days when those are more. Time
for corrections is not in it: a tier's clock stands still meanwhile (domain: scenario 2).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from models.errors import InputError
from workflows.rules import calendar
from workflows.rules.working_days import FIRST_DAY, LAST_DAY, OFFICIAL, Calendar, place, working_days

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.programme import Counting, Programme, Step
    from models.vocabulary import Rung

DISPATCH = 1
_DAY = timedelta(days=1)


class Trouble(NamedTuple):
    """Why a plan cannot hold: a code of models/sentences_programme, with its details."""

    code: str
    details: dict[str, Any]


class Stop(NamedTuple):
    """One tier's latest days. `cut_off` is the programme's own, where it names one."""

    rung: Rung
    starts_by: date
    reviewed_by: date
    notice_from: date | None
    notice_to: date | None
    hands_over_by: date
    cut_off: date | None
    troubles: tuple[Trouble, ...] = ()


class Plan(NamedTuple):
    """The whole round backwards; `stops` lowest first, `provisional` where a year's list is not out yet."""

    decision_by: date
    closes_by: date
    opens: date | None
    first_list_due: date | None
    stops: tuple[Stop, ...]
    troubles: tuple[Trouble, ...]
    provisional: bool

    @property
    def feasible(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.troubles and not any(stop.troubles for stop in self.stops)


def plan(
    programme: Programme, decision_by: date, *, opens: date | None = None, today: date, known: Calendar = OFFICIAL
) -> Plan:
    """Count a programme's round back from the day it is to be decided.

    `opens`: when filing begins, if that is fixed. Of parallel lines the longest way is counted: every
    step of the ladder. Raises InputError for days that no calendar covers.
    """
    due = back(decision_by, 0, known)
    stops: list[Stop] = []
    for n, step in reversed(list(enumerate(programme.ladder))):
        cut_off = _cut_off(step.cut_off, opens, due, known)
        latest = min(due, cut_off) if cut_off else due
        notice = _notice(programme, step, is_last=n == len(programme.ladder) - 1)
        stop = _stop(programme, step, latest, notice, cut_off, known)
        stops.insert(0, stop._replace(troubles=tuple(_late(stop, due))))
        due = stop.starts_by
    closes_by = stops[0].starts_by
    first_list = programme.entry.first_list_due
    days = [decision_by, closes_by, *(stop.hands_over_by for stop in stops)]
    return Plan(
        decision_by, closes_by, opens, _cut_off(first_list, opens, closes_by, known), tuple(stops),
        tuple(_troubles(programme, closes_by, opens, today)), any(day.year > known.known_through for day in days),
    )  # fmt: skip


def back(day: date, n: int, known: Calendar) -> date:
    """The working day that lies `n` working days before a day; with 0 the day itself, or the last before it.

    Raises InputError("date_out_of_range") before the first day that any calendar covers.
    """
    if not FIRST_DAY <= day <= LAST_DAY:
        expected = f"{FIRST_DAY}..{LAST_DAY}"
        raise InputError("date_out_of_range", field="start", value=str(day), expected=expected)
    index = place(day, known) - 1 - n
    year = day.year
    while index < 0:
        year -= 1
        if year < FIRST_DAY.year:
            expected = f"{FIRST_DAY}..{LAST_DAY}"
            raise InputError("date_out_of_range", field="start", value=str(day), expected=expected)
        index += len(working_days(known, year))
    return working_days(known, year)[index]


def _notice(programme: Programme, step: Step, *, is_last: bool) -> Counting | None:
    """The notice a tier holds: the programme's way of counting, with its own number of days if it has one."""
    if not (step.notice or is_last):
        return None
    return programme.notice.model_copy(update={"days": step.notice_days}) if step.notice_days else programme.notice


def _stop(
    programme: Programme, step: Step, due: date, notice: Counting | None, cut_off: date | None, known: Calendar
) -> Stop:
    first = last = None
    ready = back(due, DISPATCH, known)
    if notice is not None:
        first, last = _latest_notice(notice, ready, known)
        ready = back(first, DISPATCH, known)
    return Stop(step.desk, back(ready, _days(programme, step), known), ready, first, last, due, cut_off)


def _days(programme: Programme, step: Step) -> int:
    """A tier's working days: its own, or those its departments have to answer when these are more."""
    asked = programme.screening.days if programme.screening and programme.screening.step == step.desk else 0
    return max(step.days, asked)


def _latest_notice(rule: Counting, end: date, known: Calendar) -> tuple[date, date]:
    """The last first day of a notice that is over by `end`, with the day it then ends on."""
    first = end
    while (last := _notice_end(rule, first, known)) > end:
        first = back(first - _DAY, 0, known)
    return first, last


def _notice_end(rule: Counting, first: date, known: Calendar) -> date:
    return calendar.count(
        first, rule.days, counting_first=rule.first_day_counts, working_days=rule.working, calendar=known
    ).last_day


def _cut_off(day: str | None, opens: date | None, due: date, known: Calendar) -> date | None:
    """A cut-off's first day after a round opens, moved to the next working day (Civil Code art. 203).

    While nobody knows when the round opens, it is the one nearest to the day it is needed.
    """
    if day is None:
        return None
    around = opens or due
    days = [date(around.year + n, int(day[:2]), int(day[3:])) for n in (-1, 0, 1)]
    if opens is not None:
        return calendar.roll(next(each for each in days if each >= opens), calendar=known).last_day
    return calendar.roll(min(days, key=lambda each: abs((each - due).days)), calendar=known).last_day


def _late(stop: Stop, due: date) -> Iterator[Trouble]:
    if stop.cut_off is not None and stop.cut_off > due:
        yield Trouble("cut_off_too_late", {"cut_off": stop.cut_off, "day": due})


def _troubles(programme: Programme, closes_by: date, opens: date | None, today: date) -> Iterator[Trouble]:
    approval = programme.approval
    if opens is not None and closes_by <= opens:
        yield Trouble("close_before_opening", {"day": closes_by, "opens": opens})
    if closes_by < today:
        yield Trouble("already_past", {"day": closes_by, "today": today})
    elif (left := (closes_by - today).days) < programme.entry.lead_days:
        yield Trouble("lead_too_short", {"left": left, "lead": programme.entry.lead_days})
    if opens is not None and not programme.valid_from <= opens <= approval.valid_until:
        yield Trouble(
            "outside_approval", {"opens": opens, "start": programme.valid_from, "until": approval.valid_until}
        )
