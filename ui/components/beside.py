"""Who else is at the same form, told beside the field they were at; a hint, refreshed every 15 seconds."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import streamlit as st

from models import clock
from models.errors import ShenbaoError
from ui.components.words import plain, t
from ui.session import guarded, me
from workflows.intake import presence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflows.intake.presence import Beside

BEAT = 15  # seconds
_LATELY = timedelta(minutes=2)  # who saved nothing for longer is at no field in particular


def watch(application_id: str, called: Mapping[str, str]) -> list[Beside]:
    """Say that I am at this form and who else is; the page is drawn anew when that changes."""
    place = _shown(application_id)
    st.session_state.pop(place, None)
    _beat(application_id, called)
    found: list[Beside] = st.session_state.get(place, [])
    return found


def touch(application_id: str, field: str) -> None:
    """Remember the field that was saved last: what others are told of at the next beat."""
    st.session_state[_at(application_id)] = (field, clock.now())


def left(application_id: str) -> None:
    """Nobody need be told any more that I am at this form."""
    actor = me()
    if actor is not None:
        with suppress(ShenbaoError):
            presence.leave(actor, application_id)


def said(found: list[Beside], field: str) -> str:
    """Who is at a field, in words; empty for nobody."""
    names = t("、", ", ").join(one.name for one in found if one.field == field)
    return t(f"{names}正在填写此项", f"{names} is at this field") if names else ""


@st.fragment(run_every=BEAT)
@guarded
def _beat(application_id: str, called: Mapping[str, str]) -> None:
    place, found = _shown(application_id), _others(application_id)
    before = st.session_state.get(place)
    st.session_state[place] = found
    for one in found:
        st.caption(":material/group: " + plain(_line(one, called)))
    if before is not None and before != found:
        st.rerun()


def _others(application_id: str) -> list[Beside]:
    """Those beside me. It is a hint: where it cannot be had, the form goes on without it."""
    actor = me()
    field, since = st.session_state.get(_at(application_id), ("", None))
    if since is None or clock.now() - since > _LATELY:
        field = ""
    try:
        return presence.note(actor, application_id, field) if actor else []
    except ShenbaoError:
        return []


def _line(one: Beside, called: Mapping[str, str]) -> str:
    if not one.field:
        return t(f"{one.name}也打开了这份申报表", f"{one.name} has this form open too")
    name = called.get(one.field, one.field)
    return t(f"{one.name}正在填写“{name}”", f"{one.name} is at “{name}”")


def _shown(application_id: str) -> str:
    return f"beside:{application_id}"


def _at(application_id: str) -> str:
    return f"at:{application_id}"
