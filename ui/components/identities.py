"""One's own identities at the provider of sign-in: which open this account, and an end to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from models.settings import settings
from ui.attempt import attempt
from ui.components import words
from ui.components.words import t
from workflows.people import identities

if TYPE_CHECKING:
    from workflows.people.identities import Linked
    from workflows.record.acting import Actor


def linked(actor: Actor) -> None:
    """The identities with a way to unlink each; nothing where there is neither a provider nor any of them."""
    rows = identities.my_identities(actor)
    if not rows and not settings().oidc_issuer:
        return
    st.subheader(t("统一认证", "Single sign-on"))
    if not rows:
        st.caption(t("尚未关联。用统一认证登录一次，按提示关联。", "None is linked yet: sign in through it once."))
    for row in rows:
        _one(actor, row)


def _one(actor: Actor, row: Linked) -> None:
    left, right = st.columns([5, 1], vertical_alignment="center")
    name = name_of(row.provider)
    made, used = words.moment(row.made_at), words.moment(row.used_at)
    left.text(t(f"{name}\n{made}关联，最近使用 {used}", f"{name}\nlinked {made}, last used {used}"))
    if right.button(t("解除", "Unlink"), key=f"identity:{row.id}"):
        done = t("已解除关联，由它登录的浏览器已退出。", "Unlinked; browsers that came in by it are signed out.")
        if attempt(identities.unlink_identity, actor, identity_id=row.id, done=done) is not None:
            st.rerun()


def name_of(provider: str) -> str:
    """What people call a provider: the one configured by its name, another by a general word."""
    known = settings().oidc_name if provider == identities.provider() else ""
    return known or t("统一认证", "single sign-on")
