"""The small province's programme with some rules changed, for the tests of what follows a naming."""

from typing import Any

import pytest

from models.database import transaction
from models.programme import AssessmentRule, Band, Programme
from workflows.programmes import programme_of

BANDS = (
    {"grade": "qualified", "name": "A", "at_least": 85},
    {"grade": "qualified", "name": "B", "at_least": 75},
    {"grade": "qualified", "name": "C", "at_least": 60},
    {"grade": "rectify", "at_least": 0},
)


def rules() -> Programme:
    """The programme of the small province."""
    with transaction() as store:
        return programme_of(store, "provincial-studio@1")


def ruled(monkeypatch: pytest.MonkeyPatch, **parts: Any) -> Programme:
    """Let the programme have other parts; None takes one away."""
    found = rules()
    for name, part in parts.items():
        monkeypatch.setitem(found.__dict__, name, part)
    return found


def titled(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> Programme:
    """Let the programme's chapter on titles say something else."""
    return ruled(monkeypatch, title=rules().title.model_copy(update=changes))


def assessing(**changes: Any) -> AssessmentRule:
    """An assessment with classes A, B, C and whatever else is said."""
    return AssessmentRule(**{"bands": tuple(Band(**band) for band in BANDS), **changes})
