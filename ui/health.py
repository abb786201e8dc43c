"""What machines ask: whether the process lives, whether it can serve people, how much waits."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Gauge, generate_latest
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, PlainTextResponse, Response

from models.errors import ShenbaoError
from models.settings import settings
from workflows.clocks import readiness
from workflows.clocks.gauges import Gauges, gauges

if TYPE_CHECKING:
    from starlette.requests import Request

REFUSED = Counter("shenbao_sign_ins_refused", "Sign-ins refused by this process, by reason", ["reason"])
_NUMBERS = ("cases_waiting", "deadlines_overdue", "letters_waiting", "letters_dead", "oldest_letter_seconds",
            "invariants_broken", "set_aside")  # fmt: skip


async def healthz(_request: Request) -> Response:
    """200 as long as the process answers."""
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


async def readyz(_request: Request) -> Response:
    """200 when people can be let in, 503 with the reasons when not; all else is told and keeps nobody out."""
    found = await run_in_threadpool(readiness.look)
    status = 200 if found.ready else 503
    answer = {"ready": found.ready, **found._asdict()}
    return JSONResponse(answer, status, headers={"Cache-Control": "no-store"})


async def metrics(request: Request) -> Response:
    """Prometheus' text, for who brings the token of `SHENBAO_METRICS_TOKEN`; without one there is no such page."""
    token = settings().metrics_token.get_secret_value()
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if not token or not secrets.compare_digest(given.encode(), token.encode()):
        return PlainTextResponse("not found\n", 404)
    return Response(await run_in_threadpool(_exposed), media_type=CONTENT_TYPE_LATEST)


def _exposed() -> bytes:
    """This process's own counters, and what the database says; without it only `shenbao_up 0`."""
    registry = CollectorRegistry()
    up = Gauge("shenbao_up", "Whether the database answered", registry=registry)
    try:
        found = gauges()
    except ShenbaoError:
        return generate_latest(registry) + generate_latest(REGISTRY)
    up.set(1)
    _fill(registry, found)
    return generate_latest(registry) + generate_latest(REGISTRY)


def _fill(registry: CollectorRegistry, found: Gauges) -> None:
    for name in _NUMBERS:
        Gauge(f"shenbao_{name}", name.replace("_", " "), registry=registry).set(getattr(found, name))
    queue = Gauge("shenbao_queue_length", "Cases that wait at the desks of a tier", ["tier"], registry=registry)
    for tier, n in found.waiting_by_tier.items():
        queue.labels(tier).set(n)
    age = Gauge("shenbao_run_age_seconds", "Since a clock of this kind last finished", ["kind"], registry=registry)
    for kind, seconds in found.run_age_seconds.items():
        age.labels(kind).set(seconds)
