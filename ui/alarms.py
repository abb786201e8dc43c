"""Where an alarm about the clocks comes in, and the look that a web face itself takes at them every minute."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from typing import TYPE_CHECKING

import structlog
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, PlainTextResponse, Response

from models.errors import BusyError, ShenbaoError
from models.secret import alarm_key
from workflows.clocks import alarms, readiness

if TYPE_CHECKING:
    from starlette.requests import Request

PATH = "/internal/alarm"
LOOK_EVERY = 60.0  # seconds
LONGEST = 4096  # bytes
# What a proxy adds: nothing from outside is an alarm of ours.
_PROXIED = ("x-forwarded-for", "x-forwarded-host", "x-real-ip", "forwarded")
_BORN = time.monotonic()
_log = structlog.get_logger(__name__)


async def alarm(request: Request) -> Response:
    """POST /internal/alarm, `{"alarm": "no_sweep" | "lost_worker", "run": name}`: 202 with how many were written to.

    For who brings `Authorization: Bearer` and the alarm's key; nobody else learns that there is such
    a page. The letters are carried after the answer, so that a slow mail server keeps nobody waiting.
    """
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    is_ours = secrets.compare_digest(given.encode(), (await run_in_threadpool(alarm_key)).encode())
    if not is_ours or any(name in request.headers for name in _PROXIED):
        return PlainTextResponse("not found\n", 404)
    body = (await request.body())[:LONGEST]
    try:
        said = json.loads(body)
        kind, run = alarms.Alarm(said["alarm"]), str(said.get("run") or "")
    except (ValueError, TypeError, KeyError, AttributeError):
        return JSONResponse({"code": "unknown_alarm"}, 422)
    told = await run_in_threadpool(_sounded, kind, run)
    return JSONResponse({"told": told}, 202, background=BackgroundTask(carry, told))


async def watch() -> None:
    """Look at the sweeps every minute for as long as this web face lives; a start is given the time to sweep once."""
    while True:
        await asyncio.sleep(LOOK_EVERY)
        if has_settled():
            await run_in_threadpool(look)


def look() -> None:
    """Look once: sound the alarm if no sweep completes, and carry its letters. Never raises for what it looks at."""
    try:
        carry(alarms.no_sweep())
    except ShenbaoError as error:
        _log.warning("not_watched", code=error.code)


def has_settled() -> bool:
    """Whether this process has lived long enough that the clocks beside it should have swept."""
    return time.monotonic() - _BORN > readiness.silence().total_seconds()


def carry(told: int) -> None:
    """Carry an alarm's letters; while the database is held, the next look will."""
    try:
        alarms.carry(told)
    except BusyError as error:
        _log.warning("alarm_not_carried", code=error.code)


def _sounded(kind: alarms.Alarm, run: str) -> int:
    if kind is alarms.Alarm.LOST_WORKER:
        return alarms.lost_worker(run)
    # Prefect counts from its own start; what our tables say of the sweeps decides.
    return alarms.no_sweep() if has_settled() else 0
