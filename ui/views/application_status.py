"""Where one application is: since when, what comes next, by when, and what to do now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from models.errors import NotFoundError
from models.sentences import SENTENCES
from models.vocabulary import Act, LetterKind, State, Thing
from ui.attempt import attempt, begin, explain
from ui.components import (
    contest,
    delivery,
    fields,
    keys,
    links,
    office_acts,
    questions,
    recusal_desk,
    standing,
    words,
)
from ui.components import way as ways
from ui.components.words import t
from ui.session import me
from workflows.charts.advance import advance
from workflows.intake import applications
from workflows.queries import applications as asked
from workflows.queries import history, lists, mine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.application import Application
    from workflows.queries.applications import Happening, Whole
    from workflows.queries.mine import Progress
    from workflows.record.acting import Actor


def main() -> None:
    """The whole story of one application, in its applicant's words."""
    actor = begin()
    try:
        whole = asked.application(actor, links.given("id"))
        way = mine.progress(actor, whole.application.id, language=words.spoken())
    except NotFoundError as error:
        st.title(t("没有找到这份申报", "Application not found"))
        explain(error)
        links.to(t("返回我的申报", "Back to my applications"), "my-applications")
        return
    row = whole.application
    st.title(words.plain(row.subject or t("（未命名的草稿）", "(draft without a name)")))
    number = row.receipt or t("尚无受理编号", "no receipt number yet")
    st.caption(words.plain(f"{number} · {whole.unit.name} · {whole.round.name}"))
    _now(whole, way)
    rules = lists.rules_of(row.round_id)
    contest.mine(actor, row, rules)
    recusal_desk.own(actor, row, rules)
    ways.draw(whole, way, history.expected(actor, row.id))
    questions.asked(actor, row)
    _history(whole, way)
    _letters(way)
    delivery.about(actor, row.id)
    _content(whole)
    office_acts.chase(actor, row)
    _leaving(whole)
    links.to(t("返回我的申报", "Back to my applications"), "my-applications")


def _now(whole: Whole, way: Progress) -> None:
    row = whole.application
    with st.container(border=True):
        st.markdown(f"### {standing.mark(row.state)} {words.plain(words.label(row.state))}")
        if way.notice is not None:
            days = f"{words.day(way.notice.first_day)} – {words.day(way.notice.last_day)}"
            st.markdown(words.beside(f"**{t('公示期', 'Public notice')}**", words.plain(days)))
            st.link_button(t("查看公示", "Open the notice"), f"/notices/{way.notice.id}")
        if row.ended_at is None:
            _facts(whole, way)
        else:
            st.text(words.moment(row.ended_at))
        st.info(standing.advice(row.state, way.title_state), icon=":material/arrow_forward:")
        if row.state in standing.TO_DO:
            links.to(t("去填写 →", "Go to the form →"), "apply", id=row.id)


def _facts(whole: Whole, way: Progress) -> None:
    row = whole.application
    draft = row.state is State.DRAFT
    due = whole.round.closes_at if draft else row.due_at
    mine_now = t("您（申报人）", "you (the applicant)")
    office = mine_now if row.state in standing.TO_DO else standing.office(way)
    rows = [
        (t("现在在", "It is with"), office),
        (t("办理人员", "Dealt with by"), standing.role(row.state)),
        (t("自", "Since"), standing.entered(row)),
        (t("期限", "Due"), words.due(due) if due else None),
        (t("下一步", "Next"), standing.following(way.following)),
    ]
    for name, said in rows:
        if said:
            st.markdown(words.beside(f"**{name}**", words.plain(said)))
    for deadline in whole.deadlines:
        if deadline.derivation and words.spoken() == "zh":
            st.caption(words.plain(deadline.derivation))


def _history(whole: Whole, way: Progress) -> None:
    st.subheader(t("办理记录", "What happened"))
    kept = (Act.REVISE, Act.ATTACH, Act.DETACH)
    called = fields.labels(lists.rules_of(whole.round.id))
    for event in reversed([event for event in whole.history if event.act not in kept]):
        office = way.names.get(event.desk or "", "")
        st.markdown(words.plain(words.beside(words.moment(event.at), words.label(event.act), office)))
        _said(event, called)


def _said(event: Happening, called: Mapping[str, str]) -> None:
    for fault in event.body.get("faults") or []:
        name = called.get(fault.get("field"), fault.get("field"))
        st.caption(words.plain(f"· {name}：{fault.get('words') or ''}"))
    if reason := event.body.get("reason"):
        st.caption(words.plain(words.code(reason) if reason in SENTENCES else str(reason)))


def _letters(way: Progress) -> None:
    st.subheader(t("来信", "Letters"))
    if not way.letters:
        st.caption(t("还没有来信。", "No letters yet."))
    for letter in way.letters:
        sign = ":material/priority_high:" if letter.kind is LetterKind.ACTION else ":material/mail:"
        with st.expander(words.plain(words.beside(words.moment(letter.at), letter.subject)), icon=sign):
            st.text(letter.body)


def _content(whole: Whole) -> None:
    rules = lists.rules_of(whole.round.id)
    with st.expander(t("申报内容", "What was written")):
        for rule in rules.fields:
            st.caption(words.plain(rule.label.in_(words.spoken())))
            st.text(fields.as_read(rule, whole.application.answers.get(rule.name)))
        for file in whole.files:
            st.link_button(words.plain(file.filename), f"/files/{file.id}")


def _leaving(whole: Whole) -> None:
    row = whole.application
    if advance(Thing.APPLICATION, row.state, Act.WITHDRAW) is None:
        return
    with st.expander(t("撤回申报…", "Withdraw…")):
        _withdraw(row)


def _withdraw(row: Application) -> None:
    st.write(
        t(
            "撤回后不能恢复，占用的名额将退回；记录会保留。",
            "This cannot be undone. Its place goes back; the record stays.",
        )
    )
    # Another version is another form: what was typed about this one is never sent for it.
    with st.form(f"status:withdraw:{row.id}:{row.version}", border=False):
        reason = st.text_area(t("撤回理由", "Reason"), max_chars=500)
        sent = st.form_submit_button(t("确认撤回", "Yes, withdraw"), type="primary")
    if sent and not reason.strip():
        st.error(words.plain(words.code("reason_missing", field="reason")))
    elif sent:
        actor = me()
        if actor is not None:
            _withdrawn(actor, row.id, row.version, reason.strip())


def _withdrawn(actor: Actor, application_id: str, seen: int, reason: str) -> None:
    done = attempt(
        applications.withdraw,
        actor,
        application_id,
        seen=seen,
        reason=reason,
        key=keys.token("withdraw", application_id, seen),
        done=t("申报已撤回", "The application was withdrawn"),
    )
    if done is not None:
        st.rerun()


main()
