"""Proving anew who one is before a grave act: asked at the top of the page, and nothing below is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from models import text
from models.errors import ForbiddenError, ShenbaoError
from ui.components import words
from ui.components.words import t
from workflows.people import identities, own_sessions
from workflows.record.verb import VERBS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ASKED = "proof:asked"


def require(verb: Callable[..., Any], arguments: Mapping[str, Any]) -> None:
    """Raise ForbiddenError("prove_yourself") when a grave verb needs the password; it is then asked for."""
    name = next((name for name, known in VERBS.items() if known is verb), "")
    try:
        own_sessions.require_proof(_sid(), name, arguments)
    except ForbiddenError:
        st.session_state[_ASKED] = True
        raise


def ask() -> None:
    """The ways to prove who one is, where that is needed; they go when one of them did."""
    if not st.session_state.get(_ASKED):
        return
    if own_sessions.is_proven(_sid()):
        del st.session_state[_ASKED]  # in another tab, by the provider
        return
    if (name := identities.way_to_prove(_sid())) is not None:
        _by_provider(name)
    if own_sessions.has_password(_sid()):
        _by_password()
    elif name is None:
        st.warning(t("这个账号没有密码。请退出后在登录页用“忘记密码”设置密码，再办理。",
                     "This account has no password: sign out, set one by “Forgotten password”, go on."))  # fmt: skip


def _by_provider(name: str) -> None:
    called = words.plain(name or t("统一认证", "single sign-on"))
    st.link_button(t(f"用{called}确认身份（在新页面）", f"Confirm with {called} (in a new tab)"),
                   f"/login/with/{identities.SLUG}?prove=1")  # fmt: skip


def _by_password() -> None:
    with st.form("proof", clear_on_submit=True):
        typed = st.text_input(t("请输入密码确认身份", "Type your password to go on"), type="password")
        sent = st.form_submit_button(t("确认", "Confirm"), type="primary")
    if not sent:
        return
    try:
        own_sessions.prove(_sid(), typed)
    except ShenbaoError as error:
        st.error(words.plain(text.sentence(error, words.spoken())), icon=":material/error:")
        return
    del st.session_state[_ASKED]
    st.toast(t("身份已确认，请再点一次。", "Thank you. Please click again."), icon=":material/check_circle:")
    st.rerun()


def _sid() -> str:
    return str(st.user.get("sid", ""))
