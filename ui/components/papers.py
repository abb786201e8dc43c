"""Buttons for papers and lists to take home; each opens a download that asks again who may have it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import streamlit as st

from ui.components.words import plain, t
from workflows import papers
from workflows.queries import lists

if TYPE_CHECKING:
    from workflows.record.acting import Actor

PRINT, TABLE = ":material/picture_as_pdf:", ":material/table_view:"


def button(label: str, kind: str, thing_id: str, *, table: bool = False) -> None:
    """A paper as PDF, and as a table where an office wants one; without a Chinese font the web page to print."""
    if papers.can_print():
        st.link_button(plain(label), f"/papers/{kind}/{thing_id}", icon=PRINT)
    elif kind == "form":
        st.link_button(plain(label), f"/print/{thing_id}", icon=":material/print:")
    if table:
        st.link_button(plain(f"{label} xlsx"), f"/papers/{kind}/{thing_id}?form=xlsx", icon=TABLE)
    if not papers.can_print():
        st.caption(t("本机没有中文字体，不能生成PDF", "No Chinese font on this machine: no PDF can be made"))


def of_list(slate_id: str) -> None:
    """The papers of a tier's list: its summary table and its report."""
    with st.container(horizontal=True):
        button(t("汇总表", "Summary table"), "summary", slate_id, table=True)
        button(t("推荐报告", "Report"), "report", slate_id)


def decisions(actor: Actor, desk: str) -> None:
    """A union's numbered decisions, newest first, each as a paper."""
    rows = [row for row in lists.decisions(actor) if row.organization == desk]
    if not rows:
        return
    with st.expander(t("决定文件", "Decisions")):
        for row in rows:
            with st.container(horizontal=True):
                button(row.number, "decision", row.id, table=True)


def export(name: str, **arguments: str) -> None:
    """A list as xlsx and csv."""
    asked = urlencode(arguments)
    with st.container(horizontal=True):
        for form in ("xlsx", "csv"):
            st.link_button(t(f"导出 {form}", f"Export {form}"), f"/export/{name}.{form}?{asked}", icon=TABLE)
