"""Idempotency tokens: one click has one effect, however often the browser sends it; and no typed word is lost."""

from __future__ import annotations

from typing import Any, cast

import streamlit as st

from models.base import new_id

_PREFIX, _KEPT = "token:", "kept:"


def token(name: str, row_id: str = "", version: int | str = 0) -> str:
    """The token of a form about one version of a row: the same at every rerun until it has acted.

    Give it to the verb as `key`, and put it at the end of the keys of the form's widgets: what was typed
    about an older version is then never sent for a newer one. It is shown again there, to be sent anew.
    """
    place = f"{_PREFIX}{name}:{row_id}:{version}"
    if place not in st.session_state:
        st.session_state[place] = new_id()
        _carry_over(f"{name}:{row_id}", place)
    return cast("str", st.session_state[place])


def spend(key: str) -> None:
    """Forget a token that has acted, so that the next form of its kind is a new one."""
    state = st.session_state
    for place in _places(key):
        state.pop(_kept(place), None)
        del state[place]


def keep(key: str) -> None:
    """Keep what was typed into a form that came too late, for the form about the newer version."""
    if typed := _typed(key):
        for place in _places(key):
            st.session_state[_kept(place)] = typed


def _places(key: str) -> list[str]:
    state = st.session_state
    return [str(p) for p in state if str(p).startswith(_PREFIX) and state[p] == key]


def _kept(place: str) -> str:
    """Where the words of a form wait, whatever version it was about."""
    return _KEPT + place.removeprefix(_PREFIX).rpartition(":")[0]


def _carry_over(about: str, place: str) -> None:
    """Put the words typed about an older version into the new form, before its widgets are drawn."""
    state = st.session_state
    older = [state[p] for p in state if str(p).startswith(f"{_PREFIX}{about}:") and p != place]
    words = state.pop(_KEPT + about, {})
    for key in older:
        words = {**words, **_typed(key)}
    for name, value in words.items():
        state[f"{name}:{state[place]}"] = value


def _typed(key: str) -> dict[str, Any]:
    """What stands in the widgets of a form: texts and chosen words, by their name in it."""
    state = st.session_state
    named = {str(p): state[p] for p in state if str(p).endswith(f":{key}")}
    return {p.removesuffix(f":{key}"): value for p, value in named.items() if _is_words(value)}


def _is_words(value: Any) -> bool:
    """Whether a widget holds words of a person: not a click, a file, a day or nothing."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(one, str) for one in value)
    return isinstance(value, str) and bool(value.strip())
