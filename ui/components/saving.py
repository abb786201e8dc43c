"""Saving a form field by field: nothing typed is lost to a refusal, a cut run or another's change.

Streamlit may stop a run at any line when the next click arrives, so whether a field is saved is
told by the stored row, never by a flag that a callback was to set after the verb.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import streamlit as st

from models import clock, text
from models.errors import FaultsError, ShenbaoError, StaleError
from models.vocabulary import Act
from ui.components import fields, words
from ui.components.words import t
from ui.session import me
from workflows.intake import applications
from workflows.queries import applications as asked
from workflows.rules.forms import value_of

if TYPE_CHECKING:
    from datetime import datetime

    from models.application import Application
    from models.programme import FieldRule
    from workflows.queries.applications import Whole
    from workflows.record.acting import Actor

Fault = dict[str, Any]
_BEIJING = ZoneInfo("Asia/Shanghai")


def key(row_id: str, name: str, what: str = "field") -> str:
    """Where a field's words, what is known to be stored, or its last refusal lie."""
    return f"{what}:{row_id}:{name}"


def meet(row: Application, rule: FieldRule) -> None:
    """Bring the widget and the row together before the widget is drawn.

    A widget that is drawn already is never written to: somebody may be typing in it.
    """
    state, place = st.session_state, key(row.id, rule.name)
    known, stored = key(row.id, rule.name, "known"), row.answers.get(rule.name)
    if place not in state:
        # Streamlit forgets the widgets of a page that was left; what was refused is kept by us.
        state[place] = state.get(key(row.id, rule.name, "typed"), fields.as_shown(rule, stored))
        state[known] = (row.version, stored)
    elif _is_stored(row, rule) or state[known][1] == stored:
        state[known] = (row.version, stored)


def save(application_id: str, rule: FieldRule) -> None:
    """Save one field as it stands in the widget; what cannot be saved is noted beside it."""
    actor = me()
    if actor is None:
        return  # the page says so; the words stay in the widget
    state, held = st.session_state, st.session_state[key(application_id, rule.name)]
    typed, note = (key(application_id, rule.name, what) for what in ("typed", "note"))
    state[typed] = held
    state.pop(note, None)
    try:
        _revised(actor, application_id, rule, fields.as_sent(held))
    except ShenbaoError as error:
        state[note] = error
        return
    state.pop(typed, None)


def catch_up(row: Application, rule: FieldRule) -> bool:
    """Save a field whose callback was cut short by the next click; whether anything was done."""
    state = st.session_state
    tried, note = (key(row.id, rule.name, what) for what in ("tried", "note"))
    held = state[key(row.id, rule.name)]
    if _is_stored(row, rule) or note in state or state.get(tried) == held or _is_clash(row, rule):
        return False
    state[tried] = held
    save(row.id, rule)
    return True


def remember(whole: Whole, faults: list[Fault]) -> None:
    """Keep what a try to submit was told; each is forgotten once its field has changed."""
    kept = [(fault, _content(whole, fault["field"])) for fault in faults]
    st.session_state[_faults_key(whole.application.id)] = kept


def faults_of(whole: Whole, name: str | None = None) -> list[Fault]:
    """The faults still to be mended: all, or those of one field or place for files."""
    kept = st.session_state.get(_faults_key(whole.application.id), [])
    return [
        fault
        for fault, content in kept
        if content == _content(whole, fault["field"]) and name in (None, fault["field"])
    ]


def said(whole: Whole, rule: FieldRule, labels: dict[str, str], near: str = "") -> None:
    """Beneath a field: how long it is, whether and when it was saved, who else is at it, and what is wrong."""
    row, state = whole.application, st.session_state
    error = state.get(key(row.id, rule.name, "note"))
    parts = (_counter(row, rule), _saved(whole, rule), _whence(whole, rule), words.plain(near))
    st.caption(" · ".join(filter(None, parts)) or " ")
    faults = faults_of(whole, rule.name)
    if isinstance(error, FaultsError):
        faults = [*faults, *error.details["faults"]]
    for fault in faults:
        st.error(words.plain(text.explain(fault["code"], fault, words.spoken(), labels)))
    if isinstance(error, StaleError) or _is_clash(row, rule):
        _clash(row, rule, error)
    elif error is not None and not isinstance(error, FaultsError):
        st.error(words.plain(text.sentence(error, words.spoken(), labels)))


def _counter(row: Application, rule: FieldRule) -> str:
    held = st.session_state.get(key(row.id, rule.name))
    if not (rule.max_length or rule.min_length) or not isinstance(held, str):
        return ""
    n = f"{len(held.strip())} / {rule.max_length}" if rule.max_length else str(len(held.strip()))
    least = rule.min_length
    if least is not None and len(held.strip()) < least:
        return t(f"{n} 字（至少 {least} 字）", f"{n} characters (at least {least})")
    return t(f"{n} 字", f"{n} characters")


def _whence(whole: Whole, rule: FieldRule) -> str:
    """Where an answer comes from that nobody typed into this form."""
    if rule.profile is None or rule.name not in whole.prefilled:
        return ""
    if rule.profile == "unit":
        return t("取自单位档案", "from the unit's profile")
    return t("取自个人档案", "from the person's profile")


def _saved(whole: Whole, rule: FieldRule) -> str:
    if not _is_stored(whole.application, rule):
        return t("**尚未保存**", "**not saved yet**")
    at = _saved_at(whole, rule.name)
    if at is None:
        return ""
    there, today = at.astimezone(_BEIJING), clock.now().astimezone(_BEIJING).date()
    said = f"{there:%H:%M:%S}" if there.date() == today else words.moment(at)
    return t(f"已保存 {said}", f"saved {said}")


def _saved_at(whole: Whole, name: str) -> datetime | None:
    times = [
        event.at
        for event in whole.history
        if event.act in (Act.DRAFT, Act.REVISE) and name in event.body.get("fields", ())
    ]
    return times[-1] if times else None


def _clash(row: Application, rule: FieldRule, error: ShenbaoError | None) -> None:
    """Both texts, and the choice between them; the typed one stays in the widget until then."""
    theirs = fields.as_read(rule, row.answers.get(rule.name))
    changed = t("其他人修改了这一项。", "Somebody else changed this field.")
    what = text.sentence(error, words.spoken()) if error is not None else changed
    other = t("对方保存的内容：", "What they saved: ") + theirs
    st.warning(words.plain(what) + "  \n" + words.plain(other))
    with st.container(horizontal=True):
        mine = t("保存我的内容", "Save mine")
        st.button(mine, key=key(row.id, rule.name, "mine"), on_click=_insist, args=(row, rule))
        take = t("采用对方的内容", "Take theirs")
        st.button(take, key=key(row.id, rule.name, "theirs"), on_click=_yield, args=(row, rule))


def _insist(row: Application, rule: FieldRule) -> None:
    """Save mine over theirs, which this page has shown."""
    st.session_state[key(row.id, rule.name, "known")] = (row.version, row.answers.get(rule.name))
    save(row.id, rule)


def _yield(row: Application, rule: FieldRule) -> None:
    state, stored = st.session_state, row.answers.get(rule.name)
    state[key(row.id, rule.name)] = fields.as_shown(rule, stored)
    state[key(row.id, rule.name, "known")] = (row.version, stored)
    for what in ("note", "typed"):
        state.pop(key(row.id, rule.name, what), None)


def _revised(actor: Actor, application_id: str, rule: FieldRule, sent: str) -> None:
    """Revise; when somebody changed other fields only, go on from there."""
    answers = {rule.name: sent}
    seen, known = st.session_state[key(application_id, rule.name, "known")]
    try:
        applications.revise(actor, application_id, answers=answers, seen=seen)
    except StaleError:
        now = asked.application(actor, application_id).application
        if now.answers.get(rule.name) not in (known, value_of(rule, sent)[0]):
            raise
        applications.revise(actor, application_id, answers=answers, seen=now.version)


def _is_stored(row: Application, rule: FieldRule) -> bool:
    """Whether what stands in the widget is what is stored, as the form reads it."""
    value, fault = value_of(rule, fields.as_sent(st.session_state[key(row.id, rule.name)]))
    return fault is None and bool(value == row.answers.get(rule.name))


def _is_clash(row: Application, rule: FieldRule) -> bool:
    """Whether somebody stored other words since those that this page knows."""
    _, known = st.session_state[key(row.id, rule.name, "known")]
    return bool(known != row.answers.get(rule.name)) and not _is_stored(row, rule)


def _content(whole: Whole, name: str) -> Any:
    """What a field or a place for files holds, to tell whether it has changed."""
    files = [file.id for file in whole.files if file.slot == name]
    return files or whole.application.answers.get(name)


def _faults_key(application_id: str) -> str:
    return f"faults:{application_id}"
