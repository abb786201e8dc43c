"""The page of a receipt as HTML: where an objection stands, in general words that name nobody."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from models import text
from models.writing import tongue
from ui.publishing import page

if TYPE_CHECKING:
    from ui.publishing import Secrets
    from workflows.queries.docket import Status

TEXT = {
    "title": ("异议查询", "Objection by receipt"),
    "intro": (
        "输入受理回执编号（16位数字），可查询办理情况、补充证据，或撤回异议。",
        "Type the sixteen digits of your receipt to see where your objection stands, to add evidence or take it back.",
    ),
    "receipt": ("受理回执编号", "Receipt"),
    "look": ("查询", "Look it up"),
    "state": ("办理情况", "Where it stands"),
    "received_on": ("收到日期", "Received"),
    "due_on": ("应办结日期", "Next step due by"),
    "settled_on": ("办结日期", "Settled"),
    "papers": ("已收证据", "Evidence on file"),
    "joined": (
        "对同一事项另有异议在办，一并核查，分别答复。",
        "Another objection about the same matter is open. They are looked into together and answered each.",
    ),
    "evidence": ("补充证据（10MB以内：PDF、JPG、PNG、DOCX）", "Add evidence (10 MB: PDF, JPG, PNG, DOCX)"),
    "add": ("补充证据", "Add"),
    "sure": ("我要撤回这件异议", "I take this objection back"),
    "withdraw": ("撤回异议", "Take it back"),
    "added": ("证据已收到。", "The evidence was received."),
    "withdrawn_now": ("异议已撤回。", "The objection was taken back."),
    "unsure": ("请先勾选“我要撤回这件异议”。", "Please tick “I take this objection back” first."),
    "no_file": ("请先选择文件。", "Please choose a file first."),
    "expired": ("页面已过期，请重新查询。", "This page had expired. Please look it up again."),
}
STATES = {
    "lead": ("已作为线索留存，不影响公示。", "Kept as a lead; the notice goes on."),
    "investigating": ("已受理，正在核查。", "Admitted; it is being investigated."),
    "reported": ("核查完毕，正在研究处理。", "Investigated; it is being settled."),
    "dismissed": ("经核查，异议不成立。", "Investigated and not upheld."),
    "partly": ("经核查，异议部分成立，不影响资格。", "Upheld in part, without effect on the application."),
    "upheld": ("经核查，异议成立，已按规定处理。", "Upheld, and acted on."),
    "withdrawn": ("已由异议人撤回。", "Taken back by its objector."),
    "correction": ("更正申请正在核对。", "The correction asked for is being checked."),
    "corrected": ("名单已更正。", "The list was put right."),
    "not_corrected": ("经核对，名单无误，不作更正。", "Checked: the list is right as it stands."),
}


def said(key: str, language: str) -> str:
    """One of our texts."""
    return TEXT[key][tongue(language)]


def lookup(language: str, receipt: str = "", error: str = "") -> str:
    """The form that asks for a receipt."""
    alert = f'<p class="alert" role="alert">{escape(error)}</p>' if error else ""
    body = (
        f'<p class="note">{said("intro", language)}</p>{alert}'
        f'<form method="post" action="/objections?lang={language}">'
        f'<label for="receipt">{said("receipt", language)}</label>'
        f'<input id="receipt" name="receipt" value="{escape(receipt)}" inputmode="numeric" autocomplete="off">'
        f'<button type="submit">{said("look", language)}</button></form>'
    )
    return page(said("title", language), "/objections", body, language)


def status(found: Status, secrets: Secrets, language: str, done: str = "", error: str = "") -> str:
    """Where one objection stands, and what its holder may do."""
    alert = f'<p class="alert" role="alert">{escape(error)}</p>' if error else ""
    news = f'<p class="note" role="status">{escape(done)}</p>' if done else ""
    facts = {
        "receipt": found.receipt,
        "state": STATES[found.code][tongue(language)],
        "received_on": text.day(found.received_on, language),
        "due_on": text.day(found.due_on, language) if found.due_on else "",
        "settled_on": text.day(found.settled_on, language) if found.settled_on else "",
        "papers": str(found.papers),
    }
    rows = "".join(f"<div><dt>{said(k, language)}</dt><dd>{escape(v)}</dd></div>" for k, v in facts.items() if v)
    why = f'<p class="note">{escape(text.explain(found.why, {}, language))}</p>' if _explains(found) else ""
    joined = f'<p class="note">{said("joined", language)}</p>' if found.joined else ""
    body = f"{news}{alert}<dl>{rows}</dl>{why}{joined}{_adding(found, secrets, language)}"
    return page(said("title", language), "/objections", body + _withdrawing(found, secrets, language), language)


def _explains(found: Status) -> bool:
    return bool(found.why) and found.code == "lead"


def _hidden(found: Status, secrets: Secrets) -> str:
    return "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in (("csrf", secrets.csrf), ("key", secrets.key), ("receipt", found.receipt))
    )


def _adding(found: Status, secrets: Secrets, language: str) -> str:
    if not found.may_add:
        return ""
    return (
        f'<form method="post" enctype="multipart/form-data" action="/objections/evidence?lang={language}">'
        f'{_hidden(found, secrets)}<label for="evidence">{said("evidence", language)}</label>'
        '<input id="evidence" name="evidence" type="file" accept=".pdf,.jpg,.jpeg,.png,.docx">'
        f'<button type="submit">{said("add", language)}</button></form>'
    )


def _withdrawing(found: Status, secrets: Secrets, language: str) -> str:
    if not found.may_withdraw:
        return ""
    return (
        f'<form method="post" action="/objections/withdrawal?lang={language}">{_hidden(found, secrets)}'
        f'<label class="check"><input type="checkbox" name="sure" value="1"> {said("sure", language)}</label>'
        f'<button type="submit">{said("withdraw", language)}</button></form>'
    )
