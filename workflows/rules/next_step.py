"""The one thing to do next with a case at a desk, for whoever looks at it there."""

from __future__ import annotations

from typing import Literal, NamedTuple

from models.vocabulary import REVIEWS, SlateState, State

NextStep = Literal[
    "settle", "look", "resume", "sign", "signing", "theirs", "check", "rank", "seal", "send", "publish", "wait"
]  # fmt: skip
_OF_SLATE: dict[SlateState, NextStep] = {SlateState.DRAFTING: "seal", SlateState.SEALED: "send"}


class AtDesk(NamedTuple):
    """What the next step depends on; `slate` None: it is on no list of this tier."""

    state: State
    checked: bool
    on_hold: bool
    handler_id: str | None
    slate: SlateState | None
    is_last: bool
    is_countersigned: bool = False
    is_my_sign: bool = False


def next_step(case: AtDesk, *, mine: frozenset[str]) -> NextStep:
    """What to do next; `mine` are the accounts whose hands are one's own: oneself, and whom one stands in for.

    A signature asked of me comes first, then what stands in the way: a hold, another's hands, others' signatures.
    """
    if case.is_my_sign:
        return "sign"
    if case.state is State.CONTESTED:
        return "settle"
    if case.state not in REVIEWS:
        return "look"
    if case.on_hold:
        return "resume"
    if case.handler_id is not None and case.handler_id not in mine:
        return "theirs"
    if case.is_countersigned:
        return "signing"
    if not case.checked:
        return "check"
    return _on_list(case)


def _on_list(case: AtDesk) -> NextStep:
    if case.slate is None:
        return "rank"
    found = _OF_SLATE.get(case.slate, "wait")
    return "publish" if found == "send" and case.is_last else found
