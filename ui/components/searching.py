"""The query box and the saved searches beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ui.attempt import attempt
from ui.components import words
from ui.components.words import t
from workflows.desk import saved_views

if TYPE_CHECKING:
    from models.search import SavedView
    from workflows.record.acting import Actor

WORDS, PICKED, NAME, SHARED = "queue:words", "queue:view", "queue:view-name", "queue:view-shared"


def box(actor: Actor, desk: str) -> str:
    """What is typed into the query box; a saved search that is picked is put there."""
    kept = {view.id: view for view in saved_views.views(actor)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        typed = st.text_input(
            t("查询", "Search"), key=WORDS,
            placeholder=t("例如：焊接 is:临期 -is:挂起", "e.g. 焊接 is:at-risk -is:held"),
            help=t(
                "输入名称、领衔人、单位或受理编号中的字；也可写条件，如 编号:2026、is:逾期、-is:挂起。空格即“并且”。",
                "Words of a name, leader, unit or receipt; or conditions: receipt:2026, is:overdue, -is:held. "
                "A space means AND.",
            ),
            persist_state="session",
        )  # fmt: skip
        if kept:
            st.selectbox(
                t("保存的查询", "Saved searches"), list(kept), index=None, key=PICKED, on_change=_put, args=(kept,),
                format_func=lambda one: words.plain(_name(kept[one], actor)), width=240,
            )  # fmt: skip
        if typed.strip():
            _saving(actor, desk, typed, kept)
    return typed.strip()


def _put(kept: dict[str, SavedView]) -> None:
    picked = st.session_state.get(PICKED)
    if picked in kept:
        st.session_state[WORDS] = kept[picked].words


def _name(view: SavedView, actor: Actor) -> str:
    return view.name if view.holder == actor.id else t(f"{view.name}（共用）", f"{view.name} (shared)")


def _saving(actor: Actor, desk: str, typed: str, kept: dict[str, SavedView]) -> None:
    with st.popover(t("保存", "Save"), icon=":material/bookmark:"):
        name = st.text_input(t("名称", "Name"), key=NAME, max_chars=saved_views.LONGEST)
        is_shared = st.checkbox(t("供本工作台共用", "Share with this desk"), key=SHARED)
        if st.button(t("保存查询", "Save the search"), key="queue:view-save", disabled=not name.strip()):
            done = attempt(saved_views.save_view, actor, name=name, words=typed, desk=desk if is_shared else None,
                           done=t("已保存", "Saved"))  # fmt: skip
            if done is not None:
                st.rerun()
        picked = kept.get(st.session_state.get(PICKED) or "")
        if picked and st.button(words.plain(t(f"删除“{picked.name}”", f"Drop “{picked.name}”")), key="queue:view-drop"):
            dropped = attempt(saved_views.drop_view, actor, picked.id, done=t("已删除", "Dropped"))
            if dropped is not None:
                st.rerun()
