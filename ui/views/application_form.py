"""The form of one application: each field saved as it is left, all faults told at once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from models import text
from models.errors import FaultsError, NotFoundError, ShenbaoError
from models.vocabulary import REVIEWS, State
from ui.attempt import ask, begin, explain, flash
from ui.components import acts, beside, fields, keys, links, paper, papers, receipt, saving, slots, words
from ui.components.words import t
from ui.session import me
from workflows.intake import applications
from workflows.queries import applications as asked
from workflows.queries import lists
from workflows.queries.eligible import eligible
from workflows.rules import forms

if TYPE_CHECKING:
    from models.programme import FieldRule, Programme
    from workflows.queries.applications import Whole
    from workflows.record.acting import Actor

OPEN = (State.DRAFT, State.RETURNED)
_PRINT = "/print/{id}"


def main() -> None:
    """One application: to be filled in, or its receipt once it was handed in."""
    actor = begin()
    try:
        whole = asked.application(actor, links.given("id"))
    except NotFoundError as error:
        st.title(t("没有找到这份申报", "Application not found"))
        explain(error)
        links.to(t("返回我的申报", "Back to my applications"), "my-applications")
        return
    rules = lists.rules_of(whole.round.id)
    st.title(words.plain(whole.application.subject or t("新的申报", "New application")))
    st.caption(words.plain(f"{whole.unit.name} · {whole.round.name}"))
    # Long lines are hard to read and to fill in; on a telephone the container is narrower anyway.
    with st.container(width=860):
        if whole.application.state in OPEN or _formal_parts(whole, rules):
            _fill_in(actor, whole, rules)
        else:
            receipt.draw(whole)
        st.link_button(t("预览和打印申报表", "Preview and print the form"), _PRINT.format(id=whole.application.id),
                       icon=":material/print:")  # fmt: skip
        papers.button(t("申报表 PDF", "Form as PDF"), "form", whole.application.id)


def _fill_in(actor: Actor, whole: Whole, rules: Programme) -> None:
    row = whole.application
    _banner(whole)
    # Messages come and go inside containers that stay: a field that moves would lose the cursor.
    with st.container():
        _refused(whole, rules)
    with st.container():
        _eligible(actor, whole)
    opened = {fault["field"] for fault in row.faults} or _formal_parts(whole, rules)
    known = forms.counting(rules, row.answers)
    asked = [part.name for part in forms.parts(rules) if forms.is_asked(part, known, formal=whole.formal)]
    near = beside.watch(row.id, fields.labels(rules))
    was = _before_return(actor, whole)
    for rule in (rule for rule in rules.fields if rule.name in asked and (not opened or rule.name in opened)):
        _field(whole, rule, fields.labels(rules), beside.said(near, rule.name))
        _was(whole, rule, was)
    open_slots = [slot for slot in rules.slots if slot.name in asked and (not opened or slot.name in opened)]
    if open_slots:
        st.subheader(t("附件", "Attachments"))
    for slot in open_slots:
        with st.container():
            _faults_told(whole, slot.name)
            slots.draw(actor, whole, slot, fields.labels(rules))
    if opened:
        _closed(whole, rules, opened)
    st.divider()
    if row.state in OPEN:
        _bottom(whole)


def _formal_parts(whole: Whole, rules: Programme) -> set[str]:
    """What is to be filled in under review, once the first list was cleared."""
    under_review = whole.application.state in REVIEWS and rules.entry.first_list_due is not None
    parts = {part.name for part in forms.parts(rules) if part.stage == "formal" and part.by == forms.APPLICANT}
    return parts if under_review and whole.formal else set()


def _eligible(actor: Actor, whole: Whole) -> None:
    """What stands in the way already, told while it can still be mended; nothing is refused here."""
    found = ask(eligible, actor, application_id=whole.application.id)
    if found is None or found.eligible:
        return
    said = text.explain("not_eligible", {"failed": found.failed, "earliest": found.earliest}, words.spoken())
    if found.others:
        names = "、".join(other.name for other in found.others)
        said += "\n" + t(f"目前可申报的其他批次：{names}", f"Other rounds that are open to you: {names}")
    st.warning(words.plain(said), icon=":material/rule:")


def _banner(whole: Whole) -> None:
    row = whole.application
    if row.state not in OPEN:
        st.info(
            t("**初审名单已通过，请填写正式材料。** 每填一项自动保存。",
              "**The first list was cleared: please fill in the formal papers.** Each field is saved as you leave it."),
            icon=":material/edit_note:",
        )  # fmt: skip
        return
    if row.state is State.RETURNED:
        left = words.due(row.due_at)
        st.error(
            t(
                f"**退回修改：请改正下列内容，并于 {left} 前重新提交。**",
                f"**Returned: please correct what is marked and submit again by {left}.**",
            ),
            icon=":material/undo:",
        )
        return
    closes = whole.round.closes_at
    left = words.due(closes)
    st.warning(
        t(
            f"**已保存，尚未提交。** 每填一项自动保存；申报截止时间：{left}。",
            f"**Saved, not submitted.** Each field is saved as you leave it. Closes: {left}.",
        ),
        icon=":material/edit_note:",
    )


def _refused(whole: Whole, rules: Programme) -> None:
    """What the last try to submit came to: every fault with its field, or the rule that said no."""
    row, state = whole.application, st.session_state
    if faults := saving.faults_of(whole):
        error = FaultsError(faults)
        st.error(words.plain(text.sentence(error, words.spoken(), fields.labels(rules))))
    elif (no := state.get(_no_key(row.id))) is not None:
        explain(no, fields.labels(rules))


def _field(whole: Whole, rule: FieldRule, called: dict[str, str], near: str) -> None:
    row = whole.application
    saving.meet(row, rule)
    place = saving.key(row.id, rule.name)
    with st.container(gap="xsmall"):
        _faults_told(whole, rule.name)
        fields.draw(rule, place, partial(_save, row.id, rule.name, row.round_id))
        saving.said(whole, rule, called, near)
    if saving.catch_up(row, rule):
        st.rerun()


def _before_return(actor: Actor, whole: Whole) -> dict[str, Any]:
    """The answers that were changed since the form was returned, as they were then."""
    if whole.application.state is not State.RETURNED:
        return {}
    return paper.before_return(whole, asked.revisions(actor, whole.application.id))


def _was(whole: Whole, rule: FieldRule, was: dict[str, Any]) -> None:
    """What a field said when it was returned, beside what it says now."""
    if rule.name in was and was[rule.name] != whole.application.answers.get(rule.name):
        before = fields.as_read(rule, was[rule.name])
        st.info(words.plain(t(f"退回时的内容：{before}", f"When it was returned: {before}")), icon=":material/history:")


def _save(application_id: str, name: str, round_id: str) -> None:
    rule = lists.rules_of(round_id).field(name)
    st.session_state.pop(_no_key(application_id), None)
    beside.touch(application_id, name)
    if rule is not None:
        saving.save(application_id, rule)


def _faults_told(whole: Whole, name: str) -> None:
    """What the tier that returned it said of this field."""
    for fault in whole.application.faults:
        if fault["field"] == name:
            said = t("退回意见：", "To correct: ") + str(fault.get("words") or "")
            st.error(words.plain(said), icon=":material/rate_review:")


def _closed(whole: Whole, rules: Programme, opened: set[str]) -> None:
    """The rest of a returned form: to be read, not changed."""
    with st.expander(t("其他内容（不在本次修改范围内）", "The rest (not open for correction)")):
        for rule in rules.fields:
            if rule.name not in opened:
                st.caption(words.plain(rule.label.in_(words.spoken())))
                st.text(fields.as_read(rule, whole.application.answers.get(rule.name)))
        for slot in rules.slots:
            if slot.name not in opened:
                slots.listed(whole, slot)


def _bottom(whole: Whole) -> None:
    row = whole.application
    again = row.state is State.RETURNED
    name = t("重新提交", "Submit again") if again else t("提交申报", "Submit")
    if st.button(name, type="primary", key="form:submit", icon=":material/send:"):
        acts.dialog(t("确认提交？", "Submit now?"), _confirm, row.id)
    links.to(t("先不提交，返回我的申报", "Not yet: back to my applications"), "my-applications")


def _confirm(application_id: str) -> None:
    actor = me()
    if actor is None:
        return
    whole = asked.application(actor, application_id)
    st.text(whole.application.subject or t("（未命名）", "(no name yet)"))
    st.write(
        t(
            "提交后内容不能再改，除非被退回修改；公示开始前可以撤回。",
            "Once submitted it cannot be changed unless it is returned; "
            "it can be withdrawn until its public notice begins.",
        )
    )
    yes = t("确认提交", "Yes, submit")
    if st.button(yes, type="primary", key="form:yes", on_click=_submit, args=(actor, whole)):
        st.rerun()


def _submit(actor: Actor, whole: Whole) -> None:
    """Hand in; a refusal is kept for the page, which shows it beside the fields."""
    row, state = whole.application, st.session_state
    verb = applications.resubmit if row.state is State.RETURNED else applications.submit
    state.pop(_no_key(row.id), None)
    saving.remember(whole, [])
    key = keys.token("submit", row.id, row.version)
    try:
        after = verb(actor, row.id, seen=row.version, key=key)
    except FaultsError as error:
        saving.remember(whole, error.details["faults"])
    except ShenbaoError as error:
        state[_no_key(row.id)] = error
    else:
        beside.left(row.id)
        flash(t(f"已提交，受理编号 {after.receipt}", f"Submitted: {after.receipt}"))


def _no_key(application_id: str) -> str:
    return f"no:{application_id}"


main()
