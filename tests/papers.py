"""What printed papers say: the text of a PDF, and the rows of a workbook."""

from io import BytesIO
from typing import Any

from pypdf import PdfReader
from python_calamine import CalamineWorkbook


def said(content: bytes) -> str:
    """The whole text of a PDF, its lines joined and its spaces left out: lines break where they please."""
    pages = PdfReader(BytesIO(content)).pages
    return "".join("".join(page.extract_text() for page in pages).split()).replace("　", "")


def rows(content: bytes) -> list[list[Any]]:
    """The rows of a workbook's only sheet."""
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return book.get_sheet_by_index(0).to_python()
