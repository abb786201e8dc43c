"""The titles my units hold, and the yearly reports that are to be handed in for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from models.vocabulary import AssessmentState, Grade, Role
from ui.attempt import attempt, begin
from ui.components import keys, papers, subsidy, succeeding, words
from ui.components.words import t
from workflows.named import assessments
from workflows.queries import lists, mine, money

if TYPE_CHECKING:
    from models.title import Title
    from workflows.queries.mine import Owed
    from workflows.queries.money import Coming, Money
    from workflows.record.acting import Actor

_TO_REPORT = (AssessmentState.DUE, AssessmentState.RECTIFYING)
_MOST = 8000


def main() -> None:
    """Titles, each with its years."""
    actor = begin()
    st.title(t("我的称号", "My titles"))
    titles = [title for unit in actor.places(Role.CLERK) for title in lists.titles(actor, organization_code=unit)]
    if not titles:
        st.info(
            t(
                "本单位还没有称号。获得命名后，证书编号和每年的考核都在这里。",
                "No titles yet. Once one is named, its number and yearly reports appear here.",
            )
        )
    owed = mine.owed(actor)
    paid, coming = money.my_subsidies(actor), money.coming_subsidies(actor)
    for title in titles:
        _title(actor, title, [row for row in owed if row.title_id == title.id], paid, coming)


def _title(actor: Actor, title: Title, years: list[Owed], paid: list[Money], coming: list[Coming]) -> None:
    with st.container(border=True):
        st.markdown(f"### :material/military_tech: {words.plain(title.name)}")
        st.caption(words.plain(f"{title.number} · {words.label(title.state)}"))
        st.text(t("命名日期：", "Named on: ") + words.day(title.named_on))
        if title.valid_until is not None:
            st.text(t("有效期至：", "Valid until: ") + words.day(title.valid_until))
        st.text(t("领衔人：", "Leader: ") + title.leader_name)
        if title.end_reason:
            st.warning(words.plain(title.end_reason))
        if title.barred_until is not None:
            until = words.day(title.barred_until)
            st.warning(t(f"{until}前不得再次申报。", f"No new application before {until}."))
        if title.ended_at is None:
            papers.button(t("证书", "Certificate"), "certificate", title.id)
        for row in years:
            _year(actor, row)
        subsidy.stages(actor, title.id, paid, coming)
        succeeding.draw(actor, title)


def _year(actor: Actor, row: Owed) -> None:
    st.divider()
    said = t(f"{row.year}年{words.label(row.kind).removeprefix('年')}", f"{words.label(row.kind)} {row.year}")
    st.markdown(words.beside(f"**{said}**", words.plain(words.label(row.state))))
    if row.grade is not None:
        st.text(t("等次：", "Grade: ") + " ".join(filter(None, (words.label(Grade(row.grade)), row.band))))
    if row.remark:
        st.caption(words.plain(row.remark))
    if row.state in _TO_REPORT and row.due_at is not None:
        due = words.due(row.due_at)
        st.warning(t(f"期限：{due}", f"Due: {due}"), icon=":material/schedule:")
    if row.report:
        with st.expander(t("已报送的材料", "The report handed in")):
            st.caption(words.moment(row.reported_at))
            st.text(row.report)
    if row.state is AssessmentState.DUE:
        _report(actor, row)


def _report(actor: Actor, row: Owed) -> None:
    """The report stays in its box until it is in; who changes the page loses no word of it."""
    place = f"report:{row.id}"
    kept = f"kept:{place}"
    if place not in st.session_state:
        st.session_state[place] = st.session_state.get(kept, "")
    words_ = st.text_area(
        t("年度总结（不超过8000字）", "Yearly report (at most 8,000 characters)"),
        key=place,
        height=220,
        help=t("写清本年度的课题、成果、效益和带徒情况。", "Topics, results, benefit, apprentices."),
    )
    st.session_state[kept] = words_
    n = len(words_.strip())
    st.caption(t(f"{n} / {_MOST} 字", f"{n} / {_MOST} characters"))
    if not st.button(t("报送", "Hand in"), key=f"hand-in:{row.id}", type="primary"):
        return
    done = attempt(
        assessments.report,
        actor,
        row.id,
        text=words_,
        seen=row.version,
        key=keys.token("report", row.id, row.version),
        done=t("年度考核材料已报送", "The yearly report was handed in"),
    )
    if done is not None:
        st.rerun()


main()
