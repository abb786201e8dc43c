"""What a programme asks besides the ladder, at the three gates: before a seal, before a decision, after it.

Each chapter of the programme file has one module that knows it; this one only calls them in order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.vocabulary import AssessmentKind
from workflows.intake import entering, filing
from workflows.judging import contests, merits, panels
from workflows.listing import composing, first_lists, joint
from workflows.named import feeding
from workflows.purse import subsidies

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.application import Application
    from models.database import Store
    from models.organization import Organization
    from models.programme import Programme
    from models.round import Round
    from models.slate import Entry, Slate
    from models.title import Assessment, Decision, Title
    from workflows.record.acting import Actor


def asks_members(rules: Programme) -> bool:
    """Whether sealing needs the applications themselves, and not only their places."""
    return bool(
        rules.composition or rules.screening or rules.scoring or rules.site_visit or rules.pitch
        or rules.quota.per_unit or rules.quota.pools or rules.quota.outside or rules.entry.first_list_due
        or panels.breaks_ties(rules)
    )  # fmt: skip


def before_submit(store: Store, rules: Programme, row: Application, window: Round) -> None:
    """Refuse an application that does not come in as the programme says."""
    entering.require(store, rules, row, window)


def before_seal(
    store: Store, rules: Programme, slate: Slate, entries: Mapping[str, Entry], members: Sequence[Application],
    units: Mapping[str, Organization],
) -> list[dict[str, Any]]:  # fmt: skip
    """Refuse to seal a list whose names are not cleared, judged and composed as the programme says.

    Answers with what is only warned of, for the journal.
    """
    first_lists.require(store, rules, slate, members)
    filing.require_formal(store, rules, slate, members)
    merits.require(store, rules, slate, entries, members)
    return composing.require(store, rules, slate, entries, members, units)


def after_seal(store: Store, rules: Programme, slate: Slate) -> None:
    """Ask the members of a joint meeting to confirm the list."""
    joint.ask(store, rules, slate)


def before_notice(store: Store, rules: Programme, window: Round, slate: Slate) -> None:
    """Refuse to publish a contest's list, or to send it up, before its scores are final."""
    contests.require(store, rules, window, slate)


def before_decision(store: Store, rules: Programme, window: Round, slate: Slate, ready: Sequence[Application]) -> None:
    """Refuse to decide before every joint decider confirmed and every contest's scores are final."""
    joint.require(store, rules, slate, ready)
    contests.require(store, rules, window, slate)


def after_naming(
    store: Store, who: Actor, rules: Programme, made: Decision, titles: Sequence[Title],
    rows: Sequence[Application],
) -> None:  # fmt: skip
    """Leave the facts a naming leaves, and set its money and its later assessments going."""
    feeding.named(store, who, rules, made, titles, rows)
    subsidies.named(store, who, rules, titles)


def after_grading(
    store: Store, who: Actor, rules: Programme, titles: Sequence[Title], assessments: Sequence[Assessment]
) -> None:
    """What a passed grade or re-check sets going: the money of an acceptance's band, or of a re-confirmation."""
    pairs = list(zip(titles, assessments, strict=True))
    accepted = [(title, row.band) for title, row in pairs if row.band and row.kind is AssessmentKind.ACCEPTANCE]
    subsidies.graded(store, who, rules, accepted)
    again = [title for title, row in pairs if row.kind is AssessmentKind.RECONFIRMATION]
    subsidies.reconfirmed(store, who, rules, again)


def after_end(store: Store, who: Actor, rules: Programme, titles: Sequence[Title], reason: str) -> None:
    """What falls with titles that were revoked or ended: the facts they left; their money is looked at."""
    feeding.ended(store, titles, reason)
    subsidies.ended(store, who, rules, titles, reason)
