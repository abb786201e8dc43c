"""The judge's desk: the cases to score, and one of them beside one's own sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from models.vocabulary import Act, Thing
from ui.attempt import ask, attempt, begin
from ui.components import acts, judging, keys, links, packs, paper, sheet, shortcuts, undertaking, words
from ui.components.words import plain, t
from workflows.judging import scoring
from workflows.queries import applications, judges, lists
from workflows.queries import judging as asked
from workflows.rules import permissions

if TYPE_CHECKING:
    from models.programme import Programme, Scoring
    from workflows.queries.applications import Whole
    from workflows.queries.judges import Case, CasePage, Panel
    from workflows.record.acting import Actor

CURSORS = "score:cursors"


def main() -> None:
    """The case of the address, else the list of cases."""
    actor = begin()
    chosen = links.given("id")
    if chosen:
        _case(actor, chosen)
    else:
        _list(actor)


def _list(actor: Actor) -> None:
    st.title(t("评分", "Scoring"), anchor=False)
    shortcuts.sheet("score")
    undertaking.draw(actor)
    panel = _picked(judges.panels_of(actor))
    if panel is None:
        st.info(t("目前没有需要您评分的批次。", "There is no round for you to score at the moment."))
        return
    cursors: list[str] = st.session_state.setdefault(f"{CURSORS}:{panel.desk}:{panel.round_id}", [""])
    page = ask(judges.to_score, actor, desk=panel.desk, round_id=panel.round_id, after=cursors[-1])
    if page is None:
        return
    if not page.cases:
        st.info(t("目前没有可评分的申报。", "Nothing is here to be scored."), icon=":material/task_alt:")
    else:
        _table(page, panel)
    _turning(cursors, page)
    if page.cases:
        packs.draw(actor, panel.desk, panel.round_id)


def _picked(found: list[Panel]) -> Panel | None:
    """The desk and round to score; a picker when there are several."""
    if len(found) <= 1:
        if found:
            st.text(f"{found[0].desk_name} · {found[0].round_name}")
        return found[0] if found else None
    known = {f"{one.desk}:{one.round_id}": one for one in found}
    chosen = st.selectbox(
        t("单位与批次", "Desk and round"), list(known), key="score:panel", persist_state="session",
        format_func=lambda key: f"{known[key].desk_name} · {known[key].round_name}",
    )  # fmt: skip
    return known[chosen]


def _table(page: CasePage, panel: Panel) -> None:
    left = sum(not case.done and not case.recused for case in page.cases)
    st.caption(t(f"本页还有{left}件未评分", f"{left} on this page are not scored yet"))
    rows = [
        {t("名称", "Name"): case.subject, t("我的评分", "My sheet"): _standing(case),
         t("申报单位", "Unit"): case.organization_name, t("受理编号", "Receipt"): case.receipt or ""}
        for case in page.cases
    ]  # fmt: skip
    mark = hash(tuple(case.id for case in page.cases))
    picked = st.dataframe(
        rows, key=f"score:{panel.desk}:{panel.round_id}:{mark}", on_select="rerun", selection_mode="single-row",
        hide_index=True, alt=t("待评分申报", "Cases to score"),
    ).selection.rows  # fmt: skip
    none = None if picked else t("请先在列表中选择一行", "Select a row of the list first")
    if acts.button(t("打开", "Open"), none, key="score:open", type="primary", shortcut=shortcuts.OPEN):
        links.go("score", id=page.cases[picked[0]].id)


def _standing(case: Case) -> str:
    if case.done:
        return t("已评分", "written")
    return t("须回避", "must stand back") if case.recused else t("未评分", "not written")


def _turning(cursors: list[str], page: CasePage) -> None:
    """Earlier and later pages; a page begins where the one before it ended."""
    if len(cursors) == 1 and page.after is None:
        return
    with st.container(horizontal=True):
        st.button(t("上一页", "Previous"), key="score:back", disabled=len(cursors) == 1, on_click=_back,
                  args=(cursors,), shortcut=shortcuts.EARLIER, help=words.first(len(cursors) == 1))  # fmt: skip
        st.button(t("下一页", "Next"), key="score:on", disabled=page.after is None, on_click=cursors.append,
                  args=(page.after,), shortcut=shortcuts.LATER, help=words.last(page.after is None))  # fmt: skip


def _back(cursors: list[str]) -> None:
    cursors.pop()


def _case(actor: Actor, chosen: str) -> None:
    """One application, to be read only, beside the sheet."""
    with st.container(horizontal=True):
        back = st.button(t("返回评分列表", "Back to the list"), key="score:return", icon=":material/arrow_back:")
        shortcuts.sheet("score")
    if back:
        links.go("score")
    whole = ask(applications.application, actor, chosen)
    if whole is None:
        return
    row, rules = whole.application, lists.rules_of(whole.application.round_id)
    st.title(plain(row.subject), anchor=False)
    st.text(f"{whole.round.name} · {whole.unit.name} · {row.receipt or ''}")
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.subheader(t("申报表", "Form"), anchor=False)
        paper.form(rules, whole, applications.revisions(actor, row.id))
        st.subheader(t("佐证材料", "Evidence"), anchor=False)
        paper.files(rules, whole)
    with right:
        st.subheader(t("我的评分表", "My sheet"), anchor=False)
        _mine(actor, whole, rules)


def _mine(actor: Actor, whole: Whole, rules: Programme) -> None:
    """One's own sheet: as it was written, or to be written."""
    row, rule = whole.application, rules.scoring
    if rule is None:
        st.info(plain(words.code("no_scoring")))
        return
    own = [one for one in asked.sheets(actor, row.id) if one.account_id == actor.id]
    for one in own:
        sheet.written(rule, one)
    reason = permissions.refusal(actor, Act.SCORE, Thing.APPLICATION, row)
    if reason is not None:
        st.info(plain(words.code(reason, act=Act.SCORE.value, receipt=row.receipt)))
    elif not any(one.voided_at is None or one.recused for one in own):
        _form(actor, whole, rule)
    may_leave = reason is None and not any(one.recused for one in own)
    if may_leave and st.button(t("我要回避", "Stand back"), key=f"score:recuse:{row.id}"):
        acts.dialog(t("我要回避", "Stand back"), judging.stand_back, actor, row, actor.id)


def _form(actor: Actor, whole: Whole, rule: Scoring) -> None:
    """The sheet to write. Its fields stand outside a form, so that the total follows what is typed."""
    row = whole.application
    key = keys.token("score", row.id)
    with acts.keeping(actor, row, "score"):
        given = sheet.typed(rule, key)
        said = st.text_area(t("评语（可不填）", "Remarks (optional)"), max_chars=2000, key=f"words:{key}")
    acts.consequences(t("评分表提交后不能更改；名单确认前，其他评委看不到。",
                        "A sheet is never changed. Other judges do not see it before the list is sealed."))  # fmt: skip
    pressed = st.button(t("提交评分", "Write the sheet"), key=f"send:{key}", type="primary", shortcut=shortcuts.SEND)
    if pressed and given.get("vote", True) is None:
        st.error(t("请选择同意或不同意。", "Please choose yes or no."))
    elif pressed and attempt(scoring.score, actor, row.id, words=said, key=key, labels=sheet.labels(rule),
                             done=t("评分已提交", "Your sheet is written"), **given) is not None:  # fmt: skip
        st.rerun()


main()
