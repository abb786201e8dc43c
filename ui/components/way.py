"""An application's way as its people see it: which offices had it, have it and will have it, and for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from models.vocabulary import REVIEW_OF, State
from ui.components import words
from ui.components.words import plain, t
from workflows.clocks.due import current
from workflows.rules.calendar import local_date, working_days_between

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workflows.queries.applications import Happening, Whole
    from workflows.queries.history import Expected
    from workflows.queries.mine import Progress, Stop

_STEP = {
    "done": ":material/check_circle:",
    "here": ":material/radio_button_checked:",
    "ahead": ":material/radio_button_unchecked:",
}


def draw(whole: Whole, way: Progress, expected: Sequence[Expected]) -> None:
    """Each office with what it took, or what it has and what is usual there; then what follows the last."""
    st.subheader(t("审核流程", "Its way"))
    usual = {one.desk: one for one in expected}
    for stop in way.stops:
        line = f"{stop.office} · {words.label(stop.rung)}"
        st.markdown(f"{_STEP[stop.standing]} {plain(line)}")
        if told := _told(stop, whole, usual.get(stop.desk)):
            st.caption(plain(told))
    over = "done" if whole.application.state is State.NAMED else "ahead"
    st.markdown(f"{_STEP[over]} " + t("公示 → 审定命名", "public notice → decision"))


def _told(stop: Stop, whole: Whole, usual: Expected | None) -> str:
    if stop.standing == "done":
        return _took(stop, whole.history)
    if usual is None or whole.application.ended_at is not None:
        return ""
    return t("；", "; ").join(filter(None, (_term(usual), range_of(usual))))


def _term(usual: Expected) -> str:
    if usual.term is None:
        return ""
    return t(f"办理期限 {usual.term} 个工作日", f"has {words.days(usual.term)}")


def range_of(usual: Expected) -> str:
    """What is usual, from how many cases; nothing where too few are known."""
    if usual.least is None or usual.most is None:
        return ""
    n, least, most = usual.cases, usual.least, usual.most
    if most == 0:
        return t(f"同类事项过去多在当天办完（{n} 件）", f"such cases were mostly done the same day ({n} cases)")
    if least == most:
        return t(f"同类事项过去多在 {most} 个工作日办完（{n} 件）",
                 f"such cases mostly took {words.days(most)} ({n} cases)")  # fmt: skip
    if least == 0:
        return t(f"同类事项过去多在 {most} 个工作日以内办完（{n} 件）",
                 f"such cases mostly took {words.days(most)} or less ({n} cases)")  # fmt: skip
    return t(f"同类事项过去多在 {least} 至 {most} 个工作日内办完（{n} 件）",
             f"such cases mostly took {least} to {most} working days ({n} cases)")  # fmt: skip


def _took(stop: Stop, history: Sequence[Happening]) -> str:
    """From when until when it lay there, corrections included, in days and in working days."""
    state = REVIEW_OF[stop.rung]
    came = [one.at for one in history if one.target == state != one.source]
    left = [one.at for one in history if one.source == state and one.target not in (state, State.RETURNED)]
    if not came or not left:
        return ""
    first, last = local_date(came[0]), local_date(left[-1])
    n = working_days_between(first, last, calendar=current())
    if first == last:
        return t(f"{words.day(first)}，当天办完", f"{words.day(first)}, done the same day")
    days = f"{words.day(first)} – {words.day(last)}"
    took = words.days(n) if n else t("不足1个工作日", "less than a working day")
    return t(f"{days}，用了{took}", f"{days}, {took}")
