"""Questions to the office and their answers: asked beside one's own case, answered beside it or from the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ui.attempt import attempt
from ui.components import acts, keys, links, words
from ui.components.words import plain, t
from workflows.intake import questions
from workflows.rules import permissions

if TYPE_CHECKING:
    from models.application import Application
    from workflows.intake.questions import Asked
    from workflows.record.acting import Actor


def asked(actor: Actor, case: Application) -> None:
    """What was asked about a case and answered; a box to ask for its own people, to answer for the desk."""
    own = permissions.brings(actor, case)
    found = questions.questions(actor, case.id)
    if not own and not found:
        return
    title = t("向经办单位提问", "Ask the office") if own else t("申报人的提问", "The applicant asks")
    st.subheader(title, anchor=False)
    for one in found:
        with st.container(border=True):
            told(one)
            if one.mine:
                answer(actor, one)
    if own:
        _ask(actor, case, len(found), sum(one.answered_at is None for one in found))


def told(one: Asked) -> None:
    """A question, by whom and when, and its answer or by when it is due."""
    st.caption(plain(words.beside(words.moment(one.asked_at), f"{one.who} → {one.desk_name}")))
    st.text(one.text)
    if one.closed:
        st.caption(plain(words.beside(words.moment(one.answered_at), one.answer)))
    elif one.answered_at is not None:
        who = f"（{one.answered_by}）" if one.answered_by else ""
        st.caption(plain(words.beside(words.moment(one.answered_at), f"{one.desk_name}{who} {t('答复', 'answers')}")))
        st.text(one.answer)
    elif one.due_at is not None:
        due = words.due(one.due_at)
        st.caption(plain(t(f"请于{due}前答复", f"Answer due {due}")))
    else:
        st.caption(t("等待答复，一般在5个工作日内；有答复时会发信告知。",
                     "Waiting for an answer, usually within five working days. A letter tells you of it."))  # fmt: skip


def answer(actor: Actor, one: Asked) -> None:
    """The box for the answer."""
    key = keys.token("answer", one.id)
    with acts.kept(actor, one.id, 0, "answer"), st.form(f"form:{key}", border=False):
        said = st.text_area(
            t("答复", "Answer"), max_chars=questions.LONGEST_ANSWER, key=f"text:{key}", height=100,
            help=t("申报人只看到单位名称，不显示您的姓名。", "The applicant is told your union, and not your name."),
        )  # fmt: skip
        sent = st.form_submit_button(t("发出答复", "Send the answer"))
    if sent and attempt(questions.answer_question, actor, one.id, text=said, key=key,
                        done=t("已答复", "Answered")) is not None:  # fmt: skip
        st.rerun()


def counted(actor: Actor, desk: str) -> None:
    """How many wait at a desk, and the way to them; nothing when none does."""
    found = questions.questions_waiting(actor, desk=desk)
    if not found.waiting:
        return
    late = t(f"，其中{found.overdue}个已逾期", f", {found.overdue} of them late") if found.overdue else ""
    said = t(f"有{found.waiting}个申报人提问待答复{late}", f"Questions of applicants waiting: {found.waiting}{late}")
    (st.warning if found.overdue else st.info)(said, icon=":material/help:")
    links.to(t("去答复提问 →", "Answer them →"), "questions")


def _ask(actor: Actor, case: Application, told: int, waiting: int) -> None:
    key = keys.token("ask", case.id)
    full = waiting >= questions.MOST_OPEN
    # With what is answered or asked meanwhile it is another box: what was sent is not offered again.
    with acts.kept(actor, case.id, told, "ask"), st.form(f"form:{key}", border=False):
        said = st.text_area(
            t("想问什么？", "What would you like to know?"), max_chars=questions.LONGEST, key=f"text:{key}", height=80,
            help=t("由正在办理的单位答复；提问不影响办理，也不改变期限。",
                   "The office that has the case answers. Asking changes nothing about the case or its dates."),
        )  # fmt: skip
        why = words.code("questions_open", most=questions.MOST_OPEN) if full else None
        sent = st.form_submit_button(t("提问", "Ask"), disabled=full, help=plain(why) if why else None)
    if sent and attempt(questions.ask_office, actor, case.id, text=said, key=key,
                        done=t("问题已送达", "Your question is on its way")) is not None:  # fmt: skip
        st.rerun()
