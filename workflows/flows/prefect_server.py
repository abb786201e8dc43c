"""`python -m workflows.flows.prefect_server`: Prefect's own server, on a SQLite whose writers queue up.

Prefect begins most of its transactions as readers. When another has written before such a one writes in
its turn, SQLite refuses at once, however long it was told to wait: "database is locked". That is met
wherever several runs begin together, at every start, and the event that was lost of it may be the end of
a run, which is then taken for one that has lost its worker. Here every transaction is a writer from
its first statement, so that they wait for each other. On PostgreSQL `prefect server start` does as well.

Its tables and blocks are made ready by a child that ends with that: what they need for a second would else
be 30 MB for as long as the server lives.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import uvicorn
from prefect.server.api.server import create_app
from prefect.server.database.configurations import SQLITE_BEGIN_MODE, AioSqliteConfiguration
from prefect.server.database.dependencies import MODELS_DEPENDENCIES, provide_database_interface
from prefect.server.models.block_registration import run_block_auto_registration
from prefect.settings import (
    PREFECT_API_BLOCKS_REGISTER_ON_START,
    PREFECT_API_DATABASE_CONNECTION_URL,
    PREFECT_API_DATABASE_MIGRATE_ON_START,
    get_current_settings,
    temporary_settings,
)
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncSession, AsyncSessionTransaction
from sqlalchemy.pool import ConnectionPoolEntry

LOOPBACK = "127.0.0.1"
PORT = 8601
PREPARED = (PREFECT_API_DATABASE_MIGRATE_ON_START, PREFECT_API_BLOCKS_REGISTER_ON_START)
KEPT = 8000  # kB of the file that a connection may keep


class Queueing(AioSqliteConfiguration):
    """Prefect's SQLite with every transaction a writer from its first statement."""

    def setup_sqlite(self, conn: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        """Set a connection up as Prefect does, but with less than the 80 MB that it may keep of the file."""
        super().setup_sqlite(conn, record)
        cursor = conn.cursor()
        cursor.execute(f"PRAGMA cache_size = -{KEPT}")
        cursor.close()

    @asynccontextmanager
    async def begin_transaction(
        self,
        session: AsyncSession,
        with_for_update: bool = False,  # noqa: ARG002, FBT001, FBT002 -- Prefect's signature
    ) -> AsyncGenerator[AsyncSessionTransaction, None]:
        """Begin at once, and as a writer.

        What is read within it by a session of its own begins nothing, and so does not wait for it.
        """
        async with session.begin() as transaction:
            token = SQLITE_BEGIN_MODE.set("IMMEDIATE")
            try:
                await session.connection()
            finally:
                SQLITE_BEGIN_MODE.reset(token)
            yield transaction


def main(arguments: list[str] | None = None) -> int:
    """Serve until asked to end (SIGTERM, ctrl-C): 0; 1 when the tables cannot be made ready."""
    parser = argparse.ArgumentParser(prog="python -m workflows.flows.prefect_server", description=__doc__)
    parser.add_argument("--host", default=LOOPBACK)
    parser.add_argument("--port", type=int, default=PORT)
    given = parser.parse_args(arguments)
    queue()
    child = multiprocessing.get_context("fork").Process(target=_prepare, daemon=True)
    child.start()
    child.join()
    if child.exitcode:
        return 1
    with temporary_settings(dict.fromkeys(PREPARED, False)):
        chosen = get_current_settings().server
        uvicorn.run(
            create_app(final=True),
            host=given.host,
            port=given.port,
            timeout_keep_alive=chosen.api.keepalive_timeout,
            log_level=chosen.logging_level.lower(),
        )
    return 0


def queue() -> None:
    """Have the writers of this process's Prefect wait for each other, if its database is SQLite."""
    address = PREFECT_API_DATABASE_CONNECTION_URL.value()
    if make_url(address).get_backend_name() == "sqlite":
        MODELS_DEPENDENCIES["database_config"] = Queueing(connection_url=address)


def _prepare() -> None:
    asyncio.run(prepare())


async def prepare() -> None:
    """Bring Prefect's tables up to date, and have it know the kinds of blocks."""
    db = provide_database_interface()
    await db.create_db()
    async with await db.session() as session:
        await run_block_auto_registration(session=session)


if __name__ == "__main__":
    sys.exit(main())
