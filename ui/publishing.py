"""The public pages as HTML: a notice, its list, the form to object, and the receipt."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

from models import text
from models.settings import settings
from models.vocabulary import Ground, NoticeState
from models.writing import tongue
from workflows.hearing.correcting import FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.notice import Objection
    from workflows.queries.public import Candidate, Listed, Published

_KEPT = '<script src="/assets/kept.js" defer></script>'
TYPING = "typing"  # beside the grounds of an objection: a typing error, for the corrections
TEXT = {
    "product": ("工会申报", "Union Applications"),
    "notices": ("公示", "Public notices"),
    "other_language": ("English", "中文"),
    "appearance": ("显示设置", "Appearance"),
    "skip": ("跳到正文", "Skip to the page"),
    "address": ("本页网址：", "Address of this page: "),
    "sign_in": ("登录", "Sign in"),
    "decisions": ("命名决定", "Decisions"),
    "objections": ("异议查询", "Objection by receipt"),
    "none": ("目前没有公示。", "There are no public notices."),
    "not_found": ("没有找到这份公示。", "This notice could not be found."),
    "office": ("公示单位", "Published by"),
    "days": ("公示期", "From – to"),
    "how": ("期限计算", "How it is counted"),
    "places": ("同时公示于", "Also shown at"),
    "hash": ("名单指纹（SHA-256）", "Hash of the list (SHA-256)"),
    "frozen": ("名单原文，可自行计算指纹", "The list as it was hashed, to be checked by anybody"),
    "correcting": (
        "名称、姓名、单位写错的，请选“错别字更正”，只作更正，不按异议处理。",
        "For a typing error in a name or unit choose “Typing error”: it is put right, and is no dispute.",
    ),
    "typing": ("错别字更正", "Typing error"),
    "field": ("哪一处写错（只用于错别字更正）", "What is misspelt (for a typing error only)"),
    "value": ("应为（只用于错别字更正）", "Should read (for a typing error only)"),
    "evidence": (
        "证据（可不附；最多5份，每份10MB以内：PDF、JPG、PNG、DOCX）",
        "Evidence (optional; up to 5 files of 10 MB: PDF, JPG, PNG, DOCX)",
    ),
    "evidence_note": (
        "证据会交推荐单位核查，请勿在其中写明您的身份。",
        "Evidence goes to the investigating union. Please keep your own name out of it.",
    ),
    "number": ("序号", "No."),
    "subject": ("名称", "Name"),
    "leader": ("领衔人", "Leader"),
    "unit": ("所在单位", "Unit"),
    "area": ("地区", "Area"),
    "recommended": ("推荐单位", "Recommended by"),
    "object": ("提出异议", "Object"),
    "corrected": ("更正：{before} → {after}", "Corrected: {before} → {after}"),
    "about": ("异议对象", "About"),
    "note": (
        (
            "署真实姓名的异议将被受理核查；匿名反映作为线索留存，不影响公示。"
            "您的姓名和联系方式只供受理单位使用，不会公开，也不会告知被反映人。"
        ),
        (
            "Signed objections are investigated; unsigned ones are kept as leads. Your name and "
            "contact are for the receiving union only and are never shown to anybody else."
        ),
    ),
    "ground": ("异议事由", "Ground"),
    "words": ("事实和理由（不超过4000字）", "Facts and reasons (at most 4,000 characters)"),
    "objector": ("您的姓名", "Your name"),
    "contact": ("联系方式", "How to reach you"),
    "signed": (
        "我以真实姓名提出，并对内容的真实性负责",
        "I sign this with my real name and answer for its truth",
    ),
    "send": ("提交异议", "Send"),
    "back": ("返回公示", "Back to the notice"),
    "received": ("异议已收到", "Your objection was received"),
    "keep": (
        "受理回执编号（凭此查询结果、补充证据或撤回；只显示这一次，请记下或打印本页）：",
        "Receipt. By it you learn the outcome, add evidence or take it back. It is shown this once: note or print it.",
    ),
    "look_up": ("查询办理情况", "See where it stands"),
    "received_at": ("收到时间", "Received"),
    "heard": (
        "已受理，将由推荐单位核查，并由公示单位作出处理。",
        "It will be investigated by the recommending union and settled by the publishing one.",
    ),
    "expired": (
        "页面已过期，您填写的内容已保留，请再次提交。",
        "This page had expired. What you wrote is kept: please send it again.",
    ),
}


class Draft(NamedTuple):
    """What somebody has typed into the form so far."""

    ground: str = ""
    words: str = ""
    objector: str = ""
    contact: str = ""
    field: str = ""
    value: str = ""
    signed: bool = False


class Secrets(NamedTuple):
    """The form's hidden fields: against foreign pages, and against a second click."""

    csrf: str
    key: str


def said(key: str, language: str) -> str:
    """One of our texts."""
    return TEXT[key][tongue(language)]


def listing(rows: list[Listed], language: str) -> str:
    """The list of notices."""
    items = "".join(
        f'<li><a href="{_to(row.id, language)}">{escape(row.round_name)}</a>'
        f"<span>{escape(row.office)} · {_days(row, language)} · "
        f"{escape(text.label(row.state, language))}</span></li>"
        for row in rows
    )
    body = f'<ul class="list">{items}</ul>' if rows else f"<p>{said('none', language)}</p>"
    return page(said("notices", language), "/notices", body, language)


def notice(shown: Published, language: str) -> str:
    """One notice with its list."""
    row = shown.notice
    facts = {
        "office": shown.office,
        "days": f"{_days(row, language)}（{text.label(row.state, language)}）",
        "hash": row.snapshot_hash,
    }
    path = f"/notices/{row.id}"
    if shown.places:
        facts["places"] = ("、", ", ")[language == "en"].join(place.in_(language) for place in shown.places)
    if language != "en":  # the derivation is kept in Chinese only
        facts["how"] = row.derivation
    head = "".join(
        f"<div><dt>{said(name, language)}</dt><dd>{escape(value)}</dd></div>" for name, value in facts.items()
    )
    columns = ("number", "subject", "leader", "unit", "area", "recommended", "object")
    names = [said(name, language) for name in columns if name != "object" or _is_open(shown)]
    header = "".join(f"<th scope=col>{name}</th>" for name in names)
    lines = "".join(_line(shown, each, language) for each in shown.candidates)
    table = f"<table><thead><tr>{header}</tr></thead><tbody>{lines}</tbody></table>"
    check = f'<p><a href="{path}/list.json">{said("frozen", language)}</a></p>'
    return page(shown.round_name, path, f"<dl>{head}</dl>{table}{check}", language)


def form(shown: Published, about: Candidate, draft: Draft, secrets: Secrets, language: str, error: str) -> str:
    """The form to object to one name; what was typed is put back in."""
    path = f"/notices/{shown.notice.id}/objection"
    alert = f'<p class="alert" role="alert">{escape(error)}</p>' if error else ""
    grounds = _options({**{each: text.label(each, language) for each in Ground}, TYPING: said("typing", language)},
                       draft.ground)  # fmt: skip
    fields = {"": "—", **{name: said(name.split("_")[0] if name != "organization_name" else "unit", language)
                          for name in FIELDS}}  # fmt: skip
    body = (
        f"<p>{said('about', language)}：<b>{escape(about.subject)}</b>"
        f"（{escape(about.leader_name)}，{escape(about.organization_name)}）</p>"
        f'<p class="note">{said("note", language)}<br>{said("correcting", language)}</p>{alert}'
        f'<form method="post" enctype="multipart/form-data" action="{path}?lang={language}&amp;line={about.number}" '
        f'data-kept="objection:{escape(shown.notice.id)}:{about.number}">'
        f'<input type="hidden" name="csrf" value="{escape(secrets.csrf)}">'
        f'<input type="hidden" name="key" value="{escape(secrets.key)}">'
        f'<label for="ground">{said("ground", language)}</label>'
        f'<select id="ground" name="ground">{grounds}</select>'
        f'<label for="words">{said("words", language)}</label>'
        f'<textarea id="words" name="words" rows="8">{escape(draft.words)}</textarea>'
        f'<label for="field">{said("field", language)}</label>'
        f'<select id="field" name="field">{_options(fields, draft.field)}</select>'
        f"{_input('value', draft.value, 'off', language)}"
        f'<label for="evidence">{said("evidence", language)}</label>'
        '<input id="evidence" name="evidence" type="file" multiple accept=".pdf,.jpg,.jpeg,.png,.docx">'
        f"<small>{said('evidence_note', language)}</small>"
        f"{_input('objector', draft.objector, 'name', language)}"
        f"{_input('contact', draft.contact, 'tel', language)}"
        f'<label class="check"><input type="checkbox" name="signed" value="1"'
        f"{' checked' if draft.signed else ''}> {said('signed', language)}</label>"
        f'<button type="submit">{said("send", language)}</button></form>'
        f'<p><a href="{_to(shown.notice.id, language)}">{said("back", language)}</a></p>{_KEPT}'
    )
    return page(said("object", language), f"{path}?line={about.number}", body, language)


def receipt(shown: Published, made: Objection, number: str, language: str) -> str:
    """What the objector keeps: the number, when it came, and what happens now."""
    fate = said("heard", language) if made.inadmissible is None else text.explain(made.inadmissible, {}, language)
    body = (
        f"<p>{said('keep', language)}</p><p class=number>{escape(number)}</p>"
        f"<p>{said('office', language)}：{escape(shown.office)}</p>"
        f"<p>{said('received_at', language)}：{text.moment(made.received_at, language)}</p>"
        f'<p class="note">{escape(fate)}</p>'
        f'<p><a href="/objections?lang={language}">{said("look_up", language)}</a></p>'
        f'<p data-forget="objection:{escape(shown.notice.id)}:">'
        f'<a href="{_to(shown.notice.id, language)}">{said("back", language)}</a></p>{_KEPT}'
    )
    return page(said("received", language), f"/notices/{shown.notice.id}", body, language)


def missing(language: str, why: str = "not_found") -> str:
    """There is no such notice, or nothing more to be done about it."""
    return page(said("notices", language), "/notices", f"<p>{said(why, language)}</p>", language)


def _line(shown: Published, each: Candidate, language: str) -> str:
    notes = "".join(
        "<small>" + escape(said("corrected", language).format(before=k.before, after=k.after)) + "</small>"
        for k in each.corrected
    )
    notes += "".join(
        f"<small>{escape(more['label'][language])}：{escape(more['value'][language])}</small>" for more in each.shows
    )
    cells: Mapping[str, str] = {
        "number": str(each.number),
        "subject": escape(each.subject) + notes,
        "leader": escape(each.leader_name),
        "unit": escape(each.organization_name),
        "area": escape(each.area),
        "recommended": escape(each.recommended_by),
    }
    row = "".join(f'<td data-name="{said(name, language)}">{cell}</td>' for name, cell in cells.items())
    if _is_open(shown):
        path = f"/notices/{shown.notice.id}/objection?lang={language}&amp;line={each.number}"
        row += f'<td><a href="{path}">{said("object", language)}</a></td>'
    return f"<tr>{row}</tr>"


def _is_open(shown: Published) -> bool:
    return shown.notice.state is NoticeState.OPEN


def _days(row: Listed | object, language: str) -> str:
    first, last = row.first_day, row.last_day  # type: ignore[union-attr]  # a notice or its line
    return f"{text.day(first, language)} – {text.day(last, language)}"


def _options(choices: Mapping[str, str], chosen: str) -> str:
    return "".join(
        f'<option value="{each}"{" selected" if each == chosen else ""}>{escape(label)}</option>'
        for each, label in choices.items()
    )


def _input(name: str, value: str, fill: str, language: str) -> str:
    return (
        f'<label for="{name}">{said(name, language)}</label>'
        f'<input id="{name}" name="{name}" value="{escape(value)}" autocomplete="{fill}">'
    )


def _to(notice_id: str, language: str) -> str:
    return f"/notices/{escape(notice_id)}?lang={language}"


def page(title: str, path: str, body: str, language: str) -> str:
    """A whole page for everybody: the way to the notices, decisions and receipts, and to the other language."""
    other = "zh" if language == "en" else "en"
    joint = "&amp;" if "?" in path else "?"
    here = f"{path}{'&' if '?' in path else '?'}lang={language}"
    look = "/appearance?" + urlencode({"lang": language, "next": here})
    return (
        f'<!doctype html><html lang="{"en" if language == "en" else "zh-CN"}"><head>'
        '<meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · {said('product', language)}</title>"
        '<link rel="icon" href="/assets/mark.svg" type="image/svg+xml">'
        '<link rel="stylesheet" href="/appearance.css"><link rel="stylesheet" href="/assets/public.css"></head><body>'
        f'<a class="skip" href="#content">{said("skip", language)}</a>'
        f'<header><a class="brand" href="/notices?lang={language}">'
        '<img src="/assets/mark.svg" width="32" height="32" alt="">'
        f"{said('product', language)} · {said('notices', language)}</a>"
        f'<nav><a href="/decisions?lang={language}">{said("decisions", language)}</a>'
        f'<a href="/objections?lang={language}">{said("objections", language)}</a>'
        f'<a href="{escape(path)}{joint}lang={other}">{said("other_language", language)}</a>'
        f'<a href="{escape(look)}">{said("appearance", language)}</a>'
        f'<a href="/login">{said("sign_in", language)}</a></nav></header>'
        f'<main id="content" tabindex="-1"><h1>{escape(title)}</h1>{body}'
        f'<p class="printed">{said("address", language)}{escape(settings().public_url)}{escape(path)}</p>'
        "</main></body></html>"
    )
