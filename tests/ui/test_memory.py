"""What a web process keeps: no file that is stored where it belongs, and no more of anything than it was told."""

import ast
from pathlib import Path
from typing import Any

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from tests import living
from tests.factories import certificate
from tests.ui.pages import opened, ran
from workflows.queries import applications

ROOT = Path(__file__).parent.parent.parent
# Functions whose answers are kept for good: what they may be asked is a word of ours, or nothing.
FOR_GOOD = {
    "ui/api/schemas.py": {"arguments", "answer"},
    "ui/appearance.py": {"_sheet"},
    "ui/components/searching.py": {"_tables"},
    "ui/frame.py": {"page"},
    "ui/menu.py": {"_made"},
    "ui/signin.py": {"_template"},
    "workflows/batches/carrying_out.py": {"_asked"},
    "workflows/charts/advance.py": {"acts_of", "advance", "offered"},
    "workflows/demo/certificate.py": {"certificate"},
    "workflows/doctor/histories.py": {"_targets"},
    "workflows/papers/fonts.py": {"_extra"},
    "workflows/post/reminders.py": {"_climbing", "_reached"},
    "workflows/record/journal.py": {"_update"},
    "workflows/table.py": {"form_of"},
}


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Answer the names of the files that Streamlit holds in memory, as they come and go."""
    found: dict[str, str] = {}
    add, remove = MemoryUploadedFileManager.add_file, MemoryUploadedFileManager.remove_file

    def added(self: MemoryUploadedFileManager, session_id: str, file: Any) -> None:
        found[file.file_id] = file.name
        add(self, session_id, file)

    def removed(self: MemoryUploadedFileManager, session_id: str, file_id: str) -> None:
        found.pop(file_id, None)
        remove(self, session_id, file_id)

    monkeypatch.setattr(MemoryUploadedFileManager, "add_file", added)
    monkeypatch.setattr(MemoryUploadedFileManager, "remove_file", removed)
    return found


def test_a_file_that_is_stored_is_let_go_of(database: str, held: dict[str, str]) -> None:
    there = living.living()
    row = living.drafted(there)
    shown = opened("application_form", there.clerks[0], id=row.id)

    shown.file_uploader[0].set_value(("荣誉证书.png", certificate(), "image/png"))
    assert held == {}
    ran(shown)

    [stored] = applications.application(there.clerks[0], row.id).files
    assert (stored.filename, held) == ("荣誉证书.png", {})


def _kept_for_good() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for folder in ("models", "workflows", "ui"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            for node in (one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)):
                if any(_is_unbounded(each) for each in node.decorator_list) and node.args.args:
                    found.setdefault(str(file.relative_to(ROOT)), set()).add(node.name)
    return found


def _is_unbounded(decorator: ast.expr) -> bool:
    said = ast.unparse(decorator)
    return said in ("cache", "functools.cache", "lru_cache(maxsize=None)", "lru_cache(None)")


def test_what_is_kept_for_good_is_asked_by_words_of_ours_only() -> None:
    assert _kept_for_good() == FOR_GOOD
