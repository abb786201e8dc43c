"""How pages tell waiting and dates: nothing to stumble over, at none, one, many and past, in both languages."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from models import clock
from ui.components import words

BEIJING = ZoneInfo("Asia/Shanghai")
# Thursday 5 March 2026, ten in the morning; the days off about it are weekends and nothing else.
NOON = datetime(2026, 3, 5, 10, tzinfo=BEIJING)
SATURDAY = datetime(2026, 3, 7, 10, tzinfo=BEIJING)


@pytest.fixture(params=["zh", "en"])
def spoken(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Answer the column of the language that pages speak."""
    monkeypatch.setattr(words, "spoken", lambda: request.param)
    return ("zh", "en").index(request.param)


def march(day: int, hour: int = 12) -> datetime:
    """A moment of March 2026 in Beijing; hour 24 is the end of the day."""
    return datetime(2026, 3, day, tzinfo=BEIJING) + timedelta(hours=hour)


@pytest.mark.parametrize(
    ("today", "at", "told"),
    [
        (NOON, march(5, 9), ("今天到达", "arrived today")),
        (NOON, march(4), ("已等待1个工作日", "waiting 1 working day")),
        (NOON, march(2), ("已等待3个工作日", "waiting 3 working days")),
        (SATURDAY, march(6, 23), ("等待不足1个工作日", "waiting less than a working day")),
    ],
)
def test_how_long_something_has_waited(
    monkeypatch: pytest.MonkeyPatch, spoken: int, today: datetime, at: datetime, told: tuple[str, str]
) -> None:
    monkeypatch.setattr(clock, "now", lambda: today)

    assert words.since(at) == told[spoken]


@pytest.mark.parametrize(
    ("today", "at", "told"),
    [
        (NOON, None, ("—", "—")),
        (NOON, march(5, 24), ("今天到期", "due today")),
        (NOON, march(5, 9), ("已逾期，不足1个工作日", "late by less than a working day")),
        (NOON, march(6, 24), ("剩1个工作日", "1 working day left")),
        (NOON, march(9, 24), ("剩2个工作日", "2 working days left")),
        (NOON, march(4, 24), ("已逾期1个工作日", "1 working day late")),
        (NOON, march(2, 24), ("已逾期3个工作日", "3 working days late")),
        (march(6, 10), march(7, 24), ("明天到期", "due tomorrow")),
        (march(6, 10), march(8, 24), ("2天后到期", "due in 2 days")),
        (SATURDAY, march(6, 24), ("已逾期，不足1个工作日", "late by less than a working day")),
        (SATURDAY, march(7, 24), ("今天到期", "due today")),
    ],
)
def test_how_long_is_left_or_by_how_much_it_is_late(
    monkeypatch: pytest.MonkeyPatch, spoken: int, today: datetime, at: datetime | None, told: tuple[str, str]
) -> None:
    monkeypatch.setattr(clock, "now", lambda: today)

    assert words.remaining(at) == told[spoken]


def test_when_it_ends_and_what_is_left_stand_together(monkeypatch: pytest.MonkeyPatch, spoken: int) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)

    told = ("2026年3月6日 24:00（剩1个工作日）", "6 Mar 2026 24:00 (1 working day left)")
    assert words.due(march(6, 24)) == told[spoken]
    assert words.due(None) == "—"
