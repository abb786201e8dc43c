"""What I may apply for now or soon, and what I have applied for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ui.attempt import begin
from ui.components import finder, links, standing, words
from ui.components.words import t
from workflows.queries import mine

if TYPE_CHECKING:
    from workflows.queries.mine import Case

_CURSORS = "my-applications:cursors"


def main() -> None:
    """The list, newest first, and the rounds that I could enter."""
    actor = begin()
    st.title(t("我的申报", "My applications"))
    finder.draw(actor)
    st.subheader(t("已有申报", "Applications"))
    cursors: list[str] = st.session_state.setdefault(_CURSORS, ["~"])
    cases = mine.my_cases(actor, before=cursors[-1])
    if not cases:
        st.info(t("还没有申报。请从上面开放的批次开始。", "None yet. Begin with a round above."))
    for case in cases:
        _case(case)
    _turn_pages(cursors, cases)


def _case(case: Case) -> None:
    with st.container(border=True):
        name = case.subject or t("（未命名的草稿）", "(draft without a name)")
        st.markdown(f"{standing.mark(case.state)} **{words.plain(name)}**")
        number = case.receipt or t("尚无编号", "no number yet")
        st.caption(words.plain(f"{number} · {case.organization_name} · {case.round_name}"))
        st.text(standing.when(case))
        st.text(standing.advice(case.state, case.title_state))
        if case.state in standing.TO_DO:
            links.to(t("继续填写 →", "Go on →"), "apply", id=case.id)
        links.to(t("查看进度 →", "See where it is →"), "my-application", id=case.id)


def _turn_pages(cursors: list[str], cases: list[Case]) -> None:
    with st.container(horizontal=True):
        if len(cursors) > 1:
            st.button(t("← 较新的", "← Newer"), key="mine:newer", on_click=_back, args=(cursors,))
        if len(cases) == mine.PAGE:
            last = cases[-1].id
            st.button(t("较早的 →", "Older →"), key="mine:older", on_click=cursors.append, args=(last,))


def _back(cursors: list[str]) -> None:
    cursors.pop()


main()
