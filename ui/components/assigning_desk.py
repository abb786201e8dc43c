"""Who judges what on a page: deal the cases out (tried first), see why each, move one by hand, see who is late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from models.text import explain
from models.vocabulary import Act, Thing
from ui.attempt import ask, attempt
from ui.components import acts, keys, words
from ui.components.words import plain, t
from workflows.judging import assigning
from workflows.queries import benches
from workflows.record import foreseeing

if TYPE_CHECKING:
    from workflows.queries.benches import Given
    from workflows.queries.panels import Drawn
    from workflows.record.acting import Actor

_WAYS = {
    "optimal": ("最优分派", "best of all"),
    "anchor": ("共评件", "anchor case"),
    "replaced": ("递补", "replacement"),
    "by_hand": ("人工", "by hand"),
}


def draw(actor: Actor, drawn: Drawn | None) -> None:
    """The form that deals out, the pairs with their reasons, and who owes sheets."""
    if drawn is None:
        st.info(t("请先抽取评审组。", "Please draw a panel first."))
        return
    row = drawn.panel
    _late(actor, row.id)
    reason = acts.why_not(actor, Act.ASSIGN, Thing.PANEL, row)
    if acts.button(t("分派评审", "Deal the cases out"), reason, key=f"panels:assign:{row.id}", type="primary"):
        acts.dialog(t("分派评审", "Deal the cases out"), _deal, actor, row)
    found = ask(benches.assignments, actor, row.id) or []
    if found:
        _table(actor, drawn, found)


def _late(actor: Actor, panel_id: str) -> None:
    """Who owes how many sheets by when; never what anybody gave."""
    found = ask(benches.late_sheets, actor, panel_id) or []
    if found:
        st.dataframe(
            [{t("姓名", "Name"): one.name, t("未评", "To write"): one.left, t("期限", "Due"): words.until(one.due_at),
              t("逾期", "Overdue"): one.overdue} for one in found],
            hide_index=True, alt=t("评分进度", "Progress"), key=f"panels:late:{panel_id}",
        )  # fmt: skip


def _deal(actor: Actor, row: Any) -> None:
    """What to deal out by; it is tried, and only then done."""
    key = keys.token("assign", row.id, row.version)
    with st.form(f"panels:{key}", border=False):
        left, right = st.columns(2)
        given: dict[str, Any] = {
            "judges": left.number_input(t("每项评委数（不填按项目规定）", "Judges of a case (empty: the programme's)"),
                                        value=None, step=1, min_value=1, key=f"judges:{key}"),
            "most": right.number_input(t("每位最多项数（可不填）", "Cases of a judge at most (optional)"), value=None,
                                       step=1, min_value=1, key=f"most:{key}"),
            "field": left.text_input(t("表示专业领域的申报表字段（可不填）", "The form's field that tells the field"),
                                     max_chars=60, key=f"field:{key}"),
            "days": int(right.number_input(t("评分期限（工作日）", "Working days for the sheets"), value=10, step=1,
                                           min_value=1, key=f"days:{key}")),
            "one_per_unit": st.checkbox(t("同一项不安排同单位的两位评委", "No two judges of a unit for a case"),
                                        key=f"unit:{key}"),
        }  # fmt: skip
        tried = st.form_submit_button(t("试算", "Try it"))
        sent = acts.send(t("分派", "Deal out"))
    if tried:
        _tried(actor, row, given)
    if sent and attempt(assigning.assign, actor, row.id, seen=row.version, key=key, **given,
                        done=t("已分派", "Dealt out")) is not None:  # fmt: skip
        st.rerun()


def _tried(actor: Actor, row: Any, given: dict[str, Any]) -> None:
    arguments = {"panel_id": row.id, "seen": row.version, **{k: v for k, v in given.items() if v is not None}}
    found = ask(foreseeing.plan, actor, verb="assign", arguments=arguments)
    if found is not None and found.refused is not None:
        st.error(plain(explain(found.refused[0], found.refused[1], words.spoken())))
    elif found is not None:
        n = sum(one.template == "cases_assigned" for one in found.letters)
        st.success(t(f"可以分派，将通知{n}位评委。", f"It can be done; {n} judges are told."))


def _table(actor: Actor, drawn: Drawn, found: list[Given]) -> None:
    row = drawn.panel
    mark = hash(tuple((one.application_id, one.account_id, one.written) for one in found))
    picked = st.dataframe(
        [_pair(one) for one in found], hide_index=True, on_select="rerun", selection_mode="single-row",
        key=f"panels:pairs:{row.id}:{mark}", alt=t("分派", "Assignment"),
    ).selection.rows  # fmt: skip
    chosen = found[picked[0]] if picked else None
    reason = acts.why_not(actor, Act.ASSIGN, Thing.PANEL, row)
    if reason is None and (chosen is None or chosen.written):
        reason = t("请先选择一行尚未评分的", "Choose a row not scored yet first")
    if acts.button(t("改派", "Give to another"), reason, key=f"panels:reassign:{row.id}") and chosen is not None:
        acts.dialog(t("改派", "Give to another"), _move, actor, drawn, chosen)


def _pair(one: Given) -> dict[str, Any]:
    zh, en = _WAYS.get(str(one.reason.get("way")), ("", ""))
    return {
        t("受理编号", "Receipt"): one.receipt or "",
        t("名称", "Name"): one.subject,
        t("评委", "Judge"): one.name,
        t("方式", "How"): t(zh, en),
        t("匹配领域", "Field in common"): one.reason.get("field", ""),
        t("分派时件数", "Cases then"): one.reason.get("load"),
        t("已评分", "Written"): one.written,
    }


def _move(actor: Actor, drawn: Drawn, chosen: Given) -> None:
    """One case to another judge: by the draw, or to somebody named."""
    people = {one.account_id: one.name for one in drawn.members if one.left_at is None}
    about = f"{chosen.application_id}:{chosen.account_id}"
    key = keys.token("reassign", about, drawn.panel.version)
    with acts.kept(actor, about, drawn.panel.version, "reassign"), st.form(f"panels:{key}", border=False):
        st.text(f"{chosen.receipt or ''} {chosen.subject} · {chosen.name}")
        to = st.selectbox(t("改派给（不选：抽取的下一顺位）", "To (none: the next of the draw)"), ["", *people],
                          format_func=lambda who: plain(people.get(who, "—")), key=f"to:{key}")  # fmt: skip
        reason = st.text_area(t("理由（必填）", "Reason (required)"), max_chars=500, key=f"reason:{key}")
        sent = acts.send(t("改派", "Give"))
    row = drawn.panel
    if sent and attempt(assigning.reassign, actor, row.id, chosen.application_id, chosen.account_id, to=to,
                        reason=reason, seen=row.version, key=key, done=t("已改派", "Given")) is not None:  # fmt: skip
        st.rerun()
