"""A file's rows as texts by column: xlsx by what it is, csv in UTF-8 or GB 18030."""

from __future__ import annotations

import csv
import difflib
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any, NamedTuple

from python_calamine import CalamineError, CalamineWorkbook

from models.errors import InputError
from workflows.importing.columns import COLUMNS, named
from workflows.importing.guarding import MOST_ROWS, require_bounded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models.vocabulary import ImportKind

_MOST_BYTES = 30_000_000
_LONGEST_CELL = 4000
_ZIP = b"PK\x03\x04"


class Row(NamedTuple):
    """One row: its number as the file shows it, and what stands in each column."""

    number: int
    given: dict[str, str]


def rows_in(kind: ImportKind, filename: str, content: bytes) -> list[Row]:
    """The rows of a file, empty ones left out.

    Raises InputError: "import_file" for what is neither xlsx nor csv text, "import_too_big",
    "import_too_many", "import_too_wide", "import_empty", "import_column_missing", "import_column" for an
    unknown column (with the nearest known one).
    """
    lines = lines_in(filename, content)
    keys = _header(kind, lines[0])
    found = [Row(i, dict(zip(keys, _padded(line, len(keys)), strict=True))) for i, line in enumerate(lines[1:], 2)]
    rows = [row._replace(given={k: v for k, v in row.given.items() if k}) for row in found if any(row.given.values())]
    if not rows:
        raise InputError("import_empty", field="file", given=filename)
    return rows


def lines_in(filename: str, content: bytes) -> list[list[str]]:
    """A file's lines as texts, its header first. Raises InputError as `rows_in`, of the columns nothing."""
    if len(content) > _MOST_BYTES:
        raise InputError("import_too_big", field="file", size=len(content), most=_MOST_BYTES)
    lines = _workbook(filename, content) if content.startswith(_ZIP) else _text(filename, content)
    if not lines:
        raise InputError("import_empty", field="file", given=filename)
    if len(lines) > MOST_ROWS + 1:
        raise InputError("import_too_many", field="file", count=len(lines) - 1, most=MOST_ROWS)
    return lines


def _workbook(filename: str, content: bytes) -> list[list[str]]:
    require_bounded(filename, content)
    try:
        sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
        return [[_cell(value) for value in line] for line in sheet.to_python(skip_empty_area=False)]
    except (CalamineError, ValueError, OSError) as error:
        raise InputError("import_file", field="file", given=filename) from error


def _text(filename: str, content: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        try:
            return [[_clean(cell) for cell in line] for line in csv.reader(StringIO(text, newline=""), strict=True)]
        except csv.Error as error:
            raise InputError("import_file", field="file", given=filename) from error
    raise InputError("import_file", field="file", given=filename)


def _cell(value: Any) -> str:
    """A cell as it reads: whole numbers without a point, days as days."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _clean(str(value))


def _clean(text: str) -> str:
    return "".join(c for c in text if c.isprintable() or c == "\n").strip()[:_LONGEST_CELL]


def _header(kind: ImportKind, line: Iterable[str]) -> list[str]:
    known, keys = named(kind), []
    for name in line:
        bare = name.strip().rstrip("*").lower()
        if bare and bare not in known:
            near = difflib.get_close_matches(bare, known, n=1)
            raise InputError("import_column", field="file", given=name[:40], near=near[0] if near else None)
        if bare and known[bare] in keys:
            raise InputError("import_column_twice", field="file", given=name[:40])
        keys.append(known.get(bare, ""))
    if missing := [c.zh for c in COLUMNS[kind] if c.required and c.key not in keys]:
        raise InputError("import_column_missing", field="file", given=missing[0], known=missing)
    return keys


def _padded(line: list[str], width: int) -> list[str]:
    return [*line[:width], *[""] * (width - len(line))]
