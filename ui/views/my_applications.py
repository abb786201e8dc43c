"""What I have applied for, and what I may apply for now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ui.attempt import attempt, begin
from ui.components import keys, links, standing, words
from ui.components.words import t
from workflows.intake import applications
from workflows.queries import mine

if TYPE_CHECKING:
    from workflows.queries.mine import Case, Opening
    from workflows.record.acting import Actor

_CURSORS = "my-applications:cursors"


def main() -> None:
    """The list, newest first, and the rounds open now."""
    actor = begin()
    st.title(t("我的申报", "My applications"))
    _open_rounds(actor)
    st.subheader(t("已有申报", "Applications"))
    cursors: list[str] = st.session_state.setdefault(_CURSORS, ["~"])
    cases = mine.my_cases(actor, before=cursors[-1])
    if not cases:
        st.info(t("还没有申报。请从上面开放的批次开始。", "None yet. Begin with a round above."))
    for case in cases:
        _case(case)
    _turn_pages(cursors, cases)


def _open_rounds(actor: Actor) -> None:
    st.subheader(t("正在申报的批次", "Rounds open now"))
    found = mine.openings(actor)
    if not found:
        st.info(
            t(
                "目前没有面向本单位开放的批次；开放后这里会显示“开始申报”。",
                "No round is open to your unit now. When one opens, it appears here.",
            )
        )
    for opening in found:
        _opening(actor, opening)


def _opening(actor: Actor, opening: Opening) -> None:
    with st.container(border=True):
        st.markdown(f"**{words.plain(opening.round_name)}**")
        closes, left = words.until(opening.closes_at), words.remaining(opening.closes_at)
        st.caption(
            words.plain(f"{opening.unit_name} · {words.label(opening.line)} · {words.label(opening.channel)}")
            + "  \n"
            + words.plain(t(f"截止 {closes}（{left}）", f"Closes {closes} ({left})"))
        )
        place = f"{opening.round_id}:{opening.unit}:{opening.line}:{opening.channel}"
        if st.button(t("开始申报", "Apply"), key=f"apply:{place}", type="primary"):
            _begin(actor, opening, place)


def _begin(actor: Actor, opening: Opening, place: str) -> None:
    row = attempt(
        applications.draft,
        actor,
        round_id=opening.round_id,
        organization_code=opening.unit,
        line=opening.line,
        channel=opening.channel,
        key=keys.token("draft", place),
        done=t("草稿已建立", "Your draft is ready"),
    )
    if row is not None:
        links.go("apply", id=row.id)


def _case(case: Case) -> None:
    with st.container(border=True):
        name = case.subject or t("（未命名的草稿）", "(draft without a name)")
        st.markdown(f"{standing.mark(case.state)} **{words.plain(name)}**")
        number = case.receipt or t("尚无编号", "no number yet")
        st.caption(words.plain(f"{number} · {case.organization_name} · {case.round_name}"))
        st.text(standing.when(case))
        st.text(standing.advice(case.state))
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
