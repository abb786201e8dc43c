"""What is about to be late, against a count case by case: any queue, any pace, every filter, page by page."""

import random
from collections import Counter
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from models import clock
from models.application import Application
from models.base import as_dict, new_id, table
from models.database import transaction
from models.deadline import OverdueDay
from models.errors import InputError
from models.sql import insert_into, rows_of
from models.vocabulary import Role
from tests.tampering import by_hand
from tests.worlds import CITY, COUNTY, NOW, PROVINCE, World, application, person, rows, submitted
from workflows.clocks import due
from workflows.queries import watch_risk
from workflows.queries.watch_queues import PAGE
from workflows.queries.watch_risk import AtRisk
from workflows.rules import throughput
from workflows.rules.calendar import ends_at, last_day_of, local_date

AT = NOW + timedelta(days=2)
TODAY = local_date(AT)
OTHER = "330102"
PACES = {COUNTY: 150, CITY: 300}  # of the third desk nothing is known
_P = table(Application).c
_COPY, _DAY = insert_into(Application), insert_into(OverdueDay)
_WAITING = rows_of(Application, _P.desk.is_not(None), order=(_P.desk, _P.due_at, _P.id))


def queues(world: World, seed: int) -> None:
    """400 cases at three desks, due on a few days around today; some in somebody's hands, some of another programme."""
    dice = random.Random(seed)  # noqa: S311 -- repeatable on purpose
    base = as_dict(application(submitted(world, 0).id))
    programmes = [row[0] for row in rows("SELECT id FROM programme_version ORDER BY id")]
    hands = [None, None, world.county.id, world.city.id]
    with transaction() as store:
        store.run_many(_COPY, (
            {**base, "id": (fresh := f"{new_id()[:26]}{n:06d}"), "receipt": f"copy-{n:06d}", "leader_key": fresh,
             "desk": dice.choice([COUNTY, CITY, OTHER]), "handler_id": dice.choice(hands),
             "programme": dice.choice(programmes),
             "due_at": ends_at(TODAY + timedelta(days=dice.choice([-3, -1, 0, 1, 4, 5, 6, 11, 40]))),
             "entered_at": AT - timedelta(days=dice.randrange(30))}
            for n in range(400)
        ))  # fmt: skip
        store.run_many(_DAY, (
            {"day": TODAY - timedelta(days=1), "desk": desk, "below": False, "waiting": 1, "overdue": 0, "settled": 1,
             "pace": pace}
            for desk, pace in PACES.items()
        ))  # fmt: skip


def one_by_one(
    programme: str = "", person: str = "", desks: tuple[str, ...] = (COUNTY, CITY, OTHER)
) -> list[tuple[Any, ...]]:
    """Every case that will be late, looked at by itself: its moment, desk, place and id, in the order of the list."""
    with transaction() as store:
        waiting = store.all(_WAITING)
    calendar, places, found = due.current(), {desk: count(1) for desk in {row.desk for row in waiting}}, []
    until = ends_at(throughput.working_day(TODAY, throughput.HORIZON, calendar))
    for row in waiting:
        place, pace = next(places[row.desk]), PACES.get(row.desk or "")
        left = throughput.left(TODAY, last_day_of(row.due_at), calendar) if row.due_at else 0
        if not row.due_at or not AT < row.due_at <= until or row.desk not in desks:
            continue
        is_late = (
            place > throughput.capacity(pace, left) if pace else (row.due_at - AT) * 3 < row.due_at - row.entered_at
        )
        if is_late and programme in ("", row.programme.partition("@")[0]) and person in ("", row.handler_id):
            found.append((row.due_at, row.desk, place, row.id))
    return sorted(found)


def paged(actor: Any, **asked: str) -> list[AtRisk]:
    """All lines, page after page, at most ten of them."""
    found = watch_risk.at_risk(actor, **asked).lines
    for _ in range(10):
        found = found + (watch_risk.at_risk(actor, **asked, after=found[-1].stands).lines if found else [])
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_what_will_be_late_is_told_right_to_the_row(world: World, seed: int) -> None:
    nation = person("nation", "000000", Role.ADMINISTRATOR)
    queues(world, seed)
    asks: list[tuple[dict[str, str], dict[str, Any]]] = [
        ({}, {}), ({"programme": "provincial-studio"}, {"programme": "provincial-studio"}),
        ({"person": world.county.email}, {"person": world.county.id}), ({"tier": "city"}, {"desks": (CITY,)}),
        ({"organization_code": OTHER}, {"desks": (OTHER,)}),
        ({"programme": "provincial-studio", "person": world.city.id, "tier": "county"},
         {"programme": "provincial-studio", "person": world.city.id, "desks": (COUNTY, OTHER)}),
    ]  # fmt: skip

    with clock.at(AT):
        for actor, root in ((world.admin, PROVINCE), (nation, "000000")):
            for asked, meant in asks:
                told, known = watch_risk.at_risk(actor, root=root, **asked), one_by_one(**meant)
                lines = paged(actor, root=root, **asked)

                assert known, asked
                assert asked or len(known) > PAGE
                assert told.total == len(known), (root, asked)
                assert {desk.desk: desk.n for desk in told.desks} == Counter(one[1] for one in known)
                assert [(one.due_at, one.desk, one.place, one.id) for one in lines] == known
    by_hand("DELETE FROM application WHERE receipt LIKE 'copy-%'", "DELETE FROM overdue_day")


@pytest.mark.parametrize("after", ["yesterday", "0001-01-01T00:00:00+14:00|330000|1", "2026-01-01T00:00:00Z|X|one"])
def test_a_place_where_no_page_begins_is_refused(world: World, after: str) -> None:
    with pytest.raises(InputError) as refused:
        watch_risk.at_risk(world.admin, root=PROVINCE, after=after)

    assert (refused.value.code, refused.value.details["field"]) == ("watch_filter", "after")


def test_a_place_behind_all_counting_begins_an_empty_page(world: World) -> None:
    queues(world, 3)

    with clock.at(AT):
        last = paged(world.admin, root=PROVINCE)[-1]
        behind = f"{last.due_at.isoformat()}|{last.desk}|{10**15}"
        told = watch_risk.at_risk(world.admin, root=PROVINCE, after=behind)

    assert told.total
    assert told.lines == []
    by_hand("DELETE FROM application WHERE receipt LIKE 'copy-%'", "DELETE FROM overdue_day")
