"""The reverse calendar against days counted by hand on the State Council's list for 2026.

February 2026: worked are Mon 9 to Sat 14 (make-up day); Sun 15 to Mon 23 is the Spring Festival; Tue 24 to
Sat 28 (make-up day) are worked again. Qingming is Mon 6 April (4 to 6), May Day Fri 1 to Tue 5, Sat 9 May is worked.
"""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import InputError
from models.programme import Programme, shipped
from models.vocabulary import Rung
from workflows.rules import calendar
from workflows.rules.reverse_calendar import Stop, Trouble, back, plan

TODAY = date(2026, 1, 5)
STUDIO = shipped("provincial-studio").model_dump(mode="json", exclude_unset=True)


def programme(**changes: Any) -> Programme:
    """The shipped programme with 5, 7 and 10 days a tier and a notice of 5, and these changes."""
    ladder = [
        {"desk": "county", "days": 5},
        {"desk": "city-or-industry", "days": 7},
        {"desk": "province", "days": 10},
    ]
    notice = {"days": 5, "working": True, "first_day_counts": True}
    return Programme.model_validate({**STUDIO, "ladder": ladder, "notice": notice, **changes})


def step(desk: str, days: int, **more: Any) -> dict[str, Any]:
    """A rung of the ladder."""
    return {"desk": desk, "days": days, **more}


def test_a_round_across_the_spring_festival_is_counted_back_day_by_day() -> None:
    made = plan(programme(), date(2026, 3, 20), today=TODAY)

    # Notice Fri 13 to Thu 19 March; ten days back from Thu 12: 12 11 10 9 6 5 4 3 2 March, 28 February.
    # City from Thu 26: 26 25 24 14 13 12 11 February; county from Mon 9: 9 6 5 4 3 February.
    assert made.stops == (
        Stop(Rung.COUNTY, date(2026, 2, 2), date(2026, 2, 9), None, None, date(2026, 2, 10), None),
        Stop(Rung.CITY, date(2026, 2, 10), date(2026, 2, 26), None, None, date(2026, 2, 27), None),
        Stop(Rung.PROVINCE, date(2026, 2, 27), date(2026, 3, 12), date(2026, 3, 13), date(2026, 3, 19),
             date(2026, 3, 20), None),
    )  # fmt: skip
    assert (made.closes_by, made.feasible, made.provisional) == (date(2026, 2, 2), True, False)


def test_a_notice_that_does_not_count_its_first_day_begins_a_day_earlier() -> None:
    notice = {"days": 5, "working": True, "first_day_counts": False}

    (*_, last) = plan(programme(notice=notice), date(2026, 3, 20), today=TODAY).stops

    assert (last.notice_from, last.notice_to, last.reviewed_by) == (
        date(2026, 3, 12), date(2026, 3, 19), date(2026, 3, 11),
    )  # fmt: skip


def test_a_notice_across_the_festival_that_ends_before_the_decision_begins_before_it() -> None:
    # Decided on Wed 25 February: five days 11 12 13 14 24, as in scenario 18.
    (*_, last) = plan(programme(), date(2026, 2, 25), today=TODAY).stops

    assert (last.notice_from, last.notice_to) == (date(2026, 2, 11), date(2026, 2, 24))


def test_a_decision_on_a_day_off_is_made_on_the_last_working_day_before() -> None:
    sunday = plan(programme(), date(2026, 2, 22), today=TODAY)
    saturday = plan(programme(), date(2026, 2, 14), today=TODAY)

    assert sunday.stops == saturday.stops
    assert sunday.stops[-1].hands_over_by == date(2026, 2, 14)


def test_a_lower_tiers_own_notice_stands_between_its_review_and_its_handing_on() -> None:
    rules = programme(ladder=[step("county", 5, notice=True, notice_days=3), step("province", 10)])

    county = plan(rules, date(2026, 3, 20), today=TODAY).stops[0]

    # Notice Tue 24 to Thu 26 February; five days back from Sat 14: 14 13 12 11 10.
    assert county == Stop(
        Rung.COUNTY, date(2026, 2, 9), date(2026, 2, 14), date(2026, 2, 24), date(2026, 2, 26), date(2026, 2, 27), None,
    )  # fmt: skip


def test_departments_that_need_longer_than_the_tier_give_it_their_days() -> None:
    department = {"name": "tax", "label": {"zh": "税务", "en": "Tax"}}
    asked = programme(screening={"step": "province", "days": 20, "departments": [department]})

    (*_, last) = plan(asked, date(2026, 4, 20), today=TODAY).stops

    assert calendar.working_days_between(last.starts_by, last.reviewed_by) == 20


def test_an_earlier_cut_off_pulls_everything_below_it_forward() -> None:
    ladder = [step("county", 5), step("city-or-industry", 7, cut_off="02-10"), step("province", 10)]

    county, city, province = plan(programme(ladder=ladder), date(2026, 3, 20), opens=TODAY, today=TODAY).stops

    assert (city.hands_over_by, city.cut_off, city.troubles) == (date(2026, 2, 10), date(2026, 2, 10), ())
    assert county.hands_over_by == city.starts_by == date(2026, 1, 29)
    assert province.starts_by == date(2026, 2, 27)


def test_a_cut_off_that_comes_too_late_is_told_at_its_tier() -> None:
    ladder = [step("county", 5), step("city-or-industry", 7, cut_off="03-10"), step("province", 10)]

    made = plan(programme(ladder=ladder), date(2026, 3, 20), opens=TODAY, today=TODAY)

    assert made.stops[1].troubles == (
        Trouble("cut_off_too_late", {"cut_off": date(2026, 3, 10), "day": date(2026, 2, 27)}),
    )
    assert not made.feasible


def test_a_cut_off_printed_for_a_day_off_moves_to_the_next_working_day() -> None:
    ladder = [step("county", 5, cut_off="05-01"), step("province", 10)]

    made = plan(programme(ladder=ladder), date(2026, 7, 1), opens=date(2026, 3, 1), today=TODAY)

    assert made.stops[0].cut_off == date(2026, 5, 6)


def test_without_an_opening_day_the_cut_off_nearest_to_its_need_is_meant() -> None:
    ladder = [step("county", 5, cut_off="12-20"), step("province", 10)]

    made = plan(programme(ladder=ladder), date(2026, 2, 10), today=date(2025, 11, 3))

    assert made.stops[0].cut_off == date(2025, 12, 22)  # Sat 20 December moves to Monday


@pytest.mark.parametrize(("given", "code", "details"), [
    ({"opens": date(2026, 2, 2)}, "close_before_opening", {"day": date(2026, 2, 2), "opens": date(2026, 2, 2)}),
    ({"today": date(2026, 2, 3)}, "already_past", {"day": date(2026, 2, 2), "today": date(2026, 2, 3)}),
    ({"opens": date(2023, 12, 29)}, "outside_approval",
     {"opens": date(2023, 12, 29), "start": date(2024, 1, 1), "until": date(2026, 12, 31)}),
])  # fmt: skip
def test_what_cannot_be_done_is_told_with_its_days(given: dict[str, Any], code: str, details: dict[str, Any]) -> None:
    rules = programme(valid_from=date(2024, 1, 1))

    made = plan(rules, date(2026, 3, 20), **{"today": TODAY, **given})

    assert made.troubles == (Trouble(code, details),)


def test_too_short_a_notice_to_the_units_is_told() -> None:
    rules = programme(entry={"lead_days": 40})

    assert plan(rules, date(2026, 3, 20), today=TODAY).troubles == (
        Trouble("lead_too_short", {"left": 28, "lead": 40}),
    )


def test_a_year_whose_list_is_not_out_makes_the_plan_provisional() -> None:
    assert plan(programme(), date(2027, 1, 12), today=TODAY).provisional
    assert not plan(programme(), date(2026, 12, 31), today=TODAY).provisional


def test_no_calendar_reaches_back_before_its_first_day() -> None:
    with pytest.raises(InputError) as refused:
        plan(programme(), date(2001, 1, 20), today=TODAY)

    assert refused.value.code == "date_out_of_range"


@given(st.dates(date(2002, 1, 1), date(2060, 1, 1)), st.integers(0, 300))
def test_so_many_working_days_back_are_so_many_forward(day: date, n: int) -> None:
    found = back(day, n, calendar.OFFICIAL)

    assert calendar.OFFICIAL.is_working(found)
    assert calendar.working_days_between(found, back(day, 0, calendar.OFFICIAL)) == n
