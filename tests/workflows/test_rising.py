"""Who rises from the reserve: composition is asked again, and a joint meeting's members say yes anew."""

from typing import Any

import pytest

from models.errors import RefusedError
from models.vocabulary import Ground, State
from tests.own_rounds import own_round
from tests.workflows.test_composing import CEILING, FLOOR, MODEL, of
from tests.workflows.test_joint import Meeting, confirmed, met, standing
from tests.worlds import (
    COUNTY,
    PROVINCE,
    World,
    application,
    checked,
    letters,
    objection,
    places_on,
    quota,
    refused,
    rows,
    sealed,
    slate,
    submitted,
)
from workflows.hearing.notices import publish
from workflows.hearing.objections import object_to, report_back, settle
from workflows.intake.applications import withdraw
from workflows.listing.sending import send_up
from workflows.listing.slates import open_slate, rank, seal

LARGE = {"team_size": 50}


def left(w: World, ids: list[str], n: int) -> None:
    """The n-th unit withdraws."""
    withdraw(w.clerks[n], ids[n], seen=application(ids[n]).version)


@pytest.mark.parametrize(("form", "reserve", "rises"), [
    # Of three, two led by a model worker: 35 percent asks for two. One leaves: only another one of them rises.
    ([MODEL, MODEL, {}], [{}, MODEL], 1),
    ([MODEL, MODEL, {}], [MODEL, {}], 0),
    # Nobody in the reserve would do: the place stays free.
    ([MODEL, MODEL, {}], [{}], None),
])  # fmt: skip
def test_a_reserve_name_that_would_break_a_floor_is_passed_by(
    world: World, form: list[dict[str, Any]], reserve: list[dict[str, Any]], rises: int | None
) -> None:
    there = own_round(world, county=3, composition=[FLOOR], reserve={"percent": 100})
    ids = of(there, *form, *reserve)
    row = sealed(there, COUNTY, ids[:3], ids[3:])

    left(there, ids, 0)

    main = [one for one, _, waits in places_on(row.id) if not waits]
    assert main == ids[1:3] + ([ids[3 + rises]] if rises is not None else [])
    assert quota(there, COUNTY) == (3, 3 if rises is not None else 2, 0)


def test_a_reserve_name_that_would_break_a_ceiling_is_passed_by(world: World) -> None:
    there = own_round(world, county=3, composition=[CEILING], reserve={"percent": 100})
    ids = of(there, {}, {}, LARGE, LARGE, {})
    row = sealed(there, COUNTY, ids[:3], ids[3:])

    left(there, ids, 0)

    assert [one for one, _, waits in places_on(row.id) if not waits] == [ids[1], ids[2], ids[4]]


def test_where_a_floor_is_missed_without_them_those_who_mend_it_rise(world: World) -> None:
    there = own_round(world, county=4, composition=[{**FLOOR, "floor": 50}], reserve={"percent": 100})
    ids = of(there, MODEL, MODEL, {}, {}, {}, MODEL)
    row = sealed(there, COUNTY, ids[:4], ids[4:])

    left(there, ids, 0)

    assert [one for one, _, waits in places_on(row.id) if not waits] == [*ids[1:4], ids[5]]


def listed(m: Meeting) -> tuple[list[str], str]:
    """Two main names and a reserve name on the joint meeting's sealed list."""
    w = m.w
    ids = checked(w, PROVINCE, *(submitted(w, i).id for i in range(3)))
    below = rank(w.province, round_id=w.round_id, organization_code=PROVINCE, main=ids)
    below = seal(w.province, below.id, seen=below.version)
    below = send_up(w.province, below.id, seen=below.version)
    open_slate(m.secretary, below.id, seen=below.version)
    checked(w._replace(county=m.secretary), COUNTY, *ids)
    made = rank(m.secretary, round_id=w.round_id, organization_code="yangtze-delta", main=ids[:2], reserve=ids[2:])
    return ids, seal(m.secretary, made.id, seen=made.version, minutes="联席会议纪要").id


def test_the_members_of_a_joint_meeting_say_yes_anew_before_a_name_that_rose_is_published(world: World) -> None:
    m = met(world)
    ids, made = listed(m)
    confirmed(m, made, *m.members)
    notice = publish(m.secretary, made, seen=slate(made).version)
    case = object_to(None, notice.id, application_id=ids[0], ground=Ground.CONDUCT, words="有违纪问题",
                     objector="李四", signed=True)  # fmt: skip
    case = report_back(m.w.province, case.id, finding="属实", seen=objection(case.id).version)
    before = len(letters(made))

    settle(m.secretary, case.id, outcome="upheld", reason="属实", seen=case.version)

    assert application(ids[2]).state is State.JOINT_REVIEW
    assert len(letters(made)) == before + 3
    assert {stands for _, stands in standing(m, made)} == {False}
    with refused("unconfirmed", RefusedError, confirmed=0, needed=3):
        publish(m.secretary, made, seen=slate(made).version)
    confirmed(m, made, *m.members)
    again = publish(m.secretary, made, seen=slate(made).version)
    assert [line["application"] for line in again.snapshot] == [ids[2]]
    assert rows("SELECT count(*) FROM mark") == [(1,)]
