"""What the keyboard does on the pages of daily work: one table, from which buttons are bound and the help is drawn.

A letter alone does nothing while somebody types. `/` and `?` are bound by ui/static/desk.js, the rest by Streamlit.
"""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from ui.components import acts
from ui.components.words import t

OPEN, COMPARE, EARLIER, LATER, SEARCH = "O", "V", "Left", "Right", "/"
CHECK, RETURN, NEXT = "A", "B", "N"
SAVE, UP, DOWN = "Ctrl+S", "Alt+Up", "Alt+Down"
SEND, HELP = acts.SEND, "?"
BY_SCRIPT = (SEARCH, HELP)
HELP_KEY = "shortcuts-help"


class Shortcut(NamedTuple):
    """A key, what it does (zh, en), and the pages on which it does."""

    key: str
    zh: str
    en: str
    pages: tuple[str, ...]


ALL = ("review", "review-case", "review-slate", "review-notice", "score", "meeting")
TABLE = (
    Shortcut(OPEN, "打开选中的一份", "Open the selected one", ("review", "score")),
    Shortcut(COMPARE, "并排比较选中的两至四份", "Compare the two to four selected", ("review",)),
    Shortcut(EARLIER, "上一页", "Previous page", ("review", "score")),
    Shortcut(LATER, "下一页", "Next page", ("review", "score")),
    Shortcut(SEARCH, "到查询框", "Go to the search box", ("review",)),
    Shortcut(CHECK, "审核通过", "Check", ("review-case",)),
    Shortcut(RETURN, "退回修改", "Return for correction", ("review-case",)),
    Shortcut(NEXT, "下一件", "Next case", ("review-case", "meeting")),
    Shortcut(SAVE, "保存排序", "Save the ranking", ("review-slate",)),
    Shortcut(UP, "所选的一份上移一名", "Move the chosen one up a place", ("review-slate",)),
    Shortcut(DOWN, "所选的一份下移一名", "Move the chosen one down a place", ("review-slate",)),
    Shortcut(SEND, "提交打开的表单", "Send the form that is open", ALL),
    Shortcut(HELP, "打开本说明", "Open this sheet", ALL),
)
_SHOWN = {"Left": "←", "Right": "→", "Alt+Up": "Alt + ↑", "Alt+Down": "Alt + ↓", "Ctrl+S": "Ctrl + S",
          "Ctrl+Enter": "Ctrl + Enter"}  # fmt: skip


def of(page: str) -> list[Shortcut]:
    """The keys of a page, by its address."""
    return [one for one in TABLE if page in one.pages]


def sheet(page: str) -> None:
    """The button that opens the help of a page; `?` presses it too."""
    if st.button(t("快捷键", "Keyboard"), key=HELP_KEY, icon=":material/keyboard:", type="tertiary"):
        acts.dialog(t("快捷键", "Keyboard"), _sheet, page)


def _sheet(page: str) -> None:
    st.table(
        [{t("按键", "Key"): f"**{_SHOWN.get(one.key, one.key)}**", t("作用", "What it does"): t(one.zh, one.en)}
         for one in of(page)]
    )  # fmt: skip
    st.caption(t("正在输入文字时，单个字母和符号不起作用。Tab键移到下一处，空格键选中表中的一行。",
                 "While you type, single keys do nothing. Tab goes on; the space bar selects a row."))  # fmt: skip
