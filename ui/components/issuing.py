"""The places of a round as a table: changed in the cells, issued together."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

import streamlit as st

from models.errors import ShenbaoError
from models.vocabulary import Tier
from ui.attempt import explain, flash
from ui.components import words
from ui.components.words import t
from workflows import rounds
from workflows.queries import admin, lists

if TYPE_CHECKING:
    from models.round import Round
    from models.vocabulary import QuotaKind
    from workflows.queries.admin import Places
    from workflows.record.acting import Actor

TIERS = (Tier.CITY, Tier.INDUSTRY, Tier.COUNTY, Tier.PROVINCE)


class Asked(NamedTuple):
    """Places to be issued to one union; without a kind they are of the programme's usual one."""

    organization: str
    places: int
    minimum: int
    kind: QuotaKind | None


def draw(actor: Actor, row: Round) -> None:
    """A table of the unions of one tier; only the cells of the places can be changed."""
    tier = st.segmented_control(
        t("层级", "Tier"), TIERS, default=Tier.CITY, format_func=words.label, required=True,
        key=f"tier:{row.id}",
    )  # fmt: skip
    pool = picked_pool(row)
    every = admin.places(actor, round_id=row.id, pool=pool)
    rows = [each for each in every if each.tier is tier]
    if not rows:
        st.caption(t("本层级没有单位。", "There is no union of this tier."))
        return
    total = sum(each.places or 0 for each in rows)
    st.caption(t(f"本层级共下达 {total} 个名额", f"{total} places issued at this tier"))
    place = _place(row, rows, pool)
    column, least = t("名额", "Places"), t("最少", "Minimum")
    st.data_editor(
        _frame(rows, column, least),
        key=place,
        hide_index=True,
        num_rows="fixed",
        placeholder="—",
        disabled=[name for name in _frame(rows, column, least) if name not in (column, least)],
        column_config={name: st.column_config.NumberColumn(name, min_value=0, step=1) for name in (column, least)},
        alt=t("各单位名额", "Places of each union"),
    )
    asked = _asked(st.session_state[place], rows, column, least)
    said = t(f"下达（{len(asked)}个单位有改动）", f"Issue ({len(asked)} changed)")
    if st.button(said, key=f"issue:{row.id}", type="primary", disabled=not asked):
        _issue(actor, row, asked, place, pool)


def picked_pool(row: Round, at: str = "pool") -> str:
    """The pool whose places are issued, picked where the programme has any; `""` is what belongs to none."""
    pools = {"": t("其他", "Others")}
    pools = {pool.name: t(pool.label.zh, pool.label.en) for pool in lists.rules_of(row.id).quota.pools} | pools
    if len(pools) == 1:
        return ""
    return st.segmented_control(
        t("名额类别", "Pool of places"), list(pools), default=next(iter(pools)), format_func=pools.__getitem__,
        required=True, key=f"{at}:{row.id}",
    )  # fmt: skip


def _place(row: Round, rows: list[Places], pool: str) -> str:
    """The table's key: another list of unions is another table, for edits are kept by line."""
    codes = hashlib.sha256(" ".join(each.organization for each in rows).encode()).hexdigest()[:12]
    turn = st.session_state.get(f"issued:{row.id}", 0)
    return f"quota:{row.id}:{codes}:{pool}:{turn}"


def _frame(rows: list[Places], column: str, least: str) -> dict[str, list[Any]]:
    return {
        t("代码", "Code"): [each.organization for each in rows],
        t("单位", "Union"): [each.name for each in rows],
        column: [each.places for each in rows],
        least: [each.minimum for each in rows],
        t("占用", "Reserved"): [each.reserved or 0 for each in rows],
        t("已用", "Used"): [each.used or 0 for each in rows],
    }


def _asked(state: Any, rows: list[Places], column: str, least: str) -> list[Asked]:
    """What was typed into the table and is not so yet; whatever was not typed stays as it is."""
    edits: dict[int, dict[str, Any]] = dict(state["edited_rows"])
    asked = []
    for line, cells in edits.items():
        row = rows[line]
        places, minimum = cells.get(column, row.places), cells.get(least, row.minimum)
        if places is not None and (places, minimum or 0) != (row.places, row.minimum or 0):
            asked.append(Asked(row.organization, int(places), int(minimum or 0), row.kind))
    return asked


def _issue(actor: Actor, row: Round, asked: list[Asked], place: str, pool: str) -> None:
    """Issue each; the ones refused stay as typed, with the reason."""
    done = 0
    for one in asked:
        try:
            rounds.issue(actor, round_id=row.id, organization_code=one.organization, places=one.places,
                         minimum=one.minimum, kind=one.kind, pool=pool)  # fmt: skip
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
