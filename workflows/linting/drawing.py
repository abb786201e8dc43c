"""An application's life as one programme lives it: only its tiers, its ways between them, and its chapters."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from models.vocabulary import REVIEW_OF, Act, Rung, State, Thing
from workflows.charts.advance import CHARTS, diagram
from workflows.linting.ladder import ways

if TYPE_CHECKING:
    from models.programme import FieldRule, Programme, Slot

_WAY = re.compile(r"\s*(\w+) --> (\w+) : (.*?)(?: \[(\w+)\])?")
_TIERS = {state.value: rung for rung, state in REVIEW_OF.items()}


class Ways:
    """The steps a programme's applications climb: where they begin, what follows what, who holds a notice."""

    def __init__(self, programme: Programme) -> None:
        climbed = [[programme.ladder[n].desk for n in steps] for *_, steps in ways(programme)]
        last = programme.ladder[-1].desk
        self.first = {steps[0] for steps in climbed if steps}
        self.next = {pair for steps in climbed for pair in pairwise(steps)}
        self.noticed = {step.desk for step in programme.ladder if step.notice or step.desk is last}
        self.idle = _idle(programme)
        asked: list[FieldRule | Slot] = [*programme.fields, *programme.slots]
        self.parts = any(one.by != "applicant" or one.stage == "formal" for one in asked)

    def has(self, source: str, target: str, act: Act, guard: str | None) -> bool:
        """Whether an application of this programme can ever go this way."""
        if act in self.idle or (guard == "_part_is_open" and not self.parts):
            return False
        here, there = _TIERS.get(source), _TIERS.get(target)
        match act:
            case Act.SUBMIT:
                return there in self.first
            case Act.RECOMMEND if source == State.PUBLIC_NOTICE:
                return any(below in self.noticed for below, above in self.next if above is there)
            case Act.RECOMMEND:
                return (here, there) in self.next
            case Act.RECALL if here is not there:
                return (there, here) in self.next
            case Act.PUBLISH:
                return here in self.noticed
        return True


def drawn(programme: Programme) -> str:
    """The life of an application as Mermaid text."""
    ladder = {step.desk for step in programme.ladder}
    known, acts = Ways(programme), _acts()
    lines = []
    for line in diagram(Thing.APPLICATION, without=[rung for rung in Rung if rung not in ladder]).splitlines():
        found = _WAY.fullmatch(line)
        if found is None or known.has(found[1], found[2], acts[found[3]], found[4]):
            lines.append(line)
    return "\n".join(lines)


def _acts() -> dict[str, Act]:
    """The acts by what the chart calls them."""
    events: Any = CHARTS[Thing.APPLICATION].events  # a property of the class, which its stub calls a method
    return {event.name: Act(event.id) for event in events}


def _idle(programme: Programme) -> frozenset[Act]:
    """The acts of chapters that the programme does not have."""
    chapters = {
        (Act.CONSULT, Act.REPLY): programme.screening,
        (Act.INSPECT,): programme.site_visit or programme.pitch,
        (Act.ANNOUNCE, Act.APPEAL, Act.RULE): programme.contest,
        (Act.PROPOSE, Act.ANSWER): programme.entry.first_list_due,
        (Act.RESERVE,): programme.reserve.percent,
    }
    return frozenset(act for acts, chapter in chapters.items() if not chapter for act in acts)
