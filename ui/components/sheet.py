"""A judge's sheet: its criteria with their bands in words, the total as it is typed, and as it was written."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import streamlit as st

from ui.components import words
from ui.components.words import plain, t
from workflows.judging.scoring import YES
from workflows.rules import scoring

if TYPE_CHECKING:
    from models.merit import Sheet
    from models.programme_file.merit import Criterion, Scoring
    from workflows.rules.scoring import Range


def labels(rule: Scoring) -> dict[str, str]:
    """What the criteria are called, by name."""
    return {one.name: one.label.in_(words.spoken()) for one in scoring.criteria_of(rule)}


def typed(rule: Scoring, key: str) -> dict[str, Any]:
    """The sheet to be filled in, as the verb wants it: points of every criterion, or a yes or no."""
    if rule.method == "vote":
        said = st.radio(
            t("是否同意", "Do you agree?"), [True, False], index=None, horizontal=True, key=f"vote:{key}",
            format_func=_vote,
        )  # fmt: skip
        return {"vote": said}
    asked = scoring.criteria_of(rule)
    points = {one.name: _answer(one, key) if rule.method == "ratio" else _points(one, key) for one in asked}
    kept, faults = scoring.read(rule, points)
    total = "—" if faults else _total(rule, scoring.total(rule, kept))
    st.markdown(words.beside(f"**{t('合计', 'Total')}**", plain(total)))
    return {"scores": points}


def _answer(one: Criterion, key: str) -> bool | None:
    """A question's yes or no, none until one is chosen."""
    said: bool | None = st.radio(
        plain(one.label.in_(words.spoken())), [True, False], index=None, horizontal=True,
        key=f"points:{one.name}:{key}", format_func=_met,
    )  # fmt: skip
    return said


def _points(one: Criterion, key: str) -> str:
    share = "" if one.weight is None else t(f"，占{one.weight}%", f", {one.weight} % of the total")
    name = one.label.in_(words.spoken())
    given = st.text_input(plain(f"{name}（0–{one.most}{share}）"), max_chars=20, key=f"points:{one.name}:{key}").strip()
    if one.marks:
        st.caption(plain("；".join(_band(one, band) for band in scoring.ranges(one))))
    return given


def _band(one: Criterion, band: Range) -> str:
    """A band with both limits: it holds its first number, and the next band's first one ends it."""
    limits = f"{band.at_least}–{one.most}" if band.below is None else f"{band.at_least}–<{band.below}"
    return f"{limits} {band.mark.words.in_(words.spoken())}"


def _total(rule: Scoring, hundredths: int) -> str:
    """A total with the word of its band."""
    found = scoring.band_of(rule.results, scoring.points_of(hundredths))
    band = f" · {found.label.in_(words.spoken())}" if found else ""
    return f"{words.points(hundredths) or 0}{band}"


def written(rule: Scoring, sheet: Sheet) -> None:
    """A sheet as it stands, never to be changed."""
    if sheet.voided_at is not None:
        gone = t("已回避", "Stood back") if sheet.recused else t("已作废", "Void")
        st.warning(plain(f"{gone}：{sheet.void_reason}"))
    if not sheet.scores:
        return
    if rule.method == "vote":
        st.text(_vote(sheet.scores[YES]))
    else:
        for one in scoring.criteria_of(rule):
            points = sheet.scores[one.name]
            said = _met(points == "1") if rule.method == "ratio" else _marked(one, points)
            st.text(words.beside(one.label.in_(words.spoken()), said))
        st.markdown(words.beside(f"**{t('合计', 'Total')}**", plain(_total(rule, sheet.total))))
    if sheet.words:
        st.text(sheet.words)
    st.caption(words.moment(sheet.at))


def _marked(one: Criterion, points: str) -> str:
    mark = scoring.band_of(one.marks, Decimal(points))
    return f"{points} · {mark.words.in_(words.spoken())}" if mark else points


def _met(said: Any) -> str:
    return t("是", "Yes") if said else t("否", "No")


def _vote(said: Any) -> str:
    return t("同意", "Yes") if said else t("不同意", "No")
