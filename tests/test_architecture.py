"""The rules of the house that no linter knows, kept by reading the source."""

import ast
import importlib.metadata
import importlib.util
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from models.settings import Settings

ROOT = Path(__file__).parent.parent
PRODUCT = ("models", "workflows", "ui")
TOP_LEVEL = {
    *("pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "Makefile", "requirements.lock"),
    *("models", "workflows", "ui", "tests", "docs"),
    *(".ci", ".gitignore", ".env.example"),
}
PRETENDERS = ("workflows/demo/diary.py", "workflows/rehearsal.py")
# Where a surprise may be caught, because somebody has to be told and the work must go on.
EDGES = ("workflows/flows/", "ui/attempt.py", "ui/serve.py", "ui/cli.py", "ui/api/routes.py")
SQL_CLOCK = re.compile(r"CURRENT_(TIMESTAMP|DATE|TIME)\b|\bnow\(\)|datetime\('now'", re.IGNORECASE)
OTHER_CLOCKS = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today"),
    *("func.now", "func.current_timestamp", "func.current_date", "time.time"),
}
LOOSE_IMPORT = re.compile(r"# noqa: PLC0415 -- \w")


@cache
def sources() -> dict[str, ast.Module]:
    """Every file of the product by its path, parsed; Alembic's generated revisions aside."""
    files = sorted(file for folder in PRODUCT for file in (ROOT / folder).rglob("*.py"))
    names = {file.relative_to(ROOT).as_posix(): file for file in files}
    return {
        name: ast.parse(file.read_text(encoding="utf-8"))
        for name, file in names.items()
        if not name.startswith("models/migrations/")
    }


def nodes(*kinds: type[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    """Every node of these kinds with the file that it stands in."""
    for name, tree in sources().items():
        yield from ((name, node) for node in ast.walk(tree) if isinstance(node, kinds))


def functions() -> dict[str, int]:
    """Every function of the product with its length in lines, signature and docstring included."""
    return {
        f"{file}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for file, node in nodes(ast.FunctionDef, ast.AsyncFunctionDef)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def calls(pattern: str) -> set[str]:
    """The files that call what `pattern` matches, as it is written there."""
    return {
        file
        for file, node in nodes(ast.Call)
        if isinstance(node, ast.Call) and re.fullmatch(pattern, ast.unparse(node.func))
    }


def imported(tree: ast.AST) -> set[str]:
    """The modules, and the names in them, that a piece of source imports."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def docstrings(tree: ast.Module) -> set[ast.expr]:
    """The strings of a file that only explain."""
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def test_the_product_is_read_at_all() -> None:
    assert {name.split("/")[0] for name in sources()} == set(PRODUCT)


def test_only_the_store_commits() -> None:
    assert calls(r"(.*\.)?commit") == {"models/database.py"}


def test_only_the_demo_and_a_rehearsal_pretend_another_time() -> None:
    direct = {file for file, tree in sources().items() if "models.clock.at" in imported(tree)}

    assert (calls(r"(.*\.)?clock\.at") | direct) - set(PRETENDERS) == set()


def test_only_the_clock_knows_the_time() -> None:
    asked = {
        f"{file}:{node.lineno} {ast.unparse(node)}"
        for file, node in nodes(ast.Attribute)
        if isinstance(node, ast.Attribute)
        if ".".join(ast.unparse(node).split(".")[-2:]) in OTHER_CLOCKS
        if file != "models/clock.py"
    }

    assert asked == set()


def test_no_statement_asks_the_database_for_the_time() -> None:
    asked = {
        f"{file}:{node.lineno}"
        for file, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if node not in docstrings(tree) and SQL_CLOCK.search(node.value)
    }

    assert asked == set()


def test_no_revision_asks_the_database_for_the_time() -> None:
    revisions = (ROOT / "models" / "migrations").rglob("*.py")

    asking = {file.name for file in revisions if SQL_CLOCK.search(file.read_text(encoding="utf-8"))}

    assert asking == set()


def test_rules_import_nothing_of_the_workflows_but_rules() -> None:
    strangers = {
        f"{file} imports {name}"
        for file, tree in sources().items()
        if file.startswith("workflows/rules/")
        for name in imported(tree)
        if name.startswith("workflows.") and not name.startswith("workflows.rules")
    }

    assert strangers == set()


def test_streamlit_cannot_mistake_a_file_of_ours_for_a_library() -> None:
    # Streamlit puts its script's folder first on sys.path: ui/queue.py would be `import queue`.
    ours = {entry.stem for entry in (ROOT / "ui").iterdir() if entry.suffix in ("", ".py")}
    theirs = {module for module, owners in importlib.metadata.packages_distributions().items() if owners != ["shenbao"]}

    assert ours & (theirs | sys.stdlib_module_names) == set()


def test_streamlit_finds_no_folder_that_it_would_publish_unguarded() -> None:
    assert not (ROOT / "ui" / "pages").exists()


def test_a_file_is_at_most_300_lines() -> None:
    lengths = {file: len((ROOT / file).read_text("utf-8").splitlines()) for file in sources()}

    assert {file: length for file, length in lengths.items() if length > 300} == {}


def test_a_function_is_at_most_40_lines() -> None:
    assert {name: length for name, length in functions().items() if length > 40} == {}


def test_half_of_all_functions_are_shorter_than_10_lines() -> None:
    assert statistics.median(functions().values()) < 10


def test_a_surprise_is_caught_only_at_the_edges() -> None:
    caught = {
        f"{file}:{node.lineno}"
        for file, node in nodes(ast.ExceptHandler)
        if isinstance(node, ast.ExceptHandler) and swallows(node)
        if not file.startswith(EDGES)
    }

    assert caught == set()


def swallows(handler: ast.ExceptHandler) -> bool:
    """Whether a handler stops every exception: catching one to raise it again does not."""
    every = handler.type is None or re.search(r"\b(Base)?Exception\b", ast.unparse(handler.type))
    last = handler.body[-1]
    return bool(every) and not (isinstance(last, ast.Raise) and last.exc is None)


def test_an_import_inside_a_function_gives_its_reason() -> None:
    files = sorted(file for folder in (*PRODUCT, "tests") for file in (ROOT / folder).rglob("*.py"))

    assert {place for file in files for place in unexplained_imports(file)} == set()


def unexplained_imports(file: Path) -> set[str]:
    """The places of a file where a function imports something without saying why."""
    text = file.read_text(encoding="utf-8")
    lines = text.splitlines()
    return {
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for function in ast.walk(ast.parse(text))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
        if not LOOSE_IMPORT.search(lines[node.lineno - 1])
    }


def test_the_lock_names_no_registry_and_checks_every_file() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^\S+==(?:.*\\\n)*.*", lock, flags=re.MULTILINE)

    assert "://" not in lock
    assert [pin for pin in pins if "--hash=sha256:" not in pin] == []
    assert len(pins) > 50


def test_the_top_level_holds_what_belongs_there() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607 -- any git
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )

    assert {name.split("/")[0] for name in listed.stdout.split("\0") if name} - TOP_LEVEL == set()


@pytest.mark.parametrize("word", ["TO" + "DO", "FIX" + "ME", "XX" + "X"])
def test_nothing_is_left_for_later(word: str) -> None:
    suffixes = {".py", ".toml", ".md"}
    files = (
        file for folder in (*PRODUCT, "tests", "docs") for file in (ROOT / folder).rglob("*") if file.suffix in suffixes
    )

    assert [f for f in files if re.search(rf"\b{word}\b", f.read_text(encoding="utf-8"))] == []


def test_there_is_a_doctor_for_the_tests_to_ask() -> None:
    assert importlib.util.find_spec("workflows.doctor") is not None


def test_the_example_settings_are_the_settings_there_are() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")

    assert re.findall(r"^#(SHENBAO_\w+)=", example, flags=re.MULTILINE) == [
        f"SHENBAO_{name.upper()}" for name in Settings.model_fields
    ]
