"""What the holder of a receipt may do without signing in: read where the objection stands, add to it, take it back."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from models.base import new_id
from models.errors import ShenbaoError
from models.text import sentence
from ui import publishing_receipts as html
from ui.public_form import FRESH, Sent, came_from_our_form, csrf, host, language, sent, with_csrf
from ui.publishing import Secrets
from workflows.hearing.admitting import withdraw_objection
from workflows.hearing.docketing import add_evidence
from workflows.people import rate
from workflows.queries.docket import Status, objection_status

if TYPE_CHECKING:
    from starlette.requests import Request


def routes() -> list[BaseRoute]:
    """The pages of a receipt. Its number never stands in an address, which histories and logs keep."""
    return [
        Route("/objections", blank),
        Route("/objections", looked_up, methods=["POST"]),
        Route("/objections/evidence", added, methods=["POST"]),
        Route("/objections/withdrawal", withdrawn, methods=["POST"]),
    ]


async def blank(request: Request) -> Response:
    """GET /objections: the form that asks for a receipt."""
    return HTMLResponse(html.lookup(language(request)), headers=FRESH)


async def looked_up(request: Request) -> Response:
    """POST /objections: where it stands."""
    given = await sent(request)
    return await _answered(request, given.fields.get("receipt", ""))


async def added(request: Request) -> Response:
    """POST /objections/evidence: one more file."""
    given = await sent(request)
    if (no := _refused(request, given)) is not None:
        return no
    receipt, tongue = given.fields.get("receipt", ""), language(request)
    if not given.files:
        return await _answered(request, receipt, error=html.said("no_file", tongue))
    try:
        await run_in_threadpool(_add, given, receipt, host(request))
    except ShenbaoError as error:
        return await _answered(request, receipt, error=sentence(error, tongue), status=error.http_status)
    return await _answered(request, receipt, done=html.said("added", tongue))


async def withdrawn(request: Request) -> Response:
    """POST /objections/withdrawal: taken back, when it was meant."""
    given = await sent(request)
    if (no := _refused(request, given)) is not None:
        return no
    receipt, tongue = given.fields.get("receipt", ""), language(request)
    if "sure" not in given.fields:
        return await _answered(request, receipt, error=html.said("unsure", tongue))
    try:
        await run_in_threadpool(_withdraw, receipt, given.fields.get("key", "")[:64], host(request))
    except ShenbaoError as error:
        return await _answered(request, receipt, error=sentence(error, tongue), status=error.http_status)
    return await _answered(request, receipt, done=html.said("withdrawn_now", tongue))


def _add(given: Sent, receipt: str, address: str) -> None:
    rate.count(rate.Try(address, "receipt"))
    filename, content = given.files[0]
    add_evidence(None, receipt=receipt, filename=filename, content=content, key=given.fields.get("key", "")[:64])


def _withdraw(receipt: str, key: str, address: str) -> None:
    rate.count(rate.Try(address, "receipt"))
    withdraw_objection(None, receipt=receipt, key=key)


def _found(receipt: str, address: str) -> Status:
    """Count the try before anything is looked up: receipts are not guessed. Raises TooManyError, NotFoundError."""
    rate.count(rate.Try(address, "receipt"))
    return objection_status(None, receipt=receipt)


def _refused(request: Request, given: Sent) -> Response | None:
    if came_from_our_form(request, given.fields):
        return None
    said = html.said("expired", language(request))
    page = html.lookup(language(request), given.fields.get("receipt", "")[:40], said)
    return HTMLResponse(page, HTTPStatus.FORBIDDEN, headers=FRESH)


async def _answered(
    request: Request, receipt: str, *, done: str = "", error: str = "", status: int = HTTPStatus.OK
) -> Response:
    try:
        found = await run_in_threadpool(_found, receipt, host(request))
    except ShenbaoError as no:
        page = html.lookup(language(request), receipt[:40], sentence(no, language(request)))
        return HTMLResponse(page, no.http_status, headers=FRESH)
    token = csrf(request)
    page = html.status(found, Secrets(token, new_id()), language(request), done, error)
    return with_csrf(HTMLResponse(page, status, headers=FRESH), token)
