"""Seats that are asked for: whom an office has to answer, and where one's own wish lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ui.attempt import attempt
from ui.components import keys, words
from ui.components.words import t
from workflows.people import seat_requests

if TYPE_CHECKING:
    from workflows.people.seat_requests import Request, Wished
    from workflows.record.acting import Actor


def to_settle(actor: Actor, root: str) -> None:
    """Who waits for a seat below a union, each with the two answers; nothing when nobody does."""
    rows = seat_requests.registrations(actor, root=root)
    if not rows:
        return
    st.subheader(t(f"任职申请（{len(rows)}）", f"Seats asked for ({len(rows)})"))
    st.caption(t("请核实身份后办理；同意即增加任职，都会寄信告知本人。",
                 "Make sure who they are. To grant gives the seat; a letter tells them either way."))  # fmt: skip
    for row in rows:
        _settle(actor, row)


def count(actor: Actor, root: str) -> int:
    """How many wait for a seat below a union, 100 at most."""
    return len(seat_requests.registrations(actor, root=root))


def own(actor: Actor) -> None:
    """One's own wishes for seats and what became of them; who holds none can ask for one here."""
    rows = seat_requests.my_seat_requests(actor)
    shown = [row for row in rows if row.settled_at is None or not actor.seats]
    for row in shown:
        _told(row)
    if not actor.seats:
        with st.expander(t("申请任职", "Ask for a seat"), icon=":material/add:"):
            _ask(actor)


def _settle(actor: Actor, row: Request) -> None:
    key = keys.token("registration", row.id)
    with st.container(border=True):
        st.text(f"{row.name} <{row.email}>\n{row.organization_name} · {words.label(row.role)} · "
                f"{words.moment(row.asked_at)}")  # fmt: skip
        if row.note:
            st.text(row.note)
        with st.form(f"registration:{key}", border=False):
            reason = st.text_input(t("不同意的理由", "Reason, to refuse"), max_chars=seat_requests.LONGEST_REASON,
                                   key=f"reason:{key}")  # fmt: skip
            with st.container(horizontal=True):
                granted = st.form_submit_button(t("同意", "Grant"), type="primary", key=f"grant:{key}")
                refused = st.form_submit_button(t("不同意", "Refuse"), key=f"refuse:{key}")
    if granted or refused:
        done = t("已同意，任职已增加。", "Granted.") if granted else t("已告知本人。", "They are told.")
        if attempt(seat_requests.settle_registration, actor, row.id, is_granted=granted,
                   reason="" if granted else reason, key=key, done=done) is not None:  # fmt: skip
            st.rerun()


def _told(row: Wished) -> None:
    seat = f"{row.organization_name} · {words.label(row.role)}"
    if row.settled_at is None:
        since = words.moment(row.asked_at)
        st.info(words.plain(t(f"{seat}：任职申请等待{row.office_name}办理，{since}提出。",
                              f"{seat}: asked for on {since}; it waits for {row.office_name}.")))  # fmt: skip
    elif not row.is_granted:
        st.warning(words.plain(t(f"{seat}：任职申请没有同意。理由：{row.reason}",
                                 f"{seat}: refused. Reason: {row.reason}")))  # fmt: skip


def _ask(actor: Actor) -> None:
    key = keys.token("ask-seat")
    with st.form(f"ask-seat:{key}", border=False):
        code = st.text_input(t("统一社会信用代码（18位）", "Unified social credit code"), key=f"code:{key}")
        role = st.selectbox(t("身份", "As"), seat_requests.ROLES, format_func=words.label, key=f"role:{key}")
        note = st.text_area(t("说明", "Note"), max_chars=seat_requests.LONGEST_NOTE, key=f"note:{key}")
        sent = st.form_submit_button(t("申请", "Ask"), type="primary", key=f"ask:{key}")
    if sent:
        done = t("申请已提出。", "It is asked for.")
        if attempt(seat_requests.ask_seat, actor, organization_code=code, role=role, note=note, done=done) is not None:
            keys.spend(key)
            st.rerun()
