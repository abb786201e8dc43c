"""Places shared out by the programme's formula: the unions' numbers, a dry run in words, then the issue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import streamlit as st

from models.vocabulary import Act, Thing
from ui.attempt import ask, attempt
from ui.components import acts, issuing, keys, words
from ui.components.words import plain, t
from workflows.places import allotting
from workflows.queries import admin, lists

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.programme_file.path import Factor
    from models.round import Round
    from workflows.places.allotting import Allotted
    from workflows.queries.admin import Places
    from workflows.record.acting import Actor


class Asked(NamedTuple):
    """What is to be shared out: the places, the pool, and each union's numbers as they were typed."""

    places: int
    pool: str
    factors: dict[str, dict[str, Any]]


def factors_of(row: Round) -> tuple[Factor, ...]:
    """The numbers by which the programme shares out places; none where it has no formula."""
    return lists.rules_of(row.id).quota.factors


def draw(actor: Actor, row: Round, factors: Sequence[Factor]) -> None:
    """The table of numbers, and what comes of it as long as nothing in it changes."""
    tier = st.segmented_control(
        t("分配给哪一级", "To which tier"), issuing.TIERS, default=issuing.TIERS[0], format_func=words.label,
        required=True, key=f"allot:tier:{row.id}",
    )  # fmt: skip
    pool = issuing.picked_pool(row, at="allot:pool")
    rows = [one for one in admin.places(actor, round_id=row.id, pool=pool) if one.tier is tier]
    if not rows:
        st.caption(t("本层级没有单位。", "There is no union of this tier."))
        return
    places = st.number_input(t("分配总数（个）", "Places in all"), min_value=0, step=1, key=f"allot:places:{row.id}")
    st.caption(t("填写各单位的数值；不参加分配的单位整行留空。",
                 "Give each union's numbers; leave the row of a union empty that takes no part."))  # fmt: skip
    asked = Asked(int(places), pool, _typed(row, rows, factors))
    place = f"allot:asked:{row.id}"
    if st.button(t("试算", "Try it"), key=f"allot:try:{row.id}"):
        st.session_state[place] = asked
    if st.session_state.get(place) == asked:
        _outcome(actor, row, asked)


def _typed(row: Round, rows: Sequence[Places], factors: Sequence[Factor]) -> dict[str, dict[str, Any]]:
    """The numbers of the unions that have any, by code and factor."""
    column = st.column_config
    called = {one.name: t(one.label.zh, one.label.en) for one in factors}
    table: list[dict[str, Any]] = st.data_editor(
        [{"code": one.organization, "union": one.name, **dict.fromkeys(called, "")} for one in rows],
        key=f"factors:{row.id}:{hash(tuple(one.organization for one in rows))}", hide_index=True, num_rows="fixed",
        placeholder="", on_change="ignore", disabled=["code", "union"], alt=t("分配因素", "Factors"),
        column_config={
            "code": column.TextColumn(t("代码", "Code")),
            "union": column.TextColumn(t("单位", "Union")),
            **{name: column.TextColumn(said, max_chars=20) for name, said in called.items()},
        },
    )  # fmt: skip
    given = {
        one.organization: {name: line[name].strip() for name in called if (line[name] or "").strip()}
        for one, line in zip(rows, table, strict=True)
    }
    return {code: numbers for code, numbers in given.items() if numbers}


def _outcome(actor: Actor, row: Round, asked: Asked) -> None:
    """What each union would have and why; issued by a second click."""
    shares = ask(allotting.allotment_of, actor, round_id=row.id, places=asked.places, factors=asked.factors)
    if shares is None:
        return
    _shares(shares)
    key = keys.token("allot", f"{row.id}:{asked.pool}", row.version)
    reason = acts.why_not(actor, Act.ISSUE, Thing.ROUND, row)
    said = t(f"按此下达（{len(shares)}个单位）", f"Issue these ({len(shares)} unions)")
    if not acts.button(said, reason, key=f"allot:issue:{key}", type="primary"):
        return
    if attempt(allotting.allot, actor, round_id=row.id, places=asked.places, factors=asked.factors, pool=asked.pool,
               seen=row.version, key=key, done=t("名额已按公式下达", "The places are issued")) is not None:  # fmt: skip
        del st.session_state[f"allot:asked:{row.id}"]
        st.rerun()


def _shares(shares: Sequence[Allotted]) -> None:
    rows = [
        {t("单位", "Union"): one.name, t("名额", "Places"): one.places, t("应得", "Exact share"): one.exact}
        for one in shares
    ]
    st.dataframe(rows, hide_index=True, alt=t("试算结果", "What comes of it"))
    for one in shares:
        st.caption(plain(f"{one.name}：{t(one.zh, one.en)}"))
