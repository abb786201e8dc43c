"""The record: what happened, and whether it is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from models.words_doctor import invariant_words
from ui.attempt import ask, attempt, begin
from ui.components import as_of, keys, links, office, words
from ui.components.words import plain, t
from ui.session import guarded
from workflows.clocks.examining import ask_examination
from workflows.queries import admin, examinations
from workflows.rules.office_words import acted

if TYPE_CHECKING:
    from datetime import datetime

    from workflows.queries.admin import Told
    from workflows.queries.examinations import Round
    from workflows.record.acting import Actor

_CURSORS = "journal:cursors"
_BEAT = "3s"  # how often the page looks how far an examination has come


def main() -> None:
    """Checks first, then the events, newest first."""
    actor = begin()
    st.title(t("办理记录", "Journal"))
    root = office.choose(actor)
    _checks(actor, root)
    _clocks()
    _events(actor, root)


def _checks(actor: Actor, root: str) -> None:
    """What the last examination found, and a button for another; the clocks make it, whatever becomes of this page."""
    st.subheader(t("核验与体检", "Checks"))
    if not examinations.keeps(root):
        st.caption(t("体检读取整个系统的记录，由省级和全国总工会的管理员要求和查看；发现问题会通知他们。",
                     "An examination reads the whole installation. Administrators of a province or the nation ask for "
                     "it and see what it finds; they are written to when it finds anything."))  # fmt: skip
        return
    told = ask(examinations.examinations, actor, root=root)
    if told is None:
        return
    _last(told.last)
    if told.is_late:
        st.warning(
            t("定时任务没有在运行，体检要等它恢复后才进行。可在服务器上运行 shenbao doctor 和 shenbao audit verify。",
              "The clocks are not running: an examination waits until they do. "
              "On the server there are shenbao doctor and shenbao audit verify."), icon=":material/alarm:",
        )  # fmt: skip
    if told.waiting is not None:
        st.fragment(guarded(_under_way), run_every=_BEAT)(actor, root)
        return
    help_ = t("由定时任务在后台进行，核验全部记录并检查全部约定，数据多时需要几分钟；可以离开本页。",
              "The clocks make it: every event, every invariant. It takes minutes where there is much; "
              "you may leave this page.")  # fmt: skip
    key = keys.token("examine", root)
    if st.button(t("重新体检", "Examine again"), key=f"examine:{key}", help=help_) and attempt(
        ask_examination, actor, root=root, key=key, done=t("已交定时任务进行", "The clocks will make it")
    ) is not None:  # fmt: skip
        st.rerun()


def _under_way(actor: Actor, root: str) -> None:
    """How far it has come, until it is over; then the whole page tells what it found."""
    told = ask(examinations.examinations, actor, root=root)
    if told is None:
        return
    if told.waiting is None:
        st.rerun()
    waits = told.waiting
    asked = words.moment(waits.asked_at)
    who = t(f"{waits.who}要求", f"asked for by {waits.who}") if waits.who else t("夜间例行", "the nightly one")
    if not waits.steps:
        st.info(plain(t(f"体检等候进行（{who}，{asked}）…", f"An examination waits ({who}, {asked})…")))
        return
    said = t(f"正在体检（{who}，{asked}）：{waits.done} / {waits.steps} 项",
             f"Examining ({who}, {asked}): {waits.done} of {waits.steps}")  # fmt: skip
    st.progress(min(1.0, waits.done / waits.steps), text=plain(said))


def _last(last: Round | None) -> None:
    """What the last one came to: the clocks make one every night, so that nobody need wait for it."""
    if last is None:
        st.info(t("还没有体检过；每晚2:30进行一次。", "Nothing was examined yet; it is done every night at 2:30."))
        return
    by = t(f"{last.who}要求的体检", f"Asked for by {last.who}") if last.who else t("夜间体检", "Nightly round")
    said = plain(t(f"{by}，{words.moment(last.at)}：", f"{by}, {words.moment(last.at)}: "))
    if not last.is_whole:
        st.error(said + t("没有完成，原因见数据文件夹中 logs 下的日志。",
                          "it never came to its end; the logs in the data folder tell why."),
                 icon=":material/gpp_bad:")  # fmt: skip
        return
    n = last.counts
    counted = plain(t(
        f"{n['events']:,} 条记录，{n['things']:,} 个对象，{n['checkpoints']:,} 个检查点。",
        f"{n['events']:,} events of {n['things']:,} things, {n['checkpoints']:,} checkpoints.",
    ))  # fmt: skip
    if not last.found:
        whole = t("一切正常，记录完整，未发现改动。", "all is well, and the journal is whole; nothing was altered.")
        st.success(f"{said}{whole} {counted}", icon=":material/health_and_safety:")
        return
    bad = t(f"发现{n['violations']}处异常。", f"{n['violations']} violations were found.")
    st.error(f"{said}{bad} {counted}", icon=":material/gpp_bad:")
    _found(last)


def _found(last: Round) -> None:
    """Where it is wrong; a violation of the journal tells which event."""
    if last.counts["violations"] > len(last.found):
        n = len(last.found)
        st.caption(t(f"列出前{n}处。", f"The first {n} are listed."))
    st.dataframe({
        t("问题", "What is wrong"): [t(*invariant_words(one.invariant)) for one in last.found],
        t("对象", "Thing"): [one.subject for one in last.found],
        t("编号", "Invariant"): [one.invariant for one in last.found],
        t("代码", "Code"): [one.name for one in last.found],
        t("数值", "Values"): [one.detail for one in last.found],
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
