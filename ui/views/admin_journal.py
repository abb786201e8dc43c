"""The record: what happened, and whether it is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from models import clock
from models.words_doctor import invariant_words
from ui.attempt import attempt, begin
from ui.components import as_of, links, office, words
from ui.components import machinery as clocks
from ui.components.words import plain, t
from workflows import doctor
from workflows.queries import admin, machinery
from workflows.record import audit
from workflows.rules.office_words import acted

if TYPE_CHECKING:
    from datetime import datetime

    from workflows.queries.admin import Told
    from workflows.record.acting import Actor

_CURSORS = "journal:cursors"
_VERIFIED, _CHECKED = "journal:verified", "journal:checked"


def main() -> None:
    """Checks first, then the events, newest first."""
    actor = begin()
    st.title(t("办理记录", "Journal"))
    root = office.choose(actor)
    _checks(actor, root)
    _clocks()
    _events(actor, root)


def _checks(actor: Actor, root: str) -> None:
    st.subheader(t("核验", "Checks"))
    _last_night(actor, root)
    with st.container(horizontal=True):
        slow = t("读取全部数据，数据多时需要几分钟。", "Reads all there is: minutes, where there is much.")
        verify = st.button(t("核验记录链", "Verify the journal"), key="journal:verify", help=slow)
        check = st.button(t("体检", "Run the doctor"), key="journal:doctor", help=slow)
    if verify:
        with st.spinner(t("正在逐条核验…", "Verifying each event…"), show_time=True):
            said = t("核验完成", "Verified")
            st.session_state[_VERIFIED] = (clock.now(), attempt(audit.verify, done=said))
    if check:
        with st.spinner(t("正在体检…", "Examining…"), show_time=True):
            said = t("体检完成", "Examined")
            st.session_state[_CHECKED] = (clock.now(), attempt(doctor.check, done=said))
    _verified()
    _checked()


def _last_night(actor: Actor, root: str) -> None:
    """What the clocks' own round came to: it is made every night, so that nobody need wait for one."""
    run = next(iter(machinery.clock_runs(actor, root=root, kind="doctor")), None)
    if run is None:
        st.info(t("夜间体检还没有运行过；每晚2:30运行一次。", "The nightly round has not run yet; it runs at 2:30."))
        return
    said = plain(t(f"最近一次夜间体检 {words.moment(run.at)}：", f"Last nightly round, {words.moment(run.at)}: "))
    if not run.counts.get("violations"):
        st.success(said + t("一切正常。", "all is well."), icon=":material/health_and_safety:")
        return
    st.error(said + plain(clocks.did(run)), icon=":material/health_and_safety:")


def _verified() -> None:
    at, report = st.session_state.get(_VERIFIED, (None, None))
    if report is None:
        return
    counted = t(
        f"{words.moment(at)}：{report.events} 条记录，{report.things} 个对象，{report.checkpoints} 个检查点",
        f"{words.moment(at)}: {report.events} events of {report.things} things, {report.checkpoints} checkpoints",
    )
    if report.ok:
        whole = t("记录完整，未发现改动。", "The journal is whole; nothing was altered.")
        st.success(f"{whole} {words.plain(counted)}", icon=":material/verified:")
        return
    bad = t(f"发现{len(report.faults)}处问题。", f"{len(report.faults)} faults were found.")
    st.error(f"{bad} {words.plain(counted)}", icon=":material/gpp_bad:")
    st.dataframe([fault._asdict() for fault in report.faults], hide_index=True)


def _checked() -> None:
    at, found = st.session_state.get(_CHECKED, (None, None))
    if found is None:
        return
    if not found:
        said = t("一切正常。", "All is well.")
        st.success(f"{said} {words.plain(words.moment(at))}", icon=":material/health_and_safety:")
        return
    st.error(t(f"发现{len(found)}处异常。", f"{len(found)} violations were found."))
    st.dataframe({
        t("问题", "What is wrong"): [t(*invariant_words(one.invariant)) for one in found],
        t("对象", "Thing"): [one.subject for one in found],
        t("编号", "Invariant"): [one.invariant for one in found],
        t("代码", "Code"): [one.name for one in found],
        t("数值", "Values"): [one.detail for one in found],
    }, hide_index=True, alt=t("体检发现的问题", "What the doctor found"))  # fmt: skip


def _clocks() -> None:
    links.to(t("定时任务的运行情况 →", "Whether the clocks run →"), "clocks")


def _events(actor: Actor, root: str) -> None:
    st.subheader(t("事件", "Events"))
    about = st.text_input(t("只看这个编号的对象", "Only the thing with this id"), key="journal:id")
    cursors = st.session_state.setdefault(_CURSORS, [(None, "")])
    before, after = cursors[-1]
    rows = admin.events(actor, root=root, thing_id=about, before=before, after=after)
    if not rows:
        st.info(t("没有记录。", "Nothing on record."))
        return
    st.dataframe(_frame(rows), hide_index=True, alt=t("办理记录", "Journal"))
    if about.strip():
        as_of.draw(actor, rows[0].thing, about.strip())
        return
    with st.container(horizontal=True):
        if len(cursors) > 1:
            st.button(t("← 较新的", "← Newer"), key="journal:newer", on_click=_back, args=(cursors,))
        if len(rows) == admin.PAGE:
            last = (rows[-1].at, rows[-1].id)
            older = t("较早的 →", "Older →")
            st.button(older, key="journal:older", on_click=cursors.append, args=(last,))


def _back(cursors: list[tuple[datetime | None, str]]) -> None:
    cursors.pop()


def _actor(row: Told) -> str:
    """Who did it, and for whom."""
    return acted(row.who or words.label(row.account_id), row.for_whom, words.spoken())


def _frame(rows: list[Told]) -> dict[str, list[Any]]:
    return {
        t("时间", "At"): [words.moment(row.at) for row in rows],
        t("对象", "Thing"): [words.label(row.thing) for row in rows],
        t("行为", "Act"): [words.label(row.act) for row in rows],
        t("结果状态", "State after"): [words.label(row.target) for row in rows],
        t("经办人", "Who"): [_actor(row) for row in rows],
        t("单位", "For"): [row.desk or "" for row in rows],
        t("序号", "No."): [row.version for row in rows],
        t("编号", "Id"): [row.thing_id for row in rows],
        t("指纹", "Hash"): [row.hash[:12] for row in rows],
    }


main()
