"""The workplace's own steps before an application: congress minutes, and a notice of so many days."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from workflows.rules.calendar import OFFICIAL, working_days_between
from workflows.rules.forms import is_asked
from workflows.rules.working_days import FIRST_DAY, LAST_DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from models.programme import FieldRule, Programme, Slot, Workplace
    from workflows.rules.calendar import Calendar
    from workflows.rules.forms import Fault

_ENDS = 2  # a notice has a first and a last day


def faults(
    programme: Programme, answers: Mapping[str, Any], files: Mapping[str, int], today: date,
    calendar: Calendar = OFFICIAL,
) -> list[Fault]:  # fmt: skip
    """What the workplace still owes on the day of submission, each with the clause that asks for it.

    `answers` are those that count. Papers are files; the notice must have run its working days and
    be over (domain: 5.9, [W40]). What the form does not ask of this application is not owed.
    """
    rule = programme.workplace
    if rule is None:
        return []
    slots = _asked(programme.slot, (rule.minutes_slot, rule.notice_slot), answers)
    found: list[Fault] = [{"field": s, "code": "file_required", **rule.cited} for s in slots if not files.get(s)]
    ends = _asked(programme.field, (rule.notice_from, rule.notice_to), answers)
    if len(ends) < _ENDS:
        return found
    if empty := [name for name in ends if not answers.get(name)]:
        return found + [{"field": name, "code": "required", **rule.cited} for name in empty]
    try:
        first, last = (date.fromisoformat(str(answers[name])) for name in ends)
    except ValueError:
        return found  # no days: the form itself says so
    return found + _notice(rule, ends[1], first, last, today, calendar)


def counted(first: date, last: date, *, first_day_counts: bool, calendar: Calendar = OFFICIAL) -> int:
    """The working days of a notice from its first to its last day; 0 when it ends before it begins."""
    if not FIRST_DAY <= first <= last <= LAST_DAY:
        return 0
    days = working_days_between(first, last, calendar=calendar)
    return days + (1 if first_day_counts and calendar.is_working(first) else 0)


def _notice(rule: Workplace, field: str, first: date, last: date, today: date, calendar: Calendar) -> list[Fault]:
    days = counted(first, last, first_day_counts=rule.first_day_counts, calendar=calendar)
    if days < rule.notice_days:
        return [{"field": field, "code": "workplace_notice_short", "counted": days, "days": rule.notice_days,
                 "first_day": first, "last_day": last, **rule.cited}]  # fmt: skip
    if last >= today:
        return [{"field": field, "code": "workplace_notice_running", "last_day": last, **rule.cited}]
    return []


def _asked(
    part_of: Callable[[str], FieldRule | Slot | None], names: Iterable[str | None], answers: Mapping[str, Any]
) -> list[str]:
    parts = [part for name in names if name and (part := part_of(name)) is not None]
    return [part.name for part in parts if is_asked(part, answers, formal=True)]
