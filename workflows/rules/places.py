"""Quota arithmetic: how many places and reserve names a slate may hold (domain: 7.2)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from models.programme_file.common import text_of
from models.vocabulary import QuotaKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from models.programme import Programme, QuotaRule, Reserve
    from models.round import Quota


class Asked(NamedTuple):
    """What a slate asks for: main places and reserve names; `waiting` ones are on the tier's other lists."""

    main: int
    reserve: int
    waiting: int = 0


class Standing(NamedTuple):
    """How many names of one kind stand on a tier's lists that are sealed or further."""

    pool: str
    outside: str
    reserve: bool
    n: int


class Listed(Protocol):
    """A name on a list."""

    @property
    def application_id(self) -> str:
        """Whose."""

    @property
    def reserve(self) -> bool:
        """Whether it stands behind the main names."""

    @property
    def outside(self) -> str:
        """The award beyond the quota it is proposed for, or nothing."""


class Ranked(Listed, Protocol):
    """A name on a list with its score."""

    @property
    def score(self) -> int | None:
        """Hundredths of a point, or None."""


T = TypeVar("T", bound=Ranked)


def left(quota: Quota) -> int:
    """Places still to give; a free quota has always one more."""
    if quota.kind is QuotaKind.FREE:
        return 10**6
    return quota.places - quota.reserved - quota.used


def reserve_limit(places: int, rule: Reserve) -> int:
    """Reserve names allowed beyond the places: a percentage, rounded as the programme says."""
    share = places * rule.percent
    return -(-share // 100) if rule.rounding == "ceiling" else share // 100


def pool_of(rule: QuotaRule, answers: Mapping[str, Any]) -> str:
    """The pool an application stands in by its answer; none of them: the places outside all pools."""
    if rule.pool_field is None or (given := answers.get(rule.pool_field)) is None:
        return ""
    return next((pool.name for pool in rule.pools if text_of(given) in pool.values), "")


def pools_of(rule: QuotaRule) -> tuple[str, ...]:
    """The pools that places are issued in; the first is what belongs to none."""
    return ("", *(pool.name for pool in rule.pools))


def label_of(rule: QuotaRule, pool: str) -> dict[str, str]:
    """What a pool is called, in both languages; nothing for the places outside all pools."""
    return next((one.label.model_dump() for one in rule.pools if one.name == pool), {})


def approved(rules: Programme, pool: str) -> int | None:
    """Places the deciding union may have in a pool: the pool's own, or what the cap leaves beside them.

    None: as many as are fit ("a batch"), where the approval names no number.
    """
    for one in rules.quota.pools:
        if one.name == pool:
            return one.places
    cap = rules.approval.cap
    return None if cap is None else max(0, cap - sum(one.places for one in rules.quota.pools))


def orders(entries: Iterable[T], pool_by_name: Mapping[str, str]) -> list[list[T]]:
    """The orders a list stands for, one a pool, each with its own line between main names and reserve.

    An award outside the quota that has no score stands beside the order.
    """
    found: dict[str, list[T]] = {}
    for entry in entries:
        if not (entry.outside and entry.score is None):
            found.setdefault(pool_by_name.get(entry.application_id, ""), []).append(entry)
    return [found[pool] for pool in sorted(found)]


def asked_by_pool(
    entries: Iterable[Listed], pool_by_name: Mapping[str, str], standing: Iterable[Standing]
) -> dict[str, Asked]:
    """What a list asks of each pool: awards outside the quota take no place in any."""
    counted = Counter((pool_by_name.get(e.application_id, ""), e.reserve) for e in entries if not e.outside)
    waiting = Counter[str]()
    for one in standing:
        waiting[one.pool] += one.n if one.reserve else 0
    pools = sorted({pool for pool, _ in counted})
    return {pool: Asked(counted[pool, False], counted[pool, True], waiting[pool]) for pool in pools}


def refusal(quota: Quota, asked: Asked, rule: Reserve, reason: str) -> tuple[str, dict[str, object]] | None:
    """Why a slate cannot be sealed under its union's quota, with the numbers; None when it can.

    Places are the upper bound of every kind but `free`, and need not be filled. A minimum (`range`,
    `minimum`) not met is no wall but asks for a written reason (domain: scenario 3).
    """
    if asked.main > left(quota):
        return "quota_spent", {
            "places": quota.places, "left": left(quota), "asked": asked.main, "pool": quota.pool,
        }  # fmt: skip
    total = quota.used + quota.reserved + asked.main
    # A free quota has no number of its own: its reserve is a share of those recommended.
    places = total if quota.kind is QuotaKind.FREE else quota.places
    limit = reserve_limit(places, rule)
    if asked.reserve and asked.reserve + asked.waiting > limit:
        return "reserve_full", {
            "allowed": limit, "asked": asked.reserve + asked.waiting, "percent": rule.percent, "places": places,
            "pool": quota.pool,
        }  # fmt: skip
    if total < quota.minimum and not reason.strip():
        return "below_minimum", {"minimum": quota.minimum, "asked": total, "pool": quota.pool}
    return None


def outside_refusal(
    rule: QuotaRule, entries: Iterable[Listed], standing: Iterable[Standing]
) -> tuple[str, dict[str, object]] | None:
    """Why a list's awards outside the quota are too many, those on the tier's other lists counted in."""
    asked = Counter(e.outside for e in entries if e.outside)
    taken = Counter[str]()
    for one in standing:
        taken[one.outside] += one.n
    for award in rule.outside:
        total = asked[award.name] + taken[award.name]
        if asked[award.name] and total > award.most:
            return "outside_full", {"award": award.label.model_dump(), "most": award.most, "asked": total}
    return None
