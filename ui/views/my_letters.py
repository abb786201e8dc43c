"""One's own letters, and how one wants to hear: at once or daily, by night or not, by which further ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from models.settings import settings
from models.vocabulary import CarrierKind, Habit, LetterKind
from ui.attempt import ask, attempt, begin
from ui.components import delivery, keys, words
from ui.components.words import plain, t
from workflows.post import preferences
from workflows.queries import own_letters

if TYPE_CHECKING:
    from workflows.post.preferences import Kept, Wishes
    from workflows.queries.own_letters import Mine
    from workflows.record.acting import Actor

_BEFORE = "my-letters:before"


def main() -> None:
    """The letters first; the wishes below them."""
    actor = begin()
    st.title(t("我的信件", "My letters"))
    _letters(actor)
    wishes = ask(preferences.my_wishes, actor)
    if wishes is not None:
        _wishes(actor, wishes)
        _ways(actor, wishes)


def _letters(actor: Actor) -> None:
    before = st.session_state.get(_BEFORE)
    found = ask(own_letters.my_letters, actor, before=before) or []
    if not found:
        st.info(t("没有更早的信件。", "No earlier letters.") if before else t("还没有来信。", "No letters yet."))
    for one in found:
        _letter(one)
    with st.container(horizontal=True):
        if before and st.button(t("回到最新", "Newest"), key="my-letters:newest"):
            del st.session_state[_BEFORE]
            st.rerun()
        if len(found) == own_letters.PAGE and st.button(t("更早的信件", "Earlier"), key="my-letters:earlier"):
            st.session_state[_BEFORE] = found[-1].read.at
            st.rerun()


def _letter(one: Mine) -> None:
    sign = ":material/priority_high:" if one.read.kind is LetterKind.ACTION else ":material/mail:"
    with st.expander(plain(words.beside(words.moment(one.read.at), one.read.subject)), icon=sign):
        st.text(one.read.body)
        st.caption(plain(t(f"邮件：{delivery.states()[one.state]}", f"Mail: {delivery.states()[one.state]}")))


def _wishes(actor: Actor, wishes: Wishes) -> None:
    st.subheader(t("接收方式", "How to hear of it"), anchor=False)
    st.caption(t("需要您办理的事项总会及时寄出；以下只影响仅供知悉的通知和夜间寄送。",
                 "What asks you for something is always sent. This is about the rest, and the night."))  # fmt: skip
    quiet = f"{settings().quiet_from}–{settings().quiet_until}"
    with st.form("my-letters:wishes"):
        habit = st.radio(
            t("仅供知悉的通知", "What only tells"), list(Habit), index=list(Habit).index(wishes.information),
            format_func=lambda one: plain(words.label(one)), horizontal=True,
        )  # fmt: skip
        night = st.checkbox(
            plain(t(f"夜间（{quiet}）不寄送可以等到早上的信", f"Hold what can wait until morning ({quiet})")),
            value=wishes.quiet,
        )
        sent = st.form_submit_button(t("保存", "Save"), type="primary")
    if (
        sent
        and attempt(preferences.prefer, actor, information=habit, quiet=night, done=t("已保存", "Saved")) is not None
    ):
        st.rerun()


def _ways(actor: Actor, wishes: Wishes) -> None:
    st.subheader(t("邮件以外的通知方式", "Ways beside mail"), anchor=False)
    if not wishes.ways:
        st.caption(t("可以让信件同时发到企业微信、钉钉、飞书的群机器人，或您单位系统的网址。",
                     "Letters can also go to a robot of WeCom, DingTalk or Feishu, or to a webhook."))  # fmt: skip
    for way in wishes.ways:
        _way(actor, way)
    if len(wishes.ways) < preferences.MOST:
        with st.expander(t("增加一种方式", "Add a way"), icon=":material/add:"):
            _add(actor, len(wishes.ways))


def _way(actor: Actor, way: Kept) -> None:
    with st.container(border=True):
        st.markdown(f"**{plain(way.name)}** · {plain(words.label(way.kind))}")
        scope = t("只发需要办理的", "only what asks for something") if way.only_action else t("所有信件", "all letters")
        st.text(f"{way.shown} · {scope}")
        if way.dead:
            lost = t(f"已有{way.dead}封没能送到，最近一次：", f"{way.dead} letters went lost, the last because: ")
            st.warning(plain(f"{lost}{delivery.trouble(way.error)}"), icon=":material/error:")
        with st.container(horizontal=True):
            tried = st.button(t("发一条测试", "Send a test"), key=f"try:{way.id}")
            if st.button(t("停用", "Drop"), key=f"drop:{way.id}") and (
                attempt(preferences.drop_way, actor, way.id, done=t("已停用", "Dropped")) is not None
            ):
                st.rerun()
        if tried and (came := ask(preferences.try_way, actor, way.id)) is not None:
            if came.code:
                st.error(plain(came.said), icon=":material/error:")
            else:
                st.success(t("对方已收下测试消息。", "The test was taken."), icon=":material/done:")


def _add(actor: Actor, held: int) -> None:
    key = keys.token("add-way", actor.id, held)
    st.caption(t("在群里添加机器人，把它的 https 地址粘贴到这里；钉钉如用“加签”，在地址后加 &secret=SEC…。"
                 "地址等同于密码，只有您能更改，保存后不再显示。",
                 "Add a robot to the chat and paste its https address; where DingTalk signs, append &secret=SEC…. "
                 "The address is as good as a password: it is not shown again."))  # fmt: skip
    with st.form(f"form:{key}", border=False):
        kind = st.selectbox(t("种类", "Kind"), list(CarrierKind), format_func=lambda one: plain(words.label(one)),
                            key=f"kind:{key}")  # fmt: skip
        name = st.text_input(t("名称", "Name"), max_chars=preferences.LONGEST, key=f"name:{key}")
        address = st.text_input(t("地址", "Address"), type="password", key=f"address:{key}")
        only = st.checkbox(t("只发需要我办理的", "Only what asks me for something"), key=f"only:{key}")
        sent = st.form_submit_button(t("增加", "Add"), type="primary")
    if sent and attempt(preferences.add_way, actor, kind=kind, name=name, address=address, only_action=only,
                        done=t("已增加，可发一条测试", "Added; send a test")) is not None:  # fmt: skip
        keys.spend(key)  # else the next form would begin with this address
        st.rerun()


main()
