"""How far a long act has come, shown while it runs; the act is not cut by what is clicked meanwhile."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

from ui.components.words import plain
from workflows.clocks import progress

if TYPE_CHECKING:
    from collections.abc import Iterator

_EVERY = 0.3  # seconds


@contextmanager
def bar(said: str) -> Iterator[None]:
    """Show a bar with how many of how many are done, as what runs within tells by `progress.at`.

    It is drawn by a thread of its own: in the script's thread every drawing is a place where a click cuts the run.
    """
    place, seen, over = st.empty(), [0, 0], Event()

    def told(_step: str, number: int, of: int) -> None:
        seen[:] = number, of

    def draw() -> None:
        while not over.wait(_EVERY):
            done, of = seen
            if of:
                place.progress(min(1.0, done / of), text=plain(f"{said} {done:,} / {of:,}"))

    drawing = Thread(target=draw, daemon=True)
    add_script_run_ctx(drawing, get_script_run_ctx())
    drawing.start()
    try:
        with progress.heard(told):
            yield
    finally:
        over.set()
        drawing.join()
        place.empty()
