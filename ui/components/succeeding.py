"""A title's leader who leaves, as its unit sees it: the report, the successor, what was said of both."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import streamlit as st

from models import clock
from models.vocabulary import Act, Thing
from ui.attempt import attempt
from ui.components import acts, fields, keys, words
from ui.components.words import plain, t
from workflows.named import successions
from workflows.queries import standing
from workflows.queries.programmes import rules_of
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.programme import FieldRule, Programme
    from models.title import Title
    from workflows.queries.standing import Change
    from workflows.record.acting import Actor


def draw(actor: Actor, title: Title) -> None:
    """What the unit can do about its leader now; nothing where the programme knows no succession."""
    rules = rules_of(title.programme)
    if rules.title.succession is None:
        return
    known = standing.successions(actor, title.id)
    for change in known:
        st.caption(plain(told(change)))
    open_ = next((change for change in known if change.approved is None), None)
    act, said, body = (
        (Act.DEPART, t("报告领衔人离任", "Report that the leader left"), _depart)
        if open_ is None
        else (Act.NOMINATE, t("提出接任人选", "Propose a successor"), _propose)
    )
    reason = acts.why_not(actor, act, Thing.TITLE, title)
    if known and known[0].approved is False:
        reason = words.code("succession_declined", number=title.number)
    if acts.button(said, reason, key=f"{act}:{title.id}:{title.version}"):
        acts.dialog(said, body, actor, title, rules)


def told(change: Change) -> str:
    """A change of leader in one line: who left, who is to come, and what was decided."""
    left, late = words.day(change.left_on), t("（逾期报告）", " (reported late)") if change.late else ""
    said = t(f"{change.old_leader}于{left}离任{late}：{change.reason}",
             f"{change.old_leader} left on {left}{late}: {change.reason}")  # fmt: skip
    if change.new_leader:
        said += t(f"；拟由{change.new_leader}接任", f"; to be followed by {change.new_leader}")
    if change.approved is None:
        return said + t("，待办", ", open")
    answer = t("已同意", "approved") if change.approved else t("未同意", "declined")
    return f"{said}，{answer}{'：' if change.words else ''}{change.words}"


def _depart(actor: Actor, title: Title, _rules: Programme) -> None:
    """Report that the leader retired, moved on or died."""
    key = keys.token("depart", title.id, title.version)
    acts.consequences(
        f"{title.number} {title.name}",
        t("命名单位将收到通知；请随后提出接任人选。", "The deciding union is told. Then propose a successor."),
    )
    with acts.keeping(actor, title, "depart"), st.form(f"form:{key}", border=False):
        left_on = st.date_input(t("离任日期", "Left on"), value=None, max_value=local_date(clock.now()),
                                format="YYYY-MM-DD", key=f"left:{key}")  # fmt: skip
        reason = st.text_area(t("离任原因（必填）", "Reason (required)"), max_chars=500, key=f"reason:{key}")
        sent = acts.send(t("确认报告", "Report it"))
    if sent and not isinstance(left_on, date):
        st.error(t("请填写离任日期。", "Please give the day."))
    elif sent and attempt(successions.report_departure, actor, title.id, left_on=left_on, reason=reason,
                          seen=title.version, key=key, done=t("离任已报告", "Reported")) is not None:  # fmt: skip
        st.rerun()


def _propose(actor: Actor, title: Title, rules: Programme) -> None:
    """Name who is to follow, with the answers that the programme asks of a new leader."""
    key = keys.token("nominate", title.id, title.version)
    asked = _asked(rules)
    with st.form(f"form:{key}", border=False):
        name = st.text_input(t("接任人姓名", "Name of the successor"), max_chars=60, key=f"name:{key}")
        identity = st.text_input(t("接任人身份证号码", "Identity number"), max_chars=30, key=f"id:{key}")
        unspent = st.text_input(t("尚未使用的补助（元）", "Subsidy not yet spent (yuan)"), "0", key=f"unspent:{key}")
        if asked:
            st.caption(t("下列各项有变化的请填写，其余沿用命名时的材料。",
                         "Fill in what is different now; the rest stays as it was named with."))  # fmt: skip
        for rule in asked:
            st.session_state.setdefault(_place(key, rule), fields.as_shown(rule, None))
            fields.draw(rule, _place(key, rule), None)
        sent = acts.send(t("提出人选", "Propose"))
    if sent and attempt(
        successions.propose_successor, actor, title.id, leader_name=name, leader_id=identity,
        answers=_answers(key, asked), unspent_yuan=unspent or "0", seen=title.version, key=key,
        labels=fields.labels(rules), done=t("接任人选已提出", "The successor is proposed"),
    ) is not None:  # fmt: skip
        st.rerun()


def _asked(rules: Programme) -> list[FieldRule]:
    """The fields that the succession's clauses read, and the title's name where it carries the leader's.

    None must be filled in: what is left empty is as it was.
    """
    rule = rules.title.succession
    if rule is None:
        return []
    read = {clause.field for clause in rules.eligibility if clause.clause in rule.clauses}
    wanted = read | ({rules.subject_name} if rule.rename else set())
    wanted -= {rules.leader_name, rules.leader_id}
    return [one.model_copy(update={"required": False}) for one in rules.fields if one.name in wanted]


def _answers(key: str, asked: Sequence[FieldRule]) -> dict[str, Any]:
    sent = {rule.name: fields.as_sent(st.session_state.get(_place(key, rule))) for rule in asked}
    return {name: said for name, said in sent.items() if said}


def _place(key: str, rule: FieldRule) -> str:
    return f"answer:{rule.name}:{key}"
