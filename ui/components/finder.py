"""The rounds that I could enter: whether I may, why not and from when; and one thing to do about each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from models import text
from ui.attempt import attempt
from ui.components import keys, links, words
from ui.components.words import plain, t
from workflows.intake import applications
from workflows.queries.finding import rounds_for_me

if TYPE_CHECKING:
    from workflows.queries.finding import Found
    from workflows.record.acting import Actor

_WORDS = "finder:words"


def draw(actor: Actor) -> None:
    """What is open and what is to come, with a box to search in it."""
    st.subheader(t("可以申报的批次", "Rounds to apply in"))
    sought = st.text_input(
        t("按批次或项目名称查找", "Find by the name of the round or programme"), key=_WORDS, max_chars=60,
        placeholder=t("如：创新工作室", "such as: studio"),
    )  # fmt: skip
    found = rounds_for_me(actor, words=sought)
    if not found and sought.strip():
        st.info(t("没有名称相符的批次，请换一个词或清空查找框。",
                  "No round has such a name. Try another word, or empty the box."))  # fmt: skip
    elif not found:
        st.info(t("目前没有面向本单位开放的批次；开放后这里会显示“开始申报”。",
                  "No round is open to your unit now. When one opens, it appears here."))  # fmt: skip
    for one in found:
        with st.container(border=True):
            _round(one)
            _action(actor, one)


def _round(one: Found) -> None:
    st.markdown(words.beside(f"{_sign(one)} **{plain(one.round_name)}**", plain(_verdict(one))))
    called = t(*one.called)
    st.caption(plain(f"{called} · {one.unit_name} · {words.label(one.line)} · {words.label(one.channel)}"))
    st.text(" · ".join(_facts(one)))
    if one.full is not None:
        st.warning(t(f"本单位在本批次最多可有{one.full}项申报，现已满。",
                     f"Your unit may have {one.full} applications in this round, and has them."))  # fmt: skip
    if one.failed:
        said = text.explain("not_eligible", {"failed": one.failed, "earliest": one.since}, words.spoken())
        st.warning(plain(said), icon=":material/rule:")
    if one.open:
        n = len(one.open)
        st.caption(t(f"另有 {n} 项条件要看填写的内容，填表时会提示。",
                     f"{n} more conditions hang on what you write; the form tells you of them."))  # fmt: skip


def _sign(one: Found) -> str:
    return {"may": ":material/check_circle:", "not_yet": ":material/schedule:", "may_not": ":material/block:"}[
        one.verdict
    ]


def _verdict(one: Found) -> str:
    """Whether one may, in words beside the sign: nothing is told by a sign alone."""
    since = words.day(one.since)
    if one.verdict == "may":
        return t("可以申报", "you may apply")
    if one.verdict == "not_yet":
        return t(f"{since}起可以申报", f"you may apply from {since}")
    return t("本批次不能申报", "not open to you this time")


def _facts(one: Found) -> list[str]:
    """When it opens or closes, how many places there are, what to have at hand."""
    if one.is_open:
        closes = words.due(one.closes_at)
        said = [t(f"截止 {closes}", f"closes {closes}")]
    else:
        opens, closes = words.moment(one.opens_at), words.until(one.closes_at)
        said = [t(f"{opens} 开始，{closes} 截止", f"opens {opens}, closes {closes}")]
    if one.places is not None:
        said.append(t(f"名额 {one.places} 个", f"{one.places} places"))
    if one.materials:
        names = t("、", ", ").join(t(*pair) for pair in one.materials)
        said.append(t(f"须备材料：{names}", f"have at hand: {names}"))
    return said


def _action(actor: Actor, one: Found) -> None:
    """One thing to do: go on with the draft, see where it is, or begin."""
    place = f"{one.round_id}:{one.unit}:{one.line}:{one.channel}"
    if one.to_do is not None:
        links.to(t("接着填写草稿 →", "Go on with my draft →"), "apply", id=one.to_do)
    elif one.newest is not None:
        links.to(t("查看我的申报 →", "See my application →"), "my-application", id=one.newest)
    elif one.verdict == "may" and st.button(t("开始申报", "Apply"), key=f"apply:{place}", type="primary"):
        _begin(actor, one, place)
    if one.another and st.button(t("再报一项", "Apply for another"), key=f"another:{place}", icon=":material/add:"):
        _begin(actor, one, place)


def _begin(actor: Actor, one: Found, place: str) -> None:
    row = attempt(
        applications.draft,
        actor,
        round_id=one.round_id,
        organization_code=one.unit,
        line=one.line,
        channel=one.channel,
        key=keys.token("draft", place),
        done=t("草稿已建立", "Your draft is ready"),
    )
    if row is not None:
        links.go("apply", id=row.id)
