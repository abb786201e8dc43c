"""The ranking as text: for whoever types faster than they drag, ties in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

import streamlit as st

from ui.attempt import ask, attempt
from ui.components import acts, keys
from ui.components.words import t
from workflows.listing import ranking_texts

if TYPE_CHECKING:
    from models.round import Round
    from workflows.record.acting import Actor


def as_text(actor: Actor, desk: str, window: Round, board: str) -> None:
    """Edit the list as text; what is saved is ranked by the same rules as the table."""
    with st.expander(t("以文字编辑排序", "Edit the ranking as text")):
        told = ask(ranking_texts.ranking_as_text, actor, round_id=window.id, organization_code=desk)
        if told is None:
            return
        st.caption(t(
            "每行“名次 = 受理编号 名称”，得分写在行末方括号内；与上一行并列只写“=”。",
            "One line each: “place = receipt name”, the score in square brackets at its end; “=” alone ties.",
        ))  # fmt: skip
        key = keys.token("rank-text", f"{desk}:{window.id}", told.seen)
        _renew(f"text:{key}", f"{board}:printed", told.text)
        place = acts.kept(actor, about(desk, window.id, told.text), told.seen, "over-ranking")
        with place, st.form(f"form:{key}", border=False):
            text = st.text_area(t("排序文字", "Ranking"), height=260, key=f"text:{key}")
            sent = st.form_submit_button(t("按文字保存", "Save the text"), type="primary")
        if sent and attempt(ranking_texts.rank_by_text, actor, round_id=window.id, organization_code=desk, text=text,
                            seen=told.seen, key=key,
                            done=t("排序已保存", "The ranking is saved")) is not None:  # fmt: skip
            st.session_state.pop(board, None)
            st.rerun()


def about(desk: str, round_id: str, printed: str) -> str:
    """What a text that was typed over `printed` is kept under: over any other text it is not put.

    The list's version alone does not tell: before there is a list, and for each new one, it is the same again, while
    candidates come and go.
    """
    return f"{desk}-{round_id}-{crc32(printed.encode()):08x}"


def _renew(place: str, last: str, printed: str) -> None:
    """Put the record's text into a new form, unless it carries over what somebody has typed into the older one."""
    state = st.session_state
    before, was = state.get(last, ("", None))
    if place not in state or (place != before and state[place] == was):
        state[place] = printed
    if place != before:
        state[last] = (place, printed)
