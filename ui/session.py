"""Who looks at this page, and in which language: the only place where a page learns either."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from models.database import viewing
from ui.cookies import LANGUAGE_COOKIE, language_of
from workflows.people import sessions

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflows.record.acting import Actor

P = ParamSpec("P")
T = TypeVar("T")


ALONE = "acts:alone"  # kept in this browser's session while somebody acts for themselves alone


def me() -> Actor | None:
    """Who is signed in, read afresh; None when the session has ended. Without what is lent to who works alone.

    A fragment may refresh by itself, so it does not keep the session alive; a full run does.
    """
    context = get_script_run_ctx()
    # What st.user would say; but asked for it, Streamlit looks on the disk for a file of secrets, each time.
    sid = context.user_info.get("sid") if context else None
    if not isinstance(sid, str):
        return None
    actor = sessions.actor_of(sid, active=not _is_fragment())
    return actor._replace(lent=(), is_alone=True) if actor is not None and st.session_state.get(ALONE) else actor


def language(actor: Actor | None = None) -> str:
    """The language chosen in this browser, else the person's own, else Chinese."""
    chosen = language_of(st.context.cookies.get(LANGUAGE_COOKIE))
    return chosen or language_of(actor.language if actor else None) or "zh"


def guarded(body: Callable[P, T]) -> Callable[P, T]:
    """For the body of a fragment or dialog: it reruns without the main script and its check."""

    @wraps(body)
    def inner(*args: P.args, **kwargs: P.kwargs) -> T:
        with viewing():
            if me() is None:
                st.rerun()
            return body(*args, **kwargs)

    return inner


def _is_fragment() -> bool:
    context = get_script_run_ctx()
    return bool(context and context.fragment_ids_this_run)
