"""The ladder: every step is reached, has an owner, and leads on to the naming, by every line and channel."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from models.vocabulary import ENDED, REVIEW_OF, Act, Channel, Line, Rung, State, Thing
from workflows.charts.advance import advance
from workflows.charts.strict import Facts
from workflows.linting.finding import Raw, error, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.programme import Programme, Step
    from workflows.linting.finding import Path


def findings(programme: Programme) -> Iterator[Raw]:
    """What is wrong with the ladder's steps and what they refer to."""
    yield from _twice(programme)
    yield from _unreached(programme)
    yield from _owners(programme)
    yield from _dead_ends(programme)
    yield from _joint(programme)
    yield from _steps_named(programme)


def ways(programme: Programme) -> list[tuple[Line, Channel, tuple[int, ...]]]:
    """The numbers of the steps an application climbs, for each line and channel."""
    return [
        (line, channel, tuple(n for n, step in enumerate(programme.ladder) if _climbs(step, line, channel)))
        for line, channel in product(programme.lines, programme.entry.channels)
    ]


def _climbs(step: Step, line: Line, channel: Channel) -> bool:
    return line not in step.skip_on and channel in step.channels


def _twice(programme: Programme) -> Iterator[Raw]:
    desks = [step.desk for step in programme.ladder]
    for n, desk in enumerate(desks):
        if desk in desks[:n]:
            yield error(("ladder", n, "desk"), "step_twice", rung=desk)


def _unreached(programme: Programme) -> Iterator[Raw]:
    reached = {n for *_, steps in ways(programme) for n in steps}
    for n, step in enumerate(programme.ladder):
        if n not in reached:
            key = "channels" if set(step.channels).isdisjoint(programme.entry.channels) else "skip_on"
            yield error(("ladder", n, key), "step_unreached", rung=step.desk)


def _owners(programme: Programme) -> Iterator[Raw]:
    desks = {step.desk: n for n, step in enumerate(programme.ladder)}
    if Rung.JOINT in desks and programme.joint is None:
        yield error(("ladder", desks[Rung.JOINT], "desk"), "joint_without_table")
    # Where the ladder ends below the city, the industry line is the region's, and nobody is left out.
    order = list(Rung)
    if Line.INDUSTRY in programme.lines and order.index(programme.ladder[-1].desk) >= order.index(Rung.CITY):
        city = next((step for step in programme.ladder if step.desk is Rung.CITY), None)
        if city is None or Line.INDUSTRY in city.skip_on:
            say = error if "lines" in programme.model_fields_set else warning
            yield say(("lines",), "industry_without_step")


def _dead_ends(programme: Programme) -> Iterator[Raw]:
    """Follow each way through the chart itself: from the draft up to a named title."""
    if len({step.desk for step in programme.ladder}) < len(programme.ladder):
        return
    told: set[int] = set()
    last = len(programme.ladder) - 1
    for line, channel, steps in ways(programme):
        stuck = _stuck(programme, steps)
        if stuck is None and steps and steps[-1] != last and last not in told:
            told.add(last)
            yield error(("ladder", last), "decider_skipped", rung=programme.ladder[last].desk, line=line,
                        channel=channel)  # fmt: skip
        if stuck is not None and stuck not in told:
            told.add(stuck)
            yield error(("ladder", stuck, "desk"), "no_way_out", rung=programme.ladder[stuck].desk)


def _stuck(programme: Programme, steps: tuple[int, ...]) -> int | None:
    """The step whose review the chart cannot leave upward, or None when the way leads to the naming."""
    state: str | None = State.DRAFT
    act, before = Act.SUBMIT, 0
    for n in steps:
        state = advance(Thing.APPLICATION, str(state), act, Facts(leads_to=programme.ladder[n].desk))
        if state != REVIEW_OF[programme.ladder[n].desk]:
            return before
        act, before = Act.RECOMMEND, n
    for act in (Act.PUBLISH, Act.NAME):
        state = advance(Thing.APPLICATION, str(state), act) if steps else State.NAMED
        if state is None:
            return before
    return None if state in ENDED else before


def _joint(programme: Programme) -> Iterator[Raw]:
    joint = programme.joint
    if joint is None:
        return
    if all(step.desk is not Rung.JOINT for step in programme.ladder):
        yield error(("joint",), "joint_not_in_ladder")
    if joint.organization.isdigit():
        yield error(("joint", "organization"), "reserved_code", given=joint.organization)
    for n, member in enumerate(joint.members):
        if member in joint.members[:n]:
            yield error(("joint", "members", n), "twice", given=member)
    yield from (
        error(("joint", "shares", m), "share_of_nobody", given=m) for m in joint.shares if m not in joint.members
    )
    cap = programme.approval.cap
    if joint.shares:
        yield from (
            error(("joint", "shares"), "share_missing", given=member)
            for member in dict.fromkeys(joint.members) if member not in joint.shares
        )  # fmt: skip
        if cap is not None and sum(joint.shares.values()) != cap:
            yield error(("joint", "shares"), "shares_sum", total=sum(joint.shares.values()), cap=cap)


def _steps_named(programme: Programme) -> Iterator[Raw]:
    """Other chapters name a step by its desk; it must be one of this ladder."""
    desks = {step.desk for step in programme.ladder}
    named: list[tuple[Path, Rung]] = [
        ((key, "step"), rule.step)
        for key in ("screening", "scoring", "site_visit", "pitch")
        if (rule := getattr(programme, key)) is not None
    ]
    named += [
        ((key, n, "by"), Rung(one.by))
        for key in ("fields", "slots")
        for n, one in enumerate(getattr(programme, key))
        if one.by != "applicant"
    ]
    named += [
        (("composition", n, "tiers", i), tier)
        for n, rule in enumerate(programme.composition)
        for i, tier in enumerate(rule.tiers)
    ]
    for path, rung in named:
        if rung not in desks:
            yield error(path, "step_unknown", rung=rung)
