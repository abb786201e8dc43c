"""Papers and lists as downloads: for whoever may see what they hold, and for nobody else."""

from __future__ import annotations

import tempfile
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from models.errors import ShenbaoError
from models.text import sentence
from models.writing import tongue
from ui.cookies import LANGUAGE_COOKIE, language_of
from ui.files import POLICY, disposition
from ui.gate import SID
from ui.printing import framed
from workflows import papers
from workflows.batches import exporting
from workflows.people import sessions

if TYPE_CHECKING:
    from starlette.requests import Request

    from workflows.record.acting import Actor

HEADERS = {"Content-Security-Policy": POLICY, "Cache-Control": "private, no-store"}
NO_STORE = {"Cache-Control": "private, no-store"}
TEXT = {
    "refused": ("不能打印", "This cannot be printed"),
    "web": ("改用网页打印版", "Use the printable web page"),
}


async def paper(request: Request) -> Response:
    """GET /papers/<kind>/<id>?form=xlsx: a paper of the record; missing and foreign look the same."""
    return await run_in_threadpool(_paper, request)


async def exported(request: Request) -> Response:
    """GET /export/<list>.<csv|xlsx>?desk=...: a list as a file, with the arguments that it needs."""
    return await run_in_threadpool(_exported, request)


def _paper(request: Request) -> Response:
    actor = sessions.actor_of(request.headers.get(SID, ""))
    if actor is None:
        return RedirectResponse("/login", 303)
    kind, thing_id = request.path_params["kind"], request.path_params["id"]
    try:
        made = papers.paper(actor, kind, thing_id, request.query_params.get("form", "pdf"))
    except ShenbaoError as error:
        return _refused(request, actor, error, f"/print/{thing_id}" if kind == "form" else "")
    headers = HEADERS | {"Content-Disposition": disposition(made.name)}
    return Response(made.content, media_type=made.media_type, headers=headers)


def _exported(request: Request) -> Response:
    actor = sessions.actor_of(request.headers.get(SID, ""))
    if actor is None:
        return RedirectResponse("/login", 303)
    name, _, form = request.path_params["list"].casefold().partition(".")
    language = _language(request, actor)
    folder = tempfile.TemporaryDirectory(prefix="shenbao-")
    try:
        file = Path(folder.name) / f"list.{exporting.form_of(form)}"
        exporting.export(actor, name, file, dict(request.query_params), language=language)
    except ShenbaoError as error:
        folder.cleanup()
        return _refused(request, actor, error, "")
    headers = HEADERS | {"Content-Disposition": disposition(f"{name}.{form}")}
    return FileResponse(file, media_type=exporting.FORMS[form], headers=headers,
                        background=BackgroundTask(folder.cleanup))  # fmt: skip


def _refused(request: Request, actor: Actor, error: ShenbaoError, other: str) -> Response:
    """Why there is no paper, in words, and the other way to print where there is one."""
    language = _language(request, actor)
    link = f'<p><a href="{escape(other)}">{_said("web", language)}</a></p>' if other else ""
    lines = "".join(f"<p>{escape(line)}</p>" for line in sentence(error, language).split("\n"))
    return HTMLResponse(framed(_said("refused", language), lines + link, language), error.http_status, headers=NO_STORE)


def _said(name: str, language: str) -> str:
    return TEXT[name][tongue(language)]


def _language(request: Request, actor: Actor) -> str:
    return language_of(request.cookies.get(LANGUAGE_COOKIE)) or actor.language
