"""Ways from one page to another: by a page's address, and with what it is to show."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import streamlit as st

from ui.components import words
from ui.views import PAGES

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

ROOT = Path(__file__).parent.parent.parent


def page(path: str) -> StreamlitPage:
    """The page at an address, as `st.page_link` and `st.switch_page` want it."""
    found = next(page for page in PAGES if page.path == path)
    title = found.title(words.spoken())
    return st.Page(ROOT / found.file, title=title, url_path=path or None, default=not path)


def to(label: str, path: str, **about: str) -> None:
    """A link to a page; `about` goes into its address (`id=...`)."""
    st.page_link(page(path), label=label, query_params=about)


def go(path: str, **about: str) -> NoReturn:
    """Show another page now."""
    st.switch_page(page(path), query_params=about)


def given(name: str) -> str:
    """What the address of this page says; empty when it does not, or says what is no text."""
    said = st.query_params.get(name, "")
    return said if said.isprintable() else ""
