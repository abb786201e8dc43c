"""Who must stand back, on pages: what the rule finds, what units ask, and a unit's own request."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from models.vocabulary import REVIEWS, RequestState
from ui.attempt import ask, attempt
from ui.components import acts, keys, words
from ui.components.words import plain, t
from workflows.judging import requesting
from workflows.queries import benches, meetings

if TYPE_CHECKING:
    from models.application import Application
    from models.panel import RecusalRequest
    from models.programme import Programme
    from workflows.queries.panels import Drawn
    from workflows.record.acting import Actor


def draw(actor: Actor, desk: str, drawn: Drawn | None) -> None:
    """What the rule finds of the panel that sits, and the requests of units."""
    found = ask(benches.panel_conflicts, actor, drawn.panel.id) if drawn is not None else None
    if found:
        st.dataframe(
            [{t("姓名", "Name"): one.name, t("受理编号", "Receipt"): one.receipt or "",
              t("事由", "Rule"): words.label(one.rule), t("已分派", "Assigned"): one.assigned} for one in found],
            hide_index=True, alt=t("应当回避", "Must stand back"), key=f"panels:conflicts:{desk}",
        )  # fmt: skip
    elif found is not None:
        st.text(t("按登记信息，没有应当回避的。", "On record nothing stands between a member and a case."))
    asked = ask(benches.recusal_requests, actor, desk=desk) or []
    waiting = benches.open_requests(asked)
    st.subheader(t("申报单位的回避申请", "Requests of units"), anchor=False)
    if not waiting:
        st.text(t("没有待答复的申请。", "No request awaits an answer."))
    people = {one.account_id: one.name for one in (drawn.members if drawn else []) if one.left_at is None}
    for one in waiting:
        _settle(actor, one, people)


def _settle(actor: Actor, one: RecusalRequest, people: dict[str, str]) -> None:
    key = keys.token("settle-recusal", one.id)
    with acts.kept(actor, one.id, 0, "settle-recusal"), st.form(f"panels:{key}"):
        st.text(f"{one.name} · {one.reason}")
        account = st.selectbox(t("对应的评委（不在评审组的不选）", "Which judge, if any"), ["", *people],
                               format_func=lambda who: plain(people.get(who, "—")), key=f"account:{key}")  # fmt: skip
        reason = st.text_area(t("答复（申报单位可见，不要写明评委）", "Answer (the unit reads it: name no judge)"),
                              max_chars=500, key=f"reason:{key}")  # fmt: skip
        granted = st.radio(t("是否同意", "Granted"), [True, False], horizontal=True, key=f"granted:{key}",
                           format_func=lambda yes: t("同意", "Yes") if yes else t("不予同意", "No"))  # fmt: skip
        sent = acts.send(t("答复", "Answer"))
    who = account if granted else ""
    if sent and attempt(requesting.settle_recusal, actor, one.id, granted=bool(granted), reason=reason, account=who,
                        key=key, done=t("已答复", "Answered")) is not None:  # fmt: skip
        st.rerun()


def own(actor: Actor, row: Application, rules: Programme) -> None:
    """What a unit sees of judging: when its visit or pitch is, its requests with their answers, one more."""
    if rules.pitch is not None or rules.site_visit is not None:
        for turn in ask(meetings.my_turns, actor, row.id) or []:
            st.text(f"{words.label(turn.kind)} {words.moment(turn.starts_at)} · {words.label(turn.state)}")
    if rules.scoring is None or (rules.panel is not None and "requested" not in rules.panel.recuse):
        return
    found = ask(benches.recusal_requests, actor, application_id=row.id) or []
    if row.state not in REVIEWS and not found:
        return
    with st.expander(t("申请评委回避", "Ask that somebody stand back")):
        for one in found:
            said = "" if one.state is RequestState.OPEN else f"：{one.ruling}"
            st.text(f"{one.name} · {words.label(one.state)}{said}")
        if row.state in REVIEWS:
            _ask(actor, row, len(found))


def _ask(actor: Actor, row: Application, asked: int) -> None:
    key = keys.token("ask-recusal", row.id)
    # With what is asked meanwhile it is another box: what was sent is not offered again.
    with acts.kept(actor, row.id, asked, "ask-recusal"), st.form(f"panels:{key}", border=False):
        name = st.text_input(t("姓名", "Name"), max_chars=60, key=f"name:{key}")
        reason = st.text_area(t("理由", "Reason"), max_chars=500, key=f"reason:{key}")
        sent = acts.send(t("提出申请", "Ask"))
    if sent and attempt(requesting.ask_recusal, actor, row.id, name=name, reason=reason, key=key,
                        done=t("已提出", "Asked")) is not None:  # fmt: skip
        st.rerun()
