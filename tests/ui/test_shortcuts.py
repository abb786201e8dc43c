"""The help of the keyboard cannot lie: what it lists is what the pages bind, and no key is bound beside it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests import factories
from tests.factories import COUNTY, World
from tests.ui.pages import opened, press
from ui.components import shortcuts
from ui.views import PAGES

ROOT = Path(__file__).parent.parent.parent
BOUND_ELSEWHERE = {shortcuts.SEND, *shortcuts.BY_SCRIPT}


def places() -> Iterator[Path]:
    """The pages and their parts."""
    yield from sorted((ROOT / "ui").rglob("*.py"))


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def bound(file: Path) -> set[str]:
    """The keys that a file binds, by the table's names."""
    uses = [node for node in ast.walk(tree(file)) if isinstance(node, ast.Attribute)]
    named = [use.attr for use in uses if isinstance(use.value, ast.Name) and use.value.id == "shortcuts"]
    return {getattr(shortcuts, name) for name in named if name.isupper() and name not in ("TABLE", "HELP_KEY", "SEND")}


def parts(file: Path) -> set[Path]:
    """The components that a page draws, and those that they draw."""
    found, left = set[Path](), [file]
    while left:
        for node in ast.walk(tree(left.pop())):
            names = [a.name for a in node.names] if isinstance(node, ast.ImportFrom) else []
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ui.components"):
                modules = [node.module, *(f"{node.module}.{name}" for name in names)]
                files = [ROOT / f"{str(one).replace('.', '/')}.py" for one in modules]
                new = [one for one in files if one.is_file() and one not in found]
                found |= {*new}
                left += new
    return found


def test_no_key_is_bound_but_by_its_name_in_the_table() -> None:
    keywords = [
        (file.name, ast.unparse(word.value))
        for file in places()
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Call)
        for word in node.keywords
        if word.arg == "shortcut"
    ]

    odd = [one for one in keywords if not one[1].startswith(("shortcuts.", "acts.SEND"))]
    assert odd == [("acts.py", "SEND"), ("comparing.py", "shortcut"), ("moving.py", "shortcut")]


@pytest.mark.parametrize("page", shortcuts.ALL)
def test_a_page_lists_what_it_and_its_parts_bind(page: str) -> None:
    file = ROOT / next(one.file for one in PAGES if one.path == page)

    listed = {one.key for one in shortcuts.of(page)}

    assert set.union(*map(bound, {file, *parts(file)} - {ROOT / "ui/components/shortcuts.py"})) == (
        listed - BOUND_ELSEWHERE
    )
    assert f'shortcuts.sheet("{page}")' in file.read_text(encoding="utf-8")
    assert listed >= {shortcuts.SEND, shortcuts.HELP}


def test_the_keys_of_the_script_are_those_of_the_table_and_reach_what_is_there() -> None:
    script = (ROOT / "ui/static/desk.js").read_text(encoding="utf-8")

    assert [f'"{key}": ' in script for key in shortcuts.BY_SCRIPT] == [True, True]
    assert f".st-key-{shortcuts.HELP_KEY} " in script
    assert ".st-key-queue-words " in script


def test_no_key_does_two_things_on_one_page() -> None:
    for page in shortcuts.ALL:
        keys = [one.key for one in shortcuts.of(page)]
        assert len(keys) == len(set(keys)), page


def test_the_queue_binds_its_keys_lists_them_and_says_why_a_button_is_grey(database: str) -> None:
    there: World = factories.world(2)
    factories.submitted(there)
    at = opened("review_queue", there.county)
    at.session_state["queue:cursors"] = {COUNTY: [(None, ""), (None, "")]}
    at.run()

    drawn = {one.proto.shortcut for one in at.button if one.proto.shortcut}
    listed = {one.key.lower() for one in shortcuts.of("review")} - {key.lower() for key in BOUND_ELSEWHERE}
    assert drawn == listed
    assert [one.label for one in at.button if one.disabled and not one.help] == []

    press(at, "快捷键")
    assert list(at.table[-1].value["作用"]) == [one.zh for one in shortcuts.of("review")]
