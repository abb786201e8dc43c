"""The cells of an exported list: what a column says of a row, and what keeps a cell from being a formula."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from models.text import label
from models.writing import day, moment, yuan

Said = Callable[[Any, str], str]
# A spreadsheet takes a text for a formula by its first character; the full-width ones in Chinese editions.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe before whatever would begin one."""
    return f"'{cell}" if cell.startswith(_FORMULAS) else cell


class Column(NamedTuple):
    """One column: its heading in both languages, and how a row's cell is said in a language."""

    zh: str
    en: str
    said: Said


class Listing(NamedTuple):
    """A list that can be exported: the arguments it needs and takes, its columns, its rows as the asker may see them.

    `rows` raises ForbiddenError or NotFoundError for what is not the asker's.
    """

    needs: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: Callable[..., Iterator[Any]]
    takes: tuple[str, ...] = ()


def text(zh: str, en: str, name: str) -> Column:
    """A column of what a row says as it stands."""
    return Column(zh, en, lambda row, _: "" if (value := getattr(row, name)) is None else str(value))


def word(zh: str, en: str, name: str) -> Column:
    """A column of words of the trade."""
    return Column(zh, en, lambda row, language: "" if (v := getattr(row, name)) in (None, "") else label(v, language))


def when(zh: str, en: str, name: str) -> Column:
    """A column of days or moments (Beijing time)."""
    return Column(zh, en, lambda row, language: _when(getattr(row, name), language))


def fen(zh: str, en: str, name: str) -> Column:
    """A column of sums kept in fen, in yuan."""
    return Column(zh, en, lambda row, _: yuan(getattr(row, name)).replace("¥", ""))


def points(zh: str, en: str, name: str) -> Column:
    """A column of scores kept in hundredths of a point."""
    return Column(zh, en, lambda row, _: "" if (n := getattr(row, name)) is None else f"{n // 100}.{n % 100:02d}")


def _when(value: datetime | date | None, language: str) -> str:
    if value is None:
        return ""
    return moment(value, language) if isinstance(value, datetime) else day(value, language)
