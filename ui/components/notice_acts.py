"""What is done about a public notice: publish, correct, enter an objection, decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from models.vocabulary import Ground
from ui.attempt import ask, attempt, flash
from ui.components import acts, docket, keys, words
from ui.components.words import t
from workflows.deciding import decisions
from workflows.hearing import notices, objections
from workflows.queries import lists, review
from workflows.queries.docket import receipt_of

if TYPE_CHECKING:
    from models.notice import Notice
    from workflows.queries.review import Listed
    from workflows.record.acting import Actor

CORRECTABLE = {
    "subject": ("名称（错字）", "Name (typing error)"),
    "leader_name": ("领衔人（错字）", "Leader (typing error)"),
    "organization_name": ("单位（错字）", "Unit (typing error)"),
    "person": ("更换领衔人（重新公示）", "Another leader (a new notice)"),
    "unit": ("更换单位（重新公示）", "Another unit (a new notice)"),
}


def publish(actor: Actor, one: Listed) -> None:
    """Publish a sealed list for the programme's days."""
    row, key = one.slate, keys.token("publish", one.slate.id, one.slate.version)
    first = st.date_input(t("公示首日（不填为今天）", "First day (empty: today)"), value=None, key=f"first:{key}")
    span = ask(review.notice_outlook, actor, row.id, first_day=first)
    if span is None:
        return
    acts.consequences(
        t(f"公示至 {words.day(span.last_day)} 24:00。", f"In notice until the end of {words.day(span.last_day)}."),
        t(span.derivation, span.derivation_en),
        t("名单即行固定，公示期不能缩短。", "The list is frozen, and nothing shortens the notice."),
        t("遇尚未公布的放假安排，末日可能调整。", "The last day may move with a calendar not yet published.")
        if span.provisional else None,
    )  # fmt: skip
    if (
        st.button(t("确认发布", "Publish"), key=f"go:{key}", type="primary", shortcut=acts.SEND)
        and attempt(
            notices.publish,
            actor,
            row.id,
            seen=row.version,
            first_day=first,
            key=key,
            done=t("公示已发布", "Published"),
        )
        is not None
    ):
        st.rerun()


def decide(actor: Actor, one: Listed) -> None:
    """Name a list by a numbered document."""
    row, key = one.slate, keys.token("decide", one.slate.id, one.slate.version)
    acts.consequences(
        t("公示期满且没有未了结异议的，一并命名；其余留待以后的文件。",
          "All whose notice is over and who are not contested are named at once; others wait."),
        t("命名后名单固定，不能再改。", "The annexed list is then fixed for good."),
    )  # fmt: skip
    with acts.keeping(actor, row, "decide"), st.form(f"form:{key}", border=False):
        number = st.text_input(t("文号", "Document number"), placeholder="浙总工〔2026〕15号", key=f"number:{key}")
        meeting = st.date_input(t("会议日期", "Date of the meeting"), value=None, key=f"meeting:{key}")
        sent = acts.send(t("审定命名", "Decide"))
    if sent and meeting is None:
        st.error(t("请填写会议日期。", "Please give the date of the meeting."))
    elif sent and attempt(decisions.decide, actor, row.id, number=number, meeting_on=meeting, seen=row.version,
                          key=key, done=t("已审定命名", "Decided")) is not None:  # fmt: skip
        st.rerun()


def correct(actor: Actor, notice: Notice) -> None:
    """Put a typing error right, or let another person or unit stand anew."""
    key = keys.token("correct", notice.id, notice.version)
    acts.consequences(t("错字更正不影响公示期；更换人员或单位的，自今日起重新公示。",
                        "A typing error leaves the clock alone; a new person or unit starts anew."))  # fmt: skip
    # What was typed about one name is not offered for another.
    which = docket.named_again(notice, key)
    with acts.keeping(actor, notice, f"over-correct-{which}"), st.form(f"form:{key}", border=False):
        field = st.selectbox(t("更正内容", "What"), list(CORRECTABLE), key=f"what:{key}:{which}",
                             format_func=lambda f: t(*CORRECTABLE[f]))  # fmt: skip
        value = st.text_input(t("更正为", "Should read"), max_chars=120, key=f"value:{key}:{which}")
        reason = st.text_input(t("理由（必填）", "Reason (required)"), max_chars=500, key=f"reason:{key}:{which}")
        sent = acts.send(t("更正", "Correct"))
    if sent and attempt(notices.correct, actor, notice.id, application_id=which, field=field, value=value,
                        reason=reason, seen=notice.version, key=key,
                        done=t("已更正", "Corrected")) is not None:  # fmt: skip
        st.rerun()


def object_to(actor: Actor, notice: Notice) -> None:
    """Enter a letter of objection."""
    key = keys.token("object", notice.id)
    acts.consequences(t("实名且符合要求的异议将交推荐单位核查，只暂停该项；其余作为线索留存。",
                        "A signed one is investigated, holding back that name only; others are leads."))  # fmt: skip
    # With an objection more it is another box: what was entered is not offered again.
    entered = len(ask(lists.objections, actor, desk=notice.organization) or [])
    with acts.kept(actor, notice.id, entered, "object"), st.form(f"form:{key}", border=False):
        which = docket.named(notice, key)
        ground = st.selectbox(t("异议事由", "Ground"), list(Ground), format_func=words.label, key=f"ground:{key}")
        said = st.text_area(t("异议内容（必填）", "What it says (required)"), max_chars=4000, key=f"words:{key}")
        signed = st.checkbox(t("实名并已签名", "Signed with a name"), key=f"signed:{key}")
        who = st.text_input(t("异议人", "Objector"), max_chars=60, key=f"who:{key}")
        contact = st.text_input(t("联系方式", "Contact"), max_chars=120, key=f"contact:{key}")
        posted = st.date_input(t("邮戳日期", "Postmark"), value=None, key=f"posted:{key}")
        sent = acts.send(t("登记", "Enter"))
    if not sent:
        return
    made = attempt(objections.object_to, actor, notice.id, application_id=which, ground=ground, words=said,
                   objector=who, contact=contact, signed=signed, postmarked_on=posted, key=key,
                   done=t("异议已登记", "The objection is entered"))  # fmt: skip
    if made is not None:
        number = receipt_of(made.id)
        flash(t(f"受理回执编号：{number}，请转告异议人。", f"Receipt: {number}. Please give it to the objector."))
        if made.inadmissible:
            flash(t("不予受理，留作线索：", "Kept as a lead: ") + words.code(made.inadmissible))
        st.rerun()
