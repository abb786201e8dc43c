"""A list's order told from its events, and waits told in bands."""

from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest

from models.vocabulary import Act
from workflows.rules import past, waits
from workflows.rules.calendar import working_days_between
from workflows.rules.working_days import OFFICIAL


class Happened(NamedTuple):
    """An event of a list."""

    act: Act
    body: dict[str, Any]
    target: str = "drafting"


RANKED = Happened(Act.RANK, {"order": [["a", False, None], ["b", False, 9000, "award"], ["c", True, None]]})


@pytest.mark.parametrize(
    ("then", "order"),
    [
        ([], "a b c+"),
        ([Happened(Act.WITHDRAW, {"application": "a", "rank": 1, "reserve": False, "why": "withdraw"})], "b c+"),
        ([Happened(Act.WITHDRAW, {"applications": ["a", "b"], "why": "send_down"})], "c+"),
        ([Happened(Act.SEND_DOWN, {"reason": "-", "whole": True})], "a b c+"),
        ([Happened(Act.SEND_DOWN, {"reason": "-", "applications": ["b"]})], "a c+"),
        ([Happened(Act.WITHDRAW, {"application": "a", "rank": 1, "reserve": False}),
          Happened(Act.PROMOTE, {"application": "c", "rank": 2})], "b c"),
        ([Happened(Act.WITHDRAW, {"application": "b", "rank": 2, "reserve": False}),
          Happened(Act.UNDO, {"application": "b", "batch": "-"})], "a b c+"),
        ([Happened(Act.UNDO, {"application": "z", "batch": "-"})], "a b c+"),
        ([Happened(Act.RANK, {"order": [["c", False, None]]})], "c"),
        ([Happened(Act.SEAL, {"main": 2, "reserve": 1}), Happened(Act.RECALL, {"reason": "-"})], "a b c+"),
    ],
)  # fmt: skip
def test_a_list_is_told_by_its_ranking_and_by_who_left_and_rose_since(then: list[Happened], order: str) -> None:
    told = past.names([RANKED, *then])

    assert " ".join(f"{one.application_id}{'+' if one.reserve else ''}" for one in told) == order


@pytest.mark.parametrize("today", [date(2026, 2, 28), date(2026, 5, 6), date(2026, 10, 10), date(2026, 11, 22)])
def test_a_day_stands_in_the_band_of_its_working_days(today: date) -> None:
    cuts = waits.cuts(today, OFFICIAL)

    for n in range(90):
        day = today - timedelta(days=n)
        waited = working_days_between(day, today, calendar=OFFICIAL)
        band = next((k for k, cut in enumerate(cuts) if day >= cut), len(cuts))
        since, until = waits.spans()[band]
        assert since <= waited
        assert until is None or waited <= until


def test_weeks_end_with_this_one() -> None:
    assert waits.weeks(date(2026, 11, 22), 3) == [date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16)]
    assert waits.monday(date(2026, 11, 23)) == date(2026, 11, 23)
