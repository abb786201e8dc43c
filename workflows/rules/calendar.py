"""Where a period of days or months ends, and what an end on a day off moves to."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from models.errors import InputError
from workflows.rules.calendar_words import EN, ZH, Words, counted, is_weekend, told
from workflows.rules.working_days import (
    FIRST_DAY,
    KNOWN_THROUGH,
    LAST_DAY,
    OFFICIAL,
    Calendar,
    load,
    parse,
    place,
    within,
    working_days,
)

__all__ = [
    "KNOWN_THROUGH",
    "OFFICIAL",
    "SHANGHAI",
    "Calendar",
    "Span",
    "answer",
    "count",
    "end_of",
    "ends_at",
    "last_day_of",
    "load",
    "local_date",
    "months_after",
    "parse",
    "roll",
    "working_days_between",
]

MOST = 3660

SHANGHAI = ZoneInfo("Asia/Shanghai")
_DAY = timedelta(days=1)
_LISTED = 30  # a longer period is told without its days


@dataclass(frozen=True)
class Span:
    """The day a period ends on, and how it was found, in Chinese and in English.

    `provisional`: it rests on a year whose official list is not out yet, so it may still move.
    """

    last_day: date
    provisional: bool
    derivation: str
    derivation_en: str


def count(
    start: date,
    n: int,
    *,
    counting_first: bool = False,
    working_days: bool = True,
    roll: bool = True,
    calendar: Calendar = OFFICIAL,
) -> Span:
    """Tell where a period of `n` days from `start` ends.

    The starting day is day one only with `counting_first`; when it is a day off, the first
    working day after it is day one of working days. Calendar days (`working_days=False`) that
    would end on a day off end on the next working day, unless `roll=False` (Civil Code art. 203).
    """
    if working_days:
        return _working_span(start, n, counting_first=counting_first, calendar=calendar)
    return _calendar_span(start, n, counting_first=counting_first, roll=roll, calendar=calendar)


def end_of(start: date, n: int, *, counting_first: bool = False, calendar: Calendar = OFFICIAL) -> date:
    """Answer the last of `n` working days: `count` without the telling."""
    return _end_of(start, n, counting_first=counting_first, calendar=calendar)


def months_after(start: date, months: int, *, roll: bool = False, calendar: Calendar = OFFICIAL) -> Span:
    """Tell the same day of a later month, or the last of a month without it (Civil Code art. 202).

    A limit to act within asks for `roll` (art. 203); the life of a title or of a bar does not.
    """
    years, month = divmod(within(start, "start").month - 1 + _most(months, "months"), 12)
    year = _year(start.year + years)
    end = date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))

    def opening(words: Words) -> str:
        clipped = words.clipped if end.day < start.day else ""
        return words.months.format(start=told(words, start), n=months, end=told(words, end)) + clipped

    return _landed(opening, end, roll=roll, calendar=calendar)


def roll(day: date, *, calendar: Calendar = OFFICIAL) -> Span:
    """Tell the day on which a cut-off printed for `day` falls: itself, or the next working day."""
    return _landed(
        lambda words: words.cut_off.format(end=told(words, day)),
        within(day, "roll"),
        roll=True,
        calendar=calendar,
    )


def ends_at(last_day: date, hour: str = "24:00") -> datetime:
    """Tell the moment (UTC) at which a last day ends in Shanghai: at "24:00" or, say, "17:30"."""
    day = within(last_day, "last_day")
    if hour == "24:00":
        return datetime.combine(day + _DAY, time(), SHANGHAI).astimezone(UTC)
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", hour):
        raise InputError("hour_invalid", field="hour", value=hour, expected="00:00..24:00")
    return datetime.combine(day, time.fromisoformat(hour), SHANGHAI).astimezone(UTC)


def last_day_of(end: datetime) -> date:
    """Tell the last day of a period that ends at a moment: the day before, when that is midnight."""
    return local_date(end - timedelta(microseconds=1))


def local_date(moment: datetime) -> date:
    """Tell the date in Shanghai at an aware moment."""
    if moment.tzinfo is None:
        raise InputError("moment_without_zone", field="moment", value=moment.isoformat())
    return moment.astimezone(SHANGHAI).date()


def working_days_between(a: date, b: date, *, calendar: Calendar = OFFICIAL) -> int:
    """Tell how many working days lie after `a` up to and with `b`; negative when `b` is first."""
    if within(b, "b") < within(a, "a"):
        return -working_days_between(b, a, calendar=calendar)
    whole_years = sum(len(working_days(calendar, year)) for year in range(a.year, b.year))
    return whole_years + place(b, calendar) - place(a, calendar)


def answer(
    start: str | None = None,
    count: str | int | None = None,
    roll_date: str | None = None,
    *,
    counting_first: bool = False,
    calendar_days: bool = False,
    calendar: Calendar = OFFICIAL,
) -> dict[str, str | bool]:
    """Answer `shenbao days START COUNT` or `shenbao days --roll DATE` as one JSON object."""
    flags = counting_first or calendar_days
    if roll_date is not None and start is None and count is None and not flags:
        span = roll(_read_day(roll_date, "roll"), calendar=calendar)
    elif roll_date is None and start is not None and count is not None:
        first, n = _read_day(start, "start"), _read_number(count)
        if calendar_days:
            span = _calendar_span(first, n, counting_first=counting_first, roll=True, calendar=calendar)
        else:
            span = _working_span(first, n, counting_first=counting_first, calendar=calendar)
    else:
        raise InputError("days_question_unclear", field="start", expected="START COUNT | --roll")
    return {**asdict(span), "last_day": span.last_day.isoformat()}


def _last_working_days(last: date, n: int, calendar: Calendar) -> list[date]:
    days = working_days(calendar, last.year)[: place(last, calendar)]
    if len(days) < n:
        days = working_days(calendar, last.year - 1) + days
    return list(days[-n:])


@lru_cache(maxsize=8192)
def _end_of(start: date, n: int, *, counting_first: bool, calendar: Calendar) -> date:
    year = within(start, "start").year
    need = _most(n, "count") + place(start, calendar)
    if counting_first and calendar.is_working(start):
        need -= 1
    while need > len(days := working_days(calendar, year)):
        need, year = need - len(days), _year(year + 1)
    return days[need - 1]


@lru_cache(maxsize=8192)
def _working_span(start: date, n: int, *, counting_first: bool, calendar: Calendar) -> Span:
    last = _end_of(start, n, counting_first=counting_first, calendar=calendar)
    days = _last_working_days(last, n, calendar) if n <= _LISTED else []

    def opening(words: Words) -> str:
        said = words.working.format(start=told(words, start), n=n, first=words.first[counting_first])
        return said + (counted(words, days, start.year) if days else "")

    return _told(opening, last, calendar.known_through)


@lru_cache(maxsize=8192)
def _calendar_span(start: date, n: int, *, counting_first: bool, roll: bool, calendar: Calendar) -> Span:
    end = within(start, "start") + _DAY * (_most(n, "count") - counting_first)

    def opening(words: Words) -> str:
        first = words.first[counting_first]
        return words.calendar.format(start=told(words, start), n=n, first=first, end=told(words, end))

    return _landed(opening, within(end, "last_day"), roll=roll, calendar=calendar)


def _landed(opening: Callable[[Words], str], end: date, *, roll: bool, calendar: Calendar) -> Span:
    """Let a period end on `end`, or with `roll` on the first working day from there."""
    if not roll:
        return _told(opening, within(end, "last_day"), None)
    last = _end_of(end, 1, counting_first=True, calendar=calendar)
    how = "rolled" if last > end else "made_up" if is_weekend(end) else "stays"
    return _told(lambda words: opening(words) + getattr(words, how), last, calendar.known_through)


def _told(opening: Callable[[Words], str], last: date, known: int | None) -> Span:
    """Write the derivation; `known` is None when no list was asked, so that none can move it."""
    unsure = known is not None and last.year > known
    zh, en = (
        opening(words) + words.last.format(last=told(words, last)) + words.unsure.format(known=known) * unsure
        for words in (ZH, EN)
    )
    return Span(last, unsure, zh, en)


def _year(year: int) -> int:
    if year > LAST_DAY.year:
        expected = f"{FIRST_DAY}..{LAST_DAY}"
        raise InputError("date_out_of_range", field="last_day", value=year, expected=expected)
    return year


def _most(n: int, field: str) -> int:
    if not 1 <= n <= MOST:
        raise InputError("days_out_of_range", field=field, value=n, expected=f"1..{MOST}")
    return n


def _read_day(text: str, field: str) -> date:
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise InputError("date_invalid", field=field, value=text, expected="YYYY-MM-DD")


def _read_number(text: str | int) -> int:
    if not re.fullmatch(r"-?[0-9]{1,9}", str(text)):
        raise InputError("days_out_of_range", field="count", value=text, expected=f"1..{MOST}")
    return int(text)
