"""One application before a reviewer: the form beside its evidence, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from models.vocabulary import REVIEWS, Act, State, Thing
from ui.attempt import ask, attempt, begin
from ui.components import (
    acts,
    delivery,
    fields,
    judging,
    keys,
    looking,
    office_acts,
    paper,
    papers,
    proofs,
    questions,
    shortcuts,
    slots,
    words,
)
from ui.components.words import plain, t
from workflows.desk import reviews
from workflows.intake import filing
from workflows.queries import applications, lists, office, queue
from workflows.rules import forms, permissions

if TYPE_CHECKING:
    from models.application import Application, Revision
    from models.programme import FieldRule, Programme
    from workflows.queries.applications import Whole
    from workflows.queries.office import Card
    from workflows.record.acting import Actor

QUEUE, CASE = "views/review_queue.py", "views/review_case.py"
SLATE, NOTICE = "views/review_slate.py", "views/review_notice.py"


def main() -> None:
    """The application of the address, or what to do when there is none."""
    actor = begin()
    with st.container(horizontal=True):
        back = st.button(t("返回待办", "Back to the queue"), key="case:back", icon=":material/arrow_back:")
        shortcuts.sheet("review-case")
    if back:
        st.switch_page(QUEUE)
    chosen = st.query_params.get("id", "")
    if not chosen:
        st.info(t("请先在待办中打开一份申报。", "Open an application from the queue first."))
        return
    whole = ask(applications.application, actor, chosen)
    if whole is None:
        return
    rules = lists.rules_of(whole.application.round_id)
    changes = applications.revisions(actor, chosen)
    _head(whole)
    looking.since(actor, whole, rules, changes)
    card = ask(office.office_card, actor, chosen)
    office_acts.banner(card)
    _acts(actor, whole.application, rules, card)
    office_acts.draw(actor, whole.application, card)
    judging.draw(actor, whole.application, rules)
    questions.asked(actor, whole.application)
    _papers(actor, whole, rules, changes)


def _head(whole: Whole) -> None:
    row = whole.application
    st.title(plain(row.subject) or t("（未命名）", "(no name)"), anchor=False)
    where = f"{words.label(row.state)} · {words.since(row.entered_at)} · {words.remaining(row.due_at)}"
    st.text(where)
    st.text(f"{whole.round.name} · {whole.unit.name} · {row.leader_name} · {row.receipt or ''}")
    with st.container(horizontal=True):
        st.link_button(t("打印申报表", "Print the form"), f"/print/{row.id}", icon=":material/print:")
        papers.button(t("申报表 PDF", "Form as PDF"), "form", row.id)
    if row.checked and row.state in REVIEWS:
        st.success(t("本级已审核通过", "Checked at this tier"), icon=":material/check:")


def _acts(actor: Actor, row: Application, rules: Programme, card: Card | None) -> None:
    """The desk's three acts, grey with their reason when they cannot be done, and the next case."""
    key = f"case:{row.id}:{row.version}"
    checked = words.code("checked_already", receipt=row.receipt) if row.checked else None
    no = {a: office_acts.why_not(actor, a, row, card) for a in (Act.CHECK, Act.SEND_BACK, Act.REFUSE)}
    with st.container(horizontal=True):
        if acts.button(t("审核通过", "Check"), no[Act.CHECK] or checked, key=f"{key}:check",
                       type="primary", shortcut=shortcuts.CHECK):  # fmt: skip
            acts.dialog(t("审核通过", "Check"), _check, actor, row, rules)
        if acts.button(t("退回修改", "Return"), no[Act.SEND_BACK], key=f"{key}:return", shortcut=shortcuts.RETURN):
            acts.dialog(t("退回修改", "Return for correction"), _return, actor, row, rules)
        if acts.button(t("不予受理", "Refuse"), no[Act.REFUSE], key=f"{key}:refuse"):
            acts.dialog(t("不予受理", "Refuse"), _refuse, actor, row)
        _elsewhere(actor, row, key)
    if reason := no[Act.CHECK]:
        st.caption(plain(reason))


def _elsewhere(actor: Actor, row: Application, key: str) -> None:
    """Where the work goes on: the objection, the list it may be ranked on, the next in the queue."""
    if row.state is State.CONTESTED and st.button(t("处理异议", "The objection"), key=f"{key}:objection"):
        st.switch_page(NOTICE)
    if row.checked and st.button(t("去排序", "Rank it"), key=f"{key}:rank"):
        st.switch_page(SLATE)
    if st.button(t("下一件", "Next"), key=f"{key}:next", shortcut=shortcuts.NEXT):
        _next(actor, row)


def _next(actor: Actor, row: Application) -> None:
    """The next unchecked application at the same desk, else the queue."""
    for desk in actor.places():
        if desk != row.desk:
            continue
        lines = queue.queue(actor, desk=desk).lines
        waiting = [line.id for line in lines if not line.checked and line.id != row.id]
        if waiting:
            st.switch_page(CASE, query_params={"id": waiting[0]})
    st.switch_page(QUEUE)


def _papers(actor: Actor, whole: Whole, rules: Programme, changes: list[Revision]) -> None:
    called = paper.labels(rules)
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.subheader(t("申报表", "Form"), anchor=False)
        paper.form(rules, whole, changes)
    with right:
        st.subheader(t("佐证材料", "Evidence"), anchor=False)
        paper.files(rules, whole)
        _own_files(actor, whole, rules)
        st.subheader(t("期限", "Due"), anchor=False)
        paper.due(whole)
        st.subheader(t("各级意见", "Opinions so far"), anchor=False)
        paper.opinions(actor, whole, called)
        proofs.path(actor, whole.application.id)
        delivery.about(actor, whole.application.id)
    st.subheader(t("办理记录", "History"), anchor=False)
    paper.history(actor, whole)


def _own_files(actor: Actor, whole: Whole, rules: Programme) -> None:
    """The papers that this tier puts in itself, while the case is on its desk."""
    row = whole.application
    own = filing.own_slots(rules, row)
    if own and permissions.refusal(actor, Act.ATTACH, Thing.APPLICATION, row) is None:
        st.subheader(t("本级材料", "This tier's papers"), anchor=False)
        for slot in own:
            slots.draw(actor, whole, slot, paper.labels(rules))


def _check(actor: Actor, row: Application, rules: Programme) -> None:
    key, own = keys.token("check", row.id, row.version), filing.own_fields(rules, row)
    acts.consequences(
        t(
            "本级审核通过后，可列入推荐名单。",
            "Once checked, it may be ranked on this tier's list.",
        ),
        t("意见将写入申报表的本级意见栏。", "The opinion goes into this tier's box on the form."),
    )
    with acts.keeping(actor, row, "check"), st.form(f"form:{key}", border=False):
        answers = _own_answers(own, row, key)
        opinion = st.text_area(t("审核意见（可不填）", "Opinion (optional)"), max_chars=2000, key=f"opinion:{key}")
        sent = acts.send(t("审核通过", "Check"))
    if sent and attempt(reviews.check, actor, row.id, seen=row.version, opinion=opinion, answers=answers, key=key,
                        labels=paper.labels(rules), done=t("已审核通过", "Checked")) is not None:  # fmt: skip
        st.rerun()


def _own_answers(own: list[FieldRule], row: Application, key: str) -> dict[str, str]:
    """The fields that the programme leaves to this tier, as typed."""
    if own:
        st.markdown(t("**本级填写**", "**For this tier to fill in**"))
    for rule in own:
        place = f"own:{rule.name}:{key}"
        st.session_state.setdefault(place, fields.as_shown(rule, row.answers.get(rule.name)))
        fields.draw(rule, place, None)
    return {rule.name: fields.as_sent(st.session_state[f"own:{rule.name}:{key}"]) for rule in own}


def _return(actor: Actor, row: Application, rules: Programme) -> None:
    key, called = keys.token("return", row.id, row.version), paper.labels(rules)
    acts.consequences(
        t("申报人只能修改所选各项，并须在补正期限内重新提交。",
          "Only the chosen fields open again, and only until the correction is due."),
        t("本级审核时限停止计算。", "This tier's clock stops."),
    )  # fmt: skip
    chosen = st.multiselect(
        t("需要补正的项目", "Fields to correct"), _returnable(rules), format_func=lambda f: plain(called[f]),
        key=f"fields:{key}", placeholder=t("请选择", "Choose"),
    )  # fmt: skip
    with acts.keeping(actor, row, "return"), st.form(f"form:{key}", border=False):
        faults = [{"field": f, "words": st.text_area(
            t(f"{called[f]}：请写明问题和要求", f"{called[f]}: what is wrong, and what is wanted"),
            max_chars=500, key=f"fault:{f}:{key}")} for f in chosen]  # fmt: skip
        opinion = st.text_area(
            t("说明（同一项目再次退回时必填）", "Why (needed when a field is returned again)"),
            max_chars=2000, key=f"opinion:{key}",
        )  # fmt: skip
        sent = acts.send(t("退回修改", "Return"))
    if sent and attempt(reviews.send_back, actor, row.id, faults=faults, seen=row.version,
                        opinion=opinion, key=key, labels=called,
                        done=t("已退回修改", "Returned")) is not None:  # fmt: skip
        st.rerun()


def _returnable(rules: Programme) -> list[str]:
    """What its own people can correct."""
    return [part.name for part in forms.parts(rules) if part.by == forms.APPLICANT]


def _refuse(actor: Actor, row: Application) -> None:
    key = keys.token("refuse", row.id, row.version)
    acts.consequences(
        t("申报就此结束，不能恢复；理由将告知申报人。",
          "This ends the application for good; its people are told the reason.")
    )  # fmt: skip
    with acts.keeping(actor, row, "refuse"), st.form(f"form:{key}", border=False):
        reason = st.text_area(t("理由（必填）", "Reason (required)"), max_chars=2000, key=f"reason:{key}")
        sent = acts.send(t("不予受理", "Refuse"))
    if sent and attempt(reviews.refuse, actor, row.id, reason=reason, seen=row.version, key=key,
                        done=t("已作不予受理处理", "Refused")) is not None:  # fmt: skip
        st.rerun()


main()
