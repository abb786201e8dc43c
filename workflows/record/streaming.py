"""Reading a whole table row by row, at one moment, in little memory."""

from __future__ import annotations

from contextlib import closing, contextmanager
from itertools import count
from typing import TYPE_CHECKING, TypeVar

import sqlalchemy as sa

from models.database import reading
from models.sql import Sql

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from models.database import Store
    from models.sql import Compiled

T = TypeVar("T")
_AT_ONCE = 1000
_names = count(1)
_ONE_MOMENT: Sql[None] = Sql(sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))


@contextmanager
def snapshot() -> Iterator[Store]:
    """A reading in which every statement sees the same moment, on PostgreSQL as well."""
    with reading(alone=True) as store:
        if store.dialect.name == "postgresql":
            store.run(_ONE_MOMENT)
        yield store


def stream(store: Store, sql: Sql[T], **values: Any) -> Iterator[T]:
    """The rows of a select one after the other; only a thousand are held at a time."""
    for compiled, fetched in _fetched(store, sql, values):
        yield from sql.rows(compiled, fetched)


def stream_as_is(store: Store, sql: Sql[T], **values: Any) -> Iterator[tuple[T | None, Any]]:
    """Each row as ours and as the driver gave it; None for one that our types cannot hold."""
    for compiled, fetched in _fetched(store, sql, values):
        for raw in fetched:
            try:
                row = sql.rows(compiled, (raw,))[0]
            except (ValueError, LookupError, TypeError, AttributeError):
                yield None, raw
            else:
                yield row, raw


def _fetched(store: Store, sql: Sql[Any], values: dict[str, Any]) -> Iterator[tuple[Compiled, Sequence[Any]]]:
    compiled = sql.on(store.dialect)
    # PostgreSQL sends the whole answer at once unless the cursor has a name.
    name = {"name": f"stream_{next(_names)}"} if store.dialect.name == "postgresql" else {}
    with store.translated(), closing(store.connection.cursor(**name)) as cursor:
        cursor.execute(compiled.text, compiled.arguments(values))
        while fetched := cursor.fetchmany(_AT_ONCE):
            yield compiled, fetched
