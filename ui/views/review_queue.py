"""The reviewer's queue: what waits at a desk, the oldest promise first."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

import streamlit as st

from models.vocabulary import REVIEWS, State
from ui.attempt import begin
from ui.components import words
from ui.components.desk import picked_desk
from ui.components.words import t
from ui.session import guarded
from workflows.queries import queue

if TYPE_CHECKING:
    from workflows.acting import Actor
    from workflows.queries.applications import Line
    from workflows.queries.queue import QueuePage

CASE, HELD = "views/review_case.py", "queue:held"
Cursor = tuple[datetime | None, str]  # where a page begins: due moment and id of the line before it


def main() -> None:
    """The desk, its counts, a page of its lines, and the one that is opened."""
    actor = begin()
    st.title(t("待办审核", "To review"), anchor=False)
    desk = picked_desk(actor)
    if desk is None:
        return
    _counts(actor, desk)
    cursors = st.session_state.setdefault("queue:cursors", {}).setdefault(desk, [(None, "")])
    page = _page(actor, desk, cursors[-1])
    _changes(actor, desk, cursors[-1], _mark(page))
    if page.lines:
        _open(page.lines, _table(page, desk))
    else:
        _empty()
    _turning(cursors, page)


def _counts(actor: Actor, desk: str) -> None:
    counts = queue.queue_counts(actor, desk=desk)
    told = {
        t("全部待办", "Waiting"): counts.waiting,
        t("待审核", "To check"): counts.to_check,
        t("待排序", "To rank"): counts.to_rank,
        t("已逾期", "Late"): counts.overdue,
    }
    with st.container(horizontal=True):
        for name, n in told.items():
            st.metric(name, f"{n:,}", border=True, width=150)


def _page(actor: Actor, desk: str, cursor: Cursor) -> QueuePage:
    """The page as it is now; while a row of it is chosen, the page that it was chosen from."""
    place, held = (desk, cursor), st.session_state.get(HELD)
    if held and held[0] == place and _chosen(desk, held[1]):
        return cast("QueuePage", held[1])
    due_at, after = cursor
    page = queue.queue(actor, desk=desk, due_at=due_at, after=after)
    st.session_state[HELD] = (place, page)
    return page


def _chosen(desk: str, page: QueuePage) -> bool:
    table = st.session_state.get(_key(desk, page))
    return bool(table and table["selection"]["rows"])


@st.fragment(run_every="5s")
@guarded
def _changes(actor: Actor, desk: str, cursor: Cursor, seen: int) -> None:
    """Tell that the list has changed, and leave the rows under the hand as they are."""
    due_at, after = cursor
    page = queue.queue(actor, desk=desk, due_at=due_at, after=after)
    if _mark(page) == seen:
        return
    if st.button(t("列表已更新，点击刷新", "The list has changed. Refresh"), key="queue:refresh",
                 icon=":material/refresh:"):  # fmt: skip
        st.session_state.pop(HELD, None)
        st.rerun()


def _key(desk: str, page: QueuePage) -> str:
    return f"queue:{desk}:{_mark(page)}"


def _mark(page: QueuePage) -> int:
    """What the rows of a page are known by: another row or version is another page."""
    return hash(tuple((line.id, line.version) for line in page.lines))


def _table(page: QueuePage, desk: str) -> list[int]:
    rows = [_row(line) for line in page.lines]
    return st.dataframe(
        rows, key=_key(desk, page), on_select="rerun", selection_mode="single-row",
        hide_index=True, alt=t("待办审核列表", "List of what waits"),
    ).selection.rows  # fmt: skip


def _row(line: Line) -> dict[str, str]:
    return {
        t("名称", "Name"): line.subject,
        t("下一步", "Next"): _next(line),
        t("状态", "Status"): _status(line),
        t("期限", "Due"): f"{words.until(line.due_at)} · {words.remaining(line.due_at)}",
        t("领衔人", "Leader"): line.leader_name,
        t("申报单位", "Unit"): line.organization_name,
        t("受理编号", "Receipt"): line.receipt or "",
        t("批次", "Round"): line.round_name,
    }


def _status(line: Line) -> str:
    """Where it stands and for how long, in one sentence."""
    return f"{words.label(line.state)} · {words.since(line.entered_at)}"


def _next(line: Line) -> str:
    """The one thing to do with it now."""
    if line.state is State.CONTESTED:
        return t("处理异议", "Deal with the objection")
    if line.state not in REVIEWS:
        return t("查看", "Look")
    if not line.checked:
        return t("审核", "Check")
    if line.slate_id is None:
        return t("排序", "Rank")
    return t("确认名单并上报", "Seal and send up")


def _open(lines: list[Line], picked: list[int]) -> None:
    """Open the selected line: by its id, never by its place."""
    none = t("请先在列表中选择一行", "Select a row of the list first")
    pressed = st.button(
        t("打开", "Open"), key="queue:open", type="primary", shortcut="O", disabled=not picked,
        help=none if not picked else None,
    )  # fmt: skip
    if pressed:
        st.switch_page(CASE, query_params={"id": lines[picked[0]].id})


def _turning(cursors: list[Cursor], page: QueuePage) -> None:
    """Earlier and later pages; a page begins where the one before it ended."""
    if len(cursors) == 1 and page.after is None:
        return
    with st.container(horizontal=True):
        st.button(t("上一页", "Previous"), key="queue:back", shortcut="Left",
                  disabled=len(cursors) == 1, on_click=_turn_back,
            args=(cursors,))  # fmt: skip
        st.button(t("下一页", "Next"), key="queue:on", shortcut="Right",
                  disabled=page.after is None, on_click=cursors.append, args=(page.after,))  # fmt: skip


def _turn_back(cursors: list[Cursor]) -> None:
    cursors.pop()


def _empty() -> None:
    said = t(
        "目前没有需要办理的申报。有新的申报到达时，这里会提示。",
        "Nothing waits here. When something arrives, this page will say so.",
    )
    st.info(said, icon=":material/task_alt:")


main()
