"""What is past its moment, what is about to be, what waits with nobody: where, since when, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from models.vocabulary import Tier
from models.writing import month_day
from ui.attempt import ask, begin
from ui.components import office, overdue_acts, overdue_ahead, overdue_charts, overdue_filters, papers, words
from ui.components.words import t
from workflows.queries import watch_late, watch_stuck, watch_trend

if TYPE_CHECKING:
    from workflows.queries.watch_late import Board, DeskCount, Overdue, Share
    from workflows.queries.watch_trend import Day
    from workflows.record.acting import Actor

_CURSORS = "overdue:cursors"
_ASIDE = ("province", "city")  # levels of the unions whose administrators keep the installation


def main() -> None:
    """The numbers first, then the part that is chosen."""
    actor = begin()
    st.title(t("逾期事项", "Overdue"))
    root = office.choose(actor)
    whole = watch_late.board(actor, root=root)
    filters = overdue_filters.choose(whole, root) if whole.total else {}
    board = watch_late.board(actor, root=root, **filters) if filters else whole
    days = watch_trend.trend(actor, root=root, **_places(filters))
    _metrics(actor, root, filters, board, days)
    match _part(whole):
        case "where":
            overdue_charts.heat(board, filters.get("organization_code", root))
            _shares(board)
        case "risk":
            overdue_ahead.risks(actor, root, filters)
        case "stuck":
            overdue_ahead.stuck(actor, root, filters)
        case "trend":
            overdue_charts.trend(days)
        case "aside":
            overdue_ahead.aside(actor, root)
        case _:
            _late(actor, root, filters, board)


def _places(filters: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in filters.items() if name in ("organization_code", "tier")}


def _metrics(actor: Actor, root: str, filters: dict[str, str], board: Board, days: list[Day]) -> None:
    """What is overdue now, and by how much that is more than last night, where the night counted the same."""
    before = days[-1] if days and set(filters) <= {"organization_code", "tier"} else None
    lost = ask(watch_stuck.stuck, actor, root=root, **{n: v for n, v in filters.items() if n != "kind"})
    with st.container(horizontal=True):
        more = board.total - before.overdue if before else None
        st.metric(t("逾期总数", "Overdue"), f"{board.total:,}", _since(more, before), border=True, width=190,
                  delta_color="inverse" if more else "off", delta_arrow="auto" if more else "off")  # fmt: skip
        st.metric(t("涉及单位", "Desks"), _at_most(len(board.desks)), border=True, width=150)
        st.metric(t("最久的", "Longest"), words.remaining(board.oldest), border=True, width=340)
        st.metric(t("无人办理", "With nobody"), f"{lost.total:,}" if lost else "—", border=True, width=150)


def _since(more: int | None, before: Day | None) -> str | None:
    if before is None:
        return None
    day = month_day(before.day, words.spoken())
    if not more:
        return t(f"与{day}当晚持平", f"as on the evening of {day}")
    # The sign stands first: by it Streamlit chooses arrow and colour.
    return t(f"{more:+}，较{day}当晚", f"{more:+} since the evening of {day}")


def _at_most(n: int) -> str:
    return t(f"{n}个以上", f"{n} or more") if n == watch_late.PAGE else str(n)


def _part(board: Board) -> str:
    parts = {
        "late": t("明细", "List"), "where": t("分布", "Where"), "risk": t("将要逾期", "At risk"),
        "stuck": t("无人办理", "With nobody"), "trend": t("走势", "Trend"),
    }  # fmt: skip
    if board.level in _ASIDE:
        parts["aside"] = t("搁置", "Set aside")
    chosen = st.segmented_control(
        t("查看", "Show"), list(parts), default="late", key="overdue:part", format_func=lambda name: parts[name],
        label_visibility="collapsed",
    )  # fmt: skip
    return chosen or "late"


def _shares(board: Board) -> None:
    """By tier, programme and person, most first."""
    nobody, none = t("（未指定承办人）", "(nobody named)"), t("（不属于项目）", "(none)")
    parts = (
        (t("按级别", "By tier"), [one._replace(name=words.label(Tier(one.key))) for one in board.tiers]),
        (t("按项目", "By programme"), [one._replace(name=one.name or none) for one in board.programmes]),
        (t("按承办人", "By person"), [one._replace(name=one.name or nobody) for one in board.people]),
    )
    for said, shares in parts:
        st.subheader(said, anchor=False)
        st.dataframe(_counted(shares), hide_index=True, alt=said)


def _counted(shares: list[Share]) -> dict[str, list[Any]]:
    return {
        t("名称", "Name"): [one.name for one in shares],
        t("逾期数", "Overdue"): [one.n for one in shares],
        t("最早到期", "Oldest due"): [words.until(one.oldest) for one in shares],
    }


def _late(actor: Actor, root: str, filters: dict[str, str], board: Board) -> None:
    """Desks first, then the list, oldest promise first, with what can be done about it."""
    if not board.total:
        st.success(t("没有逾期事项。", "Nothing is overdue."), icon=":material/check_circle:")
        if filters:
            st.caption(t("当前有筛选条件，清除后可看全部。", "Filters are set; clear them to see everything."))
        return
    st.subheader(t("按单位", "By desk"), anchor=False)
    st.dataframe(_by_desk(board.desks), hide_index=True, alt=t("各单位逾期数", "Overdue by desk"))
    st.subheader(t("明细，最早到期在前", "One by one, oldest first"), anchor=False)
    place = f"{root}:{sorted(filters.items())}"
    cursors = st.session_state.setdefault(_CURSORS, {}).setdefault(place, [(None, "")])
    due_at, after = cursors[-1]
    rows = watch_late.overdue(actor, root=root, **filters, due_at=due_at, after=after)
    if not rows and len(cursors) > 1:
        # What stood on this page was dealt with meanwhile.
        del cursors[1:]
        st.rerun()
    overdue_acts.draw(actor, [rows[n] for n in _pick(rows)])
    _turning(cursors, rows)
    papers.export("overdue", root=root, **filters)


def _pick(rows: list[Overdue]) -> list[int]:
    """The rows chosen; another list is another table, so that no choice slides to another row."""
    return st.dataframe(
        _listed(rows), key=f"overdue:{hash(tuple((row.id, row.due_at) for row in rows))}", on_select="rerun",
        selection_mode="multi-row", hide_index=True, alt=t("逾期事项", "Overdue work"),
    ).selection.rows  # fmt: skip


def _turning(cursors: list[Any], rows: list[Overdue]) -> None:
    with st.container(horizontal=True):
        if len(cursors) > 1:
            st.button(t("上一页", "Previous"), key="overdue:back", on_click=cursors.pop)
        if len(rows) == watch_late.PAGE:
            last = (rows[-1].due_at, rows[-1].id)
            st.button(t("下一页", "Next"), key="overdue:on", on_click=cursors.append, args=(last,))


def _by_desk(desks: list[DeskCount]) -> dict[str, list[Any]]:
    return {
        t("单位", "Desk"): [desk.desk_name for desk in desks],
        t("逾期数", "Overdue"): [desk.n for desk in desks],
        t("最早到期", "Oldest due"): [words.until(desk.oldest) for desk in desks],
    }


def _listed(rows: list[Overdue]) -> dict[str, list[Any]]:
    return {
        t("逾期", "Late"): [words.remaining(row.due_at) for row in rows],
        t("单位", "Desk"): [row.desk_name for row in rows],
        t("事项", "What"): [words.label(row.kind) for row in rows],
        t("名称", "Name"): [row.subject or "" for row in rows],
        t("承办人", "Handler"): [row.handler or "" for row in rows],
        t("到期时间", "Was due"): [words.until(row.due_at) for row in rows],
        t("受理编号", "Receipt"): [row.receipt or "" for row in rows],
        t("对象", "Thing"): [words.label(row.thing) for row in rows],
        t("编号", "Id"): [row.thing_id for row in rows],
    }


main()
