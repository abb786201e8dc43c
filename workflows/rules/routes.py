"""Routes: which desks an application climbs, from the programme's ladder and its organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from models.vocabulary import Line, Rung, Tier

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.application import Application
    from models.organization import Organization
    from models.programme import Programme


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
    Rung.NATION: Tier.NATION,
}


def route(programme: Programme, line: Line, unit: Organization, above: Mapping[Tier, str]) -> tuple[Desk, ...]:
    """The desks in order. A rung nobody fills (a city in a municipality) is left out.

    `above` maps each tier over the unit to its union's code. On the industry line the city's
    place is taken by the provincial industry union beside it.
    """
    stops = []
    for step in programme.ladder:
        if line in step.skip_on:
            continue
        desk = _desk(step.desk, line, unit, above)
        if desk is not None:
            stops.append(Desk(step.desk, desk))
    return tuple(stops)


def deciders(programme: Programme) -> frozenset[Tier]:
    """The tiers whose unions can decide a programme's rounds: that of the ladder's last rung."""
    last = programme.ladder[-1].desk
    if last is Rung.CITY:
        return frozenset({Tier.CITY, Tier.INDUSTRY})
    return frozenset({_TIER_OF[last]}) if last in _TIER_OF else frozenset()


def _desk(rung: Rung, line: Line, unit: Organization, above: Mapping[Tier, str]) -> str | None:
    if rung is Rung.CITY and line is Line.INDUSTRY:
        return unit.industry
    if rung is Rung.ENTERPRISE:
        return unit.code if unit.tier is Tier.ENTERPRISE else None
    tier = _TIER_OF.get(rung)
    return above.get(tier) if tier else None
