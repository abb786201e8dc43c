"""What every paper is made of: a template's name, its words, and the moment that dates the file."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

Said = dict[str, Any]
_LINE = 20  # characters of a title in a line


class Paper(NamedTuple):
    """A file to hand out."""

    name: str
    media_type: str
    content: bytes


class Sheet(NamedTuple):
    """A paper in words, before it is set.

    `words` is what the template reads. `at` dates the file: a moment of the record, so that the same record gives the
    same bytes. `table` is its list, for the workbook.
    """

    template: str
    name: str
    at: datetime
    words: Said
    table: Said | None = None


def table_of(columns: Sequence[str], rows: Sequence[Sequence[str]], label: str = "") -> Said:
    """A table as templates and workbooks read it: `label` above it, a line of headings, rows of text."""
    return {"label": label, "columns": list(columns), "rows": [list(row) for row in rows]}


def field(label: str, value: str, *, wide: bool = False) -> Said:
    """One line of a form: what is asked, and the answer; `wide` asks for the whole width."""
    return {"label": label, "value": value, "wide": wide}


def titled(first: str, second: str) -> str:
    """A title on one line, or broken where its sense allows if it is longer than a line of the page."""
    return first + ("\n" if len(first + second) > _LINE else "") + second


def noon(on: date) -> datetime:
    """A day of the record as a moment, for dating a file."""
    return datetime(on.year, on.month, on.day, 4, tzinfo=UTC)


def clean(value: Any) -> Any:
    """Words without what nobody can see: control and direction characters become nothing, lines stay."""
    if isinstance(value, str):
        return "".join(c for c in value.replace("\t", " ").replace("\r", "") if c == "\n" or _seen(c))
    if isinstance(value, dict):
        return {key: clean(one) for key, one in value.items()}
    return [clean(one) for one in value] if isinstance(value, list | tuple) else value


def _seen(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")
