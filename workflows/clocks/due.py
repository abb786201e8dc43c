"""Due dates: the calendar's answer as the deadline of something, in words."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from models.settings import settings
from models.vocabulary import DeadlineKind
from workflows.record.moves import Due
from workflows.rules import calendar

if TYPE_CHECKING:
    from datetime import date, datetime, time

    from models.programme import Counting, Programme
    from workflows.rules.calendar import Calendar, Span
    from workflows.rules.routes import Desk


@lru_cache(maxsize=1)
def current() -> Calendar:
    """The calendar in force: the official lists, and the override file if there is one."""
    file = settings().calendar_file
    return calendar.load(file) if file else calendar.OFFICIAL


@lru_cache(maxsize=4096)
def span(start: date, days: int, *, working: bool = True, first_day_counts: bool = False) -> Span:
    """Where a period of days ends, under the calendar in force."""
    return calendar.count(start, days, counting_first=first_day_counts, working_days=working, calendar=current())


def counted(start: date, rule: Counting) -> Span:
    """Where a period ends that a programme counts its own way."""
    return span(start, rule.days, working=rule.working, first_day_counts=rule.first_day_counts)


def on(kind: DeadlineKind, found: Span, *, desk: str | None = None, account: str | None = None,
       hour: time | None = None) -> Due:  # fmt: skip
    """A deadline at the end of a span's last day, or at an hour of it."""
    at = calendar.ends_at(found.last_day, f"{hour:%H:%M}" if hour else "24:00")
    return Due(kind, at, found.derivation, found.provisional, desk, account)


def review(programme: Programme, stop: Desk, now: datetime) -> Due:
    """By when a tier is to deal with a case that reached it now; the day itself does not count."""
    days = next(step.days for step in programme.ladder if step.desk == stop.rung)
    return on(DeadlineKind.REVIEW, span(calendar.local_date(now), days), desk=stop.desk)


def within(kind: DeadlineKind, days: int, now: datetime, desk: str) -> Due:
    """Some working days from now, for a desk."""
    return on(kind, span(calendar.local_date(now), days), desk=desk)
