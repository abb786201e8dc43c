"""The statechart's manners for approvals: an unknown act is an error, and so is a failing action."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from statemachine import StateChart

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from statemachine import State
    from statemachine.transition_list import TransitionList

    from models.vocabulary import Rung


@dataclass(frozen=True, slots=True)
class Facts:
    """What a guard may ask: a rung on the route, and a yes or no. Few values, so answers memoise."""

    leads_to: Rung | None = None
    passed: bool = False
    owing: bool = False
    part: bool = False


class Strict(StateChart[Any]):
    """Flags whose defaults would lose an act, or keep a half-made move, without a word."""

    allow_event_without_transition = False
    catch_errors_as_events = False
    atomic_configuration_update = True
    enable_self_transition_entries = False


@dataclass(slots=True)
class Life:
    """The model a chart works on: a state and the facts, and nothing that could be written."""

    state: str
    facts: Facts


def any_of(ways: Iterable[TransitionList]) -> TransitionList:
    """Several ways as one event's transitions."""
    joined: TransitionList = reduce(or_, ways)
    return joined


def stay(*states: State, cond: Callable[[Life], bool] | None = None) -> TransitionList:
    """An act that leaves a thing where it is."""
    return any_of(state.to(state, cond=cond) for state in states)
