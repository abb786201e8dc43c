"""When a countersigned case has passed, and when it no longer can (product: the verbs of an office)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from models.errors import InputError, RefusedError
from models.vocabulary import CountersignRule, CountersignState, Vote

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WHOLE = 100


class Cast(NamedTuple):
    """One signer of a countersign: whose vote it is, what was said, and by whose hand (a deputy's perhaps)."""

    signer: str
    vote: Vote | None = None
    hand: str | None = None


class Count(NamedTuple):
    """How a countersign stands: how many signers, how many must agree, how many did, how many did not."""

    signers: int
    needed: int
    agreed: int
    disagreed: int

    @property
    def left(self) -> int:
        """How many have not signed yet."""
        return self.signers - self.agreed - self.disagreed

    @property
    def state(self) -> CountersignState:
        """Passed once enough agreed, failed once enough no longer can; silence is neither."""
        if self.agreed >= self.needed:
            return CountersignState.PASSED
        if self.agreed + self.left < self.needed:
            return CountersignState.FAILED
        return CountersignState.OPEN


def needed(rule: CountersignRule, percent: int, signers: int) -> int:
    """How many of the signers must agree; a ratio is rounded up, and one at least must agree.

    Raises InputError("signers_missing") for an empty set: nobody's silence is anybody's consent.
    """
    if signers < 1:
        raise InputError("signers_missing", field="signers")
    match rule:
        case CountersignRule.ALL:
            return signers
        case CountersignRule.ANY:
            return 1
        case CountersignRule.RATIO:
            return max(1, -(-signers * percent // _WHOLE))


def count(rule: CountersignRule, percent: int, cast: Sequence[Cast]) -> Count:
    """How a countersign stands with its present signers. Raises InputError("signers_missing")."""
    votes = [one.vote for one in cast]
    return Count(len(cast), needed(rule, percent, len(cast)), votes.count(Vote.AGREE), votes.count(Vote.DISAGREE))


def require_ratio(rule: CountersignRule, percent: int | None) -> int:
    """The percentage to keep: 100 but for a ratio, which has one from 1 to 100. Raises InputError("percent")."""
    if rule is not CountersignRule.RATIO:
        return _WHOLE
    if percent is None or not 1 <= percent <= _WHOLE:
        raise InputError("percent", field="percent", given=percent)
    return percent


def require_distinct(signers: Iterable[str]) -> list[str]:
    """The signers, each once. Raises InputError("signers_missing", "signer_twice")."""
    listed = list(signers)
    if not listed:
        raise InputError("signers_missing", field="signers")
    if twice := next((one for n, one in enumerate(listed) if one in listed[:n]), None):
        raise InputError("signer_twice", field="signers", given=twice)
    return listed


def turn(cast: Sequence[Cast], hand: str, principals: Iterable[str] = ()) -> Cast:
    """Whose vote this person gives now: their own, else that of a colleague they stand in for.

    One hand signs once: who has signed, for themselves or for another, gives no second vote. Raises
    RefusedError("not_a_signer", "signed_already").
    """
    if any(one.hand == hand for one in cast):
        raise RefusedError("signed_already")
    own = [one for one in cast if one.signer == hand]
    found = own or [one for one in cast if one.signer in set(principals)]
    if not found:
        raise RefusedError("not_a_signer")
    if (waiting := next((one for one in found if one.vote is None), None)) is None:
        raise RefusedError("signed_already")
    return waiting
