"""The letters that went out, and those that could not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ui.attempt import begin
from ui.components import office, words
from ui.components.words import t
from workflows.post import carriers
from workflows.queries import post

if TYPE_CHECKING:
    from workflows.queries.post import Sent


def main() -> None:
    """The newest letters with their fate, and the words of the one chosen."""
    actor = begin()
    st.title(t("信件", "Letters"))
    root = office.choose(actor)
    rows = post.letters(actor, root=root)
    _where()
    if not rows:
        st.info(t("还没有信件。办理一件申报后这里会出现。", "No letters yet."))
        return
    _counts(rows)
    states = _states()
    chosen = st.segmented_control(
        t("状态", "State"), list(states), format_func=lambda one: states[one],
        selection_mode="multi", key="letters:states",
    )  # fmt: skip
    shown = [row for row in rows if not chosen or row.state in chosen]
    if not shown:
        st.caption(t("没有这种状态的信件。", "No letters in this state."))
        return
    _table(shown)


def _where() -> None:
    folder = carriers.mail_folder()
    if folder is None:
        st.caption(t("信件由邮件服务器寄出。", "Letters leave through the mail server."))
        return
    st.caption(t("没有设置邮件服务器，信件放在本机邮件夹（Maildir）：",
                 "No mail server is set; letters go into a Maildir on this machine:"))  # fmt: skip
    st.code(str(folder.absolute()), language=None)


def _counts(rows: list[Sent]) -> None:
    with st.container(horizontal=True):
        for state, name in _states().items():
            n = sum(row.state == state for row in rows)
            st.metric(name, n, border=True, width=150)


def _table(rows: list[Sent]) -> None:
    states = _states()
    frame = {
        t("状态", "State"): [states[row.state] for row in rows],
        t("收件人", "To"): [f"{row.name} <{row.email}>" for row in rows],
        t("标题", "Subject"): [row.read.subject for row in rows],
        t("时间", "Written"): [words.moment(row.read.at) for row in rows],
        t("尝试", "Tries"): [row.attempts for row in rows],
        t("错误", "Error"): [row.error for row in rows],
    }
    picked = st.dataframe(
        frame,
        # The rows are in the key: a selection must never slip to another letter.
        key=f"letters:{hash(tuple(row.id for row in rows))}",
        on_select="rerun",
        selection_mode="single-row",
        hide_index=True,
        alt=t("信件列表", "Letters"),
    )
    lines = picked["selection"]["rows"]
    if not lines:
        st.caption(t("选中一行查看正文。", "Select a row to read the letter."))
        return
    _body(rows[lines[0]])


def _body(row: Sent) -> None:
    with st.container(border=True):
        st.markdown(f"**{words.plain(row.read.subject)}**")
        st.text(row.read.body)
        if row.state == "waiting":
            at = words.moment(row.not_before)
            st.caption(t(f"下次尝试：{at}", f"Next try: {at}"))


def _states() -> dict[str, str]:
    return {
        "waiting": t("待寄", "waiting"),
        "sent": t("已寄出", "sent"),
        "dead": t("无法送达", "undeliverable"),
    }


main()
