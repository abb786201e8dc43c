"""The printed form: what was filled in, each tier's opinion box, and the marks that tell a copy from a draft."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from models import text
from models.errors import NotFoundError
from models.vocabulary import Rung, State
from models.writing import tongue
from ui.cookies import LANGUAGE_COOKIE, language_of
from ui.gate import SID
from workflows.papers.form import last_words
from workflows.people import sessions
from workflows.queries import applications, lists, review
from workflows.rules import forms

if TYPE_CHECKING:
    from starlette.requests import Request

    from models.application import Review
    from models.programme import FieldRule, Programme
    from workflows.queries.applications import Whole
    from workflows.record.acting import Actor

HEADERS = {"Cache-Control": "private, no-store"}
TEXT = {
    "form": ("申报表", "Application form"),
    "receipt": ("受理编号", "Receipt number"),
    "hash": ("内容指纹（SHA-256）", "Content hash (SHA-256)"),
    "version": ("版本", "Version"),
    "unit": ("申报单位", "Applying unit"),
    "draft": ("草稿，未提交", "DRAFT, NOT SUBMITTED"),
    "files": ("附件", "Attachments"),
    "opinions": ("各级意见", "Opinions"),
    "opinion_of": ("{name}意见", "Opinion of {name}"),
    "seal": ("（盖章）", "Seal:"),
    "date": ("　　　　年　　月　　日", " ____________ Date: ____________"),
    "own": ("申报单位意见", "Opinion of the applying unit"),
    "not_found": ("没有找到这份申报。", "This application could not be found."),
}


async def page(request: Request) -> Response:
    """GET /print/<id>: the form of an application the reader may see; missing and foreign look the same."""
    return await run_in_threadpool(_page, request)


def _page(request: Request) -> Response:
    actor = sessions.actor_of(request.headers.get(SID, ""))
    if actor is None:
        return RedirectResponse("/login", 303)
    language = language_of(request.cookies.get(LANGUAGE_COOKIE)) or actor.language
    try:
        whole = applications.application(actor, request.path_params["id"])
    except NotFoundError:
        return HTMLResponse(framed(said("not_found", language), "", language), 404, headers=HEADERS)
    return HTMLResponse(form(actor, whole, lists.rules_of(whole.round.id), language), headers=HEADERS)


def said(name: str, language: str) -> str:
    """One of this page's own words."""
    return TEXT[name][tongue(language)]


def form(actor: Actor, whole: Whole, rules: Programme, language: str) -> str:
    """The whole form as HTML: answers, files, and one opinion box for each tier of its way.

    A box holds what the tier wrote in its review, so that paper and record never differ; one that
    the reader may not see yet, or that is still to come, is left blank for the seal.
    """
    row = whole.application
    head = {"receipt": row.receipt or text.MISSING, "unit": whole.unit.name, "version": str(row.version),
            "hash": row.content_hash or text.MISSING}  # fmt: skip
    facts = "".join(f"<div><dt>{said(k, language)}</dt><dd>{escape(v)}</dd></div>" for k, v in head.items())
    mark = f'<p class="alert">{said("draft", language)}</p>' if row.state is State.DRAFT else ""
    body = f"{mark}<dl>{facts}</dl><table>{_answers(whole, rules, language)}</table>"
    body += f"<h2>{said('files', language)}</h2><ul>{_files(whole, rules, language)}</ul>"
    body += f"<h2>{said('opinions', language)}</h2><table>{_boxes(actor, whole, language)}</table>"
    title = f"{rules.name.in_(language)} · {said('form', language)}"
    return framed(title, body, language)


def _answers(whole: Whole, rules: Programme, language: str) -> str:
    known = forms.counting(rules, whole.application.answers)
    asked = [f for f in rules.fields if f.name in known or f.when is None or f.when.holds(known)]
    return "".join(
        f"<tr><th scope=row>{escape(f.label.in_(language))}</th><td>{_answer(f, known.get(f.name), language)}</td></tr>"
        for f in asked
    )


def _answer(rule: FieldRule, value: object, language: str) -> str:
    """An answer as people read it, its lines kept."""
    if value in (None, ""):
        return text.MISSING
    if isinstance(value, bool):
        return escape(text.label(str(value), language))
    if rule.kind == "money" and isinstance(value, int):
        return escape(text.yuan(value))
    if rule.kind == "date":
        return escape(text.day(str(value), language))
    if value in rule.choices and rule.choice_labels:
        return escape(rule.choice_labels[rule.choices.index(str(value))].in_(language))
    return escape(str(value)).replace("\n", "<br>")


def _files(whole: Whole, rules: Programme, language: str) -> str:
    called = {slot.name: slot.label.in_(language) for slot in rules.slots}
    return "".join(
        f"<li>{escape(called.get(f.slot, f.slot))}：{escape(f.filename)}<small> {f.sha256[:12]}</small></li>"
        for f in whole.files
    )


def _boxes(actor: Actor, whole: Whole, language: str) -> str:
    """The unit's box and one for each desk on the way, from the last check or recommendation there."""
    route = [(Rung(rung), desk) for rung, desk in whole.application.route]
    names = review.names(actor, codes=[desk for _, desk in route]) if route else {}
    last = last_words(whole.reviews)
    boxes: list[tuple[str, Review | None]] = [(said("own", language), None)]
    boxes += [(said("opinion_of", language).format(name=names[desk]), last.get(desk)) for _, desk in route]
    return "".join(_box(title, found, language) for title, found in boxes)


def _box(title: str, found: Review | None, language: str) -> str:
    if found is None:
        words, when = "", said("seal", language) + said("date", language)
    else:
        apart = ("　", " · ")[tongue(language)]
        words = f"{text.label(found.outcome, language)}{apart}{found.opinion}"
        when = f"{said('seal', language)}{apart}{text.moment(found.at, language)}"
    return (
        f'<tr class="box"><th scope=row>{escape(title)}</th>'
        f"<td>{escape(words)}<p>{escape(when)}</p></td></tr>"
    )  # fmt: skip


def framed(title: str, body: str, language: str) -> str:
    """A page of ours around something to read or print."""
    return (
        f'<!doctype html><html lang="{"en" if language == "en" else "zh-CN"}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title>"
        '<link rel="icon" href="/assets/mark.svg" type="image/svg+xml">'
        '<link rel="stylesheet" href="/appearance.css"><link rel="stylesheet" href="/assets/public.css"></head>'
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
