"""What anybody may do without signing in: read the public notices, and object to a name."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from models.base import new_id
from models.errors import InputError, NotFoundError, ShenbaoError
from models.text import sentence
from models.vocabulary import Ground
from ui import publishing
from ui.public_form import FRESH, KEPT, Sent, came_from_our_form, csrf, host, language, sent, with_csrf
from ui.publishing import TYPING, Draft, Secrets
from workflows.hearing import docketing
from workflows.hearing.correcting import ask_correction
from workflows.hearing.objections import object_to
from workflows.people import rate
from workflows.queries import public
from workflows.queries.docket import receipt_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from models.notice import Objection
    from workflows.queries.public import Candidate, Published

LONGEST = {"objector": 60, "contact": 120, "value": 120}  # characters, as the columns hold
# What is frozen may be kept for a year.
LASTING = {"Cache-Control": "public, max-age=31536000, immutable"}


def routes() -> list[BaseRoute]:
    """The public pages."""
    return [
        Route("/notices", everything),
        Route("/notices/{id}", one),
        Route("/notices/{id}/list.json", frozen),
        Route("/notices/{id}/objection", blank),
        Route("/notices/{id}/objection", objected, methods=["POST"]),
    ]


async def everything(request: Request) -> Response:
    """GET /notices: the list."""
    rows = await run_in_threadpool(public.published, None)
    return HTMLResponse(publishing.listing(rows, language(request)), headers=KEPT)


async def one(request: Request) -> Response:
    """GET /notices/<id>: one notice."""
    shown = await _shown(request)
    if shown is None:
        return _missing(request)
    return HTMLResponse(publishing.notice(shown, language(request)), headers=KEPT)


async def blank(request: Request) -> Response:
    """GET /notices/<id>/objection?line=2: the form to object to the second name."""
    shown = await _shown(request)
    about = _about(request, shown)
    if shown is None or about is None:
        return _missing(request)
    return _form(request, shown, about, Draft(), new_id())


async def frozen(request: Request) -> Response:
    """GET /notices/<id>/list.json: the very bytes that the list's hash was taken of; they never change."""
    try:
        told = await run_in_threadpool(public.notice_verify, None, request.path_params["id"])
    except NotFoundError:
        return _missing(request)
    headers = {**LASTING, "ETag": f'"{told.snapshot_hash}"'}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(told.text, headers=headers, media_type="application/json")


async def objected(request: Request) -> Response:
    """POST /notices/<id>/objection?line=2: enter it, and answer with its receipt."""
    given = await sent(request)
    shown = await _shown(request)
    about = _about(request, shown)
    if shown is None or about is None:
        return _missing(request)
    draft, key = _draft(given.fields), given.fields.get("key", "")[:64] or new_id()
    if not came_from_our_form(request, given.fields):
        said = publishing.said("expired", language(request))
        return _form(request, shown, about, draft, key, error=said, status=HTTPStatus.FORBIDDEN)
    try:
        made, receipt = await run_in_threadpool(_enter, shown, about, draft, key, given, host(request))
    except ShenbaoError as error:
        said = sentence(error, language(request))
        return _form(request, shown, about, draft, key, error=said, status=error.http_status)
    return HTMLResponse(publishing.receipt(shown, made, receipt, language(request)), headers=FRESH)


def _draft(given: dict[str, str]) -> Draft:
    names = ("ground", "words", "objector", "contact", "field", "value")
    return Draft(**{name: given.get(name, "") for name in names}, signed="signed" in given)


def _enter(
    shown: Published, about: Candidate, draft: Draft, key: str, given: Sent, address: str
) -> tuple[Objection, str]:
    """Count the try, look at every file, then object; the objection and its receipt.

    Raises TooManyError, InputError, RefusedError; of a file that will not do, before anything is entered.
    """
    rate.count(rate.Try(address, "objection"))
    for name, most in LONGEST.items():
        if (length := len(getattr(draft, name))) > most:
            raise InputError("too_long", field=name, length=length, most=most)
    if draft.ground not in (*Ground, TYPING):
        raise InputError("not_a_choice", field="ground", given=draft.ground, known=list(Ground))
    for filename, content in given.files:
        docketing.accepted(filename, content)
    who: dict[str, Any] = {"application_id": about.application_id, "objector": draft.objector,
                           "contact": draft.contact, "key": key}  # fmt: skip
    if draft.ground == TYPING:
        made = ask_correction(None, shown.notice.id, field=draft.field, value=draft.value, words=draft.words, **who)
    else:
        made = object_to(None, shown.notice.id, ground=Ground(draft.ground), words=draft.words, signed=draft.signed,
                         **who)  # fmt: skip
    receipt = receipt_of(made.id)
    for n, (filename, content) in enumerate(given.files):
        docketing.add_evidence(None, receipt=receipt, filename=filename, content=content, key=f"{key}-{n}")
    return made, receipt


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
    token = csrf(request)
    page = publishing.form(shown, about, draft, Secrets(token, key), language(request), error)
    return with_csrf(HTMLResponse(page, status, headers=FRESH), token)


def _missing(request: Request) -> Response:
    page = publishing.missing(language(request))
    return HTMLResponse(page, HTTPStatus.NOT_FOUND, headers=FRESH)
