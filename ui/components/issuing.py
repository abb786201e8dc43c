"""The places of a round as a table: changed in the cells, issued together."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import streamlit as st

from models.errors import ShenbaoError
from models.vocabulary import Tier
from ui.attempt import explain, flash
from ui.components import words
from ui.components.words import t
from workflows import rounds
from workflows.queries import admin

if TYPE_CHECKING:
    from models.round import Round
    from workflows.acting import Actor
    from workflows.queries.admin import Places

_TIERS = (Tier.CITY, Tier.INDUSTRY, Tier.COUNTY, Tier.PROVINCE)


def draw(actor: Actor, row: Round) -> None:
    """A table of the unions of one tier; only the cells of the places can be changed."""
    tier = st.segmented_control(
        t("层级", "Tier"), _TIERS, default=Tier.CITY, format_func=words.label, required=True,
        key=f"tier:{row.id}",
    )  # fmt: skip
    every = admin.places(actor, round_id=row.id)
    rows = [each for each in every if each.tier is tier]
    if not rows:
        st.caption(t("本层级没有单位。", "There is no union of this tier."))
        return
    total = sum(each.places or 0 for each in rows)
    st.caption(t(f"本层级共下达 {total} 个名额", f"{total} places issued at this tier"))
    place = _place(row, rows)
    column = t("名额", "Places")
    st.data_editor(
        _frame(rows, column),
        key=place,
        hide_index=True,
        num_rows="fixed",
        placeholder="—",
        disabled=[name for name in _frame(rows, column) if name != column],
        column_config={column: st.column_config.NumberColumn(column, min_value=0, step=1)},
        alt=t("各单位名额", "Places of each union"),
    )
    asked = _asked(st.session_state[place], rows, column)
    said = t(f"下达（{len(asked)}个单位有改动）", f"Issue ({len(asked)} changed)")
    if st.button(said, key=f"issue:{row.id}", type="primary", disabled=not asked):
        _issue(actor, row, asked, place)


def _place(row: Round, rows: list[Places]) -> str:
    """The table's key: another list of unions is another table, for edits are kept by line."""
    codes = hashlib.sha256(" ".join(each.organization for each in rows).encode()).hexdigest()[:12]
    turn = st.session_state.get(f"issued:{row.id}", 0)
    return f"quota:{row.id}:{codes}:{turn}"


def _frame(rows: list[Places], column: str) -> dict[str, list[Any]]:
    return {
        t("代码", "Code"): [each.organization for each in rows],
        t("单位", "Union"): [each.name for each in rows],
        column: [each.places for each in rows],
        t("占用", "Reserved"): [each.reserved or 0 for each in rows],
        t("已用", "Used"): [each.used or 0 for each in rows],
    }


def _asked(state: Any, rows: list[Places], column: str) -> dict[str, int]:
    """The places typed into the table, by the union's code."""
    edits: dict[int, dict[str, Any]] = dict(state["edited_rows"])
    typed = {rows[line].organization: cells.get(column) for line, cells in edits.items()}
    known = {each.organization: each.places for each in rows}
    return {code: int(n) for code, n in typed.items() if n is not None and n != known[code]}


def _issue(actor: Actor, row: Round, asked: dict[str, int], place: str) -> None:
    """Issue each; the ones refused stay as typed, with the reason."""
    done = 0
    for code, places in asked.items():
        try:
            rounds.issue(actor, round_id=row.id, organization_code=code, places=places)
        except ShenbaoError as error:
            explain(error)
        else:
            done += 1
    if done == len(asked):
        st.session_state.pop(place, None)
        turn = f"issued:{row.id}"
        st.session_state[turn] = st.session_state.get(turn, 0) + 1
        flash(t(f"已向{done}个单位下达名额", f"Places issued to {done} unions"))
        st.rerun()
