"""The ledger: every act moves its places in double entry, and the books always agree."""

from tests.worlds import (
    CITY,
    COUNTY,
    PROVINCE,
    World,
    application,
    at_city,
    at_county,
    closed,
    named,
    quota,
    rows,
    sealed,
    sent,
    slate,
)
from workflows.intake.applications import withdraw
from workflows.listing.sending import recall

LEDGER = (
    "SELECT source, target, n, act FROM quota_entry e JOIN quota q ON q.id = e.quota_id"
    " WHERE organization = :o AND act <> 'issue' ORDER BY act, source"
)


def test_from_sealing_to_naming_every_place_is_accounted_for(world: World) -> None:
    named(world, 2)

    for code in (COUNTY, CITY):
        assert rows(LEDGER, o=code) == [("available", "reserved", 2, "seal"), ("reserved", "used", 2, "send-up")]
    assert rows(LEDGER, o=PROVINCE) == [("reserved", "used", 2, "decide"), ("available", "reserved", 2, "seal")]
    assert [quota(world, code) for code in (COUNTY, CITY, PROVINCE)] == [(3, 0, 2), (10, 0, 2), (70, 0, 2)]


def test_a_recall_gives_back_from_where_the_places_were(world: World) -> None:
    ids = at_county(world, 2)
    listed = sealed(world, COUNTY, ids)
    listed = recall(world.county, listed.id, seen=listed.version, reason="补充")

    assert rows(LEDGER, o=COUNTY)[0] == ("reserved", "available", 2, "recall")
    assert slate(listed.id).state == "drafting"


def test_a_withdrawal_gives_one_place_back_and_a_promotion_takes_it(world: World) -> None:
    ids, _ = at_city(world, 3)
    sent(world, CITY, ids[:2], ids[2:])

    withdraw(world.clerks[0], ids[0], seen=application(ids[0]).version)

    assert rows(LEDGER, o=COUNTY)[-1] == ("used", "available", 1, "withdraw")
    assert rows(LEDGER, o=CITY) == [
        ("available", "used", 1, "promote"), ("available", "reserved", 2, "seal"),
        ("reserved", "used", 2, "send-up"), ("used", "available", 1, "withdraw"),
    ]  # fmt: skip


def test_publishing_moves_no_place(world: World) -> None:
    closed(world, 2)

    assert rows(LEDGER, o=PROVINCE) == [("available", "reserved", 2, "seal")]
