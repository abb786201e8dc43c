"""What is past its moment: at whose desk, and since when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from ui.attempt import begin
from ui.components import office, papers, words
from ui.components.words import t
from workflows.queries import watch

if TYPE_CHECKING:
    from workflows.queries.watch import DeskCount, Overdue


def main() -> None:
    """Desks first, then the list, oldest promise first."""
    actor = begin()
    st.title(t("逾期事项", "Overdue"))
    root = office.choose(actor)
    desks = watch.overdue_by_desk(actor, root=root)
    rows = watch.overdue(actor, root=root)
    if not rows:
        st.success(t("没有逾期事项。", "Nothing is overdue."), icon=":material/check_circle:")
        return
    total, late = st.columns(2)
    total.metric(t("逾期总数", "Overdue"), sum(desk.n for desk in desks))
    late.metric(t("涉及单位", "Desks"), len(desks))
    st.subheader(t("按单位", "By desk"))
    st.dataframe(_by_desk(desks), hide_index=True, alt=t("各单位逾期数", "Overdue by desk"))
    st.subheader(t("明细，最早到期在前", "One by one, oldest first"))
    chosen = _choice(desks)
    shown = [row for row in rows if chosen in ("", row.desk)]
    st.dataframe(_listed(shown), hide_index=True, alt=t("逾期事项", "Overdue work"))
    papers.export("overdue", root=root)
    if len(rows) == watch.PAGE:
        st.caption(t(f"只列出最早的{watch.PAGE}项。", f"Only the oldest {watch.PAGE} are listed."))


def _choice(desks: list[DeskCount]) -> str:
    names = {"": t("全部单位", "All desks")} | {d.desk: d.desk_name for d in desks}
    chosen = st.selectbox(t("单位", "Desk"), list(names), format_func=lambda code: words.plain(names[code]))
    return chosen or ""


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
        t("对象", "Thing"): [words.label(row.thing) for row in rows],
        t("到期时间", "Was due"): [words.until(row.due_at) for row in rows],
        t("名称", "Name"): [row.subject or "" for row in rows],
        t("受理编号", "Receipt"): [row.receipt or "" for row in rows],
        t("编号", "Id"): [row.thing_id for row in rows],
    }


main()
