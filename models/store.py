"""The store: one open transaction that runs statements, and the driver's troubles in our words."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast

import sqlalchemy as sa

from models.errors import BrokenError, ConflictError, ShenbaoError
from models.troubles import trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from models.sql import Compiled, Sql

T = TypeVar("T")
_LONG_BATCH = 20


class DuplicateError(ConflictError):
    """A unique rule of the schema refused a row; `details["unique"]` names the rule."""


class Store:
    """One open transaction: runs statements, and knows the moment it happens at."""

    def __init__(self, connection: Any, dialect: sa.Dialect, now: datetime) -> None:
        self.now = now
        self.dialect = dialect
        self.connection = connection
        self._cursor = connection.cursor()
        # What was inserted, `(table, row)` each; kept in a dry run only.
        self.written: list[tuple[str, Mapping[str, Any]]] | None = None
        # What questions that share a view keep for each other (`database.viewing`); nothing anywhere else.
        self.memory: dict[tuple[Any, ...], Any] | None = None

    def once(self, name: tuple[Any, ...], find: Callable[[], T]) -> T:
        """What `find` finds; questions that share a view let it find only once what has this name."""
        if self.memory is None:
            return find()
        if name not in self.memory:
            self.memory[name] = find()
        return cast("T", self.memory[name])

    def begin(self, words: str) -> None:
        """Open the transaction, on a database whose driver does not by itself."""
        self._cursor.execute(words)

    def run(self, sql: Sql[Any], **values: Any) -> int:
        """Run a statement that changes rows; answers how many."""
        self._witness(sql, (values,))
        return self._execute(sql.on(self.dialect), values)

    def run_many(self, sql: Sql[Any], rows: Iterable[Mapping[str, Any]]) -> int:
        """Run a statement once for each row, in one batch; answers how many rows changed."""
        compiled = sql.on(self.dialect)
        given = list(rows)
        self._witness(sql, given)
        batch = compiled.batch(given)
        if not batch:
            return 0
        with self.translated(), self._generic_plans(len(batch)):
            self._cursor.executemany(compiled.text, batch)
            return int(self._cursor.rowcount)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What fails in here is undone, and the transaction around it goes on."""
        with self.translated():
            self._cursor.execute("SAVEPOINT here")
        try:
            yield
        except BaseException:
            with self.translated():
                self._cursor.execute("ROLLBACK TO SAVEPOINT here")
            raise
        finally:
            with self.translated():
                self._cursor.execute("RELEASE SAVEPOINT here")

    def _witness(self, sql: Sql[Any], rows: Iterable[Mapping[str, Any]]) -> None:
        if self.written is not None and isinstance(sql.statement, sa.Insert):
            self.written += [(str(sql.statement.table), row) for row in rows]

    @contextmanager
    def _generic_plans(self, rows: int) -> Iterator[None]:
        """PostgreSQL plans a long batch once instead of once a row: it reaches rows by their key."""
        if self.dialect.name != "postgresql" or rows < _LONG_BATCH:
            yield
            return
        self.connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        yield
        self.connection.execute("SET LOCAL plan_cache_mode = force_custom_plan")

    def all(self, sql: Sql[T], **values: Any) -> list[T]:
        """All rows of a select, or of what a change returns."""
        compiled = sql.on(self.dialect)
        self._execute(compiled, values)
        return sql.rows(compiled, self._cursor.fetchall())

    def first(self, sql: Sql[T], **values: Any) -> T | None:
        """The first row, or None."""
        compiled = sql.on(self.dialect)
        self._execute(compiled, values)
        row = self._cursor.fetchone()
        return None if row is None else sql.rows(compiled, (row,))[0]

    def _execute(self, compiled: Compiled, values: Mapping[str, Any]) -> int:
        with self.translated():
            self._cursor.execute(compiled.text, compiled.arguments(values))
        return int(self._cursor.rowcount)

    @contextmanager
    def translated(self) -> Iterator[None]:
        """What the driver raises in here comes out as ours; for whoever asks it directly."""
        try:
            yield
        except self.dialect.loaded_dbapi.Error as error:
            raise _told(error) from error


def _told(error: Exception) -> ShenbaoError:
    """A driver's error in our words."""
    text = str(error)
    if (unique := _unique(error, text)) is not None:
        return DuplicateError("duplicate", unique=unique)
    if (busy := trouble(error)) is not None:
        return busy
    return BrokenError("database", reason=text.splitlines()[0] if text else type(error).__name__)


def _unique(error: Exception, text: str) -> str | None:
    if (name := getattr(getattr(error, "diag", None), "constraint_name", None)) is not None:
        return str(name) if getattr(error, "sqlstate", "") == "23505" else None
    if not text.startswith("UNIQUE constraint failed: "):
        return None
    columns = text.removeprefix("UNIQUE constraint failed: ").split(", ")
    return "_".join(["uq", columns[0].split(".")[0], *(c.split(".")[1] for c in columns)])
