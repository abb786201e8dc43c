"""The menu as Streamlit wants it: the pages that one person has, in their language."""

from __future__ import annotations

from copy import copy
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from ui.attempt import begin
from ui.components import links, words
from ui.components.words import t
from ui.views import PAGES, Page

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

    from workflows.record.acting import Actor

ROOT = Path(__file__).parent.parent


def pages(actor: Actor, spoken: str, asked: str = "") -> list[StreamlitPage]:
    """The pages this person has; one not listed here cannot be reached by its address either.

    `asked` is the address in the browser: of a page that is not theirs, there is one beside them that says so.
    """
    shown = [page for page in PAGES if page.shown(actor)]
    made = [copy(_made(page, spoken, is_first=n == 0)) for n, page in enumerate(shown)]
    others = [page.title(spoken) for page in PAGES if page.path == asked and page not in shown]
    return made + [
        st.Page(partial(_not_theirs, title), title=title, url_path=asked, visibility="hidden") for title in others
    ]


def _not_theirs(title: str) -> None:
    """Instead of Streamlit's English note that there is no such page."""
    begin()
    st.title(words.plain(title))
    st.info(t("这个页面不在您的任职范围内。需要使用的，请联系本单位或上级工会的管理员。",
              "This page does not belong to any seat of yours. If you need it, ask your administrator."))  # fmt: skip
    links.to(t("回到首页 →", "To the home page →"), "")


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
