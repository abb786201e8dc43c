"""Moments, days and sums of money as Chinese offices write them, and in English."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_BEIJING = ZoneInfo("Asia/Shanghai")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY_LENGTH = len("2026-03-03")
_WAN, _TENTH_OF_WAN = 1_000_000, 100_000  # fen


def tongue(language: str) -> int:
    """Which of a pair to say: 1 for any English, 0 (Chinese) for everything else."""
    return int(language.lower().startswith("en"))


def moment(at: datetime | str, language: str = "zh") -> str:
    """A moment in Beijing time: 2026年3月3日 17:30, 3 Mar 2026 17:30. Without a zone it is UTC.

    A text without a time of day is written as a day. Raises ValueError for one that is no ISO date.
    """
    if isinstance(at, str) and len(at) == _DAY_LENGTH:
        return day(at, language)
    local = _local(at)
    return f"{day(local, language)} {local:%H:%M}"


def until(at: datetime | str, language: str = "zh") -> str:
    """When something ends: midnight is 24:00 of the day that is over then. Raises as `moment`."""
    if isinstance(at, str) and len(at) == _DAY_LENGTH:
        return day(at, language)
    local = _local(at)
    if local.time() != time.min:
        return moment(at, language)
    return f"{day(local.date() - timedelta(days=1), language)} 24:00"


def day(on: date | str, language: str = "zh") -> str:
    """A day: 2026年3月3日, 3 Mar 2026; of a moment its day in Beijing. Raises as `moment`."""
    if isinstance(on, str):
        on = date.fromisoformat(on) if len(on) == _DAY_LENGTH else datetime.fromisoformat(on)
    local = _local(on).date() if isinstance(on, datetime) else on
    if tongue(language):
        return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"
    return f"{local.year}年{local.month}月{local.day}日"


def month_day(on: date, language: str = "zh") -> str:
    """A day of a year that needs no telling: 3月3日, 3 Mar."""
    return f"{on.day} {_MONTHS[on.month - 1]}" if tongue(language) else f"{on.month}月{on.day}日"


def yuan(fen: int) -> str:
    """A sum kept in fen, in yuan: 1234567 is ¥12,345.67."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}¥{whole:,}.{rest:02d}"


def money(fen: int, language: str = "zh") -> str:
    """A sum kept in fen as offices write it: 10万元, 15.5万元, 5,000元, 12,345.67元; 100,000 yuan."""
    if not tongue(language) and fen >= _WAN and fen % _TENTH_OF_WAN == 0:
        whole, tenth = divmod(fen // _TENTH_OF_WAN, 10)
        return f"{whole:,}{f'.{tenth}' if tenth else ''}万元"
    said = yuan(fen).replace("¥", "").removesuffix(".00")
    return said + ("元", " yuan")[tongue(language)]


def _local(at: datetime | str) -> datetime:
    given = datetime.fromisoformat(at) if isinstance(at, str) else at
    return (given if given.tzinfo else given.replace(tzinfo=UTC)).astimezone(_BEIJING)
