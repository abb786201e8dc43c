"""Many cases out of few: an application and all that hangs on it, copied inside the database as often as needed.

The copies' chains of hashes do not hold: they are for counting and timing, and no doctor looks at them.
"""

from __future__ import annotations

import sqlalchemy as sa

from models.base import metadata
from models.database import engine
from workflows.record import indexing

# What is copied of a case, and by which column it belongs to it; a title's own things come after it.
_OF_CASE = (
    ("application", "id"), ("attachment", "application_id"), ("review", "application_id"),
    ("revision", "application_id"), ("sheet", "application_id"), ("assignment", "application_id"),
    ("title", "application_id"),
)  # fmt: skip
_OF_TITLE = (("assessment", "title_id"), ("subsidy", "title_id"))
_OF_THING = (("journal_event", "thing_id"), ("deadline", "thing_id"), ("letter", "thing_id"))
_DIGITS = 7
_NUMBER = f"substr('{'0' * _DIGITS}' || n.i, length(CAST(n.i AS TEXT)) + 1)"
# An id keeps its moment, so that what is sorted by it stays in order, and a part of its chance.
_COPY_ID = f"substr({{0}}, 1, 12) || substr({{0}}, 20, 13) || {_NUMBER}"
_REFERS = ("id", "application_id", "title_id", "assessment_id", "thing_id")


def multiply(
    origins: list[str], times: int, *, desks: list[str] | None = None, without: frozenset[str] = frozenset()
) -> int:
    """Copy each application `times` over, with its journal, letters, terms, files and titles.

    `desks` spreads the copies over those desks in turn, as if each had been handed in there; `without` names tables
    that are left as they are. Answers how many applications there are now. The text index is made anew.
    """
    with engine().begin() as connection:
        things = list(origins)
        first = int(connection.exec_driver_sql("SELECT count(*) FROM application").scalar_one())
        span = (first + 1, first + times)
        for name, column in (one for one in _OF_CASE if one[0] not in without):
            _copy(connection, name, column, origins, span, desks)
        titles = [row[0] for row in _asked(connection, "SELECT id FROM title WHERE application_id IN :ids", origins)]
        for name, column in _OF_TITLE:
            if titles:
                things += [
                    row[0]
                    for row in _asked(connection, f"SELECT id FROM {name} WHERE {column} IN :ids", titles)  # noqa: S608
                ]
                _copy(connection, name, column, titles, span, None)
        for name, column in (one for one in _OF_THING if one[0] not in without):
            _copy(connection, name, column, things + titles, span, desks)
    indexing.rebuild()
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
        return int(connection.exec_driver_sql("SELECT count(*) FROM application").scalar_one())


def _asked(connection: sa.Connection, text: str, ids: list[str]) -> list[sa.Row[tuple[str]]]:
    return list(connection.execute(sa.text(text).bindparams(sa.bindparam("ids", expanding=True)), {"ids": ids}))


def _copy(
    connection: sa.Connection, name: str, by: str, ids: list[str], span: tuple[int, int], desks: list[str] | None
) -> None:
    columns = list(metadata.tables[name].columns)
    values = ", ".join(_value(name, column, connection.dialect.name, desks) for column in columns)
    names = ", ".join(f'"{column.name}"' for column in columns)
    numbers = "WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i < :last)"
    chosen = f"SELECT {values} FROM {name} AS t CROSS JOIN n WHERE t.{by} IN :ids"  # noqa: S608 -- our own tables
    statement = sa.text(f"INSERT INTO {name} ({names}) {numbers} {chosen}")
    connection.execute(
        statement.bindparams(sa.bindparam("ids", expanding=True), sa.bindparam("first", type_=sa.Integer)),
        {"ids": ids, "first": span[0], "last": span[1]},
    )


def _value(name: str, column: sa.Column[object], kind: str, desks: list[str] | None) -> str:
    """A column of a copy: what must differ differs by the copy's number, all else is the origin's."""
    own = f't."{column.name}"'
    if name == "letter" and column.name == "id":
        return f"substr({own}, 1, 70) || '-' || {_NUMBER}"
    if column.name in _REFERS and (name, column.name) != ("letter", "id"):
        return _COPY_ID.format(own)
    if column.name == "leader_key":
        return _COPY_ID.format('t."id"')
    if column.name in ("receipt", "number"):
        return f"substr({own}, 1, 6) || substr(t.id, 26, 7) || {_NUMBER}"
    if column.name in ("key", "slate_id"):
        return "NULL"
    if desks and column.name == "desk":
        return f"CASE WHEN {own} IS NULL THEN NULL ELSE {_turn(desks)} END"
    if desks and column.name == "route":
        text = f"replace(CAST({own} AS TEXT), t.desk, {_turn(desks)})"
        return f"CAST({text} AS JSON)" if kind == "postgresql" else text
    return own


def _turn(desks: list[str]) -> str:
    """The desk whose turn it is; all codes of a list have the same length."""
    width = len(desks[0])
    return f"substr('{''.join(desks)}', (n.i % {len(desks)}) * {width} + 1, {width})"
