"""What changed in a case since this reviewer looked at it last: fields, files and acts, in words."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from models.errors import ShenbaoError
from ui.components import paper, words
from ui.components.words import plain, t
from workflows.desk import looking
from workflows.queries import looks, review
from workflows.rules.office_words import acted

if TYPE_CHECKING:
    from models.application import Revision
    from models.programme import Programme
    from workflows.queries.applications import Happening, Whole
    from workflows.queries.looks import Before, Differences
    from workflows.record.acting import Actor

PLACE = "case:look"


class _Held(NamedTuple):
    """The look that this visit is compared with (None: it is the first), and the version noted since."""

    application_id: str
    before: Before | None
    noted: int | None


def leave() -> None:
    """The case was left: opening it again is another look."""
    st.session_state[PLACE] = None


def since(actor: Actor, whole: Whole, rules: Programme, changes: list[Revision]) -> None:
    """Note this look once, and show what is new since the one before; nothing at the first."""
    before = _noted(actor, whole).before
    if before is None:
        return
    when = words.moment(before.seen_at)
    found = looks.differences(actor, whole, changes, since=before.version)
    if found.is_none:
        st.caption(plain(t(f"自您上次查看（{when}）以来没有变化。",
                           f"Nothing has changed since you last looked ({when}).")))  # fmt: skip
        return
    said = plain(t(f"自您上次查看（{when}）以来的变化", f"What changed since you last looked ({when})"))
    with st.expander(said, expanded=True, icon=":material/difference:"):
        _fields(rules, found)
        _files(rules, found)
        _events(actor, found.events)


def _noted(actor: Actor, whole: Whole) -> _Held:
    """The look before this visit; this one is written down once for each version that is shown.

    Where it cannot be now, the case is shown all the same, and it is tried again at the next click.
    """
    row, held = whole.application, st.session_state.get(PLACE)
    if held is None or held.application_id != row.id:
        # A page loaded anew has no place yet; one that came from another case or a list was here before.
        held = _Held(row.id, looks.look_before(actor, row.id, anew=PLACE in st.session_state), None)
    if held.noted != row.version:
        with suppress(ShenbaoError):
            looking.note(actor, row.id, version=row.version, since=held.before)
            held = held._replace(noted=row.version)
    st.session_state[PLACE] = held
    return held


def _fields(rules: Programme, found: Differences) -> None:
    known = {rule.name: rule for rule in rules.fields}
    for one in found.fields:
        if (rule := known.get(one.field)) is not None:
            st.caption(plain(rule.label.in_(words.spoken())))
            was, now = paper.said(rule, one.before), paper.said(rule, one.after)
            st.text(f"{t('原', 'Was')}：{was}\n{t('现', 'Now')}：{now}")


def _files(rules: Programme, found: Differences) -> None:
    called = paper.labels(rules)
    for files, said in ((found.added, t("新增材料", "File put in")), (found.removed, t("移除材料", "File taken out"))):
        for slot, name in files:
            st.text(f"{said}：{called.get(slot, slot)} · {name}")


def _events(actor: Actor, events: tuple[Happening, ...]) -> None:
    """What others did, a line each."""
    if not events:
        return
    desks = review.names(actor, codes=[one.desk for one in events if one.desk])
    for one in events:
        who = acted(one.who or words.label(one.account_id), one.for_whom, words.spoken()) if one.account_id else ""
        told = (words.moment(one.at), words.label(one.act), desks.get(one.desk or "", ""), who)
        st.text(words.beside(*told))
