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

_MOST, _SHOWN = 20, 500
_FEW, _HEIGHT = 5, 215  # rows, and the pixels of a table of so many


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
    st.dataframe(
        [_said(one) for one in found[:_SHOWN]], hide_index=True, height=_HEIGHT if len(found) > _FEW else "auto",
        alt=t("相似材料", "Likenesses"), key=f"alike:{slate.id}:{slate.version}",
    )  # fmt: skip


def _said(one: Alike) -> dict[str, str]:
    other = one.other_subject if one.other_id else t("其他审核单位的另一份申报", "another filing in another desk")
    return {
        t("名称", "Name"): f"{one.subject}（{one.receipt}）",
        t("文字相似", "Texts alike"): f"{one.percent}%" if one.percent else "",
        t("相同附件", "Equal files"): t(f"{one.files}个", f"{one.files}") if one.files else "",
        t("与之相似的", "Alike to"): f"{other}（{one.other_receipt}）" if one.other_id else other or "",
        t("单位", "Unit"): one.other_unit or "",
        t("批次", "Round"): one.other_round or "",
    }
