"""The words of letters: an event, a language, the text with its preview beside it, and the versions there were."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from ui.attempt import ask, attempt, begin
from ui.components import acts, keys, office, words
from ui.components.words import t
from workflows.post import previewing, texts
from workflows.post.proofreading import LANGUAGES, LONGEST, parted

if TYPE_CHECKING:
    from workflows.post.previewing import Event, Version, Wording
    from workflows.record.acting import Actor

_TALL = 240
_SIGNS = {"-": ":red-background[−{}]", "+": ":green-background[＋{}]", "=": "{}"}


def main() -> None:
    """Choose an event and a language; then its text, ours or the union's own."""
    actor = begin()
    st.title(t("信件用语", "Words of letters"))
    root = office.choose(actor)
    events = ask(previewing.letter_events, actor, organization_code=root)
    if events is None:
        return
    said = t(
        "本单位自拟的文本，用于寄给本单位及以下人员的信件；没有自拟的，用上级工会的文本，再没有则用系统文本。",
        "Your own words are used in letters to people at your union and below. Without them a union above speaks, "
        "then the system.",
    )
    st.caption(words.plain(said))
    if own := [t(event.when_zh, event.when_en) for event in events if event.own]:
        st.caption(words.plain(t(f"本单位已自拟：{'、'.join(own)}。", f"Worded by you: {', '.join(own)}.")))
    named = {event.template: event for event in events}
    template = st.selectbox(
        t("信件", "Letter"), list(named), format_func=lambda one: _called(named[one]), key="wording:event"
    )
    language = st.segmented_control(
        t("文本语言", "Language of the text"), LANGUAGES, default=LANGUAGES[0], required=True,
        format_func=lambda one: {"zh": "中文", "en": "English"}[one], key="wording:language",
    )  # fmt: skip
    if template is None or language is None:
        return
    event = named[template]
    st.caption(words.plain(t(f"寄给：{event.whom_zh}", f"To: {event.whom_en}")))
    about = {"organization_code": root, "template": template, "language": language}
    wording = ask(previewing.letter_wording, actor, **about)
    if wording is not None:
        _edit(actor, wording, about)


def _called(event: Event) -> str:
    # Which have own words is told beside: a label that changes would stay as it was in the browser.
    return words.plain(f"{words.label(event.kind)} · {t(event.when_zh, event.when_en)}")


def _edit(actor: Actor, wording: Wording, about: dict[str, str]) -> None:
    place = ":".join(about.values())
    form = keys.token("wording", place, len(wording.versions))
    standing = wording.own or wording.ours
    left, right = st.columns(2)
    with left:
        subject = st.text_input(t("标题", "Subject"), standing[0], LONGEST["letter_subject"], key=f"subject:{form}")
        body = st.text_area(t("正文", "Body"), standing[1], _TALL, LONGEST["letter_body"], key=f"body:{form}")
        _names(wording)
    with right:
        _preview(actor, about, (subject, body))
    _buttons(actor, wording, about, (subject, body), form)
    _changes(wording, (subject, body))
    _versions(wording)


def _names(wording: Wording) -> None:
    with st.expander(t("可用的名称", "Names that may be used"), icon=":material/data_object:"):
        frame = {
            t("写法", "Write"): [f"{{{{ {one.name} }}}}" for one in wording.names],
            t("例如", "For instance"): [one.example for one in wording.names],
            t("正文必须有", "The body must say it"): [t("是", "yes") if one.is_needed else "" for one in wording.names],
        }
        st.dataframe(frame, hide_index=True, alt=t("可用的名称", "Names that may be used"))
        st.caption(t("可以写的还有：", "There is also:"))
        st.code("{{ due_at | date }}  {{ due_at | moment }}  \n{{ fen | money }}  {{ faults | list }}\n"
                "{% if reason %}……{% else %}……{% endif %}", language=None)  # fmt: skip


def _preview(actor: Actor, about: dict[str, str], typed: tuple[str, str]) -> None:
    st.markdown(t("**预览**", "**Preview**"))
    shown = ask(previewing.preview_letter, actor, **about, subject=typed[0], body=typed[1])
    if shown is None:
        return
    with st.container(border=True):
        st.markdown(f"**{words.plain(shown.subject)}**")
        st.text(shown.body)
    if shown.letter_id is None:
        st.caption(t("近期没有这种信件，按示例填写。", "There is no such letter of late: filled in with an example."))
        return
    st.caption(
        t(f"按{words.moment(shown.written_at)}的一封信填写。", f"As a letter of {words.moment(shown.written_at)}.")
    )
    if shown.masked:
        st.caption(t("您无权查看这件事，有关内容已隐去。", "This case is not yours to see; what it names is hidden."))


def _buttons(actor: Actor, wording: Wording, about: dict[str, str], typed: tuple[str, str], form: str) -> None:
    with st.container(horizontal=True):
        is_same = typed == (wording.own or wording.ours)
        same = t("文本没有改动。", "Nothing has been changed.") if is_same else None
        if acts.button(t("保存", "Save"), same, key=f"wording:save:{form}", type="primary"):
            told: dict[str, Any] = {**about, "subject": typed[0], "body": typed[1], "seen": wording.seen}
            if attempt(texts.word_letter, actor, **told, done=t("文本已保存", "The words are kept")) is not None:
                keys.spend(form)
                st.rerun()
        if wording.own and st.button(t("恢复系统文本", "Back to the system's words")):
            acts.dialog(t("恢复系统文本", "Back to the system's words"), _reset, actor, wording, about, form)


def _reset(actor: Actor, wording: Wording, about: dict[str, str], form: str) -> None:
    st.text(t("今后的信件不再使用自拟文本；各版仍留在下方，可以照抄。",
              "Letters from now on leave without your words; every version stays below."))  # fmt: skip
    if st.button(t("恢复", "Take them back"), type="primary"):
        done = t("已恢复系统文本", "The system's words hold again")
        told: dict[str, Any] = {**about, "seen": wording.seen}
        if attempt(texts.unword_letter, actor, **told, done=done) is not None:
            keys.spend(form)  # else the words taken back would stand there still
            st.rerun()


def _changes(wording: Wording, typed: tuple[str, str]) -> None:
    with st.expander(t("与系统文本的差别", "What differs from the system's words"), icon=":material/difference:"):
        if typed == wording.ours:
            st.caption(t("与系统文本相同。", "The same as the system's."))
            return
        for before, after in zip(wording.ours, typed, strict=True):
            st.markdown(
                "".join(
                    _SIGNS[sign].format(words.plain(one.replace("\n", " ⏎ "))) for sign, one in parted(before, after)
                )
            )


def _versions(wording: Wording) -> None:
    with st.expander(t(f"历次文本（{len(wording.versions)}）", f"Versions ({len(wording.versions)})")):
        if not wording.versions:
            st.caption(t("还没有自拟过文本。", "There are no own words yet."))
        for one in wording.versions:
            st.markdown(f"**{one.version}** · {words.plain(_written(one))}")
            st.code(f"{one.subject}\n\n{one.body}", language=None, wrap_lines=True)


def _written(one: Version) -> str:
    written = t(f"{one.who} 写于 {words.moment(one.at)}", f"written by {one.who} on {words.moment(one.at)}")
    if one.ended_at is None:
        return written + t("，现用", ", in force")
    ended = words.moment(one.ended_at)
    return written + t(f"，{one.ended_by} 止于 {ended}", f", ended by {one.ended_by} on {ended}")


main()
