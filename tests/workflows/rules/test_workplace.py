"""The workplace's own steps: papers, and a notice that ran its days and is over."""

from datetime import date
from typing import Any

import pytest

from models.programme import Programme, parse, shipped
from workflows.rules.workplace import counted, faults

SOURCE = {"document": "平顶山市总工会2019年推荐通知", "clause": "公示"}
LABEL = {"zh": "栏", "en": "Field"}
TODAY = date(2026, 4, 10)  # a Friday
PAPERS = {"minutes": 1, "sheet": 1}


def rules(**workplace: Any) -> Programme:
    """A programme that asks for minutes, a notice sheet and the notice's two days."""
    known = shipped("provincial-studio").model_dump(mode="json")
    fields = [{"name": name, "label": LABEL, "kind": "date"} for name in ("shown_from", "shown_to")]
    slots = [{"name": name, "label": LABEL, "required": False} for name in PAPERS]
    given = {"minutes_slot": "minutes", "notice_slot": "sheet", "notice_from": "shown_from", "notice_to": "shown_to",
             "notice_days": 5, "source": SOURCE, **workplace}  # fmt: skip
    return parse({**known, "fields": known["fields"] + fields, "slots": slots, "workplace": given})


def found(first: str | None, last: str | None, files: dict[str, int] = PAPERS, **workplace: Any) -> list[Any]:
    """What the workplace still owes today."""
    return faults(rules(**workplace), {"shown_from": first, "shown_to": last}, files, TODAY)


def test_a_programme_without_these_steps_asks_for_none() -> None:
    assert faults(shipped("provincial-studio"), {}, {}, TODAY) == []


def test_minutes_and_sheet_are_files_and_the_days_are_answers_each_with_its_clause() -> None:
    assert found(None, "2026-04-09", {}) == [
        {"field": "minutes", "code": "file_required", "source": SOURCE},
        {"field": "sheet", "code": "file_required", "source": SOURCE},
        {"field": "shown_from", "code": "required", "source": SOURCE},
    ]


def test_a_notice_is_counted_in_working_days_with_its_first_if_the_rule_says_so() -> None:
    # 1 April to 8 April 2026 holds Qingming (Monday, 6 April): five working days with the first, four without.
    assert found("2026-04-01", "2026-04-08") == []
    assert found("2026-04-01", "2026-04-08", first_day_counts=False) == [
        {"field": "shown_to", "code": "workplace_notice_short", "counted": 4, "days": 5,
         "first_day": date(2026, 4, 1), "last_day": date(2026, 4, 8), "source": SOURCE},
    ]  # fmt: skip
    assert found("2026-04-01", "2026-04-09", first_day_counts=False) == []


def test_a_notice_that_still_runs_is_not_over() -> None:
    assert found("2026-04-01", "2026-04-10") == [
        {"field": "shown_to", "code": "workplace_notice_running", "last_day": TODAY, "source": SOURCE},
    ]


@pytest.mark.parametrize(("first", "last", "days"), [
    (date(2026, 2, 10), date(2026, 2, 14), 5),  # with a Saturday that is made up
    (date(2026, 4, 8), date(2026, 4, 1), 0),
    (date(1900, 1, 1), date(2026, 4, 1), 0),
    (date(2026, 4, 4), date(2026, 4, 6), 0),
])  # fmt: skip
def test_days_are_those_of_the_calendar(first: date, last: date, days: int) -> None:
    assert counted(first, last, first_day_counts=True) == days
