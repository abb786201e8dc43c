"""When a countersigned case has passed or can no longer pass: the table, and what holds for every set of votes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import InputError, RefusedError
from models.vocabulary import CountersignRule, CountersignState, Vote
from tests.countersigned import CASES, Case
from workflows.rules.countersigning import Cast, count, needed, require_distinct, require_ratio, turn

VOTES = {"+": Vote.AGREE, "-": Vote.DISAGREE, ".": None}
RULES = st.sampled_from(CountersignRule)


def cast(votes: str) -> list[Cast]:
    """Signers a, b, c ... with these votes."""
    return [Cast(chr(97 + n), VOTES[v], chr(97 + n) if v != "." else None) for n, v in enumerate(votes)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.en)
def test_a_countersign_comes_to_what_the_table_says(case: Case) -> None:
    assert count(case.rule, case.percent, cast(case.votes)).state is case.state


@given(RULES, st.integers(1, 100), st.text("+-.", min_size=1, max_size=9))
def test_it_is_settled_exactly_when_no_further_votes_could_change_it(
    rule: CountersignRule, percent: int, votes: str
) -> None:
    now = count(rule, percent, cast(votes)).state
    best = count(rule, percent, cast(votes.replace(".", "+"))).state
    worst = count(rule, percent, cast(votes.replace(".", "-"))).state

    assert CountersignState.OPEN not in (best, worst)
    assert now is (best if best is worst else CountersignState.OPEN)


@given(RULES, st.integers(1, 100), st.integers(1, 99))
def test_at_least_one_must_agree_and_at_most_everybody(rule: CountersignRule, percent: int, signers: int) -> None:
    assert 1 <= needed(rule, percent, signers) <= signers


@given(RULES, st.integers(1, 100), st.text("+-.", min_size=1, max_size=9))
def test_a_signer_more_never_settles_an_open_one(rule: CountersignRule, percent: int, votes: str) -> None:
    before = count(rule, percent, cast(votes)).state
    after = count(rule, percent, cast(f"{votes}.")).state

    assert before is not CountersignState.OPEN or after is CountersignState.OPEN


@pytest.mark.parametrize("rule", CountersignRule)
def test_nobody_is_no_countersign(rule: CountersignRule) -> None:
    with pytest.raises(InputError, match="signers_missing"):
        count(rule, 50, [])
    with pytest.raises(InputError, match="signers_missing"):
        require_distinct([])


def test_everybody_is_named_once() -> None:
    assert require_distinct(["a", "b"]) == ["a", "b"]
    with pytest.raises(InputError, match="signer_twice"):
        require_distinct(["a", "b", "a"])


@pytest.mark.parametrize(("rule", "percent", "kept"), [
    (CountersignRule.ALL, None, 100), (CountersignRule.ANY, 30, 100), (CountersignRule.RATIO, 67, 67),
])  # fmt: skip
def test_only_a_ratio_has_a_percentage(rule: CountersignRule, percent: int | None, kept: int) -> None:
    assert require_ratio(rule, percent) == kept


@pytest.mark.parametrize("percent", [None, 0, 101])
def test_a_ratio_lies_between_one_and_a_hundred(percent: int | None) -> None:
    with pytest.raises(InputError, match="percent"):
        require_ratio(CountersignRule.RATIO, percent)


def test_a_signer_signs_for_themselves_and_a_deputy_for_whom_they_stand_in() -> None:
    asked = [Cast("a"), Cast("b")]

    assert turn(asked, "a") == Cast("a")
    assert turn(asked, "d", ["b"]) == Cast("b")
    with pytest.raises(RefusedError, match="not_a_signer"):
        turn(asked, "d")


def test_one_hand_signs_once_for_whomever() -> None:
    signed = [Cast("a", Vote.AGREE, "a"), Cast("b"), Cast("c", Vote.AGREE, "d")]

    for hand, principals in (("a", ["b"]), ("d", ["b"]), ("c", []), ("a", [])):
        with pytest.raises(RefusedError, match="signed_already"):
            turn(signed, hand, principals)


def test_a_signer_who_is_also_a_deputy_gives_their_own_vote_first() -> None:
    assert turn([Cast("b"), Cast("a")], "a", ["b"]) == Cast("a")
