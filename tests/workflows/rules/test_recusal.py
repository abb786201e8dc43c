"""Who must not judge whom, told by unit, alliance, kin, joint filings and own cases."""

import pytest

from models.vocabulary import Recusal
from workflows.rules.recusal import Case, Judge, conflicts

CASE = Case("c", "unit", "applicant", "leader", frozenset({"unit", "group"}))


def of(**told: object) -> Judge:
    """An expert of whom only this is known."""
    return Judge("e", "account")._replace(**told)  # type: ignore[arg-type]  # as the fields are called


@pytest.mark.parametrize(
    ("judge", "rule"),
    [
        (of(), None),
        (of(account_id="applicant"), Recusal.OWN_FILING),
        (of(person_key="leader"), Recusal.OWN_FILING),
        (of(units=frozenset({"unit"})), Recusal.SAME_UNIT),
        # A sister firm: both stand under the same group.
        (of(units=frozenset({"sister", "group"})), Recusal.SAME_UNIT),
        (of(units=frozenset({"other"})), None),
        (of(alliances=frozenset({"unit"})), Recusal.SAME_ALLIANCE),
        # An alliance is with the unit, not with all of its group.
        (of(alliances=frozenset({"group"})), None),
        (of(kin=frozenset({"leader"})), Recusal.KIN),
        (of(partners=frozenset({"unit"})), Recusal.CO_APPLICANT),
        (of(partner_leaders=frozenset({"leader"})), Recusal.CO_APPLICANT),
        # The first that holds is told.
        (of(kin=frozenset({"leader"}), partners=frozenset({"unit"})), Recusal.KIN),
    ],
)
def test_the_rule_that_stands_between_them_is_told(judge: Judge, rule: Recusal | None) -> None:
    assert conflicts([judge], [CASE]) == ({} if rule is None else {("e", "c"): rule})


def test_nobody_known_by_name_is_nobodys_kin() -> None:
    nameless = CASE._replace(leader_key=None)

    assert conflicts([of(kin=frozenset({"x"}), person_key=None)], [nameless]) == {}


def test_a_case_that_is_not_theirs_stands_free_of_them() -> None:
    other = Case("d", "elsewhere", "somebody", "else", frozenset({"elsewhere"}))

    assert conflicts([of(units=frozenset({"unit"}))], [CASE, other]) == {("e", "c"): Recusal.SAME_UNIT}
