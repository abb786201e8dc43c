"""The undertaking a judge accepts before the first sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ui.attempt import attempt
from ui.components import acts, keys
from ui.components.words import t
from workflows.judging import drawing
from workflows.queries import benches

if TYPE_CHECKING:
    from workflows.record.acting import Actor


def draw(actor: Actor) -> None:
    """For each panel one was drawn for and has not answered yet: what is promised, and the button."""
    for one in benches.my_panels(actor):
        if one.undertaken:
            continue
        st.subheader(t("评审承诺书", "Judges' undertaking"), anchor=False)
        st.text(one.round_name)
        acts.consequences(
            t("客观公正，独立评分，不受他人影响。", "I judge fairly and by myself, under nobody's influence."),
            t("不透露评审组名单、评审内容和评分。", "I keep silent about who judges, what was said and given."),
            t("与申报单位或个人有利害关系的，主动回避。", "I stand back from any case that I have an interest in."),
            t("不收受申报单位的财物、宴请。", "I take no gift and no meal from whoever applies."),
        )
        key = keys.token("accept-undertaking", one.panel_id)
        label = t("我承诺遵守", "I give this undertaking")
        if st.button(label, key=f"undertake:{key}", type="primary") and (
            attempt(drawing.accept_undertaking, actor, one.panel_id, key=key, done=t("已签署", "Accepted")) is not None
        ):
            st.rerun()
