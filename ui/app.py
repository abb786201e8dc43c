"""What Streamlit runs at every click: who is there, which pages they have, the one chosen."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

import streamlit as st

from models.database import viewing
from ui.components import banner
from ui.menu import pages
from ui.session import language, me

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

    from workflows.record.acting import Actor

TEXT = {
    "product": ("工会申报", "Union Applications"),
    "ended": ("会话已失效", "Your session has ended"),
    "ended_note": (
        "您已退出，或太久没有操作。请重新登录。",
        "You signed out, or did nothing for too long. Please sign in again.",
    ),
    "sign_in": ("登录", "Sign in"),
    "sign_out": ("退出登录", "Sign out"),
    "other_language": ("English", "中文"),
    "appearance": ("显示设置", "Appearance"),
}


def main() -> None:
    """Draw the page as things are at one moment; what a click changes begins another."""
    with viewing():
        _draw()


def _draw() -> None:
    """Navigation is declared on every path: else a former menu stays on screen."""
    actor = me()
    spoken = language(actor)
    st.set_page_config(page_title=_said("product", spoken), layout="wide")
    if actor is None:
        notice = st.Page(partial(_ended, spoken, _here()), title=_said("ended", spoken), url_path="ended")
        st.navigation([notice], position="hidden").run()
        return
    chosen = st.navigation(pages(actor, spoken, urlsplit(st.context.url or "").path.strip("/")), expanded=True)
    with st.sidebar:
        _person(actor, spoken, chosen)
    banner.show(actor)
    chosen.run()


def _ended(spoken: str, here: str) -> None:
    st.title(_said("ended", spoken))
    st.text(_said("ended_note", spoken))
    _link("/login?" + urlencode({"next": here}), "sign_in", spoken)


def _person(actor: Actor, spoken: str, chosen: StreamlitPage) -> None:
    st.text(actor.name)
    other = "zh" if spoken == "en" else "en"
    here = f"/{chosen.url_path}?{urlencode(st.query_params.to_dict())}".rstrip("?")
    switch = "/language?" + urlencode({"to": other, "next": here})
    _link(switch, "other_language", spoken)
    _link("/appearance?" + urlencode({"next": here, "lang": spoken}), "appearance", spoken)
    _link("/logout", "sign_out", spoken)


def _here() -> str:
    """The address in the browser, to come back to after signing in; `next` is checked there.

    What follows the question mark is asked of Streamlit: in its address of the page it is missing.
    """
    return f"{urlsplit(st.context.url or '/').path}?{urlencode(st.query_params.to_dict())}".rstrip("?")


def _link(target: str, word: str, spoken: str) -> None:
    # Streamlit's own links open a new tab. Nothing that people typed may ever be put in here.
    link = f'<a href="{escape(target)}" target="_self">{_said(word, spoken)}</a>'
    st.markdown(link, unsafe_allow_html=True)


def _said(word: str, spoken: str) -> str:
    return TEXT[word][("zh", "en").index(spoken)]


main()
