"""What became of letters, as pages say it; and those about one case."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ui.attempt import ask
from ui.components import words
from ui.components.words import plain, t
from workflows.post import fates, mail
from workflows.queries import own_letters

if TYPE_CHECKING:
    from workflows.queries.own_letters import About
    from workflows.record.acting import Actor

_SIGNS = {
    fates.WAITING: ":material/schedule:",
    fates.HELD: ":material/hourglass_empty:",
    fates.SENT: ":material/done:",
    fates.BACK: ":material/undo:",
    fates.DEAD: ":material/error:",
    fates.WITHDRAWN: ":material/block:",
}


def states() -> dict[str, str]:
    """The states of a letter in words, in the order in which it goes through them."""
    return {
        fates.WAITING: t("待寄", "waiting"),
        fates.HELD: t("暂缓寄出", "held"),
        fates.SENT: t("已寄出", "sent"),
        fates.BACK: t("被退回", "came back"),
        fates.DEAD: t("无法送达", "undeliverable"),
        fates.WITHDRAWN: t("已撤回", "withdrawn"),
    }


def sign(state: str) -> str:
    """A state's icon; the word always stands beside it."""
    return _SIGNS[state]


def trouble(error: str) -> str:
    """Why a letter did not leave or arrive, in words; nothing where nothing is wrong."""
    return mail.in_words(error, words.spoken()) if error else ""


def about(actor: Actor, application_id: str) -> None:
    """The letters about a case as far as the reader may know of them: to whom, what, when, what became of each."""
    found = ask(own_letters.letters_about, actor, application_id, language=words.spoken()) or []
    if not found:
        return
    lost = sum(one.state in (fates.BACK, fates.DEAD) for one in found)
    title = t(f"通知送达情况（{len(found)}封", f"Letters about it ({len(found)}")
    title += t(f"，{lost}封未送达）", f", {lost} undelivered)") if lost else t("）", ")")
    with st.expander(plain(title), icon=":material/mail:", expanded=bool(lost)):
        for one in found:
            _line(one)


def _line(one: About) -> None:
    said = states()
    side = t("申报人", "applicant") if one.side == "applicant" else t("本单位", "this desk")
    st.markdown(f"{sign(one.state)} {plain(one.subject)}")
    at = t("下次尝试", "next try") if one.state in (fates.WAITING, fates.HELD) else ""
    parts = [f"{one.name}（{side}）" if words.spoken() == "zh" else f"{one.name} ({side})", said[one.state],
             f"{at} {words.moment(one.at)}".strip()]  # fmt: skip
    st.caption(plain(" · ".join(parts)))
    if one.trouble:
        st.caption(plain(one.trouble))
