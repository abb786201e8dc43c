"""Places: floors and ceilings that a list can meet, pools that fit the cap, shares that make a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.linting.finding import Raw, error, warning

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.programme import Composition, Programme

_WHOLE = 100
_MOST_RULES = 12  # more floors on one field are judged one by one: their combinations would be too many


def findings(programme: Programme) -> Iterator[Raw]:
    """What is wrong with cap, pools, factors, floors and ceilings."""
    yield from _pools(programme)
    yield from _factors(programme)
    yield from _one_by_one(programme)
    for field in dict.fromkeys(rule.field for rule in programme.composition):
        numbered = [(n, rule) for n, rule in enumerate(programme.composition) if rule.field == field]
        yield from _together(programme, numbered[:_MOST_RULES])


def _pools(programme: Programme) -> Iterator[Raw]:
    quota, cap = programme.quota, programme.approval.cap
    if quota.pools and quota.pool_field is None:
        yield error(("quota", "pools"), "pool_field_missing")
    if quota.pool_field is not None and not quota.pools:
        yield error(("quota", "pool_field"), "pools_missing")
    total = sum(pool.places for pool in quota.pools)
    if cap is not None and total > cap:
        yield error(("quota", "pools"), "pools_over_cap", total=total, cap=cap)
    seen: dict[str, str] = {}
    for n, pool in enumerate(quota.pools):
        for i, value in enumerate(pool.values):
            if seen.setdefault(value, pool.name) != pool.name:
                yield error(("quota", "pools", n, "values", i), "value_in_two_pools", given=value, other=seen[value])
    field = programme.field(quota.pool_field) if quota.pool_field else None
    if quota.pools and field is not None and (left := [c for c in field.choices if c not in seen]):
        yield warning(("quota", "pools"), "value_in_no_pool", given=left)


def _factors(programme: Programme) -> Iterator[Raw]:
    factors = programme.quota.factors
    if factors and (total := sum(factor.percent for factor in factors)) != _WHOLE:
        yield error(("quota", "factors"), "factors_sum", total=total)


def least(rule: Composition, places: int) -> int:
    """How many of so many places a floor asks for, rounded up (domain: 7.2)."""
    return -(-places * (rule.floor or 0) // _WHOLE)


def most(rule: Composition, places: int) -> int:
    """How many of so many places a ceiling allows, rounded down (domain: 7.2)."""
    return places * (_WHOLE if rule.ceiling is None else rule.ceiling) // _WHOLE


def _one_by_one(programme: Programme) -> Iterator[Raw]:
    cap = programme.approval.cap
    for n, rule in enumerate(programme.composition):
        if rule.floor is None and rule.ceiling is None:
            yield error(("composition", n), "composition_empty", given=rule.name)
        elif rule.floor is not None and rule.ceiling is not None and rule.floor > rule.ceiling:
            yield error(("composition", n, "floor"), "floor_over_ceiling", floor=rule.floor, ceiling=rule.ceiling)
        elif cap is not None and cap >= rule.from_names and least(rule, cap) > most(rule, cap):
            yield error(("composition", n), "cap_too_small", cap=cap, least=least(rule, cap), most=most(rule, cap))


def _together(programme: Programme, rules: Sequence[tuple[int, Composition]]) -> Iterator[Raw]:
    """Floors on answers that exclude each other take from the same hundred percent."""
    cap = programme.approval.cap
    apart = _apart([pair for pair in rules if pair[1].floor])
    total = sum(rule.floor or 0 for _, rule in apart)
    if total > _WHOLE:
        yield error(("composition", apart[-1][0], "floor"), "floors_over_whole", total=total)
    elif cap is not None and (asked := sum(least(rule, cap) for _, rule in apart if cap >= rule.from_names)) > cap:
        yield error(("composition", apart[-1][0], "floor"), "cap_too_small", cap=cap, least=asked, most=cap)
    for n, floor in rules:
        for _, ceiling in rules:
            if floor is ceiling or ceiling.ceiling is None or not floor.floor:
                continue
            if set(floor.values) <= set(ceiling.values) and floor.floor > ceiling.ceiling:
                yield error(("composition", n, "floor"), "floor_over_ceiling", floor=floor.floor,
                            ceiling=ceiling.ceiling)  # fmt: skip
    yield from _ceilings(programme, rules)


def _apart(rules: Sequence[tuple[int, Composition]]) -> list[tuple[int, Composition]]:
    """Of the sets of rules whose answers exclude each other, the one whose floors are the highest."""
    best: list[tuple[int, Composition]] = []
    for n, pair in enumerate(rules):
        rest = [other for other in rules[n + 1 :] if not set(other[1].values) & set(pair[1].values)]
        found = [pair, *_apart(rest)]
        if sum(rule.floor or 0 for _, rule in found) > sum(rule.floor or 0 for _, rule in best):
            best = found
    return best


def _ceilings(programme: Programme, rules: Sequence[tuple[int, Composition]]) -> Iterator[Raw]:
    """Ceilings on every answer there is must leave room for a whole list."""
    field = programme.field(rules[0][1].field)
    answers = ({"true", "false"} if field.kind == "yes_no" else set(field.choices)) if field else set()
    capped = [(n, rule) for n, rule in rules if rule.ceiling is not None]
    covered = {value for _, rule in capped for value in rule.values}
    total = sum(rule.ceiling or 0 for _, rule in capped)
    if answers and answers <= covered and total < _WHOLE:
        yield error(("composition", capped[-1][0], "ceiling"), "ceilings_under_whole", total=total)
