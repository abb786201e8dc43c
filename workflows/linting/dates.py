"""Days: cut-offs in the order of the ladder, notices that fit between them, approvals that are in force."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from models.errors import InputError
from workflows.linting.finding import Raw, error, warning
from workflows.rules import calendar
from workflows.rules.working_days import FIRST_DAY, LAST_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.programme import Programme
    from workflows.linting.finding import Path

# From one cut-off to the next it is never more than half a year: what looks longer runs backwards.
LONGEST_GAP = 183
_ORDINARY = 2026  # any year that is not a leap year, to compare days of no year


def findings(programme: Programme, today: date, known: calendar.Calendar) -> Iterator[Raw]:
    """What is wrong with the file's days; `today` is Beijing's."""
    yield from _approval(programme, today)
    wrong = list(_no_such_days(programme))
    yield from wrong
    if not wrong:
        yield from _backwards(programme)
        yield from _outside(programme)
        yield from _too_short(programme, known)


def days_named(programme: Programme) -> list[tuple[Path, str]]:
    """Every day of a year (`MM-DD`) that the file names."""
    named: list[tuple[Path, str | None]] = [(("entry", "first_list_due"), programme.entry.first_list_due)]
    named += [(("ladder", n, "cut_off"), step.cut_off) for n, step in enumerate(programme.ladder)]
    for key in ("assessment", "acceptance", "reconfirmation"):
        rule = getattr(programme, key)
        named += [((key, name), getattr(rule, name, None)) for name in ("report_due", "exempt_named_after")]
    return [(path, day) for path, day in named if day is not None]


def on(year: int, day: str) -> date:
    """A day of the year (`MM-DD`) in a year. Raises ValueError for a day no year has."""
    return date(year, int(day[:2]), int(day[3:]))


def _no_such_days(programme: Programme) -> Iterator[Raw]:
    for path, day in days_named(programme):
        try:
            on(_ORDINARY, day)
        except ValueError:
            yield error(path, "no_such_day", given=day)


def _approval(programme: Programme, today: date) -> Iterator[Raw]:
    approval = programme.approval
    if approval.valid_until < programme.valid_from:
        yield error(("approval", "valid_until"), "window_backwards", given=approval.valid_until,
                    start=programme.valid_from)  # fmt: skip
        return
    if approval.valid_until < today:
        yield warning(("approval", "valid_until"), "approval_over", given=approval.valid_until)
    first = approval.first_year or programme.valid_from.year
    years = range(programme.valid_from.year, approval.valid_until.year + 1)
    if not any(year >= first and (year - first) % approval.cycle_years == 0 for year in years):
        yield error(("approval", "first_year"), "cycle_never", first=first, every=approval.cycle_years)


def _cut_offs(programme: Programme) -> list[tuple[int, str]]:
    return [(n, step.cut_off) for n, step in enumerate(programme.ladder) if step.cut_off]


def gap(before: str, after: str) -> int:
    """How many days on, round the year, the one day comes after the other."""
    return (on(_ORDINARY, after) - on(_ORDINARY, before)).days % 365


def _backwards(programme: Programme) -> Iterator[Raw]:
    dated = _cut_offs(programme)
    for (_, before), (n, after) in pairwise(dated):
        if not 0 < gap(before, after) <= LONGEST_GAP:
            yield error(("ladder", n, "cut_off"), "cut_off_backwards", given=after, before=before)
    first_list = programme.entry.first_list_due
    if first_list and dated and not 0 < gap(first_list, dated[-1][1]) <= LONGEST_GAP:
        yield error(("entry", "first_list_due"), "first_list_late", given=first_list, cut_off=dated[-1][1])


def _outside(programme: Programme) -> Iterator[Raw]:
    """A day that the approval's time never reaches, however late in it a round opens."""
    first, last = programme.valid_from, programme.approval.valid_until
    for n, day in _cut_offs(programme):
        year = first.year if on(first.year, day) >= first else first.year + 1
        if year > date.max.year or (first <= last < on(year, day)):
            yield error(("ladder", n, "cut_off"), "cut_off_outside", given=day, until=last)


def _too_short(programme: Programme, known: calendar.Calendar) -> Iterator[Raw]:
    """Between the cut-off below and its own a tier needs its notice, and should have its working days."""
    dated = dict(_cut_offs(programme))
    year = max(FIRST_DAY.year, min(programme.valid_from.year, LAST_DAY.year - 2))
    for (below, before), (n, after) in pairwise(dated.items()):
        if not 0 < gap(before, after) <= LONGEST_GAP:
            continue
        start = on(year, before)
        end = on(year if after > before else year + 1, after)
        left = calendar.working_days_between(start, end, calendar=known)
        step = programme.ladder[n]
        notice = (step.notice_days or programme.notice.days) if step.notice else 0
        if notice > left:
            key = "notice_days" if step.notice_days else "notice"
            yield error(("ladder", n, key), "notice_too_long", days=notice, left=left, before=before, after=after)
        elif notice + sum(s.days for s in programme.ladder[below + 1 : n + 1]) > left:
            days = sum(s.days for s in programme.ladder[below + 1 : n + 1])
            yield warning(("ladder", n, "days"), "step_too_short", days=days, notice=notice, left=left)
    yield from _last_notice(programme, dated, known)


def _last_notice(programme: Programme, dated: dict[int, str], known: calendar.Calendar) -> Iterator[Raw]:
    """The deciding tier's notice must end while the approval is in force, even after the last cut-off."""
    until, last = programme.approval.valid_until, len(programme.ladder) - 1
    below = [day for n, day in dated.items() if n < last]
    start = programme.valid_from
    if below:
        year = until.year if on(until.year, below[-1]) <= until else until.year - 1
        start = max(start, on(max(year, 1), below[-1]))
    if not FIRST_DAY <= start <= until or until > LAST_DAY:
        return
    rule = programme.notice
    try:
        end = calendar.count(start, rule.days, working_days=rule.working, calendar=known).last_day
    except InputError:  # past the last day that any calendar covers
        return
    if end > until:
        yield error(("notice", "days"), "notice_past_approval", days=rule.days, start=start, until=until)


def titles(programme: Programme) -> Iterator[Raw]:
    """A title that nothing ever ends, and assessments that never come."""
    title, yearly = programme.title, programme.assessment
    if title.years is None and yearly is None and not title.ends_when:
        yield error(("title", "ends_when"), "title_endless")
    if yearly is not None and yearly.report_due is None:
        yield error(("assessment",), "assessment_never", key="report_due")
    if programme.acceptance is not None and programme.acceptance.after_months is None:
        yield error(("acceptance",), "assessment_never", key="after_months")
    again = programme.reconfirmation
    if again is not None and again.after_months is None and title.years is None:
        yield error(("reconfirmation",), "assessment_never", key="after_months")
    if "leader_left" not in title.ends_when and title.succession is None and programme.subject == "studio":
        yield warning(("title",), "succession_missing")
