"""Any list as a file to take home: csv or xlsx, row by row, in little memory, and never a formula."""

from __future__ import annotations

import csv
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, BinaryIO

import xlsxwriter

from models.errors import InputError, RefusedError
from workflows.papers.tables import XLSX
from workflows.queries.exports import LISTINGS
from workflows.record.acting import refreshed
from workflows.record.streaming import snapshot
from workflows.rules.cells import guarded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from workflows.record.acting import Actor
    from workflows.rules.cells import Column, Listing

FORMS = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX}
_SHEET_ROWS = 1_048_576
_CELL = 32767  # characters; Excel holds no more
_WIDTH = 18


def export(actor: Actor, name: str, file: Path, arguments: Mapping[str, str], *, language: str = "zh") -> int:
    """Write a list into a `.csv` or `.xlsx` file; answers how many rows.

    `name` is one of `LISTINGS`, `arguments` are what it needs. The list holds what the actor sees on the pages, of one
    moment, headings and words in `language`. Raises InputError("export_list", "export_form", "export_argument"),
    ForbiddenError or NotFoundError for what is not the actor's, RefusedError("too_many_rows") beyond one Excel sheet.
    """
    listing = _listing(name)
    form = form_of(file.suffix.removeprefix("."))
    given = _read(name, listing, arguments)
    with snapshot() as store:
        rows = listing.rows(store, refreshed(store, actor), **given)
        cells = _cells(listing.columns, rows, language)
        heads = [column.en if language == "en" else column.zh for column in listing.columns]
        with _whole(file) as opened:
            return _WRITERS[form](opened, heads, cells)


def form_of(given: str) -> str:
    """The kind of file, from its ending. Raises InputError("export_form")."""
    if given.casefold() not in FORMS:
        raise InputError("export_form", field="form", given=given[:20])
    return given.casefold()


def _listing(name: str) -> Listing:
    if name not in LISTINGS:
        raise InputError("export_list", field="list", given=name[:60], known=sorted(LISTINGS))
    return LISTINGS[name]


def _read(name: str, listing: Listing, arguments: Mapping[str, str]) -> dict[str, Any]:
    """The arguments a list needs, all of them, and of others only what it takes; a year is a number."""
    wrong = (set(arguments) - set(listing.takes)) ^ set(listing.needs)
    year = arguments.get("year", "")
    if wrong or (year and not (year.isascii() and year.isdigit())):
        given = ", ".join(f"{key}={value}"[:40] for key, value in arguments.items())
        raise InputError("export_argument", field=min(wrong, default="year"), list=name, known=list(listing.needs),
                         given=given)  # fmt: skip
    return {key: int(value) if key == "year" else value for key, value in arguments.items()}


def _cells(columns: Sequence[Column], rows: Iterable[Any], language: str) -> Iterator[list[str]]:
    said = [column.said for column in columns]
    for row in rows:
        yield [say(row, language) for say in said]


def _csv(file: BinaryIO, heads: list[str], rows: Iterable[list[str]]) -> int:
    """UTF-8 with the mark that Excel needs to see it is UTF-8."""
    n = 0
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="")
    lines = csv.writer(text)
    lines.writerow(heads)
    for row in rows:
        lines.writerow(map(guarded, row))
        n += 1
    text.detach()
    return n


def _xlsx(file: BinaryIO, heads: list[str], rows: Iterable[list[str]]) -> int:
    """Row by row: what was written is kept in a file, not in memory. Every cell is a text."""
    n = 0
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        page, bold = book.add_worksheet(), book.add_format({"bold": True})
        page.set_column(0, len(heads) - 1, _WIDTH)
        page.freeze_panes(1, 0)
        for column, head in enumerate(heads):
            page.write_string(0, column, head, bold)
        write = page.write_string
        for n, row in enumerate(rows, 1):
            if n >= _SHEET_ROWS:
                raise RefusedError("too_many_rows", n=_SHEET_ROWS)
            for column, cell in enumerate(row):
                write(n, column, cell[:_CELL])
    return n


@contextmanager
def _whole(file: Path) -> Iterator[BinaryIO]:
    """A file that is there whole or not at all: what stood at its place stays until it is. Raises InputError."""
    part = file.with_name(f".{file.name}.part")
    try:
        with part.open("wb") as opened:
            yield opened
        part.replace(file)
    except OSError as error:
        raise InputError("file_unwritable", field="file", given=str(file)[-60:]) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


_WRITERS: dict[str, Callable[[BinaryIO, list[str], Iterable[list[str]]], int]] = {"csv": _csv, "xlsx": _xlsx}
