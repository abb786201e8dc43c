"""Among colleagues: what I am asked to sign, who stands in for whom, and a leaver's whole desk."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import streamlit as st

from models import clock
from models.vocabulary import Act, Role
from ui.attempt import ask, attempt, begin
from ui.components import acts, countersign, keys, office_acts, words
from ui.components.words import plain, t
from workflows.desk import deputies, handing_over
from workflows.queries import admin, colleagues, office
from workflows.record import foreseeing
from workflows.rules.calendar import ends_at, local_date
from workflows.rules.office_words import LONGEST

if TYPE_CHECKING:
    from workflows.queries.colleagues import Colleague, StandIn
    from workflows.record.acting import Actor
    from workflows.record.foreseeing import Foreseen

CASE = "views/review_case.py"
_TERM = timedelta(days=7)


def main() -> None:
    """Signatures first, for they wait; then deputies and handing over at one desk."""
    actor = begin()
    st.title(t("代理与会签", "Deputies and signing"), anchor=False)
    _to_sign(actor)
    desks = actor.places(Role.REVIEWER, Role.ADMINISTRATOR)
    names = admin.names(actor)
    desk = st.selectbox(
        t("单位", "Office"), desks, format_func=lambda one: plain(names.get(one, one)), key="office:desk"
    )
    people = {one.id: one for one in ask(colleagues.colleagues_of, actor, desk=desk) or ()}
    _deputies(actor, desk, people)
    _hand_over(actor, desk, people)


def _to_sign(actor: Actor) -> None:
    tasks = ask(office.to_sign, actor) or []
    st.subheader(t("待我会签", "For me to sign"), anchor=False)
    if not tasks:
        st.caption(t("没有待签的申报。", "Nothing to sign."))
    for task in tasks:
        with st.expander(plain(f"{task.subject} · {task.desk_name} · {words.remaining(task.due_at)}")):
            if actor.places(Role.REVIEWER) and st.button(
                t("打开申报", "Open"), key=f"open:{task.application_id}:{task.account_id}"
            ):
                st.switch_page(CASE, query_params={"id": task.application_id})
            countersign.vote(actor, task.application_id, task.account_id)


def _deputies(actor: Actor, desk: str, people: dict[str, Colleague]) -> None:
    st.subheader(t("代理", "Deputies"), anchor=False)
    for one in ask(colleagues.deputies_of, actor, desk=desk) or ():
        _deputy(actor, one)
    with st.expander(t("指定代理人", "Name a deputy"), icon=":material/add:"):
        _name(actor, desk, people)


def _deputy(actor: Actor, one: StandIn) -> None:
    with st.container(border=True):
        said = t(f"{one.deputy} 代 {one.principal}", f"{one.deputy} for {one.principal}")
        st.text(f"{said} · {words.label(one.role)}")
        st.caption(plain(f"{words.moment(one.starts_at)} – {words.until(one.ends_at)} · {one.reason}"))
        if (
            actor.id in (one.principal_id, one.deputy_id) or actor.sits(one.organization, Role.ADMINISTRATOR)
        ) and st.button(t("解除代理", "Relieve"), key=f"relieve:{one.id}"):
            key = keys.token("relieve", one.id)
            if attempt(deputies.relieve, actor, one.id, key=key, done=t("代理已解除", "Relieved")) is not None:
                st.rerun()


def _name(actor: Actor, desk: str, people: dict[str, Colleague]) -> None:
    key = keys.token("depute", desk)
    acts.consequences(
        t("代理人在期内以被代理人的岗位办理，记录写明代谁；应回避的不能代。",
          "The deputy acts in that seat, and the record says for whom; recusals bind the deputy too."),
        t("代理人不能再转代理，也不能代为评分。", "A deputy names no deputy and does not score for anybody."),
    )  # fmt: skip
    today = local_date(clock.now())
    mine = [actor.id] if actor.id in people else []
    absent = list(people) if actor.sits(desk, Role.ADMINISTRATOR) else mine
    with st.form(f"form:{key}", border=False):
        principal = st.selectbox(
            t("被代理人", "Who is away"), absent, format_func=lambda one: plain(people[one].name), key=f"who:{key}"
        )
        deputy = st.text_input(t("代理人（本单位人员的邮箱）", "Deputy (email of a colleague)"), key=f"deputy:{key}")
        until = st.date_input(t("代理至（当天24:00）", "Through"), value=today + _TERM, key=f"until:{key}")
        reason = st.text_area(office_acts.reason_label(Act.DEPUTE), max_chars=LONGEST, key=f"reason:{key}")
        sent = acts.send(words.label(Act.DEPUTE))
    given: dict[str, Any] = {"principal": principal or "", "deputy": deputy, "organization_code": desk}
    done = t("代理人已指定", "Named")
    if (
        sent
        and attempt(deputies.depute, actor, **given, ends_at=ends_at(until), reason=reason, key=key, done=done)
        is not None
    ):
        st.rerun()


def _hand_over(actor: Actor, desk: str, people: dict[str, Colleague]) -> None:
    st.subheader(t("移交", "Handing over"), anchor=False)
    key = keys.token("hand-over", desk)
    with st.form(f"form:{key}", border=False):
        leaver = st.text_input(t("移交人（邮箱）", "Who leaves (email)"), value=actor.email, key=f"leaver:{key}")
        to = st.selectbox(
            t("接办人", "To whom"), list(people), format_func=lambda one: plain(office_acts.name_of(people[one])),
            index=None, placeholder=t("请选择", "Choose"), key=f"to:{key}",
        )  # fmt: skip
        reason = st.text_area(office_acts.reason_label(Act.HAND_OVER), max_chars=LONGEST, key=f"reason:{key}")
        with st.container(horizontal=True):
            tried = st.form_submit_button(t("试算", "Show what would happen"))
            sent = acts.send(words.label(Act.HAND_OVER))
    given: dict[str, Any] = {"leaver": leaver, "organization_code": desk, "to": to or "", "reason": reason}
    if tried and (seen := ask(foreseeing.plan, actor, verb="hand-over", arguments=given)) is not None:
        _seen(seen)
    if sent and attempt(handing_over.hand_over, actor, **given, key=key, done=t("已移交", "Handed over")) is not None:
        st.rerun()


def _seen(seen: Foreseen) -> None:
    if seen.refused is not None:
        code, details = seen.refused
        st.warning(plain(words.code(code, **details)))
        return
    moved = [step for step in seen.steps if step.receipt]
    st.info(plain(t(f"将移交{len(moved)}件申报。", f"Cases that would go over: {len(moved)}.")))
    rows = [{t("受理编号", "Receipt"): step.receipt, t("名称", "Subject"): step.subject} for step in moved]
    st.dataframe(rows, hide_index=True, alt=t("将移交的申报", "Cases that would go over"), key="hand-over:seen")


main()
