"""Prefect's server on SQLite: writers that begin together wait for each other, and nothing that happened is lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from prefect.server.database.configurations import AioSqliteConfiguration

from workflows.flows import prefect_server
from workflows.flows.prefect_server import Queueing

WRITERS = 12
COUNT, NOTE = sa.text("SELECT count(*) FROM note"), sa.text("INSERT INTO note VALUES (:told)")


@asynccontextmanager
async def opened(file: Path) -> AsyncIterator[AioSqliteConfiguration]:
    """A database of one table, as our server opens it."""
    base = Queueing(connection_url=f"sqlite+aiosqlite:///{file}")
    engine = await base.engine()
    async with engine.begin() as connection:
        await connection.execute(sa.text("CREATE TABLE note (told INTEGER)"))
    yield base
    await engine.dispose()


async def read_and_write(base: AioSqliteConfiguration, told: int) -> None:
    async with await base.session(await base.engine()) as session, base.begin_transaction(session):
        await session.execute(COUNT)
        await asyncio.sleep(0)  # whoever else is due goes on
        await session.execute(NOTE, {"told": told})


def test_runs_that_begin_together_find_no_database_locked(tmp_path: Path) -> None:
    async def together() -> list[int]:
        async with opened(tmp_path / "prefect.db") as base:
            await asyncio.gather(*(read_and_write(base, told) for told in range(WRITERS)))
            async with await base.session(await base.engine()) as session:
                return sorted((await session.execute(sa.text("SELECT told FROM note"))).scalars())

    assert asyncio.run(together()) == list(range(WRITERS))


def test_what_is_read_beside_a_transaction_does_not_wait_for_it(tmp_path: Path) -> None:
    async def beside() -> tuple[int, int]:
        async with opened(tmp_path / "prefect.db") as base:
            engine = await base.engine()
            async with await base.session(engine) as session, base.begin_transaction(session):
                await session.execute(NOTE, {"told": 1})
                async with asyncio.timeout(5), await base.session(engine) as other:
                    seen = (await other.execute(COUNT)).scalar_one()
            async with await base.session(engine) as after:
                return seen, (await after.execute(COUNT)).scalar_one()

    assert asyncio.run(beside()) == (0, 1)


def test_a_connection_keeps_eight_megabytes_of_the_file_at_most(tmp_path: Path) -> None:
    async def kept() -> int:
        async with opened(tmp_path / "prefect.db") as base, await base.session(await base.engine()) as session:
            return int((await session.execute(sa.text("PRAGMA cache_size"))).scalar_one())

    assert asyncio.run(kept()) == -8000


def test_a_server_whose_tables_cannot_be_made_does_not_start(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    async def full() -> None:
        raise OSError("no room")

    monkeypatch.setattr(prefect_server, "queue", lambda: None)
    monkeypatch.setattr(prefect_server, "prepare", full)

    assert prefect_server.main([]) == 1
    assert "no room" in capfd.readouterr().err
