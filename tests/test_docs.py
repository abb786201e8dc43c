"""The papers say what the product does: what they list is what there is."""

import re
from pathlib import Path

from models.labels import LABELS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
ROW = re.compile(r"^\| (.+) \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)


def glossary() -> list[tuple[str, ...]]:
    """The rows of the glossary: Chinese, English, where in the code, meaning."""
    rows: list[tuple[str, ...]] = ROW.findall((DOCS / "glossary.md").read_text(encoding="utf-8"))
    return rows[1:]


def test_the_glossary_lists_every_word_of_the_vocabulary_under_its_label() -> None:
    listed = {where: (zh, en) for zh, en, where, _ in glossary()}
    words = {f"`{kind.__name__}.{word.name}`": LABELS[kind][word] for kind in LABELS for word in kind}

    assert {where: listed.get(where) for where in words} == words


def test_the_glossary_names_nothing_that_is_not_there() -> None:
    kinds = {kind.__name__: kind for kind in LABELS}
    named = [where.strip("`").split(".") for *_, where, _ in glossary() if "/" not in where]
    unknown = [".".join(parts) for parts in named if parts[0] in kinds and parts[1] not in kinds[parts[0]].__members__]
    files = [where.strip("`") for *_, where, _ in glossary() if "/" in where]

    assert unknown == []
    assert [file for file in files if not (ROOT / file).is_file()] == []


def test_every_row_of_the_glossary_is_full_and_said_once() -> None:
    rows = glossary()

    assert len({where for *_, where, _ in rows}) == len(rows)
    assert [row for row in rows if not all(cell.strip() for cell in row)] == []


def test_decisions_are_numbered_and_named() -> None:
    notes = sorted((DOCS / "decisions").glob("*.md"))
    numbers = [note.name[:4] for note in notes]

    assert numbers == sorted(set(numbers))
    assert [n.name for n in notes if not re.match(rf"# {n.name[:4]} \w", n.read_text("utf-8"))] == []
