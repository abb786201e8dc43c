"""The working-day calendar against official lists, golden vectors and the Civil Code."""

import json
import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import InputError
from models.text import sentence
from tests.calendars import file_of
from ui.cli import main
from workflows.clocks import calendars, due
from workflows.rules.calendar import (
    KNOWN_THROUGH,
    OFFICIAL,
    Calendar,
    Span,
    answer,
    count,
    end_of,
    ends_at,
    load,
    local_date,
    months_after,
    parse,
    roll,
    working_days_between,
)

DAYS = st.dates(date(2001, 1, 1), date(2085, 12, 31))
NUMBERS = st.integers(1, 3660)
TODAY = date(2026, 3, 3)


def every_day(first: int, last: int) -> list[date]:
    start = date(first, 1, 1)
    return [start + timedelta(days=n) for n in range((date(last, 12, 31) - start).days + 1)]


def test_every_day_of_2024_to_2026_agrees_with_the_other_library() -> None:
    days = every_day(2024, 2026)

    assert {day: OFFICIAL.is_working(day) for day in days} == {day: chinese_calendar.is_workday(day) for day in days}


def test_2026_has_the_six_make_up_days_of_the_state_council_and_248_working_days() -> None:
    working = [day for day in every_day(2026, 2026) if OFFICIAL.is_working(day)]

    assert len(working) == 248
    assert [day.isoformat() for day in working if day.weekday() > 4] == [
        "2026-01-04",
        "2026-02-14",
        "2026-02-28",
        "2026-05-09",
        "2026-09-20",
        "2026-10-10",
    ]


def test_the_package_holds_make_up_days_up_to_the_last_known_year_and_no_further() -> None:
    years = {day.year for day in every_day(2024, 2029) if made_up(day)}

    assert max(years) == KNOWN_THROUGH


def made_up(day: date) -> bool:
    return day.weekday() > 4 and OFFICIAL.is_working(day)


@pytest.mark.parametrize(
    ("start", "five_with_first", "five", "ten"),
    [
        ("2026-02-10", "2026-02-14", "2026-02-24", "2026-03-02"),
        ("2026-04-29", "2026-05-08", "2026-05-09", "2026-05-15"),
        ("2026-09-18", "2026-09-23", "2026-09-24", "2026-10-09"),
        ("2026-12-28", "2027-01-04", "2027-01-05", "2027-01-12"),
    ],
)
def test_golden_vectors(start: str, five_with_first: str, five: str, ten: str) -> None:
    first = date.fromisoformat(start)
    spans = [count(first, 5, counting_first=True), count(first, 5), count(first, 10)]

    assert [(span.last_day.isoformat(), span.provisional) for span in spans] == [
        (day, day > "2027") for day in (five_with_first, five, ten)
    ]


@pytest.mark.parametrize(
    ("printed", "moved"),
    [
        *((day, day) for day in ("2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20")),
        ("2026-10-10", "2026-10-10"),
        ("2026-02-15", "2026-02-24"),
        ("2026-05-01", "2026-05-06"),
    ],
)
def test_a_cut_off_on_a_day_off_moves_and_one_on_a_make_up_day_stays(printed: str, moved: str) -> None:
    assert roll(date.fromisoformat(printed)).last_day.isoformat() == moved


def test_a_notice_over_qingming_and_one_over_spring_festival() -> None:
    april = count(date(2026, 4, 1), 5, counting_first=True)
    february = count(date(2026, 2, 11), 5, counting_first=True)

    assert april.last_day == date(2026, 4, 8)
    assert february == Span(
        date(2026, 2, 24),
        provisional=False,
        derivation="自2026年2月11日起5个工作日（首日计入）：计2月11日至2月14日、2月24日"
        "（其中2月14日为调休上班日），末日2026年2月24日",
        derivation_en="5 working day(s) from 11 Feb 2026 (first day counted): "
        "11 Feb to 14 Feb, 24 Feb "
        "(of which make-up working days: 14 Feb); last day 24 Feb 2026",
    )


def test_a_derivation_names_the_year_anew_only_where_it_changes() -> None:
    span = count(date(2025, 12, 30), 3)

    assert span.derivation == (
        "自2025年12月30日起3个工作日（首日不计入）：计12月31日、2026年1月4日至2026年1月5日"
        "（其中2026年1月4日为调休上班日），末日2026年1月5日"
    )
    assert span.derivation_en == (
        "3 working day(s) from 30 Dec 2025 (first day not counted): 31 Dec, 4 Jan 2026 to 5 Jan 2026 "
        "(of which make-up working days: 4 Jan 2026); last day 5 Jan 2026"
    )


def test_calendar_days_that_end_on_a_day_off_move_on_unless_told_not_to() -> None:
    start = date(2026, 4, 29)

    assert count(start, 2, working_days=False) == Span(
        date(2026, 5, 6),
        provisional=False,
        derivation="自2026年4月29日起2日（首日不计入），至2026年5月1日，遇休息日，顺延至下一工作日，末日2026年5月6日",
        derivation_en="2 day(s) from 29 Apr 2026 (first day not counted), to 1 May 2026, "
        "a day off: moved to the next working day; last day 6 May 2026",
    )
    assert count(start, 2, working_days=False, roll=False).last_day == date(2026, 5, 1)
    assert count(start, 2, working_days=False, counting_first=True).last_day == date(2026, 4, 30)
    assert count(start, 10, working_days=False).last_day == date(2026, 5, 9)


def test_a_period_that_starts_on_a_day_off_counts_from_the_next_working_day() -> None:
    with_first = count(date(2026, 5, 1), 1, counting_first=True)

    assert with_first.last_day == date(2026, 5, 6)
    assert count(date(2026, 5, 1), 1).last_day == date(2026, 5, 6)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2024-10-15", 24, "2026-10-15"),
        ("2024-02-29", 24, "2026-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2025-11-30", 3, "2026-02-28"),
        ("2025-12-31", 1, "2026-01-31"),
        ("2026-02-01", 3, "2026-05-01"),
    ],
)
def test_months_end_on_the_same_day_or_on_the_last_of_the_month(start: str, months: int, end: str) -> None:
    span = months_after(date.fromisoformat(start), months)

    assert (span.last_day.isoformat(), span.provisional) == (end, False)


def test_three_months_to_act_within_move_past_a_holiday() -> None:
    assert months_after(date(2026, 2, 1), 3, roll=True).last_day == date(2026, 5, 6)


def test_a_date_beyond_the_last_list_is_provisional_and_says_why() -> None:
    span = count(date(2026, 12, 28), 5)

    assert span.provisional
    assert span.derivation.endswith("末日2027年1月5日（2026年以后的放假安排尚未公布，日期暂定）")
    assert not count(date(2026, 12, 28), 3).provisional
    assert count(date(2026, 12, 28), 30, working_days=False).provisional
    assert months_after(date(2026, 12, 1), 3, roll=True).provisional


def test_the_override_file_wins_over_the_package(tmp_path: Path) -> None:
    file = tmp_path / "calendar.toml"
    file.write_text("known_through = 2027\nworking = [2027-02-20]\nfree = [2027-01-04, 2026-05-06]\n", "utf-8")
    calendar = load(file)

    assert calendar == Calendar(2027, frozenset({date(2027, 2, 20)}), frozenset({date(2027, 1, 4), date(2026, 5, 6)}))
    span = count(date(2026, 12, 28), 5, counting_first=True, calendar=calendar)
    assert (span.last_day, span.provisional) == (date(2027, 1, 5), False)
    assert roll(date(2027, 2, 20), calendar=calendar).last_day == date(2027, 2, 20)
    assert roll(date(2026, 5, 1), calendar=calendar).last_day == date(2026, 5, 7)
    assert roll(date(2026, 5, 1)).last_day == date(2026, 5, 6)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("working = [", "calendar_file"),
        ("free = [2027-02-30]", "calendar_file"),
        ("holidays = []", "holidays"),
        ("free = 2027-02-08", "free"),
        ('free = ["2027-02-08"]', "free"),
        ("working = [2027-02-08T00:00:00]", "working"),
        ("working = [1999-02-08]", "working"),
        ("working = [2027-02-08]\nfree = [2027-02-08]", "free"),
        ("known_through = true", "known_through"),
        ("known_through = 1999", "known_through"),
    ],
)
def test_a_wrong_override_file_is_refused_by_its_key(text: str, field: str) -> None:
    with pytest.raises(InputError) as refused:
        parse(text)

    assert (refused.value.code, refused.value.details["field"]) == ("calendar_file_invalid", field)


@pytest.mark.parametrize(
    ("content", "code"), [(None, "calendar_file_missing"), (b"\xff\xfe\x00", "calendar_file_invalid")]
)
def test_an_override_file_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes | None, code: str) -> None:
    file = tmp_path / "calendar.toml"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(InputError, match=code) as refused:
        load(file)

    assert refused.value.details["file"] == str(file)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("known_through = 2027\nfree = [2027-02-30]\n", 2, "UTF-8 TOML"),
        ("# ours\nfree = [\n  2027-02-08,\n]\nworking = [\n  2027-02-08,\n]\n", 6, "2027-02-08"),
        ("known_through = 2027\nfree = [2026-02-08]  # 2027?\n", 1, "2027年的任何一天"),
        ("known_through = 2028\nfree = [2027-02-08]\n", 1, "2028年的任何一天"),
        ("\nholidays = []\n", 2, "holidays"),
    ],
)
def test_a_wrong_override_file_is_told_by_its_name_its_line_and_what_to_do(
    tmp_path: Path, text: str, line: int, said: str
) -> None:
    file = tmp_path / "calendar.toml"
    file.write_text(text, "utf-8")

    with pytest.raises(InputError) as refused:
        load(file)

    words = {tongue: sentence(refused.value, tongue) for tongue in ("zh", "en")}
    assert refused.value.details["line"] == line
    assert said in words["zh"]
    assert all(file.name in one for one in words.values())


def test_a_file_that_breaks_while_the_product_runs_loses_nothing_and_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = file_of(tmp_path, monkeypatch, "free = [2026-03-05]\n")
    assert (due.span(date(2026, 3, 4), 1).last_day, calendars.trouble(TODAY)) == (date(2026, 3, 6), None)

    file.say("free = [2026-03-05, \n")

    assert due.span(date(2026, 3, 4), 1).last_day == date(2026, 3, 6)
    trouble = calendars.trouble(TODAY)
    assert trouble is not None
    assert trouble.code == "calendar_file_invalid"
    file.say("free = [2026-03-05, 2026-03-06]\n")
    assert (due.span(date(2026, 3, 4), 1).last_day, calendars.trouble(TODAY)) == (date(2026, 3, 9), None)


def test_a_file_that_is_broken_at_the_start_is_refused_before_anything_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file_of(tmp_path, monkeypatch, "free = [\n")

    with pytest.raises(InputError, match="calendar_file_invalid"):
        calendars.current()
    with pytest.raises(SystemExit) as ended:
        main(["init"])

    assert ended.value.code not in (0, None)
    assert "calendar.toml" in capsys.readouterr().err
    assert not (tmp_path / "data" / "shenbao.db").exists()


def test_a_year_nobody_has_announced_is_told_while_its_dates_are_provisional() -> None:
    assert calendars.trouble(date(KNOWN_THROUGH, 12, 31)) is None

    trouble = calendars.trouble(date(KNOWN_THROUGH + 1, 1, 1))

    assert trouble is not None
    assert trouble.code == "calendar_year_unknown"
    assert f"{KNOWN_THROUGH + 1}年的放假安排尚未录入" in sentence(trouble, "zh")


def test_the_command_line_says_what_is_wrong_with_the_calendar(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file_of(tmp_path, monkeypatch, "known_through = 2027\nfree = [2026-03-05]\n")

    with pytest.raises(SystemExit):
        main(["config", "show", "--json"])

    told = json.loads(capsys.readouterr().out)["calendar"]
    assert (told["known_through"], "2027年的任何一天" in told["trouble"]) == (None, True)


@given(DAYS, NUMBERS, st.booleans())
def test_a_working_day_period_never_ends_on_a_day_off(start: date, n: int, first: bool) -> None:  # noqa: FBT001 -- drawn
    assert OFFICIAL.is_working(end_of(start, n, counting_first=first))


@given(DAYS, NUMBERS)
def test_a_calendar_period_ends_on_the_first_working_day_from_its_end(start: date, n: int) -> None:
    plain = count(start, n, working_days=False, roll=False).last_day
    last = count(start, n, working_days=False).last_day

    assert plain == start + timedelta(days=n)
    assert OFFICIAL.is_working(last)
    assert working_days_between(plain, last) == (last > plain)


@given(DAYS, st.integers(1, 3659), st.booleans())
def test_one_day_more_ends_later(start: date, n: int, first: bool) -> None:  # noqa: FBT001 -- drawn
    assert end_of(start, n, counting_first=first) < end_of(start, n + 1, counting_first=first)


@given(DAYS, NUMBERS)
def test_counting_the_first_day_ends_no_later(start: date, n: int) -> None:
    assert end_of(start, n, counting_first=True) <= end_of(start, n)


@given(DAYS, NUMBERS)
def test_working_days_between_undoes_count(start: date, n: int) -> None:
    last = end_of(start, n)

    assert (working_days_between(start, last), working_days_between(last, start)) == (n, -n)


@given(DAYS, st.integers(1, 120))
def test_months_after_is_that_many_months_on_and_never_past_the_day(start: date, n: int) -> None:
    end = months_after(start, n).last_day

    assert (end.year - start.year) * 12 + end.month - start.month == n
    assert end.day == start.day or (end.day < start.day and (end + timedelta(days=1)).day == 1)


@pytest.mark.parametrize(
    ("ask", "code", "field"),
    [
        (lambda: count(date(2026, 1, 5), 0), "days_out_of_range", "count"),
        (lambda: count(date(2026, 1, 5), -1), "days_out_of_range", "count"),
        (lambda: count(date(2026, 1, 5), 3661), "days_out_of_range", "count"),
        (lambda: count(date(2026, 1, 5), 0, working_days=False), "days_out_of_range", "count"),
        (lambda: months_after(date(2026, 1, 5), 0), "days_out_of_range", "months"),
        (lambda: count(date(2000, 12, 31), 1), "date_out_of_range", "start"),
        (lambda: count(date(2100, 12, 31), 5), "date_out_of_range", "last_day"),
        (
            lambda: count(date(2100, 12, 31), 5, working_days=False),
            "date_out_of_range",
            "last_day",
        ),
        (lambda: months_after(date(2100, 1, 1), 12), "date_out_of_range", "last_day"),
        (lambda: roll(date(2101, 1, 1)), "date_out_of_range", "roll"),
        (lambda: count(datetime(2026, 1, 5, tzinfo=UTC), 5), "date_invalid", "start"),
        (lambda: ends_at(date(2026, 5, 9), "25:00"), "hour_invalid", "hour"),
        (lambda: local_date(datetime(2026, 5, 9)), "moment_without_zone", "moment"),  # noqa: DTZ001 -- the fault
        (lambda: answer("2026-2-10", 5), "date_invalid", "start"),
        (lambda: answer("2026-02-30", 5), "date_invalid", "start"),
        (lambda: answer("2026-02-10", "five"), "days_out_of_range", "count"),
        (lambda: answer("2026-02-10", "-5"), "days_out_of_range", "count"),
        (lambda: answer(roll_date="soon"), "date_invalid", "roll"),
        (lambda: answer("2026-02-10"), "days_question_unclear", "start"),
        (answer, "days_question_unclear", "start"),
        (lambda: answer("2026-02-10", 5, "2026-02-10"), "days_question_unclear", "start"),
    ],
)
def test_a_question_out_of_bounds_is_refused_by_field(ask: Callable[[], object], code: str, field: str) -> None:
    with pytest.raises(InputError) as refused:
        ask()

    assert (refused.value.code, refused.value.details["field"]) == (code, field)


def test_the_answer_of_the_command_line_has_four_keys() -> None:
    assert answer(roll_date="2026-05-01") == {
        "last_day": "2026-05-06",
        "provisional": False,
        "derivation": "原定2026年5月1日截止，遇休息日，顺延至下一工作日，末日2026年5月6日",
        "derivation_en": "Cut-off printed as 1 May 2026, a day off: moved to the next working day; last day 6 May 2026",
    }
    assert answer("2026-02-10", "5", counting_first=True)["last_day"] == "2026-02-14"
    assert answer("2026-04-29", 2, calendar_days=True)["last_day"] == "2026-05-06"


@pytest.fixture(params=["UTC", "America/New_York", "Asia/Shanghai"])
def machine_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Put the whole process into another time zone for the test."""
    before = os.environ.get("TZ")
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.setenv("TZ", before) if before else monkeypatch.delenv("TZ")
    time.tzset()


def test_a_last_day_ends_in_shanghai_wherever_the_machine_stands(machine_zone: str) -> None:
    day = date(2026, 5, 9)

    assert ends_at(day) == datetime(2026, 5, 9, 16, tzinfo=UTC)
    assert ends_at(day, "17:30") == datetime(2026, 5, 9, 9, 30, tzinfo=UTC)
    assert ends_at(day).tzinfo is UTC
    assert local_date(ends_at(day, "17:30")) == day
    assert local_date(ends_at(day) - timedelta(microseconds=1)) == day
    assert local_date(ends_at(day)) == date(2026, 5, 10)
