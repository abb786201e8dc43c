"""What speaks against a list or only beside it: missing evidence, who stands back, what is alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from models import text
from ui.attempt import ask
from ui.components.words import plain, spoken, t
from workflows.queries import concerns, lists, similar
from workflows.rules import similarity

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
    """What names of the list are alike to, in another unit or another round; evidence and no verdict."""
    known = ask(similar.likenesses, actor, slate_id=slate.id) or []
    found = similarity.telling(known)
    if not found:
        return
    strong = [one for one in found if similarity.is_strong(one)]
    st.caption(_counted(strong, {one.application_id for one in known}))
    weak = len(found) - len(strong)
    span = f"{similarity.ALIKE}–{similarity.STRONG}%"
    said = t(f"也列出较弱的{weak}处（文字{span}相同）", f"List the {weak} weaker ones as well (texts {span} the same)")
    shown = found if weak and st.toggle(said, key=f"alike:all:{slate.id}") else strong
    if not shown:
        return
    st.dataframe(
        [_said(one) for one in shown[:_SHOWN]], hide_index=True, height=_HEIGHT if len(shown) > _FEW else "auto",
        alt=t("相似材料", "Likenesses"), key=f"alike:{slate.id}:{slate.version}",
    )  # fmt: skip


def _counted(found: list[Alike], listed: set[str]) -> str:
    """How many of the names listed have something alike, and in which way; none is said as well."""
    if not found:
        return t("没有与其他单位或其他批次的申报明显相似的（文字或附件）。",
                 "No name is clearly alike to a filing of another unit or round.")  # fmt: skip
    names, texts, files = (
        len({name for one in part for name in (one.application_id, one.other_id) if name in listed})
        for part in (found, [one for one in found if one.percent], [one for one in found if one.files])
    )
    return t(
        f"{names}项申报与其他单位或其他批次的申报相似（文字相近{texts}项，附件相同{files}项）。仅供核对，不作结论。",
        f"{names} of these names are alike to filings of other units or rounds ({texts} in their texts, {files} in "
        "equal files). To be looked at; no verdict.",
    )


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
