"""Visits and pitches: the screen that follows the chair, and the meetings of a desk."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import streamlit as st

from models import clock
from models.vocabulary import InspectionKind, MeetingState, Role
from ui.attempt import ask, attempt, begin
from ui.components import acts, keys, links, shortcuts, words
from ui.components.words import plain, t
from ui.session import guarded
from workflows.judging import meetings
from workflows.queries import judges
from workflows.queries import meetings as asked
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from models.panel import Meeting
    from workflows.queries.meetings import Hearing, Turn
    from workflows.record.acting import Actor

_SHANGHAI = ZoneInfo("Asia/Shanghai")


def main() -> None:
    """The meeting of the address, else the list of them."""
    actor = begin()
    chosen = links.given("id")
    if chosen:
        with st.container(horizontal=True):
            back = st.button(t("返回会议列表", "Back to the list"), key="meeting:return", icon=":material/arrow_back:")
            shortcuts.sheet("meeting")
        if back:
            links.go("meeting")
        _screen(actor, chosen)
    else:
        _list(actor)


def _list(actor: Actor) -> None:
    st.title(t("评审会", "Meetings"), anchor=False)
    shortcuts.sheet("meeting")
    for desk in actor.places(Role.REVIEWER, Role.EXPERT, Role.ADMINISTRATOR):
        rows = asked.meetings(actor, desk=desk)
        if not rows:
            st.info(t("还没有考察或答辩。安排后会列在这里，并发信通知。",
                      "No visit or pitch is planned. Those planned come here, and a letter tells."))  # fmt: skip
        for row in rows:
            said = f"{words.moment(row.starts_at)} {words.label(row.kind)} · {words.label(row.state)}"
            links.to(plain(said), "meeting", id=row.id)
        if actor.sits(desk, Role.REVIEWER):
            with st.expander(t("安排考察或答辩", "Plan visits or pitches"), icon=":material/event:"):
                _plan(actor, desk)


def _plan(actor: Actor, desk: str) -> None:
    rounds = {one.round_id: one.round_name for one in judges.panels_of(actor) if one.desk == desk}
    if not rounds:
        st.text(t("目前没有由本单位评分的批次。", "No round is scored at this desk at the moment."))
        return
    key = keys.token("plan-meeting", desk)
    with st.form(f"meeting:{key}", border=False):
        left, right = st.columns(2)
        round_id = left.selectbox(t("批次", "Round"), list(rounds), format_func=rounds.__getitem__, key=f"round:{key}")
        kind = right.selectbox(t("形式", "Kind"), list(InspectionKind), format_func=words.label, key=f"kind:{key}")
        day = left.date_input(t("日期", "Day"), local_date(clock.now()), format="YYYY-MM-DD", key=f"day:{key}")
        hour = right.time_input(t("开始时间", "From"), time(9), key=f"hour:{key}")
        minutes = left.number_input(t("每项分钟数（不填按项目规定）", "Minutes each (empty: the programme's)"),
                                    value=None, step=1, min_value=1, key=f"minutes:{key}")  # fmt: skip
        seed = left.text_input(t("公开的种子（可不填）", "A public seed (optional)"), max_chars=200, key=f"seed:{key}")
        source = right.text_input(t("种子来源", "Where it was published"), max_chars=200, key=f"source:{key}")
        sent = acts.send(t("抽签排序", "Draw the order"))
    given: dict[str, Any] = {
        "kind": kind,
        "starts_at": datetime.combine(day, hour, _SHANGHAI).astimezone(UTC),
        "seed": seed,
        "seed_source": source,
        "minutes": None if minutes is None else int(minutes),
    }
    if sent and attempt(meetings.plan_meeting, actor, round_id=round_id, organization_code=desk, key=key, **given,
                        done=t("顺序已抽定", "The order is drawn")) is not None:  # fmt: skip
        st.rerun()


@st.fragment(run_every="3s")
@guarded
def _screen(actor: Actor, meeting_id: str) -> None:
    """The case now heard, large; then all turns. It draws itself anew, so that everybody follows."""
    found = ask(asked.meeting, actor, meeting_id)
    if found is None:
        return
    row = found.meeting
    st.title(plain(f"{words.label(row.kind)} · {words.label(row.state)}"), anchor=False)
    st.text(f"{t('主持', 'Chair')} {found.chair} · {t('种子', 'Seed')} {row.seed} {row.seed_source}")
    current = next((one for one in found.turns if one.now), None)
    if current is not None:
        _current(row, current, len(found.turns))
    if found.is_chair and row.state is not MeetingState.CLOSED:
        _chair(actor, found)
    st.dataframe([_row(one) for one in found.turns], hide_index=True, alt=t("顺序", "Order"),
                 key=f"meeting:{row.id}:{row.version}")  # fmt: skip


def _current(row: Meeting, one: Turn, count: int) -> None:
    st.header(plain(f"{one.place}/{count}  {one.subject}"), anchor=False)
    st.text(f"{one.unit} · {one.receipt or ''} · {t('开始于', 'since')} {words.moment(row.moved_at)}")
    if one.own:
        st.warning(t("涉及您或您的单位，请回避。", "This is your own or your unit's case: please stand back."))
    else:
        links.to(t("打开申报并评分", "Open it and score"), "score", id=one.application_id)


def _chair(actor: Actor, found: Hearing) -> None:
    """The chair's two buttons."""
    row = found.meeting
    key = keys.token("move-on", row.id, row.version)
    over = row.current >= len(found.turns)
    with st.container(horizontal=True):
        label = t("下一项", "Next case") if row.current else t("开始", "Begin")
        tip = words.code("nobody_left", count=len(found.turns)) if over else None
        if acts.button(label, tip, key=f"meeting:next:{key}", type="primary", shortcut=shortcuts.NEXT) and (
            attempt(meetings.move_on, actor, row.id, seen=row.version, key=key, done=label) is not None
        ):
            st.rerun()
        if st.button(t("结束会议", "Close the meeting"), key=f"meeting:close:{key}") and (
            attempt(meetings.close_meeting, actor, row.id, seen=row.version, key=key,
                    done=t("会议已结束", "Closed")) is not None
        ):  # fmt: skip
            st.rerun()


def _row(one: Turn) -> dict[str, Any]:
    state = t("进行中", "now") if one.now else t("已进行", "heard") if one.over else ""
    return {
        t("顺序", "Place"): one.place,
        t("计划时间", "Planned for"): words.moment(one.starts_at),
        t("名称", "Name"): one.subject,
        t("申报单位", "Unit"): one.unit,
        t("受理编号", "Receipt"): one.receipt or "",
        t("状态", "State"): state,
    }


main()
