"""What the doctor answers, and how its statements name states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

if TYPE_CHECKING:
    from enum import StrEnum


class Violation(NamedTuple):
    """A row that breaks an invariant of reliability.md: `name` is a code, `detail` its values."""

    invariant: str
    name: str
    detail: str
    subject: str


class Found(NamedTuple):
    """What most checks ask for: which row, and its values."""

    subject: str
    detail: str


def is_(column: Any, *members: StrEnum) -> sa.ColumnElement[bool]:
    """Whether a column holds one of these, written out so that partial indexes match."""
    values: list[Any] = [sa.literal_column(f"'{member.value}'") for member in members]
    return sa.type_coerce(column, sa.String).in_(values)


def words(*parts: Any) -> sa.ColumnElement[str]:
    """Columns side by side as one text; an empty one shows as `-`."""
    texts = [sa.func.coalesce(sa.cast(part, sa.String), sa.literal_column("'-'")) for part in parts]
    joined: sa.ColumnElement[str] = texts[0]
    for text in texts[1:]:
        joined = joined + sa.literal_column("' '", sa.String) + text
    return joined
