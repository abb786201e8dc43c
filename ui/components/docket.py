"""The docket: each objection with what it says, what was found, and how it is settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from models.vocabulary import Act, ObjectionState, Thing
from ui.attempt import attempt
from ui.components import acts, keys, words
from ui.components.words import plain, t
from workflows import objections as verbs
from workflows.queries import docket, review

if TYPE_CHECKING:
    from models.notice import Notice, Objection
    from workflows.acting import Actor
    from workflows.queries.docket import Case

_OPEN = (ObjectionState.INVESTIGATING, ObjectionState.REPORTED)


def named(notice: Notice, key: str) -> str:
    """Pick one name of a notice; answers the application's id."""
    lines = {line["application"]: line for line in notice.snapshot}

    def called(one: str) -> str:
        return plain(f"{lines[one]['subject']} · {lines[one]['leader_name']}")

    return str(st.selectbox(t("涉及申报", "Which name"), list(lines), format_func=called, key=f"which:{key}"))


def objections(actor: Actor, desk: str) -> None:
    """The objections a desk must investigate or settle, open ones unfolded."""
    st.subheader(t("异议", "Objections"), anchor=False)
    cases = docket.docket(actor, desk=desk)
    if not cases:
        st.text(t("没有异议。", "There are no objections."))
        return
    codes = [case.objection.investigator for case in cases if case.objection.investigator]
    called = review.names(actor, codes=codes)
    for case in cases:
        _case(actor, case, called)


def _case(actor: Actor, case: Case, called: dict[str, str]) -> None:
    row, about = case.objection, case.about
    head = f"{about.subject} · {words.label(row.ground)} · {words.label(row.state)}"
    with st.expander(plain(head), expanded=row.state in _OPEN):
        st.caption(plain(f"{about.organization_name} · {about.leader_name} · {words.moment(row.received_at)}"))
        st.text(row.words)
        _facts(row, called)
        with st.container(horizontal=True):
            for act, said, body in (
                (Act.TAKE_UP, t("立案调查", "Take up"), _take_up),
                (Act.REPORT_BACK, t("报告调查结果", "Report back"), _report),
                (Act.DISMISS, t("作出处理", "Settle"), _settle),
            ):
                reason = acts.why_not(actor, act, Thing.OBJECTION, row)
                if acts.button(said, reason, key=f"{act}:{row.id}:{row.version}"):
                    acts.dialog(said, body, actor, row)


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


def _take_up(actor: Actor, row: Objection) -> None:
    key = keys.token("take-up", row.id, row.version)
    acts.consequences(
        t(
            "交推荐单位核查，该项申报暂停。",
            "The recommending union investigates; that name is held back.",
        )
    )
    with st.form(f"form:{key}", border=False):
        reason = st.text_area(t("理由", "Reason"), max_chars=500, key=f"reason:{key}")
        sent = acts.send(t("立案调查", "Take up"))
    if sent and attempt(verbs.take_up, actor, row.id, reason=reason, seen=row.version, key=key,
                        done=t("已立案调查", "Taken up")) is not None:  # fmt: skip
        st.rerun()


def _report(actor: Actor, row: Objection) -> None:
    key = keys.token("report-back", row.id, row.version)
    acts.consequences(
        t(
            "核查结果报送审定单位，由其作出处理。",
            "The finding goes to the deciding union, which settles.",
        )
    )
    with st.form(f"form:{key}", border=False):
        finding = st.text_area(t("核查结果（必填）", "Finding (required)"), max_chars=4000, key=f"finding:{key}")
        sent = acts.send(t("报告", "Report"))
    if sent and attempt(verbs.report_back, actor, row.id, finding=finding, seen=row.version, key=key,
                        done=t("已报告调查结果", "Reported")) is not None:  # fmt: skip
        st.rerun()


def _settle(actor: Actor, row: Objection) -> None:
    key = keys.token("settle", row.id, row.version)
    outcomes = {"dismissed": t("异议不成立", "Dismissed"), "upheld": t("异议成立", "Upheld")}
    acts.consequences(
        t("不成立：该项恢复公示。", "Dismissed: the name goes on in its notice."),
        t(
            "成立：取消资格，名额退回，备选按规定递补。",
            "Upheld: it is struck, its place goes back, the reserve may rise.",
        ),
    )
    with st.form(f"form:{key}", border=False):
        outcome = st.radio(t("结论", "Outcome"), list(outcomes), index=None, horizontal=True,
                           format_func=lambda one: outcomes[one], key=f"outcome:{key}")  # fmt: skip
        reason = st.text_area(t("理由（必填）", "Reason (required)"), max_chars=2000, key=f"reason:{key}")
        sent = acts.send(t("作出处理", "Settle"))
    if sent and outcome is None:
        st.error(t("请选择结论。", "Please choose an outcome."))
    elif sent and attempt(verbs.settle, actor, row.id, outcome=outcome, reason=reason, seen=row.version,
                          key=key, done=t("异议已处理", "Settled")) is not None:  # fmt: skip
        st.rerun()
