"""What docs/bulk.md shows can be done: every example is run dry in a small province."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from models import clock
from models.vocabulary import Role
from tests.worlds import COUNTY, NOW, World, at_county, person, submitted
from workflows.batches.applying import batch_plan, rows_of_file
from workflows.batches.carrying_out import UNDOABLE
from workflows.listing.slates import rank
from workflows.rules import plans

PAGE = (Path(__file__).parents[2] / "docs" / "bulk.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```csv\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_every_example_of_the_page_can_be_done(world: World, number: int) -> None:
    text = EXAMPLES[number]
    person("colleague", COUNTY, Role.REVIEWER)
    if "0" * 32 in text:
        listed = rank(world.county, round_id=world.round_id, organization_code=COUNTY, main=at_county(world, 2))
        text = text.replace("0" * 32, listed.id)
    else:
        for n, letter in enumerate("ABC"):
            text = text.replace(f"2026-{letter * 8}", str(submitted(world, n).receipt))

    with clock.at(NOW + timedelta(hours=1)):
        told = batch_plan(world.county, rows=rows_of_file("例.csv", text.encode()))

    assert told.impossible == []
    assert told.moves == len(told.cases) > 0


def test_the_page_names_every_act_and_whether_it_can_be_undone() -> None:
    table: Any = re.findall(r"^\| ((?:`[a-z-]+` ?)+) \| (.+?) \| (.+?) \|$", PAGE, re.MULTILINE)
    told = {name: (kind, undone) for names, kind, undone in table for name in re.findall(r"`([a-z-]+)`", names)}
    acts = {name: row for name, row in told.items() if name not in plans.COLUMNS}

    assert {name for name, (kind, _) in acts.items() if "lists" in kind} == plans.SLATE_ACTS
    assert {name for name, (kind, _) in acts.items() if "cases" in kind} == plans.CASE_ACTS
    assert {name for name, (_, undone) in acts.items() if not undone.startswith("不能")} == UNDOABLE


def test_the_page_tells_the_columns_and_the_most_cases() -> None:
    assert f"{plans.MOST_CASES:,}" in PAGE
    assert [name for name in plans.COLUMNS if f"| `{name}` |" not in PAGE] == []
