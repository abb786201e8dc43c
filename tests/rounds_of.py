"""Rounds of other programmes in the small province: the shipped one with some of its keys changed."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from models.vocabulary import Role
from tests.rules_of import programme
from tests.worlds import CLOSES, ENDS, NOW, PLACES, PROVINCE, World, person
from workflows.programmes import publish
from workflows.record.acting import SYSTEM, Actor
from workflows.rounds import issue, plan_round

_versions = count(2)
OPENED = NOW - timedelta(days=1)
LADDER = [
    {"desk": "county", "days": 5, "skip_on": ["industry"]},
    {"desk": "city-or-industry", "days": 7},
    {"desk": "province", "days": 10},
]


def ladder(**changes: dict[str, Any]) -> list[dict[str, Any]]:
    """The usual ladder, with keys of some steps changed: `county={"late": "lapse"}`."""
    names = {"city": "city-or-industry"}
    more = {names.get(name, name): change for name, change in changes.items()}
    return [{**step, **more.get(str(step["desk"]), {})} for step in LADDER]


def published(code: str = "provincial-studio", **changes: Any) -> str:
    """A changed programme, published as a version of its own; its id."""
    return publish(SYSTEM, programme(code, **{"version": next(_versions), **changes})).id


def in_round(
    w: World, code: str = "provincial-studio", *, decider: str = PROVINCE, admin: Actor | None = None,
    quotas: Mapping[str, int] = PLACES, opens_at: datetime = OPENED, closes_at: datetime | None = CLOSES,
    **changes: Any,
) -> World:  # fmt: skip
    """The world with the round of a changed programme, open since yesterday, as its round."""
    who = admin or w.admin
    made = plan_round(who, programme=published(code, **changes), organization_code=decider, year=2026,
                      opens_at=opens_at, closes_at=closes_at, ends_at=ENDS if closes_at else None)  # fmt: skip
    for union, places in quotas.items():
        issue(who, round_id=made.id, organization_code=union, places=places)
    return w._replace(round_id=made.id)


def worker(n: int, unit_code: str) -> Actor:
    """One of a unit's workers."""
    return person(f"worker{n}", unit_code, Role.WORKER)
