"""The figures: right to the row, for those whose figures they are, in a fixed number of statements."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from models import clock
from models.errors import ForbiddenError, InputError, NotFoundError
from models.vocabulary import Role, Tier
from tests.counting import statements
from tests.tampering import by_hand
from tests.workflows.test_queries import multiply
from tests.worlds import (
    BEIJING,
    CITY,
    COUNTY,
    NOW,
    PROVINCE,
    World,
    application,
    at_city,
    in_notice,
    named,
    person,
    rows,
    sent,
    submitted,
    unit,
)
from workflows.clocks.due import current
from workflows.clocks.tallying import note_day
from workflows.desk.reviews import send_back
from workflows.intake.applications import draft, withdraw
from workflows.queries import figures
from workflows.queries.figures import Done, Held, Used
from workflows.record.acting import Actor
from workflows.rules.calendar import local_date, working_days_between
from workflows.rules.waits import spans


def funnel(w: World) -> dict[str, int]:
    """How many came to each stage."""
    return {stage.stage: stage.n for stage in figures.funnel(w.admin, root=PROVINCE, round_id=w.round_id)}


def waiting(who: Actor, root: str, **more: str) -> dict[tuple[str, int], int]:
    """How many wait at each tier, by the first day of their band; bands with none left out."""
    return {(one.tier.value, one.since): one.n for one in figures.ageing(who, root=root, **more) if one.n}


def test_the_funnel_counts_each_case_as_far_as_it_came(world: World) -> None:
    ids, _ = in_notice(world, 1, reserve=1)
    back = submitted(world, 2)
    send_back(world.county, back.id, opinion="补充", faults=[{"field": "topics", "words": "太短"}], seen=back.version)
    gone = submitted(world, 3)
    withdraw(world.clerks[3], gone.id, seen=gone.version)
    draft(world.clerks[4], round_id=world.round_id, organization_code=unit(4))

    assert len(ids) == 2
    assert funnel(world) == {"applied": 4, "county": 4, "city-or-industry": 2, "province": 2, "recommended": 1,
                             "noticed": 1, "named": 0}  # fmt: skip
    here = {stage.stage: stage.here for stage in figures.funnel(world.admin, root=PROVINCE, round_id=world.round_id)}
    assert here == {"applied": 0, "county": 0, "city-or-industry": 0, "province": 1, "recommended": 0, "noticed": 1,
                    "named": 0}  # fmt: skip


def test_what_was_named_came_through_every_stage(world: World) -> None:
    named(world, 2)

    assert funnel(world) == {"applied": 2, "county": 2, "city-or-industry": 2, "province": 2, "recommended": 2,
                             "noticed": 2, "named": 2}  # fmt: skip


def test_the_rung_a_case_stands_on_is_that_of_its_place_on_its_route(world: World) -> None:
    at_city(world, 2)
    submitted(world, 2)
    draft(world.clerks[3], round_id=world.round_id, organization_code=unit(3))

    found = [application(one) for (one,) in rows("SELECT id FROM application")]

    assert Counter(row.rung.value if row.rung else None for row in found) == {
        "city-or-industry": 2,
        "county": 1,
        None: 1,
    }
    assert all(row.rung == row.route[row.step][0] for row in found if row.route)


def test_the_funnel_is_right_to_the_row_and_costs_the_same_with_many(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = submitted(world, 0)
    with statements(monkeypatch) as few:
        assert funnel(world)["applied"] == 1
    multiply(case, 60)
    with statements(monkeypatch) as many:
        assert funnel(world)["applied"] == 61

    assert len(few) == len(many)
    assert funnel(world)["county"] == len(rows("SELECT 1 FROM application WHERE state = 'county_review'"))
    by_hand("DELETE FROM application WHERE receipt LIKE '2026-0%'")


def test_the_funnel_is_for_the_administrators_of_who_decides_the_round(world: World) -> None:
    below = person("below", COUNTY, Role.ADMINISTRATOR)
    beside = person("beside", "320000", Role.ADMINISTRATOR)
    nation = person("nation", "000000", Role.ADMINISTRATOR)

    assert figures.funnel(nation, root="000000", round_id=world.round_id)
    for who, root in ((below, COUNTY), (beside, "320000")):
        with pytest.raises(NotFoundError):
            figures.funnel(who, root=root, round_id=world.round_id)
    for stranger in (world.city, world.clerks[0], below):
        with pytest.raises(ForbiddenError):
            figures.funnel(stranger, root=PROVINCE, round_id=world.round_id)
    assert [(row.id, row.is_whole) for row in figures.rounds(world.admin, root=PROVINCE)] == [(world.round_id, True)]
    assert figures.rounds(below, root=COUNTY) == [
        Held(world.round_id, figures.rounds(world.admin, root=PROVINCE)[0].name, PROVINCE, 2026, is_whole=False)
    ]
    assert figures.rounds(beside, root="320000") == []


@pytest.mark.parametrize("days", [8, 29, 90])
def test_what_waits_is_counted_in_bands_of_working_days(world: World, days: int) -> None:
    at_city(world, 2)
    with clock.at(NOW + timedelta(days=6)):
        submitted(world, 2)
    today = NOW + timedelta(days=max(days, 6))
    with clock.at(today):
        found = figures.ageing(world.admin, root=PROVINCE)

    counted: Counter[tuple[str, int]] = Counter()
    for state, entered in rows("SELECT state, entered_at FROM application WHERE desk IS NOT NULL"):
        moment = application_moment(entered)
        n = working_days_between(moment, local_date(today), calendar=current())
        [since] = [first for first, last in spans() if first <= n and (last is None or n <= last)]
        counted[{"county_review": "county", "city_review": "city"}[state], since] += 1
    assert {(one.tier.value, one.since): one.n for one in found if one.n} == dict(counted)
    assert len(found) == 2 * len(spans())


def application_moment(entered: object) -> date:
    """The Beijing day of a moment as either database has it."""
    moment = entered if isinstance(entered, datetime) else datetime.fromisoformat(str(entered))
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(BEIJING).date()


def test_what_waits_is_counted_where_the_office_looks(world: World) -> None:
    at_city(world, 1)
    submitted(world, 1)

    assert waiting(world.admin, PROVINCE) == {("county", 0): 1, ("city", 0): 1}
    assert waiting(world.admin, PROVINCE, organization_code=COUNTY) == {("county", 0): 1}
    assert waiting(person("nation", "000000", Role.ADMINISTRATOR), "000000") == {("county", 0): 1, ("city", 0): 1}
    with pytest.raises(ForbiddenError):
        figures.ageing(world.county, root=PROVINCE)
    with pytest.raises(InputError):
        figures.ageing(world.admin, root=PROVINCE, organization_code="320000")


def test_what_a_desk_did_is_counted_by_week_as_the_clocks_noted_it(world: World) -> None:
    at_city(world, 2)
    for n in range(1, 10):
        with clock.at(NOW + timedelta(days=n)):
            if n == 7:
                row = application(rows("SELECT id FROM application")[0][0])
                send_back(world.city, row.id, opinion="补充", faults=[{"field": "topics", "words": "太短"}],
                          seen=row.version)  # fmt: skip
            note_day()
    with clock.at(NOW + timedelta(days=9)):
        found = figures.throughput(world.admin, root=PROVINCE)
        nation = figures.throughput(person("nation", "000000", Role.ADMINISTRATOR), root="000000")

    first, second = date(2026, 3, 2), date(2026, 3, 9)
    assert [one for one in found if one.n] == [Done(COUNTY, "西湖区总工会", False, first, 2),  # noqa: FBT003 -- a row
                                               Done(CITY, "杭州市总工会", False, second, 1)]  # fmt: skip  # noqa: FBT003
    assert [one for one in nation if one.n] == [Done(PROVINCE, "浙江省总工会", True, first, 2),  # noqa: FBT003
                                                Done(PROVINCE, "浙江省总工会", True, second, 1)]  # fmt: skip  # noqa: FBT003
    assert [one.week for one in found[:12]] == [second - timedelta(weeks=n) for n in range(11, -1, -1)]


def test_places_are_told_for_each_union_below(world: World) -> None:
    ids, _ = at_city(world, 2)
    sent(world, CITY, ids)

    found = figures.quota_use(world.admin, root=PROVINCE, round_id=world.round_id)

    assert found == [
        Used(PROVINCE, "浙江省总工会", Tier.PROVINCE, "", {}, 70, 0, 0, 70),
        Used(CITY, "杭州市总工会", Tier.CITY, "", {}, 10, 0, 2, 8),
        Used(COUNTY, "西湖区总工会", Tier.COUNTY, "", {}, 3, 0, 2, 1),
    ]
    below = person("below", COUNTY, Role.ADMINISTRATOR)
    assert figures.quota_use(below, root=COUNTY, round_id=world.round_id) == found[2:]
    assert figures.quota_use(world.admin, root=PROVINCE, round_id=world.round_id, after=CITY) == found[2:]
    beside = person("beside", "320000", Role.ADMINISTRATOR)
    with pytest.raises(NotFoundError):
        figures.quota_use(beside, root="320000", round_id=world.round_id)
    with pytest.raises(ForbiddenError):
        figures.quota_use(world.city, root=CITY, round_id=world.round_id)
