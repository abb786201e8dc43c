"""Whatever the linter says, it says in both languages, with no more details than it has."""

import ast
import re
from pathlib import Path

import pytest

from models.sentences_programme import FILE, LADDER, LIVES, PROGRAMME
from models.sentences_programme_form import FORMS
from models.sentences_programme_merit import MERIT
from models.text import programme_words
from tests.workflows.linting.test_findings import BROKEN, Broken, examined, text_of

LINTING = Path(__file__).parents[3] / "workflows" / "linting"
CALENDAR = LINTING.parent / "rules" / "reverse_calendar.py"
CODE = re.compile(r"[a-z][a-z0-9_]+")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SLOT = re.compile(r"\{(\w+)(?::\w+)?\}")


def said() -> set[str]:
    """Every text of the linter's source that is a code of a finding."""
    return {
        node.value
        for file in (*LINTING.glob("*.py"), CALENDAR)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value)
    }


def given() -> set[str]:
    """The codes that stand where a finding's code does."""
    found = set()
    for file in (*LINTING.glob("*.py"), CALENDAR):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("error", "warning", "say", "Trouble"):
                place = node.args[0 if ast.unparse(node.func) == "Trouble" else 1]
                if isinstance(place, ast.Constant):
                    found.add(str(place.value))
    return found


def test_every_code_has_words_and_all_words_have_a_code() -> None:
    assert given() - set(PROGRAMME) == set()
    assert set(PROGRAMME) - said() == set()


def test_no_code_has_words_twice() -> None:
    assert len(PROGRAMME) == sum(map(len, (FILE, LADDER, LIVES, FORMS, MERIT)))


@pytest.mark.parametrize("code", sorted(PROGRAMME))
def test_a_finding_is_said_in_both_languages_with_the_same_details(code: str) -> None:
    zh, en, todo_zh, todo_en = PROGRAMME[code]

    assert set(SLOT.findall(zh)) == set(SLOT.findall(en))
    assert set(SLOT.findall(todo_zh)) == set(SLOT.findall(todo_en))
    assert all(text.endswith(("。", "？]")) for text in (zh, todo_zh))
    assert all(text.endswith((".", "?]")) for text in (en, todo_en))
    assert CHINESE.search(zh)
    assert CHINESE.search(todo_zh)
    assert not CHINESE.search(en + todo_en)


@pytest.mark.parametrize("broken", BROKEN, ids=[f"{b.code}-{n}" for n, b in enumerate(BROKEN)])
def test_a_finding_has_all_the_details_its_words_ask_for(broken: Broken) -> None:
    (found,) = examined(text_of(broken)).findings

    words = [*programme_words(found.code, found.details), *programme_words(found.code, found.details, "en")]
    assert [text for text in words if "—" in text or "⟦" in text] == []
