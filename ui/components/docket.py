"""The docket: each objection with what it says, what was found, and how it is settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from models.vocabulary import Act, ObjectionState, Thing
from ui.components import acts, docket_acts, papers, words
from ui.components.words import plain, t
from workflows.queries import docket, review

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.notice import Notice, Objection
    from workflows.queries.docket import Case
    from workflows.record.acting import Actor

_FIELDS = {"subject": ("名称", "Name"), "leader_name": ("领衔人", "Leader"), "organization_name": ("单位", "Unit")}
_NAME = "name"  # of the address: which name of a notice was chosen
_OPEN = (ObjectionState.INVESTIGATING, ObjectionState.REPORTED)


def named(notice: Notice, key: str) -> str:
    """Pick one name of a notice; answers the application's id."""
    lines = {line["application"]: line for line in notice.snapshot}

    def called(one: str) -> str:
        return plain(f"{lines[one]['subject']} · {lines[one]['leader_name']}")

    return str(st.selectbox(t("涉及申报", "Which name"), list(lines), format_func=called, key=f"which:{key}"))


def named_again(notice: Notice, key: str) -> str:
    """As `named`, outside of a form; the address holds the choice, so that the same name is chosen after a reload."""
    known, before = [line["application"] for line in notice.snapshot], st.query_params.get(_NAME)
    if before in known:
        st.session_state.setdefault(f"which:{key}", before)
    which = named(notice, key)
    if which != before:
        st.query_params[_NAME] = which
    return which


def objections(actor: Actor, desk: str) -> None:
    """The objections a desk must investigate or settle, open ones unfolded."""
    st.subheader(t("异议", "Objections"), anchor=False)
    cases = docket.docket(actor, desk=desk)
    if not cases:
        st.text(t("没有异议。", "There are no objections."))
        return
    papers.export("objections", desk=desk)
    codes = [case.objection.investigator for case in cases if case.objection.investigator]
    called = review.names(actor, codes=codes)
    requests = [case for case in cases if case.field]
    for case in (case for case in cases if not case.field):
        _case(actor, case, called)
    if requests:
        st.subheader(t("更正申请", "Corrections asked for"), anchor=False)
    for case in requests:
        _request(actor, case)


def _case(actor: Actor, case: Case, called: dict[str, str]) -> None:
    row, about = case.objection, case.about
    due = t(f" · 应于{words.until(case.due_at)}前办理", f" · due by {words.until(case.due_at)}") if case.due_at else ""
    head = f"{about.subject} · {words.label(row.ground)} · {words.label(row.state)}{due}"
    with st.expander(plain(head), expanded=row.state in _OPEN):
        st.caption(plain(f"{about.organization_name} · {about.leader_name} · {words.moment(row.received_at)}"))
        st.text(row.words)
        _facts(row, called)
        _papers(case)
        with st.container(horizontal=True):
            for act, said, body in _steps(row):
                reason = acts.why_not(actor, act, Thing.OBJECTION, row)
                if acts.button(said, reason, key=f"{act}:{row.id}:{row.version}"):
                    acts.dialog(said, body, actor, row)


def _steps(row: Objection) -> list[tuple[Act, str, Callable[[Actor, Objection], None]]]:
    """The steps an objection may take from where it is: what cannot come next is not offered."""
    match row.state:
        case ObjectionState.LEAD:
            return [(Act.ADMIT, t("予以受理", "Admit"), docket_acts.admit),
                    (Act.TAKE_UP, t("依职权立案", "Take up"), docket_acts.take_up)]  # fmt: skip
        case ObjectionState.INVESTIGATING:
            return [(Act.REPORT_BACK, t("报告调查结果", "Report back"), docket_acts.report),
                    (Act.EXTEND, t("延长核查期限", "Extend"), docket_acts.extend),
                    (Act.ADMIT, t("不予受理", "Put among the leads"), docket_acts.put_aside)]  # fmt: skip
        case ObjectionState.REPORTED:
            return [(Act.DISMISS, t("作出处理", "Settle"), docket_acts.settle)]
        case _:
            return []


def _papers(case: Case) -> None:
    """The receipt, what it joined, and the evidence, one link a file."""
    if case.receipt:
        st.text(t(f"受理回执：{case.receipt}", f"Receipt: {case.receipt}"))
    if case.joins:
        st.text(t("与同一事项在办的异议并案核查。", "Joins an open objection about the same name."))
    for paper in case.papers:
        st.markdown(f"[{t('证据', 'Evidence')}](/files/{paper.id}) {plain(paper.filename)}")


def _request(actor: Actor, case: Case) -> None:
    """A typing error somebody points at: put right from the notice itself, or left with a reason."""
    row, about = case.objection, case.about
    head = f"{about.subject} · {t(*_FIELDS[case.field])} → {case.value}"
    with st.expander(plain(head), expanded=row.settled_at is None):
        st.caption(plain(f"{about.organization_name} · {about.leader_name} · {words.moment(row.received_at)}"))
        if row.words:
            st.text(row.words)
        if row.outcome:
            st.text(t(f"答复：{row.outcome}", f"Answer: {row.outcome}"))
        if row.settled_at is not None:
            return
        with st.container(horizontal=True):
            reason = acts.why_not(actor, Act.ANSWER, Thing.OBJECTION, row)
            for said, body in (
                (t("更正", "Put right"), docket_acts.grant),
                (t("不作更正", "Leave as it is"), docket_acts.decline),
            ):
                if acts.button(said, reason, key=f"{body.__name__}:{row.id}:{row.version}"):
                    acts.dialog(said, body, actor, case)


def _facts(row: Objection, called: dict[str, str]) -> None:
    """Who said it, who looks into it, what came of it: whatever is known to this desk."""
    if row.objector:
        st.text(t(f"异议人：{row.objector} {row.contact}", f"Objector: {row.objector} {row.contact}"))
    if row.inadmissible:
        st.text(t("不予受理，留作线索：", "Kept as a lead: ") + words.code(row.inadmissible))
    if row.investigator:
        name = called[row.investigator]
        st.text(t(f"核查单位：{name}", f"Investigated by: {name}"))
    if row.finding:
        st.text(t(f"核查结果：{row.finding}", f"Finding: {row.finding}"))
    if row.outcome:
        st.text(t(f"处理意见：{row.outcome}", f"Settled: {row.outcome}"))
