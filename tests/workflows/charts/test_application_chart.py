"""The life of an application as one table over every state, act and way; the rest is refused."""

from dataclasses import dataclass
from typing import Any

import pytest
import statemachine
from statemachine.exceptions import TransitionNotAllowed

from models.vocabulary import ENDED, LIVE, REVIEW_OF, REVIEWS, Act, Rung, State, Thing
from workflows.charts.advance import CHARTS, acts_of, advance, diagram, offered
from workflows.charts.application import ApplicationLife
from workflows.charts.strict import Facts, Life, Strict

# Each tier in the order of the ladder.
TIERS = tuple(REVIEW_OF.values())

# `act` stays, `act>state` leads there; `^` any higher tier the route names, `v` any lower one (or,
# with no way named, here again), `d` a lower one only, `*` any tier at all, `.` only where
# no way is named. What is not written here is refused.
A_TIER = "check return>returned refuse>refused recommend>^ reserve recall>v send-down>d publish>public_notice "
A_TIER += (
    "lapse>lapsed propose answer pass-over>not_selected withdraw>withdrawn consult reply inspect announce appeal rule"
)
A_TIER += " transfer delegate take-back hand-over hold release countersign sign add-signer drop-signer call-off"
A_TIER += " undo>. postpone recount"
TABLE = {
    State.DRAFT: "revise attach detach submit>* withdraw>withdrawn lapse>lapsed",
    State.ENTERPRISE_REVIEW: A_TIER,
    State.TOWNSHIP_REVIEW: A_TIER,
    State.COUNTY_REVIEW: A_TIER,
    State.CITY_REVIEW: A_TIER,
    State.PROVINCIAL_REVIEW: A_TIER,
    State.JOINT_REVIEW: A_TIER,
    State.NATIONAL_REVIEW: A_TIER,
    State.RETURNED: "revise attach detach resubmit>* withdraw>withdrawn lapse>lapsed pass-over>not_selected undo>*"
    " postpone recount",
    State.PUBLIC_NOTICE: "object>contested correct name>named pass-over>not_selected recommend>* lapse>lapsed",
    State.CONTESTED: (
        "transfer delegate take-back hand-over correct extend report-back dismiss>public_notice uphold>struck"
        " postpone recount"
    ),
    State.NAMED: "",
    State.STRUCK: "",
    State.NOT_SELECTED: "",
    State.REFUSED: "undo>*",
    State.WITHDRAWN: "",
    State.LAPSED: "",
}


def expected(state: State) -> dict[tuple[str, Rung | None], str]:
    """What the table says of a state: by act and way, the state it leads to."""
    found: dict[tuple[str, Rung | None], str] = {}
    for word in TABLE[state].split():
        act, _, target = word.partition(">")
        ways: dict[Rung | None, str] = {None: target or state, **dict.fromkeys(Rung, target or state)}
        if target in ("^", "v", "d", "*"):
            ways = {rung: tier for rung, tier in REVIEW_OF.items() if _is_way(target, state, tier)}
        if target == "v":
            ways[None] = state
        if target == ".":
            ways = {None: state}
        found |= {(act, way): reached for way, reached in ways.items()}
    return found


def _is_way(target: str, state: State, tier: State) -> bool:
    if target == "*":
        return True
    here, there = TIERS.index(state), TIERS.index(tier)
    return there > here if target == "^" else there < here


@pytest.mark.parametrize("state", State)
def test_every_act_leads_where_the_table_says_and_nowhere_else(state: State) -> None:
    found = {
        (act.value, way): target
        for act in Act
        for way in (None, *Rung)
        if (target := advance(Thing.APPLICATION, state, act, Facts(leads_to=way))) is not None
    }

    assert found == expected(state)


@pytest.mark.parametrize("state", State)
def test_under_review_only_a_part_of_the_form_is_open(state: State) -> None:
    mending = {Act.REVISE, Act.ATTACH, Act.DETACH}

    opened = {act for act in mending if advance(Thing.APPLICATION, state, act, Facts(part=True)) == state}

    assert opened == (mending if state in {*REVIEWS, State.DRAFT, State.RETURNED} else set())


def test_the_table_knows_every_state_and_the_states_are_told_apart_by_what_they_hold() -> None:
    assert set(TABLE) == set(State)
    # A refusal ends a case, and yet comes back when its whole batch is undone.
    assert {s for s, acts in TABLE.items() if not acts} | {State.REFUSED} == ENDED
    assert set(State) - ENDED - LIVE == {State.DRAFT}
    assert set(TIERS) == REVIEWS


@pytest.mark.parametrize("state", State)
def test_offered_names_the_acts_the_table_has(state: State) -> None:
    for way in (None, *Rung):
        acts = {act for act, led in expected(state) if led == way}

        assert offered(Thing.APPLICATION, state, Facts(leads_to=way)) == acts


def test_a_state_no_chart_knows_is_an_error_and_not_a_refusal() -> None:
    with pytest.raises(KeyError):
        advance(Thing.APPLICATION, "asleep", Act.CHECK)


@pytest.mark.parametrize("thing", CHARTS)
def test_only_acts_reach_a_chart(thing: Thing) -> None:
    chart: Any = CHARTS[thing]
    named = {event.id for event in chart.events}

    assert named <= {act.value for act in Act}
    assert {act.value for act in acts_of(thing)} == named
    assert all(
        advance(thing, state.value, act) is None for state in CHARTS[thing].states for act in set(Act) - acts_of(thing)
    )


def test_an_unknown_act_is_refused_by_the_chart_itself() -> None:
    life = Life(State.DRAFT.value, Facts())

    with pytest.raises(TransitionNotAllowed):
        ApplicationLife(life).send("applaud")

    assert life.state == State.DRAFT.value


@dataclass
class Door:
    """Any model will do."""

    state: str = "open"


class Failing(Strict):
    """A chart whose action fails half-way."""

    ajar = statemachine.State(value="open", initial=True)
    shut = statemachine.State(value="shut", final=True)
    close = statemachine.Event(ajar.to(shut, on="slam"))

    def slam(self) -> None:
        raise ArithmeticError


def test_a_failing_action_is_an_error_and_leaves_the_state() -> None:
    door = Door()

    with pytest.raises(ArithmeticError):
        Failing(door).send("close")

    assert door.state == "open"


def test_a_diagram_shows_no_tier_the_ladder_lacks() -> None:
    gone = [r for r in Rung if r not in (Rung.COUNTY, Rung.CITY, Rung.PROVINCE)]

    drawn = diagram(Thing.APPLICATION, without=gone)

    shown = {state.value for state in REVIEWS if state.value in drawn}
    assert shown == {"county_review", "city_review", "provincial_review"}
    assert drawn.startswith("stateDiagram-v2")
