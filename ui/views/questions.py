"""What applicants ask my desks, the oldest first, each with a box for its answer."""

from __future__ import annotations

import streamlit as st

from models.vocabulary import Role
from ui.attempt import begin
from ui.components import links, questions
from ui.components.words import plain, t
from workflows.intake.questions import open_questions


def main() -> None:
    """The questions of every desk I work at that wait for an answer."""
    actor = begin()
    st.title(t("申报人的提问", "Questions of applicants"))
    desks = actor.places(Role.REVIEWER, Role.ADMINISTRATOR)
    found = [one for desk in desks for one in open_questions(actor, desk=desk)]
    if not found:
        st.success(t("没有待答复的提问。申报人提问后会发信告知。",
                     "No question waits. A letter tells you when an applicant asks."))  # fmt: skip
    for one in found:
        with st.container(border=True):
            about = one.subject or t("（草稿，尚未提交）", "(a draft, not submitted)")
            st.markdown(f"**{plain(one.unit_name)}** · {plain(about)} {plain(one.receipt or '')}")
            questions.told(one)
            questions.answer(actor, one)
            if one.subject and actor.places(Role.REVIEWER):
                links.to(t("查看申报 →", "Open the case →"), "review-case", id=one.application_id)
    links.to(t("返回首页", "Back to the first page"), "")


main()
