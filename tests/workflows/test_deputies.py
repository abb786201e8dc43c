"""Standing deputies: what they may do, in whose name it stands, and where it ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from models import clock
from models.database import engine, reading, transaction
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError, StaleError
from models.merit import Sheet
from models.sql import insert_into
from models.vocabulary import Role
from tests.desk import WEEK, deputed, desk, fresh, now
from tests.worlds import (
    COUNTY,
    NOW,
    PROVINCE,
    World,
    also,
    application,
    at_county,
    checked,
    letters,
    person,
    refused,
    rows,
    sealed,
    submitted,
    unit,
)
from workflows import doctor
from workflows.desk.deputies import one_hand, relieve
from workflows.desk.handling import delegate, take_back, transfer
from workflows.desk.reviews import check, refuse, send_back
from workflows.listing.slates import rank, seal
from workflows.people.accounts import vacate
from workflows.queries.applications import application as read
from workflows.queries.colleagues import deputies_of
from workflows.queries.queue import queue

_EVENTS = """SELECT e.act, a.name, b.name FROM journal_event e LEFT JOIN account a ON a.id = e.account_id
 LEFT JOIN account b ON b.id = e.on_behalf WHERE e.thing_id = :id AND e.version > :since ORDER BY e.version"""


def acted(thing_id: str, since: int = 0) -> list[tuple[Any, ...]]:
    """Each act since a version with who did it, and for whom."""
    return rows(_EVENTS, id=thing_id, since=since)


def test_a_deputy_acts_in_the_absent_ones_name_and_the_record_says_so(world: World) -> None:
    vice = person("vice", COUNTY, Role.ADMINISTRATOR)
    row = submitted(world)
    with refused("not_your_desk", ForbiddenError):
        check(vice, row.id, seen=row.version)

    deputed(world.county, vice)
    check(vice, row.id, seen=row.version)

    assert acted(row.id, row.version) == [("check", "vice", "county")]
    told = read(world.county, row.id)
    assert (told.history[-1].who, told.history[-1].for_whom) == ("vice", "county")
    assert [line.id for line in queue(vice, desk=COUNTY).lines] == [row.id]


def test_a_whole_list_goes_out_in_the_absent_ones_name(world: World) -> None:
    vice = person("vice", COUNTY, Role.EXPERT)
    ids = at_county(world, 2)
    deputed(world.county, vice)

    row = rank(vice, round_id=world.round_id, organization_code=COUNTY, main=ids)
    row = seal(vice, row.id, seen=row.version, minutes="会议纪要")

    assert {line[1:] for line in acted(row.id)} == {("vice", "county")}


def test_who_sits_there_too_acts_for_themselves_but_in_a_colleagues_case_for_them(world: World) -> None:
    d = desk(world)
    other = submitted(world, 1)
    deputed(world.county, d.second)
    row = transfer(world.county, d.case.id, to=world.county.email, reason="专人办理", seen=d.case.version)
    with refused("in_other_hands", ForbiddenError, who="county"):
        check(d.third, row.id, seen=row.version)

    check(d.second, row.id, seen=row.version)
    check(d.second, other.id, seen=other.version)

    assert acted(row.id, row.version) == [("check", "second", "county")]
    assert acted(other.id, other.version) == [("check", "second", None)]


def test_a_colleagues_case_is_not_done_for_them_once_it_is_their_own_units(world: World) -> None:
    d = desk(world)
    row = transfer(world.county, d.case.id, to=d.third.email, reason="专人办理", seen=d.case.version)
    deputed(d.third, d.second)
    also(d.third, unit(0), Role.CLERK)

    for who in (d.second, d.third):
        with refused("own_case", ForbiddenError):
            check(who, row.id, seen=row.version)
    row = transfer(d.chair, row.id, to=world.county.email, reason="回避", seen=row.version)
    assert check(world.county, row.id, seen=row.version).checked


def test_a_deputy_takes_back_what_the_absent_one_delegated(world: World) -> None:
    d = desk(world)
    row = delegate(world.county, d.case.id, to=d.third.email, reason="出差", seen=d.case.version)
    deputed(world.county, d.second)

    row = take_back(d.second, row.id, seen=row.version)

    assert row.handler_id == world.county.id
    assert acted(row.id, row.version - 1) == [("take-back", "second", "county")]


def test_the_term_begins_and_ends_by_itself(world: World) -> None:
    vice = person("vice", COUNTY, Role.ADMINISTRATOR)
    row = submitted(world)
    deputed(world.county, vice, starts_at=NOW + timedelta(days=1))

    with refused("not_your_desk", ForbiddenError):
        check(vice, row.id, seen=row.version)
    with clock.at(NOW + timedelta(days=2)):
        assert [s.deputy for s in deputies_of(world.county, desk=COUNTY)] == ["vice"]
        assert fresh(vice).sits(COUNTY, Role.REVIEWER)
    with clock.at(WEEK), refused("not_your_desk", ForbiddenError):
        check(vice, row.id, seen=row.version)


@pytest.mark.parametrize("who", ["principal", "deputy", "chair"])
def test_a_relieved_deputy_has_no_power_left(world: World, who: str) -> None:
    chair = person("chair", COUNTY, Role.ADMINISTRATOR)
    vice = person("vice", COUNTY, Role.EXPERT)
    row = submitted(world)
    made = deputed(world.county, vice, by=chair)

    with clock.at(NOW + timedelta(hours=1)):
        relieve({"principal": world.county, "deputy": vice, "chair": chair}[who], made.id)
        # An expert whom nobody asked to score the case does not even see it.
        with refused("not_found", NotFoundError):
            check(vice, row.id, seen=row.version)
        with refused("deputy_over", RefusedError):
            relieve(chair, made.id)


def test_only_the_absent_one_or_an_administrator_over_them_names_a_deputy(world: World) -> None:
    d = desk(world)

    with refused("not_administrator", ForbiddenError):
        deputed(world.county, d.second, by=d.third)
    made = deputed(world.county, d.second, by=world.admin)
    with refused("not_found", NotFoundError):
        relieve(d.third, made.id)
    # Whoever stands in for somebody names nobody in that name.
    with refused("not_administrator", ForbiddenError):
        deputed(world.county, d.third, by=d.second, starts_at=WEEK, until=WEEK + timedelta(days=1))


def test_deputies_neither_overlap_nor_form_chains(world: World) -> None:
    d = desk(world)
    deputed(world.county, d.second)

    with refused("deputy_overlaps", RefusedError, name="county"):
        deputed(world.county, d.third)
    with refused("deputy_chain", RefusedError):
        deputed(d.second, d.third)
    with refused("deputy_chain", RefusedError):
        deputed(d.third, world.county)
    assert deputed(world.county, d.third, starts_at=WEEK, until=WEEK + timedelta(days=1)).deputy_id == d.third.id


def test_a_deputy_needs_a_seat_there_a_term_a_reason_and_somebody_absent(world: World) -> None:
    d = desk(world)

    with refused("not_a_colleague", RefusedError, name="city"):
        deputed(world.county, world.city)
    with refused("term_over", InputError):
        deputed(world.county, d.second, until=NOW)
    with refused("own_deputy", InputError):
        deputed(world.county, world.county)
    for role in (Role.EXPERT, Role.ADMINISTRATOR):
        with refused("not_lendable", RefusedError):
            deputed(d.chair, d.second, role=role)
    with refused("no_such_seat", RefusedError, name="chair"):
        deputed(d.chair, d.second)


def test_a_deputy_does_not_do_what_the_absent_one_is_recused_from(world: World) -> None:
    vice = person("vice", COUNTY, Role.EXPERT)
    also(world.county, unit(0), Role.WORKER)
    row, other = submitted(world), submitted(world, 1)
    deputed(world.county, vice)

    with refused("own_case", ForbiddenError):
        check(vice, row.id, seen=row.version)
    with refused("own_case", ForbiddenError):
        refuse(vice, row.id, reason="不符", seen=row.version)
    check(vice, other.id, seen=other.version)
    # Nor on a list with such a name.
    chair = person("other", COUNTY, Role.REVIEWER)
    check(chair, row.id, seen=row.version)
    with refused("own_case", ForbiddenError):
        rank(vice, round_id=world.round_id, organization_code=COUNTY, main=[row.id, other.id])
    listed = rank(chair, round_id=world.round_id, organization_code=COUNTY, main=[row.id, other.id])
    with refused("own_case", ForbiddenError):
        seal(vice, listed.id, seen=listed.version)


def test_a_colleague_in_their_own_right_is_not_bound_by_whom_they_stand_in_for(world: World) -> None:
    d = desk(world)
    also(world.county, unit(0), Role.WORKER)
    deputed(world.county, d.second)

    check(d.second, d.case.id, seen=d.case.version)

    assert acted(d.case.id, d.case.version) == [("check", "second", None)]


def test_power_ends_with_either_seat(world: World) -> None:
    vice = person("vice", COUNTY, Role.EXPERT)
    deputed(world.county, vice)
    seats = dict(rows("SELECT account_id, id FROM seat WHERE organization = :o", o=COUNTY))

    with clock.at(NOW + timedelta(hours=1)):
        vacate(world.admin, seat_id=seats[world.county.id])
        assert fresh(vice).lent == ()


def test_letters_to_the_desk_reach_the_deputy(world: World) -> None:
    vice = person("vice", COUNTY, Role.EXPERT)
    deputed(world.county, vice)

    row = submitted(world)

    assert {name for template, name in letters(row.id) if template == "arrived"} == {"county", "vice"}


def test_a_stale_page_is_told_who_acted_and_for_whom(world: World) -> None:
    vice = person("vice", COUNTY, Role.EXPERT)
    deputed(world.county, vice)
    row = submitted(world)
    check(vice, row.id, seen=row.version)

    with refused("stale", StaleError, who="vice 代 county"):
        check(world.county, row.id, seen=row.version)


def test_a_deputy_and_whom_they_stood_in_for_are_one_hand_for_money(world: World) -> None:
    d = desk(world)
    made = deputed(world.county, d.second)
    with clock.at(NOW + timedelta(hours=1)):
        relieve(world.county, made.id)

    with reading() as store:
        both = {world.county.id, d.second.id}
        assert one_hand(store, d.second.id, COUNTY, NOW) == one_hand(store, world.county.id, COUNTY, NOW) == both
        assert one_hand(store, d.second.id, COUNTY, NOW + timedelta(hours=2)) == {d.second.id}
        assert one_hand(store, d.second.id, PROVINCE, NOW) == {d.second.id}


def test_the_doctor_finds_an_act_in_a_name_that_was_not_lent(world: World) -> None:
    vice = person("vice", COUNTY, Role.EXPERT)
    deputed(world.county, vice)
    row = submitted(world)
    check(vice, row.id, seen=row.version)
    assert doctor.check() == []

    with behind("UPDATE deputy SET starts_at = ends_at, ends_at = '2030-01-01 00:00:00+00:00'"):
        assert {v.name for v in doctor.check()} == {"not_a_deputy"}


@contextmanager
def behind(statement: str) -> Iterator[None]:
    """A change behind the product's back, and back again."""
    kept = rows("SELECT id, starts_at, ends_at FROM deputy")
    with engine().begin() as connection:
        connection.execute(sa.text(statement))
    yield
    with engine().begin() as connection:
        for one, start, end in kept:
            told = {"i": one, "s": start, "e": end}
            connection.execute(sa.text("UPDATE deputy SET starts_at = :s, ends_at = :e WHERE id = :i"), told)


def test_a_sheet_recusal_binds_the_deputy_too(world: World) -> None:
    vice = person("vice", COUNTY, Role.EXPERT)
    deputed(world.county, vice)
    row = submitted(world)
    sheet = {"id": "s1", "application_id": row.id, "desk": COUNTY, "account_id": world.county.id, "recused": True}
    _stand_back(sheet)

    with refused("recused", ForbiddenError):
        check(vice, row.id, seen=row.version)
    assert now(row).checked is False


def _stand_back(sheet: dict[str, Any]) -> None:
    with transaction() as store:
        told = {"scores": {}, "total": 0, "words": "", "at": store.now, "voided_at": store.now,
                "void_reason": "回避", "voided_by": sheet["account_id"]}  # fmt: skip
        store.run(insert_into(Sheet), **{**told, **sheet})


def test_a_returned_case_may_be_handled_by_the_deputy_again(world: World) -> None:
    vice = person("vice", COUNTY, Role.EXPERT)
    deputed(world.county, vice)
    row = submitted(world)

    row = send_back(vice, row.id, faults=[{"field": "topics", "words": "请写明"}], seen=row.version)

    assert acted(row.id, row.version - 1) == [("return", "vice", "county")]
    assert application(row.id).handler_id is None


def test_the_world_has_a_list_without_deputies(world: World) -> None:
    ids = checked(world, COUNTY, submitted(world).id)

    row = sealed(world, COUNTY, ids)

    assert {line[2] for line in acted(row.id)} == {None}
