"""Every request under a name of its own, and one line about it: what was asked, by whose id, how it ended."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from structlog.contextvars import bound_contextvars

from models import logs
from models.base import new_id

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

NAME = "x-request-id"
_GIVEN = re.compile(r"[A-Za-z0-9_-]{8,64}")
_ID = re.compile(r"[0-9a-f]{32}")
# Asked by machines all day long, or by a page for its own parts: told only when something is wrong.
SILENT = ("/static/", "/assets/", "/healthz", "/readyz", "/metrics", "/favicon.png")
PARTS = "/_stcore/"
WRONG = 500


class Trace:
    """Pure ASGI, outermost: names a request, and tells of it when it is over."""

    def __init__(self, app: ASGIApp, *, words: frozenset[str]) -> None:
        """`words` are the parts of our own addresses; what else stands in a path may be anything, and is not told."""
        self._app = app
        self._words = words

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through with its name in the answer and in every line written meanwhile."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(NAME, "")
        name = given if _GIVEN.fullmatch(given) else new_id()
        begun, status = time.perf_counter(), 0

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                status = message["status"]
                message.setdefault("headers", [])
                MutableHeaders(scope=message)[NAME] = name
            elif message["type"] == "websocket.accept":
                status = 101
            await send(message)

        with bound_contextvars(request=name):
            try:
                await self._app(scope, receive, named)
            finally:
                self._tell(scope, status, begun)

    def _tell(self, scope: Scope, status: int, begun: float) -> None:
        path = scope["path"]
        if (path.startswith(SILENT) or (PARTS in path and scope["type"] == "http")) and status < WRONG:
            return
        ms = round((time.perf_counter() - begun) * 1000, 1)
        logs.tell("request", method=scope.get("method", "WS"), path=self._told(path), status=status, ms=ms)

    def _told(self, path: str) -> str:
        """The path without what somebody may have typed into it."""
        parts = path.split("/")
        return "/".join(part if not part or part in self._words or _ID.fullmatch(part) else "…" for part in parts)


def words_of(paths: list[str]) -> frozenset[str]:
    """The fixed parts of our addresses."""
    return frozenset(part for path in paths for part in path.split("/") if part and not part.startswith("{"))
