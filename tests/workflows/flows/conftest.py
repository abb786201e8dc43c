"""One real Prefect server of the pinned versions for all tests of flows: a start takes ten seconds."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from prefect import get_client
from prefect.client.orchestration import PrefectClient
from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings

from tests.ui.trees import fetch, free_port, running, until
from ui.up import plans

Ask = Callable[[Callable[[PrefectClient], Awaitable[Any]]], Any]


@pytest.fixture(scope="session")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The API address of a fresh server, started with the command and settings of `shenbao up`."""
    home, port = tmp_path_factory.mktemp("prefect"), free_port()
    plan = plans(home, "127.0.0.1", free_port(), port)[1]
    with (
        running(*plan.command, **plan.environment) as server,
        temporary_settings({PREFECT_API_URL: f"http://127.0.0.1:{port}/api", PREFECT_HOME: home / "prefect"}),
    ):
        until(lambda: fetch(plan.ready_url or "") or server.said("\0"), 90)
        yield f"http://127.0.0.1:{port}/api"


@pytest.fixture
def ask(prefect: str) -> Ask:
    """Do something with a client of the server, and answer what came of it."""

    async def asking(work: Callable[[PrefectClient], Awaitable[Any]]) -> Any:
        async with get_client() as client:
            return await work(client)

    return lambda work: asyncio.run(asking(work))
