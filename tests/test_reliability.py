"""docs/reliability.md: every fault that the product promises to outlive names tests, and each of them is there."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "reliability.md"
FAULTS = {*(f"F{n}" for n in range(1, 8)), "F9", "F10", "F28", "F29", "F30"}


def table() -> list[tuple[list[str], str, str]]:
    """Faults, file and test of each row."""
    rows = re.findall(
        r"^\| ((?:F\d+ ?)+)\|.*`(tests/[\w/]+\.py)::(test_\w+)` \|$", PAGE.read_text("utf-8"), re.MULTILINE
    )
    return [(faults.split(), file, test) for faults, file, test in rows]


def names_in(file: Path) -> set[str]:
    tree = ast.parse(file.read_text("utf-8"))
    return {part.name for part in ast.walk(tree) if isinstance(part, ast.FunctionDef) and part.name.startswith("test_")}


def test_every_fault_is_proven_by_a_test_that_is_there() -> None:
    missing = [f"{file}::{test}" for _, file, test in table() if test not in names_in(ROOT / file)]

    assert missing == []
    assert {fault for faults, _, _ in table() for fault in faults} == FAULTS
    assert len(table()) == PAGE.read_text("utf-8").count("| `tests/")


def test_no_file_of_faults_is_left_out() -> None:
    files = {f"tests/faults/{file.name}" for file in (ROOT / "tests" / "faults").glob("test_*.py")}

    assert files - {file for _, file, _ in table()} == set()
