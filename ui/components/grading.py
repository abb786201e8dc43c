"""Grading a year: scores in one table, graded together under the cap; rectify and re-check."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

import streamlit as st

from ui.attempt import attempt
from ui.components import acts, keys, paging
from ui.components.words import t
from workflows.named import assessments

if TYPE_CHECKING:
    from workflows.queries.docket import Assessed
    from workflows.record.acting import Actor


def grade(actor: Actor, reported: list[Assessed], kind: str, place: str) -> None:
    """Score those of a kind that have reported and grade the scored ones together."""
    st.subheader(t(f"评分定级：{kind}", f"Grading: {kind}"), anchor=False)
    if not reported:
        st.text(t("没有已报送、待定级的考核。", "No reported assessment waits for its grade."))
        return
    mark = hash(tuple((row.id, row.version) for row in reported))
    scored = _scored(actor, reported, place)
    st.caption(t("只定级已填写得分的各项。", "Only those with a score are graded."))
    if not st.button(t("一并定级", "Grade together"), key=f"grade:{mark}", type="primary"):
        return
    if scored:
        acts.dialog(t("一并定级", "Grade together"), _grade, actor, scored, mark, place)
    else:
        st.warning(t("请先在表中填写得分。", "Fill in scores first."))


def _scored(actor: Actor, reported: list[Assessed], place: str) -> list[dict[str, Any]]:
    """The table as it is being filled in: those with a score, as the verb wants them."""
    rows = [
        {
            "number": r.number,
            "name": r.name,
            "unit": r.organization_name,
            "score": None,
            "remark": "",
        }
        for r in reported
    ]
    column = st.column_config
    table = paging.edited(
        actor, [r.id for r in reported], rows, key=place,
        disabled=["number", "name", "unit"],
        alt=t("评分表", "Scores"),
        column_config={
            "number": column.TextColumn(t("证书编号", "Number")),
            "name": column.TextColumn(t("名称", "Name")),
            "unit": column.TextColumn(t("单位", "Unit")),
            "score": column.NumberColumn(t("得分", "Score"), min_value=0, max_value=100, step=0.01),
            "remark": column.TextColumn(t("评语", "Remark"), max_chars=1000),
        },
    )  # fmt: skip
    return [
        {
            "assessment": row.id,
            "seen": row.version,
            "score": f"{line['score']:.2f}",
            "remark": line["remark"] or "",
        }
        for row, line in zip(reported, table, strict=True)
        if line["score"] is not None and not isnan(line["score"])
    ]


def _grade(actor: Actor, results: list[dict[str, Any]], mark: int, place: str) -> None:
    key = keys.token("assess", str(mark))
    acts.consequences(
        t(f"{len(results)} 项一并定级，定级后不能再改。", f"{len(results)} are graded together, for good."),
        t("“优秀”按得分高低取至名额用满，其余达到分数的定为合格并注明。",
          "Excellent goes to the best up to the cap; the rest above the mark are qualified, with a note."),
        t("低于合格线的责令限期整改。", "Those below the pass mark are ordered to rectify."),
    )  # fmt: skip
    with st.form(f"form:{key}", border=False):
        tie = st.text_area(t("优秀名额末位同分时如何确定（有则必填）", "How a tie at the cap was settled (if any)"),
                           key=f"tie:{key}")  # fmt: skip
        sent = acts.send(t("定级", "Grade"))
    if sent and attempt(assessments.assess, actor, results=results, tie=tie, key=key,
                        done=t("已定级", "Graded")) is not None:  # fmt: skip
        paging.forget(actor, place)
        st.rerun()


def rectify(actor: Actor, row: Assessed) -> None:
    """Order a rectification."""
    key = keys.token("rectify", row.id, row.version)
    acts.consequences(
        t(
            "单位须在整改期限内整改，期满复查一次。",
            "The unit must put it right in time; it is checked once more.",
        )
    )
    with acts.keeping(actor, row, "rectify"), st.form(f"form:{key}", border=False):
        reason = st.text_area(t("理由（必填）", "Reason (required)"), max_chars=1000, key=f"reason:{key}")
        sent = acts.send(t("责令整改", "Order"))
    if sent and attempt(assessments.rectify, actor, row.id, reason=reason, seen=row.version, key=key,
                        done=t("已责令整改", "Ordered")) is not None:  # fmt: skip
        st.rerun()


def recheck(actor: Actor, row: Assessed) -> None:
    """Check once more after the rectification."""
    key = keys.token("recheck", row.id, row.version)
    acts.consequences(
        t("复查通过：称号恢复有效。", "Passed: the title is valid again."),
        t(
            "复查未通过：须另以文件撤销称号。",
            "Failed: revoking the title takes a numbered decision.",
        ),
    )
    with acts.keeping(actor, row, "recheck"), st.form(f"form:{key}", border=False):
        score = st.text_input(t("复查得分（0—100）", "Score (0 to 100)"), key=f"score:{key}")
        remark = st.text_area(t("评语", "Remark"), max_chars=1000, key=f"remark:{key}")
        sent = acts.send(t("复查", "Re-check"))
    if sent and attempt(assessments.recheck, actor, row.id, score=score, remark=remark, seen=row.version,
                        key=key, done=t("复查结果已登记", "Entered")) is not None:  # fmt: skip
        st.rerun()
