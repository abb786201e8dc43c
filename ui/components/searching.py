"""The query box and the saved searches beside it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import streamlit as st

from ui.attempt import ask, attempt
from ui.components import acts, words
from ui.components.tables import arrow
from ui.components.words import t
from workflows.desk import saved_views
from workflows.queries import completing
from workflows.rules import search_hints
from workflows.rules.search_fields import FIELDS, FLAGS

if TYPE_CHECKING:
    import pyarrow as pa

    from models.search import SavedView
    from workflows.record.acting import Actor

WORDS, PICKED, NAME, SHARED = "queue:words", "queue:view", "queue:view-name", "queue:view-shared"
ADDED, VALUES = "queue:condition", "queue:values"


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
        _completing(actor, desk, typed)
        if kept:
            st.selectbox(
                t("保存的查询", "Saved searches"), list(kept), index=None, key=PICKED, on_change=_put, args=(kept,),
                format_func=lambda one: words.plain(_name(kept[one], actor)), width=240,
            )  # fmt: skip
        if typed.strip():
            _saving(actor, desk, typed, kept)
        _explained()
    return typed.strip()


def _completing(actor: Actor, desk: str, typed: str) -> None:
    """Every condition there is, found by typing a part of it; Enter puts it into the search."""
    held = st.session_state.get(VALUES)
    if held is None or held[0] != (desk, words.spoken()):
        known = ask(completing.search_values, actor, desk=desk, language=words.spoken()) or {}
        held = st.session_state[VALUES] = ((desk, words.spoken()), search_hints.hints(words.spoken(), known))
    told = {one.words: one.meaning for one in search_hints.sorted_for(typed, held[1])}
    st.selectbox(
        t("加条件", "Add a condition"), list(told), index=None, key=ADDED, on_change=_add, width=260,
        format_func=lambda one: words.plain(words.beside(one, told.get(one))),
        placeholder=t("输入几个字，回车选用", "Type a few letters, Enter takes it"),
    )  # fmt: skip


def _add() -> None:
    """Put the condition into the search, and leave the list for the next one."""
    if added := st.session_state.get(ADDED):
        st.session_state[WORDS] = search_hints.put(str(st.session_state.get(WORDS, "")), added)
        st.session_state[ADDED] = None


def _explained() -> None:
    """What can be written, in words."""
    with st.popover(t("写法", "How to write it"), icon=":material/help:"):
        for table in _tables(words.spoken()):
            st.table(table, hide_index=True)
        st.caption(t(
            "空格是“并且”；OR 或“或”是“有一个即可”；前面加“-”是“没有”；几个字要连在一起，请加引号。",
            "A space means AND; OR means either; - before it means not; quotation marks keep words together.",
        ))  # fmt: skip


@cache
def _tables(spoken: str) -> tuple[pa.Table, pa.Table]:
    """The fields and the conditions; drawn at every click of a list, so made once."""
    at = int(spoken == "en")
    fields = [{t("字段", "Field"): words.plain(f"{one.names[1 - at]}:"),
               t("查什么", "What it asks"): one.meaning[at]} for one in FIELDS.values()]  # fmt: skip
    flags = [{t("情况", "Condition"): words.plain(f"is:{one.names[1 - at]}"),
              t("意思", "Meaning"): one.meaning[at]} for one in FLAGS.values()]  # fmt: skip
    return arrow(fields), arrow(flags)


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
        reason = None if name.strip() else t("请先填写名称，按回车确认", "Type a name first, and press Enter")
        if acts.button(t("保存查询", "Save the search"), reason, key="queue:view-save"):
            done = attempt(saved_views.save_view, actor, name=name, words=typed, desk=desk if is_shared else None,
                           done=t("已保存", "Saved"))  # fmt: skip
            if done is not None:
                st.rerun()
        picked = kept.get(st.session_state.get(PICKED) or "")
        if picked and st.button(words.plain(t(f"删除“{picked.name}”", f"Drop “{picked.name}”")), key="queue:view-drop"):
            dropped = attempt(saved_views.drop_view, actor, picked.id, done=t("已删除", "Dropped"))
            if dropped is not None:
                st.rerun()
