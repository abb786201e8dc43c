"""Moving a candidate up and down on the ranking board by two buttons, or their keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ui.components import acts, board, comparing, shortcuts
from ui.components.words import plain, t

if TYPE_CHECKING:
    from ui.components.board import Board, Table


def draw(place: str, under_hand: Board, table: Table) -> None:
    """Choose a candidate of the board, and move it a place within its part; nothing is saved by it."""
    called = {row["id"]: _called(row) for row in board.in_order(table)}
    key = f"{place}:moving"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(t("调整名次", "Move"), list(called), index=None, key=key, width=360,
                              format_func=lambda one: plain(called.get(one, one)),
                              placeholder=t("选择一份，再上移或下移", "Choose one, then move it"))  # fmt: skip
        for said, step, shortcut in ((t("上移", "Up"), -1, shortcuts.UP), (t("下移", "Down"), 1, shortcuts.DOWN)):
            reason = _why_not(table, chosen, step)
            acts.button(said, reason, key=f"{key}:{step}", shortcut=shortcut, on_click=_move,
                        args=(place, under_hand, table, chosen, step))  # fmt: skip
        comparing.of_list(called, key=f"{place}:compare")


def _called(row: dict[str, object]) -> str:
    return f"{row['place']}. {row['subject']}（{row['receipt']}）"


def _why_not(table: Table, chosen: str | None, step: int) -> str | None:
    """Why the chosen one cannot be moved so; None when it can."""
    if chosen is None:
        return t("请先选择一份申报", "Choose an application first")
    if board.beside(table, chosen, step) is not None:
        return None
    return t("已在最前", "It stands first already") if step < 0 else t("已在最后", "It stands last already")


def _move(place: str, under_hand: Board, table: Table, chosen: str, step: int) -> None:
    st.session_state[place] = board.moved(under_hand, table, chosen, step)
