"""Cut-offs: the first such day after the round opens, off a day off, at its hour."""

from datetime import date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from models.programme import Step
from models.vocabulary import Rung
from tests.rules_of import programme
from workflows.rules.calendar import OFFICIAL, local_date
from workflows.rules.cut_offs import cut_offs, first_after

BEIJING = timezone(timedelta(hours=8))


def beijing(*parts: int) -> datetime:
    """A moment in Beijing."""
    return datetime(*parts, tzinfo=BEIJING)  # type: ignore[misc,arg-type]  # year, month, day, hour, minute


@pytest.mark.parametrize(("day", "opens_on", "hour", "at"), [
    ("09-15", date(2026, 3, 1), time(0, 0), (2026, 9, 16)),  # 24:00 of a Tuesday
    ("09-15", date(2026, 3, 1), time(17, 0), (2026, 9, 15, 17)),
    ("05-01", date(2026, 3, 1), time(0, 0), (2026, 5, 7)),  # a holiday: on to Wednesday, 6 May
    ("02-14", date(2026, 1, 5), time(0, 0), (2026, 2, 15)),  # a make-up Saturday stays
    ("01-20", date(2025, 11, 3), time(12, 0), (2026, 1, 20, 12)),  # a round across the new year
    ("03-02", date(2026, 3, 2), time(0, 0), (2027, 3, 3)),  # its own opening day is next year's
    ("02-29", date(2026, 1, 5), time(0, 0), (2026, 3, 1)),  # the 28th, a make-up Saturday
])  # fmt: skip
def test_a_cut_off_is_the_first_such_day_after_the_round_opens(
    day: str, opens_on: date, hour: time, at: tuple[int, ...]
) -> None:
    assert first_after(day, opens_on, hour).at == beijing(*at)


def test_a_cut_off_says_how_it_was_found_and_whether_it_may_still_move() -> None:
    known, unsure = first_after("05-01", date(2026, 3, 1)), first_after("05-01", date(2026, 6, 1))

    assert (known.provisional, unsure.provisional) == (False, True)
    assert "2026-05-06" in known.derivation or "5月6日" in known.derivation


@given(st.dates(date(2010, 1, 1), date(2025, 12, 31)), st.dates(date(2024, 1, 1), date(2024, 12, 31)))
def test_a_cut_off_lies_within_a_year_and_the_holidays_after_the_opening(opens_on: date, day: date) -> None:
    found = local_date(first_after(f"{day:%m-%d}", opens_on).at - timedelta(microseconds=1))

    assert opens_on < found <= opens_on + timedelta(days=366 + 10)
    assert OFFICIAL.is_working(found)


def test_each_rung_has_its_own_cut_off_and_a_rolling_programme_none() -> None:
    steps = [{"desk": "county", "days": 5, "cut_off": "04-10", "hour": "12:00"}, {"desk": "province", "days": 5}]

    assert {rung: found.at for rung, found in cut_offs(programme(ladder=steps), date(2026, 3, 1)).items()} == {
        Rung.COUNTY: beijing(2026, 4, 10, 12),
    }
    assert cut_offs(programme(ladder=steps, entry={"rolling": True}), date(2026, 3, 1)) == {}


@pytest.mark.parametrize("day", ["02-30", "13-01", "00-10", "1-1", "2026-01-01"])
def test_a_day_that_no_year_has_is_no_cut_off(day: str) -> None:
    with pytest.raises(ValidationError):
        Step(desk=Rung.COUNTY, days=5, cut_off=day)
