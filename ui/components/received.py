"""A list that came up from below: its minutes, opened, accepted in writing, or given back."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import streamlit as st

from models.vocabulary import Act, SlateState, Thing
from ui.attempt import ask, attempt
from ui.components import acts, ahead, keys, uploads, words
from ui.components.words import plain, t
from workflows.listing import minutes, returning, slates
from workflows.queries import lists

if TYPE_CHECKING:
    from models.slate import Slate
    from workflows.queries.lists import WholeSlate
    from workflows.record.acting import Actor

_LATEST = (SlateState.DRAFTING, SlateState.SEALED, SlateState.IN_NOTICE, SlateState.SENT_UP)


def papers(actor: Actor, row: Slate, *, own: bool) -> None:
    """The meeting's words, who signed, the files; and what the tier above did with the list."""
    if row.minutes:
        st.text(t(f"会议记录：{row.minutes}", f"Minutes: {row.minutes}"))
    if row.signatories:
        st.text(t("签名：", "Signed by: ") + "、".join(row.signatories))
    for paper in ask(minutes.slate_papers, actor, row.id) or ():
        st.link_button(plain(paper.filename), f"/files/{paper.id}", icon=":material/download:")
    for one in ask(returning.slate_dealings, actor, row.id) or ():
        said = one.body.get("words") or one.body.get("reason") or ""
        n = len(one.body.get("applications") or ())
        part = t(f"（{n}名）", f" ({n} names)") if n else ""
        st.text(f"{words.label(one.act)}{part} · {words.moment(one.at)} · {one.who} {said}")
    if own and row.state in _LATEST:
        _attach(actor, row)


def _attach(actor: Actor, row: Slate) -> None:
    file = st.file_uploader(
        t("会议纪要扫描件（pdf、jpg、png）", "Signed minutes (pdf, jpg, png)"), type=list(minutes.KINDS),
        key=f"minutes:{row.id}:{row.version}",
    )  # fmt: skip
    if file is None:
        return
    key = hashlib.sha256(f"minutes {file.file_id}".encode()).hexdigest()[:40]
    if attempt(minutes.attach_minutes, actor, row.id, filename=file.name, content=file.getvalue(), seen=row.version,
               key=key, done=t("会议纪要已附上", "The minutes are attached")) is not None:  # fmt: skip
        uploads.forget([file])
        st.rerun()


def dealt_with(actor: Actor, whole: WholeSlate) -> None:
    """Open, accept, give back: each button says why it is grey."""
    row = whole.slate
    if acts.why_not(actor, Act.OPEN, Thing.SLATE, row) is None:
        acts.consequences(t("启动受理后，下级不能再撤回这份名单。", "Once opened, it cannot be recalled."))
    with st.container(horizontal=True):
        _open(actor, row)
        for act, said, body in (
            (Act.ACCEPT, t("书面接收", "Accept in writing"), _accept),
            (Act.SEND_DOWN, t("退回下级", "Send down"), _send_down),
        ):
            reason = acts.why_not(actor, act, Thing.SLATE, row)
            if acts.button(said, reason, key=f"slate:{row.id}:{row.version}:{act}"):
                acts.dialog(said, body, actor, row.id)


def _open(actor: Actor, row: Slate) -> None:
    reason = acts.why_not(actor, Act.OPEN, Thing.SLATE, row)
    key = keys.token("open", row.id, row.version)
    if (
        acts.button(t("启动受理", "Open"), reason, key=f"open:{key}")
        and attempt(slates.open_slate, actor, row.id, seen=row.version, key=key, done=t("已启动受理", "Opened"))
        is not None
    ):
        st.rerun()


def _accept(actor: Actor, slate_id: str) -> None:
    row = lists.slate(actor, slate_id).slate
    key = keys.token("accept", row.id, row.version)
    with acts.keeping(actor, row, "accept"), st.form(f"form:{key}", border=False):
        said = st.text_area(t("接收意见", "Words"), max_chars=500, key=f"words:{key}")
        sent = acts.send(t("书面接收", "Accept in writing"))
    if sent and attempt(returning.accept, actor, row.id, seen=row.version, words=said, key=key,
                        done=t("已书面接收", "Accepted")) is not None:  # fmt: skip
        st.rerun()


def _send_down(actor: Actor, slate_id: str) -> None:
    """The whole list, or the names that are picked, each with one fault in words."""
    whole = lists.slate(actor, slate_id)
    row, key = whole.slate, keys.token("send-down", whole.slate.id, whole.slate.version)
    named = {p.application_id: plain(f"{p.rank} {p.subject}") for p in whole.places if not p.reserve}
    picked = st.multiselect(
        t("退回哪些（不选即整份退回）", "Which names (none: the whole list)"), list(named),
        format_func=lambda one: named[one], key=f"names:{key}",
    )  # fmt: skip
    rules = lists.rules_of(row.round_id)
    labels = {field.name: field.label.in_(words.spoken()) for field in rules.fields}
    labels |= {slot.name: slot.label.in_(words.spoken()) for slot in rules.slots}
    if not picked:
        ahead.shown(actor, "send-down", slate_id=row.id, seen=row.version, reason="—")
    with acts.keeping(actor, row, "send-down"), st.form(f"form:{key}", border=False):
        faults = {one: _fault(named[one], labels, f"{key}:{one}") for one in picked}
        reason = st.text_area(t("退回理由（必填）", "Reason (required)"), max_chars=500, key=f"reason:{key}")
        sent = acts.send(t("退回下级", "Send down"))
    names = [{"application": one, "faults": [fault]} for one, fault in faults.items()] or None
    if sent and attempt(returning.send_down, actor, row.id, seen=row.version, reason=reason, names=names, key=key,
                        labels=labels, done=t("已退回下级", "Sent down")) is not None:  # fmt: skip
        st.rerun()


def _fault(name: str, labels: dict[str, str], key: str) -> dict[str, str]:
    field = st.selectbox(
        t(f"{name}：需更正的内容", f"{name}: what to correct"), list(labels),
        format_func=lambda one: plain(labels[one]), key=f"field:{key}",
    )  # fmt: skip
    said = st.text_input(t(f"{name}：说明（必填）", f"{name}: words (required)"), max_chars=500, key=f"fault:{key}")
    return {"field": field, "words": said}
