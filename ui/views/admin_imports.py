"""Bringing files in: a template, a check that tells every row's fate, and the load."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from models import text
from models.vocabulary import ImportKind
from ui.attempt import ask, attempt, begin
from ui.components import office, progressing, words
from ui.components.words import t
from workflows.importing import check_import, load_import, template

if TYPE_CHECKING:
    from workflows.importing.checking import Fate
    from workflows.importing.loading import Checked
    from workflows.record.acting import Actor

_SHOWN = 500


def main() -> None:
    """Choose what, take the template, upload, look, load."""
    actor = begin()
    st.title(t("批量导入", "Import"))
    root = office.choose(actor)
    kind = st.segmented_control(
        t("导入什么", "What to import"),
        list(ImportKind),
        format_func=words.label,
        default=ImportKind.ORGANIZATIONS,
        key="imports:kind",
    )
    if kind is None:
        st.caption(t("请选择要导入的内容。", "Please choose what to import."))
        return
    st.download_button(
        t("下载模板", "Download the template"),
        template(kind),
        file_name=f"{words.label(kind)}.xlsx",
        icon=":material/download:",
        on_click="ignore",
    )
    file = st.file_uploader(t("填好的文件（xlsx 或 csv）", "The filled-in file (xlsx or csv)"), type=["xlsx", "csv"])
    if file is not None:
        _checked(actor, root, kind, file.name, file.getvalue())


def _checked(actor: Actor, root: str, kind: ImportKind, filename: str, content: bytes) -> None:
    given: dict[str, Any] = {"kind": kind, "organization_code": root, "filename": filename, "content": content}
    with st.spinner(t("正在检查…", "Checking…")):
        checked = ask(check_import, actor, **given)
    if checked is None:
        return
    _counts(checked)
    bad = checked.counts["bad"]
    skip = bool(bad) and st.checkbox(
        t("跳过有问题的行，只导入其余的", "Skip the rows with faults and load the others"), key="imports:skip"
    )
    if bad and not skip:
        st.caption(t("有问题的行改正之前，整个文件都不会导入。", "Nothing is loaded while rows have faults."))
    if st.button(t("导入", "Load"), type="primary", disabled=bool(bad) and not skip, key="imports:load"):
        with progressing.bar(t("正在导入，已处理的行：", "Loading, rows done:")):
            done = t("文件已导入", "The file is in")
            if attempt(load_import, actor, **given, skip_bad=skip, done=done) is not None:
                st.rerun()
    _rows(checked.rows)


def _counts(checked: Checked) -> None:
    said = zip(
        (t("新增", "New"), t("已有", "Known"), t("有问题", "With faults")),
        ("new", "known", "bad"),
        st.columns(3),
        strict=True,
    )
    for name, key, column in said:
        column.metric(name, checked.counts[key])


def _rows(rows: list[Fate]) -> None:
    """Faults first; a long file's other rows are counted above."""
    shown = sorted(rows, key=lambda fate: (fate.fate != "bad", fate.row))[:_SHOWN]
    fates = {"new": t("新增", "new"), "known": t("已有", "known"), "bad": t("有问题", "faults")}
    st.dataframe(
        {
            t("行", "Row"): [fate.row for fate in shown],
            t("内容", "What"): [words.plain(fate.what) for fate in shown],
            t("结果", "Fate"): [fates[fate.fate] for fate in shown],
            t("原因", "Why"): [_why(fate) for fate in shown],
        },
        hide_index=True,
        alt=t("每一行的结果", "Every row's fate"),
    )
    if len(rows) > _SHOWN:
        st.caption(t(f"只显示前{_SHOWN}行，有问题的在前。", f"Only {_SHOWN} rows are shown, those with faults first."))


def _why(fate: Fate) -> str:
    return " ".join(text.explain(fault["code"], fault, words.spoken()) for fault in fate.faults)


main()
