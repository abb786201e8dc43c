"""The gate before every request: whose it is, whence it comes, and what it may reach."""

from __future__ import annotations

import json
from contextlib import suppress
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote, urlsplit

from anyio import CapacityLimiter, to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.websockets import WebSocket
from structlog.contextvars import bind_contextvars

from models.errors import ShenbaoError, TooManyError
from models.settings import settings
from ui import upload_quota
from ui.cookies import is_secure, session_cookie
from workflows.people import sessions

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

IDENTITY = "x-shenbao-"  # the prefix of headers that only the gate may set
SID = f"{IDENTITY}sid"
OPEN = (
    "/login", "/logout", "/forgot", "/language", "/healthz", "/readyz", "/metrics", "/favicon.png", "/notices",
    "/objections", "/decisions", "/internal/alarm", "/appearance", "/appearance.css", "/register",
)  # fmt: skip
# Streamlit's bundles hold no data; behind the gate an open tab with an ended session would break.
OPEN_FOLDERS = (
    "/api/", "/welcome/", "/static/", "/assets/", "/verify/", "/notices/", "/objections/", "/decisions/", "/register/",
    "/login/with/",
)  # fmt: skip
# What an open tab needs to show our own notice that its session has ended.
LAST_WORDS = ("/_stcore/health", "/_stcore/host-config", "/_stcore/stream")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
# Looking up a cookie takes 0.3 ms; the limit keeps a stuck database from taking every thread.
_THREADS = 8
Standing = Literal["live", "ended", "none"]


class Gate:
    """Pure ASGI: wraps Streamlit's routes and ours alike, HTTP and WebSocket."""

    def __init__(self, app: ASGIApp, *, policy: str) -> None:
        """`policy` is the Content-Security-Policy of pages that bring none of their own."""
        self._app = app
        self._policy = policy
        self._limiter: CapacityLimiter | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through with the identity that its cookie proves, or answer it here."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        told = _dressed(send, self._policy)
        try:
            await self._pass(scope, receive, told)
        except Exception as error:
            # Starlette's own answer to a surprise is given outside the gate, without its shield.
            if scope["type"] == "http":
                with suppress(RuntimeError):  # an answer had begun already
                    await _json(*_surprise(error))(scope, receive, told)
            raise

    async def _pass(self, scope: Scope, receive: Receive, told: Send) -> None:
        answer, sid = await self._judge(scope, Headers(scope=scope))
        if answer is None:
            await self._go_on({**scope, "headers": _identified(scope, sid)}, receive, told)
        elif scope["type"] == "websocket":
            await WebSocket(scope, receive, told).send_denial_response(answer)
        else:
            await answer(scope, receive, told)

    async def _go_on(self, scope: Scope, receive: Receive, told: Send) -> None:
        if not upload_quota.applies(scope):
            await self._app(scope, receive, told)
            return
        try:
            await self._app(scope, upload_quota.bounded(receive), told)
        except upload_quota.LongUploadError as error:
            with suppress(RuntimeError):  # an answer had begun already
                await _refusal(error)(scope, receive, told)

    async def _judge(self, scope: Scope, headers: Headers) -> tuple[Response | None, str | None]:
        """The answer that ends the request here, or the session that it goes on with."""
        if not _from_our_pages(scope, headers):
            return PlainTextResponse("cross-origin request refused\n", 403), None
        if "\x00" in scope["path"]:  # no address of ours holds what no database keeps
            return PlainTextResponse("there is no such address\n", 400), None
        try:
            standing, sid = await self._standing(headers, scope)
        except ShenbaoError as error:
            if _is_open(scope["path"]):
                return None, None
            return _refusal(error), None
        if standing == "live":
            return None, sid
        if _is_open(scope["path"]) or (standing == "ended" and scope["path"] in LAST_WORDS):
            return None, None
        return _turned_away(scope, headers), None

    async def _standing(self, headers: Headers, scope: Scope) -> tuple[Standing, str | None]:
        token = token_of(headers)
        if token is None:
            return "none", None
        if self._limiter is None:
            self._limiter = CapacityLimiter(_THREADS)
        sid = sessions.sid_of(token)
        found = await to_thread.run_sync(sessions.visit, sid, limiter=self._limiter)
        if found is None:
            return "none", None
        bind_contextvars(actor=found.account_id)
        if found.live and upload_quota.applies(scope):
            await to_thread.run_sync(upload_quota.charge, found.account_id, headers, limiter=self._limiter)
        return ("live", sid) if found.live else ("ended", None)


def token_of(headers: Headers) -> str | None:
    """The session's token that a request carries."""
    try:
        jar = SimpleCookie("; ".join(headers.getlist("cookie")))
    except CookieError:
        return None
    crumb = jar.get(session_cookie())
    return crumb.value if crumb is not None and crumb.value else None


def _is_open(path: str) -> bool:
    return path in OPEN or path.startswith(OPEN_FOLDERS)


def _identified(scope: Scope, sid: str | None) -> list[tuple[bytes, bytes]]:
    """The headers without any identity that the client made up, with the one we know."""
    prefix = IDENTITY.encode()
    # A proxy or WSGI-minded server may read an underscore as a hyphen.
    kept = [(k, v) for k, v in scope["headers"] if not k.lower().replace(b"_", b"-").startswith(prefix)]
    return kept if sid is None else [*kept, (SID.encode(), sid.encode())]


def _from_our_pages(scope: Scope, headers: Headers) -> bool:
    """Whether this is no cross-site request that could change or overhear something.

    Asked before Streamlit does: its own check calls a foreign host in the event loop.
    """
    if scope["type"] == "http" and scope["method"] in SAFE_METHODS:
        return True
    origins = headers.getlist("origin")
    if not origins:
        return True  # no browser: it always names the origin of a POST or a WebSocket
    return len(origins) == 1 and _is_ours(origins[0], headers.get("host", ""))


def _is_ours(origin: str, host: str) -> bool:
    public = urlsplit(settings().public_url)
    given = urlsplit(origin)
    if not given.netloc:  # "null": a sandboxed frame, a file, a page that hides where it is
        return False
    if (given.scheme, given.netloc) == (public.scheme, public.netloc):
        return True
    return given.netloc == host and given.scheme in (("https",) if is_secure() else ("http", "https"))


def _turned_away(scope: Scope, headers: Headers) -> Response:
    if scope["type"] == "websocket":
        return PlainTextResponse("signed out\n", 403)
    if scope["method"] in ("GET", "HEAD") and "text/html" in headers.get("accept", ""):
        return RedirectResponse(f"/login?next={quote(_asked_for(scope), safe='/')}", 303)
    return _json({"code": "signed_out"}, 401)


def _asked_for(scope: Scope) -> str:
    query = scope.get("query_string", b"").decode("latin-1")
    path = quote(scope["path"], safe="/")
    return f"{path}?{query}" if query else path


def _surprise(error: Exception) -> tuple[dict[str, str], int]:
    """What is told of an error that nobody expected: the code of ours, nothing of others."""
    if isinstance(error, ShenbaoError):
        return {"code": error.code}, error.http_status
    return {"code": "broken"}, 500


def _refusal(error: ShenbaoError) -> Response:
    """A refusal of ours: its code, and when to come back."""
    answer = _json({"code": error.code}, error.http_status)
    if isinstance(error, TooManyError):
        answer.headers["Retry-After"] = str(error.details["seconds"])
    if isinstance(error, upload_quota.LongUploadError):
        answer.headers["Connection"] = "close"  # the rest of its body is not read
    return answer


def _json(content: dict[str, str], status: int) -> Response:
    # A server that saw an error closes the connection; the client should know.
    headers = {"Connection": "close"} if status >= HTTPStatus.INTERNAL_SERVER_ERROR else None
    return Response(json.dumps(content), status, headers, media_type="application/json")


def _dressed(send: Send, policy: str) -> Send:
    """A `send` that adds what every answer needs, refusals included."""

    async def dressed(message: Message) -> None:
        if message["type"] in ("http.response.start", "websocket.http.response.start"):
            message.setdefault("headers", [])
            _dress(MutableHeaders(scope=message), policy)
        await send(message)

    return dressed


def _dress(headers: MutableHeaders, policy: str) -> None:
    headers.setdefault("Content-Security-Policy", policy)
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers["X-Content-Type-Options"] = "nosniff"
    headers.setdefault("X-Frame-Options", "DENY")  # evidence is framed by the page beside it: ui/files.py
    # Not "no-referrer": a browser then sends our own forms with the origin "null".
    headers["Referrer-Policy"] = "same-origin"
    if not is_secure():
        return
    headers["Strict-Transport-Security"] = "max-age=31536000"
    crumbs = headers.getlist("set-cookie")
    del headers["set-cookie"]
    for crumb in crumbs:
        headers.append("set-cookie", _secured(crumb))


def _secured(crumb: str) -> str:
    """A cookie with Secure: Streamlit never sets it behind a proxy that speaks TLS for it."""
    attributes = {part.strip().casefold() for part in crumb.split(";")[1:]}
    return crumb if "secure" in attributes else f"{crumb}; Secure"
