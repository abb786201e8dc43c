"""The doctor: the invariants of the product by name, asked of the rows as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows import audit
from workflows.doctor import content, histories, lists, money, people, places, waiting
from workflows.doctor import files as stored
from workflows.doctor.violation import Violation
from workflows.streaming import snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Violation", "check"]

_CHECKS = (
    content.receipts_keep_their_content,
    places.ledgers_agree,
    places.places_are_taken_once,
    people.nobody_decides_on_their_own,
    people.desks_act_through_their_reviewers,
    histories.versions_count_events,
    histories.only_moves_of_the_chart,
    histories.no_version_twice,
    lists.ranks_are_whole,
    waiting.nothing_waits_without_due_date,
    waiting.letters_have_one_fate,
    lists.notices_are_whole,
    lists.decisions_are_whole,
    lists.named_ones_stood_in_notice,
    money.money_goes_once_by_two_hands,
    stored.attachments_have_an_owner,
    stored.files_are_there,
)


def check(*, files: bool = False) -> list[Violation]:
    """Everything that is not as it must be, in the order of the invariants; [] when all is well.

    `files=True` also looks for stored files that no row speaks of.
    """
    with snapshot() as store:
        found = [violation for ask in _CHECKS for violation in ask(store)]
        if files:
            found += stored.orphans(store)
    found += _journal()
    return sorted(found, key=lambda v: int("".join(c for c in v.invariant if c.isdigit())))


def _journal() -> Iterator[Violation]:
    """I9: the journal is append-only, gap-free and chained, and holds what the checkpoints say."""
    for fault in audit.verify().faults:
        detail = f"version {fault.version}: {fault.detail}"
        yield Violation("I9", fault.kind, detail, f"{fault.thing} {fault.thing_id}")
