"""Facts on record: what happened to a unit or a person of it; recorded, and voided with a reason."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import streamlit as st

from models import clock
from ui.attempt import ask, attempt, begin
from ui.components import acts, keys, office, words
from ui.components.words import plain, t
from workflows.intake import facts
from workflows.queries import admin
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.fact import Fact
    from workflows.record.acting import Actor

_FIRST = date(1949, 10, 1)


def main() -> None:
    """Pick a unit, see what is on record, record something, void what was wrong."""
    actor = begin()
    st.title(t("事实记录", "Facts"))
    st.caption(
        t(
            "记录后不能修改，记错的只能注明理由作废；作废的仍保留在记录中。",
            "What is recorded is never edited. What was wrong is voided with the reason, and stays on record.",
        )
    )
    root = office.choose(actor)
    unit = _unit(actor, root)
    if unit is None:
        return
    person = st.text_input(t("个人身份证号码（查询个人时填写）", "Identity number (for a person's record)"),
                           key=f"facts:person:{unit}", type="password").strip() or None  # fmt: skip
    _recording(actor, unit)
    found = ask(facts.facts, actor, organization_code=unit, person_id=person)
    if found is not None:
        _listed(actor, unit, found)


def _unit(actor: Actor, root: str) -> str | None:
    """The unit whose record is opened, found by a part of its name or code."""
    text = st.text_input(t("查找单位（名称或代码）", "Find a unit by name or code"), key="facts:text")
    units = {row.code: row for row in admin.units(actor, root=root, text=text)}
    if not units:
        st.info(t("没有找到单位，请换一个名称或代码。", "No unit was found. Try another name or code."))
        return None
    return st.selectbox(t("单位", "Unit"), list(units), key=f"facts:unit:{root}",
                        format_func=lambda code: plain(f"{units[code].name}（{code}）"))  # fmt: skip


def _recording(actor: Actor, unit: str) -> None:
    kinds = facts.fact_kinds(actor)
    with st.expander(t("记录一项事实", "Record a fact"), icon=":material/add:"):
        if not kinds:
            st.caption(t("已发布的项目都不核查事实，无需记录。", "No published programme asks for facts."))
            return
        key = keys.token("record-fact", unit)
        with st.form(f"facts:{key}", border=False):
            given = _given(key, kinds)
            sent = st.form_submit_button(t("记录", "Record it"), type="primary")
        if sent and given["happened_on"] is None:
            st.error(t("请填写发生日期。", "Please give the day it happened."))
        elif sent and attempt(facts.record_fact, actor, organization_code=unit, **given, key=key,
                              done=t("已记录", "It is on record")) is not None:  # fmt: skip
            st.rerun()


def _given(key: str, kinds: Sequence[str]) -> dict[str, Any]:
    """What a fact is made of, as the verb wants it."""
    left, middle, right = st.columns(3)
    today = local_date(clock.now())
    return {
        "kind": left.selectbox(t("事实类别", "Kind"), kinds, key=f"kind:{key}"),
        "happened_on": middle.date_input(t("发生日期", "Happened on"), None, min_value=_FIRST, max_value=today,
                                         format="YYYY-MM-DD", key=f"happened:{key}"),
        "until": right.date_input(t("有效至（长期有效可不填）", "Holds until (empty: for good)"), None,
                                  min_value=_FIRST, format="YYYY-MM-DD", key=f"until:{key}"),
        "person_name": left.text_input(t("个人姓名（记个人时填写）", "Person's name"), max_chars=60,
                                       key=f"name:{key}"),
        "person_id": middle.text_input(t("身份证号码（记个人时填写）", "Identity number"), max_chars=30,
                                       key=f"id:{key}").strip() or None,
        "amount": right.number_input(t("分值或级别（可不填）", "Points or level (optional)"), value=None, step=1,
                                     key=f"amount:{key}"),
        "document": st.text_input(t("依据文件", "Where it is written"), max_chars=200, key=f"document:{key}"),
        "words": st.text_area(t("说明", "What happened"), max_chars=500, key=f"words:{key}"),
    }  # fmt: skip


def _listed(actor: Actor, unit: str, found: Sequence[Fact]) -> None:
    st.subheader(t("已有记录", "On record"), anchor=False)
    if not found:
        st.text(t("没有记录。", "Nothing is on record."))
        return
    event = st.dataframe(
        [_row(one) for one in found], hide_index=True, alt=t("已有记录", "On record"), on_select="rerun",
        selection_mode="single-row",
        key=f"facts:{unit}:{hash(tuple((one.id, one.voided_at) for one in found))}",
    )  # fmt: skip
    picked = [found[n] for n in event.selection.rows]
    if acts.button(t("作废", "Void"), _why_not(picked), key=f"void:{unit}:{picked[0].id if picked else ''}"):
        acts.dialog(t("作废", "Void"), _void, actor, picked[0])


def _why_not(picked: Sequence[Fact]) -> str | None:
    if not picked:
        return t("请先选择一行", "Choose a row first")
    return t("已经作废", "It is void already") if picked[0].voided_at else None


def _row(one: Fact) -> dict[str, Any]:
    return {
        t("发生日期", "Happened on"): words.day(one.happened_on),
        t("事实类别", "Kind"): one.kind,
        t("个人", "Person"): one.person_name if one.person_key else "",
        t("有效至", "Until"): words.day(one.until) if one.until else t("长期", "for good"),
        t("分值或级别", "Amount"): one.amount,
        t("说明", "What happened"): one.words,
        t("依据文件", "Document"): one.document,
        t("作废", "Void"): f"{words.moment(one.voided_at)} {one.void_reason}" if one.voided_at else "",
    }


def _void(actor: Actor, one: Fact) -> None:
    """Void one fact, with the reason."""
    acts.consequences(
        f"{words.day(one.happened_on)} {one.kind} {one.words}",
        t("作废后不再计入任何资格审查，不能恢复。", "It counts no more from then on, for good."),
    )
    key = keys.token("void-fact", one.id)
    with acts.kept(actor, one.id, 0, "void-fact"), st.form(f"form:{key}", border=False):
        reason = st.text_area(t("理由（必填）", "Reason (required)"), max_chars=500, key=f"reason:{key}")
        sent = acts.send(t("确认作废", "Void it"))
    if sent and attempt(facts.void_fact, actor, fact_id=one.id, reason=reason, key=key,
                        done=t("已作废", "Voided")) is not None:  # fmt: skip
        st.rerun()


main()
