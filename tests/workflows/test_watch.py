"""The overdue watch: counts right to the row, filters that apply to all, what is about to be late, what has nobody."""

from collections.abc import Callable, Iterator
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest

from models import clock
from models.base import as_dict, table
from models.database import transaction
from models.deadline import Deadline
from models.errors import ForbiddenError, InputError
from models.sql import insert_into, rows_of
from models.vocabulary import Role
from tests.counting import statements
from tests.tampering import by_hand
from tests.worlds import (
    CITY,
    COUNTY,
    NOW,
    PROVINCE,
    World,
    application,
    at_city,
    person,
    refused,
    rows,
    submitted,
)
from workflows.batches.exporting import export
from workflows.clocks.sweep import sweep
from workflows.clocks.tallying import note_day
from workflows.desk.handling import transfer
from workflows.desk.holding import hold_case
from workflows.intake.applications import withdraw
from workflows.people.accounts import disable_account
from workflows.queries import watch_late, watch_risk, watch_stuck, watch_trend
from workflows.record.acting import SYSTEM
from workflows.rules.calendar import local_date

LATER = NOW + timedelta(days=40)
STATEMENTS = [3, 2, 3, 3, 2]
_D = table(Deadline).c
_COPY = insert_into(Deadline)
_OF_COUNTY = rows_of(Deadline, _D.desk == COUNTY, _D.closed_at.is_(None), order=(_D.id,))


@pytest.fixture
def late(world: World) -> Iterator[World]:
    """Two cases at the county and one at the city, all past their term; the clock stands at `LATER`."""
    at_city(world, 1)
    submitted(world, 1)
    submitted(world, 2)
    with clock.at(LATER):
        yield world


def more(n: int) -> None:
    """`n` copies of an overdue date of the county, half of them marked by a sweep, as a busy year would bring."""
    with transaction() as store:
        row = store.all(_OF_COUNTY)[0]
        store.run_many(_COPY, (
            {**as_dict(row), "id": f"copy-{i:05d}", "due_at": row.due_at + timedelta(minutes=i % 7),
             "fired_at": row.due_at if i % 2 else None}
            for i in range(n)
        ))  # fmt: skip


def gone() -> None:
    """Without the copies again, which have no journal the doctor could follow."""
    by_hand("DELETE FROM deadline WHERE id LIKE 'copy-%'")


def past(now: Any = LATER) -> int:
    """What is past its moment at any desk, counted row by row."""
    found = rows("SELECT due_at FROM deadline WHERE closed_at IS NULL AND desk IS NOT NULL AND due_at <= :now",
                 now=now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f"))  # fmt: skip
    return len(found)


@pytest.mark.parametrize("swept", [True, False])
def test_counts_and_list_are_right_to_the_row_swept_or_not(late: World, *, swept: bool) -> None:
    if swept:
        sweep()
    more(20)

    board, listed = watch_late.board(late.admin, root=PROVINCE), watch_late.overdue(late.admin, root=PROVINCE)

    n = past()
    assert n > 20
    assert (board.total, len(listed)) == (n, n)
    for parts in (board.tiers, board.desks, board.programmes, board.people, board.cells):
        assert sum(part.n for part in parts) == n
    assert [(row.due_at, row.id) for row in listed] == sorted((row.due_at, row.id) for row in listed)
    assert board.oldest == listed[0].due_at
    gone()


def test_where_it_lies_is_told_by_tier_desk_programme_and_region(late: World) -> None:
    sweep()

    board = watch_late.board(late.admin, root=PROVINCE)

    assert {(one.key, one.n) for one in board.tiers} == {("county", 2), ("city", 1)}
    assert {(one.desk, one.desk_name) for one in board.desks} == {(COUNTY, "西湖区总工会"), (CITY, "杭州市总工会")}
    assert [(one.key, one.name, one.n) for one in board.programmes] == [
        ("provincial-studio", "省级劳模工匠创新工作室", 3),
    ]
    assert {(one.region, one.region_name) for one in board.cells} == {(CITY, "杭州市总工会")}
    below = watch_late.board(late.admin, root=PROVINCE, organization_code=CITY)
    assert {one.region for one in below.cells} == {COUNTY, CITY}


def test_every_filter_applies_to_counts_list_and_file_alike(late: World, tmp_path: Path) -> None:
    other = person("second", COUNTY, Role.REVIEWER)
    case = submitted_by(late, 2)
    transfer(late.county, case.id, to=other.email, reason="分工", seen=case.version)
    sweep()

    known: list[tuple[dict[str, Any], int]] = [
        ({"organization_code": COUNTY}, 2), ({"tier": "city"}, 1), ({"tier": "county"}, 2), ({"kind": "review"}, 3),
        ({"programme": "provincial-studio"}, 3), ({"programme": "golden-idea"}, 0), ({"person": other.email}, 1),
        ({"person": other.id, "tier": "county"}, 1), ({"person": other.id, "tier": "city"}, 0),
        ({"person": "nobody@example.cn"}, 0), ({"organization_code": "330200"}, 0),
    ]  # fmt: skip
    for filters, n in known:
        board = watch_late.board(late.admin, root=PROVINCE, **filters)
        listed = watch_late.overdue(late.admin, root=PROVINCE, **filters)
        file = tmp_path / "overdue.csv"
        told = export(late.admin, "overdue", file, {"root": PROVINCE, **filters})
        assert (filters, board.total, len(listed), told) == (filters, n, n, n)


def submitted_by(w: World, n: int) -> Any:
    """The case of the n-th clerk."""
    found = rows("SELECT id FROM application WHERE applicant_id = :who", who=w.clerks[n].id)[0][0]
    return application(found)


def test_words_that_are_no_filter_are_refused_with_what_there_is(late: World) -> None:
    asks: tuple[Callable[..., Any], ...] = (watch_late.board, watch_late.overdue)
    for field, word in (("tier", "village"), ("kind", "lunch"), ("organization_code", "440000")):
        for ask in asks:
            with refused("watch_filter", InputError, field=field, given=word):
                ask(late.admin, root=PROVINCE, **{field: word})


@pytest.mark.parametrize(
    "ask", [watch_late.board, watch_risk.at_risk, watch_stuck.stuck, watch_trend.trend], ids=lambda ask: ask.__name__
)
def test_the_watch_is_for_the_unions_administrators(late: World, ask: Callable[..., Any]) -> None:
    ask(late.admin, root=PROVINCE)

    for actor in (late.province, late.county, late.clerks[0]):
        with refused("not_administrator", ForbiddenError, organization=PROVINCE):
            ask(actor, root=PROVINCE)


def test_pages_of_the_list_show_each_once_oldest_first(late: World) -> None:
    more(250)
    seen, page = [], watch_late.overdue(late.admin, root=PROVINCE)

    while page:
        seen += [row.id for row in page]
        page = watch_late.overdue(late.admin, root=PROVINCE, due_at=page[-1].due_at, after=page[-1].id)

    assert (len(seen), len(set(seen))) == (past(), past())
    gone()


def test_the_nation_sees_the_same_rows_as_the_province_in_the_same_order(late: World) -> None:
    nation = person("nation", "000000", Role.ADMINISTRATOR)
    sweep()
    more(120)
    seen, page = [], watch_late.overdue(nation, root="000000")

    while page:
        seen += page
        page = watch_late.overdue(nation, root="000000", due_at=page[-1].due_at, after=page[-1].id)

    first = watch_late.overdue(late.admin, root=PROVINCE)
    assert seen[:100] == first
    assert len(seen) == watch_late.board(nation, root="000000").total == past()
    assert len(watch_late.overdue(nation, root="000000", tier="city")) == 1
    gone()


@pytest.mark.parametrize("count", [1, 120])
def test_more_overdue_work_asks_no_more_statements(late: World, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    more(count)
    told = []

    for ask in (watch_late.board, watch_late.overdue, watch_risk.at_risk, watch_stuck.stuck, watch_trend.trend):
        with statements(monkeypatch) as run:
            ask(late.admin, root=PROVINCE)
        told.append(len(run))

    assert told == STATEMENTS
    gone()


def test_whose_hands_overdue_work_is_in_follows_the_case(late: World) -> None:
    other = person("second", COUNTY, Role.REVIEWER)
    sweep()

    def hands() -> dict[str, int]:
        return {one.name: one.n for one in watch_late.board(late.admin, root=PROVINCE, tier="county").people}

    assert hands() == {"": 2}
    case = submitted_by(late, 1)
    case = transfer(late.county, case.id, to=other.email, reason="分工", seen=case.version)
    assert hands() == {"": 1, "second": 1}
    transfer(other, case.id, to=late.county.email, reason="分工", seen=case.version)
    assert hands() == {"": 1, "county": 1}


def test_a_desks_own_pace_says_what_will_be_late(world: World) -> None:
    at_city(world, 1)
    for n in (1, 2, 3):
        submitted(world, n)
    with clock.at(NOW + timedelta(days=3)):
        assert note_day() != {"days_noted": 0}

        found = watch_risk.at_risk(world.admin, root=PROVINCE)

    # One case in twenty working days: the first of three has four days left, and needs twenty.
    assert [(one.desk, one.n, one.settled) for one in found.desks] == [(COUNTY, 3, 1)]
    assert [(one.place, one.needs) for one in found.lines] == [(1, 20), (2, 40), (3, 60)]
    assert found.total == 3


def test_where_no_pace_is_known_a_third_of_the_time_is_the_measure(world: World) -> None:
    submitted(world, 0)
    given = submitted_by(world, 0)

    def risky(share: float) -> int:
        moment = given.entered_at + (given.due_at - given.entered_at) * share
        with clock.at(moment):
            return watch_risk.at_risk(world.admin, root=PROVINCE).total

    assert [risky(share) for share in (0.1, 0.6, 0.7, 0.99)] == [0, 0, 1, 1]
    with clock.at(given.entered_at + (given.due_at - given.entered_at) * 0.9):
        [line] = watch_risk.at_risk(world.admin, root=PROVINCE).lines
    assert (line.id, line.place, line.needs, line.desk) == (given.id, 1, None, COUNTY)


def test_a_desk_whose_last_reviewer_left_is_told_of(world: World) -> None:
    submitted(world, 0)
    assert watch_stuck.stuck(world.admin, root=PROVINCE) == (0, [], [])

    disable_account(SYSTEM, email=world.county.email, organization_code=COUNTY)

    found = watch_stuck.stuck(world.admin, root=PROVINCE)
    assert (found.total, [(one.desk, one.n) for one in found.desks], found.timeless) == (1, [(COUNTY, 1)], [])
    assert watch_stuck.stuck(world.admin, root=PROVINCE, organization_code="330200").total == 0


def test_a_case_no_deadline_speaks_of_is_told_of(world: World) -> None:
    row = submitted(world, 0)
    by_hand("UPDATE deadline SET closed_at = set_at WHERE thing_id = :id AND kind = 'review'", id=row.id)

    found = watch_stuck.stuck(world.admin, root=PROVINCE)
    by_hand("UPDATE deadline SET closed_at = NULL WHERE thing_id = :id AND kind = 'review'", id=row.id)

    assert (found.total, [(one.id, one.desk) for one in found.timeless or []]) == (1, [(row.id, COUNTY)])


@pytest.mark.parametrize("page", [100, 2])
def test_what_waits_with_nobody_is_counted_to_the_row_once_and_past_the_page(
    world: World, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    for n in range(2):
        submitted(world, n)
    by_hand("UPDATE deadline SET closed_at = set_at WHERE kind = 'review'")
    monkeypatch.setattr(watch_stuck, "PAGE", page)

    seated = watch_stuck.stuck(world.admin, root=PROVINCE).total
    disable_account(SYSTEM, email=world.county.email, organization_code=COUNTY)
    empty = watch_stuck.stuck(world.admin, root=PROVINCE).total
    by_hand("UPDATE deadline SET closed_at = NULL WHERE kind = 'review'")

    assert (seated, empty) == (2, 2)


def days(desk: str, *, below: bool = False) -> list[tuple[Any, ...]]:
    """What was noted of a desk, the oldest first."""
    return rows("SELECT waiting, overdue, settled, pace FROM overdue_day WHERE desk = :desk AND below = :below"
                " ORDER BY day", desk=desk, below=below)  # fmt: skip


def test_each_day_is_noted_once_and_sums_what_lies_below(world: World) -> None:
    at_city(world, 1)
    submitted(world, 1)
    with clock.at(NOW + timedelta(days=1)):
        assert note_day() == {"days_noted": 1}
        assert note_day() == {"days_noted": 0}

        assert days(COUNTY) == [(1, 0, 1, 1)]
        [today] = watch_trend.trend(world.admin, root=PROVINCE)
        [counties] = watch_trend.trend(world.admin, root=PROVINCE, tier="county")
    assert counties == (local_date(NOW), 1, 0, 1)
    assert (today.day, today.overdue, today.settled) == (local_date(NOW), 0, 1)
    assert today.waiting == sum(row[0] for code in (COUNTY, CITY, PROVINCE) for row in days(code))


def test_days_slept_through_are_filled_in_as_if_each_had_been_noted(
    worlds: tuple[Any, World], enter: Callable[[str], None]
) -> None:
    make, there = worlds
    told = []
    for slept in (False, True):
        enter(make())
        with clock.at(NOW):
            at_city(there, 1)
            submitted(there, 1)
        for n in range(1, 30):
            with clock.at(NOW + timedelta(days=n)):
                sweep()
                if not slept or n == 29:
                    note_day()
        told.append(rows("SELECT day, desk, below, waiting, overdue, settled, pace FROM overdue_day"
                         " ORDER BY day, desk, below"))  # fmt: skip

    assert told[0] == told[1]
    assert len({row[0] for row in told[0]}) == 29


def test_a_clock_that_went_ahead_and_came_back_leaves_no_day_that_is_not_over(world: World) -> None:
    submitted(world, 0)
    with clock.at(NOW + timedelta(days=400)):
        note_day()

    with clock.at(NOW + timedelta(days=1)):
        assert note_day() == {"days_noted": 1}

        assert [day.day for day in watch_trend.trend(world.admin, root=PROVINCE)] == [local_date(NOW)]


def test_what_leaves_a_desk_by_itself_is_not_counted_as_its_work(world: World) -> None:
    held, gone_back = submitted(world, 0), submitted(world, 1)
    hold_case(world.county, held.id, until=local_date(NOW + timedelta(days=5)), reason="等待鉴定", seen=held.version)
    withdraw(world.clerks[1], gone_back.id, seen=gone_back.version)

    with clock.at(NOW + timedelta(days=1)):
        note_day()

    assert days(COUNTY) == [(1, 0, 0, 0)]
