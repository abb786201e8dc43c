"""The clocks in a work pool: for who has outgrown one machine, and has Prefect's workers run them.

Each run is then a fresh interpreter on whichever worker takes it, 5 CPU-seconds instead of some
milliseconds: the price of several machines. A worker finds the flows by the module's name, so the
program is installed wherever a worker runs, and Prefect keeps no copy of it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from prefect import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.exceptions import ObjectAlreadyExists
from prefect.types.entrypoint import EntrypointType
from prefect.workers.process import ProcessWorker

from models import schema
from models.errors import ShenbaoError
from models.settings import settings
from models.text import sentence
from workflows.flows.clocks import TAG, clocks
from workflows.flows.upkeep import deploy, guard

if TYPE_CHECKING:
    from prefect.client.orchestration import PrefectClient

PATIENCE = 120.0  # seconds for a Prefect server that is only just starting
PAUSE = 1.0  # seconds between two looks at it

log = logging.getLogger("shenbao.clocks")


def announce(pool: str) -> int:
    """Publish, and say so in one line: 0; 1 with the reason when the schema does not fit or Prefect is silent."""
    try:
        schema.check()
        names = asyncio.run(publish(pool))
    except ShenbaoError as error:
        log.error(sentence(error, settings().language))  # noqa: TRY400 -- the sentence says it all
        return 1
    except TimeoutError as silence:
        log.error("Prefect does not answer: %s", silence)  # noqa: TRY400 -- as above
        return 1
    log.info("%s: %s", pool, ", ".join(names))
    return 0


async def publish(pool: str) -> list[str]:
    """Make the pool, the watchdogs and every clock's deployment known; answers the clocks' names.

    As often as one likes: what is there is brought up to date. Nothing is healed here, because
    other workers may be at work. Raises TimeoutError when Prefect does not answer within `PATIENCE`.
    """
    async with get_client() as client:
        await _answering(client)
        await _made(client, pool)
        await guard(client)
        for clock in clocks():
            deployment = await deploy(clock, work_pool_name=pool, entrypoint_type=EntrypointType.MODULE_PATH)
            # What fell due while nothing ran shall not wait for the first interval.
            if clock.strikes_at_start:
                await client.create_flow_run_from_deployment(deployment, tags=[TAG])
    return [clock.flow.name for clock in clocks()]


async def _answering(client: PrefectClient) -> None:
    """Wait for the server, which starts beside us."""
    end = time.monotonic() + PATIENCE
    while (trouble := await client.api_healthcheck()) is not None:
        if time.monotonic() > end:
            raise TimeoutError(str(trouble)) from trouble
        await asyncio.sleep(PAUSE)


async def _made(client: PrefectClient, pool: str) -> None:
    template = ProcessWorker.get_default_base_job_template()
    try:
        await client.create_work_pool(WorkPoolCreate(name=pool, type=ProcessWorker.type, base_job_template=template))
    except ObjectAlreadyExists:
        log.info("the pool %s is there", pool)
