"""Titles a union has given, and their assessments: grading, rectification, revocation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from models.vocabulary import Act, AssessmentKind, AssessmentState, DecisionKind, Thing
from ui.attempt import begin
from ui.components import acts, paging, papers, words
from ui.components.desk import picked_desk
from ui.components.grading import grade, recheck, rectify
from ui.components.title_acts import by_hand, revoke, settle, withdraw
from ui.components.words import plain, t
from workflows.queries import docket, lists, register, standing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.title import Decision
    from workflows.queries.docket import Assessed
    from workflows.queries.register import Given
    from workflows.queries.standing import Change
    from workflows.record.acting import Actor


def main() -> None:
    """The assessments of a year, and all titles."""
    actor = begin()
    st.title(t("称号与年度考核", "Titles and assessments"), anchor=False)
    desk = picked_desk(actor)
    if desk is None:
        return
    yearly, given = st.tabs([t("年度考核", "Yearly assessment"), t("称号", "Titles")], key="titles:tab")
    with yearly:
        _assessments(actor, desk)
    with given:
        _titles(actor, desk)


def _assessments(actor: Actor, desk: str) -> None:
    years = docket.assessment_years(actor, desk=desk)
    if not years:
        st.info(
            t(
                "还没有年度考核：每年年初自动开始。",
                "No assessments yet: they begin by themselves each January.",
            )
        )
        return
    year = st.selectbox(t("考核年度", "Year"), years, key=f"titles:year:{desk}")
    rows = docket.assessed(actor, desk=desk, year=year)
    _progress(rows)
    papers.export("assessments", desk=desk, year=str(year))
    place = f"assessed:{desk}:{year}"
    shown = paging.part(rows, f"{place}:all")
    picked = _picked([_assessment(row) for row in shown], place, shown, t("年度考核", "Assessments"))
    for row in picked[:1]:
        _one(actor, row)
    waiting = [row for row in rows if row.state is AssessmentState.REPORTED]
    # One list, one kind: a year's reports are not graded together with acceptances.
    for kind in dict.fromkeys(row.kind for row in waiting) or [AssessmentKind.YEARLY]:
        grade(actor, [row for row in waiting if row.kind is kind], words.label(kind), f"grades:{place}:{kind}")


def _progress(rows: Sequence[Assessed]) -> None:
    counts = {state: sum(row.state is state for row in rows) for state in AssessmentState}
    with st.container(horizontal=True):
        for state, n in counts.items():
            if n:
                st.metric(words.label(state), n, border=True, width=140)


def _assessment(row: Assessed) -> dict[str, Any]:
    return {
        t("证书编号", "Number"): row.number,
        t("名称", "Name"): row.name,
        t("单位", "Unit"): row.organization_name,
        t("类别", "Kind"): words.label(row.kind),
        t("状态", "Status"): words.label(row.state),
        t("得分", "Score"): words.points(row.score),
        t("等次", "Grade"): _graded(row),
        t("评语", "Remark"): row.remark,
    }


def _graded(row: Assessed) -> str:
    if row.grade is None:
        return ""
    met = t("（达到优秀分数，名额已满）", " (met the mark for excellent; the cap was full)")
    return " ".join(filter(None, (words.label(row.grade), row.band))) + (met if row.met_mark else "")


def _one(actor: Actor, row: Assessed) -> None:
    """The chosen assessment: its report, and what can be ordered about it."""
    with st.container(border=True):
        st.text(f"{row.name} · {row.number} · {words.moment(row.reported_at)}")
        st.text(row.report or t("尚未报送年度报告。", "No report has come yet."))
        with st.container(horizontal=True):
            for act, said, body in (
                (Act.RECTIFY, t("责令整改", "Order a rectification"), rectify),
                (Act.RECHECK, t("复查", "Re-check"), recheck),
            ):
                reason = acts.why_not(actor, act, Thing.ASSESSMENT, row)
                if acts.button(said, reason, key=f"{act}:{row.id}:{row.version}"):
                    acts.dialog(said, body, actor, row)


def _titles(actor: Actor, desk: str) -> None:
    typed = st.text_input(t("查找", "Find"), key=f"titles:words:{desk}", max_chars=100,
                          placeholder=t("证书编号、名称、领衔人或单位", "Number, name, leader or unit"))  # fmt: skip
    cursors: list[str] = st.session_state.setdefault("titles:cursors", {}).setdefault(f"{desk} {typed}", [""])
    rows = register.titles_given(actor, desk=desk, words=typed, after=cursors[-1])
    if not rows:
        st.info(t("没有查到称号。", "No title was found.") if typed.strip() or cursors[-1]
                else t("还没有命名过称号。", "No title has been given yet."))  # fmt: skip
        _turning(cursors, None)
        return
    st.caption(t("可选择多行，用一份文件一并撤销。", "Choose several to revoke them by one document."))
    picked = _picked([_title(row) for row in rows], f"titles:{desk}", rows, t("称号", "Titles"), mode="multi-row")
    _turning(cursors, rows[-1].id if len(rows) == register.GIVEN else None)
    for row in (one for one in picked if one.ended_at is None):
        papers.button(t(f"证书 {row.number}", f"Certificate {row.number}"), "certificate", row.id)
    papers.export("titles", desk=desk)
    with st.container(horizontal=True):
        _revocation(actor, picked)
        for act, said in (
            (Act.SUSPEND, t("暂停", "Suspend")),
            (Act.RESUME, t("恢复", "Resume")),
            (Act.END, t("终止", "End")),
        ):
            only = t("请选择一行", "Choose one row")
            reason = only if len(picked) != 1 else acts.why_not(actor, act, Thing.TITLE, picked[0])
            if acts.button(said, reason, key=f"titles:{act}:{_mark(picked)}"):
                acts.dialog(said, by_hand, actor, picked[0], act)
        _succession(actor, picked)
    papers.decisions(actor, desk)
    with st.expander(t("撤回整批决定", "Withdraw a whole decision"), icon=":material/warning:"):
        _withdrawal(actor, desk)


def _turning(cursors: list[str], after: str | None) -> None:
    """Earlier and later pages; a page begins where the one before it ended."""
    is_first = len(cursors) == 1
    if is_first and after is None:
        return
    with st.container(horizontal=True):
        st.button(t("上一页", "Previous"), key="titles:back", disabled=is_first, help=words.first(is_first),
                  on_click=_turn_back, args=(cursors,))  # fmt: skip
        st.button(t("下一页", "Next"), key="titles:on", disabled=after is None, help=words.last(after is None),
                  on_click=cursors.append, args=(after,))  # fmt: skip


def _turn_back(cursors: list[str]) -> None:
    cursors.pop()


def _succession(actor: Actor, picked: list[Given]) -> None:
    """The successor that the chosen title's unit has proposed, approved or declined."""
    said = t("办理领衔人更换", "Settle a change of leader")
    reason: str | None = t("请选择一行", "Choose one row")
    open_ = None
    if len(picked) == 1:
        row = picked[0]
        open_ = next((one for one in standing.successions(actor, row.id) if one.approved is None), None)
        reason = acts.why_not(actor, Act.SUCCEED, Thing.TITLE, row) or _nothing_open(row, open_)
    if acts.button(said, reason, key=f"titles:settle:{_mark(picked)}"):
        acts.dialog(said, settle, actor, picked[0], open_)


def _nothing_open(row: Given, open_: Change | None) -> str | None:
    if open_ is None:
        return words.code("no_departure", number=row.number)
    return None if open_.new_leader else words.code("no_successor", number=row.number)


def _withdrawal(actor: Actor, desk: str) -> None:
    """One naming decision of this union, with what is left of its titles."""
    named = {one.id: one for one in lists.decisions(actor)
             if one.organization == desk and one.kind is DecisionKind.NAMING}  # fmt: skip
    if not named:
        st.caption(t("还没有命名决定。", "No decision has named anything yet."))
        return
    chosen = st.selectbox(t("要撤回的命名决定", "The decision to withdraw"), list(named), key=f"withdraw:{desk}",
                          format_func=lambda one: _document(named[one]))  # fmt: skip
    left = register.titles_left(actor, desk=desk, decision_id=chosen)
    reason = None if left else words.code("nothing_to_withdraw", number=named[chosen].number)
    said = t("撤回整批决定…", "Withdraw it…")
    if acts.button(said, reason, key=f"withdraw:{chosen}:{len(left)}"):
        acts.dialog(said, withdraw, actor, named[chosen], left)


def _document(one: Decision) -> str:
    return plain(f"{one.number} {words.day(one.meeting_on)}")


def _revocation(actor: Actor, picked: list[Given]) -> None:
    said = t("撤销称号", "Revoke")
    reasons = [acts.why_not(actor, Act.REVOKE, Thing.TITLE, row) for row in picked]
    reason = next((r for r in reasons if r), None if picked else t("请先选择称号", "Choose titles first"))
    if acts.button(said, reason, key=f"titles:revoke:{_mark(picked)}"):
        acts.dialog(said, revoke, actor, picked)


def _title(row: Given) -> dict[str, Any]:
    return {
        t("证书编号", "Number"): row.number,
        t("名称", "Name"): row.name,
        t("领衔人", "Leader"): row.leader_name,
        t("单位", "Unit"): row.organization_name,
        t("命名日期", "Named on"): words.day(row.named_on),
        t("有效期至", "Valid until"): words.day(row.valid_until) if row.valid_until else "",
        t("状态", "Status"): words.label(row.state),
        t("说明", "Why"): " ".join(filter(None, (row.end_cause and words.label(row.end_cause), row.end_reason))),
        t("禁止申报至", "Barred until"): words.day(row.barred_until) if row.barred_until else "",
    }


def _picked(
    table: list[dict[str, Any]], key: str, rows: Sequence[Any], called: str, mode: str = "single-row"
) -> list[Any]:
    """Show rows and answer the chosen ones: by content, so a changed list drops the choice."""
    event = st.dataframe(
        table, key=f"{key}:{_mark(rows)}", on_select="rerun", selection_mode=mode,  # type: ignore[call-overload]
        hide_index=True, alt=called,
    )  # fmt: skip
    return [rows[n] for n in event.selection.rows]


def _mark(rows: Sequence[Any]) -> int:
    return hash(tuple((row.id, row.version) for row in rows))


main()
