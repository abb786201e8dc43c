"""Buttons that say why they are grey, and dialogs that check who is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from models.vocabulary import Act, Thing
from ui.components import words
from ui.session import guarded
from workflows.charts.advance import offered
from workflows.rules import permissions

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.delta_generator import DeltaGenerator

    from workflows.record.acting import Actor


SEND = "Ctrl+Enter"  # the key that sends the form that is open


def why_not(actor: Actor, act: Act, thing: Thing, row: Any) -> str | None:
    """Why this person cannot do this to this row now, as a sentence; None when they can."""
    code = permissions.refusal(actor, act, thing, row)
    if code is not None:
        return words.code(code, act=act.value, thing=thing.value)
    if act not in offered(thing, row.state):
        return words.code("illegal_move", act=act.value, thing=thing.value, state=row.state.value)
    return None


def button(said: str, reason: str | None = None, *, key: str, **look: Any) -> bool:
    """A button, grey with its reason in the tooltip when there is one."""
    tip = words.plain(reason) if reason else None
    return st.button(_begun(said), key=key, disabled=reason is not None, help=tip, **look)


def dialog(title: str, body: Callable[..., None], *args: Any) -> None:
    """Open a dialog; its reruns check the session by themselves."""
    st.dialog(_begun(title), width="medium")(guarded(body))(*args)


def keeping(actor: Actor, row: Any, name: str) -> DeltaGenerator:
    """A place whose fields the browser's tab keeps while they are not sent: for a form about one version of a row.

    Whatever ends the session, the connection or the page, the same person finds the words again in the same form
    (ui/static/desk.js); once the row has another version they are not offered any more.
    """
    return kept(actor, row.id, row.version, name)


def kept(actor: Actor, about: str, version: int | str, name: str) -> DeltaGenerator:
    """As `keeping`, for what is no row; a name that begins with `over-` is put back over what stands in the field."""
    return st.container(key=f"typed-{actor.id}-{about}-{version}-{name}")


def send(said: str | None = None) -> bool:
    """A form's button; Ctrl+Enter presses it too."""
    said = said or words.t("确定", "Confirm")
    return st.form_submit_button(_begun(said), type="primary", shortcut=SEND)


def _begun(said: str) -> str:
    """A label as it stands on a button: the English names of acts are written small."""
    return said[:1].upper() + said[1:]


def consequences(*lines: str | None) -> None:
    """What an act will bring about, in words, before it is done."""
    st.info("\n".join(f"- {words.plain(line)}" for line in lines if line))
