"""Due dates: the calendar's answer as the deadline of something, in words, and counted anew when it changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from models.vocabulary import DeadlineKind
from workflows.clocks.calendars import current
from workflows.record.moves import Due
from workflows.rules import calendar
from workflows.rules.calendar import Span

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import time

    from models.programme import Counting, Programme
    from workflows.rules.calendar import Calendar
    from workflows.rules.cut_offs import CutOff
    from workflows.rules.routes import Desk

__all__ = ["Again", "Counted", "after", "again", "capped", "counted", "current", "months", "no_later", "on",
           "review", "rolled", "span", "within"]  # fmt: skip

_MIDNIGHT = "24:00"
_LATER = "；不晚于"


@dataclass(frozen=True)
class Counted(Span):
    """A span with what it was counted from, as a deadline keeps it: see `again`."""

    basis: Mapping[str, Any] = field(default_factory=dict, compare=False)


class Again(NamedTuple):
    """A date counted anew from its basis: the moment (UTC), in words, and whether it may still move."""

    at: datetime
    derivation: str
    provisional: bool
    last_day: date


def span(start: date, days: int, *, working: bool = True, first_day_counts: bool = False) -> Counted:
    """Where a period of days ends, under the calendar in force."""
    return _span(current(), start, days, working=working, first=first_day_counts)


def counted(start: date, rule: Counting) -> Counted:
    """Where a period ends that a programme counts its own way."""
    return span(start, rule.days, working=rule.working, first_day_counts=rule.first_day_counts)


def rolled(day: date) -> Counted:
    """The day that is printed, or the next working day where it is a day off (Civil Code art. 203)."""
    return _with(calendar.roll(day, calendar=current()), start=day, days=0)


def months(start: date, n: int) -> Counted:
    """The same day of a later month; a day off moves to the next working day (Civil Code arts. 202, 203)."""
    return _with(calendar.months_after(start, n, roll=True, calendar=current()), start=start, days=0, months=n)


def after(found: Counted, days: int) -> Counted:
    """Some working days after a period that was counted itself: it moves with that one."""
    more = span(found.last_day, days)
    basis = {**more.basis, "after": {**found.basis, "hour": _MIDNIGHT}}
    return Counted(more.last_day, more.provisional, more.derivation, more.derivation_en, basis)


def on(kind: DeadlineKind, found: Span, *, desk: str | None = None, account: str | None = None,
       hour: time | None = None) -> Due:  # fmt: skip
    """A deadline at the end of a span's last day, or at an hour of it."""
    told = f"{hour:%H:%M}" if hour else _MIDNIGHT
    basis = {**found.basis, "hour": told} if isinstance(found, Counted) else None
    at = calendar.ends_at(found.last_day, told)
    return Due(kind, at, found.derivation, found.provisional, desk, account, basis)


def review(programme: Programme, stop: Desk, now: datetime) -> Due:
    """By when a tier is to deal with a case that reached it now; the day itself does not count."""
    days = next(step.days for step in programme.ladder if step.desk == stop.rung)
    return on(DeadlineKind.REVIEW, span(calendar.local_date(now), days), desk=stop.desk)


def within(kind: DeadlineKind, days: int, now: datetime, desk: str) -> Due:
    """Some working days from now, for a desk."""
    return on(kind, span(calendar.local_date(now), days), desk=desk)


def no_later(limit: Due, at: datetime, words: str) -> Due:
    """A deadline that never runs past a moment; `words` name it. The count behind it may come out anew."""
    return _under(limit, {"at": at.isoformat(), "words": words}, _fixed(at, words))


def capped(limit: Due, cut_off: CutOff, words: str, *, tell: bool = True) -> Due:
    """A deadline that never runs past a tier's cut-off; with `tell` its words say how that was found."""
    said = f"{words}：{cut_off.derivation}" if tell else words
    if cut_off.printed is None:
        return no_later(limit, cut_off.at, said)
    local = cut_off.at.astimezone(calendar.SHANGHAI)
    hour = f"{local:%H:%M}" if local.hour or local.minute else _MIDNIGHT
    cap = {"start": cut_off.printed.isoformat(), "days": 0, "working": False, "first": False, "hour": hour,
           "words": words, "tell": tell}  # fmt: skip
    return _under(limit, cap, _fixed(cut_off.at, said)._replace(provisional=cut_off.provisional))


def again(basis: Mapping[str, Any]) -> Again:
    """A deadline's date counted anew from its basis, under the calendar in force.

    The basis: `start` (ISO day), `days` (0: the day itself, moved off days off), `working`, `first` (whether the
    first day counts), `hour` ("24:00": the day's end), `months` instead of days, `after` (the period it follows,
    instead of `start`), `told` (words before), `caps` it may not pass. Raises KeyError, ValueError, TypeError for
    one that cannot be read.
    """
    found = _counted_again(basis)
    for cap in basis.get("caps", ()):
        found = _earlier(found, _cap_again(cap))
    return found


def _counted_again(basis: Mapping[str, Any]) -> Again:
    start, days = date.fromisoformat(basis["start"]), int(basis["days"])
    if "after" in basis:
        start = again(basis["after"]).last_day
    if "months" in basis:
        found = months(start, int(basis["months"]))
    elif days == 0:
        found = rolled(start)
    else:
        found = span(start, days, working=bool(basis["working"]), first_day_counts=bool(basis["first"]))
    at = calendar.ends_at(found.last_day, basis["hour"])
    return Again(at, basis.get("told", "") + found.derivation, found.provisional, found.last_day)


def _cap_again(cap: Mapping[str, Any]) -> Again:
    words = str(cap["words"])
    if "at" in cap:
        return _fixed(datetime.fromisoformat(cap["at"]), words)
    found = _counted_again(cap)
    return found._replace(derivation=f"{words}：{found.derivation}" if cap["tell"] else words)


def _fixed(at: datetime, words: str) -> Again:
    """A moment that no calendar moves."""
    return Again(at, words, provisional=False, last_day=calendar.last_day_of(at))


def _earlier(found: Again, cap: Again) -> Again:
    if found.at <= cap.at:
        return found
    return cap._replace(derivation=f"{found.derivation}{_LATER}{cap.derivation}")


def _under(limit: Due, cap: Mapping[str, Any], told: Again) -> Due:
    """A deadline with one more cap, kept even where it does not bind now: the count may move past it."""
    if limit.basis is not None:
        limit = limit._replace(basis={**limit.basis, "caps": [*limit.basis.get("caps", ()), dict(cap)]})
    if limit.at <= told.at:
        return limit
    return limit._replace(
        at=told.at, derivation=f"{limit.derivation}{_LATER}{told.derivation}", provisional=told.provisional
    )


@lru_cache(maxsize=4096)
def _span(known: Calendar, start: date, days: int, *, working: bool, first: bool) -> Counted:
    found = calendar.count(start, days, counting_first=first, working_days=working, calendar=known)
    return _with(found, start=start, days=days, working=working, first=first)


def _with(found: Span, *, start: date, days: int, working: bool = False, first: bool = False, **more: int) -> Counted:
    basis = {"start": start.isoformat(), "days": days, "working": working, "first": first, **more}
    return Counted(found.last_day, found.provisional, found.derivation, found.derivation_en, basis)
