"""On which line of a TOML text each key stands: a small scanner of its own, for tomllib keeps no lines."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workflows.linting.finding import Path

_TOKEN = re.compile(
    r'''
    (?P<comment>\#[^\n]*)
    | (?P<long>"""(?:[^\\]|\\.)*?"{3,5} | \'\'\'.*?\'{3,5})
    | (?P<string>"(?:[^"\\\n]|\\.)*" | '[^'\n]*')
    | (?P<newline>\n)
    | (?P<mark>[\[\]{}=,.])
    | (?P<bare>[^\s\[\]{}=,.#"']+)
    ''',
    re.VERBOSE | re.DOTALL,
)
_SKIPPED = {"comment"}


def lines_of(text: str) -> dict[Path, int]:
    """The line (from 1) of every table, key and list item of a valid TOML text, by its path."""
    scanner, line = _Scanner(), 1
    for token in _TOKEN.finditer(text):
        # What is skipped between two tokens holds no line end: those are tokens themselves.
        if token.lastgroup not in _SKIPPED:
            scanner.feed(str(token.lastgroup), token[0], line)
        line += token[0].count("\n")
    return scanner.at


def line_at(at: dict[Path, int], path: Path) -> int:
    """The line of a key, or of the nearest thing around it that is written down."""
    while path and path not in at:
        path = path[:-1]
    return at.get(path, 1)


class _Scanner:
    """Keeps the path it is at: the table's header, then the lists and inline tables it is inside of."""

    def __init__(self) -> None:
        self.at: dict[Path, int] = {(): 1}
        self.mode = "key"
        self.header: Path = ()
        self.path: Path = ()
        self.parts: list[str] = []
        self.frames: list[tuple[str, Path]] = []
        self.indexes: list[int] = []
        self.tables: dict[Path, int] = {}
        self.is_list = False

    def feed(self, kind: str, raw: str, line: int) -> None:
        """Take the next token."""
        if kind == "newline":
            if not self.frames:
                self.mode, self.parts = "key", []
        elif self.mode == "key":
            self._key(kind, raw, line)
        elif self.mode == "header":
            self._header(kind, raw, line)
        elif self.mode == "value":
            self._value(kind, raw, line)

    def _key(self, kind: str, raw: str, line: int) -> None:
        if raw == "[" and kind == "mark" and not self.frames:
            self.mode, self.parts, self.is_list = "header", [], False
        elif raw == "=" and kind == "mark":
            base = self.frames[-1][1] if self.frames else self.header
            self.path = self._resolved(base, self.parts, line)
            self.mode, self.parts = "value", []
        elif raw == "}" and kind == "mark":
            self._close()
        elif kind != "mark":
            self.parts.append(_name(kind, raw))

    def _header(self, kind: str, raw: str, line: int) -> None:
        if raw == "[" and kind == "mark":
            self.is_list = True
        elif raw == "]" and kind == "mark":
            self.mode = "done"
            if self.is_list:
                whole = self._resolved((), self.parts[:-1], line) + tuple(self.parts[-1:])
                self.tables[whole] = self.tables.get(whole, -1) + 1
                self.header = (*whole, self.tables[whole])
                self.at.setdefault(whole, line)
            else:
                self.header = self._resolved((), self.parts, line)
            self.at[self.header] = line
        elif kind != "mark":
            self.parts.append(_name(kind, raw))

    def _value(self, kind: str, raw: str, line: int) -> None:
        inside = self.frames[-1][0] if self.frames else ""
        mark = raw if kind == "mark" else ""
        if mark in ("]", "}"):
            self._close()
        elif mark == ",":
            if inside == "[":
                self.indexes[-1] += 1
            elif inside == "{":
                self.mode = "key"
        elif mark != ".":
            if inside == "[":
                self.path = (*self.frames[-1][1], self.indexes[-1])
                self.at.setdefault(self.path, line)
            if mark in ("[", "{"):
                self.frames.append((mark, self.path))
                self.indexes.append(0)
                self.mode = "value" if mark == "[" else "key"

    def _close(self) -> None:
        if self.frames:
            self.frames.pop()
            self.indexes.pop()
        self.mode, self.parts = "value", []

    def _resolved(self, base: Path, parts: list[str], line: int) -> Path:
        """The path of a dotted key; a list of tables on the way stands for its last table."""
        path = base
        for part in parts:
            path = (*path, part)
            self.at.setdefault(path, line)
            if path in self.tables:
                path = (*path, self.tables[path])
        return path


def _name(kind: str, raw: str) -> str:
    """A key without its quotes."""
    if kind != "string":
        return raw
    try:
        return str(json.loads(raw)) if raw[0] == '"' else raw[1:-1]
    except ValueError:  # an escape that TOML knows and JSON does not
        return raw[1:-1]
