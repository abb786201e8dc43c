"""The menu as Streamlit wants it: the pages that one person has, in their language."""

from __future__ import annotations

from copy import copy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from ui.views import PAGES, Page

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

    from workflows.record.acting import Actor

ROOT = Path(__file__).parent.parent


def pages(actor: Actor, spoken: str) -> list[StreamlitPage]:
    """The pages this person has; one not listed here cannot be reached by its address either."""
    shown = [page for page in PAGES if page.shown(actor)]
    return [copy(_made(page, spoken, is_first=n == 0)) for n, page in enumerate(shown)]


@cache
def _made(page: Page, spoken: str, *, is_first: bool) -> StreamlitPage:
    """A page is looked for on the disk when it is made; Streamlit writes into those it is given, so they are copies."""
    return st.Page(
        ROOT / page.file,
        title=page.title(spoken),
        url_path=page.path or None,
        default=is_first,
        visibility="hidden" if page.hidden else "visible",
    )
