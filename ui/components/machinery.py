"""How the clocks are told of to an administrator: names, ages, what a run did, and the warning on every page."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import streamlit as st

from models import clock
from models.errors import ShenbaoError
from models.vocabulary import Role
from models.words_clocks import step_words
from models.words_doctor import INVARIANTS
from ui import alarms
from ui.components import links
from ui.components.words import t
from workflows.queries import machinery

if TYPE_CHECKING:
    from workflows.queries.machinery import Run
    from workflows.record.acting import Actor

CLOCKS = {
    "sweep": ("到期巡检", "Sweep of deadlines"),
    "letters": ("信件投递", "Letters"),
    "checkpoint": ("日志检查点", "Checkpoint of the journal"),
    "doctor": ("夜间体检", "Nightly examination"),
    "backup": ("夜间备份", "Nightly backup"),
    "alarm_no_sweep": ("巡检久未完成", "No sweep has completed"),
    "alarm_lost_worker": ("执行进程失去联系", "A run lost its worker"),
}
_COUNTS = {
    "sent": ("寄出", "sent"),
    "retried": ("待重试", "to be tried again"),
    "dead": ("无法送达", "undeliverable"),
    "busy": ("数据库忙", "database busy"),
    "leaves": ("记录对象", "things written down"),
    "examined": ("已体检", "examined"),
    "violations": ("发现异常", "violations"),
    "taken": ("已备份", "taken"),
    "dropped": ("删除旧备份", "old ones dropped"),
    "told": ("已通知", "told"),
    "returned": ("退信", "came back"),
    "days_noted": ("统计日", "days noted"),
}
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_MINUTES_TOLD, _HOURS_TOLD = 2 * _HOUR, 2 * _DAY  # up to where a span is told in minutes, in hours


def warn(actor: Actor) -> None:
    """Tell an administrator on whatever page when no sweep completes: by our own tables, whatever Prefect does.

    Only once this web face has run for so long that the clocks beside it should have swept.
    """
    if not actor.places(Role.ADMINISTRATOR) or not alarms.has_settled():
        return
    try:
        late = machinery.sweeps_are_late()
    except ShenbaoError:
        return  # the page itself will say what is wrong
    if late:
        said = t(
            "定时任务没有在运行：到期提醒、自动流转和信件可能停止。请联系系统运维人员。",
            "The clocks are not running: reminders, what happens by itself and letters may have stopped. "
            "Please tell whoever runs this installation.",
        )
        st.warning(said, icon=":material/alarm:")
        links.to(t("查看运行情况 →", "See the clocks →"), "clocks")


def name(kind: str) -> str:
    """What a clock or an alarm is called."""
    return t(*CLOCKS.get(kind, (kind, kind)))


def span(length: timedelta) -> str:
    """A length of time in one unit: seconds up to two minutes, then minutes, hours, days."""
    seconds = int(length.total_seconds())
    if seconds < 2 * _MINUTE:
        return t(f"{seconds}秒", f"{seconds} s")
    if seconds < _MINUTES_TOLD:
        return t(f"{seconds // _MINUTE}分钟", f"{seconds // _MINUTE} min")
    if seconds < _HOURS_TOLD:
        return t(f"{seconds // _HOUR}小时", f"{seconds // _HOUR} h")
    return t(f"{seconds // _DAY}天", f"{seconds // _DAY} days")


def age(run: Run) -> str:
    """How long ago a run ended."""
    said = span(max(timedelta(0), clock.now() - run.at))
    return t(f"{said}前", f"{said} ago")


def lasted(run: Run) -> str:
    """How long it took."""
    return t(f"{run.seconds:.1f}秒", f"{run.seconds:.1f} s")


def did(run: Run) -> str:
    """What a run came to; what it did not find to do is left out."""
    said = [f"{t(*_COUNTS.get(one) or INVARIANTS.get(one) or step_words(one))} {n}" for one, n in run.counts.items()]
    return t("，", ", ").join(said) or t("无事可办", "nothing to do")
