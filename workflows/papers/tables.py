"""Tables as workbooks: every cell is a text, so that nothing typed by anybody is ever a formula."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import xlsxwriter

from models.errors import InputError
from workflows.papers.sheet import clean

if TYPE_CHECKING:
    from workflows.papers.sheet import Sheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDEST, _NARROWEST = 40, 6
_CELL = 32767  # characters; Excel holds no more


def workbook(sheet: Sheet) -> bytes:
    """A paper's list as xlsx: its title, a line of headings, a row a name. The same record gives the same bytes."""
    if sheet.table is None:
        raise InputError("not_a_choice", field="form", given="xlsx", known=["pdf"])
    found = clean(sheet.table)
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": sheet.name, "created": sheet.at.replace(tzinfo=None)})
        page = book.add_worksheet("名单")
        bold = book.add_format({"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter", "align": "center"})
        plain = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter"})
        page.write_string(0, 0, str(clean(sheet.words)["title"]), book.add_format({"bold": True, "font_size": 16}))
        for column, head in enumerate(found["columns"]):
            page.write_string(1, column, head, bold)
            page.set_column(column, column, _width(head, [row[column] for row in found["rows"]]))
        for n, row in enumerate(found["rows"], 2):
            for column, cell in enumerate(row):
                page.write_string(n, column, cell[:_CELL], plain)
        page.freeze_panes(2, 0)
        page.repeat_rows(1)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
    return file.getvalue()


def _width(head: str, cells: list[str]) -> int:
    """A column's width in letters: a Chinese character takes two."""
    longest = max(len(line.encode("gb18030", "replace")) for cell in [head, *cells] for line in cell.split("\n"))
    return max(_NARROWEST, min(_WIDEST, longest + 2))
