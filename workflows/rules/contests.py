"""Contests: prizes by stretches of ranks, and the points a team's competitors earn it (domain: 5.11)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from workflows.rules import ranking

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models.programme import Contest
    from models.programme_file.merit import Prize


class Team(NamedTuple):
    """A team's place: its points, and how many of its competitors took which rank."""

    name: str
    rank: int
    points: int
    ranks: tuple[int, ...]


def prize_of(rule: Contest, rank: int) -> Prize | None:
    """The prize of a rank; those of equal rank have the same one."""
    return next((prize for prize in rule.prizes if prize.from_rank <= rank <= prize.to_rank), None)


def team_points(rule: Contest, rank: int) -> int:
    """Points a rank earns its team: by the list, and `points_below` after its end [W59]."""
    return rule.team_points[rank - 1] if rank <= len(rule.team_points) else rule.points_below


def teams(rule: Contest, placed: Iterable[tuple[str, int]]) -> list[Team]:
    """The teams in order, from `(team, rank)` of every competitor that has one.

    Equal points: more at the best rank, then at the next [W59]; then equal rank.
    """
    taken: dict[str, list[int]] = {}
    for name, rank in placed:
        taken.setdefault(name, []).append(rank)
    names = sorted(taken)
    lowest = max((rank for own in taken.values() for rank in own), default=0)
    points = {name: sum(team_points(rule, rank) for rank in taken[name]) for name in names}
    counted = {name: Counter(taken[name]) for name in names}
    keys = [(points[name], tuple(counted[name][rank] for rank in range(1, lowest + 1))) for name in names]
    found = [
        Team(name, rank, points[name], tuple(sorted(taken[name])))
        for name, rank in zip(names, ranking.ranks(keys), strict=True)
    ]
    return sorted(found, key=lambda team: (team.rank, team.name))
