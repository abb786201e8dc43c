"""What is written and not sent yet stays in the browser's tab: which forms, and under a name that tells them apart."""

import ast
from pathlib import Path

import ui

ROOT = Path(ui.__file__).parent
# Forms for one version of a row, or for what no row stands for yet, whose words a tab keeps.
KEPT = {
    "components/assigning_desk.py": {"_move"},
    "components/contest.py": {"_rule", "_file"},
    "components/countersign.py": {"vote", "_add", "_drop", "_call_off"},
    "components/draw_desk.py": {"_replace"},
    "components/judging.py": {"stand_back"},
    "components/notice_acts.py": {"correct", "object_to"},
    "components/recusal_desk.py": {"_settle", "_ask"},
}


def kept(file: Path) -> dict[str, list[str]]:
    """The places that a file's functions keep words under, as the source has them."""
    found: dict[str, list[str]] = {}
    for function in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(function, ast.FunctionDef):
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and ast.unparse(call.func) in ("acts.kept", "acts.keeping"):
                    found.setdefault(function.name, []).append(ast.unparse(call.args[-1]))
    return found


def test_objections_appeals_votes_and_recusals_are_kept_while_they_are_written() -> None:
    assert {file: names - kept(ROOT / file).keys() for file, names in KEPT.items()} == {file: set() for file in KEPT}


def test_no_two_forms_of_a_file_are_kept_under_one_name() -> None:
    for file in sorted(ROOT.rglob("*.py")):
        names = [name for places in kept(file).values() for name in places if name.startswith("'")]
        assert len(names) == len(set(names)), file
