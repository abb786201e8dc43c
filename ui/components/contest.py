"""A contest's scores: how far the panel is, announcing them, and the appeals they can be met with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from models.errors import NotFoundError
from models.vocabulary import AppealState
from ui.attempt import attempt
from ui.components import acts, cut_line, keys, words
from ui.components.words import plain, t
from workflows.judging import appeals, contests
from workflows.queries import judges, judging, lists

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.application import Application
    from models.merit import Appeal
    from models.programme import Programme
    from models.round import Round
    from workflows.queries.judging import Board, Standing
    from workflows.record.acting import Actor

ACCEPTED = "accepted"


def desk(actor: Actor, code: str, window: Round) -> None:
    """The scoring of a desk in a round, where the programme scores there; of a contest, its announcement too."""
    if not any((one.desk, one.round_id) == (code, window.id) for one in judges.panels_of(actor)):
        return
    rules = lists.rules_of(window.id)
    st.subheader(t("评分情况", "Scoring"), anchor=False)
    lines = judging.standings(actor, round_id=window.id, desk=code)
    rows = [_standing(rules, line) for line in lines]
    st.dataframe(rows, hide_index=True, alt=t("评分情况", "Scoring"), key=f"standings:{code}:{window.id}")
    if lines:
        cut_line.offer(actor, code, window.id, rules)
    if rules.contest is not None:
        _contest(actor, code, window, rules, lines)


def _standing(rules: Programme, line: Standing) -> dict[str, Any]:
    of = line.n + line.missing
    said = t("已齐", "complete") if not line.missing else t(f"应有{of}份，缺{line.missing}份",
                                                          f"of {of}, {line.missing} missing")  # fmt: skip
    results = rules.scoring.results if rules.scoring else ()
    return {
        t("名称", "Name"): line.subject, t("受理编号", "Receipt"): line.receipt or "",
        t("评分表", "Sheets"): f"{line.n} · {said}", t("得分", "Score"): words.points(line.score),
        t("最高最低之差", "Spread"): words.points(line.spread),
        t("标准差", "Deviation"): words.points(line.deviation),
        t("结论", "Result"): _called(results, line.result),
    }  # fmt: skip


def _called(known: Any, name: str | None) -> str:
    """What the programme calls one of its results or prizes."""
    return next((one.label.in_(words.spoken()) for one in known if one.name == name), name or "")


def _contest(actor: Actor, code: str, window: Round, rules: Programme, lines: list[Standing]) -> None:
    """The announcement as it stands, the button for it, and the appeals."""
    st.subheader(t("成绩公布", "Announcement of scores"), anchor=False)
    board = _board(actor, code, window.id)
    if board is not None:
        _until(board)
        st.dataframe([_line(rules, one) for one in board.results], hide_index=True,
                     alt=t("成绩", "Scores"), key=f"results:{board.announcement_id}:{board.version}")  # fmt: skip
        _teams(board)
    if board is None or board.is_reopened:
        said = t("公布成绩", "Announce the scores") if board is None else t("重新公布成绩", "Announce them anew")
        if st.button(said, key=f"announce:{code}:{window.id}"):
            acts.dialog(said, _announce, actor, code, window.id, rules, board.version if board else 0)
    if board is not None and board.appeals:
        st.subheader(t("申诉", "Appeals"), anchor=False)
        names = {line.application_id: line.subject for line in lines}
        for case in board.appeals:
            _appeal(actor, case, names)


def _board(actor: Actor, code: str, round_id: str) -> Board | None:
    """The announced scores as this person may see them; None before there are any."""
    try:
        return judging.contest(actor, round_id=round_id, desk=code)
    except NotFoundError:
        return None


def _until(board: Board) -> None:
    if board.is_final:
        st.success(t("成绩已确定。", "The scores are final."), icon=":material/check:")
    else:
        at = words.moment(board.provisional_until)
        st.warning(plain(t(f"成绩为暂定：申诉至{at}，并须裁决完毕。",
                           f"Provisional: appeals until {at}, and until all are ruled on.")))  # fmt: skip


def _line(rules: Programme, one: Mapping[str, Any]) -> dict[str, Any]:
    prizes = rules.contest.prizes if rules.contest else ()
    results = rules.scoring.results if rules.scoring else ()
    return {
        t("名次", "Rank"): one["rank"], t("名称", "Name"): one["subject"],
        t("得分", "Score"): words.points(one["score"]),
        t("结论", "Result"): _called(results, one["result"]), t("奖项", "Prize"): _called(prizes, one["prize"]),
        t("奖金", "Prize money"): words.money(one["fen"]) if one["fen"] else "",
        t("代表队", "Team"): one["team"] or "",
    }  # fmt: skip


def _teams(board: Board) -> None:
    if board.teams:
        rows = [{t("代表队", "Team"): one["team"], t("团体积分", "Points"): one["points"]} for one in board.teams]
        st.dataframe(rows, hide_index=True, alt=t("团体成绩", "Teams"),
                     key=f"teams:{board.announcement_id}:{board.version}")  # fmt: skip


def _announce(actor: Actor, code: str, round_id: str, rules: Programme, seen: int) -> None:
    key, hours = keys.token("announce", f"{code}:{round_id}", seen), rules.contest.appeal_hours if rules.contest else 0
    acts.consequences(
        t(f"成绩、名次和奖项告知全部参赛者，{hours}小时内为暂定，可以申诉。",
          f"All competitors are told score, rank and prize. For {hours} hours they are provisional."),
        t("公布后评分表不再改动，除非申诉成立。", "Sheets stand from then on, unless an appeal is accepted."),
    )  # fmt: skip
    pressed = st.button(t("确认公布", "Announce now"), key=f"send:{key}", type="primary", shortcut=acts.SEND)
    if pressed and attempt(contests.announce, actor, round_id=round_id, organization_code=code, seen=seen, key=key,
                           done=t("成绩已公布", "The scores are announced")) is not None:  # fmt: skip
        st.rerun()


def _appeal(actor: Actor, case: Appeal, names: Mapping[str, str]) -> None:
    """One appeal with its ruling, or the way to one."""
    with st.container(border=True):
        st.text(f"{names.get(case.application_id, '')} · {words.label(case.state)} · {words.moment(case.filed_at)}")
        _said(case)
        if case.state is AppealState.OPEN and st.button(t("裁决", "Rule on it"), key=f"ruling:{case.id}"):
            acts.dialog(t("裁决申诉", "Rule on the appeal"), _rule, actor, case)


def _said(case: Appeal) -> None:
    st.text(case.words)
    if case.ruling:
        st.caption(plain(t(f"裁决：{case.ruling}", f"Ruling: {case.ruling}")))


def _rule(actor: Actor, case: Appeal) -> None:
    key = keys.token("rule", case.id)
    people = {one.account_id: one.name for one in judges.judges(actor, case.application_id) if one.wrote}
    acts.consequences(
        t("裁决是最终的，原文告知参赛者。", "The ruling is final; the competitor reads its words."),
        t("申诉成立的，有误的评分表作废，由原评委重评，成绩须重新公布。",
          "If accepted, the wrong sheets are void, their judges write anew, and the scores are announced again."),
    )  # fmt: skip
    st.text(case.words)
    with acts.kept(actor, case.id, 0, "rule"), st.form(f"form:{key}", border=False):
        outcome = st.radio(
            t("裁决", "Ruling"), [ACCEPTED, "rejected"], index=None, horizontal=True, key=f"outcome:{key}",
            format_func=lambda one: words.label(AppealState(one)),
        )  # fmt: skip
        void = st.multiselect(
            t("作废哪些评委的评分表（申诉成立时）", "Whose sheets were wrong (if accepted)"), list(people),
            format_func=lambda code: plain(people[code]), key=f"void:{key}", placeholder=t("请选择", "Choose"),
        )  # fmt: skip
        said = st.text_area(t("裁决理由（必填）", "Grounds (required)"), max_chars=2000, key=f"words:{key}")
        sent = acts.send(t("裁决", "Rule"))
    if sent and outcome is None:
        st.error(t("请选择裁决结果。", "Please choose a ruling."))
    elif sent and attempt(appeals.rule_on_appeal, actor, case.id, outcome=outcome, words=said, key=key,
                          void=void if outcome == ACCEPTED else None, labels={"words": t("裁决理由", "Grounds")},
                          done=t("申诉已裁决", "The appeal was ruled on")) is not None:  # fmt: skip
        st.rerun()


def mine(actor: Actor, row: Application, rules: Programme) -> None:
    """One's own announced scores, what became of one's appeals, and the form while one may appeal."""
    code = _judged_by(row, rules)
    board = _board(actor, code, row.round_id) if code else None
    if board is None:
        return
    st.subheader(t("比赛成绩", "Scores"))
    _until(board)
    own = [one for one in board.results if one.get("application") == row.id]
    st.dataframe([_line(rules, one) for one in own or board.results], hide_index=True, alt=t("比赛成绩", "Scores"),
                 key=f"score:{board.announcement_id}:{board.version}")  # fmt: skip
    for case in board.appeals:
        if case.application_id == row.id:
            st.text(t("申诉：", "Appeal: ") + f"{words.label(case.state)} · {words.moment(case.filed_at)}")
            _said(case)
    if board.may_appeal:
        with st.expander(t("申诉…", "Appeal…")):
            _file(actor, row, board)


def _judged_by(row: Application, rules: Programme) -> str | None:
    """The desk on the application's way whose judges score."""
    if rules.contest is None or rules.scoring is None:
        return None
    return next((code for rung, code in row.route or () if rung == rules.scoring.step), None)


def _file(actor: Actor, row: Application, board: Board) -> None:
    key = keys.token("appeal", row.id, board.version)
    st.write(t("请写明对哪项成绩有异议及理由；裁决是最终的。",
               "Say which score you dispute, and why. The ruling is final."))  # fmt: skip
    # With an appeal more it is another box: what was filed is not offered again.
    filed = sum(case.application_id == row.id for case in board.appeals)
    with acts.kept(actor, row.id, board.version, f"appeal-{filed}"), st.form(f"form:{key}", border=False):
        said = st.text_area(
            t("申诉理由（必填）", "Grounds of the appeal (required)"), max_chars=2000, key=f"words:{key}"
        )
        sent = acts.send(t("提交申诉", "Appeal"))
    if sent and attempt(appeals.appeal, actor, row.id, words=said, key=key,
                        labels={"words": t("申诉理由", "Grounds of the appeal")},
                        done=t("申诉已提交", "Your appeal is filed")) is not None:  # fmt: skip
        st.rerun()
