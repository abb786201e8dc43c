"""Cases beside each other: one row a field, marked in words where they differ; and the way there from a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from models import text
from ui.components import acts, links, paper, words
from ui.components.words import plain, t
from workflows.queries.comparing import FEWEST, MOST

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from models.programme import Programme
    from workflows.queries.comparing import Compared


class Line(NamedTuple):
    """One row: what it is about, and what each case says; a case that is not asked says None."""

    label: str
    said: tuple[str | None, ...]

    @property
    def differs(self) -> bool:
        """Whether not all of them say the same."""
        return len(set(self.said)) > 1


def table(cases: Sequence[Compared], rules: Sequence[Programme]) -> None:
    """The table, and the switch that leaves out what is the same."""
    found = [*_facts(cases), *_answers(cases, rules)]
    n = sum(line.differs for line in found)
    is_short = st.toggle(t("只看不同的", "Only what differs"), key="compare:only", persist_state="session")
    st.caption(t(f"共{len(found)}项，其中{n}项不同（标有“≠ 不同”）。",
                 f"{len(found)} lines, {n} of them differ (marked “≠ differs”)."))  # fmt: skip
    heads = [plain(f"{place}. {one.application.subject}") for place, one in enumerate(cases, start=1)]
    st.table([_row(line, heads) for line in found if line.differs or not is_short])


def _row(line: Line, heads: list[str]) -> dict[str, str]:
    mark = t("≠ 不同", "≠ differs") if line.differs else t("＝ 相同", "＝ same")
    said = (plain(text.MISSING if one is None else one) for one in line.said)
    return {t("项目", "Field"): plain(line.label), t("异同", "Alike"): mark, **dict(zip(heads, said, strict=True))}


def _facts(cases: Sequence[Compared]) -> list[Line]:
    """What is known of a case beside its form; scores only where the reader may know one."""
    known: list[tuple[str, Callable[[Compared], str]]] = [
        (t("受理编号", "Receipt"), lambda one: one.application.receipt or text.MISSING),
        (t("申报单位", "Unit"), lambda one: one.unit),
        (t("批次", "Round"), lambda one: one.round_name),
        (t("状态", "Status"), lambda one: words.label(one.application.state)),
        (t("到达", "Came"), lambda one: words.since(one.application.entered_at)),
        (t("期限", "Due"), lambda one: words.until(one.application.due_at)),
        (t("本级审核", "Checked here"), _checked),
    ]
    if any(one.score is not None for one in cases):
        known.append((t("评委平均分", "Judges' mean"), _score))
    return [Line(label, tuple(said(one) for one in cases)) for label, said in known]


def _checked(one: Compared) -> str:
    return t("已通过", "yes") if one.application.checked else t("未审核", "not yet")


def _score(one: Compared) -> str:
    if one.score is None:
        return text.MISSING
    return t(f"{words.points(one.score)}（{one.sheets}份评分）", f"{words.points(one.score)} ({one.sheets} sheets)")


def _answers(cases: Sequence[Compared], rules: Sequence[Programme]) -> list[Line]:
    """The forms' fields in order, those of the first form first; the same field of two programmes is one row."""
    spoken, found = words.spoken(), dict[tuple[str, str], list[str | None]]()
    for n, (one, programme) in enumerate(zip(cases, rules, strict=True)):
        for rule in programme.fields:
            if rule.name in one.shown:
                row = found.setdefault((rule.name, rule.label.in_(spoken)), [None] * len(cases))
                row[n] = paper.said(rule, one.application.answers.get(rule.name))
    return [Line(label, tuple(said)) for (_, label), said in found.items()]


def button(ids: Sequence[str], *, key: str, shortcut: str | None = None) -> None:
    """The way from a list to the comparison of its chosen rows, grey with its reason for too few or too many."""
    reason = None if FEWEST <= len(ids) <= MOST else words.code(
        "compare_count", count=len(ids), least=FEWEST, most=MOST)  # fmt: skip
    if acts.button(t("并排比较", "Side by side"), reason, key=key, shortcut=shortcut):
        links.go("compare", cases=",".join(ids))


def of_list(called: dict[str, str], *, key: str) -> None:
    """Choose some of a list by name, to be compared."""
    if len(called) < FEWEST:
        return
    with st.popover(t("并排比较…", "Side by side…"), icon=":material/view_column:"):
        chosen = st.multiselect(t("选择两至四份", "Choose two to four"), list(called), key=f"{key}:chosen",
                                format_func=lambda one: plain(called[one]), max_selections=MOST,
                                placeholder=t("请选择", "Choose"))  # fmt: skip
        button(chosen, key=f"{key}:go")
