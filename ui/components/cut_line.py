"""How firm a line is: who keeps which side of it, whom another way would move, how severe the judges are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from models import text
from ui.attempt import ask
from ui.components import acts, words
from ui.components.words import plain, t
from workflows.queries import cut_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.programme import Programme
    from workflows.queries.cut_lines import CutLine
    from workflows.record.acting import Actor
    from workflows.rules.cut_line import Variant

_MOVED = 20  # names said for one other way of counting


def offer(actor: Actor, desk: str, round_id: str, rules: Programme) -> None:
    """A button for each line the desk draws: one, or one a pool. What it shows decides nothing."""
    pools = [(pool.name, pool.label.in_(words.spoken())) for pool in rules.quota.pools] or [("", "")]
    with st.container(horizontal=True):
        for pool, label in pools:
            said = t("分数线分析", "Look at the line") + (f" · {label}" if label else "")
            if st.button(plain(said), key=f"cut-line:{desk}:{round_id}:{pool}"):
                acts.dialog(said, _view, actor, {"desk": desk, "round_id": round_id, "pool": pool})


def _view(actor: Actor, given: dict[str, Any]) -> None:
    line = st.number_input(
        t("取前几名（不填按名额）", "Names above the line (empty: the places)"), min_value=0, value=None, step=1,
        key=f"cut-line:at:{given['desk']}:{given['round_id']}:{given['pool']}",
    )  # fmt: skip
    found = ask(cut_lines.cut_line_of, actor, **given, line=line)
    if found is None:
        return
    st.markdown(words.beside(f"**{t('这条线的稳定度', 'How firm the line is')}**", f"{found.percent}%"))
    st.caption(t(
        f"取前{found.line}名。重抽评委{found.resamples}次（种子：{found.seed}），其中{found.percent}%划出同一条线。仅供会议参考，不改变得分与排序。",
        f"After {found.line} names. Of {found.resamples} panels drawn anew (seed: {found.seed}), {found.percent}% draw "
        "the same line. For the meeting to look at: it changes no score and no order.",
    ))  # fmt: skip
    _names(found)
    _variants(found)
    _judges(found)


def _names(found: CutLine) -> None:
    sides = {"in": t("线上", "above"), "tied": t("并列于线", "tied at it"), "out": t("线下", "below")}
    st.dataframe(
        [
            {t("名次", "Rank"): one.rank, t("名称", "Name"): one.subject, t("得分", "Score"): words.points(one.score),
             t("位置", "Side"): sides[one.side], t("保持率", "Keeps it"): one.percent,
             t("评分表", "Sheets"): one.n, t("最高最低之差", "Spread"): words.points(one.spread),
             t("标准差", "Deviation"): words.points(one.deviation),
             t("校正后得分", "Adjusted"): words.points(one.adjusted),
             t("校正后名次", "Adjusted rank"): one.adjusted_rank}
            for one in found.lines
        ],
        hide_index=True, alt=t("线的两侧", "Both sides of the line"), key="cut-line:names",
        column_config={
            t("保持率", "Keeps it"): st.column_config.ProgressColumn(min_value=0, max_value=100, format="%d%%")
        },
    )  # fmt: skip


def _variants(found: CutLine) -> None:
    """Whom each other way of counting would move, by name."""
    names = {one.application_id: one.subject for one in found.lines}
    st.dataframe(
        [{t("换一种算法", "Counted otherwise"): _called(one),
          t("会有变动的名称", "Whom it would move"): _moved(one, names)} for one in found.variants],
        hide_index=True, alt=t("其他算法", "Other ways of counting"), key="cut-line:variants",
    )  # fmt: skip


def _called(one: Variant) -> str:
    return {
        "mean": t("用平均分", "by the mean"), "trimmed": t("去掉最高最低后平均", "by the trimmed mean"),
        "median": t("用中位数", "by the median"), "one_more": t("多一个名额", "one place more"),
        "one_fewer": t("少一个名额", "one place fewer"), "adjusted": t("校正评委宽严", "severity taken out"),
    }[one.kind]  # fmt: skip


def _moved(one: Variant, names: Mapping[str, str]) -> str:
    if not one.changes:
        return t("没有", "nobody")
    signs = {"in": "↑", "tied": "＝", "out": "↓"}
    told = [f"{signs[change.after]}{names[change.id]}" for change in one.changes[:_MOVED]]
    return "、".join(told) + ("…" if len(one.changes) > _MOVED else "")


def _judges(found: CutLine) -> None:
    """The judges' leniencies, or why they cannot be told; whose they are only once sheets are open."""
    st.markdown(f"**{t('评委宽严', 'How severe the judges are')}**")
    if found.why is not None:
        st.caption(plain(text.explain(found.why["code"], found.why, words.spoken())))
        return
    residual = "—" if found.residual is None else words.points(found.residual)
    st.caption(t(
        f"由{found.anchors}项共同评审的申报估计；正数偏宽，负数偏严。估计之外的标准差：{residual}。",
        f"Estimated from {found.anchors} cases that several scored; above 0 is lenient. "
        f"Deviation it leaves: {residual}.",
    ))  # fmt: skip
    st.dataframe(
        [{t("评委", "Judge"): one.account_id or t(f"第{n}位（封存前不署名）", f"no. {n} (unnamed before the seal)"),
          t("宽严", "Leniency"): f"{one.leniency / 100:+.2f}", t("共同评审", "Shared cases"): one.cases}
         for n, one in enumerate(found.judges, 1)],
        hide_index=True, alt=t("评委宽严", "Severity"), key="cut-line:judges",
    )  # fmt: skip
