"""Score packs on a judge's page: the cases taken along as a workbook, and the workbook taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from models import text
from ui.attempt import ask, flash
from ui.components import words
from ui.components.words import plain, t
from workflows.judging import score_packs

if TYPE_CHECKING:
    from workflows.judging.score_packs import Fate, Taken
    from workflows.record.acting import Actor

_SHOWN = 200
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def draw(actor: Actor, desk: str, round_id: str) -> None:
    """The pack to download, and the filled-in one to upload; both are made only when asked for."""
    with st.expander(t("离线评分", "Score offline")):
        st.caption(t(
            "下载评分表，填好评分和评语后上传。锁定的内容不能改；同一份文件再次上传不会重复。",
            "Download the pack, fill in scores and remarks, upload it. Locked cells stay as they are; "
            "the same file again changes nothing.",
        ))  # fmt: skip
        given = {"round_id": round_id, "desk": desk}
        _down(actor, given)
        file = st.file_uploader(t("填好的评分表（xlsx）", "The filled-in pack (xlsx)"), type=["xlsx"],
                                key=f"pack:file:{desk}:{round_id}")  # fmt: skip
        if file is not None:
            _up(actor, {**given, "filename": file.name, "content": file.getvalue()})


def _down(actor: Actor, given: dict[str, Any]) -> None:
    place = f"pack:{given['desk']}:{given['round_id']}"
    if not st.button(t("准备评分表", "Prepare the pack"), key=f"{place}:make"):
        return
    pack = ask(score_packs.score_pack, actor, **given)
    if pack is not None:
        st.download_button(t(f"下载（{pack.cases}件）", f"Download ({pack.cases} cases)"), pack.content,
                           file_name=pack.filename, mime=_XLSX, on_click="ignore", key=f"{place}:down")  # fmt: skip


def _up(actor: Actor, given: dict[str, Any]) -> None:
    """Every line's fate first; written by the button, all or, if one says so, the good ones."""
    fates = ask(score_packs.check_score_pack, actor, **given)
    if fates is None:
        return
    bad = sum(fate.fate == "bad" for fate in fates)
    partial = bool(bad) and st.checkbox(
        t("跳过有问题的行，只写入其余各行", "Leave out lines with faults and write the others"), key="pack:partial"
    )
    new = sum(fate.fate == "new" for fate in fates)
    if st.button(t(f"提交{new}份评分", f"Write {new} sheets"), type="primary", key="pack:take",
                 disabled=bool(bad) and not partial):  # fmt: skip
        taken = ask(score_packs.take_score_pack, actor, **given, partial=partial)
        if taken is not None:
            flash(_told(taken))
            st.rerun()
    _lines(fates)


def _told(taken: Taken) -> str:
    if taken.same:
        return t("这份评分表已全部提交过，没有变化", "All of this pack is in already: nothing changed")
    return t(f"已提交{taken.written}份评分", f"{taken.written} sheets are written")


def _lines(fates: list[Fate]) -> None:
    said = {"new": t("可提交", "to be written"), "known": t("已提交过", "in already"), "empty": t("空行", "left empty"),
            "bad": t("有问题", "faults")}  # fmt: skip
    shown = sorted(fates, key=lambda fate: (fate.fate != "bad", fate.line))[:_SHOWN]
    st.dataframe(
        [{t("行", "Line"): fate.line, t("受理编号", "Receipt"): fate.receipt, t("名称", "Name"): plain(fate.subject),
          t("结果", "Fate"): said[fate.fate], t("原因", "Why"): _why(fate)} for fate in shown],
        hide_index=True, alt=t("每一行的结果", "Every line's fate"), key="pack:lines",
    )  # fmt: skip


def _why(fate: Fate) -> str:
    return text.explain(fate.code, fate.details, words.spoken()) if fate.code else ""
