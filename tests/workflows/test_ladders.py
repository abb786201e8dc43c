"""Ladders other than the spine's, each from the draft to its end: a script for each."""

from collections.abc import Callable
from pathlib import Path

import pytest

from workflows.rehearsal import rehearse

SCRIPTS = sorted((Path(__file__).parents[1] / "scenarios" / "ladders").glob("*.toml"))


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.stem)
def test_a_ladder_is_climbed_as_its_script_says(file: Path) -> None:
    assert rehearse([file])[0].faults == []


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.stem)
def test_a_ladder_is_climbed_the_same_on_postgresql(file: Path, fresh_postgresql: Callable[[], str]) -> None:
    assert rehearse([file], url=fresh_postgresql())[0].faults == []
