"""Many cases by a file: upload or paste a plan, look at what it would do, apply it, undo it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from models.errors import ShenbaoError
from ui.attempt import ask, begin, explain
from ui.components import bulk
from ui.components.desk import picked_desk
from ui.components.words import t
from workflows.batches import applying

if TYPE_CHECKING:
    from workflows.record.acting import Actor

_HEADER = "cases,act,arguments"


def main() -> None:
    """The plan, what it would do, and the desk's batches so far."""
    actor = begin()
    st.title(t("批量办理", "Many at once"), anchor=False)
    desk = picked_desk(actor)
    if desk is None:
        return
    st.caption(t("每行写明哪些申报、做什么、怎么说。整份计划要么全部生效，要么都不生效，之后可以整批撤销。",
                 "Each row says which cases, which act, and its words. All of a plan is done or nothing."))  # fmt: skip
    st.caption(t("三列的列名：cases（受理编号或查询条件）、act（动作代号，如check为审核通过、return为退回修改、"
                 "refuse为不予受理、chase为催办）、arguments（内容，如opinion=审核意见、reason=理由）。",
                 "Three columns: cases (receipts or a search), act (such as check, return, refuse, chase) and "
                 "arguments (such as opinion=… or reason=…)."))  # fmt: skip
    file = st.file_uploader(t("计划文件（csv 或 xlsx）", "The plan (csv or xlsx)"), type=["csv", "xlsx"])
    typed = st.text_area(
        t("或者直接粘贴（第一行为列名）", "Or paste it (first line: the columns)"), key="bulk:pasted",
        placeholder=f"{_HEADER}\n2026-XXXXXXXX 2026-YYYYYYYY,check,opinion=材料齐全",
    )  # fmt: skip
    if file is not None:
        _plan(actor, file.name, file.getvalue())
    elif typed.strip():
        _plan(actor, t("粘贴的计划", "Pasted"), typed.encode())
    st.subheader(t("批量办理记录", "Batches so far"), anchor=False)
    bulk.history(actor, desk)


def _plan(actor: Actor, called: str, content: bytes) -> None:
    rows = _rows(called, content)
    if rows is None:
        return
    with st.spinner(t("正在试运行…", "Running it dry…")):
        told = ask(applying.batch_plan, actor, rows=rows)
    if told is not None:
        bulk.dry_run(actor, told, called=called[: applying.LONGEST_WORDS], place="file")


def _rows(called: str, content: bytes) -> list[dict[str, Any]] | None:
    try:
        return applying.rows_of_file(called, content)
    except ShenbaoError as error:
        explain(error)
        return None


main()
