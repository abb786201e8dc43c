"""How a case, a list or a round stood at the end of a day, beside its events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from models import clock
from ui.attempt import ask
from ui.components import paper, words
from ui.components.words import plain, t
from workflows.queries import as_of as asked
from workflows.queries.programmes import rules_of
from workflows.rules.calendar import ends_at, local_date

if TYPE_CHECKING:
    from models.programme import FieldRule
    from models.vocabulary import Thing
    from workflows.queries.as_of import Past
    from workflows.record.acting import Actor


_LONG = 30  # characters: what is longer is cut in a table's cell


def draw(actor: Actor, kind: Thing, thing_id: str) -> None:
    """A day to choose, and the thing as it was when that day ended; nothing for things that have no such view."""
    if kind not in asked.KINDS:
        return
    st.subheader(t("历史状态", "As it stood"), anchor=False)
    today = local_date(clock.now())
    day = st.date_input(t("截至这一天24:00", "At the end of this day"), today, max_value=today, format="YYYY-MM-DD",
                        key=f"as_of:{thing_id}")  # fmt: skip
    if day is None:
        st.caption(t("请选择日期。", "Please choose a day."))
        return
    told = ask(asked.as_of, actor, kind=kind, thing_id=thing_id, at=min(ends_at(day), clock.now()))
    if told is not None:
        _told(told)


def _told(told: Past) -> None:
    st.markdown(f"**{plain(told.name or words.label(told.thing))}** · {plain(words.label(told.state))}")
    said = [
        t(f"第{told.version}项记录为止", f"up to event no. {told.version}"),
        t(f"{words.moment(told.since)}起", f"since {words.moment(told.since)}"),
    ]
    if told.tier is not None:
        said.append(t("层级：", "tier: ") + words.label(told.tier))
    if told.due_at is not None:
        said.append(t("期限：", "due: ") + words.until(told.due_at))
    st.caption(plain(" · ".join(said)))
    if told.hidden:
        st.info(t("当时的内容不对您公开。", "What it held then is not for you to see."))
    _answers(told)
    if told.ranks:
        st.dataframe(_ranks(told), hide_index=True, alt=t("当时的名单", "The list then"))
    if told.places:
        st.dataframe(_places(told), hide_index=True, alt=t("当时的名额", "The places then"))


def _answers(told: Past) -> None:
    if not told.answers:
        return
    # Its fields and choices are called as on paper.
    rules = rules_of(told.programme)
    named, fields = paper.labels(rules), {field.name: field for field in rules.fields}
    said = [(named.get(field, field), _value(fields.get(field), value)) for field, value in told.answers.items()]
    st.dataframe({
        t("项目", "Field"): [name for name, _ in said],
        t("内容", "Answer"): [value for _, value in said],
    }, hide_index=True, alt=t("当时填写的内容", "The form then"))  # fmt: skip
    if long := [(name, value) for name, value in said if len(value) > _LONG]:
        with st.expander(t(f"较长内容的全文（{len(long)}项）", f"The longer answers in full ({len(long)})")):
            for name, value in long:
                st.caption(plain(name))
                st.text(value)


def _value(rule: FieldRule | None, value: Any) -> str:
    if isinstance(value, list):
        return t("、", ", ").join(_value(rule, one) for one in value)
    return str(value) if rule is None else paper.said(rule, value)


def _ranks(told: Past) -> dict[str, list[Any]]:
    reserve, main = t("备选", "reserve"), t("入选", "main")
    return {
        t("名次", "Rank"): [one.rank for one in told.ranks],
        t("类别", "As"): [reserve if one.reserve else main for one in told.ranks],
        t("受理编号", "Receipt"): [one.receipt or "" for one in told.ranks],
        t("名称", "Name"): [one.subject for one in told.ranks],
    }


def _places(told: Past) -> dict[str, list[Any]]:
    return {
        t("单位", "Union"): [one.organization_name for one in told.places],
        t("名额", "Issued"): [one.issued for one in told.places],
        t("占用", "Held"): [one.reserved for one in told.places],
        t("已用", "Used"): [one.used for one in told.places],
    }
