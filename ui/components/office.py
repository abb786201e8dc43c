"""For which union an administrator looks: its code, chosen when there are several."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from models.vocabulary import Role
from ui.components import words
from ui.components.words import t
from workflows.queries import admin

if TYPE_CHECKING:
    from workflows.record.acting import Actor

_CHOSEN = "office:chosen"


def choose(actor: Actor) -> str:
    """The union that this administrator's pages are about."""
    offices = actor.places(Role.ADMINISTRATOR)
    if len(offices) == 1:
        return offices[0]
    names = admin.names(actor)
    held = st.session_state.get(_CHOSEN)
    chosen = st.selectbox(
        t("管理单位", "Office"),
        offices,
        index=offices.index(held) if held in offices else 0,
        format_func=lambda code: words.plain(names.get(code, code)),
    )
    st.session_state[_CHOSEN] = chosen
    return chosen
