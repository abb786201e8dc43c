"""The reviewer's queue: what waits at a desk, the oldest promise first."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

import streamlit as st

from ui.attempt import ask, begin
from ui.components import acts, bulk, comparing, looking, papers, searching, shortcuts, words
from ui.components.desk import picked_desk
from ui.components.tables import arrow
from ui.components.words import t
from ui.session import guarded, me
from workflows.queries import queue, search

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workflows.queries.applications import Line
    from workflows.queries.queue import QueuePage, Waiting
    from workflows.record.acting import Actor

CASE, HELD = "views/review_case.py", "queue:held"
OPEN, CHOSEN = "queue:open", "queue:chosen"  # the button, and the id of the first selected line
# The one thing to do next with a row, by the name workflows/rules/next_step.py gives it.
STEPS = {
    "settle": ("处理异议", "Deal with the objection"),
    "look": ("查看", "Look"),
    "resume": ("恢复办理", "Resume"),
    "sign": ("会签", "Sign"),
    "signing": ("等待会签", "Wait for signatures"),
    "theirs": ("他人承办", "In other hands"),
    "check": ("审核", "Check"),
    "rank": ("排序", "Rank"),
    "seal": ("确认名单", "Seal the list"),
    "send": ("上报", "Send up"),
    "publish": ("公示", "Publish"),
    "wait": ("等待上级", "Wait for the tier above"),
}
Cursor = tuple[datetime | None, str]  # where a page begins: due moment and id of the line before it


def main() -> None:
    """The desk, its counts, a page of its lines, and the one that is opened."""
    actor = begin()
    looking.leave()
    _go_on()
    st.title(t("待办审核", "To review"), anchor=False)
    shortcuts.sheet("review")
    desk = picked_desk(actor)
    if desk is None:
        return
    _counts(actor, desk)
    if typed := searching.box(actor, desk):
        if _found(actor, typed):
            papers.export("applications", words=typed)
        return
    cursors = st.session_state.setdefault("queue:cursors", {}).setdefault(desk, [(None, "")])
    page = _page(actor, desk, cursors[-1])
    _changes(actor, desk, cursors[-1], _mark(page))
    if page.lines:
        _open(page.lines, _table(page, desk))
    else:
        _empty()
    _turning(cursors, page.after)
    papers.export("queue", desk=desk)


def _found(actor: Actor, typed: str) -> bool:
    """What the words mean, a page at a time, wherever it is now; answers whether they found anything."""
    cursors: list[str] = st.session_state.setdefault("queue:found", {}).setdefault(typed, [""])
    page = ask(search.search, actor, words=typed, after=cursors[-1])
    if page is None:
        return False
    shown = t(f"{page.total:,}份以上", f"more than {page.total:,}") if page.more else f"{page.total:,}"
    st.caption(words.plain(t(f"查到：{shown}", f"Found: {shown}")))
    if not page.lines:
        st.info(t("没有查到。请减少条件，或换个写法。", "Nothing found. Try fewer conditions, or other words."))
        return False
    rows = [_told(line, {t("状态", "Status"): _status(line)}) for line in page.lines]
    mark = hash(tuple((line.id, line.version) for line in page.lines))
    _open(page.lines, _pick(rows, f"queue:found:{mark}"))
    _turning(cursors, page.after)
    return True


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
    rows = [
        _told(line, {t("下一步", "Next"): t(*STEPS[line.step]), t("状态", "Status"): _status(line, _hands(line))})
        for line in page.lines
    ]
    return _pick(rows, _key(desk, page))


def _pick(rows: list[dict[str, str]], key: str) -> list[int]:
    return st.dataframe(
        arrow(rows), key=key, on_select="rerun", selection_mode="multi-row",
        hide_index=True, alt=t("待办审核列表", "List of what waits"),
    ).selection.rows  # fmt: skip


def _told(line: Line | Waiting, more: dict[str, str]) -> dict[str, str]:
    return {
        t("名称", "Name"): line.subject,
        **more,
        t("期限", "Due"): f"{words.until(line.due_at)} · {words.remaining(line.due_at)}",
        t("领衔人", "Leader"): line.leader_name,
        t("申报单位", "Unit"): line.organization_name,
        t("受理编号", "Receipt"): line.receipt or "",
        t("批次", "Round"): line.round_name,
    }


def _status(line: Line | Waiting, more: str = "") -> str:
    """Where it stands and for how long, in one sentence."""
    return f"{words.label(line.state)} · {words.since(line.entered_at)}{more}"


def _hands(line: Waiting) -> str:
    """Whether it is on hold, and in whose hands."""
    held = t(" · 已挂起", " · on hold") if line.on_hold else ""
    return held + (t(f" · 由{line.handler}承办", f" · with {line.handler}") if line.handler else "")


def _go_on() -> None:
    """Open what was selected when the button was pressed, before the list that is left is drawn once more."""
    if st.session_state.get(OPEN) and (chosen := st.session_state.get(CHOSEN)):
        st.switch_page(CASE, query_params={"id": chosen})


def _open(lines: Sequence[Line | Waiting], picked: list[int]) -> None:
    """Open the selected line: by its id, never by its place."""
    st.session_state[CHOSEN] = lines[picked[0]].id if picked else None
    none = None if picked else t("请先在列表中选择一行", "Select a row of the list first")
    with st.container(horizontal=True):
        acts.button(t("打开", "Open"), none, key=OPEN, type="primary", shortcut=shortcuts.OPEN)
        comparing.button([lines[n].id for n in picked], key="queue:compare", shortcut=shortcuts.COMPARE)
    if len(picked) > 1 and (actor := me()) is not None:
        bulk.act(actor, {lines[n].id: lines[n].version for n in picked}, place="queue")


def _turning(cursors: list[Any], after: Any) -> None:
    """Earlier and later pages; a page begins where the one before it ended."""
    is_first, is_last = len(cursors) == 1, after is None
    if is_first and is_last:
        return
    with st.container(horizontal=True):
        st.button(t("上一页", "Previous"), key="queue:back", shortcut=shortcuts.EARLIER, disabled=is_first,
                  help=words.first(is_first), on_click=_turn_back, args=(cursors,))  # fmt: skip
        st.button(t("下一页", "Next"), key="queue:on", shortcut=shortcuts.LATER, disabled=is_last,
                  help=words.last(is_last), on_click=cursors.append, args=(after,))  # fmt: skip


def _turn_back(cursors: list[Any]) -> None:
    cursors.pop()


def _empty() -> None:
    said = t(
        "目前没有需要办理的申报。有新的申报到达时，这里会提示。",
        "Nothing waits here. When something arrives, this page will say so.",
    )
    st.info(said, icon=":material/task_alt:")


main()
