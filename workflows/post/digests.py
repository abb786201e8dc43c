"""Several letters in one message: the daily digest, and a storm of reminders to one person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.vocabulary import Habit, LetterKind
from workflows.post.timing import STORM, Wish, is_daily
from workflows.post.wording import render

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from workflows.post.leases import Waiting

MOST = 200  # letters in one message
REMINDERS = ("deadline_before", "deadline_at", "deadline_overdue", "deadline_escalated")
INFORMATION, ACTION = "digest", "digest_action"


def is_reminder(letter: Waiting) -> bool:
    """Whether it may come by the dozen, when a sweep finds much overdue."""
    return letter.template in REMINDERS and letter.kind is LetterKind.ACTION


def may_travel_with_others(letter: Waiting) -> bool:
    """Whether other letters to the same person may go in the same message."""
    return is_reminder(letter) or is_daily(letter.facts, Wish(letter.information or Habit.AT_ONCE))


def parcels(letters: Iterable[Waiting]) -> list[tuple[Waiting, ...]]:
    """Which letters go in one message, the first of each the one whose name it bears.

    What was tried together before is tried together again, and nothing else with it, what was tried alone alone: a
    message that did arrive then comes twice, and never with more in it under the same Message-ID.
    """
    known = list(letters)
    heads = {letter.carried_with for letter in known}
    groups: dict[Hashable, list[Waiting]] = {}
    for letter in known:
        groups.setdefault(_group(letter, heads), []).append(letter)  # the longest due first
    found: list[tuple[Waiting, ...]] = []
    for key, members in groups.items():
        group = sorted(members, key=lambda letter: (letter.created_at, letter.id))
        is_few = isinstance(key, tuple) and key[0] == ACTION and len(group) <= STORM
        size = 1 if is_few else MOST
        found += [tuple(group[at : at + size]) for at in range(0, len(group), size)]
    return found


def together(parcel: Sequence[Waiting], texts: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """Subject and body of one message for several letters, each with its subject and what it says.

    Raises InputError as `render`.
    """
    first = parcel[0]
    items = [f"{subject}\n  {_middle(body)}" for subject, body in texts]
    template = ACTION if any(letter.kind is LetterKind.ACTION for letter in parcel) else INFORMATION
    params: dict[str, Any] = {"count": len(items), "items": items}
    return render(template, params, first.language)


def _group(letter: Waiting, heads: set[str | None]) -> Hashable:
    if letter.attempts or letter.carried_with is not None or letter.id in heads:
        return letter.carried_with or letter.id
    if is_daily(letter.facts, Wish(letter.information or Habit.AT_ONCE)):
        return (INFORMATION, letter.account_id)
    return (ACTION, letter.account_id) if is_reminder(letter) else letter.id


def _middle(body: str) -> str:
    """What a letter says between its greeting and its end, in one line."""
    parts = body.strip().split("\n\n")
    return " ".join(" ".join(parts[1:-1] or parts).split())
