"""Connections, transactions and the only commit in the product; models/store.py runs the statements."""

from __future__ import annotations

import errno
import json
import os
import select
import sqlite3
from contextlib import closing, contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event

from models import clock, turnstile
from models.errors import BrokenError, BusyError
from models.settings import settings
from models.store import DuplicateError, Store
from models.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Engine

__all__ = ["DuplicateError", "Store", "connect", "disconnect", "elsewhere", "engine", "file_of", "reading", "together",
           "transaction", "viewing"]  # fmt: skip

# A generic plan sorts a whole desk; a custom one walks the index (core.md 4.1).
_PG_OPTIONS = "-c plan_cache_mode=force_custom_plan -c timezone=UTC -c lock_timeout=15s"
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    # A long list is written once, at its end: up to so many changed pages (32 MB) of the one writer wait in memory.
    "PRAGMA cache_spill=8000",
    # Without it INSERT OR REPLACE slips past the triggers that seal the journal.
    "PRAGMA recursive_triggers=ON",
)
# Made once: `json.dumps` makes another for every value, and `json.loads` first asks what it was given.
_AS_JSON = json.JSONEncoder(ensure_ascii=False).encode
_FROM_JSON = json.JSONDecoder().decode
_engine: Engine | None = None
# The transaction that several verbs share; see `together`.
_shared: ContextVar[Store | None] = ContextVar("shared", default=None)
_viewed: ContextVar[View | None] = ContextVar("viewed", default=None)


def connect(url: str | None = None) -> Engine:
    """Point this process at a database (default: the settings' one), dropping any former."""
    global _engine  # noqa: PLW0603 -- see connect
    disconnect()
    address = sa.make_url(url or settings().database)
    _engine = (_sqlite if address.get_backend_name() == "sqlite" else _postgresql)(address)
    return _engine


def disconnect() -> None:
    """Let go of the database."""
    global _engine  # noqa: PLW0603 -- see connect
    if _engine is not None:
        _engine.dispose()
    _engine = None


def engine() -> Engine:
    """The engine of this process, connected on first use."""
    return _engine or connect()


@contextmanager
def elsewhere(url: str) -> Iterator[Engine]:
    """Point this process at another database for a while, then back at the one it had, if any."""
    global _engine  # noqa: PLW0603 -- see connect
    before, _engine = _engine, None
    try:
        yield connect(url)
    finally:
        disconnect()
        _engine = before


def file_of(url: sa.URL) -> Path | None:
    """The database file of a SQLite address; None for a server."""
    is_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
    return Path(str(url.database)) if is_file else None


@contextmanager
def transaction(*, patience: float | None = None) -> Iterator[Store]:
    """All of it, or none of it. Nothing else in the product commits.

    Inside `together` it is a part of that transaction, and is not committed by itself. `patience`: seconds in the
    queue before a SQLite file, for a note that nobody ought to wait for; usually as long as its address says.
    Raises BusyError when the database is held or gone; DuplicateError for a unique rule.
    """
    if (outer := _shared.get()) is not None:
        yield outer
        return
    if (view := _viewed.get()) is not None:
        view.end()
    with _turn(engine().url, patience), _open("BEGIN IMMEDIATE") as store:
        try:
            yield store
            with store.translated():
                store.connection.commit()
        except BaseException:
            _forget(store)
            raise


@contextmanager
def together(*, keep: bool = True) -> Iterator[Store]:
    """Verbs called in here are one transaction, all of them or none.

    `keep=False` is a dry run: everything happens but the commit, and `store.written` tells what.
    Raises as `transaction`.
    """
    with transaction() if keep else _rolled_back() as store:
        token = _shared.set(store)
        try:
            yield store
        finally:
            _shared.reset(token)


@contextmanager
def _rolled_back() -> Iterator[Store]:
    with _turn(engine().url), _open("BEGIN IMMEDIATE") as store:
        store.written = []
        try:
            yield store
        finally:
            _forget(store)


@contextmanager
def reading(*, alone: bool = False) -> Iterator[Store]:
    """A consistent view for queries; whatever is written here is thrown away.

    Inside `together` it sees what that transaction has done so far; inside `viewing` what the others there see,
    unless it is to be `alone`: for what must be the first to ask in its transaction.
    """
    if (outer := _shared.get()) is not None:
        yield outer
    elif not alone and (view := _viewed.get()) is not None:
        with view.asked() as store:
            yield store
    else:
        with _read() as store:
            yield store


@contextmanager
def viewing() -> Iterator[None]:
    """Questions asked in here share one view, as a page does that is drawn at one moment; a writing ends it.

    What one of them found out about who asks, the next need not ask again (`Store.memory`). A verb never sees it.
    Inside another view it is a part of that: two connections for one page would wait for each other in a full pool.
    """
    if _viewed.get() is not None:
        yield
        return
    view = View(_read)
    token = _viewed.set(view)
    try:
        yield
    finally:
        _viewed.reset(token)
        view.end()


@contextmanager
def _read() -> Iterator[Store]:
    with _open("BEGIN") as store:
        try:
            yield store
        finally:
            _forget(store)


@contextmanager
def _open(begin: str) -> Iterator[Store]:
    source = engine()
    try:
        connection = source.raw_connection()
    except (sa.exc.DBAPIError, sa.exc.TimeoutError, source.dialect.loaded_dbapi.Error) as error:
        raise BusyError("database_unreachable") from error
    with closing(connection):
        store = Store(connection, source.dialect, clock.now())
        if source.dialect.name == "sqlite":
            with store.translated():
                store.begin(begin)
        yield store


def _forget(store: Store) -> None:
    try:
        store.connection.rollback()
    except store.dialect.loaded_dbapi.Error:
        # The server went away: the pool must not hand this connection out again.
        store.connection.invalidate()


@contextmanager
def _turn(url: sa.URL, patience: float | None = None) -> Iterator[None]:
    """SQLite's busy handler polls and starves waiters; a file lock queues them (core.md 3.3)."""
    file = file_of(url)
    if file is None:
        yield
        return
    with turnstile.turn(file, _patience(url) if patience is None else patience):
        yield


def _patience(url: sa.URL) -> float:
    """Seconds to wait for a SQLite file that others hold; its address may ask for `?timeout=5`."""
    return float(str(url.query.get("timeout", 15)))


def _sqlite(url: sa.URL) -> Engine:
    if (file := file_of(url)) is not None:
        _require_writable(file)
    made = sa.create_engine(
        url,
        # The busy time-out only matters to readers of other programs: writers queue at the turnstile.
        connect_args={
            "timeout": _patience(url),
            "check_same_thread": False,
            "isolation_level": None,
        },
        json_serializer=_AS_JSON,
        json_deserializer=_FROM_JSON,
        pool_size=20,
        max_overflow=80,
    )

    @event.listens_for(made, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in _PRAGMAS:
            connection.execute(pragma)

    return made


def _require_writable(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        for place in (file.parent, file):
            if place.exists() and not os.access(place, os.W_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise BrokenError("cannot_write", folder=str(file.parent), reason=error.strerror) from error


def _postgresql(url: sa.URL) -> Engine:
    if url.get_backend_name() != "postgresql":
        raise BrokenError("database_kind", given=url.get_backend_name())
    made = sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args={"options": _PG_OPTIONS},
        json_serializer=_AS_JSON,
        pool_size=10,
        max_overflow=20,
    )

    @event.listens_for(made, "checkout")
    def _look(connection: Any, _record: object, _proxy: object) -> None:
        # Nothing is asked of an idle connection: if there is something to read, it is its end.
        if connection.closed or _has_news(connection.fileno()):
            raise sa.exc.InvalidatePoolError

    return made


def _has_news(handle: int) -> bool:
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    return bool(poll.poll(0))
