"""Programme files in the browser: versions, the text with its findings beside it, a preview, publishing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from models import clock, text
from models.errors import ShenbaoError
from ui.attempt import ask, attempt, begin, explain
from ui.components import office, planning, words
from ui.components.words import t
from workflows import programmes
from workflows.linting.next_version import next_version
from workflows.queries import admin
from workflows.queries import programmes as asked
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from models.programme import Programme
    from workflows.linting import Finding, Report
    from workflows.queries.admin import Offer
    from workflows.record.acting import Actor

_TALL = 640
_SHOWN = 30
_YEARS = (2000, 2100)


def main() -> None:
    """The list, and the one that is open."""
    actor = begin()
    st.title(t("项目文件", "Programmes"))
    offers = admin.programmes(actor, root=office.choose(actor))
    with st.expander(t("全部项目和版本", "All programmes and versions"), icon=":material/list:"):
        st.dataframe(_listed(offers), hide_index=True, alt=t("项目和版本", "Programmes and versions"))
    named = {offer.id: offer for offer in offers}
    chosen = st.selectbox(
        t("打开", "Open"), list(named), format_func=lambda each: _called(named[each]), key="programme:open"
    )
    if chosen:
        _edit(actor, named[chosen], set(named))


def _listed(offers: list[Offer]) -> dict[str, list[Any]]:
    return {
        t("代码", "Code"): [offer.code for offer in offers],
        t("版本", "Version"): [offer.id.partition("@")[2] for offer in offers],
        t("名称", "Name"): [t(offer.name_zh, offer.name_en) for offer in offers],
        t("已发布", "Published"): [offer.published for offer in offers],
        t("总名额", "Places"): [offer.cap for offer in offers],
        t("批准期截止", "Approved until"): [words.day(offer.valid_until) for offer in offers],
    }


def _called(offer: Offer) -> str:
    state = "" if offer.published else t("（目录，未发布）", " (catalogue, not published)")
    return f"{t(offer.name_zh, offer.name_en)} {offer.id}{state}"


def _edit(actor: Actor, offer: Offer, known: set[str]) -> None:
    stored = ask(asked.programme, actor, code=offer.id if offer.published else offer.code)
    if stored is None:
        return
    place, kept = f"text:{offer.id}", f"typed:{offer.id}"
    if place not in st.session_state:
        # Streamlit forgets the widgets of a programme that was closed; what was typed is kept by us.
        st.session_state[place] = st.session_state.get(kept, stored.text)
    _tools(offer.id, stored.text)
    left, right = st.columns([3, 2])
    typed = left.text_area(t("文件内容（TOML）", "The file (TOML)"), key=place, height=_TALL)
    st.session_state[kept] = typed
    report = asked.examined(actor, typed)
    with right:
        _findings(report)
    before = asked.rules_of(offer.id if offer.published else offer.code)
    if report.programme is not None:
        _preview(report.programme, before, offer.id)
    _publish(actor, typed, _why_not(report, before, offer, known))


def _tools(name: str, stored: str) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        this = local_date(clock.now()).year
        label = t("新版启用年度", "The next version's year")
        year = st.number_input(label, *_YEARS, this + 1, step=1, key=f"year:{name}")
        st.button(
            t("生成下一版", "Make the next version"), key=f"clone:{name}", on_click=_clone, args=(name, int(year))
        )
        st.button(t("还原", "Undo all changes"), key=f"reset:{name}", on_click=_put, args=(name, stored))
    if error := st.session_state.pop(f"refused:{name}", None):
        explain(error)


def _clone(name: str, year: int) -> None:
    try:
        _put(name, next_version(st.session_state[f"text:{name}"], year))
    except ShenbaoError as error:
        st.session_state[f"refused:{name}"] = error


def _put(name: str, content: str) -> None:
    """Write into the text area, before it is drawn again."""
    st.session_state[f"text:{name}"] = st.session_state[f"typed:{name}"] = content


def _findings(report: Report) -> None:
    """The findings in the order of the lines: where, what, and what to do."""
    errors, others = len(report.errors), len(report.findings) - len(report.errors)
    if not report.findings:
        st.success(t("没有发现问题。", "Nothing was found."), icon=":material/check_circle:")
        return
    st.markdown(t(f"错误 **{errors}** 处，提醒 **{others}** 处", f"**{errors}** errors, **{others}** warnings"))
    for finding in report.findings[:_SHOWN]:
        _finding(finding)
    if len(report.findings) > _SHOWN:
        st.caption(t(f"只列出前{_SHOWN}处。", f"Only the first {_SHOWN} are listed."))


def _finding(finding: Finding) -> None:
    spoken = words.spoken()
    place = t(f"第{finding.line}行", f"Line {finding.line}") + (f" {finding.where}" if finding.where else "")
    show = st.error if finding.severity == "error" else st.warning
    show(f"**{words.plain(place)}**  \n{words.plain(finding.reason(spoken))}  \n{words.plain(finding.advice(spoken))}")


def _preview(rules: Programme, before: Programme, name: str) -> None:
    ladder, calendar, changed = st.tabs(
        [t("推荐阶梯", "Ladder"), t("倒排日历", "Reverse calendar"), t("与已发布版的差别", "Changes")]
    )
    with ladder:
        for line in _about(rules):
            st.caption(words.plain(line))
        st.dataframe(_ladder(rules), hide_index=True, alt=t("推荐阶梯", "Ladder"))
    with calendar:
        planning.ask(f"editor:{name}", rules)
    with changed:
        said = [pair[words.spoken() == "en"] for pair in asked.changes(before, rules)]
        if not said:
            st.caption(t("与所打开的版本内容相同。", "The same content as the version that is open."))
        for one in said:
            st.markdown(f"- {words.plain(one)}")


def _about(rules: Programme) -> list[str]:
    """What the file says of itself: who holds it, on what authority, and which values are ours."""
    spoken, listed = words.spoken(), t("、", ", ")
    approval = rules.approval
    said = [
        t(f"依据：{approval.document}（{approval.authority}）", f"Approved: {approval.document} ({approval.authority})")
    ]
    if rules.summary:
        said.insert(0, rules.summary.in_(spoken))
    if rules.hosts:
        said.append(t("主办：", "Held by: ") + listed.join(host.in_(spoken) for host in rules.hosts))
    if rules.defaults:
        said.append(
            t("文件没有规定、采用本系统默认的：", "Defaults of ours, no document says them: ")
            + listed.join(rules.defaults)
        )
    return said


def _ladder(rules: Programme) -> dict[str, list[Any]]:
    steps, last = rules.ladder, len(rules.ladder) - 1
    days = [step.notice_days or rules.notice.days if step.notice or n == last else 0 for n, step in enumerate(steps)]
    listed = t("、", ", ")
    return {
        t("层级", "Tier"): [words.label(step.desk) for step in steps],
        t("办理期限（工作日）", "Working days"): [step.days for step in steps],
        t("截止日", "Cut-off"): [step.cut_off or text.MISSING for step in steps],
        t("公示天数", "Days of notice"): [str(n) if n else text.MISSING for n in days],
        t("跳过的渠道", "Skipped by"): [listed.join(words.label(line) for line in step.skip_on) for step in steps],
    }


def _why_not(report: Report, before: Programme, offer: Offer, known: set[str]) -> str:
    """Why this text cannot be published now; empty when it can."""
    rules = report.programme
    if report.errors or rules is None:
        return t(f"还有{len(report.errors)}处错误", f"There are {len(report.errors)} errors")
    if offer.published and rules == before:
        return t("内容没有变化", "Nothing has changed")
    if rules.id in known and not (rules.id == offer.id and not offer.published):
        return t("这一版已经发布，请把 version 加一", "This version is published: make version one higher")
    return ""


def _publish(actor: Actor, typed: str, why_not: str) -> None:
    pressed = st.button(t("发布", "Publish"), type="primary", disabled=bool(why_not), help=why_not or None)
    if why_not:
        st.caption(words.plain(why_not))
    if pressed:
        done = attempt(
            programmes.publish_programme, actor, text=typed, done=t("新版本已发布", "The version is published")
        )
        if done is not None:
            st.rerun()


main()
