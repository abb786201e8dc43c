"""What anybody may do without signing in: read the public notices, and object to a name."""

from __future__ import annotations

import secrets as dice
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from models.base import new_id, new_token
from models.errors import InputError, NotFoundError, ShenbaoError
from models.text import sentence
from models.vocabulary import Ground
from ui import publishing
from ui.cookies import csrf_cookie, language_of, put
from ui.publishing import Draft, Secrets
from workflows import rate
from workflows.objections import object_to
from workflows.queries import public

if TYPE_CHECKING:
    from starlette.requests import Request

    from models.notice import Objection
    from workflows.queries.public import Candidate, Published

# A page that is the same for everybody, so that a proxy may keep it for a minute.
KEPT = {"Cache-Control": "public, max-age=60"}
FRESH = {"Cache-Control": "no-store"}
LONGEST_FORM = 65536  # bytes; 4,000 Chinese characters take 36,000 of them as a form sends them
LONGEST = {"objector": 60, "contact": 120}  # characters, as the columns hold


def routes() -> list[BaseRoute]:
    """The public pages."""
    return [
        Route("/notices", everything),
        Route("/notices/{id}", one),
        Route("/notices/{id}/objection", blank),
        Route("/notices/{id}/objection", objected, methods=["POST"]),
    ]


async def everything(request: Request) -> Response:
    """GET /notices: the list."""
    rows = await run_in_threadpool(public.published, None)
    return HTMLResponse(publishing.listing(rows, _language(request)), headers=KEPT)


async def one(request: Request) -> Response:
    """GET /notices/<id>: one notice."""
    shown = await _shown(request)
    if shown is None:
        return _missing(request)
    return HTMLResponse(publishing.notice(shown, _language(request)), headers=KEPT)


async def blank(request: Request) -> Response:
    """GET /notices/<id>/objection?line=2: the form to object to the second name."""
    shown = await _shown(request)
    about = _about(request, shown)
    if shown is None or about is None:
        return _missing(request)
    return _form(request, shown, about, Draft(), new_id())


async def objected(request: Request) -> Response:
    """POST /notices/<id>/objection?line=2: enter it, and answer with its receipt."""
    given = await _given(request)
    shown = await _shown(request)
    about = _about(request, shown)
    if shown is None or about is None:
        return _missing(request)
    draft = Draft(
        given.get("ground", ""),
        given.get("words", ""),
        given.get("objector", ""),
        given.get("contact", ""),
        signed="signed" in given,
    )
    key = given.get("key", "")[:64] or new_id()
    if not _came_from_our_form(request, given):
        said = publishing.said("expired", _language(request))
        return _form(request, shown, about, draft, key, error=said, status=HTTPStatus.FORBIDDEN)
    host = request.client.host if request.client else ""
    try:
        made = await run_in_threadpool(_enter, shown, about, draft, key, host)
    except ShenbaoError as error:
        said = sentence(error, _language(request))
        return _form(request, shown, about, draft, key, error=said, status=error.http_status)
    return HTMLResponse(publishing.receipt(shown, made, _language(request)), headers=FRESH)


def _enter(shown: Published, about: Candidate, draft: Draft, key: str, host: str) -> Objection:
    """Count the try, then object. Raises TooManyError, InputError, RefusedError."""
    rate.count(rate.Try(host, "objection"))
    for name, most in LONGEST.items():
        if (length := len(getattr(draft, name))) > most:
            raise InputError("too_long", field=name, length=length, most=most)
    if draft.ground not in list(Ground):
        raise InputError("not_a_choice", field="ground", given=draft.ground, known=list(Ground))
    return object_to(
        None,
        shown.notice.id,
        application_id=about.application_id,
        ground=Ground(draft.ground),
        words=draft.words,
        objector=draft.objector,
        contact=draft.contact,
        signed=draft.signed,
        key=key,
    )


async def _shown(request: Request) -> Published | None:
    try:
        return await run_in_threadpool(public.published_notice, None, request.path_params["id"])
    except NotFoundError:
        return None


def _about(request: Request, shown: Published | None) -> Candidate | None:
    """The name that the address points at by its place in the frozen list."""
    line = request.query_params.get("line", "")
    found = [] if shown is None else [c for c in shown.candidates if str(c.number) == line]
    return found[0] if found else None


def _form(
    request: Request, shown: Published, about: Candidate, draft: Draft, key: str, *,
    error: str = "", status: int = HTTPStatus.OK,
) -> Response:  # fmt: skip
    csrf = request.cookies.get(csrf_cookie()) or new_token()
    page = publishing.form(shown, about, draft, Secrets(csrf, key), _language(request), error)
    response = HTMLResponse(page, status, headers=FRESH)
    put(response, csrf_cookie(), csrf)
    return response


def _missing(request: Request) -> Response:
    page = publishing.missing(_language(request))
    return HTMLResponse(page, HTTPStatus.NOT_FOUND, headers=FRESH)


async def _given(request: Request) -> dict[str, str]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_FORM:
            return {}
    given = parse_qs(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=20)
    return {name: values[0] for name, values in given.items()}


def _came_from_our_form(request: Request, given: dict[str, str]) -> bool:
    """Double submit: only a page of this site can repeat what the cookie says."""
    kept = request.cookies.get(csrf_cookie(), "")
    return bool(kept) and dice.compare_digest(kept.encode(), given.get("csrf", "").encode())


def _language(request: Request) -> str:
    """By the address alone, so that what a proxy keeps is right for everybody."""
    return language_of(request.query_params.get("lang")) or "zh"
