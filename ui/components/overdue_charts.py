"""Where overdue work lies, by region and stage, and how it went on from day to day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from models.vocabulary import DeadlineKind, Tier
from ui.components import figures, words
from ui.components.words import plain, t

if TYPE_CHECKING:
    from workflows.queries.watch_late import Board, Cell
    from workflows.queries.watch_trend import Day

# Short enough to stand over a narrow column.
_REVIEWS = {
    Tier.ENTERPRISE: ("企业审核", "Enterprise"), Tier.TOWNSHIP: ("乡镇审核", "Township"),
    Tier.COUNTY: ("县级审核", "County"), Tier.CITY: ("市级审核", "City"), Tier.INDUSTRY: ("产业审核", "Industry"),
    Tier.PROVINCE: ("省级审核", "Province"), Tier.JOINT: ("联席审核", "Joint"), Tier.NATION: ("全国审核", "Nation"),
}  # fmt: skip
_MOST = 40


def heat(board: Board, within: str) -> None:
    """A field for each region and stage, darker where more is overdue, with the number in it."""
    st.subheader(t("地区与环节", "By region and stage"), anchor=False)
    if not board.cells:
        st.caption(t("没有逾期事项，无需绘图。", "Nothing is overdue, so there is nothing to show."))
        return
    sums: dict[tuple[str, str], int] = {}
    for cell in board.cells:
        key = (_region(cell, within), stage(cell))
        sums[key] = sums.get(key, 0) + cell.n
    totals: dict[str, int] = {}
    for (region, _), n in sums.items():
        totals[region] = totals.get(region, 0) + n
    most = sorted(totals, key=lambda region: (-totals[region], region))[:_MOST]
    rows = [{"y": region, "x": at, "n": n} for (region, at), n in sums.items() if region in most]
    heads = (t("地区", "Region"), t("环节", "Stage"))
    figures.matrix(rows, _order(board), heads, t("地区与环节", "By region and stage"))
    if len(most) < len(totals):
        st.caption(t(f"只画逾期最多的{_MOST}个地区。", f"Only the {_MOST} regions with most are drawn."))


def stage(cell: Cell) -> str:
    """What is overdue, as people name the stage: a review by its tier, everything else by its kind."""
    if cell.kind is not DeadlineKind.REVIEW:
        return words.label(cell.kind)
    return t(*_REVIEWS[cell.tier])


def _order(board: Board) -> list[str]:
    """The stages as a case passes them, reviews by tier first: not by their letters."""
    kinds, tiers = list(DeadlineKind), list(_REVIEWS)
    cells = sorted(board.cells, key=lambda cell: (cell.kind is not DeadlineKind.REVIEW, kinds.index(cell.kind),
                                                  tiers.index(cell.tier)))  # fmt: skip
    return list(dict.fromkeys(stage(cell) for cell in cells))


def _region(cell: Cell, within: str) -> str:
    itself = cell.region == within
    return t(f"{cell.region_name}（本级）", f"{cell.region_name} (itself)") if itself else cell.region_name


def trend(days: list[Day]) -> None:
    """What was overdue at the end of each day, and what was dealt with on it."""
    st.subheader(t("近60天走势", "The last 60 days"), anchor=False)
    if not days:
        st.info(t("还没有每日记录。夜间任务每晚记一次，明天起这里会有走势。",
                  "No day is on record yet. The nightly run notes each, so look again tomorrow."))  # fmt: skip
        return
    late, done = t("当晚逾期", "overdue at day's end"), t("当日办结", "dealt with that day")
    rows = [{"day": day.day.isoformat(), "what": what, "n": n}
            for day in days for what, n in ((late, day.overdue), (done, day.settled))]  # fmt: skip
    st.vega_lite_chart(rows, _trend([late, done]), width="stretch", alt=t("近60天走势", "The last 60 days"))
    first, last = days[0], days[-1]
    st.caption(plain(t(f"{words.day(first.day)}当晚逾期{first.overdue}项，{words.day(last.day)}当晚{last.overdue}项。",
                       f"Overdue: {first.overdue} at the end of {words.day(first.day)}, "
                       f"{last.overdue} at the end of {words.day(last.day)}.")))  # fmt: skip


def _trend(named: list[str]) -> dict[str, Any]:
    return {
        "height": 260,
        "mark": {"type": "line", "point": True},
        "encoding": {
            "x": {"field": "day", "type": "temporal", "title": None, "axis": {"format": "%m-%d"}},
            "y": {"field": "n", "type": "quantitative", "title": None},
            "color": {"field": "what", "type": "nominal", "title": None, "scale": {"domain": named},
                      "legend": {"orient": "bottom"}},
            "strokeDash": {"field": "what", "type": "nominal", "title": None, "scale": {"domain": named}},
            "tooltip": [{"field": "day", "type": "temporal", "format": "%m-%d", "title": t("日期", "Day")},
                        {"field": "what", "title": t("项目", "What")}, {"field": "n", "title": t("数量", "Number")}],
        },
    }  # fmt: skip
