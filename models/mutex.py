"""One at a time, over all processes and machines that share a database; the place ends with its holder's life."""

from __future__ import annotations

import fcntl
import os
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa

from models.database import engine, file_of
from models.errors import BrokenError, BusyError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.engine import Engine


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """Whether nobody else is in here under this name; nobody ever waits.

    No row and no moment decide it, but a lock that the kernel or PostgreSQL lets go when its holder
    dies: a killed run blocks nobody, and a wrong clock does not matter. Through a pooler that shares
    connections by the transaction (PgBouncer) it would not hold. Raises BusyError when the database
    is gone; BrokenError("cannot_write").
    """
    source = engine()
    file = file_of(source.url)
    with _by_server(source, name) if file is None else _by_file(file, name) as free:
        yield free


@contextmanager
def _by_file(file: Path, name: str) -> Iterator[bool]:
    try:
        handle = os.open(f"{file}-{name}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise BrokenError("cannot_write", folder=str(file.parent), reason=error.strerror) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            free = False
        else:
            free = True
        yield free
    finally:
        os.close(handle)


@contextmanager
def _by_server(source: Engine, name: str) -> Iterator[bool]:
    """A lock of the session: a roll-back keeps it, so that no transaction stays open meanwhile."""
    gone = (sa.exc.DBAPIError, sa.exc.TimeoutError, source.dialect.loaded_dbapi.Error)
    try:
        connection = source.raw_connection()
    except gone as error:
        raise BusyError("database_unreachable") from error
    with closing(connection):
        key = f"shenbao {name}"
        try:
            free = _asked(connection, "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", key)
        except gone as error:
            connection.invalidate()
            raise BusyError("database_unreachable") from error
        try:
            yield free
        finally:
            if free:
                _let_go(connection, key, gone)


def _asked(connection: sa.PoolProxiedConnection, statement: str, key: str) -> bool:
    with closing(connection.cursor()) as cursor:
        cursor.execute(statement, (key,))
        (answer,) = cursor.fetchone() or (False,)
    connection.rollback()
    return bool(answer)


def _let_go(connection: sa.PoolProxiedConnection, key: str, gone: tuple[type[Exception], ...]) -> None:
    try:
        _asked(connection, "SELECT pg_advisory_unlock(hashtextextended(%s, 0))", key)
    except gone:
        # The server went away, and the lock with it; the pool must not hand this connection out again.
        connection.invalidate()
