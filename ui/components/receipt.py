"""What an applicant keeps of an application that was handed in: number, time and content hash."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from models import text
from ui.components import links, words
from ui.components.words import t

if TYPE_CHECKING:
    from workflows.queries.applications import Whole


def draw(whole: Whole) -> None:
    """The receipt, and the way on."""
    row = whole.application
    if row.receipt is None:
        st.info(words.label(row.state))
    else:
        with st.container(border=True):
            st.subheader(t("申报已提交", "Submitted"))
            st.caption(t("受理编号", "Receipt number"))
            st.header(words.plain(row.receipt))
            st.text(t("提交时间：", "Submitted: ") + words.moment(row.submitted_at))
            st.text(t("现在：", "Now: ") + words.label(row.state))
            st.caption(t("内容指纹（SHA-256）", "Content hash (SHA-256)"))
            st.code(row.content_hash or text.MISSING, language=None, wrap_lines=True)
    links.to(t("查看办理进度", "See where it is"), "my-application", id=row.id)
    links.to(t("返回我的申报", "Back to my applications"), "my-applications")
