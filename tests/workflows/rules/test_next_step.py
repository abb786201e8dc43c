"""The one thing to do next with a case, for whoever looks at it."""

import pytest

from models.vocabulary import REVIEWS, SlateState, State
from workflows.rules.next_step import AtDesk, next_step

ME = frozenset({"me", "principal"})
NEW = AtDesk(
    State.COUNTY_REVIEW, checked=False, on_hold=False, handler_id=None, slate=None, is_last=False,
)  # fmt: skip
CHECKED = NEW._replace(checked=True)


@pytest.mark.parametrize(("case", "step"), [
    (NEW, "check"),
    (CHECKED, "rank"),
    (CHECKED._replace(slate=SlateState.DRAFTING), "seal"),
    (CHECKED._replace(slate=SlateState.SEALED), "send"),
    (CHECKED._replace(slate=SlateState.SEALED, is_last=True), "publish"),
    (CHECKED._replace(slate=SlateState.SENT_UP), "wait"),
    (CHECKED._replace(slate=SlateState.OPENED), "wait"),
    (NEW._replace(on_hold=True), "resume"),
    (NEW._replace(on_hold=True, handler_id="somebody"), "resume"),
    (NEW._replace(handler_id="me"), "check"),
    (NEW._replace(handler_id="principal"), "check"),
    (NEW._replace(handler_id="somebody"), "theirs"),
    (NEW._replace(is_countersigned=True), "signing"),
    (NEW._replace(is_countersigned=True, is_my_sign=True), "sign"),
    (NEW._replace(handler_id="somebody", is_countersigned=True, is_my_sign=True), "sign"),
    (NEW._replace(state=State.CONTESTED), "settle"),
    (NEW._replace(state=State.RETURNED), "look"),
])  # fmt: skip
def test_the_next_step_is_what_stands_in_the_way_first(case: AtDesk, step: str) -> None:
    assert next_step(case, mine=ME) == step


@pytest.mark.parametrize("state", sorted(REVIEWS))
def test_every_tier_checks_what_came_to_it(state: State) -> None:
    assert next_step(NEW._replace(state=state), mine=ME) == "check"
