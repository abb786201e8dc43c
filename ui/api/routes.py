"""The routes: a question is a GET, a verb a POST; a token says for whom, the tables do the rest."""

from __future__ import annotations

import base64
import binascii
import inspect
import json
from typing import TYPE_CHECKING, Any

import structlog
from limits import RateLimitItemPerMinute
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from models.errors import BrokenError, InputError, ShenbaoError, SignedOutError
from models.settings import settings
from ui import upload_quota
from ui.answers import as_json
from ui.api import pace
from ui.api.openapi import document
from ui.api.problems import LongBodyError, NoSuchPageError, WrongMethodError, problem
from workflows import table
from workflows.people import rate, sessions, tokens
from workflows.record.verb import QUERIES, VERBS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from workflows.people.tokens import Bearer

ROOT = "/api/v1"
MEDIA = "application/json"
DRY_RUN, CLICK = "dry_run", "idempotency-key"
WRONG_TOKENS = RateLimitItemPerMinute(10, 5, "token")
_MB = 2**20
_log = structlog.get_logger(__name__)


def routes() -> list[BaseRoute]:
    """All of the API; whatever else lies below it is answered as a problem too."""
    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    return [
        Route(f"{ROOT}/openapi.json", openapi),
        Route(f"{ROOT}/ask/{{name}}", _guarded("GET", _asked), methods=methods),
        Route(f"{ROOT}/do/{{name}}", _guarded("POST", _done), methods=methods),
        Route("/api/{rest:path}", _guarded("GET", _nowhere), methods=methods),
    ]


async def openapi(_request: Request) -> Response:
    """The OpenAPI 3.1 document, made from the verbs' own signatures; it holds nobody's data."""
    told = await run_in_threadpool(document)
    return Response(told, media_type=MEDIA, headers={"Cache-Control": "public, max-age=300"})


def _guarded(method: str, answer: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint whose every refusal is a problem, and whose surprises are logged and told as nothing more."""

    async def inner(request: Request) -> Response:
        try:
            _require_method(request, method)
            return await answer(request)
        except ShenbaoError as error:
            return problem(request, error)
        except Exception as error:  # noqa: BLE001 -- the edge of the process
            _log.error("api_failed", path=request.url.path, exc_info=error)
            return problem(request, BrokenError("broken"))

    return inner


def _require_method(request: Request, method: str) -> None:
    asked = "GET" if request.method == "HEAD" else request.method
    if asked != method:
        raise WrongMethodError("wrong_method", allowed=method)


async def _nowhere(_request: Request) -> Response:
    raise NoSuchPageError("no_such_page")


async def _asked(request: Request) -> Response:
    """GET /api/v1/ask/{question}: arguments in the query; what begins with [ or { is JSON."""
    return await run_in_threadpool(_ask, request)


def _ask(request: Request) -> Response:
    name = request.path_params["name"]
    bearer = _bearer(request)
    table.require("question", name)
    bearer.require(tokens.ASK, name)
    given = {key: _read(key, value) for key, value in request.query_params.items()}
    return _answer(table.ask(name, bearer.actor, given))


async def _done(request: Request) -> Response:
    """POST /api/v1/do/{verb}: arguments as a JSON object; `?dry_run=true` tells what would happen."""
    # Nobody's megabytes are read before it is known who sends them.
    bearer = await run_in_threadpool(_doer, request)
    body = await _body(request)
    return await run_in_threadpool(_do, request, bearer, body)


def _doer(request: Request) -> Bearer:
    name, bearer = request.path_params["name"], _bearer(request)
    table.require("verb", name)
    bearer.require(tokens.DO, name)
    if _bytes_of(name):
        upload_quota.charge_base64(bearer.actor.id, request.headers)
    return bearer


def _do(request: Request, bearer: Bearer, body: bytes) -> Response:
    name = request.path_params["name"]
    given = _arguments(name, body)
    bearer.require(tokens.DO, name, given)
    if (click := request.headers.get(CLICK)) is not None:
        if "key" not in inspect.signature(inspect.unwrap(VERBS[name])).parameters:
            raise InputError("no_click_key", verb=name)
        given["key"] = click
    if _is_dry(request):
        return _answer(QUERIES["plan"](bearer.actor, verb=name, arguments=given))
    return _answer(table.do(name, bearer.actor, given))


def _bearer(request: Request) -> Bearer:
    """Whom the token of a request stands for; who tries many wrong ones waits."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.casefold() != "bearer" or not token.strip():
        raise SignedOutError("token_refused")
    try:
        found = tokens.bearer(token.strip())
    except SignedOutError:
        # Apart from tries to sign in: a program with an old token must not shut its whole office out.
        rate.spend(WRONG_TOKENS, rate.place_of(request.client.host if request.client else ""))
        raise
    pace.count(sessions.sid_of(token.strip()))
    return found


async def _body(request: Request) -> bytes:
    # A file in base64 is a third longer than it is.
    most = settings().max_upload_mb * 2
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most * _MB:
            raise LongBodyError("body_too_long", most=most)
    return bytes(body)


def _arguments(name: str, body: bytes) -> dict[str, Any]:
    try:
        given = json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:
        raise InputError("body_unreadable") from error
    if not isinstance(given, dict):
        raise InputError("body_unreadable")
    return {key: _decoded(key, value) if key in _bytes_of(name) else value for key, value in given.items()}


def _bytes_of(name: str) -> set[str]:
    """The arguments of a verb that are a file."""
    return {key for key, field in table.form_of(VERBS[name]).model_fields.items() if field.annotation is bytes}


def _decoded(field: str, value: object) -> bytes:
    try:
        return base64.b64decode(str(value), validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputError("not_base64", field=field) from error


def _is_dry(request: Request) -> bool:
    given = request.query_params.get(DRY_RUN, "false")
    if given not in ("true", "false"):
        raise InputError("argument", field=DRY_RUN, given=given[:60], expected="bool")
    return given == "true"


def _read(field: str, value: str) -> Any:
    if value[:1] not in ("[", "{"):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError) as error:
        raise InputError("json", field=field, given=value[:60]) from error


def _answer(value: Any) -> Response:
    return Response(as_json(value), media_type=MEDIA, headers={"Cache-Control": "no-store"})
