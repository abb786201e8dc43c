"""One query language for lists, bulk acts, letters and exports: docs/search.md is its reference."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import sqlalchemy as sa

from models.application import Application
from models.base import table
from models.database import reading
from models.errors import InputError
from models.search import Document, Reach
from models.sql import Sql, bind
from workflows.clocks.due import current
from workflows.queries.applications import LINE, PAGE, Line
from workflows.queries.search_clauses import FTS, Asker, asker, clause, exact, is_pair, match_of, matches
from workflows.record.acting import Actor, refreshed
from workflows.record.verb import query
from workflows.rules.calendar import local_date
from workflows.rules.search_nodes import All, Asked, Text
from workflows.rules.search_values import Today
from workflows.rules.search_words import parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.database import Store
    from workflows.rules.search_nodes import Node

T = TypeVar("T")
MOST, COUNTED = 10_000, 1000
_KEPT = 512  # statements kept: a search is often asked again, page by page
_P, _D, _R = (table(m).c for m in (Application, Document, Reach))
_FAR = datetime(9999, 1, 1, tzinfo=UTC)
_ID = re.compile(r"[0-9a-f]{32}")
_IN_BYTES = {"sqlite": "BINARY", "postgresql": "C"}


class Found(NamedTuple):
    """A page of what was found: up to 50 lines, where the next page begins (None: this was the last), how many.

    `total` counts to 1,000 at most; `more` says that there are more than that.
    """

    lines: list[Line]
    after: str | None
    total: int
    more: bool


class _Hit(NamedTuple):
    """A line, and what it is sorted by."""

    line: Line
    key: Any


class _Hits:
    """How rows of a search become hits."""

    @staticmethod
    def _make(values: Sequence[Any]) -> _Hit:
        return _Hit(Line._make(values[:-1]), values[-1])


@query("search")
def search(actor: Actor, *, words: str = "", after: str = "") -> Found:
    """A page of the applications that words mean, of those the asker may see; `after` as the last page gave it.

    The words are those of docs/search.md. Raises InputError with the place where they cannot be read.
    """
    with reading() as store:
        by = _asker(store, refreshed(store, actor))
        asked = parse(words, by.today)
        if not by.marks:
            return Found([], None, 0, more=False)
        place = _place(asked, after) if after else {}
        hits = _run(store, _page(by, asked, PAGE, is_first=not after), **place)
        total = _run(store, _count(by, asked, COUNTED))[0]
        last = hits[PAGE - 1] if len(hits) > PAGE else None
        return Found([hit.line for hit in hits[:PAGE]], last and _cursor(last), min(total, COUNTED), total > COUNTED)


def ids_for(store: Store, who: Actor, words: str, *, most: int = MOST) -> list[str]:
    """The ids of the applications that words mean and `who` (refreshed) may see, in the words' order.

    Raises InputError for words that cannot be read, and "search_too_many" for more than `most` cases.
    """
    by = _asker(store, who)
    asked = parse(words, by.today)
    if not by.marks:
        return []
    found = _run(store, _ids(by, asked, most))
    if len(found) > most:
        raise InputError("search_too_many", field="words", most=most)
    return found


def _run(store: Store, sql: Sql[T], **values: Any) -> list[T]:
    """The rows of a statement, with the moment if it asks for one."""
    moment = {"now": store.now} if "now" in sql.on(store.dialect).given else {}
    return store.all(sql, **values, **moment)


@lru_cache(maxsize=_KEPT)
def _page(by: Asker, asked: Asked, size: int, *, is_first: bool) -> Sql[_Hit]:
    key = _key(by, asked.order)
    rows, number = _asked(by, asked, LINE.add_columns(key.label("key")))
    rows = _sorted(rows, key, number, asked)
    if not is_first:
        rows = rows.where(_beyond(by, key, number, asked))
    return Sql(rows.limit(size + 1), _Hits)  # type: ignore[arg-type]  # it makes hits


@lru_cache(maxsize=_KEPT)
def _count(by: Asker, asked: Asked, most: int) -> Sql[int]:
    rows = _in_index(by, asked)
    if rows is None:
        found, number = _asked(by, asked, LINE.with_only_columns(_P.id))
        rows = found.order_by(number.desc())  # as the page is walked: the same plan
    return Sql(sa.select(sa.func.count()).select_from(rows.limit(most + 1).subquery()))


def _in_index(by: Asker, asked: Asked) -> Any:
    """The numbers of what is meant, where the index alone knows it: words that it holds whole. None otherwise."""
    texts = [part.words for part in _parts(asked) if isinstance(part, Text)]
    match = match_of(by, texts)
    if match is None or len(texts) < len(_parts(asked)) or not all(map(is_pair, texts)):
        return None
    if by.dialect == "sqlite":
        return sa.select(FTS.c.rowid).where(matches(by, match), _may_see(by, FTS.c.rowid))
    return sa.select(_D.number).where(matches(by, match), _may_see(by, _D.number))


def _parts(asked: Asked) -> tuple[Node, ...]:
    """What must all be so."""
    return asked.where.parts if isinstance(asked.where, All) else (asked.where,)


@lru_cache(maxsize=_KEPT)
def _ids(by: Asker, asked: Asked, most: int) -> Sql[str]:
    rows, number = _asked(by, asked, LINE.with_only_columns(_P.id))
    return Sql(_sorted(rows, _key(by, asked.order), number, asked).limit(most + 1))


def _asker(store: Store, who: Actor) -> Asker:
    return asker(store, who, Today(local_date(store.now), current()))


def _asked(by: Asker, asked: Asked, columns: Any) -> tuple[Any, Any]:
    """The applications that are meant, within those the asker may see, and the column that numbers them.

    Words that must stand in the text lead on SQLite: its index then walks no further than the page.
    """
    rows = columns.join(table(Document), _D.application_id == _P.id)
    parts = _parts(asked)
    texts = [part.words for part in parts if isinstance(part, Text)]
    match = match_of(by, texts) if by.dialect == "sqlite" else None
    if match is None:
        rows, number = _seen(by, rows)
        return rows.where(clause(by, asked.where)), number
    rows = rows.join(FTS, FTS.c.rowid == _D.number).where(matches(by, match), _may_see(by, _D.number))
    rest: list[Node] = [part for part in parts if not isinstance(part, Text)]
    return rows.where(*map(exact, texts), clause(by, All(tuple(rest)))), FTS.c.rowid


def _seen(by: Asker, rows: Any) -> tuple[Any, Any]:
    """Only what the asker may see: one mark's rows are walked in order, of several each is looked up."""
    if len(by.marks) == 1:
        return rows.join(table(Reach), _R.number == _D.number).where(_R.mark == by.marks[0]), _R.number
    return rows.where(_is_seen(by)), _D.number


def _is_seen(by: Asker) -> Any:
    return _D.number.in_(sa.select(_R.number).where(_R.mark.in_(by.marks)))


def _may_see(by: Asker, number: Any) -> Any:
    """The same of one row that was found already: the index narrowed it, and the marks are asked again."""
    return sa.exists().where(_R.mark.in_(by.marks), _R.number == number)


def _key(by: Asker, order: str | None) -> Any:
    """What is sorted by; what has none of it comes last."""
    match order:
        case "due":
            return sa.func.coalesce(_P.due_at, sa.literal(_FAR, _P.due_at.type))
        case "entered":
            return _P.entered_at
        case "submitted":
            return sa.func.coalesce(_P.submitted_at, sa.literal(_FAR, _P.due_at.type))
        case "receipt":
            return sa.collate(sa.func.coalesce(_P.receipt, "~"), _IN_BYTES[by.dialect])
        case _:
            return sa.literal_column("0", sa.Integer)


def _sorted(rows: Any, key: Any, number: Any, asked: Asked) -> Any:
    if asked.order is None:
        return rows.order_by(number.desc())
    return rows.order_by(*((key.desc(), number.desc()) if asked.is_turned else (key, number)))


def _beyond(by: Asker, key: Any, number: Any, asked: Asked) -> Any:
    """What comes after the last line of a page: that one is known by its id, for numbers would tell of rows between.

    After what the asker may not see comes as little as after what is not there.
    """
    other = table(Document).alias("last")
    known = (other.c.application_id == bind("last", _P.id)) & _may_see(by, other.c.number)
    last = sa.select(other.c.number).where(known).scalar_subquery()
    if asked.order is None:
        return number < last
    here, there = sa.tuple_(key, number), sa.tuple_(bind("at", key), last)
    return here < there if asked.is_turned else here > there


def _place(asked: Asked, after: str) -> dict[str, Any]:
    """Where a page begins, as parameters. Raises InputError for a place that is none."""
    last, mark, value = after.partition("|")
    is_moment = asked.order not in (None, "receipt")
    at: Any = value
    try:
        at = datetime.fromisoformat(value) if is_moment else value
    except ValueError:
        mark = ""
    if not mark or _ID.fullmatch(last) is None:
        raise InputError("search_after", field="after", given=after[:60])
    return {"last": last} if asked.order is None else {"last": last, "at": at}


def _cursor(hit: _Hit) -> str:
    return f"{hit.line.id}|{hit.key.isoformat() if isinstance(hit.key, datetime) else hit.key}"
