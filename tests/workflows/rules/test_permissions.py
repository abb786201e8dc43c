"""Who may do what, against a second, slower truth: one line for each right that there is."""

from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vocabulary import REVIEWS, Act, Role, State, Thing
from workflows.record.acting import Actor, Sitting
from workflows.rules.permissions import governs, is_own_case, judges_at, refusal, sees, sees_account

UNIT, COUNTY, CITY, PROVINCE, ELSEWHERE = "unit", "county", "city", "province", "elsewhere"
CODES = (UNIT, COUNTY, CITY, PROVINCE, ELSEWHERE)
ROUTE = [["county", COUNTY], ["city-or-industry", CITY], ["province", PROVINCE]]
SEATS = st.lists(st.builds(Sitting, st.sampled_from(CODES), st.sampled_from(Role)), max_size=3).map(tuple)
ACTORS = st.builds(Actor, st.sampled_from(["me", "you"]), st.just(""), st.just(""), seats=SEATS)
JUDGES = st.builds(
    Actor, st.just("judge"), st.just(""), st.just(""), seats=SEATS,
    hears=st.sets(st.tuples(st.sampled_from(["round", "other"]), st.sampled_from([COUNTY, CITY, None]))).map(frozenset),
    judged=st.sets(st.sampled_from(["case", "another"])).map(frozenset),
    dealt=st.sets(st.tuples(st.sampled_from(["round", "other"]), st.sampled_from([COUNTY, CITY]))).map(frozenset),
    given=st.sets(st.sampled_from(["case", "another"])).map(frozenset),
)  # fmt: skip


class Case(NamedTuple):
    """An application as the rules see one."""

    state: State
    step: int = 0
    desk: str | None = None
    route: list[list[str]] = ROUTE
    organization: str = UNIT
    applicant_id: str = "me"
    handler_id: str | None = None
    delegated_by: str | None = None
    on_hold: bool = False
    id: str = "case"
    round_id: str = "round"


class Row(NamedTuple):
    """Anything else as the rules see it."""

    organization: str = UNIT
    sent_to: str | None = CITY
    decider: str = PROVINCE
    investigator: str | None = CITY


def holds(who: Actor, code: str | None, role: Role) -> bool:
    """Whether one of the seats is this."""
    return any(seat == (code, role) for seat in who.seats)


@given(ACTORS, st.sampled_from(State), st.integers(0, 2), st.sampled_from([None, COUNTY, CITY, PROVINCE]))
def test_on_an_application_its_people_write_and_its_desk_decides(
    who: Actor, state: State, step: int, desk: str | None
) -> None:
    row: Any = Case(state, step, desk)
    # A worker acts on what they drafted themselves, and on nothing else of their unit.
    mine = holds(who, UNIT, Role.CLERK) or (who.id == "me" and holds(who, UNIT, Role.WORKER))
    own = who.id == "me" or any(seat.organization == UNIT for seat in who.seats)

    for act in (Act.REVISE, Act.SUBMIT, Act.RESUBMIT, Act.WITHDRAW, Act.APPEAL):
        assert refusal(who, act, Thing.APPLICATION, row) == (None if mine else "not_yours")
    waits = state in REVIEWS and desk is not None
    for act in (Act.ATTACH, Act.DETACH):
        # While a case is under review, its desk puts its own papers in.
        desks = "own_case" if own else None if holds(who, desk, Role.REVIEWER) else "not_your_desk"
        others = (desks if waits else "not_in_review") if state in REVIEWS else "not_yours"
        assert refusal(who, act, Thing.APPLICATION, row) == (None if mine else others)
    for act in (Act.CHECK, Act.SEND_BACK, Act.REFUSE, Act.REPLY, Act.INSPECT, Act.RULE):
        right = None if holds(who, desk, Role.REVIEWER) else "not_your_desk"
        expected = "not_in_review" if not waits else "own_case" if own else right
        assert refusal(who, act, Thing.APPLICATION, row) == expected
    judges = holds(who, desk, Role.EXPERT) or holds(who, desk, Role.REVIEWER)
    scoring = "not_in_review" if not waits else "recused" if own else None if judges else "not_your_desk"
    assert refusal(who, Act.SCORE, Thing.APPLICATION, row) == scoring
    for act in (Act.NAME, Act.LAPSE, Act.RECOMMEND, Act.PUBLISH, Act.DISMISS, Act.PASS_OVER):
        assert refusal(who, act, Thing.APPLICATION, row) == "not_by_hand"


@given(ACTORS)
def test_every_other_thing_has_one_desk_for_each_act(who: Actor) -> None:
    row: Any = Row(organization=COUNTY)

    def may(act: Act, thing: Thing) -> bool:
        return refusal(who, act, thing, row) is None

    for act in (Act.RANK, Act.SEAL, Act.SEND_UP, Act.RECALL, Act.PUBLISH, Act.DECIDE):
        assert may(act, Thing.SLATE) == holds(who, COUNTY, Role.REVIEWER)
    assert may(Act.OPEN, Thing.SLATE) == holds(who, CITY, Role.REVIEWER)
    for act in (Act.CLOSE, Act.CORRECT):
        assert may(act, Thing.NOTICE) == holds(who, COUNTY, Role.REVIEWER)
    assert may(Act.REPORT_BACK, Thing.OBJECTION) == holds(who, CITY, Role.REVIEWER)
    for act in (Act.TAKE_UP, Act.DISMISS, Act.UPHOLD):
        assert may(act, Thing.OBJECTION) == holds(who, COUNTY, Role.REVIEWER)
    for thing in (Thing.ROUND, Thing.QUOTA, Thing.ACCOUNT):
        assert may(Act.ISSUE, thing) == holds(who, COUNTY, Role.ADMINISTRATOR)


@given(ACTORS)
def test_titles_are_the_deciding_unions_and_reports_the_holders(who: Actor) -> None:
    row: Any = Row()
    own = any(seat.organization == UNIT for seat in who.seats)
    right = None if holds(who, PROVINCE, Role.REVIEWER) else "not_your_desk"

    for act in (Act.ASSESS, Act.RECTIFY, Act.RECHECK, Act.REVOKE):
        assert refusal(who, act, Thing.ASSESSMENT, row) == ("own_case" if own else right)
    for act in (Act.SUSPEND, Act.RESUME, Act.REVOKE, Act.END):
        assert refusal(who, act, Thing.TITLE, row) == ("own_case" if own else right)
    clerk = None if holds(who, UNIT, Role.CLERK) else "not_your_desk"
    assert refusal(who, Act.REPORT, Thing.ASSESSMENT, row) == clerk


@given(ACTORS)
def test_money_is_asked_and_accounted_for_by_the_unit_and_moved_by_the_deciding_union(who: Actor) -> None:
    row: Any = Row()
    own = any(seat.organization == UNIT for seat in who.seats)
    right = None if holds(who, PROVINCE, Role.REVIEWER) else "not_your_desk"
    clerk = None if holds(who, UNIT, Role.CLERK) else "not_your_desk"

    for act in (Act.REQUEST, Act.ACCOUNT_FOR):
        assert refusal(who, act, Thing.SUBSIDY, row) == clerk
    for act in (Act.APPROVE, Act.PAY, Act.SEND_BACK, Act.END, Act.RECOVER, Act.CANCEL):
        assert refusal(who, act, Thing.SUBSIDY, row) == ("own_case" if own else right)
    assert sees_account(who, row) == (holds(who, UNIT, Role.CLERK) or holds(who, PROVINCE, Role.REVIEWER))


@given(ACTORS, st.sampled_from(State), st.integers(0, 2))
def test_an_application_is_known_to_its_people_and_where_it_has_been(who: Actor, state: State, step: int) -> None:
    row: Any = Case(state, step)
    here = any(seat.organization == UNIT for seat in who.seats)
    staff = [seat.organization for seat in who.seats if seat.role not in (Role.WORKER, Role.EXPERT)]
    own = UNIT in staff or (who.id == "me" and here)
    tiers = [code for n, code in enumerate((COUNTY, CITY, PROVINCE)) if n <= step]
    reached = state is not State.DRAFT and any(code in tiers for code in staff)
    watched = state is not State.DRAFT and holds(who, PROVINCE, Role.ADMINISTRATOR)

    assert sees(who, row) == (own or reached or watched)
    assert sees(who, row._replace(route=[])) == own
    # Whoever left their unit sees it no more, and still does not decide on it.
    assert is_own_case(who, UNIT, "me") == is_own_case(who, UNIT, "me", COUNTY) == (here or who.id == "me")
    # At the unit's own desk its union may decide on everybody else's case.
    assert is_own_case(who, UNIT, "me", UNIT) == (who.id == "me")


@given(JUDGES, st.sampled_from(State), st.sampled_from([COUNTY, CITY]))
def test_an_expert_knows_what_they_hear_while_it_lies_there_and_what_they_wrote_of(
    who: Actor, state: State, desk: str
) -> None:
    row: Any = Case(state, 2, desk)
    known = sees(who._replace(hears=frozenset(), judged=frozenset()), row)
    # Where a panel's cases were given out, a member knows their own.
    theirs = ("round", desk) not in who.dealt or "case" in who.given
    heard = state in REVIEWS and ("round", desk) in who.hears and theirs

    assert sees(who, row) == (known or (state is not State.DRAFT and (heard or "case" in who.judged)))
    assert judges_at(who, "round", desk) == (holds(who, desk, Role.REVIEWER) or ("round", desk) in who.hears)


@pytest.mark.parametrize("role", Role)
def test_only_administrators_govern_and_nobody_governs_nowhere(role: Role) -> None:
    who = Actor("me", "", "", seats=(Sitting(CITY, role),))

    assert governs(who, COUNTY, CITY) == (role is Role.ADMINISTRATOR)
    assert not governs(who, None, COUNTY)
    assert not governs(who)
    assert not who.sits(None)


@given(ACTORS)
def test_a_union_that_names_its_own_workers_judges_them(who: Actor) -> None:
    row: Any = Row(decider=UNIT)

    right = None if holds(who, UNIT, Role.REVIEWER) else "not_your_desk"
    assert refusal(who, Act.REVOKE, Thing.TITLE, row) == right


@given(ACTORS)
def test_a_tiers_time_is_extended_by_the_deciding_unions_people(who: Actor) -> None:
    row: Any = Row(organization=PROVINCE)

    may = holds(who, PROVINCE, Role.REVIEWER) or holds(who, PROVINCE, Role.ADMINISTRATOR)
    assert (refusal(who, Act.EXTEND, Thing.ROUND, row) is None) == may
