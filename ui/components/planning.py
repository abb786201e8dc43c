"""The reverse calendar as a table: each tier's latest days, and where a plan cannot hold."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import streamlit as st

from models import clock, text
from models.errors import ShenbaoError
from ui.attempt import explain
from ui.components import words
from ui.components.words import t
from workflows.queries.programmes import planned
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from models.programme import Programme
    from workflows.rules.reverse_calendar import Plan, Trouble

_AHEAD = timedelta(days=180)


def ask(name: str, rules: Programme) -> None:
    """Ask for the day of the decision, and show the days that follow from it."""
    today = local_date(clock.now())
    left, right = st.columns(2)
    decided = left.date_input(t("计划决定日", "Decided on"), today + _AHEAD, key=f"decided:{name}", format="YYYY-MM-DD")
    opens = right.date_input(t("申报开始日", "Filing opens on"), today, key=f"opens:{name}", format="YYYY-MM-DD")
    if not isinstance(decided, date) or not isinstance(opens, date):
        st.caption(t("请填写两个日期。", "Please give both dates."))
        return
    try:
        made = planned(rules, decided, opens)
    except ShenbaoError as error:
        explain(error)
        return
    draw(made)


def draw(made: Plan) -> None:
    """The plan's tiers in order, and every trouble it has in words."""
    close = words.day(made.closes_by)
    st.markdown(words.plain(t(f"最迟{close}截止申报", f"Filing closes by {close} at the latest")))
    st.dataframe(_columns(made), hide_index=True, alt=t("各级最迟日期", "Latest days of each tier"))
    for trouble in [*made.troubles, *(trouble for stop in made.stops for trouble in stop.troubles)]:
        st.error(words.plain(_said(trouble)), icon=":material/event_busy:")
    if made.feasible:
        st.success(t("时间排得开。", "The days suffice."), icon=":material/event_available:")
    if made.provisional:
        said = t(
            "其中有的年份放假安排尚未公布，日期可能变动。",
            "Some days lie in a year whose list of days off is not out yet: they may move.",
        )
        st.warning(said, icon=":material/help:")


def _columns(made: Plan) -> dict[str, list[Any]]:
    stops = made.stops
    return {
        t("层级", "Tier"): [words.label(stop.rung) for stop in stops],
        t("最迟收到", "Starts by"): [words.day(stop.starts_by) for stop in stops],
        t("最迟审完", "Reviewed by"): [words.day(stop.reviewed_by) for stop in stops],
        t("公示", "Notice"): [_between(stop.notice_from, stop.notice_to) for stop in stops],
        t("最迟上报（决定）", "Hands on (decides) by"): [words.day(stop.hands_over_by) for stop in stops],
        t("规定截止日", "Cut-off"): [words.day(stop.cut_off) for stop in stops],
    }


def _between(first: date | None, last: date | None) -> str:
    return text.MISSING if first is None else f"{words.day(first)} – {words.day(last)}"


def _said(trouble: Trouble) -> str:
    return (" " if words.spoken() == "en" else "").join(
        text.programme_words(trouble.code, trouble.details, words.spoken())
    )
