"""The doctor: the invariants of the product by name, asked of the rows as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from models.vocabulary import Thing
from workflows.clocks import progress
from workflows.doctor import content, histories, index, lending, lists, money, office, panels, people, places, waiting
from workflows.doctor import files as stored
from workflows.doctor.violation import Violation
from workflows.record import audit
from workflows.record.streaming import snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["STEPS", "Examined", "Violation", "check", "examine"]

_CHECKS = (
    content.receipts_keep_their_content,
    places.ledgers_agree,
    places.places_are_taken_once,
    lending.splits_agree,
    lending.loans_agree,
    people.nobody_decides_on_their_own,
    people.desks_act_through_their_reviewers,
    office.nobody_acts_in_a_name_not_lent,
    histories.versions_count_events,
    histories.only_moves_of_the_chart,
    histories.no_version_twice,
    lists.ranks_are_whole,
    waiting.nothing_waits_without_due_date,
    waiting.dates_agree,
    office.nothing_lies_in_empty_hands,
    waiting.letters_have_one_fate,
    lists.notices_are_whole,
    lists.decisions_are_whole,
    lists.named_ones_stood_in_notice,
    money.money_goes_once_by_two_hands,
    panels.panels_are_as_drawn,
    panels.nobody_judges_against_the_rule,
    panels.nobody_judges_too_many,
    stored.attachments_have_an_owner,
    stored.files_are_there,
    index.index_agrees,
)


STEPS = len(_CHECKS) + len(Thing)
"""How many steps an examination tells of: each question, then the journal of each kind of thing."""


class Examined(NamedTuple):
    """What an examination found, in the order of the invariants, and what it read of the journal."""

    found: list[Violation]
    report: audit.Report


def check(*, files: bool = False) -> list[Violation]:
    """Everything that is not as it must be, in the order of the invariants; [] when all is well.

    `files=True` also looks for stored files that no row speaks of.
    """
    return examine(files=files).found


def examine(*, files: bool = False) -> Examined:
    """As `check`, with what was read of the journal; how far it has come is told by `progress`."""
    with snapshot() as store:
        found: list[Violation] = []
        for number, ask in enumerate(_CHECKS):
            progress.at(ask.__name__, number, STEPS)
            found += ask(store)
        if files:
            found += stored.orphans(store)
    with progress.part(len(_CHECKS), STEPS):
        report = audit.verify()
    found += _journal(report)
    return Examined(sorted(found, key=lambda v: int("".join(c for c in v.invariant if c.isdigit()))), report)


def _journal(report: audit.Report) -> Iterator[Violation]:
    """I9: the journal is append-only, gap-free and chained, and holds what the checkpoints say."""
    for fault in report.faults:
        detail = f"version {fault.version}: {fault.detail}"
        yield Violation("I9", fault.kind, detail, f"{fault.thing} {fault.thing_id}")
