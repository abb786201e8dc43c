"""PDF files as they are uploaded. Its parser takes 14 MB, and is imported with the first one."""

from __future__ import annotations

import logging
from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from models.errors import InputError

# Its complaints quote the file, and what people upload is not for the log.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def pages(content: bytes) -> int:
    """How many pages a PDF has; every one of them is read, so the number is no claim of the file's.

    Raises InputError("file_broken"), ValueError, and whatever else its parser makes of damaged bytes.
    """
    if b"%%EOF" not in content[-2048:]:
        raise ValueError("truncated")
    try:
        return _read(content)
    except PyPdfError as error:
        raise InputError("file_broken", kind="pdf", reason=type(error).__name__) from error


def _read(content: bytes) -> int:
    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted or not reader.pages:
        raise ValueError("unreadable")
    count = 0
    for page in reader.pages:
        page.mediabox  # noqa: B018 -- makes the page be read
        count += 1
    return count
