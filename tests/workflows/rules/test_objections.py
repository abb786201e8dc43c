"""Which objections are heard: signed, in time by receipt or postmark, and not about the grade."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from models.vocabulary import Ground
from workflows.rules.objections import inadmissible

LAST = date(2026, 3, 9)
ENDS = datetime(2026, 3, 9, 16, tzinfo=UTC)  # midnight in Beijing
HEARD: dict[str, Any] = {
    "ground": Ground.DEEDS, "signed": True, "objector": "李四", "received_at": ENDS - timedelta(hours=1),
    "postmarked_on": None, "ends_at": ENDS, "last_day": LAST, "by_postmark": True,
}  # fmt: skip
LATE = ENDS + timedelta(seconds=1)


@pytest.mark.parametrize(("given", "code"), [
    ({}, None),
    ({"received_at": ENDS}, None),
    ({"signed": False}, "anonymous"),
    ({"objector": "  "}, "anonymous"),
    ({"ground": Ground.GRADE}, "grade_not_open"),
    ({"ground": Ground.GRADE, "signed": False}, "anonymous"),
    ({"received_at": LATE}, "late"),
    ({"received_at": LATE, "postmarked_on": LAST}, None),
    ({"received_at": LATE, "postmarked_on": LAST + timedelta(days=1)}, "late"),
    ({"received_at": LATE, "postmarked_on": LAST, "by_postmark": False}, "late"),
    ({"received_at": ENDS + timedelta(days=9), "postmarked_on": LAST}, None),
])  # fmt: skip
def test_an_objection_is_heard_or_a_lead_by_its_first_fault(given: dict[str, Any], code: str | None) -> None:
    assert inadmissible(**{**HEARD, **given}) == code


@pytest.mark.parametrize("ground", [g for g in Ground if g is not Ground.GRADE])
def test_every_ground_but_the_grade_is_heard(ground: Ground) -> None:
    assert inadmissible(**{**HEARD, "ground": ground}) is None
