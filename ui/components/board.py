"""The ranking board: candidates as numbered lines to be edited, kept as they were begun."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any, NamedTuple

import streamlit as st

from models.vocabulary import SlateState
from ui.components import paging, words
from ui.components.words import t
from workflows.queries import lists, queue
from workflows.queries.lists import WholeSlate

if TYPE_CHECKING:
    from models.slate import Slate
    from workflows.record.acting import Actor

Table = list[dict[str, Any]]
_TYPED = ("part", "place", "score", "note", "outside")
MAIN, RESERVE, OUT = "main", "reserve", "out"


class Line(NamedTuple):
    """One candidate on the board."""

    id: str
    version: int
    place: int
    part: str
    score: float | None
    note: str
    subject: str
    leader_name: str
    organization_name: str
    receipt: str
    outside: str = ""


class Board(NamedTuple):
    """The lines somebody ranks, and the version of the draft list they began from (0: none).

    `base`: the lines as the records have them, once `lines` were moved by hand.
    """

    seen: int
    lines: tuple[Line, ...]
    base: tuple[Line, ...] = ()

    @property
    def recorded(self) -> tuple[Line, ...]:
        """The lines as the records had them when this board was begun."""
        return self.base or self.lines


def draft_of(actor: Actor, desk: str, round_id: str) -> WholeSlate | None:
    """The desk's list that is still being drafted for a round."""
    own, _ = lists.slates(actor, desk=desk)
    drafting = [s for s in own if s.round_id == round_id and s.state is SlateState.DRAFTING]
    return lists.slate(actor, drafting[0].id) if drafting else None


def fresh(actor: Actor, desk: str, round_id: str, draft: WholeSlate | None) -> Board:
    """The board as the records have it now: ranked ones first, then those not yet on a list."""
    own = draft.slate if draft else None
    placed = {p.application_id: p for p in draft.places} if draft else {}
    found = queue.candidates(actor, desk=desk, round_id=round_id)
    free = [c for c in found if c.slate_id in (None, own and own.id)]
    last = len(free) + 1  # a list that is being sorted has no length of its own
    free.sort(key=lambda c: placed[c.id].rank if c.id in placed else last)
    lines = []
    for n, one in enumerate(free, start=1):
        at = placed.get(one.id)
        part = OUT if at is None else RESERVE if at.reserve else MAIN
        score = None if at is None or at.score is None else at.score / 100
        lines.append(Line(one.id, one.version, n, part, score, at.note if at else "", one.subject,
                          one.leader_name, one.organization_name, one.receipt or "",
                          at.outside if at else ""))  # fmt: skip
    return Board(own.version if own else 0, tuple(lines))


def kept(place: str, now: Board) -> Board:
    """The board somebody works on: with something typed into it, it stays until they take the newer one."""
    board: Board = st.session_state.setdefault(place, now)
    if not board.base and (board == now or not paging.is_touched(_key(board))):
        st.session_state[place] = now
        return now
    if (board.seen, board.recorded) == (now.seen, now.lines):
        return board
    said = t("名单已有变化（有新审核通过的、已离开的，或同事已保存）。未保存的修改仍保留在下表。",
             "The list has changed meanwhile. What you have not saved is still in the table.")  # fmt: skip
    st.warning(said)
    if st.button(t("放弃修改并刷新", "Drop my changes and refresh"), key=f"{place}:refresh"):
        st.session_state[place] = now
        st.rerun()
    return board


def _key(board: Board) -> str:
    return f"board:{hash(board)}"


def awards_of(round_id: str) -> dict[str, str]:
    """The round's awards beyond the quota: their names to what they are called."""
    return {award.name: t(award.label.zh, award.label.en) for award in lists.rules_of(round_id).quota.outside}


def edited(actor: Actor, board: Board, awards: dict[str, str]) -> Table:
    """Let somebody number the lines; answers the table as it is being edited, by application id."""
    parts = {
        MAIN: t("正式推荐", "Main"),
        RESERVE: t("备选", "Reserve"),
        OUT: t("不列入", "Not listed"),
    }
    rows = [
        {
            "part": parts[line.part],
            "place": line.place,
            "score": line.score,
            "subject": line.subject,
            "leader": line.leader_name,
            "unit": line.organization_name,
            "note": line.note,
            "receipt": line.receipt,
            **({"outside": awards.get(line.outside)} if awards else {}),
        }
        for line in board.lines
    ]
    table = paging.edited(
        actor, [line.id for line in board.lines], rows, key=_key(board),
        column_config=_columns(list(parts.values()), list(awards.values())), alt=t("推荐排序表", "Ranking"),
        disabled=["subject", "leader", "unit", "receipt"],
    )  # fmt: skip
    if board.base:
        # Begun again, it begins from the records: with these cells in them.
        cells = {line.id: {name: row[name] for name in _TYPED if name in row}
                 for row, line in zip(table, board.lines, strict=True)}  # fmt: skip
        paging.remember(actor, _key(Board(board.seen, board.recorded)), cells)
    back = {name: part for part, name in parts.items()}
    called = {said: name for name, said in awards.items()}
    return [
        row | {"part": back[row["part"]], "id": line.id, "outside": called.get(row.get("outside") or "", "")}
        for row, line in zip(table, board.lines, strict=True)
    ]


def _columns(parts: list[str], awards: list[str]) -> dict[str, Any]:
    column = st.column_config
    return {
        "part": column.SelectboxColumn(t("列入", "Part"), options=parts, required=True),
        "place": column.NumberColumn(t("名次", "Place"), min_value=1, step=1, required=True, width="small"),
        "score": column.NumberColumn(t("得分", "Score"), min_value=0, max_value=100, step=0.01, width="small"),
        "subject": column.TextColumn(t("名称", "Name")),
        "leader": column.TextColumn(t("领衔人", "Leader")),
        "unit": column.TextColumn(t("申报单位", "Unit")),
        "note": column.TextColumn(t("推荐意见", "Words of recommendation"), max_chars=500),
        "receipt": column.TextColumn(t("受理编号", "Receipt")),
        "outside": column.SelectboxColumn(t("名额外奖项", "Award beyond the quota"), options=awards),
    }


def listed(table: Table, part: str) -> list[dict[str, Any]]:
    """The lines of one part in their order, as the verb wants them."""
    chosen = sorted((row for row in table if row["part"] == part), key=lambda row: row["place"])
    return [
        {"application": row["id"], "score": _typed(row["score"]), "note": row["note"] or "",
         **({"outside": row["outside"]} if row["outside"] else {})}
        for row in chosen
    ]  # fmt: skip


def unsaved(table: Table, board: Board) -> bool:
    """Whether the table holds anything that its records do not."""
    now = [(row["part"], row["place"], _typed(row["score"]), row["note"] or "", row["outside"]) for row in table]
    known = {one.id: one for one in board.recorded}
    kept = [known[row["id"]] for row in table]
    return now != [(one.part, one.place, _typed(one.score), one.note, one.outside) for one in kept]


def in_order(table: Table) -> Table:
    """The lines as they stand: the main names, the reserve, then those not listed, each by its place."""
    parts = (MAIN, RESERVE, OUT)
    return sorted(table, key=lambda row: (parts.index(row["part"]), row["place"] or 0))


def beside(table: Table, chosen: str, step: int) -> str | None:
    """Which candidate of the same part stands a step before (-1) or after (1) this one; None at the end."""
    row = next((row for row in table if row["id"] == chosen), None)
    part = [one["id"] for one in in_order(table) if row is not None and one["part"] == row["part"]]
    at = part.index(chosen) + step if row is not None else -1
    return part[at] if 0 <= at < len(part) else None


def moved(board: Board, table: Table, chosen: str, step: int) -> Board:
    """The board with a candidate a place higher or lower, all else as it was typed; places are counted anew."""
    other = beside(table, chosen, step)
    if other is None:
        return board
    rows = {row["id"]: row for row in table}
    order = [row["id"] for row in in_order(table)]
    a, b = order.index(chosen), order.index(other)
    order[a], order[b] = order[b], order[a]
    known = {line.id: line for line in board.lines}
    lines = tuple(_line(known[one], rows[one], n) for n, one in enumerate(order, start=1))
    return Board(board.seen, lines, board.recorded)


def _line(line: Line, row: dict[str, Any], place: int) -> Line:
    score = None if _typed(row["score"]) is None else float(row["score"])
    return line._replace(place=place, part=row["part"], score=score, note=row["note"] or "", outside=row["outside"])


def _typed(score: float | None) -> str | None:
    """A score as text; an emptied cell comes back as None or as not a number."""
    return None if score is None or isnan(score) else f"{score:.2f}"


def places(whole: WholeSlate) -> None:
    """A list as it stands: places, scores, and where each of its names is now."""
    key = f"places:{whole.slate.id}:{whole.slate.version}"
    rows = [
        {
            t("名次", "Place"): p.rank,
            t("列入", "Part"): t("备选", "Reserve") if p.reserve else t("正式推荐", "Main"),
            t("得分", "Score"): words.points(p.score),
            t("名称", "Name"): p.subject,
            t("领衔人", "Leader"): p.leader_name,
            t("申报单位", "Unit"): p.organization_name,
            t("目前", "Now"): words.label(p.state),
        }
        for p in paging.part(whole.places, f"{key}:all")
    ]
    st.dataframe(rows, hide_index=True, alt=t("名单", "List"), key=key)


def name_of(slate: Slate, organization_name: str, round_name: str) -> str:
    """What a list is called in a picker."""
    return f"{organization_name} · {round_name} · {words.label(slate.state)}"
