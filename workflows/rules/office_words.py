"""Which acts among the people of a desk need words, and what a queue says of a case in somebody's hands."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from models.errors import InputError
from models.vocabulary import Act, Vote
from models.writing import tongue, until

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

LONGEST = 500


class Need(StrEnum):
    """Whether an act needs words."""

    ALWAYS = "always"
    AGAINST = "against"
    AGAIN = "again"
    NEVER = "never"


# One table: the verbs ask it, the pages mark their fields by it, docs/office.md shows it.
REASONS: Mapping[Act, Need] = {
    Act.TRANSFER: Need.ALWAYS,
    Act.DELEGATE: Need.ALWAYS,
    Act.TAKE_BACK: Need.NEVER,
    Act.HOLD: Need.ALWAYS,
    Act.RELEASE: Need.NEVER,
    Act.COUNTERSIGN: Need.AGAIN,
    Act.SIGN: Need.AGAINST,
    Act.ADD_SIGNER: Need.NEVER,
    Act.DROP_SIGNER: Need.ALWAYS,
    Act.CALL_OFF: Need.ALWAYS,
    Act.CHASE: Need.NEVER,
    Act.COPY: Need.NEVER,
    Act.DEPUTE: Need.ALWAYS,
    Act.RELIEVE: Need.NEVER,
    Act.HAND_OVER: Need.ALWAYS,
}


def needs_words(act: Act, *, vote: Vote | None = None, failed_before: bool = False) -> bool:
    """Whether this act needs words: signing only against, a countersign only after one that failed."""
    match REASONS[act]:
        case Need.ALWAYS:
            return True
        case Need.AGAINST:
            return vote is Vote.DISAGREE
        case Need.AGAIN:
            return failed_before
        case Need.NEVER:
            return False


def reason(act: Act, words: str, *, vote: Vote | None = None, failed_before: bool = False) -> str:
    """The words to keep. Raises InputError("reason_missing") where the act needs some, ("too_long") past 500."""
    kept = words.strip()
    if not kept and needs_words(act, vote=vote, failed_before=failed_before):
        raise InputError("reason_missing", field="reason")
    if len(kept) > LONGEST:
        raise InputError("too_long", field="reason", length=len(kept), most=LONGEST)
    return kept


class Standing(NamedTuple):
    """How a case stands among the people of its desk.

    `delegator` may take it back from its `handler`; `held_until` is the moment a hold ends; `agreed`
    of `needed` have agreed in the open countersign, which `waiting` signers have still to sign.
    """

    handler: str | None = None
    delegator: str | None = None
    held_until: datetime | None = None
    agreed: int | None = None
    needed: int | None = None
    waiting: int = 0


def said(standing: Standing, language: str = "zh") -> list[str]:
    """What a queue adds to a case's sentence, a short phrase each; nothing for a case that is anybody's."""
    n = tongue(language)
    lines = []
    if standing.handler:
        lines.append((f"由{standing.handler}办理", f"with {standing.handler}")[n])
    if standing.delegator:
        lines.append((f"{standing.delegator}委派", f"delegated by {standing.delegator}")[n])
    if standing.held_until is not None:
        end = until(standing.held_until, language)
        lines.append((f"挂起至{end}", f"on hold until {end}")[n])
    if standing.needed is not None:
        agreed, wanted, left = standing.agreed, standing.needed, standing.waiting
        zh = f"会签：同意{agreed}，需{wanted}，待签{left}"
        lines.append((zh, f"countersign: {agreed} of {wanted} agreed, {left} to sign")[n])
    return lines


def acted(who: str, for_whom: str | None, language: str = "zh") -> str:
    """Who did it, and for whom: X 代 Y."""
    return who if not for_whom else (f"{who} 代 {for_whom}", f"{who} for {for_whom}")[tongue(language)]
