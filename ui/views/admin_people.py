"""Organisations and seats: who can sign in, for which unit, as what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from models.vocabulary import Role
from ui.attempt import attempt, begin
from ui.components import keys, office, requests, words
from ui.components.words import t
from workflows.people import accounts, organizations
from workflows.queries import admin

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflows.queries.admin import Seated
    from workflows.record.acting import Actor

# What is given most often stands first.
_ROLES = sorted(Role, key=lambda role: role is not Role.CLERK)


def main() -> None:
    """Three forms, the organisations, and who sits where now."""
    actor = begin()
    st.title(t("单位与人员", "Organisations and people"))
    root = office.choose(actor)
    requests.to_settle(actor, root)
    with st.expander(t("登记企业", "Enrol an enterprise"), icon=":material/add:"):
        _enrol(actor, root)
    with st.expander(t("开通账号", "Open an account"), icon=":material/add:"):
        _open(actor)
    with st.expander(t("增加任职", "Give a seat"), icon=":material/add:"):
        _seat(actor)
    text = st.text_input(t("查找单位或人员（名称、代码或邮箱）", "Find by name, code or email"), key="people:text")
    _units(actor, root, text)
    _people(actor, root, text)


def _enrol(actor: Actor, root: str) -> None:
    industries = {each.code: each.name for each in admin.industries(actor, root=root)}
    with st.form(_form("enrol"), border=False):
        given: dict[str, Any] = {
            "code": st.text_input(t("统一社会信用代码（18位）", "Unified social credit code")),
            "name": st.text_input(t("单位名称", "Name")),
            "parent": st.text_input(t("上级工会代码，如 330106", "Code of the union over it")),
            "industry": st.selectbox(
                t("所属产业工会（可不选）", "Industry union (optional)"),
                [None, *industries],
                format_func=lambda each: words.plain(industries[each]) if each else t("无", "none"),
            ),
            "non_public": st.checkbox(t("非公有制企业", "Not state-owned")),
        }
        sent = st.form_submit_button(t("登记", "Enrol"), type="primary")
    if sent:
        _do(
            "enrol",
            organizations.enrol,
            t("企业已登记", "The enterprise is enrolled"),
            actor,
            given,
        )


def _open(actor: Actor) -> None:
    with st.form(_form("open"), border=False):
        given: dict[str, Any] = {
            "email": st.text_input(t("邮箱", "Email")),
            "name": st.text_input(t("姓名", "Name")),
            **_place(),
            "password": st.text_input(
                t("初始密码（留空则寄信请本人设置）", "First password (empty: a letter asks them to choose)"),
                type="password",
            )
            or None,
        }
        sent = st.form_submit_button(t("开通", "Open"), type="primary")
    if sent:
        _do("open", accounts.open_account, t("账号已开通", "The account is open"), actor, given)


def _seat(actor: Actor) -> None:
    with st.form(_form("seat"), border=False):
        given: dict[str, Any] = {"email": st.text_input(t("邮箱", "Email")), **_place()}
        sent = st.form_submit_button(t("增加", "Give"), type="primary")
    if sent:
        _do("seat", accounts.seat, t("任职已增加", "The seat is given"), actor, given)


def _place() -> dict[str, Any]:
    """Where somebody is to sit, and as what."""
    return {
        "organization_code": st.text_input(t("单位代码", "Code of the organisation")).strip(),
        "role": st.selectbox(t("角色", "Role"), _ROLES, format_func=words.label),
    }


def _form(name: str) -> str:
    """The key of a form: a fresh one after it has acted, so that its fields are empty again."""
    return f"people:{name}:{keys.token('people', name)}"


def _do(name: str, verb: Callable[..., Any], done: str, actor: Actor, given: dict[str, Any]) -> None:
    if attempt(verb, actor, **given, done=done) is not None:
        # These verbs take no key: forgetting ours empties the form.
        keys.spend(keys.token("people", name))
        st.rerun()


def _units(actor: Actor, root: str, text: str) -> None:
    rows = admin.units(actor, root=root, text=text)
    st.subheader(t("单位", "Organisations"))
    st.dataframe(
        {
            t("代码", "Code"): [row.code for row in rows],
            t("名称", "Name"): [row.name for row in rows],
            t("层级", "Tier"): [words.label(row.tier) for row in rows],
            t("上级", "Over it"): [row.parent_name or "" for row in rows],
            t("产业工会", "Industry"): [row.industry_name or "" for row in rows],
        },
        hide_index=True,
        height=260,
        alt=t("单位列表", "Organisations"),
    )
    if len(rows) == admin.PAGE:
        st.caption(t("只显示前100个，请用上面的查找。", "Only the first 100; use the search."))


def _people(actor: Actor, root: str, text: str) -> None:
    rows = admin.people(actor, root=root, text=text)
    st.subheader(t("人员与任职", "People and seats"))
    if not rows:
        st.caption(t("没有找到。", "Nobody found."))
        return
    picked = st.dataframe(
        _frame(rows),
        # The rows are in the key: a selection must never slip to another person.
        key=f"people:{hash(tuple(row.seat_id for row in rows))}",
        on_select="rerun",
        selection_mode="single-row",
        hide_index=True,
        alt=t("人员列表", "People"),
    )
    lines = picked["selection"]["rows"]
    if not lines:
        st.caption(t("选中一行可以结束任职。", "Select a row to end that seat."))
        return
    chosen = rows[lines[0]]
    with st.expander(t("结束任职…", "End this seat…"), expanded=True):
        _vacate(actor, chosen)


def _vacate(actor: Actor, chosen: Seated) -> None:
    said = f"{chosen.name} · {chosen.organization_name} · {words.label(chosen.role)}"
    st.text(said)
    st.write(t("立即生效，已打开的页面也不能再办理。", "At once, on open pages as well."))
    yes = t("确认结束", "Yes, end it")
    if st.button(yes, type="primary", key=f"vacate:{chosen.seat_id}"):
        over = t("任职已结束", "The seat has ended")
        if attempt(accounts.vacate, actor, seat_id=chosen.seat_id, done=over) is not None:
            st.rerun()


def _frame(rows: list[Seated]) -> dict[str, list[Any]]:
    return {
        t("姓名", "Name"): [row.name for row in rows],
        t("邮箱", "Email"): [row.email for row in rows],
        t("单位", "Organisation"): [row.organization_name for row in rows],
        t("角色", "Role"): [words.label(row.role) for row in rows],
        t("任职自", "Since"): [words.day(row.starts_at) for row in rows],
        t("至", "Until"): [words.day(row.ends_at) for row in rows],
    }


main()
