"""What an act would do, by name, before its button: the verb's own dry run, told in a few lines."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import streamlit as st

from ui.components import acts, words
from ui.components.words import plain, t
from workflows.record import foreseeing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workflows.record.acting import Actor
    from workflows.record.foreseeing import Foreseen, Shift

_MOST = 12


def shown(actor: Actor, verb: str, **arguments: Any) -> Foreseen:
    """Show what a verb would bring about: names, places, letters; or why it would be refused."""
    ahead = foreseeing.plan(actor, verb=verb, arguments=arguments)
    if ahead.refused:
        st.warning(plain(words.code(ahead.refused[0], **ahead.refused[1])))
        return ahead
    named = [f"{step.subject}（{step.receipt}）→ {words.label(step.target)}" for step in ahead.steps if step.receipt]
    acts.consequences(*_places(ahead.places), *_letters(ahead), *named[:_MOST], _rest(len(named)))
    return ahead


def _places(shifts: Iterable[Shift]) -> list[str]:
    return [
        t(f"{one.name}：{one.n} 个名额由“{words.label(one.source)}”转为“{words.label(one.target)}”。",
          f"{one.name}: {one.n} places go from “{words.label(one.source)}” to “{words.label(one.target)}”.")
        for one in shifts
    ]  # fmt: skip


def _letters(ahead: Foreseen) -> list[str]:
    people = Counter(post.to for post in ahead.letters)
    said = "、".join(filter(None, people)) if len(people) <= _MOST else ""
    tail = f"（{said}）" if said else ""
    return [t(f"发出 {people.total()} 封通知{tail}。", f"{people.total()} letters go out{tail}.")] if people else []


def _rest(n: int) -> str | None:
    more = n - _MOST
    return t(f"另有 {more} 份同样办理。", f"{more} more likewise.") if more > 0 else None
