"""Routes: which desks an application climbs, from the programme's ladder and its organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from models.vocabulary import Channel, Line, Rung, Tier

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.application import Application
    from models.organization import Organization
    from models.programme import Programme, Step


class Desk(NamedTuple):
    """One stop of a route."""

    rung: Rung
    desk: str


def stop(row: Application, step: int) -> Desk:
    """A stop of the route kept on an application."""
    rung, desk = row.route[step]
    return Desk(Rung(rung), desk)


_TIER_OF = {
    Rung.ENTERPRISE: Tier.ENTERPRISE,
    Rung.TOWNSHIP: Tier.TOWNSHIP,
    Rung.COUNTY: Tier.COUNTY,
    Rung.CITY: Tier.CITY,
    Rung.PROVINCE: Tier.PROVINCE,
    Rung.JOINT: Tier.JOINT,
    Rung.NATION: Tier.NATION,
}
RUNGS = {**{tier: rung for rung, tier in _TIER_OF.items()}, Tier.INDUSTRY: Rung.CITY}


def route(
    programme: Programme, line: Line, unit: Organization, above: Mapping[Tier, str], channel: Channel = Channel.UNION
) -> tuple[Desk, ...]:
    """The desks in order. A rung nobody fills (a city in a municipality) is left out.

    `above` maps each tier over the unit to its union's code. On the industry line the city's
    place is taken by the provincial industry union beside it; on the direct line the enterprise
    rung is the group union's, whether the unit is the group itself or belongs to it.
    """
    stops = []
    for step in programme.ladder:
        if line in step.skip_on or channel not in step.channels:
            continue
        desk = _desk(programme, step.desk, line, unit, above)
        if desk is not None:
            stops.append(Desk(step.desk, desk))
    return tuple(stops)


def lines(programme: Programme, unit: Organization, above: Mapping[Tier, str]) -> tuple[Line, ...]:
    """The programme's lines that a unit may climb.

    Right below an industry union there is no region to climb; the direct line is a group's own.
    """
    open_to = {
        Line.REGION: unit.parent != unit.industry,
        Line.INDUSTRY: unit.industry is not None,
        Line.DIRECT: unit.direct or Tier.ENTERPRISE in above,
    }
    return tuple(line for line in programme.lines if open_to[line])


def deciders(programme: Programme) -> frozenset[Tier]:
    """The tiers whose unions can decide a programme's rounds: that of the ladder's last rung."""
    last = programme.ladder[-1].desk
    return frozenset({Tier.CITY, Tier.INDUSTRY}) if last is Rung.CITY else frozenset({_TIER_OF[last]})


def rung_of(tier: Tier) -> Rung:
    """The rung on which a union of this tier sits; an industry's stands beside the city."""
    return RUNGS[tier]


def step_of(programme: Programme, rung: Rung) -> Step | None:
    """The ladder's step at a rung."""
    return next((step for step in programme.ladder if step.desk is rung), None)


def _desk(programme: Programme, rung: Rung, line: Line, unit: Organization, above: Mapping[Tier, str]) -> str | None:
    match rung:
        case Rung.ENTERPRISE if line is Line.DIRECT:
            return unit.code if unit.direct else above.get(Tier.ENTERPRISE)
        case Rung.ENTERPRISE:
            return unit.code if unit.tier is Tier.ENTERPRISE else None
        case Rung.CITY if line is Line.INDUSTRY:
            return unit.industry
        case Rung.JOINT:
            joint = programme.joint
            return joint.organization if joint and above.get(Tier.PROVINCE) in joint.members else None
        case _:
            return above.get(_TIER_OF[rung])
