"""Two to four applications side by side: what is the same, what differs, and the evidence of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ui.attempt import ask, begin
from ui.components import comparing, links, paper
from ui.components.words import plain, t
from workflows.queries import comparing as asked
from workflows.queries import lists

if TYPE_CHECKING:
    from models.programme import Programme
    from workflows.queries.comparing import Compared


def main() -> None:
    """The applications of the address, a column each."""
    actor = begin()
    if st.button(t("返回待办", "Back to the queue"), key="compare:back", icon=":material/arrow_back:"):
        links.go("review")
    st.title(t("并排比较", "Side by side"), anchor=False)
    chosen = [one for one in links.given("cases").split(",") if one]
    if not chosen:
        st.info(t("请先在待办或推荐名单中选择两至四份申报。",
                  "Choose two to four applications in the queue or beside a slate first."))  # fmt: skip
        return
    found = ask(asked.compare, actor, cases=chosen)
    if found is None:
        return
    if found.missing:
        n = len(found.missing)
        st.warning(t(f"有{n}份申报没有找到，或者您不能查看。", f"{n} not found, or not for you to see."))
    if found.cases:
        rules = [lists.rules_of(one.application.round_id) for one in found.cases]
        comparing.table(found.cases, rules)
        _each(found.cases, rules)


def _each(cases: list[Compared], rules: list[Programme]) -> None:
    """Under the table, each case by itself: the way to it, and its files."""
    for n, (place, one, own) in enumerate(zip(st.columns(len(cases)), cases, rules, strict=True), start=1):
        with place:
            st.subheader(plain(f"{n}. {one.application.subject}"), anchor=False)
            links.to(t("打开这份申报 →", "Open this one →"), "review-case", id=one.application.id)
            paper.files(own, one)


main()
