"""The catalogue: every programme is clean, and plays from draft to its end and to a refusal."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from models import clock
from models.programme import FOLDER, catalogue, shipped
from workflows.desk.examining import examine
from workflows.rehearsal import rehearse

SCENARIOS = Path(__file__).parents[1] / "scenarios" / "catalogue"


@pytest.mark.parametrize("code", catalogue())
def test_a_programme_of_the_catalogue_has_no_fault(code: str) -> None:
    with clock.at(datetime(2026, 3, 3, 1, tzinfo=UTC)):
        report = examine((FOLDER / f"{code}.toml").read_bytes())

    assert [(f.line, f.code) for f in report.errors] == []
    assert report.programme == shipped(code)


@pytest.mark.parametrize("code", catalogue())
def test_a_programme_says_which_of_its_values_are_only_defaults(code: str) -> None:
    assert shipped(code).defaults
    assert shipped(code).summary or code == "provincial-studio"


def test_every_programme_has_a_script_to_its_end_and_one_that_is_refused() -> None:
    wanted = {f"{code}-{end}.toml" for code in catalogue() for end in ("named", "refused")}

    assert {file.name for file in SCENARIOS.glob("*.toml")} == wanted


@pytest.mark.parametrize("file", sorted(SCENARIOS.glob("*.toml")), ids=lambda file: file.stem)
def test_a_programmes_script_plays_as_it_is_written(file: Path) -> None:
    [result] = rehearse([file])

    assert result.faults == []
    assert result.ok
