"""What the code on a certificate leads to: whether the title is in force, for anybody who holds the paper."""

from __future__ import annotations

from html import escape
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from models import text
from models.errors import NotFoundError
from models.writing import tongue
from ui.cookies import language_of
from ui.printing import framed
from workflows.queries import papers

if TYPE_CHECKING:
    from starlette.requests import Request

    from workflows.queries.papers import Checked

KEPT = {"Cache-Control": "public, max-age=60"}
TEXT = {
    "title": ("证书核验", "Certificate check"),
    "none": (
        "没有这份证书。请核对证书上的网址，或向命名单位询问。",
        "There is no such certificate. Please check the address on it, or ask the union that named it.",
    ),
    "state": ("状态", "Status"),
    "number": ("证书编号", "Number"),
    "called": ("称号", "Title"),
    "name": ("名称", "Name"),
    "leader": ("领衔人", "Leader"),
    "unit": ("单位", "Unit"),
    "office": ("命名单位", "Named by"),
    "document": ("命名文件", "Document"),
    "named_on": ("命名日期", "Named on"),
    "valid_until": ("有效期至", "Valid until"),
}


async def page(request: Request) -> Response:
    """GET /verify/<id>?lang=en: a title's standing, the same for everybody."""
    language = language_of(request.query_params.get("lang")) or "zh"
    try:
        found = await run_in_threadpool(papers.checked, request.path_params["id"])
    except NotFoundError:
        body = f"<p>{_said('none', language)}</p>"
        return HTMLResponse(framed(_said("title", language), body, language), HTTPStatus.NOT_FOUND, headers=KEPT)
    return HTMLResponse(framed(_said("title", language), _facts(found, language), language), headers=KEPT)


def _facts(found: Checked, language: str) -> str:
    days = {name: getattr(found, name) for name in ("named_on", "valid_until")}
    told = {
        "state": text.label(found.state, language), "number": found.number, "called": found.called.in_(language),
        "name": found.name, "leader": found.leader, "unit": found.unit, "office": found.office,
        "document": found.document, **{name: text.day(on, language) if on else "" for name, on in days.items()},
    }  # fmt: skip
    lines = (f"<div><dt>{_said(k, language)}</dt><dd>{escape(v)}</dd></div>" for k, v in told.items() if v)
    return f"<dl>{''.join(lines)}</dl>"


def _said(name: str, language: str) -> str:
    return TEXT[name][tongue(language)]
