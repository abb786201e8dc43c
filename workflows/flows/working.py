"""One piece of a clock's work: alone of its kind, tried again with growing pauses, its errors told by kind and code."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Cancelled, Completed

from models import logs
from models.errors import ShenbaoError
from models.mutex import alone

PAUSES: list[float] = [10, 30, 90]  # seconds
JITTER = 0.3
NOTHING = "nothing was due"
TAKEN = "another run of this clock is at work"

Work = Callable[[], dict[str, Any]]
_log = structlog.get_logger("workflows.flows")

if "PREFECT__FLOW_RUN_ID" in os.environ:  # the child of a worker, whose log is nobody else's affair
    logs.configure("clocks", sys.stdout)


class WorkError(Exception):
    """What a run shows of an error: its kind and code. Its message may quote somebody's data, and stays here."""


@task(name="work", task_run_name="{kind}", retries=len(PAUSES), retry_delay_seconds=PAUSES,
      retry_jitter_factor=JITTER, cache_policy=NO_CACHE)  # fmt: skip
async def carried_out(kind: str, work: Work) -> dict[str, Any] | None:
    """Do a clock's work in a thread; None when another run of the kind is at it, wherever that runs.

    A run that is timed out leaves its thread behind, with the place: none like it begins until it ends.
    """
    return await asyncio.to_thread(_alone, kind, work)


async def by_itself(module: str) -> dict[str, Any] | None:
    """Run `python -m module`, which answers in JSON on its last line, and ends with this run.

    For what needs much memory once a night: a clock's own process would keep it for ever.
    """
    process = await asyncio.create_subprocess_exec(sys.executable, "-P", "-m", module, stdout=asyncio.subprocess.PIPE)
    try:
        said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode:
        raise WorkError(f"{module} ended with status {process.returncode}")
    answer: dict[str, Any] | None = json.loads(said.splitlines()[-1])
    return answer


def done(counts: Mapping[str, Any] | None) -> State[Any]:
    """The end state of a run, saying in one line what it did; None: somebody else did it."""
    if counts is None:
        return Cancelled(name="Skipped", message=TAKEN)
    told = ", ".join(f"{name}: {count}" for name, count in counts.items() if count)
    return Completed(message=told or NOTHING)


def _alone(kind: str, work: Work) -> dict[str, Any] | None:
    try:
        with alone(kind) as free:
            return work() if free else None
    except Exception as error:  # noqa: BLE001 -- the flow edge: what is told of it there holds nobody's data
        _log.error("clock_failed", clock=kind, exc_info=error)
        code = f" {error.code}" if isinstance(error, ShenbaoError) else ""
        raise WorkError(f"{type(error).__name__}{code}") from None
