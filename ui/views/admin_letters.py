"""The letters that went out, those that could not, and whom nobody reached."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import streamlit as st

from models.vocabulary import Role
from ui.attempt import ask, attempt, begin
from ui.components import delivery, keys, office, words
from ui.components.words import plain, t
from workflows.post import carriers, resending, returned
from workflows.post.wording import TEMPLATES
from workflows.queries import post
from workflows.record import foreseeing

if TYPE_CHECKING:
    from workflows.post.returned import Unreached
    from workflows.queries.post import Sent
    from workflows.record.acting import Actor

_SHOWN = 20  # people at once; the others come when these are dealt with
_SLOT = re.compile(r"\{\{.*?\}\}")


def main() -> None:
    """Whom nobody reached first, for they wait; then the letters with their fate, and the words of the one chosen."""
    actor = begin()
    st.title(t("信件", "Letters"))
    root = office.choose(actor)
    _where()
    _counts(actor, root)
    _undelivered(actor, root)
    st.subheader(t("信件", "Letters"), anchor=False)
    given = _filters()
    rows = ask(post.letters, actor, root=root, **given) or []
    if rows:
        _table(rows)
    else:
        st.info(t("没有符合条件的信件。办理一件申报后这里会出现。", "No letters match. They appear once work is done."))
    if given["state"] in resending.STATES:
        _resend(actor, {"root": root, **given})
    else:
        st.caption(t("要重发信件，请先选择“已寄出”“被退回”或“无法送达”。",
                     "To send letters again, choose the state sent, came back or undeliverable first."))  # fmt: skip


def _where() -> None:
    folder = carriers.mail_folder()
    if folder is None:
        st.caption(t("信件由邮件服务器寄出。", "Letters leave through the mail server."))
        return
    st.caption(t("没有设置邮件服务器，信件放在本机邮件夹（Maildir）：",
                 "No mail server is set; letters go into a Maildir on this machine:"))  # fmt: skip
    st.code(str(folder.absolute()), language=None)


def _counts(actor: Actor, root: str) -> None:
    found = ask(post.stuck, actor, root=root)
    if found is None:
        return
    with st.container(horizontal=True):
        for said, n in (
            (t("待寄（含暂缓）", "Waiting or held"), found.waiting),
            (t("未送达", "Undelivered"), found.dead),
            (t("未送达人数", "People not reached"), found.people),
        ):
            st.metric(said, n, border=True, width=150)


def _undelivered(actor: Actor, root: str) -> None:
    people = ask(returned.undelivered, actor, root=root) or []
    if not people:
        return
    st.subheader(t("未送达，请处理", "Not reached: please deal with these"), anchor=False)
    st.caption(t("更正邮箱后，近30天未送达且仍有用的信件会重新寄出。",
                 "With a new address, what failed in the last 30 days and still matters is sent again."))  # fmt: skip
    for one in people[:_SHOWN]:
        _person(actor, root, one)
    if len(people) > _SHOWN:
        st.caption(t(f"另有{len(people) - _SHOWN}人，处理后依次显示。", f"{len(people) - _SHOWN} more people follow."))


def _person(actor: Actor, root: str, one: Unreached) -> None:
    # No address in the title: Streamlit would make it a link there, and a click on it opens no expander.
    title = t(f"{one.name} · {one.n}封", f"{one.name} · {one.n} letters")
    with st.expander(plain(title), icon=":material/error:"):
        since = words.moment(one.since)
        st.text(t(f"{one.email}，自{since}起", f"{one.email}, since {since}"))
        st.text(delivery.trouble(one.error))
        if actor.places(Role.ADMINISTRATOR):
            _readdress(actor, one)
        _settle(actor, root, one)


def _readdress(actor: Actor, one: Unreached) -> None:
    key = keys.token("readdress", one.account_id, one.email)
    with st.form(f"form:{key}", border=False):
        to = st.text_input(
            t("新邮箱（也用于登录）", "New address (also for signing in)"), key=f"to:{key}", max_chars=254
        )
        sent = st.form_submit_button(t("更正邮箱并重寄", "Change address and send again"))
    if sent:
        done = attempt(returned.readdress, actor, email=one.email, to=to, key=key,
                       done=t("邮箱已更正", "The address was changed"))  # fmt: skip
        if done is not None:
            st.rerun()


def _settle(actor: Actor, root: str, one: Unreached) -> None:
    key = keys.token("settle-undelivered", one.account_id, one.n)
    with st.form(f"form:{key}", border=False):
        reason = st.text_input(
            t("处理情况，如“已电话告知”", "What was done, such as “told by phone”"),
            key=f"how:{key}", max_chars=returned.LONGEST,
        )  # fmt: skip
        sent = st.form_submit_button(t("记为已处理", "Dealt with"))
    if sent and attempt(returned.settle_undelivered, actor, root=root, account_id=one.account_id, reason=reason,
                        done=t("已记录", "Noted")) is not None:  # fmt: skip
        keys.spend(key)
        st.rerun()


def _filters() -> dict[str, Any]:
    states = delivery.states()
    state = st.segmented_control(
        t("状态", "State"), list(states), format_func=lambda one: states[one], key="letters:state",
    )  # fmt: skip
    with st.container(horizontal=True):
        template = st.selectbox(
            t("事由", "Event"), sorted(TEMPLATES), format_func=_event, index=None, key="letters:template",
            placeholder=t("全部", "All"), width=260,
        )  # fmt: skip
        person = st.text_input(t("收件人邮箱", "Reader's address"), key="letters:person", width=220)
        since = st.date_input(t("自哪天起写的", "Written since"), value=None, key="letters:since", width=160)
    return {"state": state or "", "template": template or "", "person": person, "since": since}


def _event(template: str) -> str:
    """A template by its subject, without what differs from letter to letter."""
    subject = TEMPLATES[template].zh[0] if words.spoken() == "zh" else TEMPLATES[template].en[0]
    return plain(_SLOT.sub("…", subject))


def _table(rows: list[Sent]) -> None:
    states = delivery.states()
    frame = {
        t("状态", "State"): [states[row.state] for row in rows],
        t("收件人", "To"): [f"{row.name} <{row.email}>" for row in rows],
        t("标题", "Subject"): [row.read.subject for row in rows],
        t("时间", "Written"): [words.moment(row.read.at) for row in rows],
        t("尝试", "Tries"): [row.attempts for row in rows],
        t("情况", "What happened"): [row.settled or delivery.trouble(row.error) for row in rows],
    }
    picked = st.dataframe(
        frame,
        # The rows are in the key: a selection must never slip to another letter.
        key=f"letters:{hash(tuple(row.id for row in rows))}",
        on_select="rerun",
        selection_mode="single-row",
        hide_index=True,
        alt=t("信件列表", "Letters"),
    )
    if len(rows) == post.PAGE:
        st.caption(
            t(f"只列最新{post.PAGE}封，请用条件缩小范围。", f"The newest {post.PAGE}; narrow them by conditions.")
        )
    lines = picked["selection"]["rows"]
    if not lines:
        st.caption(t("选中一行查看正文。", "Select a row to read the letter."))
        return
    _body(rows[lines[0]])


def _body(row: Sent) -> None:
    with st.container(border=True):
        st.markdown(f"**{words.plain(row.read.subject)}**")
        st.text(row.read.body)
        if row.state in ("waiting", "held"):
            at = words.moment(row.not_before)
            st.caption(t(f"下次尝试：{at}", f"Next try: {at}"))
        if row.error:
            st.caption(plain(delivery.trouble(row.error)))
        if row.settled:
            st.caption(plain(t(f"已处理：{row.settled}", f"Dealt with: {row.settled}")))


def _resend(actor: Actor, given: dict[str, Any]) -> None:
    """Again as many as one says; the number must be the right one, so that nobody sends thousands by a slip."""
    about = f"{given['root']}{given['state']}{given['template']}{given['person']}{given['since']}"
    key = keys.token("resend", about)
    with st.expander(t("重发符合以上条件的信件…", "Send the letters that match again…"), icon=":material/send:"):
        st.caption(t("请先试算，再填入封数确认；不填起始日期时只含近30天的信件。",
                     "Ask for the number first, then type it. Without a day, the last 30 days are meant."))  # fmt: skip
        with st.form(f"form:{key}", border=False):
            count = st.number_input(t("封数", "Number of letters"), min_value=0, max_value=resending.MOST, value=0,
                                    key=f"count:{key}")  # fmt: skip
            with st.container(horizontal=True):
                tried = st.form_submit_button(t("试算", "Show the number"))
                sent = st.form_submit_button(t("重发", "Send again"), type="primary")
        if tried:
            _number(actor, {**given, "count": int(count)})
        if sent:
            done = attempt(resending.resend, actor, **given, count=int(count), key=key,
                           done=t(f"已重发{int(count)}封", f"Sent {int(count)} again"))  # fmt: skip
            if done is not None:
                st.rerun()


def _number(actor: Actor, given: dict[str, Any]) -> None:
    since = given["since"].isoformat() if given["since"] else None
    arguments = {name: value for name, value in {**given, "since": since}.items() if value not in (None, "")}
    seen = ask(foreseeing.plan, actor, verb="resend", arguments=arguments)
    if seen is None:
        return
    if seen.refused is not None:
        code, details = seen.refused
        if code == "resend_count":
            n = details["n"]
            st.info(plain(t(f"会发出{n}封。确定要重发的，请在“封数”中填入{n}。",
                            f"This would send {n} letters. To do so, type {n} as the number.")))  # fmt: skip
            return
        st.info(plain(words.code(code, **details)))
        return
    n = len(seen.letters)
    people = len({one.account_id for one in seen.letters})
    st.info(plain(t(f"会发出{n}封，共{people}人。", f"This would send {n} letters to {people} people.")))


main()
