"""The charts asked as one pure, memoised function: what an act does in a state."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from statemachine.exceptions import TransitionNotAllowed

from models.vocabulary import REVIEW_OF, Act, Thing
from workflows.charts.account import AccountLife
from workflows.charts.application import ApplicationLife
from workflows.charts.notice import NoticeLife, ObjectionLife, RoundLife
from workflows.charts.panel import ExpertLife, MeetingLife, PanelLife
from workflows.charts.slate import SlateLife
from workflows.charts.strict import Facts, Life, Strict
from workflows.charts.subsidy import SubsidyLife
from workflows.charts.title import AssessmentLife, TitleLife

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models.vocabulary import Rung

CHARTS: dict[Thing, type[Strict]] = {
    Thing.APPLICATION: ApplicationLife,
    Thing.SLATE: SlateLife,
    Thing.NOTICE: NoticeLife,
    Thing.OBJECTION: ObjectionLife,
    Thing.TITLE: TitleLife,
    Thing.ASSESSMENT: AssessmentLife,
    Thing.ROUND: RoundLife,
    Thing.ACCOUNT: AccountLife,
    Thing.SUBSIDY: SubsidyLife,
    Thing.EXPERT: ExpertLife,
    Thing.PANEL: PanelLife,
    Thing.MEETING: MeetingLife,
}
NO_FACTS = Facts()


@cache
def acts_of(thing: Thing) -> frozenset[Act]:
    """The acts a chart knows; nothing else is ever sent to it."""
    events: Any = CHARTS[thing].events  # a property of the class, which its stub calls a method
    return frozenset(Act(event.id) for event in events)


@cache
def advance(thing: Thing, state: str, act: Act, facts: Facts = NO_FACTS) -> str | None:
    """The state that `act` leads to, or None when the chart has no such move.

    Memoised: the whole life is some hundred answers, and building a machine costs 0.3 ms.
    """
    if act not in acts_of(thing):
        return None
    life: Any = Life(str(state), facts)
    try:
        CHARTS[thing](life).send(act.value)
    except TransitionNotAllowed:
        return None
    return str(life.state)


@cache
def offered(thing: Thing, state: str, facts: Facts = NO_FACTS) -> frozenset[Act]:
    """The acts a chart allows from a state."""
    return frozenset(a for a in acts_of(thing) if advance(thing, state, a, facts) is not None)


def diagram(thing: Thing, without: Iterable[Rung] = ()) -> str:
    """A chart as Mermaid text, without the tiers a ladder does not have."""
    gone = {REVIEW_OF[rung].value for rung in without}
    lines = f"{CHARTS[thing]:mermaid}".splitlines()
    return "\n".join(line for line in lines if line.strip() and not gone & set(line.replace(":", " ").split()))
