"""One's own identities at the provider of sign-in: which open this account, and an end to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from models.settings import settings
from ui.attempt import attempt
from ui.components import words
from ui.components.words import t
from workflows.people import identities, own_sessions

if TYPE_CHECKING:
    from workflows.people.identities import Linked
    from workflows.record.acting import Actor


def linked(actor: Actor) -> None:
    """The identities with a way to unlink each; nothing where there is neither a provider nor any of them."""
    rows = identities.my_identities(actor)
    if not rows and not settings().oidc_issuer:
        return
    st.subheader(t("统一认证", "Single sign-on"))
    for row in rows:
        _one(actor, row, is_last=not any(one.provider == identities.provider() for one in rows if one is not row))
    if settings().oidc_issuer:
        another = t("关联另一种登录方式（在新页面）", "Link another way to sign in (in a new tab)")
        st.link_button(another, f"/login/with/{identities.SLUG}/link", icon=":material/add_link:")


def _one(actor: Actor, row: Linked, *, is_last: bool) -> None:
    left, right = st.columns([5, 1], vertical_alignment="center")
    name = name_of(row.provider)
    made, used = words.moment(row.made_at), words.moment(row.used_at)
    left.text(t(f"{name}\n{made}关联，最近使用 {used}", f"{name}\nlinked {made}, last used {used}"))
    if is_last and own_sessions.has_password(_sid()):
        with right.popover(t("解除…", "Unlink…"), key=f"unlink:{row.id}"):
            _last(row)
        return
    if right.button(t("解除", "Unlink"), key=f"identity:{row.id}"):
        if attempt(identities.unlink_identity, actor, identity_id=row.id, done=_done()) is None:
            return
        st.rerun()


def _last(row: Linked) -> None:
    """The last one: the password alone will lead in, so who unlinks it shows that they know it."""
    with st.form(f"last:{row.id}", border=False):
        st.caption(t("解除后只能用密码登录，请输入密码。", "After that only the password leads in: please type it."))
        typed = st.text_input(t("密码", "Password"), type="password", key=f"typed:{row.id}")
        sent = st.form_submit_button(t("解除", "Unlink"), type="primary")
    if sent and attempt(identities.unlink_last, _sid(), typed, identity_id=row.id, done=_done()) is not None:
        st.rerun()


def _done() -> str:
    return t("已解除关联，由它登录的浏览器已退出。", "Unlinked; browsers that came in by it are signed out.")


def _sid() -> str:
    return str(st.user.get("sid", ""))


def name_of(provider: str) -> str:
    """What people call a provider: the one configured by its name, another by a general word."""
    known = settings().oidc_name if provider == identities.provider() else ""
    return known or t("统一认证", "single sign-on")
