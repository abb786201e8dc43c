"""Statements compiled once: one source of SQL for both databases, at the speed of the driver."""

from __future__ import annotations

from collections import namedtuple
from functools import lru_cache, partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql import visitors
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from models.base import table
from models.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sqlalchemy.engine import Dialect
    from sqlmodel import SQLModel

T = TypeVar("T")
Convert = Any  # turns a driver's value into ours or back
_MISSING: Any = object()
# Lengths of ids, codes, receipts, hashes and keys: made by us, checked before, never typed at length.
_OURS = (None, 18, 20, 32, 64, 80)


class Compiled(NamedTuple):
    """One statement as one database wants it."""

    text: str
    names: tuple[str, ...]
    given: dict[str, Any]
    binds: tuple[tuple[str, Convert], ...]
    results: tuple[tuple[int, Convert], ...]

    def arguments(self, values: Mapping[str, Any]) -> Any:
        """The driver's parameters for our values; names the statement lacks are a mistake."""
        merged = {**self.given, **values}
        if len(merged) != len(self.given):
            raise TypeError(sorted(set(values) - set(self.given)))
        for name, convert in self.binds:
            merged[name] = convert(merged[name])
        return [merged[name] for name in self.names] if self.names else merged

    def batch(self, rows: Iterable[Mapping[str, Any]]) -> list[Any]:
        """As `arguments` for each of many rows; what a row shares with the one before it is converted once."""
        pick = itemgetter(*self.names) if len(self.names) > 1 else None
        made: list[Any] = []
        keys: tuple[str, ...] | None = None
        rest: dict[str, Any] = {}
        kept: list[tuple[str, Convert, Any, Any]] = []
        for values in rows:
            if (named := tuple(values)) != keys:
                keys, (rest, kept) = named, self._prepared(values)
            merged = {**rest, **values}
            for i, (name, convert, given, converted) in enumerate(kept):
                if (value := merged[name]) is not given:
                    converted = convert(value)  # noqa: PLW2901 -- and kept for the next row
                    kept[i] = name, convert, value, converted
                merged[name] = converted
            made.append(pick(merged) if pick else [merged[name] for name in self.names] or merged)
        return made

    def _prepared(self, values: Mapping[str, Any]) -> tuple[dict[str, Any], list[tuple[str, Convert, Any, Any]]]:
        """What a row without these values holds, converted, and how the values are."""
        if unknown := values.keys() - self.given.keys():
            raise TypeError(sorted(unknown))
        rest = dict(self.given)
        for name, convert in self.binds:
            if name not in values:
                rest[name] = convert(rest[name])
        # The first row is not what this one before it was: nothing is kept yet.
        return rest, [(name, convert, _MISSING, None) for name, convert in self.binds if name in values]


class Sql(Generic[T]):
    """A Core statement that remembers its compiled form and gives rows as light named tuples.

    `into` is the model whose columns a select returns (its rows then carry the model's field
    names and are typed as the model), or a NamedTuple class of one's own. Rows are tuples, so
    nothing can be changed behind the journal's back.
    """

    def __init__(self, statement: Any, into: type[T] | None = None) -> None:
        self.statement = statement
        self._compiled: dict[str, Compiled] = {}
        self._make = _maker(_columns(statement), into)

    def on(self, dialect: Dialect) -> Compiled:
        """The statement in the words of this database."""
        if (known := self._compiled.get(dialect.name)) is None:
            known = self._compiled[dialect.name] = _compile(self.statement, dialect)
        return known

    def rows(self, compiled: Compiled, fetched: Iterable[Any]) -> list[T]:
        """The driver's rows as ours."""
        make = self._make
        if not compiled.results:
            return [make(row) for row in fetched]
        return [make(_converted(row, compiled.results)) for row in fetched]


def bind(name: str, column: Any) -> sa.BindParameter[Any]:
    """A named parameter that converts as the column does; one left out is refused by the driver."""
    return sa.bindparam(name, value=_MISSING, type_=column.type)


def empty(column: Any) -> Any:
    """`column IS NULL` in words that no partial index has: for statements that reach their few rows by another one.

    PostgreSQL takes an index of all that waits for a short one until it counts anew, and walks it from end to end
    for every row, right after thousands were written.
    """
    return sa.func.coalesce(column, column).is_(None)


def insert_into(model: type[SQLModel], *, ignore: bool = False) -> Sql[None]:
    """INSERT of one row: columns left out take their model's plain default, or NULL.

    `ignore=True` skips a row whose key is there already (ON CONFLICT DO NOTHING).
    """
    columns = table(model).c
    values = {c.key: sa.bindparam(c.key, value=_plain(c), type_=c.type) for c in columns}
    # SQLite's compiler reads PostgreSQL's clause: the two spell it the same way.
    statement = postgresql.insert(table(model)).values(values)
    return Sql(statement.on_conflict_do_nothing() if ignore else statement)


def update_of(model: type[SQLModel], *names: str, where: Iterable[str] = ("id",)) -> Sql[None]:
    """UPDATE of the named columns; the condition's parameters are called `old_<column>`."""
    columns = table(model).c
    clauses = [columns[n] == bind(f"old_{n}", columns[n]) for n in where]
    return Sql(sa.update(table(model)).where(*clauses).values({n: bind(n, columns[n]) for n in names}))


def rows_of(model: type[T], *clauses: Any, order: Iterable[Any] = (), lock: bool = False) -> Sql[T]:
    """SELECT of all columns of a model; `lock` holds the rows until the transaction ends.

    Held against whoever would change them, not against new rows that refer to them: two who hold a row
    each may both write of the other's.
    """
    columns = table(cast("type[SQLModel]", model))
    statement = sa.select(columns).where(*clauses).order_by(*order)
    return Sql(statement.with_for_update(key_share=True) if lock else statement, model)


def row_from(model: type[T], values: Mapping[str, Any]) -> T:
    """A row as the store would read it, from the columns just inserted."""
    columns = table(cast("type[SQLModel]", model)).c
    make = _maker(list(columns), model)
    return cast("T", make([values.get(c.key, _plain(c)) for c in columns]))


def _plain(column: sa.Column[Any]) -> Any:
    """A column's default as a value: plain ones as they are, a factory's by calling it."""
    default = column.default
    if isinstance(default, sa.ColumnDefault):
        return default.arg(None) if default.is_callable else default.arg
    return None


def _columns(statement: Any) -> list[Any]:
    """What a statement answers: the columns of a select, or of RETURNING."""
    if isinstance(statement, sa.Select | sa.CompoundSelect):
        return list(statement.selected_columns)
    return list(statement.exported_columns) if getattr(statement, "_returning", ()) else []


def _maker(columns: list[Any], into: Any) -> Callable[[Any], Any]:
    if hasattr(into, "_make"):
        return cast("Callable[[Any], Any]", into._make)
    if into is None and len(columns) == 1:
        return itemgetter(0)
    name = into.__name__ if into is not None else "Row"
    # Field names come from the table, so the class cannot be written out.
    rows: Any = namedtuple  # noqa: PYI024
    return cast("Callable[[Any], Any]", rows(name, [c.key for c in columns])._make)


def _converted(row: Any, results: tuple[tuple[int, Convert], ...]) -> list[Any]:
    values = list(row)
    for index, convert in results:
        values[index] = convert(values[index])
    return values


def _binder(kind: Any, dialect: Dialect) -> Convert:
    """How a value of a type is handed to the driver. A batch repeats few moments: they are kept."""
    convert = kind.dialect_impl(dialect).bind_processor(dialect)
    return lru_cache(maxsize=64)(convert) if isinstance(kind, UTCDateTime) else convert


def _within(name: str, most: int, value: Any) -> Any:
    """A text that fits its column, on SQLite too, which keeps any length. Raises InputError."""
    if isinstance(value, str) and len(value) > most:
        raise InputError("too_long", field=name, length=len(value), most=most)
    return value


def _limits(statement: Any) -> dict[str, Convert]:
    """A check for each text that a change writes; what it only looks for may have any length."""
    if not isinstance(statement, sa.Insert | sa.Update):
        return {}
    where = statement.whereclause if isinstance(statement, sa.Update) else None
    sought = {id(part) for part in visitors.iterate(where)}
    return {
        part.key: partial(_within, part.key, part.type.length)
        for part in visitors.iterate(statement)
        if isinstance(part, sa.BindParameter) and id(part) not in sought
        if isinstance(part.type, AutoString) and part.type.length not in _OURS
    }


def _reader(kind: Any, dialect: Dialect) -> Convert:
    """How a driver's value becomes ours. A list repeats few moments, which SQLite writes out: they are kept."""
    convert = kind.dialect_impl(dialect).result_processor(dialect, None)
    return lru_cache(maxsize=64)(convert) if isinstance(kind, UTCDateTime) and dialect.name == "sqlite" else convert


def _compile(statement: Any, dialect: Dialect) -> Compiled:
    # IN lists of constants are written out now; lists that vary are not used here.
    done = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    given = dict(done.params)
    # By name: a parameter used twice is one value, converted once.
    limits = _limits(statement)
    binds = {
        name: limits.get(name) or _binder(bind.type, dialect) for bind, name in done.bind_names.items() if name in given
    }
    results = [(i, _reader(c.type, dialect)) for i, c in enumerate(_columns(statement))]
    return Compiled(
        text=str(done),
        names=tuple(done.positiontup or ()),
        given=given,
        binds=tuple((name, convert) for name, convert in binds.items() if convert is not None),
        results=tuple((i, convert) for i, convert in results if convert is not None),
    )
