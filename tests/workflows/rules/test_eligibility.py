"""Eligibility: every failed clause at once, and the first day on which all of them clear."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.programme import shipped
from workflows.rules.eligibility import Record, verdict

PROGRAMME = shipped("provincial-studio")
GOOD: dict[str, Any] = {"leader_honour": "craftsman", "team_size": 3, "founded_on": "2020-01-01"}
TODAY = date(2026, 3, 3)
NONE = Record()


def failed(answers: dict[str, Any], record: Record = NONE, today: date = TODAY) -> list[tuple[str, date | None]]:
    """The clauses that fail, and when each clears."""
    return [(f["clause"], f["clears_on"]) for f in verdict(PROGRAMME, {**GOOD, **answers}, record, today).failed]


def test_who_meets_every_clause_is_eligible() -> None:
    found = verdict(PROGRAMME, GOOD, NONE, TODAY)

    assert (found.eligible, found.failed, found.earliest) == (True, (), None)


@pytest.mark.parametrize(("answers", "clauses"), [
    ({"team_size": 2}, [("team", None)]),
    ({"team_size": None}, [("team", None)]),
    ({"leader_honour": "none"}, [("leader_level", None)]),
    ({"leader_honour": None}, [("leader_level", None)]),
    ({"founded_on": None}, [("running", None)]),
    ({"founded_on": "2025-03-03"}, []),
    ({"founded_on": "2025-03-04"}, [("running", date(2026, 3, 4))]),
    ({"founded_on": "2030-01-01"}, [("running", date(2031, 1, 1))]),
    ({"team_size": 1, "leader_honour": "none"}, [("leader_level", None), ("team", None)]),
])  # fmt: skip
def test_a_clause_fails_by_its_own_measure(answers: dict[str, Any], clauses: list[tuple[str, date | None]]) -> None:
    assert failed(answers) == clauses


def test_a_studio_founded_on_29_february_is_a_year_old_on_the_28th() -> None:
    assert failed({"founded_on": "2024-02-29"}, today=date(2025, 2, 27)) == [("running", date(2025, 2, 28))]
    assert failed({"founded_on": "2024-02-29"}, today=date(2025, 2, 28)) == []


def test_a_title_held_is_named_and_never_clears() -> None:
    found = verdict(PROGRAMME, GOOD, Record([("浙劳创2024-0001", "工作室")]), TODAY)

    [failure] = found.failed
    assert (failure["clause"], failure["held"]) == ("no_repeat", [["浙劳创2024-0001", "工作室"]])
    assert found.earliest is None


@pytest.mark.parametrize(("until", "clears"), [
    (TODAY - timedelta(days=1), None), (TODAY, TODAY + timedelta(days=1)), (date(2027, 3, 3), date(2027, 3, 4)),
])  # fmt: skip
def test_a_bar_holds_through_its_last_day(until: date, clears: date | None) -> None:
    assert failed({}, Record(barred_until=until)) == ([] if clears is None else [("not_barred", clears)])


@given(st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.dates(date(2024, 1, 1), date(2027, 12, 31)))
def test_on_the_earliest_day_and_not_before_it_everything_clears(founded: date, barred: date) -> None:
    answers, record = {**GOOD, "founded_on": founded.isoformat()}, Record(barred_until=barred)

    earliest = verdict(PROGRAMME, answers, record, TODAY).earliest

    if earliest is not None:
        assert verdict(PROGRAMME, answers, record, earliest).eligible
        assert not verdict(PROGRAMME, answers, record, earliest - timedelta(days=1)).eligible


def test_a_failure_says_where_it_is_written_in_both_languages() -> None:
    [failure] = verdict(PROGRAMME, {**GOOD, "team_size": 2}, NONE, TODAY).failed

    assert failure["source"] == {"document": "南湖区2017年申报通知（通行做法）", "clause": "申报条件"}
    assert (failure["zh"], failure["en"]) == ("团队须有3人以上", "The team must have three members or more")
    assert (failure["given"], failure["least"]) == (2, 3)
