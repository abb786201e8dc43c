"""Idempotency tokens: one click has one effect, however often the browser sends it."""

from __future__ import annotations

from typing import cast

import streamlit as st

from models.base import new_id

_PREFIX = "token:"


def token(name: str, row_id: str = "", version: int | str = 0) -> str:
    """The token of a form about one version of a row: the same at every rerun until it has acted.

    Give it to the verb as `key`, and put it into the keys of the form's widgets: what was typed
    about an older version is then never sent for a newer one.
    """
    place = f"{_PREFIX}{name}:{row_id}:{version}"
    if place not in st.session_state:
        st.session_state[place] = new_id()
    return cast("str", st.session_state[place])


def spend(key: str) -> None:
    """Forget a token that has acted, so that the next form of its kind is a new one."""
    state = st.session_state
    for place in [p for p in state if str(p).startswith(_PREFIX) and state[p] == key]:
        del state[place]
