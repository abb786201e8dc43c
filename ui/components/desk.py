"""Where a reviewer sits and which round is looked at: chosen once, kept from page to page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ui.components.words import t
from workflows.queries import review

if TYPE_CHECKING:
    from models.round import Round
    from workflows.record.acting import Actor


def picked_desk(actor: Actor) -> str | None:
    """The desk to work at; a picker when the person holds several seats."""
    desks = review.desks(actor)
    if not desks:
        st.info(t("您目前没有审核席位。", "You hold no reviewer's seat at the moment."))
        return None
    if len(desks) == 1:
        code, name = next(iter(desks.items()))
        st.text(t(f"工作台：{name}", f"Desk: {name}"))
        return code
    return st.selectbox(
        t("工作台", "Desk"), list(desks), format_func=lambda code: desks[code],
        key="review:desk", persist_state="session",
    )  # fmt: skip


def picked_round(actor: Actor, desk: str) -> Round | None:
    """The round to look at; a picker when the desk has a part in several."""
    rounds = {row.id: row for row in review.rounds_at(actor, desk=desk)}
    if not rounds:
        st.info(t("本单位还没有参加任何申报批次。上级下达名额，或有申报送到本单位后，批次就在这里。",
                  "This union has no part in any round yet. One appears once places or a case come."))  # fmt: skip
        return None
    if len(rounds) == 1:
        (row,) = rounds.values()
        st.text(t(f"申报批次：{row.name}", f"Round: {row.name}"))
        return row
    chosen = st.selectbox(
        t("申报批次", "Round"), list(rounds), format_func=lambda one: rounds[one].name,
        key=f"review:round:{desk}", persist_state="session",
    )  # fmt: skip
    return rounds[chosen]
