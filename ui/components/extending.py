"""A tier's cut-off put off with a reason, by the union whose round it is."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from models.vocabulary import Act, Thing
from ui.attempt import ask, attempt
from ui.components import acts, keys, words
from ui.components.words import plain, t
from workflows.desk import cut_offs
from workflows.queries import admin, lists
from workflows.rules import routes
from workflows.rules.calendar import ends_at

if TYPE_CHECKING:
    from models.round import Round
    from models.vocabulary import Rung
    from workflows.queries.admin import Places
    from workflows.record.acting import Actor


def extendable(row: Round) -> list[Rung]:
    """The tiers of a round whose cut-off the programme lets be put off."""
    rules = lists.rules_of(row.id)
    return [step.desk for step in rules.ladder if step.cut_off and step.late == "extend" and not rules.entry.rolling]


def draw(actor: Actor, row: Round, rungs: list[Rung]) -> None:
    """Pick a union of these tiers, see its cut-off as it stands, and put it off."""
    unions = {one.organization: one for one in admin.places(actor, round_id=row.id)
              if routes.rung_of(one.tier) in rungs}  # fmt: skip
    if not unions:
        st.caption(t("本批次没有这一级的单位。", "There is no union of such a tier in this round."))
        return
    desk = st.selectbox(t("延长哪个单位的截止时间", "Whose cut-off"), list(unions), key=f"extend:desk:{row.id}",
                        format_func=lambda code: _called(unions[code]))  # fmt: skip
    limit = ask(cut_offs.cut_off, actor, round_id=row.id, organization_code=desk)
    if limit is not None:
        until = words.until(limit.at)
        st.text(t(f"目前截止：{until}（{limit.derivation}）", f"Cut-off now: {until}"))
    key = keys.token("extend", f"{row.id}:{desk}", row.version)
    reason = acts.why_not(actor, Act.EXTEND, Thing.ROUND, row)
    with acts.keeping(actor, row, f"extend-{desk}"), st.form(f"form:{key}", border=False):
        day = st.date_input(t("延长至（当日24:00）", "Until the end of"), value=None, format="YYYY-MM-DD",
                            key=f"until:{key}")  # fmt: skip
        why = st.text_area(t("理由（必填）", "Reason (required)"), max_chars=500, key=f"reason:{key}")
        sent = st.form_submit_button(t("延长截止时间", "Extend"), type="primary", disabled=reason is not None,
                                     help=plain(reason) if reason else None)  # fmt: skip
    if not sent:
        return
    if not isinstance(day, date):
        st.error(t("请填写延长至哪一天。", "Please give the day."))
    elif attempt(cut_offs.extend, actor, round_id=row.id, organization_code=desk, until=ends_at(day), reason=why,
                 key=key, done=t("截止时间已延长，已通知该单位", "Extended, and told")) is not None:  # fmt: skip
        st.rerun()


def _called(one: Places) -> str:
    return plain(f"{one.name}（{words.label(one.tier)}）")
