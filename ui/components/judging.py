"""What a desk learns of an application besides its form: departments' replies, visits, judges' sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from models import clock
from models.vocabulary import REVIEWS, Act, InspectionKind, ReplyKind, Thing
from ui.attempt import attempt
from ui.components import acts, keys, links, sheet, words
from ui.components.words import plain, t
from workflows.desk import inspecting, screening
from workflows.judging import scoring
from workflows.queries import judges as asked_judges
from workflows.queries import judging
from workflows.rules import routes
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.application import Application
    from models.programme import Department, Programme, Screening, Visit
    from models.programme_file.merit import Scoring
    from workflows.queries.judges import Judge
    from workflows.queries.judging import Asked
    from workflows.record.acting import Actor


def draw(actor: Actor, row: Application, rules: Programme) -> None:
    """Whatever of it the programme asks for at the tier where the application is."""
    if (rule := rules.screening) is not None and _here(rule, row):
        _screening(actor, row, rule)
    for kind, visit in ((InspectionKind.SITE_VISIT, rules.site_visit), (InspectionKind.PITCH, rules.pitch)):
        if visit is not None and _here(visit, row):
            _visits(actor, row, kind)
    if rules.scoring is not None and _here(rules.scoring, row):
        _sheets(actor, row, rules.scoring)


def _here(rule: Screening | Visit | Scoring, row: Application) -> bool:
    return row.state in REVIEWS and routes.stop(row, row.step).rung is rule.step


def _screening(actor: Actor, row: Application, rule: Screening) -> None:
    """Each department that applies with its state, and the buttons that ask and enter replies."""
    st.subheader(t("征求部门意见", "Departments' opinions"), anchor=False)
    found = judging.screening(actor, round_id=row.round_id, desk=str(row.desk), application_id=row.id)
    known = {one.department: one for one in found}
    wanted = list(screening.applicable(rule, row))
    reason = acts.why_not(actor, Act.REPLY, Thing.APPLICATION, row)
    for office in wanted:
        _office(actor, row, office, known.get(office.name), reason)
    if not wanted:
        st.text(t("这份申报不需要征求部门意见", "No department is asked about this application"))
    if any(office.name not in known for office in wanted):
        key = f"case:{row.id}:{row.version}:consult"
        if acts.button(t("征求意见", "Ask the departments"), reason, key=key):
            acts.dialog(t("征求意见", "Ask the departments"), _consult, actor, row, rule)


def _office(actor: Actor, row: Application, office: Department, one: Asked | None, reason: str | None) -> None:
    name = office.label.in_(words.spoken())
    if one is None:
        st.text(f"{name}：{t('尚未征求', 'not asked yet')}")
        return
    if one.reply is not None:
        st.text(f"{name}：{words.label(one.reply)} · {words.moment(one.replied_at)} {one.document}".rstrip())
        if one.words:
            st.caption(plain(one.words))
        return
    due = words.due(one.due_at)
    st.text(f"{name}：{t('等待回复，期限', 'awaited, due')} {due}")
    key = f"case:{row.id}:{row.version}:reply:{office.name}"
    said = t("登记回复：", "Enter the reply: ")
    if acts.button(plain(said + name), reason, key=key):
        acts.dialog(t("登记部门回复", "Enter a department's reply"), _reply, actor, row, office)


def _consult(actor: Actor, row: Application, rule: Screening) -> None:
    key = keys.token("consult", row.id, row.version)
    acts.consequences(
        t(f"各部门有{rule.days}个工作日回复；未回复不视为同意。",
          f"Each department has {rule.days} working days to answer. Silence is no consent."),
        t("已征求过的部门不再重复征求。", "A department that was asked is not asked again."),
    )  # fmt: skip
    with acts.keeping(actor, row, "consult"), st.form(f"form:{key}", border=False):
        everybody = st.checkbox(
            t("本级、本批次的全部申报一并征求", "Ask about all applications of this round at this desk"),
            key=f"all:{key}",
        )
        sent = acts.send(t("发函征求", "Ask now"))
    if sent and attempt(screening.consult, actor, round_id=row.round_id, organization_code=str(row.desk),
                        applications=None if everybody else [row.id], key=key,
                        done=t("已征求部门意见", "The departments were asked")) is not None:  # fmt: skip
        st.rerun()


def _reply(actor: Actor, row: Application, office: Department) -> None:
    key = keys.token(f"reply:{office.name}", row.id, row.version)
    st.text(office.label.in_(words.spoken()))
    acts.consequences(
        t("一经否决，申报就此结束；申报人只知道征求意见未通过，原话不外传。",
          "A veto ends the application. Its people learn only that an opinion did not allow it.")
        if office.veto else
        t("该部门没有否决权，否决按意见记录。", "This department has no veto: one is kept as advice."),
        t("登记后不能更改。", "Once entered it cannot be changed."),
    )  # fmt: skip
    with acts.keeping(actor, row, f"reply-{office.name}"), st.form(f"form:{key}", border=False):
        kind = st.radio(
            t("回复", "Reply"), list(ReplyKind), format_func=words.label, horizontal=True, key=f"kind:{key}"
        )
        said = st.text_area(
            t("原话（除无异议外必填）", "In its words (required unless clear)"), max_chars=2000, key=f"words:{key}"
        )
        document = st.text_input(t("复函文号", "Number of its letter"), max_chars=200, key=f"document:{key}")
        sent = acts.send(t("登记", "Enter"))
    if sent and attempt(screening.record_reply, actor, row.id, office.name, reply=kind, seen=row.version,
                        words=said, document=document, key=key, labels={"words": t("原话", "In its words")},
                        done=t("回复已登记", "The reply was entered")) is not None:  # fmt: skip
        st.rerun()


def _visits(actor: Actor, row: Application, kind: InspectionKind) -> None:
    """Those that were held, and a form for the next."""
    st.subheader(words.label(kind), anchor=False)
    held = [one for one in judging.inspections(actor, row.id) if one.kind is kind]
    for one in held:
        st.text(words.beside(words.day(one.held_on), one.words))
    if not held:
        st.text(t("还没有登记", "None entered yet"))
    reason = acts.why_not(actor, Act.INSPECT, Thing.APPLICATION, row)
    said = t("登记：", "Enter: ") + words.label(kind)
    if acts.button(said, reason, key=f"case:{row.id}:{row.version}:{kind}"):
        acts.dialog(said, _inspect, actor, row, kind)


def _inspect(actor: Actor, row: Application, kind: InspectionKind) -> None:
    key = keys.token(f"inspect:{kind}", row.id, row.version)
    with acts.keeping(actor, row, f"inspect-{kind}"), st.form(f"form:{key}", border=False):
        today = local_date(clock.now())
        held_on = st.date_input(t("举行日期", "Held on"), today, format="YYYY-MM-DD", key=f"on:{key}")
        said = st.text_area(t("情况（必填）", "What was found (required)"), max_chars=2000, key=f"words:{key}")
        sent = acts.send(t("登记", "Enter"))
    if sent and attempt(inspecting.inspect, actor, row.id, kind=kind, held_on=held_on, words=said, key=key,
                        labels={"words": t("情况", "What was found"), "held_on": t("举行日期", "Held on")},
                        done=t("已登记", "Entered")) is not None:  # fmt: skip
        st.rerun()


def _sheets(actor: Actor, row: Application, rule: Scoring) -> None:
    """Who has judged it; the sheets themselves as far as the blind lets them be seen."""
    st.subheader(t("评委评分", "The judges' sheets"), anchor=False)
    people = asked_judges.judges(actor, row.id)
    names = {one.account_id: one.name for one in people}
    table = [{t("评委", "Judge"): one.name, t("评分表", "Sheet"): _standing(one)} for one in people]
    st.dataframe(table, hide_index=True, alt=t("评委", "Judges"), key=f"judges:{row.id}:{row.version}")
    found = judging.sheets(actor, row.id)
    for one in found:
        with st.expander(plain(names.get(one.account_id, t("评委", "Judge")))):
            sheet.written(rule, one)
    if not found:
        st.caption(t("名单确认前，评委只能看到自己的评分表。",
                     "Until the list is sealed, a judge sees their own sheet only."))  # fmt: skip
    with st.container(horizontal=True):
        reason = acts.why_not(actor, Act.REPLY, Thing.APPLICATION, row)
        if acts.button(t("评委回避", "A judge stands back"), reason, key=f"case:{row.id}:{row.version}:recuse"):
            acts.dialog(t("评委回避", "A judge stands back"), _recuse, actor, row, people)
        if any((one.desk, one.round_id) == (row.desk, row.round_id) for one in asked_judges.panels_of(actor)):
            links.to(t("去评分 →", "Score it →"), "score", id=row.id)


def _standing(one: Judge) -> str:
    if one.recused:
        return t("已回避", "stood back")
    return t("已评分", "written") if one.wrote else t("未评分", "not written")


def _recuse(actor: Actor, row: Application, people: Sequence[Judge]) -> None:
    left = {one.account_id: one.name for one in people if not one.recused}
    judge = st.selectbox(
        t("评委", "Judge"), list(left), index=None, format_func=lambda code: left[code],
        placeholder=t("请选择", "Please choose"), key=f"recuse:{row.id}",
    )  # fmt: skip
    if judge is not None:
        stand_back(actor, row, judge)


def stand_back(actor: Actor, row: Application, judge: str) -> None:
    """A judge stands back from a case, or is made to: with the reason, and what comes of it."""
    key = keys.token("recuse", row.id, judge)
    acts.consequences(
        t("已写的评分表作废，其余评分重新计算；回避后不能再评这份申报。",
          "A sheet written before is void and the rest counts anew; this judge scores the case no more.")
    )  # fmt: skip
    with acts.keeping(actor, row, f"recuse-{judge}"), st.form(f"form:{key}", border=False):
        reason = st.text_area(t("理由（必填）", "Reason (required)"), max_chars=500, key=f"reason:{key}")
        sent = acts.send(t("确认回避", "Stand back"))
    if sent and attempt(scoring.recuse, actor, row.id, judge, reason=reason, key=key,
                        done=t("已回避", "Entered")) is not None:  # fmt: skip
        st.rerun()
