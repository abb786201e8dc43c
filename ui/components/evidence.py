"""What speaks against a list or only beside it: missing evidence, who stands back, what is alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from models import text
from ui.attempt import ask
from ui.components.words import plain, spoken, t
from workflows.queries import concerns, lists, similar

if TYPE_CHECKING:
    from models.slate import Slate
    from workflows.queries.similar import Alike
    from workflows.record.acting import Actor

_MOST = 20


def concerned(actor: Actor, slate: Slate) -> None:
    """Before the seal: names with missing evidence, and who must stand back."""
    found = ask(concerns.seal_concerns, actor, slate.id)
    if found is None:
        return
    rules = lists.rules_of(slate.round_id)
    labels = {field.name: field.label.in_(spoken()) for field in rules.fields}
    labels |= {slot.name: slot.label.in_(spoken()) for slot in rules.slots}
    for one in found.lacking[:_MOST]:
        said = "；".join(text.explain(fault["code"], fault, spoken(), labels) for fault in one.faults)
        st.warning(plain(t(f"材料不全：{one.subject}（{one.receipt}）：{said}",
                           f"Evidence is missing: {one.subject} ({one.receipt}): {said}")))  # fmt: skip
    for person in found.recused[:_MOST]:
        st.warning(plain(t(f"须回避：{person.who}与{person.subject}（{person.unit}）有关，不能由其确认。",
                           f"{person.who} belongs to {person.subject} ({person.unit}) and may not seal.")))  # fmt: skip


def alike(actor: Actor, slate: Slate) -> None:
    """What names of the list are alike to, on any route, in any round and year; evidence and no verdict."""
    found = ask(similar.likenesses, actor, slate_id=slate.id)
    if not found:
        return
    st.caption(t(f"相似材料 {len(found)} 处，仅供核对，不作结论：", f"{len(found)} likenesses, to be looked at:"))
    for one in found[:_MOST]:
        st.text(_said(one))


def _said(one: Alike) -> str:
    text_said = t(f"文字相似{one.percent}%", f"texts {one.percent}% alike") if one.percent else ""
    files = t(f"相同附件{one.files}个", f"{one.files} equal files") if one.files else ""
    other = (
        f"{one.other_subject}（{one.other_receipt}，{one.other_unit}，{one.other_round}）" if one.other_id
        else t("其他审核单位的另一份申报", "another filing in another desk")
    )  # fmt: skip
    return f"{one.subject}（{one.receipt}） ~ {other}：{'，'.join(filter(None, [text_said, files]))}"
