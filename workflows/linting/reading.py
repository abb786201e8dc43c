"""The text of a file, whatever its bytes: read, or the one thing said that stands in the way."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from workflows.linting.finding import Raw, error

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflows.linting.finding import Path

LARGEST = 300_000  # bytes; the longest programme that was ever written down has a tenth of it
DEEPEST = 12  # parts of a dotted key, tables inside tables
GREATEST = 10**12
_WORD = re.compile(r"""[^\s\[\]{}=,.#"']+|"[^"\n]*"|'[^'\n]*'|\.|\n|[^\s]""")
_LINE = re.compile(r"\(at line (\d+)")
_BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# The first words of tomllib's own messages, and ours for them.
_REASONS = {
    "Cannot overwrite": "duplicate_key",
    "Cannot declare": "duplicate_key",
    "Cannot mutate": "duplicate_key",
    "Cannot redefine": "duplicate_key",
    "Cannot define": "duplicate_key",
    "Duplicate inline table key": "duplicate_key",
    "Expected '='": "toml_equals",
    "Invalid value": "toml_value",
    "Unclosed": "toml_unclosed",
    "Unterminated": "toml_unclosed",
    r"Illegal character '\n'": "toml_unclosed",
    "Expected newline or end": "toml_one_a_line",
    "Invalid statement": "toml_statement",
    "Invalid date": "toml_date",
}


def text_of(data: bytes) -> tuple[str, int, Raw | None]:
    """The text of a file, with the line and finding when there is none to be had."""
    if len(data) > LARGEST:
        return "", 1, error((), "file_too_big", size=len(data), most=LARGEST)
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n"), 1, None
    except UnicodeDecodeError as found:
        line = data[: found.start].count(b"\n") + 1
        return "", line, error((), "not_utf8", byte=found.start + 1)


def content_of(text: str) -> tuple[dict[str, Any], int, Raw | None]:
    """The content of a TOML text, with the line and finding when it is none."""
    if (line := _too_deep(text)) is not None:
        return {}, line, error((), "too_deep", most=DEEPEST)
    try:
        return tomllib.loads(text), 1, None
    except RecursionError:
        return {}, 1, error((), "too_deep", most=DEEPEST)
    except tomllib.TOMLDecodeError as found:
        return {}, *_syntax(text, str(found))
    except ValueError:  # a number of more digits than Python reads
        return {}, 1, error((), "number_too_big", most=GREATEST)


def _syntax(text: str, said: str) -> tuple[int, Raw]:
    place = _LINE.search(said)
    line = int(place[1]) if place else text.count("\n") + 1
    for begin, code in _REASONS.items():
        if said.startswith(begin):
            return line, error((), code)
    return line, error((), "toml_syntax", why=said.split(" (at ", maxsplit=1)[0])


def _too_deep(text: str) -> int | None:
    """The line of a key with more parts than any programme has: reading it would take for ever."""
    line, parts, after_dot = 1, 0, False
    for found in _WORD.finditer(text):
        match found[0]:
            case "\n":
                line, parts, after_dot = line + 1, 0, False
            case ".":
                after_dot = True
            case _:
                parts, after_dot = parts + 1 if after_dot else 1, False
        if parts > DEEPEST:
            return line
    return None


def unkeepable(content: Mapping[str, Any]) -> Iterator[Raw]:
    """Texts and numbers that no database keeps: control characters, numbers beyond all use."""
    left: list[tuple[Path, Any, int]] = [((), content, 0)]
    while left:
        path, value, depth = left.pop()
        if depth > DEEPEST:
            yield error(path, "too_deep", most=DEEPEST)
        elif isinstance(value, dict):
            yield from (error((*path, key), "character_bad") for key in value if _BAD.search(key))
            left += [((*path, key), inner, depth + 1) for key, inner in value.items()]
        elif isinstance(value, list):
            left += [((*path, n), inner, depth + 1) for n, inner in enumerate(value)]
        elif isinstance(value, str) and _BAD.search(value):
            yield error(path, "character_bad")
        elif isinstance(value, int | float) and abs(value) > GREATEST:
            yield error(path, "number_too_big", most=GREATEST)
