"""Visits and pitches: an order drawn by lot, a time for each on working days, and a chair whom all follow."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from models import clock
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError, StaleError
from models.vocabulary import InspectionKind, Role
from tests.judging import SCORING, at_desk, experts, judged_round
from tests.worlds import (
    BEIJING,
    CLOSES,
    NOW,
    PROVINCE,
    World,
    also,
    application,
    letters,
    person,
    refused,
    round_of,
    unit,
)
from workflows.clocks.sweep import sweep
from workflows.judging.meetings import close_meeting, move_on, plan_meeting, slots_from
from workflows.queries.meetings import meeting, meetings, my_turns
from workflows.rounds import finish
from workflows.rules import draw

PITCH = {"step": "province", "minutes": 30}
STARTS = datetime(2026, 3, 4, 11, tzinfo=BEIJING)
SOURCE = "浙江体彩20选5 第2026045期"


def hearing(world: World, n: int = 3) -> tuple[World, list[str]]:
    """`n` cases at the province, which hears pitches."""
    w = judged_round(world, pitch=PITCH, scoring=SCORING)
    return w, at_desk(w, n)


def planned(w: World, **more: Any) -> Any:
    """A meeting of the province for pitches, by a public seed."""
    given = {"kind": InspectionKind.PITCH, "starts_at": STARTS, "seed": "7", "seed_source": SOURCE, **more}
    return plan_meeting(w.province, round_id=w.round_id, organization_code=PROVINCE, **given)


def local(moment: datetime) -> str:
    """Day and time in Beijing."""
    return f"{moment.astimezone(BEIJING):%m-%d %H:%M}"


def test_the_order_is_drawn_and_each_has_a_time_within_the_hours_of_work(world: World) -> None:
    w, ids = hearing(world, 4)

    row = planned(w)

    found = meeting(w.province, row.id)
    assert [one.application_id for one in found.turns] == draw.in_order("7", f"{w.round_id}|pitch", ids)
    # Two turns fit before noon; the others go on after it.
    assert [local(one.starts_at) for one in found.turns] == [
        "03-04 11:00", "03-04 11:30", "03-04 13:30", "03-04 14:00",
    ]  # fmt: skip
    assert (found.is_chair, found.chair, row.minutes, row.current) == (True, "province", 30, 0)
    assert ("slot_planned", "clerk0") in letters(ids[0])
    [own] = my_turns(w.clerks[0], ids[0])
    assert (own.kind, own.desk, own.state) == ("pitch", PROVINCE, "planned")


@pytest.mark.parametrize(
    ("starts", "minutes", "expected"),
    [
        # A Friday afternoon goes on on Monday; 28 February 2026 is a make-up day, the Spring Festival is not worked.
        ((2026, 3, 6, 17, 0), 30, ["03-06 17:00", "03-09 09:00"]),
        ((2026, 2, 28, 9, 0), 60, ["02-28 09:00", "02-28 10:00"]),
        ((2026, 2, 14, 17, 0), 60, ["02-24 09:00", "02-24 10:00"]),
        ((2026, 3, 7, 10, 0), 60, ["03-09 09:00", "03-09 10:00"]),
        ((2026, 3, 4, 8, 0), 100, ["03-04 09:00", "03-04 13:30"]),
    ],
)
def test_turns_follow_the_working_day_calendar(starts: tuple[int, ...], minutes: int, expected: list[str]) -> None:
    year, month, day, hour, minute = starts

    found = slots_from(datetime(year, month, day, hour, minute, tzinfo=BEIJING), minutes, 2)

    assert [local(one) for one in found] == expected


def test_the_page_follows_the_chair_from_case_to_case(world: World) -> None:
    w, ids = hearing(world, 2)
    member = experts(1)[0]
    row = planned(w)
    order = [one.application_id for one in meeting(member, row.id).turns]

    row = move_on(w.province, row.id, seen=row.version)
    assert [one.application_id for one in meeting(member, row.id).turns if one.now] == order[:1]
    with refused("stale", StaleError):
        move_on(w.province, row.id, seen=row.version - 1)
    row = move_on(w.province, row.id, seen=row.version)
    told = meeting(member, row.id)
    assert [(one.over, one.now) for one in told.turns] == [(True, False), (False, True)]
    assert not told.is_chair
    with refused("nobody_left", RefusedError, count=2):
        move_on(w.province, row.id, seen=row.version)
    row = close_meeting(w.province, row.id, seen=row.version)
    assert (row.state, [one.now for one in meeting(member, row.id).turns]) == ("closed", [False, False])
    assert [one.id for one in meetings(member, desk=PROVINCE)] == [row.id]
    assert sorted(ids) == sorted(order)


def test_the_same_click_calls_one_case_only(world: World) -> None:
    w, _ = hearing(world, 2)
    row = planned(w)

    once = move_on(w.province, row.id, seen=row.version, key="k")

    assert move_on(w.province, row.id, seen=row.version, key="k") == once
    assert once.current == 1


def test_only_the_chair_moves_on_and_only_who_hears_sees(world: World) -> None:
    w, ids = hearing(world, 1)
    row = planned(w)
    other = person("colleague", PROVINCE, Role.REVIEWER)

    with refused("not_the_chair", ForbiddenError):
        move_on(other, row.id, seen=row.version)
    with refused("not_found", NotFoundError):
        move_on(w.city, row.id, seen=row.version)
    for stranger in (w.clerks[0], w.city):
        with refused("not_found", NotFoundError):
            meeting(stranger, row.id)
        assert meetings(stranger, desk=PROVINCE) == []
    with refused("not_found", NotFoundError):
        my_turns(w.stranger, ids[0])


def test_an_expert_of_no_panel_reads_a_meeting_only_while_its_round_runs(world: World) -> None:
    w, ids = hearing(world, 1)
    judge, row = experts(1)[0], planned(w)
    assert [one.application_id for one in meeting(judge, row.id).turns] == ids

    with clock.at(CLOSES + timedelta(days=1)):
        sweep()
        finish(w.admin, w.round_id, seen=round_of(w).version)

    with refused("not_found", NotFoundError):
        meeting(judge, row.id)
    assert [one.application_id for one in meeting(w.province, row.id).turns] == ids


def test_who_is_not_heard_is_planned_again_and_nobody_twice(world: World) -> None:
    w, ids = hearing(world, 3)
    first = planned(w, applications=ids[:2])

    with refused("called_already", InputError, given=application(ids[0]).receipt):
        planned(w, applications=ids[:1])
    rest = planned(w)
    assert [one.application_id for one in meeting(w.province, rest.id).turns] == ids[2:]
    with refused("nobody_to_hear", RefusedError):
        planned(w)
    close_meeting(w.province, first.id, seen=first.version)
    again = planned(w)
    assert {one.application_id for one in meeting(w.province, again.id).turns} == set(ids[:2])


def test_what_cannot_be_planned_is_refused(world: World) -> None:
    w, _ids = hearing(world, 1)

    for change, code, kind in (
        ({"seed_source": ""}, "seed_source_missing", InputError),
        ({"starts_at": NOW - timedelta(hours=1)}, "starts_in_past", InputError),
        ({"kind": InspectionKind.SITE_VISIT}, "no_visit", RefusedError),
        ({"minutes": 241}, "slot_too_long", RefusedError),
        ({"applications": ["0" * 32]}, "case_not_here", InputError),
    ):  # fmt: skip
        with refused(code, kind):
            planned(w, **change)
    with refused("not_your_desk", ForbiddenError):
        plan_meeting(w.city, round_id=w.round_id, organization_code=PROVINCE, kind=InspectionKind.PITCH,
                     starts_at=STARTS)  # fmt: skip


def test_nobody_draws_the_order_in_which_their_own_units_case_is_heard(world: World) -> None:
    w, ids = hearing(world)
    kin = also(person("kin", PROVINCE, Role.REVIEWER), unit(0), Role.CLERK)
    others = [one for one in ids if application(one).organization != unit(0)]
    given: dict[str, Any] = {"round_id": w.round_id, "organization_code": PROVINCE, "kind": InspectionKind.PITCH,
             "starts_at": NOW + timedelta(days=3)}  # fmt: skip

    with refused("own_case", ForbiddenError):
        plan_meeting(kin, **given)
    assert plan_meeting(kin, applications=others, **given).chair == kin.id
