"""Which of a driver's errors may pass by themselves: the database is held, full or gone."""

from __future__ import annotations

import sqlite3
from enum import Enum, auto

from models.errors import BusyError


class Kind(Enum):
    """What is the matter."""

    HELD = auto()
    FULL = auto()
    GONE = auto()


# SQLSTATE or its class, never the words: a server speaks its administrator's language.
_POSTGRESQL = {
    "08": Kind.GONE,
    "57P": Kind.GONE,
    "57014": Kind.HELD,
    "53": Kind.HELD,
    "53100": Kind.FULL,
    "55P03": Kind.HELD,
    "40": Kind.HELD,
}
_SQLITE = {
    sqlite3.SQLITE_BUSY: Kind.HELD,
    sqlite3.SQLITE_LOCKED: Kind.HELD,
    sqlite3.SQLITE_FULL: Kind.FULL,
    sqlite3.SQLITE_IOERR: Kind.FULL,
    sqlite3.SQLITE_CANTOPEN: Kind.GONE,
}


def trouble(error: BaseException | None) -> BusyError | None:
    """What people are told of an error that may pass; None for one that will stay."""
    match _kind(error):
        case Kind.HELD:
            return BusyError("database_busy")
        case Kind.FULL:
            return BusyError("disk_full")
        case Kind.GONE:
            return BusyError("database_unreachable")
        case None:
            return None


def _kind(error: BaseException | None) -> Kind | None:
    if isinstance(error, sqlite3.Error):
        return _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    state = getattr(error, "sqlstate", None)
    if state is None:
        # Not the server's words: the connection was refused, lost or closed.
        return Kind.GONE if type(error).__name__ in ("OperationalError", "InterfaceError") else None
    return next((_POSTGRESQL[state[:n]] for n in (5, 3, 2) if state[:n] in _POSTGRESQL), None)
