"""The ground benchmarks stand on: a small real round, its application cloned as often as needed."""

from __future__ import annotations

import gc
import json
import os
import sqlite3
import tempfile
from contextlib import contextmanager
from statistics import median
from typing import TYPE_CHECKING, Any

import psycopg
import sqlalchemy as sa

from models import database, schema
from models.application import Application
from models.base import as_dict, changed, new_id, table
from models.database import reading, transaction
from models.settings import settings
from models.sql import bind, insert_into, rows_of
from tests import postgres, small_round
from workflows.record import indexing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.small_round import SmallRound

_P = table(Application).c
_ONE = rows_of(Application, _P.id == bind("id", _P.id))
_INSERT = insert_into(Application)
CHUNK = 40
# How a database is filled fast: nothing in it is dear, and the machine does not lose power meanwhile.
_BULK = {
    "sqlite": ("PRAGMA foreign_keys=OFF", "PRAGMA synchronous=OFF", "PRAGMA cache_size=-400000"),
    "postgresql": ("SET session_replication_role = replica", "SET synchronous_commit = off",
                   "SET maintenance_work_mem = '400MB'", "SET work_mem = '200MB'"),
}  # fmt: skip
# Each index that no constraint holds: its table, its name, and the words that make it.
_INDEXES = {
    "sqlite": "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    "postgresql": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
                  " AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname)",
}  # fmt: skip


@contextmanager
def both() -> Iterator[Iterator[tuple[str, str]]]:
    """Yields `(kind, url)` for SQLite at FULL and a PostgreSQL that waits for its disk."""
    server = postgres.binaries()
    if server is None:
        raise SystemExit("PostgreSQL is not installed")
    with tempfile.TemporaryDirectory() as folder, postgres.cluster(server, durable=True) as address:
        os.environ["SHENBAO_DATA_DIR"] = folder
        settings.cache_clear()
        # As the web face does when it starts: what lasts is not walked by every collection.
        gc.collect()
        gc.freeze()
        yield iter([("sqlite", f"sqlite:///{folder}/bench.db"), ("postgresql", _fresh(address))])
        database.disconnect()


def _fresh(address: str) -> str:
    name = f"bench_{os.getpid()}"
    with sa.create_engine(address.format(name="postgres"), isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    return address.format(name=name)


def begin(url: str) -> tuple[SmallRound, Application]:
    """An open round on a new database, and one application at the county's desk."""
    database.connect(url)
    schema.upgrade()
    made = small_round.small_round()
    application_id = small_round.submitted(made, 0).id
    with reading() as store:
        row = store.first(_ONE, id=application_id)
    if row is None:
        raise SystemExit("no application to clone")
    return made, row


def clones(row: Application, n: int, **columns: Any) -> list[str]:
    """`n` copies of an application with ids, receipts and leaders of their own."""
    ids = [new_id() for _ in range(n)]
    rows = [changed(row, id=i, receipt=i[-16:], leader_key=i, **columns) for i in ids]
    with transaction() as store:
        store.run_many(_INSERT, map(as_dict, rows))
        indexing.take_in(store, rows)
    return ids


def raw(url: str) -> Any:
    """The bare driver's connection with the same durability."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON"):
            connection.execute(f"PRAGMA {pragma}")
        return connection
    return psycopg.connect(url.replace("+psycopg", ""), options="-c plan_cache_mode=force_custom_plan")


def marks(url: str, sql: str) -> str:
    """A statement written with ? in the driver's own placeholders."""
    return sql if url.startswith("sqlite") else sql.replace("?", "%s")


@contextmanager
def in_bulk(url: str, *tables: str) -> Iterator[Any]:
    """A cursor that fills these tables a million rows at a time, and leaves them as if they had grown.

    Their indexes stand aside until all is there, but those a constraint needs; references and triggers are not asked.
    What a statement does lasts at once. At the end the indexes are made from the rows, and the statistics anew.
    """
    is_file = url.startswith("sqlite")
    connection = raw(url)
    if not is_file:
        connection.autocommit = True
    cursor = connection.cursor()
    for words in _BULK["sqlite" if is_file else "postgresql"]:
        cursor.execute(words)
    found = cursor.execute(_INDEXES["sqlite" if is_file else "postgresql"]).fetchall()
    aside = [(name, made) for table_, name, made in found if table_ in tables]
    for name, _ in aside:
        cursor.execute(f"DROP INDEX {name}")
    yield cursor
    for _, made in aside:
        cursor.execute(made)
    cursor.execute("ANALYZE" if is_file else "VACUUM ANALYZE")
    connection.close()


def interleaved(ours: Callable[[int], None], bare: Callable[[int], None], n: int) -> tuple[float, float]:
    """Median milliseconds of one command of each, run in turns of 40 so that a slow minute hits both."""
    times: tuple[list[float], list[float]] = ([], [])
    for start in range(0, n, CHUNK):
        for which, command in enumerate((ours, bare)):
            times[which].extend(timed(command, i) for i in range(start, min(n, start + CHUNK)))
    return median(times[0]), median(times[1])


def timed(command: Callable[[int], None], i: int = 0) -> float:
    """Milliseconds of one call."""
    from time import perf_counter  # noqa: PLC0415 -- a benchmark's own clock

    begin_at = perf_counter()
    command(i)
    return (perf_counter() - begin_at) * 1000


def tell(name: str, ours: float, bare: float, goal: float, n: int) -> None:
    """One JSON line for one measurement."""
    line = {"name": name, "ours_ms": round(ours, 3), "raw_ms": round(bare, 3), "ratio": round(ours / bare, 2),
            "goal_ratio": goal, "n": n}  # fmt: skip
    print(json.dumps(line), flush=True)
