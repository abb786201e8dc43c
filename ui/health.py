"""What machines ask: /healthz whether the process lives, /readyz whether it can serve people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from workflows import readiness

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


async def healthz(_request: Request) -> Response:
    """200 as long as the process answers."""
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


async def readyz(_request: Request) -> Response:
    """200 when people can be let in, 503 with the reasons when not."""
    found = await run_in_threadpool(readiness.look)
    status = 200 if found.ready else 503
    answer = {"ready": found.ready, **found._asdict()}
    return JSONResponse(answer, status, headers={"Cache-Control": "no-store"})
