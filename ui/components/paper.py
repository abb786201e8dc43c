"""An application as a reviewer reads it: its form, what changed in it, its files, its history."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Protocol

import streamlit as st

from models import text
from models.vocabulary import Act
from ui.components import words
from ui.components.tables import arrow
from ui.components.words import plain, t
from ui.files import PICTURES, SHOWN
from workflows.queries import review
from workflows.rules import forms
from workflows.rules.office_words import acted

if TYPE_CHECKING:
    from models.application import Application, Revision
    from models.attachment import Attachment
    from models.programme import FieldRule, Programme
    from workflows.queries.applications import Whole
    from workflows.record.acting import Actor

_MEGABYTE = 1_000_000


class Filed(Protocol):
    """An application with its files, as far as its slots need it."""

    @property
    def application(self) -> Application:
        """The application."""

    @property
    def files(self) -> list[Attachment]:
        """The files in its slots."""


def labels(rules: Programme) -> dict[str, str]:
    """What the form's fields and slots are called, in the reader's language."""
    spoken = words.spoken()
    fields = {field.name: field.label.in_(spoken) for field in rules.fields}
    return fields | {slot.name: slot.label.in_(spoken) for slot in rules.slots}


def said(rule: FieldRule, value: Any) -> str:
    """An answer as people read it."""
    if value in (None, ""):
        return text.MISSING
    if rule.kind == "yes_no":
        return words.label(str(value))
    if rule.kind == "money":
        return text.yuan(value)
    if rule.kind == "date":
        return text.day(str(value), words.spoken())
    if value in rule.choices and rule.choice_labels:
        return rule.choice_labels[rule.choices.index(value)].in_(words.spoken())
    return str(value)


def form(rules: Programme, whole: Whole, changes: list[Revision]) -> None:
    """Each field with its answer; what its people changed since the last return beside it."""
    faults = {fault["field"]: fault["words"] for fault in whole.application.faults}
    before = before_return(whole, changes)
    for rule in _shown(rules, whole):
        with st.container(gap="xxsmall"):
            st.caption(plain(rule.label.in_(words.spoken())))
            st.text(said(rule, whole.application.answers.get(rule.name)))
        if rule.name in before:
            was = said(rule, before[rule.name])
            st.info(plain(t(f"补正前：{was}", f"Before the correction: {was}")))
        if rule.name in faults:
            st.warning(plain(t(f"退回意见：{faults[rule.name]}", f"Returned: {faults[rule.name]}")))


def _shown(rules: Programme, whole: Whole) -> list[FieldRule]:
    """The fields whose condition holds, and those that have an answer all the same."""
    answers = whole.application.answers
    known = forms.counting(rules, answers)
    return [f for f in rules.fields if answers.get(f.name) is not None or f.when is None or f.when.holds(known)]


def files(rules: Programme, whole: Filed) -> None:
    """The files in their slots, each to be saved by its link."""
    known = forms.counting(rules, whole.application.answers)
    lying = {file.slot for file in whole.files}
    for slot in (s for s in rules.slots if s.name in lying or s.when is None or s.when.holds(known)):
        st.caption(plain(slot.label.in_(words.spoken())))
        found = [file for file in whole.files if file.slot == slot.name]
        for file in found:
            size = f"{file.size / _MEGABYTE:.1f} MB" if file.size >= _MEGABYTE else f"{file.size:,} B"
            st.link_button(plain(f"{file.filename}（{size}）"), f"/files/{file.id}",
                           icon=":material/download:", key=f"file:{file.id}")  # fmt: skip
            shown(file)
        if not found:
            st.text(t("未上传", "No file"))


def shown(file: Attachment) -> None:
    """A file as it looks, once it is asked for: a picture, or a document in the browser's own viewer."""
    if file.media_type not in SHOWN:
        return
    if not st.toggle(t("在此查看", "Show here"), key=f"show:{file.id}"):
        return
    address, told = f"/files/{file.id}?beside", plain(file.filename)
    if file.media_type in PICTURES:
        st.markdown(f"![{told}]({address})")
        return
    # An id of ours and nothing that anybody typed: Streamlit's own frames are sandboxed, and show no documents.
    title = escape(t("佐证材料", "Evidence"))
    st.markdown(f'<iframe src="{escape(address)}" title="{title}" width="100%" height="640"></iframe>',
                unsafe_allow_html=True)  # fmt: skip


def due(whole: Whole) -> None:
    """What is due, by when, and how the day was found."""
    for row in whole.deadlines:
        kind, until = words.label(row.kind), words.due(row.due_at)
        st.text(t(f"{kind}：{until}", f"{kind}: {until}"))
        if row.derivation and words.spoken() == "zh":  # kept in Chinese only
            st.caption(plain(row.derivation))
    if not whole.deadlines:
        st.text(t("目前没有期限", "Nothing is due"))


def opinions(actor: Actor, whole: Whole, called: dict[str, str]) -> None:
    """What the tiers have said of it so far."""
    if not whole.reviews:
        st.text(t("各级尚未提出意见", "No tier has given an opinion yet"))
        return
    desks = review.names(actor, codes=[r.desk for r in whole.reviews])
    for row in whole.reviews:
        st.caption(plain(f"{desks[row.desk]} · {words.label(row.outcome)} · {words.moment(row.at)}"))
        if row.opinion:
            st.text(row.opinion)
        for fault in row.faults:
            st.text(f"· {called.get(fault['field'], fault['field'])}：{fault['words']}")


def history(actor: Actor, whole: Whole) -> None:
    """Every act on it, oldest first."""
    desks = review.names(actor, codes=[h.desk for h in whole.history if h.desk])
    rows = [
        {
            t("时间", "When"): words.moment(event.at),
            t("事项", "Act"): words.label(event.act),
            t("办理人", "Who"): acted(event.who or words.label(event.account_id), event.for_whom, words.spoken()),
            t("单位", "Where"): desks.get(event.desk or "", ""),
        }
        for event in whole.history
    ]
    st.dataframe(arrow(rows), hide_index=True, alt=t("办理记录", "History"),
                 key=f"history:{whole.application.id}:{whole.application.version}")  # fmt: skip


def before_return(whole: Whole, changes: list[Revision]) -> dict[str, Any]:
    """The answers, by field, as they were when it was last returned."""
    returned = max((h.version for h in whole.history if h.act is Act.SEND_BACK), default=None)
    if returned is None:
        return {}
    later = [change for change in changes if change.version > returned]
    return {c.field: (c.before or {}).get("value") for c in reversed(later)}
