"""Long tables a page at a time: to be read, or to be filled in, with what was typed kept wherever one turns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import streamlit as st

from ui.components.unsent import Cells, Kept
from ui.components.words import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workflows.record.acting import Actor

T = TypeVar("T")

PAGE = 50  # rows drawn at once


def part(rows: Sequence[T], key: str, size: int = PAGE) -> Sequence[T]:
    """The rows of the page somebody is at, and the way to the others; all of them where they fit on one."""
    first = _first(len(rows), key, size)
    return rows[first : first + size]


def edited(actor: Actor, ids: Sequence[str], rows: Sequence[dict[str, Any]], *, key: str, **look: Any) -> list[Any]:
    """A table to be filled in; answers every row as it stands now, also those of the other pages.

    Each cell is kept as it is left, for the same person and the same `key`: turning the pages, loading them anew or
    signing in again loses nothing, also when the server is started anew, until it is sent (`forget`). Rows that others
    change meanwhile keep what was typed in them, and that is said.
    """
    _tell_changed(ids, rows, key)
    typed: Cells = st.session_state.setdefault(_typed(key), _KEPT.of(actor.id, key))
    stand = [row | typed.get(one, {}) for one, row in zip(ids, rows, strict=True)]
    # Turned by a callback: what stands in the page that is left goes with its widget.
    first = _first(len(stand), key, PAGE, on_change=_fold, args=(key,))
    last = first + PAGE
    # A widget knows its rows by their place only: other rows are another widget.
    place = f"{key}:{_mark(ids, rows)}:{first}"
    st.session_state[f"paging:{key}:at"] = (place, tuple(ids[first:last]))
    table = st.data_editor(stand[first:last], key=place, hide_index=True, num_rows="fixed", placeholder="",
                           on_change=_keep, args=(actor.id, key), **look)  # fmt: skip
    return [*stand[:first], *table, *stand[last:]]


def forget(actor: Actor, key: str) -> None:
    """What was typed into a table is sent: its cells are the record's from now on."""
    _KEPT.put(actor.id, key, {})
    for name in (_typed(key), f"paging:{key}:at", f"paging:{key}:rows", f"paging:{key}:changed"):
        st.session_state.pop(name, None)


def _tell_changed(ids: Sequence[str], rows: Sequence[dict[str, Any]], key: str) -> None:
    """Take over what was typed before the records changed, and say which rows of it did."""
    before, now = st.session_state.get(f"paging:{key}:rows"), dict(zip(ids, rows, strict=True))
    st.session_state[f"paging:{key}:rows"] = now
    if before is not None and before != now:
        _fold(key)
        st.session_state[f"paging:{key}:changed"] = [
            one for one in st.session_state.get(_typed(key), {}) if one in before and before[one] != now.get(one)
        ]
    if changed := st.session_state.get(f"paging:{key}:changed"):
        st.warning(t(f"您填写期间，有{len(changed)}行已被他人修改或已不在表中；您填写的内容仍保留，请核对后再提交。",
                     f"Meanwhile others have changed {len(changed)} of the rows you filled in, or they are gone; what "
                     "you typed is kept. Please check it before you send."))  # fmt: skip


def _typed(key: str) -> str:
    return f"paging:{key}:typed"


def _mark(ids: Sequence[str], rows: Sequence[dict[str, Any]]) -> int:
    return hash((tuple(ids), repr(rows)))


def remember(actor: Actor, key: str, cells: Cells) -> None:
    """Keep cells for a table that is begun from these records later, whatever it is drawn from now."""
    _KEPT.put(actor.id, key, cells)


def is_touched(key: str) -> bool:
    """Whether anything was typed into a table."""
    state = st.session_state
    return bool(state.get(_typed(key)) or _cells(key))


def _first(count: int, key: str, size: int, **turned: Any) -> int:
    """The number of the first row (from 0) of the page somebody is at."""
    pages = -(-count // size)
    if pages <= 1:
        return 0
    page = min(st.pagination(pages, key=f"paging:{key}:page", **turned), pages)
    first = (page - 1) * size
    shown = f"{first + 1}—{min(count, first + size)}"
    st.caption(t(f"第{shown}行，共{count}行", f"Rows {shown} of {count}"))
    return first


def _cells(key: str) -> Cells:
    """What stands in the page that was drawn last and not in its rows."""
    place, ids = st.session_state.get(f"paging:{key}:at", ("", ()))
    rows = st.session_state.get(place, {}).get("edited_rows", {})
    return {ids[int(n)]: dict(cells) for n, cells in rows.items() if int(n) < len(ids)}


def _fold(key: str) -> None:
    """Take over what was typed on the page that is left."""
    typed: Cells = st.session_state.setdefault(_typed(key), {})
    for one, cells in _cells(key).items():
        typed[one] = {**typed.get(one, {}), **cells}


def _keep(account_id: str, key: str) -> None:
    typed: Cells = st.session_state.get(_typed(key), {})
    cells = _cells(key)
    _KEPT.put(account_id, key, {one: {**typed.get(one, {}), **cells.get(one, {})} for one in {**typed, **cells}})


_KEPT = Kept()
