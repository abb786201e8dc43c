"""The table of what waits in docs/deadlines.md is true: each kind has a row, with the ladder that is climbed."""

import re
from pathlib import Path

from models.labels import LABELS
from models.vocabulary import DeadlineKind
from tests.deadline_ladders import words
from workflows.rules.postponing import POSTPONABLE

PAGE = Path(__file__).parents[1] / "docs" / "deadlines.md"


def table() -> list[list[str]]:
    """The cells of the table's rows."""
    found = re.search(r"<!-- deadlines -->\n(.*?)<!-- end -->", PAGE.read_text("utf-8"), re.DOTALL)
    assert found is not None
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in found[1].splitlines()[2:]]


def test_every_kind_has_one_row_with_its_name_and_the_ladder_that_is_climbed() -> None:
    assert [(row[0], row[1], row[5]) for row in table()] == [
        (f"`{kind.value}`", " ".join(LABELS[DeadlineKind][kind]), words(kind)) for kind in DeadlineKind
    ]


def test_no_cell_is_empty_and_each_is_in_both_languages() -> None:
    for row in table():
        assert all(row), row
        assert all(" / " in row[n] for n in (2, 3, 4, 6)), row


def test_only_what_a_tier_a_unit_or_a_judge_owes_may_be_put_off() -> None:
    assert {kind.value for kind in DeadlineKind if kind not in POSTPONABLE} == {
        *("submission", "notice_end", "objection_answer", "reserve_end", "screening", "appeal_end", "first_list"),
        *("hold_end", "countersign", "meeting", "title_end", "seat_end", "bar_end"),
    }
