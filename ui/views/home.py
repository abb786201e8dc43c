"""The first page: what waits for me, what is due, and one way to each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from models.vocabulary import AssessmentState, Role
from ui.attempt import begin
from ui.components import links, questions, requests, standing, words
from ui.components.words import t
from workflows.queries import admin, mine, post, queue, watch_late

if TYPE_CHECKING:
    from workflows.queries.mine import Case
    from workflows.record.acting import Actor

_RECENT = 5


def main() -> None:
    """A part for each role that this person has."""
    actor = begin()
    st.title(words.plain(t(f"{actor.name}，您好", f"Welcome, {actor.name}")))
    names = admin.names(actor)
    if not actor.seats:
        st.info(
            t(
                "您还没有任职。可在下面申请，或联系本单位或上级工会的管理员；已申请的，办结后写信告知您。",
                "You hold no seat yet. Ask for one below, or ask an administrator of your union. "
                "If you have asked already, a letter tells you the outcome.",
            )
        )
    requests.own(actor)
    if actor.places(Role.CLERK, Role.WORKER):
        _applicant(actor)
    if actor.places(Role.EXPERT):
        links.to(t("去评分 →", "Go to the scoring →"), "score")
    for desk in actor.places(Role.REVIEWER):
        _desk(actor, desk, names.get(desk, desk))
    for desk in actor.places(Role.REVIEWER, Role.ADMINISTRATOR):
        questions.counted(actor, desk)
    for root in actor.places(Role.ADMINISTRATOR):
        _office(actor, root, names.get(root, root))


def _applicant(actor: Actor) -> None:
    cases = mine.my_cases(actor)
    to_do = [case for case in cases if case.state in standing.TO_DO]
    st.subheader(t("需要我办理", "Waiting for me"))
    for case in to_do:
        _case(case)
    reports = _reports(actor)
    if not to_do and not reports:
        st.success(t("没有需要您办理的事项。", "Nothing waits for you."))
    rest = [case for case in cases if case.state not in standing.TO_DO][:_RECENT]
    if rest:
        st.subheader(t("办理中和已办结", "Under way and done"))
    for case in rest:
        _case(case)
    _rounds(actor)


def _case(case: Case) -> None:
    with st.container(border=True):
        name = case.subject or t("（未命名的草稿）", "(draft without a name)")
        st.markdown(f"{standing.mark(case.state)} **{words.plain(name)}**")
        st.text(standing.when(case))
        if case.state in standing.TO_DO:
            links.to(t("继续填写 →", "Go on →"), "apply", id=case.id)
        else:
            links.to(t("查看进度 →", "See where it is →"), "my-application", id=case.id)


def _reports(actor: Actor) -> int:
    due = [row for row in mine.owed(actor) if row.state is AssessmentState.DUE]
    for row in due:
        with st.container(border=True):
            name = words.plain(row.title_name)
            st.markdown(
                t(f"**{name}** · {row.year}年度考核待报送",
                  f"**{name}** · report for {row.year} is due")
            )  # fmt: skip
            if row.due_at is not None:
                st.text(words.due(row.due_at))
            links.to(t("去报送 →", "Hand it in →"), "my-titles")
    return len(due)


def _rounds(actor: Actor) -> None:
    found = {row.round_id: row for row in mine.openings(actor)}
    st.subheader(t("正在申报的批次", "Rounds open now"))
    if not found:
        st.caption(t("目前没有面向本单位开放的批次；还没有开始的，可在“我的申报”中查到开放时间和所需材料。",
                     "No round is open to your unit now. What opens later, when, and what it asks for stands under "
                     "“My applications”."))  # fmt: skip
        links.to(t("查看批次 →", "See the rounds →"), "my-applications")
        return
    for row in found.values():
        st.text(f"{row.round_name} · {t('截止', 'closes')} {words.due(row.closes_at)}")
    links.to(t("去申报 →", "Apply →"), "my-applications")


def _desk(actor: Actor, desk: str, name: str) -> None:
    counts = queue.queue_counts(actor, desk=desk)
    st.subheader(words.plain(t(f"{name}：待办", f"{name}: to review")))
    if not counts.waiting:
        st.success(t("本单位没有待办的申报；下级报来后显示在这里。",
                     "Nothing waits at this desk. What the tier below sends up appears here."))  # fmt: skip
        return
    with st.container(horizontal=True):
        for said, n in (
            (t("待办", "Waiting"), counts.waiting),
            (t("待审核", "To check"), counts.to_check),
            (t("待排序", "To rank"), counts.to_rank),
            (t("已逾期", "Late"), counts.overdue),
        ):
            st.metric(said, n, border=True, width=150)
    st.caption(t("只计已到本单位的申报；下级单位正在办理的，报来后才计入。",
                 "Only what has come to this desk; what tiers below are at counts once it is sent up."))  # fmt: skip
    links.to(t("去审核 →", "Review →"), "review")


def _office(actor: Actor, root: str, name: str) -> None:
    letters = post.stuck(actor, root=root)
    st.subheader(words.plain(t(f"{name}：管理", f"{name}: administration")))
    with st.container(horizontal=True):
        for said, n in (
            *_late(actor, root),
            (t("待寄信件", "Letters waiting"), letters.waiting),
            (t("未送达人数", "Not reached"), letters.people),
            (t("任职申请", "Seats asked for"), requests.count(actor, root)),
        ):
            st.metric(said, n, border=True, width=150)
    with st.container(horizontal=True):
        links.to(t("申报批次 →", "Rounds →"), "rounds")
        links.to(t("逾期事项 →", "Overdue →"), "overdue")
        links.to(t("统计图 →", "Figures →"), "figures")
        links.to(t("信件 →", "Letters →"), "letters")
        links.to(t("单位与人员 →", "People →"), "people")


def _late(actor: Actor, root: str) -> list[tuple[str, int]]:
    """What is late at the office's own desk, and what at the desks below it; together where that is not known apart."""
    board = watch_late.board(actor, root=root)
    own = next((desk.n for desk in board.desks if desk.desk == root), 0)
    if not own and len(board.desks) == watch_late.PAGE:  # it may be among those that are not listed
        return [(t("逾期事项", "Overdue"), board.total)]
    return [(t("本单位逾期", "Late at this desk"), own), (t("下级单位逾期", "Late below"), board.total - own)]


main()
