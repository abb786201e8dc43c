"""What is about to be overdue, what waits with nobody, and what the clocks could not do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from ui.attempt import ask, attempt
from ui.components import acts, links, words
from ui.components.words import plain, t
from workflows.clocks import retrying
from workflows.queries import asides, watch_risk, watch_stuck
from workflows.queries.watch_late import PAGE
from workflows.rules.throughput import WINDOW

if TYPE_CHECKING:
    from workflows.queries.watch_risk import AtRisk, RiskyDesk
    from workflows.record.acting import Actor

_AFTER = "overdue:risk:after"


def risks(actor: Actor, root: str, filters: dict[str, str]) -> None:
    """The cases that will be late, each with the numbers that say so."""
    st.subheader(t("将要逾期", "About to be overdue"), anchor=False)
    st.caption(
        t(f"按各单位近{WINDOW}个工作日的办结速度推算：排在前面的办完，到期前轮不到的，列在这里；只看10个工作日内到期的。"
          "近期没有办结记录的单位，剩余时间不足三分之一的列入。",
          f"By each office's own pace of the last {WINDOW} working days: what its turn will not come to before it is "
          "due, within ten working days. Where nothing was dealt with lately: what has less than a third of its time "
          "left.")
    )  # fmt: skip
    after = st.session_state.get(_AFTER, "")
    found = ask(watch_risk.at_risk, actor, root=root, **filters, after=after)
    if found is None:
        return
    if not found.total:
        st.success(t("按目前的速度，没有将要逾期的申报。", "At the present pace nothing will be late."))
        return
    st.dataframe(_desks(found.desks), hide_index=True, alt=t("将逾期的单位", "Offices that will be late"))
    st.dataframe([_risk(line) for line in found.lines], hide_index=True, alt=t("将要逾期的申报", "Cases at risk"))
    with st.container(horizontal=True):
        if after:
            st.button(t("回到开头", "To the beginning"), key="overdue:risk:back", on_click=_turn, args=("",))
        if len(found.lines) == PAGE:
            last = found.lines[-1].stands
            st.button(t("下一页", "Next"), key="overdue:risk:on", on_click=_turn, args=(last,))


def _turn(after: str) -> None:
    st.session_state[_AFTER] = after


def _desks(desks: list[RiskyDesk]) -> dict[str, list[Any]]:
    return {
        t("单位", "Desk"): [desk.desk_name for desk in desks],
        t("将逾期", "Will be late"): [desk.n for desk in desks],
        t(f"近{WINDOW}个工作日办结", f"Dealt with in {WINDOW} working days"): [desk.settled for desk in desks],
    }


def _risk(line: AtRisk) -> dict[str, Any]:
    return {
        t("名称", "Name"): line.subject,
        t("单位", "Desk"): line.desk_name,
        t("到期时间", "Due"): words.until(line.due_at),
        t("为什么", "Why"): why(line),
        t("承办人", "Handler"): line.handler or "",
        t("受理编号", "Receipt"): line.receipt or "",
    }


def why(line: AtRisk) -> str:
    """The two numbers that say a case will be late, in words."""
    if line.needs is None:
        return t(f"排第{line.place}位，本单位近期没有办结记录，剩{line.left}个工作日，不足三分之一",
                 f"place {line.place}, no known pace, {words.days(line.left)} left: less than a third")  # fmt: skip
    return t(f"排第{line.place}位，轮到约需{line.needs}个工作日，只剩{line.left}个",
             f"place {line.place}: its turn takes some {words.days(line.needs)}; there are {line.left}")  # fmt: skip


def stuck(actor: Actor, root: str, filters: dict[str, str]) -> None:
    """Desks without a reviewer, and cases no deadline speaks of."""
    st.subheader(t("无人办理", "With nobody"), anchor=False)
    places = {name: value for name, value in filters.items() if name != "kind"}
    found = ask(watch_stuck.stuck, actor, root=root, **places)
    if found is None:
        return
    if not found.total:
        st.success(t("每个有待办的单位都有在任的审核人，每份申报都有期限。",
                     "Every office with work has a reviewer, and every case a day to be dealt with by."))  # fmt: skip
    if found.desks:
        st.warning(t("下列单位有待办的申报，但没有在任的审核人。请在“单位与人员”中安排人员。",
                     "These offices have cases waiting and no reviewer in office. Please seat somebody."))  # fmt: skip
        links.to(t("去安排人员 →", "Seat somebody →"), "people")
        st.dataframe({
            t("单位", "Desk"): [desk.desk_name for desk in found.desks],
            t("待办", "Waiting"): [desk.n for desk in found.desks],
            t("最早到期", "Oldest due"): [words.until(desk.oldest) for desk in found.desks],
        }, hide_index=True, alt=t("没有审核人的单位", "Offices without a reviewer"))  # fmt: skip
    if found.timeless:
        st.error(t("下列申报没有办理期限，这是系统故障，请告知系统管理员。",
                   "These cases have no due date, which is a fault. Please tell whoever runs the system."))  # fmt: skip
        st.dataframe([
            {t("名称", "Name"): one.subject, t("单位", "Desk"): one.desk_name,
             t("状态", "Status"): words.label(one.state), t("受理编号", "Receipt"): one.receipt or "",
             t("编号", "Id"): one.id}
            for one in found.timeless
        ], hide_index=True, alt=t("没有期限的申报", "Cases without a due date"))  # fmt: skip
    if found.timeless is None:
        st.caption(t("没有期限的申报请按省查看：请先在“筛选”中选择地区。",
                     "Cases without a due date are shown by province: choose a region above."))  # fmt: skip


def aside(actor: Actor, root: str) -> None:
    """What the clocks set aside, why, and a button to have it tried again."""
    st.subheader(t("定时任务办不了的事项", "What the clocks could not do"), anchor=False)
    found = ask(asides.set_aside, actor, root=root)
    if found is None:
        return
    if not found:
        st.success(t("没有搁置的事项。", "Nothing is set aside."))
    for one in found:
        with st.container(border=True):
            st.text(f"{one.name} · {one.receipt or one.thing_id}")
            st.caption(plain(one.words))
            st.caption(plain(t(f"已试{one.tries}次，{words.moment(one.try_at)}再试",
                               f"tried {one.tries} times, again at {words.moment(one.try_at)}")))  # fmt: skip
            if acts.button(t("现在再试", "Try again now"), key=f"overdue:again:{one.id}") and attempt(
                retrying.try_again, actor, one.id, done=t("下次巡检时再试", "The next sweep tries it again")
            ) is not None:  # fmt: skip
                st.rerun()
