"""As it stood: folded to now it is the row as it is, and on an earlier day what the day before had made of it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from models import clock
from models.database import reading
from models.errors import InputError, NotFoundError
from models.vocabulary import Role, Rung, State, Thing
from tests.worlds import (
    CITY,
    COUNTY,
    NOW,
    PLACES,
    PROVINCE,
    World,
    application,
    at_city,
    closed,
    drafted,
    identity,
    in_notice,
    named,
    person,
    places_on,
    quota,
    rows,
    sealed,
    slate,
    submitted,
)
from workflows.clocks.postponing import postpone
from workflows.desk.reviews import send_back
from workflows.intake.applications import resubmit, revise, submit, withdraw
from workflows.listing.returning import send_down
from workflows.listing.sending import send_up
from workflows.queries import as_of as asked
from workflows.queries.as_of import as_of
from workflows.record.acting import Actor
from workflows.rules import past

FAR = datetime(2099, 1, 1, tzinfo=UTC)


def differing() -> list[tuple[str, Any, Any]]:
    """Every case and every list that, told to its end, is not as it is."""
    found: list[tuple[str, Any, Any]] = []
    for (one,) in rows("SELECT id FROM application ORDER BY id"):
        with reading() as store:
            row = application(one)
            told = asked.folded(store, row, FAR)
        kept = {field: value for field, value in row.answers.items() if value is not None}
        was = (told.version, told.state, told.tier, told.due_at, told.answers)
        now = (row.version, row.state.value, row.rung, row.due_at, kept)
        found += [(one, was, now)] if was != now else []
    for (one,) in rows("SELECT id FROM slate ORDER BY id"):
        with reading() as store:
            events = asked._events(store, Thing.SLATE, one, FAR)  # noqa: SLF001 -- whoever may ask
        order = [(name.application_id, n, name.reserve) for n, name in enumerate(past.names(events), 1)]
        found += [(one, order, places_on(one))] if order != places_on(one) else []
    return found


def on(days: float) -> datetime:
    """The moment so many days after the world's own."""
    return NOW + timedelta(days=days)


def case(who: Actor, one: str, days: float) -> tuple[int, str, Rung | None]:
    """A case as it stood: version, state and tier."""
    told = as_of(who, kind=Thing.APPLICATION, thing_id=one, at=on(days))
    return told.version, told.state, told.tier


@pytest.fixture
def mended(world: World) -> str:
    """A case drafted and handed in at once, returned after two days, handed in again after four."""
    row = submitted(world, 0)
    with clock.at(on(2)):
        faults = [{"field": "topics", "words": "太短"}]
        row = send_back(world.county, row.id, faults=faults, seen=row.version)
    with clock.at(on(4)):
        row = revise(world.clerks[0], row.id, answers={"topics": "更长的课题"}, seen=row.version)
        resubmit(world.clerks[0], row.id, seen=row.version)
    return row.id


def test_told_to_its_end_every_case_and_list_is_as_it_is(world: World) -> None:
    ids, lower = at_city(world, 3)
    drafted(world, 3, topics="")
    withdraw(world.clerks[0], ids[0], seen=application(ids[0]).version)
    wrong = {"application": ids[1], "faults": [{"field": "topics", "words": "太短"}]}
    send_down(world.city, lower.id, names=[wrong], reason="材料不全", seen=slate(lower.id).version)
    [(line, due_at)] = rows("SELECT id, due_at FROM deadline WHERE thing_id = :id AND closed_at IS NULL", id=ids[2])
    moment = application(ids[2]).due_at
    assert moment is not None
    assert due_at
    postpone(world.admin, line, until=date(2026, 4, 15), reason="防汛", seen_due=moment)

    assert differing() == []
    assert application(ids[2]).due_at != moment


@pytest.mark.parametrize("end", [in_notice, closed, named])
def test_what_went_through_a_notice_is_told_to_its_end_as_well(world: World, end: Any) -> None:
    end(world, 2)

    assert differing() == []


def test_on_each_day_a_case_stood_where_that_day_had_brought_it(world: World, mended: str) -> None:
    found = [case(world.county, mended, days) for days in (0, 1.9, 2, 3, 4, 9)]

    first, back, again = ((3, "county_review"), (4, "returned"), (6, "county_review"))
    assert found == [(*one, Rung.COUNTY) for one in (first, first, back, back, again, again)]


def test_its_answers_and_its_due_moment_are_those_of_the_day(world: World, mended: str) -> None:
    told = [as_of(world.county, kind=Thing.APPLICATION, thing_id=mended, at=on(days)) for days in (1, 3, 5)]

    assert [one.answers["topics"] for one in told] == ["课题", "课题", "更长的课题"]
    terms = rows("SELECT due_at FROM deadline WHERE thing_id = :id AND kind <> 'submission' ORDER BY set_at", id=mended)
    assert [one.due_at for one in told] == [moment(due_at) for (due_at,) in terms]
    assert [one.since for one in told] == [on(0), on(2), on(4)]


def moment(value: Any) -> datetime:
    """A moment as either database has it."""
    read = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def test_a_term_that_was_put_off_later_is_told_as_it_was(world: World) -> None:
    row = submitted(world, 0)
    [(line,)] = rows("SELECT id FROM deadline WHERE thing_id = :id AND closed_at IS NULL", id=row.id)
    assert row.due_at is not None
    with clock.at(on(3)):
        postpone(world.admin, line, until=date(2026, 4, 15), reason="防汛", seen_due=row.due_at)

    told = [as_of(world.county, kind=Thing.APPLICATION, thing_id=row.id, at=on(days)).due_at for days in (1, 4)]

    assert told == [row.due_at, application(row.id).due_at]
    assert told[0] != told[1]


def test_what_is_hidden_today_is_hidden_in_the_past(world: World, mended: str) -> None:
    own = as_of(world.clerks[0], kind=Thing.APPLICATION, thing_id=mended, at=on(3))
    seen = as_of(world.county, kind=Thing.APPLICATION, thing_id=mended, at=on(3))

    assert own.answers["leader_id"] == identity(0)
    assert seen.answers["leader_id"] != identity(0)
    for stranger in (world.stranger, world.city, world.clerks[1]):
        with pytest.raises(NotFoundError):
            as_of(stranger, kind=Thing.APPLICATION, thing_id=mended, at=on(3))


def test_a_drafts_answers_stay_its_own_peoples(world: World) -> None:
    with clock.at(on(0)):
        row = drafted(world, 0)
    with clock.at(on(2)):
        submit(world.clerks[0], row.id, seen=row.version)

    pair = (world.clerks[0], world.county)
    own, seen = (as_of(who, kind=Thing.APPLICATION, thing_id=row.id, at=on(1)) for who in pair)

    assert (own.state, own.hidden, own.answers["topics"]) == (State.DRAFT, False, "课题")
    assert (seen.state, seen.hidden, seen.answers, seen.due_at) == (State.DRAFT, True, {}, None)


def test_a_list_is_told_in_the_order_of_the_day_and_above_only_once_it_was_sent(world: World) -> None:
    with clock.at(on(0)):
        ids, _ = at_city(world, 3)
        made = sealed(world, CITY, ids[:2], ids[2:])
    with clock.at(on(1)):
        withdraw(world.clerks[0], ids[0], seen=application(ids[0]).version)
    with clock.at(on(2)):
        send_up(world.city, made.id, seen=slate(made.id).version)

    def order(who: Actor, days: float) -> list[tuple[int, str, bool]]:
        told = as_of(who, kind=Thing.SLATE, thing_id=made.id, at=on(days))
        return [(one.rank, one.application_id, one.reserve) for one in told.ranks]

    assert order(world.city, 0.5) == [(1, ids[0], False), (2, ids[1], False), (3, ids[2], True)]
    assert order(world.city, 3) == [(place, one, reserve) for one, place, reserve in places_on(made.id)]
    assert order(world.city, 3) != order(world.city, 0.5)
    assert as_of(world.province, kind=Thing.SLATE, thing_id=made.id, at=on(0.5)).hidden
    assert order(world.province, 3) == order(world.city, 3)
    with pytest.raises(NotFoundError):
        as_of(world.stranger, kind=Thing.SLATE, thing_id=made.id, at=on(3))


def test_a_rounds_places_are_told_by_the_ledger_of_the_day(world: World) -> None:
    with clock.at(on(1)):
        at_city(world, 2)

    def held(who: Actor, days: float) -> dict[str, tuple[int, int, int]]:
        told = as_of(who, kind=Thing.ROUND, thing_id=world.round_id, at=on(days))
        return {one.organization: (one.issued, one.reserved, one.used) for one in told.places}

    assert held(world.admin, 0)[COUNTY] == (PLACES[COUNTY], 0, 0)
    assert held(world.admin, 2)[COUNTY] == quota(world, COUNTY)
    assert as_of(world.city, kind=Thing.ROUND, thing_id=world.round_id, at=on(2)).hidden
    assert held(person("nation", "000000", Role.ADMINISTRATOR), 2)[PROVINCE] == quota(world, PROVINCE)


def test_a_moment_before_the_first_event_and_other_things_are_refused_in_words(world: World, mended: str) -> None:
    with pytest.raises(InputError) as early:
        as_of(world.county, kind=Thing.APPLICATION, thing_id=mended, at=on(-30))
    with pytest.raises(InputError) as other:
        as_of(world.county, kind=Thing.TITLE, thing_id=mended, at=on(0))

    assert (early.value.code, other.value.code) == ("as_of_before", "as_of_kind")
