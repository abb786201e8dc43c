"""One's own account: the seats held, the password, what is signed in where, and tokens for one's programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ui.attempt import attempt, begin
from ui.components import identities, keys, words
from ui.components.words import t
from workflows.people import own_sessions, tokens
from workflows.queries import admin

if TYPE_CHECKING:
    from workflows.people.own_sessions import OpenSession
    from workflows.people.tokens import Held
    from workflows.record.acting import Actor

_TERMS = (30, 90, 180, 365)  # days
# The first that fits: most browsers also name those that came before them.
_BROWSERS = (
    ("MicroMessenger", "微信 WeChat"), ("DingTalk", "钉钉 DingTalk"), ("Edg", "Edge"), ("Firefox", "Firefox"),
    ("QQBrowser", "QQ"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
            ("Mac OS", "macOS"), ("Linux", "Linux"))  # fmt: skip


def main() -> None:
    """What is known of whoever is signed in, then one part for each thing they can change."""
    actor = begin()
    st.title(t("我的账号", "My account"))
    st.text(f"{actor.name} <{actor.email}>")
    names = admin.names(actor)
    for seat in actor.seats:
        st.caption(f"{words.plain(names.get(seat.organization, seat.organization))} · {words.label(seat.role)}")
    with st.expander(t("修改密码", "Change the password"), icon=":material/key:"):
        _password()
    st.subheader(t("已登录的浏览器", "Signed-in browsers"))
    _sessions(actor)
    identities.linked(actor)
    st.subheader(t("接口令牌", "Tokens"))
    _tokens(actor)


def _password() -> None:
    key = keys.token("password")
    with st.form(f"password:{key}", border=False):
        current = st.text_input(t("现在的密码", "Present password"), type="password", key=f"current:{key}")
        fresh = st.text_input(t("新密码", "New password"), type="password", key=f"fresh:{key}")
        again = st.text_input(t("再输入一次", "Once more"), type="password", key=f"again:{key}")
        sent = st.form_submit_button(t("修改", "Change"), type="primary")
    if not sent:
        return
    if fresh != again:
        st.error(t("两次输入的新密码不一致。", "The two new passwords are not the same."))
        return
    done = t("密码已修改，其他浏览器已退出。", "The password is changed; other browsers are signed out.")
    if attempt(own_sessions.change_password, _sid(), current, fresh, done=done) is not None:
        keys.spend(key)
        st.rerun()


def _sessions(actor: Actor) -> None:
    for held in own_sessions.my_sessions(actor):
        left, right = st.columns([5, 1], vertical_alignment="center")
        left.text(_described(held))
        if held.id == _sid()[: own_sessions.SHORT]:
            right.caption(t("本浏览器", "this one"))
        elif right.button(t("退出", "Sign out"), key=f"end:{held.id}"):
            done = t("那个浏览器已退出。", "That browser is signed out.")
            if attempt(own_sessions.end_session, actor, session_id=held.id, done=done) is not None:
                st.rerun()


def _described(held: OpenSession) -> str:
    agent = _browser(held.agent or "") or t("未知浏览器", "unknown browser")
    since, seen = words.moment(held.created_at), words.moment(held.seen_at)
    where = held.address or "—"
    return t(f"{agent}\n{where}，{since}登录，最近使用 {seen}", f"{agent}\n{where}, since {since}, last used {seen}")


def _browser(agent: str) -> str:
    """A browser and its system as people call them; what names neither as it stands, cut."""
    found = [next((said for sign, said in signs if sign in agent), "") for signs in (_BROWSERS, _SYSTEMS)]
    return " · ".join(filter(None, found)) or agent[:80]


def _tokens(actor: Actor) -> None:
    st.caption(t("让自己的程序代为查询、办理；写明范围，随时可收回。说明见 docs/api.md。",
                 "For programs of your own, within the scopes you name. See docs/api.md."))  # fmt: skip
    if (made := st.session_state.pop("account:made", None)) is not None:
        st.success(t("令牌只显示这一次，请现在复制：", "The token is shown this once; copy it now:"))
        st.code(made, language=None)
    for held in tokens.my_tokens(actor):
        _token(actor, held)
    with st.expander(t("发放令牌", "Make a token"), icon=":material/add:"):
        _make(actor)


def _token(actor: Actor, held: Held) -> None:
    left, right = st.columns([5, 1], vertical_alignment="center")
    used = words.moment(held.used_at) if held.used_at else t("尚未使用", "never")
    until = words.moment(held.ended_at or held.ends_at)
    over = t("已收回", "ended") if held.ended_at else t("有效至", "good until")
    left.text(t(f"{held.name}：{'、'.join(held.scopes)}\n{over} {until}，最近使用 {used}",
                f"{held.name}: {', '.join(held.scopes)}\n{over} {until}, last used {used}"))  # fmt: skip
    if held.ended_at is None and right.button(t("收回", "End"), key=f"token:{held.id}"):
        done = t("令牌已收回。", "The token is ended.")
        if attempt(tokens.end_token, actor, token_id=held.id, done=done) is not None:
            st.rerun()


def _make(actor: Actor) -> None:
    key = keys.token("make-token")
    with st.form(f"make-token:{key}", border=False):
        name = st.text_input(t("用途", "What it is for"), max_chars=60, key=f"name:{key}")
        scopes = st.text_input(
            t("范围（空格分隔）", "Scopes, space between"), "ask", key=f"scopes:{key}",
            help=t("ask 全部查询；do 一般动作；ask:queue、do:check 只这一项", "ask, do, ask:queue, do:check"),
        )  # fmt: skip
        days = st.selectbox(t("有效天数", "Days"), _TERMS, index=1, key=f"days:{key}")
        sent = st.form_submit_button(t("发放", "Make"), type="primary")
    if sent:
        done = t("令牌已发放。", "The token is made.")
        made = attempt(tokens.make_token, actor, name=name, scopes=scopes.split(), days=days, done=done)
        if made is not None:
            st.session_state["account:made"] = made.token
            keys.spend(key)
            st.rerun()


def _sid() -> str:
    return str(st.user.get("sid", ""))


main()
