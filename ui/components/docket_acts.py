"""What is done about an objection: admitted or put aside, investigated, extended, settled; corrections answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ui.attempt import ask, attempt
from ui.components import acts, keys, words
from ui.components.words import t
from workflows.hearing import admitting, correcting, notices
from workflows.hearing import objections as verbs
from workflows.queries import lists
from workflows.rules.objections import LEADS

if TYPE_CHECKING:
    from models.notice import Objection
    from workflows.queries.docket import Case
    from workflows.record.acting import Actor


def admit(actor: Actor, row: Objection) -> None:
    """Hear a lead after all."""
    key = keys.token("admit", row.id, row.version)
    acts.consequences(t("按异议受理：交推荐单位核查，该项申报暂停。",
                        "It is heard: the recommending union investigates; that name is held back."))  # fmt: skip
    with acts.keeping(actor, row, "admit"), st.form(f"form:{key}", border=False):
        reason = st.text_area(t("理由（必填）", "Reason (required)"), max_chars=500, key=f"reason:{key}")
        sent = acts.send(t("予以受理", "Admit"))
    if sent and attempt(admitting.admit, actor, row.id, heard=True, reason=reason, seen=row.version, key=key,
                        done=t("已受理", "Admitted")) is not None:  # fmt: skip
        st.rerun()


def put_aside(actor: Actor, row: Objection) -> None:
    """Put an objection among the leads, with the code that says why."""
    key = keys.token("put-aside", row.id, row.version)
    acts.consequences(t("转为线索：该项恢复公示；异议人凭回执可查到原因。",
                        "It becomes a lead: the name goes on; the objector reads why by the receipt."))  # fmt: skip
    with acts.keeping(actor, row, "put-aside"), st.form(f"form:{key}", border=False):
        code = st.selectbox(t("原因", "Why"), sorted(LEADS), index=None, format_func=words.code, key=f"code:{key}")
        reason = st.text_area(t("理由（必填）", "Reason (required)"), max_chars=500, key=f"reason:{key}")
        sent = acts.send(t("不予受理", "Put among the leads"))
    if sent and attempt(admitting.admit, actor, row.id, heard=False, code=code or "", reason=reason,
                        seen=row.version, key=key, done=t("已转为线索", "It is a lead now")) is not None:  # fmt: skip
        st.rerun()


def extend(actor: Actor, row: Objection) -> None:
    """Give the investigating union more time, once."""
    key = keys.token("extend-answer", row.id, row.version)
    acts.consequences(t("核查期限只能延长一次，须说明理由。", "The time is extended once, with a reason."))
    with acts.keeping(actor, row, "extend-answer"), st.form(f"form:{key}", border=False):
        reason = st.text_area(t("理由（必填）", "Reason (required)"), max_chars=500, key=f"reason:{key}")
        sent = acts.send(t("延长核查期限", "Extend"))
    if sent and attempt(verbs.extend_answer, actor, row.id, reason=reason, seen=row.version, key=key,
                        done=t("已延长", "Extended")) is not None:  # fmt: skip
        st.rerun()


def grant(actor: Actor, case: Case) -> None:
    """Put right what somebody pointed at; the request is answered with it."""
    row = case.objection
    found = ask(lists.notice, actor, row.notice_id)
    if found is None:
        return
    key = keys.token("grant", row.id, row.version)
    acts.consequences(t("错字更正不影响公示期；申请人凭回执可查到结果。",
                        "A typing error leaves the clock alone; who asked reads the answer."))  # fmt: skip
    with acts.keeping(actor, row, "over-grant"), st.form(f"form:{key}", border=False):
        value = st.text_input(t("更正为", "Should read"), value=case.value, max_chars=120, key=f"value:{key}")
        reason = st.text_input(t("理由（必填）", "Reason (required)"), max_chars=500, key=f"reason:{key}")
        sent = acts.send(t("更正", "Put right"))
    if sent and attempt(notices.correct, actor, row.notice_id, application_id=row.application_id, field=case.field,
                        value=value, reason=reason, request=row.id, seen=found[0].version, key=key,
                        done=t("已更正", "Corrected")) is not None:  # fmt: skip
        st.rerun()


def decline(actor: Actor, case: Case) -> None:
    """Leave a name as it stands."""
    row = case.objection
    key = keys.token("answer-correction", row.id, row.version)
    with acts.keeping(actor, row, "answer-correction"), st.form(f"form:{key}", border=False):
        reason = st.text_area(t("理由（必填）", "Reason (required)"), max_chars=500, key=f"reason:{key}")
        sent = acts.send(t("不作更正", "Leave as it is"))
    if sent and attempt(correcting.answer_correction, actor, row.id, reason=reason, seen=row.version, key=key,
                        done=t("已答复", "Answered")) is not None:  # fmt: skip
        st.rerun()


def take_up(actor: Actor, row: Objection) -> None:
    key = keys.token("take-up", row.id, row.version)
    acts.consequences(
        t(
            "交推荐单位核查，该项申报暂停。",
            "The recommending union investigates; that name is held back.",
        )
    )
    with acts.keeping(actor, row, "take-up"), st.form(f"form:{key}", border=False):
        reason = st.text_area(t("理由", "Reason"), max_chars=500, key=f"reason:{key}")
        sent = acts.send(t("立案调查", "Take up"))
    if sent and attempt(verbs.take_up, actor, row.id, reason=reason, seen=row.version, key=key,
                        done=t("已立案调查", "Taken up")) is not None:  # fmt: skip
        st.rerun()


def report(actor: Actor, row: Objection) -> None:
    key = keys.token("report-back", row.id, row.version)
    acts.consequences(
        t(
            "核查结果报送审定单位，由其作出处理。",
            "The finding goes to the deciding union, which settles.",
        )
    )
    with acts.keeping(actor, row, "report-back"), st.form(f"form:{key}", border=False):
        finding = st.text_area(t("核查结果（必填）", "Finding (required)"), max_chars=4000, key=f"finding:{key}")
        sent = acts.send(t("报告", "Report"))
    if sent and attempt(verbs.report_back, actor, row.id, finding=finding, seen=row.version, key=key,
                        done=t("已报告调查结果", "Reported")) is not None:  # fmt: skip
        st.rerun()


def settle(actor: Actor, row: Objection) -> None:
    key = keys.token("settle", row.id, row.version)
    outcomes = {"dismissed": t("异议不成立", "Dismissed"), "partly": t("部分成立，不影响资格", "Upheld in part"),
                "upheld": t("异议成立", "Upheld")}  # fmt: skip
    acts.consequences(
        t("不成立或部分成立：该项恢复公示。", "Dismissed or upheld in part: the name goes on in its notice."),
        t(
            "成立：取消资格，各级名额退回，备选按规定递补。",
            "Upheld: it is struck, its places go back at every tier, the reserve may rise.",
        ),
    )
    with acts.keeping(actor, row, "settle"), st.form(f"form:{key}", border=False):
        outcome = st.radio(t("结论", "Outcome"), list(outcomes), index=None, horizontal=True,
                           format_func=lambda one: outcomes[one], key=f"outcome:{key}")  # fmt: skip
        reason = st.text_area(t("理由（必填）", "Reason (required)"), max_chars=2000, key=f"reason:{key}")
        sent = acts.send(t("作出处理", "Settle"))
    if sent and outcome is None:
        st.error(t("请选择结论。", "Please choose an outcome."))
    elif sent and attempt(verbs.settle, actor, row.id, outcome=outcome, reason=reason, seen=row.version,
                          key=key, done=t("异议已处理", "Settled")) is not None:  # fmt: skip
        st.rerun()
