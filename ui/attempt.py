"""The edge between pages and verbs: what was refused in words, what went wrong by a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import streamlit as st
import structlog
from structlog.contextvars import bind_contextvars, clear_contextvars

from models import text
from models.base import new_id
from models.errors import ConflictError, ShenbaoError
from ui.components import keys, machinery, proof, words
from ui.components.words import t
from ui.session import me

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workflows.record.acting import Actor

P = ParamSpec("P")
T = TypeVar("T")
_FLASH = "flash"
_log = structlog.get_logger(__name__)


def begin() -> Actor:
    """Who looks at this page; every page begins with it. Shows what the last click came to."""
    actor = me()
    if actor is None:
        st.rerun()
    words.read_by(actor.language)
    clear_contextvars()
    bind_contextvars(request=new_id(), actor=actor.id)
    for said in st.session_state.pop(_FLASH, []):
        st.toast(words.plain(said), icon=":material/check_circle:")
    machinery.warn(actor)
    proof.ask()
    return actor


def attempt(
    verb: Callable[..., T],
    *args: Any,
    done: str,
    labels: Mapping[str, str] | None = None,
    **kwargs: Any,
) -> T | None:
    """Call a verb. Answers what it answers, or None when it was refused and the page says why.

    `done` is told by a toast on the next page drawn, so the caller reruns after a success;
    `labels` name the fields of a programme's form in what is said of faults.
    """
    try:
        proof.require(verb, kwargs)
        # Shown only once it takes longer than a moment; the click is spent before the page may be cut.
        with st.spinner(t("正在办理…", "Working…"), show_time=True):
            result = verb(*args, **kwargs)
            keys.spend(str(kwargs.get("key")))
            flash(done)
    except ShenbaoError as error:
        if isinstance(error, ConflictError):
            keys.keep(str(kwargs.get("key")))
        explain(error, labels)
        return None
    except Exception as error:  # noqa: BLE001 -- the edge: a person must be told, and the page must stand
        apologise(error)
        return None
    return result


def ask(query: Callable[..., T], *args: Any, **kwargs: Any) -> T | None:
    """Ask a question. Answers None when it is refused, and the page says why."""
    try:
        return query(*args, **kwargs)
    except ShenbaoError as error:
        explain(error)
        return None


def flash(said: str) -> None:
    """Keep a sentence for the next page drawn: a toast before a rerun would be lost."""
    st.session_state.setdefault(_FLASH, []).append(said)


def explain(error: ShenbaoError, labels: Mapping[str, str] | None = None) -> None:
    """Show what a refusal means: the rule with its numbers; for a stale page who, when and what."""
    st.error(words.plain(text.sentence(error, words.spoken(), labels)), icon=":material/error:")


def apologise(error: Exception) -> None:
    """Tell a reference number, and the log what it stands for."""
    reference = new_id()[-8:]
    _log.error("verb_failed", reference=reference, exc_info=error)
    said = t(
        f"操作没有完成，系统已记录。如需帮助，请告知编号 {reference}。",
        f"This could not be done; it has been written down. To ask for help, quote {reference}.",
    )
    st.error(said, icon=":material/error:")
