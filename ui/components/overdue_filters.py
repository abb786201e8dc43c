"""Narrowing what an administrator watches: by place, tier, programme, person and kind, from what is overdue there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from models.vocabulary import Tier
from ui.components import words
from ui.components.words import plain, t

if TYPE_CHECKING:
    from workflows.queries.watch_late import Board


def choose(board: Board, root: str) -> dict[str, str]:
    """The filters chosen, as every question of the watch takes them; those not chosen are left out."""
    kinds = {kind.value: words.label(kind) for kind in sorted({cell.kind for cell in board.cells})}
    choices = {
        "organization_code": (t("地区或单位", "Region or office"), _places(board, root)),
        "tier": (t("级别", "Tier"), {one.key: words.label(Tier(one.key)) for one in board.tiers}),
        "programme": (t("项目", "Programme"), {one.key: one.name for one in board.programmes if one.key}),
        "person": (t("承办人", "Handler"), {one.key: one.name for one in board.people if one.key}),
        "kind": (t("事项", "What"), kinds),
    }
    with st.expander(t("筛选", "Filter"), icon=":material/filter_list:"), st.container(horizontal=True):
        chosen = {name: _one(name, root, *choice) for name, choice in choices.items()}
    return {name: value for name, value in chosen.items() if value}


def _places(board: Board, root: str) -> dict[str, str]:
    """The regions first, then the offices with most."""
    regions = {cell.region: cell.region_name for cell in board.cells if cell.region != root}
    return regions | {desk.desk: desk.desk_name for desk in board.desks if desk.desk not in regions}


def _one(name: str, root: str, label: str, options: dict[str, str]) -> str:
    everything = t("全部", "All")
    chosen = st.selectbox(
        label, ["", *options], key=f"overdue:{name}:{root}", width=220,
        format_func=lambda key: plain(options.get(key, key) if key else everything),
    )  # fmt: skip
    return chosen or ""
