"""How the working-day calendar tells, in Chinese and in English, where a period ends."""

from datetime import date, timedelta
from typing import NamedTuple

from models import writing

_DAY = timedelta(days=1)
_WEEKEND = (5, 6)


class Words(NamedTuple):
    """The sentences of a derivation in one language, whose days are told as people write them."""

    language: str
    working: str
    calendar: str
    months: str
    cut_off: str
    first: tuple[str, str]
    counted: str
    of_which: str
    comma: str
    to: str
    clipped: str
    rolled: str
    made_up: str
    stays: str
    last: str
    unsure: str


ZH = Words(
    language="zh",
    working="自{start}起{n}个工作日（{first}）",
    calendar="自{start}起{n}日（{first}），至{end}",
    months="自{start}起{n}个月，至{end}",
    cut_off="原定{end}截止",
    first=("首日不计入", "首日计入"),
    counted="：计{days}",
    of_which="（其中{days}为调休上班日）",
    comma="、",
    to="至",
    clipped="（该月无对应日，以月末日为准）",
    rolled="，遇休息日，顺延至下一工作日",
    made_up="，为调休上班日，不顺延",
    stays="，为工作日，不顺延",
    last="，末日{last}",
    unsure="（{known}年以后的放假安排尚未公布，日期暂定）",
)
EN = Words(
    language="en",
    working="{n} working day(s) from {start} ({first})",
    calendar="{n} day(s) from {start} ({first}), to {end}",
    months="{n} month(s) from {start}, to {end}",
    cut_off="Cut-off printed as {end}",
    first=("first day not counted", "first day counted"),
    counted=": {days}",
    of_which=" (of which make-up working days: {days})",
    comma=", ",
    to=" to ",
    clipped=" (the month has no such day: its last)",
    rolled=", a day off: moved to the next working day",
    made_up=", a make-up working day: stays",
    stays=", a working day: stays",
    last="; last day {last}",
    unsure=" (provisional: days off after {known} are not announced yet)",
)


def told(words: Words, on: date) -> str:
    """A day as a derivation names it: 2026年2月11日, 11 Feb 2026."""
    return writing.day(on, words.language)


def counted(words: Words, days: list[date], year: int) -> str:
    """Name the counted working days in runs, and the make-up days among them; those of `year` without it."""
    edges = [sorted({first, last}) for first, last in _runs(days)]
    named = words.comma.join(words.to.join(_near(words, day, year) for day in edge) for edge in edges)
    made_up = words.comma.join(_near(words, day, year) for day in days if is_weekend(day))
    return words.counted.format(days=named) + (made_up and words.of_which.format(days=made_up))


def _near(words: Words, on: date, year: int) -> str:
    """A day of the year that was just named, which need not be said again; any other in full."""
    return writing.month_day(on, words.language) if on.year == year else told(words, on)


def is_weekend(day: date) -> bool:
    return day.weekday() in _WEEKEND


def _runs(days: list[date]) -> list[tuple[date, date]]:
    """First and last day of each stretch of days that follow on each other."""
    firsts = [day for day in days if day - _DAY not in days]
    lasts = [day for day in days if day + _DAY not in days]
    return list(zip(firsts, lasts, strict=True))
