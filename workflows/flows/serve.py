"""`python -m workflows.flows.serve`: the long-lived process in which all clocks run.

Prefect's own `serve()` starts a fresh interpreter for each run: 5 CPU-seconds and 110 MB to
do 40 ms of SQL, every two minutes, on a machine that people work on. Our runs are short, few and
idempotent, so they run here: one thread, one event loop and one run at a time for each clock.
What is kept of Prefect is what it is good at: schedules, states, retries, names and the page
on which an administrator sees them or starts a run by hand. No process is ever orphaned
because none is started, and after a pause only the newest of the late runs does the work.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import sys
import threading
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from prefect import get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.responses import OrchestrationResult, SetStateStatus
from prefect.flow_engine import run_flow_async
from prefect.states import Cancelled, Pending

from models import logs
from models.clock import now
from workflows.flows.clocks import NOTHING, TAG, Clock, clocks, closing
from workflows.flows.upkeep import deploy, guard, heal

LOOK_EVERY = 10.0  # seconds; four clocks ask, and each question costs the server 15 ms of CPU
GRACE = 6.0  # seconds in which a run may finish after SIGTERM

log = logging.getLogger("shenbao.clocks")


def main(arguments: list[str] | None = None) -> int:
    """Serve all clocks until SIGTERM or ctrl-C: 0; 1 when a clock has stopped by itself, or the schema does not fit.

    With `--pool` nothing is served: the clocks are made known to the workers of that pool, and that is all.
    """
    parser = argparse.ArgumentParser(prog="python -m workflows.flows.serve", description=__doc__)
    parser.add_argument("--heal", action="store_true", help="this is the only runner: crash all stale runs first")
    parser.add_argument("--pool", help="make the clocks known to this work pool, whose workers run them, and end")
    chosen = parser.parse_args(arguments)
    if chosen.pool:
        from workflows.flows import pool  # noqa: PLC0415 -- slow import

        _say_plainly()
        return pool.announce(chosen.pool)
    logs.configure("clocks", sys.stdout)
    logs.gather()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: closing.set())
    threads = [
        threading.Thread(target=_thread, args=pair, name=pair[0].flow.name, daemon=True)
        for pair in asyncio.run(prepare(only_runner=chosen.heal))
    ]
    for thread in threads:
        thread.start()
    return _wait(threads)


async def prepare(*, only_runner: bool) -> list[tuple[Clock, UUID]]:
    """Put Prefect's house in order; answers every clock with its deployment."""
    async with get_client() as client:
        if only_runner and (healed := await heal(client)):
            log.info("crashed %s stale runs", healed)
        await guard(client)
        known = [(clock, await deploy(clock)) for clock in clocks()]
        # An interval strikes first after its own length: what fell due while nothing ran, and
        # the letters that wait, shall not wait for that.
        for clock, deployment in known:
            if clock.strikes_at_start:
                await client.create_flow_run_from_deployment(deployment, tags=[TAG])
    return known


async def keep(clock: Clock, deployment: UUID) -> None:
    """Run the clock's due runs until the process closes, whatever happens to one of them."""
    async with get_client() as client:
        while not closing.is_set():
            try:
                await turn(client, clock, deployment)
            except Exception as error:  # noqa: BLE001 -- the flow edge: the next look may go well
                log.warning("%s: %s: %s", clock.flow.name, type(error).__name__, error)
            await asyncio.to_thread(closing.wait, LOOK_EVERY)


async def turn(client: PrefectClient, clock: Clock, deployment: UUID) -> None:
    """Do the newest due run, and cancel the older ones: it does their work as well."""
    due = await client.get_scheduled_flow_runs_for_deployments([deployment], scheduled_before=now())
    if not due:
        return
    *late, newest = sorted(due, key=_expected)
    for run in late:
        message = "a newer run does the same work"
        await client.set_flow_run_state(run.id, Cancelled(name="Skipped", message=message))
    # The server lets only one runner take a run from Scheduled to Pending.
    answer: OrchestrationResult[Any] = await client.set_flow_run_state(newest.id, Pending())
    if answer.status is SetStateStatus.ACCEPT:
        await _run(clock, await client.read_flow_run(newest.id))


async def _run(clock: Clock, run: FlowRun) -> None:
    state = await run_flow_async(clock.flow, flow_run=run, return_type="state")
    if state is not None and state.message != NOTHING:
        log.info("%s: %s", run.name, state.message or state.name)


def _say_plainly() -> None:
    # To the person who announces; Prefect has taken the root logger, and shows only warnings there.
    log.addHandler(logging.StreamHandler(sys.stdout))
    log.setLevel(logging.INFO)
    log.propagate = False


def _expected(run: FlowRun) -> datetime:
    return run.expected_start_time or datetime.max.replace(tzinfo=UTC)


def _thread(clock: Clock, deployment: UUID) -> None:
    asyncio.run(keep(clock, deployment))


def _wait(threads: list[threading.Thread]) -> int:
    while not closing.wait(1):
        if not all(thread.is_alive() for thread in threads):
            log.error("a clock has stopped by itself")
            return 1
    for thread in threads:
        thread.join(GRACE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
