"""Rounds of a programme with rules of their own, in the small province of `tests.worlds`."""

from datetime import timedelta
from typing import Any

from tests.rules_of import programme
from tests.worlds import CITY, CLOSES, COUNTY, ENDS, NOW, PROVINCE, World, application, rows
from workflows.listing.sending import send_up
from workflows.listing.slates import open_slate, rank, seal
from workflows.programmes import publish
from workflows.record.acting import SYSTEM
from workflows.rounds import issue, plan_round

POOL = {
    "pool_field": "leader_honour",
    "pools": [{"name": "contest", "label": {"zh": "竞赛类", "en": "competition"}, "values": ["national_model"],
               "places": 5}],
}  # fmt: skip
CONTEST = {"leader_honour": "national_model"}


def own_round(w: World, county: int | None = 6, city: int | None = 6, **changes: Any) -> World:
    """An open round of the shipped programme with some of its keys changed; places for county and city."""
    rules = programme(version=1001, **changes)
    publish(SYSTEM, rules)
    made = plan_round(w.admin, programme=rules.id, organization_code=PROVINCE, year=2026,
                      opens_at=NOW - timedelta(days=1), closes_at=CLOSES, ends_at=ENDS)  # fmt: skip
    there = w._replace(round_id=made.id)
    for code, places in ((COUNTY, county), (CITY, city)):
        if places is not None:
            give(there, code, places)
    return there


def give(w: World, code: str, places: int, **given: Any) -> None:
    """Issue a union places."""
    issue(w.admin, round_id=w.round_id, organization_code=code, places=places, **given)


def ranked(w: World, code: str, main: list[Any], reserve: list[Any] | None = None, seen: int = 0) -> Any:
    """A tier's list, not sealed."""
    return rank(w.desk(code), round_id=w.round_id, organization_code=code, main=main, reserve=reserve, seen=seen)


def sealed_as(w: World, code: str, row: Any, **more: Any) -> Any:
    """A ranked list, sealed."""
    return seal(w.desk(code), row.id, seen=row.version, minutes="会议纪要", **more)


def up(w: World, code: str, above: str, main: list[Any], reserve: list[Any] | None = None) -> list[str]:
    """A tier's list, sealed, sent up and opened there; the ids of its main names."""
    row = sealed_as(w, code, ranked(w, code, main, reserve))
    row = send_up(w.desk(code), row.id, seen=row.version)
    open_slate(w.desk(above), row.id, seen=row.version)
    return [item["application"] if isinstance(item, dict) else item for item in main]


def pools(w: World, code: str) -> dict[str, tuple[int, int, int]]:
    """A union's places, reserved and used by pool."""
    found = rows("SELECT pool, places, reserved, used FROM quota WHERE round_id = :r AND organization = :o",
                 r=w.round_id, o=code)  # fmt: skip
    return {pool: (places, reserved, used) for pool, places, reserved, used in found}


def ledger(w: World, code: str, *acts: str) -> list[tuple[str, str, str, int, str]]:
    """The lines of a union's ledger by these acts, in the order of the alphabet: pool, from, to, how many, act."""
    found = rows(
        "SELECT pool, source, target, n, act FROM quota_entry e JOIN quota q ON q.id = e.quota_id"
        " WHERE round_id = :r AND organization = :o",
        r=w.round_id, o=code,
    )  # fmt: skip
    return sorted(line for line in found if line[-1] in acts)


def version(application_id: str) -> int:
    """The version somebody sees now."""
    return application(application_id).version
