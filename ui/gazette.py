"""Numbered decisions in public: the list of them, and each with its annexed list by area."""

from __future__ import annotations

from html import escape
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from models import text
from models.errors import NotFoundError
from models.writing import tongue
from ui.public_form import FRESH, KEPT, language
from ui.publishing import page
from workflows.queries import decided
from workflows.rules import privacy

if TYPE_CHECKING:
    from starlette.requests import Request

    from workflows.queries.decided import Area, Document, Issued, Told

TEXT = {
    "title": ("命名决定", "Decisions"),
    "none": ("目前没有决定。", "There are no decisions."),
    "not_found": ("没有找到这份决定。", "This decision could not be found."),
    "office": ("发文单位", "Issued by"),
    "body": ("决定机构", "Decided by"),
    "meeting_on": ("会议日期", "Meeting"),
    "kind": ("文件类别", "What it does"),
    "hash": ("名单指纹（SHA-256）", "Hash of the list (SHA-256)"),
    "reason": ("理由", "Reason"),
    "return_by": ("牌匾证书交回日期", "Plates and certificates back by"),
    "corrects": ("更正的决定", "Puts right"),
    "withdraws": ("撤回的决定", "Withdraws"),
    "corrected_by": ("已由后文更正", "Put right by"),
    "withdrawn_by": ("已由后文撤回", "Withdrawn by"),
    "number": ("称号编号", "Title number"),
    "subject": ("名称", "Name"),
    "leader_name": ("领衔人", "Leader"),
    "organization_name": ("所在单位", "Unit"),
    "before": ("原为", "Stood"),
    "after": ("更正为", "Reads now"),
    "count": ("{n}项", "{n} names"),
    "all": ("名单", "List"),
}
_COLUMNS = ("number", "subject", "leader_name", "organization_name", "before", "after")


def routes() -> list[BaseRoute]:
    """The public pages of decisions."""
    return [Route("/decisions", everything), Route("/decisions/{id}", one)]


async def everything(request: Request) -> Response:
    """GET /decisions: the list."""
    rows = await run_in_threadpool(decided.public_decisions, None)
    return HTMLResponse(_listing(rows, language(request)), headers=KEPT)


async def one(request: Request) -> Response:
    """GET /decisions/<id>: one decision."""
    told = language(request)
    try:
        shown = await run_in_threadpool(decided.public_decision, None, request.path_params["id"])
    except NotFoundError:
        body = f"<p>{_said('not_found', told)}</p>"
        return HTMLResponse(page(_said("title", told), "/decisions", body, told), HTTPStatus.NOT_FOUND, headers=FRESH)
    return HTMLResponse(_document(shown, told), headers=KEPT)


def _said(key: str, lang: str) -> str:
    return TEXT[key][tongue(lang)]


def _listing(rows: list[Issued], lang: str) -> str:
    items = "".join(
        f'<li><a href="/decisions/{escape(row.id)}?lang={lang}">{escape(row.number)}</a><span>'
        + escape(" · ".join((row.office, text.label(row.kind, lang), text.day(row.meeting_on, lang))))
        + "</span></li>"
        for row in rows
    )
    body = f'<ul class="list">{items}</ul>' if rows else f"<p>{_said('none', lang)}</p>"
    return page(_said("title", lang), "/decisions", body, lang)


def _document(shown: Document, lang: str) -> str:
    row = shown.decision
    comma = "、" if lang != "en" else ", "
    facts = {
        "office": shown.office, "body": row.body, "meeting_on": text.day(row.meeting_on, lang),
        "kind": text.label(row.kind, lang), "corrects": shown.corrects, "withdraws": shown.withdraws,
        "corrected_by": comma.join(shown.corrected_by), "withdrawn_by": comma.join(shown.withdrawn_by),
        "reason": privacy.public(row.reason), "return_by": text.day(row.return_by, lang) if row.return_by else "",
        "hash": row.annex_hash,
    }  # fmt: skip
    head = "".join(f"<div><dt>{_said(k, lang)}</dt><dd>{escape(v)}</dd></div>" for k, v in facts.items() if v)
    areas = "".join(_area(area, lang) for area in shown.areas)
    return page(row.number, f"/decisions/{row.id}", f"<dl>{head}</dl>{areas}", lang)


def _area(area: Area, lang: str) -> str:
    called = area.area or (area.result or {}).get(lang, "") or _said("all", lang)
    shown = [name for name in _COLUMNS if any(getattr(line, name) for line in area.lines)]
    header = "".join(f"<th scope=col>{_said(name, lang)}</th>" for name in shown)
    lines = "".join(_line(line, shown, lang) for line in area.lines)
    count = _said("count", lang).format(n=len(area.lines))
    table = f"<table><thead><tr>{header}</tr></thead><tbody>{lines}</tbody></table>"
    return f"<h2>{escape(called)}（{count}）</h2>{table}"


def _line(line: Told, shown: list[str], lang: str) -> str:
    cells = (f'<td data-name="{_said(name, lang)}">{escape(getattr(line, name))}</td>' for name in shown)
    return f"<tr>{''.join(cells)}</tr>"
