"""The rounds of an office: planned, given places, finished."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import streamlit as st

from models import clock
from models.vocabulary import Act, RoundState, Thing
from ui.attempt import attempt, begin
from ui.components import acts, extending, issuing, keys, office, papers, planning, sharing, words
from ui.components.words import t
from workflows import programmes, rounds
from workflows.charts.advance import advance
from workflows.queries import admin, lists
from workflows.queries.programmes import rules_of
from workflows.rules.calendar import ends_at, local_date

if TYPE_CHECKING:
    from models.round import Round
    from workflows.queries.admin import Offer
    from workflows.record.acting import Actor

_SIGNS = {
    RoundState.PLANNED: ":material/event:",
    RoundState.OPEN: ":material/lock_open:",
    RoundState.REVIEWING: ":material/search:",
    RoundState.FINISHED: ":material/flag:",
}


def main() -> None:
    """Every round, newest first, and a form for the next one."""
    actor = begin()
    st.title(t("申报批次", "Rounds"))
    root = office.choose(actor)
    with st.expander(t("新建批次", "Plan a round"), icon=":material/add:"):
        _plan(actor, root)
    with st.expander(t("倒排日历", "Reverse calendar"), icon=":material/calendar_month:"):
        _calendar({offer.id: offer for offer in admin.programmes(actor, root=root) if offer.published})
    found = [row for row in lists.rounds(actor) if row.organization == root]
    if not found:
        st.info(
            t(
                "还没有批次。请展开“新建批次”，选择项目和日期。",
                "No rounds yet. Open “Plan a round” and choose a programme and its dates.",
            )
        )
    for row in found:
        _round(actor, row)


def _plan(actor: Actor, root: str) -> None:
    offers = admin.programmes(actor, root=root)
    _publish(actor, [offer for offer in offers if not offer.published])
    ready = {offer.id: offer for offer in offers if offer.published}
    if not ready:
        return
    key, today = keys.token("plan", root), local_date(clock.now())
    with st.form(f"plan:{key}", border=False):
        programme = st.selectbox(t("项目", "Programme"), list(ready), format_func=lambda each: _called(ready[each]))
        year = st.number_input(t("年度", "Year"), 2000, 2100, today.year, step=1)
        left, middle, right = st.columns(3)
        opens = left.date_input(t("开始日期", "Opens on"), today, format="YYYY-MM-DD")
        closes = middle.date_input(
            t("截止日期（当日24:00）", "Closes at the end of"),
            today + timedelta(days=30),
            format="YYYY-MM-DD",
        )
        ends = right.date_input(t("批次结束日期", "Ends on"), today + timedelta(days=210), format="YYYY-MM-DD")
        sent = st.form_submit_button(t("建立批次", "Plan it"), type="primary")
    if sent:
        days = (opens, closes, ends)
        if all(isinstance(day, date) for day in days):
            _planned(actor, root, programme, year, days, key)
        else:
            st.error(t("请填写三个日期。", "Please give all three dates."))


def _planned(actor: Actor, root: str, programme: str, year: int, days: tuple[date, date, date], key: str) -> None:
    opens, closes, ends = days
    done = attempt(
        rounds.plan_round,
        actor,
        programme=programme,
        organization_code=root,
        year=year,
        opens_at=_begins(opens),
        closes_at=ends_at(closes),
        ends_at=ends_at(ends),
        key=key,
        done=t("批次已建立，请下达名额", "The round is planned. Please issue its places"),
    )
    if done is not None:
        st.rerun()


def _publish(actor: Actor, offers: list[Offer]) -> None:
    """Publish one of the catalogue as it is; the page of programmes is for changing it first."""
    if not offers:
        return
    named = {offer.id: offer for offer in offers}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(t("目录中尚未发布的项目", "Of the catalogue, not published yet"), list(named),
                              format_func=lambda each: _called(named[each]), key="publish:chosen")  # fmt: skip
        theirs = None if named[chosen].is_ours else words.code("not_administrator", organization="")
        pressed = acts.button(t("发布项目", "Publish it"), theirs, key="publish")
    if pressed:
        done = attempt(
            programmes.publish_programme,
            actor,
            code=named[chosen].code,
            done=t("项目已发布", "The programme is published"),
        )
        if done is not None:
            st.rerun()


def _calendar(ready: dict[str, Offer]) -> None:
    """The reverse calendar of a published programme: by when each tier must have done its part."""
    if not ready:
        st.caption(t("先发布项目，才能倒排。", "Publish a programme first."))
        return
    chosen = st.selectbox(t("倒排的项目", "Programme to count back"), list(ready),
                          format_func=lambda each: _called(ready[each]), key="calendar:programme")  # fmt: skip
    planning.ask(chosen, rules_of(chosen))


def _round(actor: Actor, row: Round) -> None:
    with st.container(border=True):
        sign = _SIGNS[row.state]
        said = f"{row.name}（{words.label(row.state)}）"
        st.markdown(f"{sign} **{words.plain(said)}**")
        st.caption(
            words.plain(
                f"{words.moment(row.opens_at)} – {words.until(row.closes_at)}"
                + t("，结束 ", ", ends ")
                + words.until(row.ends_at)
            )
        )
        if st.toggle(t("名额", "Places"), key=f"places:{row.id}"):
            issuing.draw(actor, row)
            papers.export("quotas", round=row.id)
        _formula(actor, row)
        _cut_offs(actor, row)
        if advance(Thing.ROUND, row.state, Act.END) is not None:
            with st.expander(t("结束批次…", "Finish…")):
                _finish(actor, row)


def _formula(actor: Actor, row: Round) -> None:
    """Places by the programme's formula; grey where it has none."""
    factors = sharing.factors_of(row)
    tip = None if factors else words.plain(words.code("no_formula"))
    if st.toggle(t("按公式分配名额", "Share out by formula"), key=f"allot:{row.id}", disabled=not factors, help=tip):
        sharing.draw(actor, row, factors)


def _cut_offs(actor: Actor, row: Round) -> None:
    """A tier's cut-off put off; grey where the programme lets none be."""
    rungs = extending.extendable(row)
    tip = None if rungs else t("项目没有可以延长的层级截止时间。", "The programme lets no tier's cut-off be put off.")
    if st.toggle(t("延长层级截止时间", "Put off a cut-off"), key=f"extend:{row.id}", disabled=not rungs, help=tip):
        extending.draw(actor, row, rungs)


def _finish(actor: Actor, row: Round) -> None:
    st.write(
        t(
            "未获命名的申报将列为未入选并收到通知；结束后不能恢复。",
            "Whatever was not named will be told that it was not selected. This cannot be undone.",
        )
    )
    # The version is in the key: a press is never taken for a round that changed meanwhile.
    pressed = st.button(t("确认结束", "Yes, finish it"), key=f"finish:{row.id}:{row.version}")
    if pressed:
        done = attempt(
            rounds.finish,
            actor,
            row.id,
            seen=row.version,
            key=keys.token("finish", row.id, row.version),
            done=t("批次已结束", "The round is finished"),
        )
        if done is not None:
            st.rerun()


def _called(offer: Offer) -> str:
    until = words.day(offer.valid_until)
    cap = t("名额不限", "no cap") if offer.cap is None else t(f"上限{offer.cap}个", f"cap {offer.cap}")
    more = t(f"（{cap}，批准至{until}）", f" ({cap}, approved until {until})")
    return words.plain(f"{_name(offer)} {offer.id.partition('@')[2]}{more}")


def _name(offer: Offer) -> str:
    return t(offer.name_zh, offer.name_en)


def _begins(day: date) -> datetime:
    """The first moment of a day in Beijing: the end of the day before."""
    return ends_at(day - timedelta(days=1))


main()
