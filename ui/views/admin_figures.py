"""The figures of an office as charts, and each of them as a table and a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from models.writing import month_day
from ui.attempt import ask, begin
from ui.components import figures, office, overdue_charts, papers, words
from ui.components.words import plain, t
from workflows.queries import figures as asked
from workflows.queries import watch_late
from workflows.queries.figure_lists import STAGES, band, union

if TYPE_CHECKING:
    from datetime import date

    from workflows.queries.figures import Done, Held, Used, Wait
    from workflows.record.acting import Actor

_AFTER = "figures:after"
_DRAWN = 30  # unions that are drawn; the table has all of the page


def main() -> None:
    """One figure at a time: each costs its own questions only."""
    actor = begin()
    st.title(t("统计图", "Figures"))
    root = office.choose(actor)
    match _part():
        case "ageing":
            _ageing(actor, root)
        case "throughput":
            _throughput(actor, root)
        case "quota":
            _quota(actor, root)
        case "where":
            _where(actor, root)
        case _:
            _funnel(actor, root)


def _part() -> str:
    parts = {
        "funnel": t("推荐进程", "Funnel"), "ageing": t("等待时长", "Ageing"),
        "throughput": t("办结数量", "Throughput"), "quota": t("名额使用", "Quota use"),
        "where": t("逾期分布", "Overdue by region"),
    }  # fmt: skip
    chosen = st.segmented_control(
        t("查看", "Show"), list(parts), default="funnel", key="figures:part", format_func=lambda name: parts[name],
        label_visibility="collapsed",
    )  # fmt: skip
    return chosen or "funnel"


def _round(actor: Actor, root: str, *, whole: bool) -> Held | None:
    """The round looked at; None when there is none to look at."""
    found = {row.id: row for row in asked.rounds(actor, root=root) if row.is_whole or not whole}
    if not found:
        st.info(t("还没有本单位组织的批次。请先在“申报批次”中建立。" if whole else "没有本单位参加的批次。",
                  "No round is decided here yet. Plan one on the page of rounds." if whole
                  else "Your office has no part in any round yet."))  # fmt: skip
        return None
    chosen = st.selectbox(
        t("批次", "Round"),
        list(found),
        format_func=lambda one: plain(found[one].name),
        key=f"figures:round:{root}:{whole}",
    )
    return found[chosen] if chosen else None


def _funnel(actor: Actor, root: str) -> None:
    if (window := _round(actor, root, whole=True)) is None:
        return
    stages = ask(asked.funnel, actor, root=root, round_id=window.id)
    if stages is None:
        return
    said = t("各环节申报件数", "Cases at each stage")
    st.subheader(said, anchor=False)
    if not stages[0].n:
        st.info(t("这个批次还没有提交的申报。", "Nothing has been handed in in this round yet."))
        return
    named = [(t(*STAGES[one.stage]), one.n) for one in stages]
    figures.bars(named, said)
    figures.table({
        t("环节", "Stage"): [name for name, _ in named],
        t("件数", "Cases"): [one.n for one in stages],
        t("占已申报", "Of those handed in"): [f"{one.n / stages[0].n:.0%}" for one in stages],
        t("目前在此办理", "There now"): [one.here for one in stages],
    }, said)  # fmt: skip
    st.caption(
        t(
            "退回下级的按现在所在的层级计；跳过的层级视为已到达。",
            "A case that was sent back down counts where it stands now; one that skips a tier has passed it.",
        )
    )
    papers.export("funnel", root=root, round=window.id)


def _ageing(actor: Actor, root: str) -> None:
    rows = ask(asked.ageing, actor, root=root)
    if rows is None:
        return
    said = t("现在各级已等待的工作日", "Working days waited, by tier, now")
    st.subheader(said, anchor=False)
    if not rows:
        st.success(t("各级都没有等待办理的申报。", "Nothing waits at any desk."))
        return
    spoken = words.spoken()
    bands = list(dict.fromkeys(band(one, spoken) for one in rows))
    heads = (t("级别", "Tier"), t("工作日", "Working days"))
    figures.matrix(
        [{"y": words.label(one.tier), "x": _short(one), "n": one.n} for one in rows],
        list(dict.fromkeys(map(_short, rows))),
        heads,
        said,
    )
    tiers = list(dict.fromkeys(one.tier for one in rows))
    counted = {(one.tier, band(one, spoken)): one.n for one in rows}
    figures.table({
        heads[0]: [words.label(tier) for tier in tiers],
        **{waited: [counted[tier, waited] for tier in tiers] for waited in bands},
        t("合计", "In all"): [sum(one.n for one in rows if one.tier is tier) for tier in tiers],
    }, said)  # fmt: skip
    papers.export("ageing", root=root)


def _short(one: Wait) -> str:
    return f"{one.since}–{one.until}" if one.until is not None else f"≥{one.since}"


def _throughput(actor: Actor, root: str) -> None:
    rows = ask(asked.throughput, actor, root=root)
    if rows is None:
        return
    st.subheader(t("近12周每周办结", "Dealt with in each of the last 12 weeks"), anchor=False)
    if not rows:
        st.info(t("还没有每日记录。夜间任务每晚记一次，明天起这里会有数字。",
                  "No day is on record yet. The nightly run notes each, so look again tomorrow."))  # fmt: skip
        return
    desks = {one.desk: one.desk_name for one in rows}
    everything = t("以下各单位合计", "All of them")
    chosen = st.selectbox(t("单位", "Desk"), ["", *desks], key=f"figures:desk:{root}",
                          format_func=lambda code: plain(desks[code] if code else everything))  # fmt: skip
    weeks: dict[date, int] = {}
    for one in rows:
        weeks[one.week] = weeks.get(one.week, 0) + (one.n if chosen in ("", one.desk) else 0)
    figures.columns(
        [(month_day(week, words.spoken()), n) for week, n in weeks.items()],
        t("每周办结（周一起）", "By week, from Monday"),
    )
    figures.table(_by_week(rows, list(weeks)), t("各单位每周办结", "By desk and week"))
    st.caption(
        t(
            "截至昨日；本周尚未结束。全国按省（含下级）汇总。",
            "Up to yesterday; this week is not over. Of the nation, each province with all below it.",
        )
    )
    papers.export("throughput", root=root)


def _by_week(rows: list[Done], weeks: list[date]) -> dict[str, list[Any]]:
    counted = {(one.desk, one.week): one.n for one in rows}
    desks = {one.desk: one.desk_name for one in rows}
    return {
        t("单位", "Desk"): list(desks.values()),
        t("合计", "In all"): [sum(counted[desk, week] for week in weeks) for desk in desks],
        **{month_day(week, words.spoken()): [counted[desk, week] for desk in desks] for week in weeks},
    }


def _quota(actor: Actor, root: str) -> None:
    if (window := _round(actor, root, whole=False)) is None:
        return
    place = f"{root}:{window.id}"
    cursors = st.session_state.setdefault(_AFTER, {}).setdefault(place, [("", "")])
    after, pool = cursors[-1]
    rows = ask(asked.quota_use, actor, root=root, round_id=window.id, after=after, pool=pool)
    if rows is None:
        return
    said = t("各单位名额使用", "Places by union")
    st.subheader(said, anchor=False)
    if not rows:
        st.info(t("这个批次还没有下达名额。", "No places have been issued in this round yet."))
        return
    parts = [t("已用", "Used"), t("占用", "Held"), t("剩余", "Free")]
    most = sorted(rows, key=lambda one: (-one.used - one.reserved, one.organization))[:_DRAWN]
    shown = [(union(one, words.spoken()), (one.used, one.reserved, one.free or 0)) for one in most]
    figures.shares([{"name": name, **dict(zip(parts, numbers, strict=True))} for name, numbers in shown], parts, said)
    if len(rows) > _DRAWN:
        st.caption(
            t(f"只画使用最多的{_DRAWN}个，表中列出全部。", f"The {_DRAWN} with most are drawn; the table has all.")
        )
    figures.table(_places(rows), said)
    with st.container(horizontal=True):
        if len(cursors) > 1:
            st.button(t("上一页", "Previous"), key="figures:back", on_click=cursors.pop)
        if len(rows) == asked.PAGE:
            last = (rows[-1].organization, rows[-1].pool)
            st.button(t("下一页", "Next"), key="figures:on", on_click=cursors.append, args=(last,))
    papers.export("quota-use", root=root, round=window.id)


def _places(rows: list[Used]) -> dict[str, list[Any]]:
    unbounded = t("不限", "no bound")
    return {
        t("单位", "Union"): [union(one, words.spoken()) for one in rows],
        t("级别", "Tier"): [words.label(one.tier) for one in rows],
        t("名额", "Issued"): [one.issued for one in rows],
        t("占用", "Held"): [one.reserved for one in rows],
        t("已用", "Used"): [one.used for one in rows],
        t("剩余", "Free"): [unbounded if one.free is None else str(one.free) for one in rows],
    }


def _where(actor: Actor, root: str) -> None:
    board = ask(watch_late.board, actor, root=root)
    if board is None:
        return
    overdue_charts.heat(board, root)
    if board.cells:
        figures.table({
            t("地区", "Region"): [cell.region_name for cell in board.cells],
            t("环节", "Stage"): [overdue_charts.stage(cell) for cell in board.cells],
            t("级别", "Tier"): [words.label(cell.tier) for cell in board.cells],
            t("逾期数", "Overdue"): [cell.n for cell in board.cells],
        }, t("地区与环节", "By region and stage"))  # fmt: skip
        papers.export("overdue", root=root)


main()
