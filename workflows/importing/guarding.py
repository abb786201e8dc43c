"""What is looked at in a workbook before it is opened: how large it becomes, and how far its cells reach."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from io import BytesIO
from typing import Any
from xml.parsers import expat

from models.errors import InputError

MOST_ROWS = 200_000
_MOST_COLUMNS = 200
_MOST_INFLATED = 200_000_000
# A local header is 30 bytes; the lengths of the name and the extra field, which follow it, stand last.
_LOCAL, _LENGTHS = 30, "<26xHH"
_OTHER = re.compile(r"content\.xml|xl/workbook\.bin", re.IGNORECASE)
_CELL = re.compile(r"\$?([A-Z]*)\$?(\d*)", re.IGNORECASE)
_PLACED = {"c": "r", "row": "r", "dimension": "ref"}


def require_bounded(filename: str, content: bytes) -> None:
    """Refuse a workbook that would fill the memory when it is opened.

    Opening one makes room for every cell up to the last that is named, and inflates 1 byte to 1,000.
    Raises InputError: "import_file" for what is no xlsx, "import_too_big" beyond 200 MB inflated,
    "import_too_many" rows, "import_too_wide" beyond 200 columns.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            entries = parts.infolist()
        if any(_OTHER.fullmatch(entry.filename) for entry in entries):
            raise InputError("import_file", field="file", given=filename)
        _require_small(sum(entry.file_size for entry in entries))
        left = _MOST_INFLATED
        for entry in entries:
            data = _inflated(content, entry, left)
            left -= len(data)
            _require_small(_MOST_INFLATED - left)
            if b"sheetData" in data:
                _require_near(data)
    except (zipfile.BadZipFile, zlib.error, struct.error, expat.ExpatError, ValueError, NotImplementedError) as error:
        raise InputError("import_file", field="file", given=filename) from error


def _require_small(size: int) -> None:
    if size > _MOST_INFLATED:
        raise InputError("import_too_big", field="file", size=size, most=_MOST_INFLATED)


def _inflated(content: bytes, entry: zipfile.ZipInfo, left: int) -> bytes:
    """A part as it truly is, as far as one byte too many: the size that the directory tells may be a lie."""
    start = entry.header_offset + _LOCAL + sum(struct.unpack_from(_LENGTHS, content, entry.header_offset))
    raw = content[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        return raw
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise zipfile.BadZipFile(entry.compress_type)
    return zlib.decompressobj(-zlib.MAX_WBITS).decompress(raw, left + 1)


def _require_near(sheet: bytes) -> None:
    """Refuse a sheet that names a cell too far down or too far to the right."""

    def begun(name: str, given: dict[str, Any]) -> None:
        place = given.get(_PLACED.get(name.rpartition(":")[2], ""), "")
        found = _CELL.fullmatch(place.rpartition(":")[2])
        if found is None:
            return
        row, column = int(found[2] or 0), _column(found[1])
        if row > MOST_ROWS + 1:
            raise InputError("import_too_many", field="file", count=row - 1, most=MOST_ROWS)
        if column > _MOST_COLUMNS:
            raise InputError("import_too_wide", field="file", count=column, most=_MOST_COLUMNS)

    reader = expat.ParserCreate()
    reader.StartElementHandler = begun
    reader.Parse(sheet, True)  # noqa: FBT003 -- takes no names


def _column(letters: str) -> int:
    """The number of a column by its letters: A is 1, XFD 16,384."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
