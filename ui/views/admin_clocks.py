"""Whether what happens by itself happens: the clocks by our own records, alarms, and what Prefect says now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ui import outpost
from ui.attempt import begin
from ui.components import machinery, office, words
from ui.components.words import t
from workflows.queries import machinery as asked

if TYPE_CHECKING:
    from workflows.queries.machinery import ClockState
    from workflows.record.acting import Actor

_PREFECT_FOR = 15  # seconds that an answer of Prefect's is shown again


def main() -> None:
    """The clocks first, then one clock's newest runs, the alarms, and Prefect."""
    actor = begin()
    st.title(t("运行情况", "Clocks"))
    root = office.choose(actor)
    states = asked.clocks(actor, root=root)
    _verdict(states)
    _table(states)
    _runs(actor, root, [one.kind for one in states])
    _alarms(actor, root)
    _prefect()


def _verdict(states: list[ClockState]) -> None:
    late = [machinery.name(one.kind) for one in states if one.late]
    if not late:
        st.success(t("各项定时任务都按时运行。", "Every clock runs on time."), icon=":material/check_circle:")
        return
    said = words.plain(t("、", ", ").join(late))
    st.error(
        t(
            f"未按时运行：{said}。请在服务器上检查 shenbao up 是否在运行，以及数据文件夹中 logs 下的日志。",
            f"Not on time: {said}. Please see on the server whether shenbao up runs, and look at the logs in its "
            "data folder.",
        ),
        icon=":material/alarm:",
    )


def _table(states: list[ClockState]) -> None:
    none = t("还没有运行过", "has not run yet")
    st.dataframe(
        {
            t("任务", "Clock"): [machinery.name(one.kind) for one in states],
            t("状态", "State"): [t("⚠ 超时", "⚠ late") if one.late else t("✓ 正常", "✓ on time") for one in states],
            t("最近完成", "Last run"): [words.moment(one.last.at) if one.last else none for one in states],
            t("距今", "Age"): [machinery.age(one.last) if one.last else "" for one in states],
            t("用时", "Took"): [machinery.lasted(one.last) if one.last else "" for one in states],
            t("做了什么", "Did"): [machinery.did(one.last) if one.last else "" for one in states],
            t("应每隔", "Every"): [machinery.span(one.every) for one in states],
        },
        hide_index=True,
        alt=t("定时任务", "Clocks"),
    )


def _runs(actor: Actor, root: str, kinds: list[str]) -> None:
    st.subheader(t("最近的运行", "Newest runs"))
    kind = st.segmented_control(
        t("任务", "Clock"), kinds, format_func=machinery.name, default=kinds[0], key="clocks:kind"
    )
    runs = asked.clock_runs(actor, root=root, kind=kind or kinds[0])
    if not runs:
        st.info(t("没有运行记录：定时任务可能没有启动。", "No runs on record: the clocks may be off."))
        return
    st.dataframe(
        {
            t("完成时间", "Ended"): [words.moment(run.at) for run in runs],
            t("用时", "Took"): [machinery.lasted(run) for run in runs],
            t("做了什么", "Did"): [machinery.did(run) for run in runs],
        },
        hide_index=True,
        alt=t("最近的运行", "Newest runs"),
    )


def _alarms(actor: Actor, root: str) -> None:
    st.subheader(t("近七天的报警", "Alarms of the last seven days"))
    found = asked.alarms(actor, root=root)
    if not found:
        st.caption(t("没有报警。", "There was no alarm."))
        return
    st.dataframe(
        {
            t("时间", "At"): [words.moment(one.at) for one in found],
            t("报警", "Alarm"): [machinery.name(one.kind) for one in found],
            t("通知人数", "Told"): [one.told for one in found],
        },
        hide_index=True,
        alt=t("报警", "Alarms"),
    )


def _prefect() -> None:
    st.subheader("Prefect")
    said = _asked()
    if said is None:
        st.warning(
            t("Prefect 现在没有应答。以上记录来自本系统自己的数据库，不受影响。",
              "Prefect does not answer now. What stands above is from our own database, and holds all the same.")
        )  # fmt: skip
    else:
        with st.container(horizontal=True):
            for label, n in (
                (t("正在运行", "Running"), said.running),
                (t("迟到", "Late"), said.late),
                (t("最近50次中失败", "Failed of the newest 50"), said.failed),
            ):
                st.metric(label, n, border=True, width=150)
    st.markdown(f"[{t('打开 Prefect 页面', 'Open the page of Prefect')}]({outpost.page()})")


@st.cache_data(ttl=_PREFECT_FOR, show_spinner=False)
def _asked() -> outpost.Said | None:
    return outpost.ask()


main()
