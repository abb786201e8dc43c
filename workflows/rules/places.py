"""Quota arithmetic: how many places and reserve names a slate may hold (domain: 7.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from models.vocabulary import QuotaKind

if TYPE_CHECKING:
    from models.programme import Reserve
    from models.round import Quota


class Asked(NamedTuple):
    """What a slate asks for: main places and reserve names; `waiting` ones are on the tier's other lists."""

    main: int
    reserve: int
    waiting: int = 0


def left(quota: Quota) -> int:
    """Places still to give; a free quota has always one more."""
    if quota.kind is QuotaKind.FREE:
        return 10**6
    return quota.places - quota.reserved - quota.used


def reserve_limit(places: int, rule: Reserve) -> int:
    """Reserve names allowed beyond the places: a percentage, rounded as the programme says."""
    share = places * rule.percent
    return -(-share // 100) if rule.rounding == "ceiling" else share // 100


def refusal(quota: Quota, asked: Asked, rule: Reserve, reason: str) -> tuple[str, dict[str, object]] | None:
    """Why a slate cannot be sealed under its union's quota, with the numbers; None when it can.

    A minimum not met is no wall but asks for a written reason (domain: scenario 3).
    """
    if asked.main > left(quota):
        return "quota_spent", {"places": quota.places, "left": left(quota), "asked": asked.main}
    limit = reserve_limit(quota.places, rule)
    if asked.reserve and asked.reserve + asked.waiting > limit:
        return "reserve_full", {
            "allowed": limit, "asked": asked.reserve + asked.waiting, "percent": rule.percent, "places": quota.places,
        }  # fmt: skip
    total = quota.used + quota.reserved + asked.main
    if total < quota.minimum and not reason.strip():
        return "below_minimum", {"minimum": quota.minimum, "asked": total}
    return None
