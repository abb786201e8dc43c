"""The pages for people say what is there, and what they show can be done."""

import inspect
import json
import re
import shlex
import sys
import tomllib
from collections.abc import Iterator
from datetime import date
from io import StringIO
from itertools import chain
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import pytest
from pydantic import BaseModel, create_model
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from models import programme
from models.sentences import SENTENCES
from models.settings import Settings, settings
from models.vocabulary import Role
from tests.documents import CLAIMS, DOCS, MADE, ROOT, command_line, renewed
from ui import cli
from workflows import table
from workflows.linting import lint
from workflows.linting.records import IMPORTED
from workflows.people import sessions
from workflows.record.acting import Sitting, actor_of
from workflows.record.verb import QUERIES, VERBS

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
PLACE = re.compile(r"(?<![\w/.~-])((?:models|workflows|ui|tests|docs|\.ci)/[\w./*-]*)")
LINK = re.compile(r"\]\(([^)\s]+)\)")
# Named in a decision because we do without it.
ABSENT = {"models/locale/", "models/locale"}
# Keys that are read and kept with the version, and that no rule asks yet: the page says so.
IDLE = {
    "Programme.summary": r"\.summary\b",
    "Programme.subject": r"\b(rules|programme)\.subject\b",
    "Programme.hosts": r"\.hosts\b",
    "Programme.defaults": r"\b(rules|programme)\.defaults\b",
    "Approval.authority": r"\.authority\b",
    "Approval.wording": r"\.approval\.wording\b",
    "Notice.order": r"\.notice\.order\b",
    "Notice.places": r"\.notice\.places\b",
    "Notice.shows": r"\.notice\.shows\b",
    "Objections.anonymous": r"\.objections\.anonymous\b",
    "Objections.extension_days": r"\.extension_days\b",
    "Objections.investigator": r"\.objections\.investigator\b",
    "DecisionRule.layout": r"\.decision\.layout\b",
    "TitleRule.name": r"\b(rules|programme)\.title\.name\b",
    "Subsidy.uses": r"\.uses\b",
}
IDLE_MARK = "⏸"


def text_of(name: str) -> str:
    """A page's text."""
    return (ROOT / name).read_text(encoding="utf-8")


def rows_of(page: str, under: str) -> list[list[str]]:
    """The rows of the first table after a heading, without its head."""
    after = text_of(page).split(f"\n{under}\n", 1)[1]
    lines = re.search(r"(?:^\|.*\n)+", after, re.MULTILINE)
    assert lines is not None, under
    cells = [re.split(r"(?<!\\) \| ", line.strip("| ")) for line in lines.group().splitlines()]
    return [[cell.strip(" |") for cell in row] for row in cells[2:]]


def code_of(page: Path) -> Iterator[str]:
    """What stands as code in a page: in spans, and in blocks line by line."""
    text = page.read_text(encoding="utf-8")
    yield from SPAN.findall(BLOCK.sub("", text))
    for language, body in BLOCK.findall(text):
        if language in ("", "console", "bash", "sh"):
            yield from (line.split(" #")[0] for line in body.splitlines())


def named_after(word: str, most: int) -> dict[str, str]:
    """The words said after a command anywhere in the pages, with the page that says so."""
    found = {}
    for page in PAGES:
        for code in code_of(page):
            for said in re.findall(rf"(?:^|[ /$]){word}((?: [a-z][\w-]*){{1,{most}}})", code):
                found[said.strip()] = page.name
    return found


@pytest.mark.parametrize("page", MADE)
def test_what_a_page_takes_from_the_code_is_what_the_code_says(page: str) -> None:
    text = text_of(f"docs/{page}")

    assert text == renewed(page, text), "run: .venv/bin/python -m tests.documents"


def test_the_matrix_asks_for_each_verb_as_the_verb_itself_asks() -> None:
    table.load()
    named = {
        name: f"Act.{act.name}" in inspect.getsource(sys.modules[VERBS[name].__module__])
        for name, (_, act) in CLAIMS.items()
    }

    assert [name for name, is_there in named.items() if not is_there] == []


def test_every_verb_is_in_the_matrix_or_told_beside_it() -> None:
    table.load()
    told = {name.strip("`") for name, *_ in rows_of("docs/security.md", "### Verbs outside the matrix")}

    assert (told & set(CLAIMS), told | set(CLAIMS)) == (set(), set(VERBS))


def test_every_setting_is_listed_with_its_default() -> None:
    listed = {name: default for name, default, *_ in rows_of("docs/operations.md", "## Settings")}
    real = {
        f"`SHENBAO_{name.upper()}`": f"`{_default(field)}`" if _default(field) else "-"
        for name, field in Settings.model_fields.items()
    }

    assert listed == real


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    if value is None or hasattr(value, "get_secret_value"):
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _tables() -> dict[str, type[BaseModel]]:
    """Every table a programme file may hold, by the name of its model."""
    found: dict[str, type[BaseModel]] = {}
    left: list[Any] = [programme.Programme]
    while left:
        kind = left.pop()
        if isinstance(kind, type) and issubclass(kind, BaseModel) and kind.__name__ not in found:
            found[kind.__name__] = kind
            left += [field.annotation for field in kind.model_fields.values()]
        left += get_args(kind)
    return found


@pytest.mark.parametrize("name", _tables())
def test_every_key_of_a_programme_is_listed_with_its_type_and_default(name: str) -> None:
    listed = [row[:3] for row in rows_of("docs/programmes.md", _heading(name))]

    assert listed == [
        [f"`{key}`", _type(field.annotation), _given(field)] for key, field in _tables()[name].model_fields.items()
    ]


def _heading(name: str) -> str:
    pattern = rf"^(### .*\(`{name}`\))$"
    found = re.findall(pattern, text_of("docs/programmes.md"), re.MULTILINE)
    assert len(found) == 1, name
    return str(found[0])


def _type(kind: Any) -> str:
    """A key's type as an officer would say it."""
    inner = [part for part in get_args(kind) if part not in (type(None), Ellipsis)]
    if get_origin(kind) is dict:
        return "table"
    if get_origin(kind) is Literal:
        return " / ".join(f"`{value}`" for value in inner)
    if get_origin(kind) is tuple:
        return f"list: {_type(inner[0])}"
    if get_origin(kind) in (UnionType, Union):
        return " / ".join(map(_type, inner))
    if hasattr(kind, "__metadata__"):
        return _type(inner[0])
    if hasattr(kind, "__members__"):
        return " / ".join(f"`{member.value}`" for member in kind)
    words = {"str": "text", "int": "number", "bool": "yes or no", "Decimal": "number"}
    return words.get(kind.__name__, str(kind.__name__))


def _given(field: FieldInfo) -> str:
    if field.default is PydanticUndefined:
        return "required"
    if field.default is None or field.default in ((), {}, ""):
        return "-"
    value = field.default
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json", exclude_unset=True)
        return "`{ " + ", ".join(f"{k} = {json.dumps(v)}" for k, v in value.items()) + " }`" if value else "`{}`"
    if isinstance(value, tuple):
        value = [getattr(item, "value", item) for item in value]
    return f"`{json.dumps(value, ensure_ascii=False)}`" if isinstance(value, bool | list) else f"`{value}`"


def test_a_key_is_marked_idle_exactly_while_no_rule_asks_it() -> None:
    product = [*(ROOT / "workflows").rglob("*.py"), *(ROOT / "ui").rglob("*.py")]
    # The linter looks at every key, and asks none of an application.
    asking = [file for file in product if "linting" not in file.parts]
    source = "\n".join(file.read_text(encoding="utf-8") for file in asking)
    idle = {key for key, pattern in IDLE.items() if not re.search(pattern, source)}
    marked = {f"{name}.{key}" for name in _tables() for key, row in _rows(name).items() if IDLE_MARK in row[3]}

    assert marked == idle


def _rows(name: str) -> dict[str, list[str]]:
    """The rows of a table of keys by their key."""
    return {row[0].strip("`"): row for row in rows_of("docs/programmes.md", _heading(name))}


@pytest.mark.parametrize("name", _tables())
def test_every_key_has_a_meaning_in_both_languages_and_an_example_that_is_right(name: str) -> None:
    for key, (_, _, _, meaning, example, _) in _rows(name).items():
        field = _tables()[name].model_fields[key]
        assert re.search(r"[\u4e00-\u9fff].* / .*[a-z]", meaning), key
        if example != "-":
            given = tomllib.loads(example.strip("`").replace("\\|", "|"))
            assert [*given] == [key]
            checked: type[BaseModel] = create_model("Checked", **{key: (field.annotation, field)})  # type: ignore[call-overload]
            checked.model_validate(given)


@pytest.mark.parametrize("name", _tables())
def test_the_refusal_a_key_leads_to_is_one_that_is_given(name: str) -> None:
    codes = {code for row in _rows(name).values() for code in SPAN.findall(row[5])}

    assert not codes - set(SENTENCES)


def test_the_whole_example_of_a_programme_is_without_findings() -> None:
    (example,) = [body for language, body in BLOCK.findall(text_of("docs/programmes.md")) if language == "toml"]

    report = lint(example, today=date(2026, 8, 3))

    assert (report.findings, report.programme is not None) == ((), True)


def test_the_page_lists_the_rules_of_conditions_and_the_kinds_of_facts_there_are() -> None:
    rules = {row[0].strip("`") for row in rows_of("docs/programmes.md", "## 判断方法 Rules of `[[eligibility]]`")}
    page = text_of("docs/programmes.md").split("## 记录的种类", 1)[1].split("\n## ", 1)[0]

    assert rules == set(get_args(programme.Eligibility.model_fields["rule"].annotation))
    assert set(SPAN.findall(page)) >= IMPORTED


def test_a_page_names_no_command_that_is_not_there() -> None:
    targets = set(re.findall(r"^([a-z]+):.*##", text_of("Makefile"), re.MULTILINE))
    commands = {path for path, _ in command_line()}
    made = {said.split()[0]: page for said, page in named_after("make", 1).items()}
    run = {said: page for said, page in named_after("shenbao", 2).items() if said.split()[0] not in commands}

    assert {said: page for said, page in made.items() if said not in targets} == {}
    assert {said: page for said, page in run.items() if said not in commands} == {}


def test_a_page_names_no_verb_or_question_that_is_not_there() -> None:
    table.load()
    done = {said: page for said, page in named_after("shenbao do", 1).items() if said not in VERBS}
    asked = {said: page for said, page in named_after("shenbao ask", 1).items() if said not in QUERIES}

    # The console examples also show what a mistyped verb is told.
    assert (done, asked) == ({"sumbit": "commands.md"}, {})


def test_the_readme_begins_with_the_two_commands() -> None:
    first = text_of("README.md").split("\n## ", 1)[0]

    assert [word for word in ("make run", "make test") if word not in first] == []


def test_every_place_a_page_names_is_there() -> None:
    lost = {
        f"{page.name}: {place}"
        for page in PAGES
        for code in code_of(page)
        for place in PLACE.findall(code)
        if place not in ABSENT and not list(ROOT.glob(place.rstrip("./")))
    }

    assert lost == set()


def test_every_name_in_a_file_that_a_page_gives_is_in_that_file() -> None:
    lost = {
        f"{page.name}: {file}::{name}"
        for page in PAGES
        for code in code_of(page)
        for file, name in re.findall(r"([\w/]+\.py)::(\w+)", code)
        if not re.search(rf"^(?:async def |def |class )?{name}\b", text_of(file), re.MULTILINE)
    }

    assert lost == set()


def test_every_link_leads_somewhere() -> None:
    lost = {
        f"{page.name}: {link}"
        for page in PAGES
        for link in LINK.findall(BLOCK.sub("", page.read_text(encoding="utf-8")))
        if "://" not in link and not (page.parent / link.split("#")[0]).exists()
    }

    assert lost == set()


def test_every_decision_tells_context_decision_and_consequence() -> None:
    notes = [note for note in sorted((DOCS / "decisions").glob("*.md")) if not note.name.startswith("0006")]
    parts = ("**Context.**", "**Decision.**", "**Consequence.**")

    assert [(n.name, p) for n in notes for p in parts if p not in n.read_text(encoding="utf-8")] == []


def test_the_changelog_begins_with_the_version_that_is_built() -> None:
    version = tomllib.loads(text_of("pyproject.toml"))["project"]["version"]
    heads = re.findall(r"^## (.+)$", text_of("CHANGELOG.md"), re.MULTILINE)
    parts = re.findall(r"^### (\S+)", text_of("CHANGELOG.md"), re.MULTILINE)

    assert heads[0].split()[0] == version
    assert set(parts) <= {"新增", "变更", "修复", "安全"}


def test_the_first_administrator_is_appointed_as_the_page_says(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = text_of("docs/operations.md")
    (command,) = re.findall(r"^\.venv/bin/(shenbao appoint .*?) < \S+$", page, re.MULTILINE)
    monkeypatch.setattr("sys.stdin", StringIO("一句不容易猜到的话\n"))

    _said(command, capsys, monkeypatch)

    assert actor_of("office@example.cn").seats == (Sitting("330000", Role.ADMINISTRATOR),)
    assert sessions.sign_in("office@example.cn", "一句不容易猜到的话", "127.0.0.1")


def test_the_settings_in_force_are_shown_without_their_passwords(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHENBAO_DATABASE_URL", "postgresql://shenbao:hush-base@db.example.cn/x")
    monkeypatch.setenv("SHENBAO_SMTP_PASSWORD", "hush-mail")
    settings.cache_clear()

    said = [_said(f"shenbao config show{way}", capsys, monkeypatch) for way in ("", " --json")]

    assert ["db.example.cn" in text for text in said] == [True, True]
    assert ["hush" in text for text in said] == [False, False]


def test_a_copy_of_the_checkpoints_is_verified_where_it_lies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for command in ("init", "sweep"):
        _said(f"shenbao {command}", capsys, monkeypatch)
    kept = settings().checkpoint_file.rename(tmp_path / "kept")
    verify = "shenbao audit verify --json"

    here = json.loads(_said(verify, capsys, monkeypatch))
    there = json.loads(_said(f"{verify} --checkpoints {kept}", capsys, monkeypatch))
    lost = _said(f"{verify} --checkpoints {tmp_path / 'lost'}", capsys, monkeypatch)

    assert (here["checkpoints"], there["checkpoints"]) == (0, 1)
    assert lost.endswith("exit 2")


def test_the_console_examples_answer_what_the_page_shows(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = [body for language, body in BLOCK.findall(text_of("docs/commands.md")) if language == "console"]

    assert blocks
    for command, expected in chain.from_iterable(map(_steps, blocks)):
        said = _said(command, capsys, monkeypatch)
        pattern = re.escape(expected.strip()).replace(re.escape("..."), ".*")
        assert re.fullmatch(pattern, said, re.DOTALL), f"{command}\n{said}"


def _steps(block: str) -> Iterator[tuple[str, str]]:
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, expected = part.partition("\n")
        yield command, expected


def _said(command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> str:
    """What a command prints, and its exit code where it is not 0."""
    arguments = shlex.split(command)
    assert arguments[0] == "shenbao"
    monkeypatch.setattr("sys.argv", arguments)
    capsys.readouterr()
    code: Any = 0
    try:
        cli.main(arguments[1:])
    except SystemExit as end:
        code = end.code or 0
    said = capsys.readouterr()
    ending = f"exit {code}" if code else ""
    return "\n".join(filter(None, [said.out.strip(), said.err.strip(), ending]))
