"""Pools: places kept apart by an answer; no pool ever borrows from another."""

from datetime import date

import pytest
import sqlalchemy as sa

from models import clock
from models.database import engine
from models.errors import InputError, QuotaError, RefusedError
from models.vocabulary import QuotaKind, SlateState
from tests.counting import statements
from tests.own_rounds import CONTEST, POOL, give, ledger, own_round, pools, ranked, sealed_as, up, version
from tests.worlds import (
    CITY,
    COUNTY,
    NOTICE_OVER,
    NUMBER,
    PROVINCE,
    World,
    checked,
    objected,
    places_on,
    refused,
    slate,
    submitted,
)
from workflows import doctor
from workflows.deciding.decisions import decide
from workflows.desk.reviews import refuse, send_back
from workflows.hearing.notices import close, publish
from workflows.hearing.objections import report_back, settle
from workflows.intake.applications import resubmit, revise, withdraw
from workflows.listing.sending import recall, send_up

LABEL = {"zh": "竞赛类", "en": "competition"}


def pooled(w: World, county: int = 2, contest: int = 1) -> World:
    """A round with a pool for contests; the county has places in both, the city enough."""
    there = own_round(w, county=county, city=6, quota=POOL, approval={"cap": 20})
    give(there, COUNTY, contest, pool="contest")
    give(there, CITY, 6, pool="contest")
    return there


def filed(w: World, regular: int, contest: int) -> list[str]:
    """Applications the county has checked: first the regular ones, then the contests'."""
    ids = [submitted(w, n, **(CONTEST if n >= regular else {})).id for n in range(regular + contest)]
    return checked(w, COUNTY, *ids)


def test_the_deciding_union_gets_each_pools_places_and_the_rest_of_the_cap(world: World) -> None:
    there = pooled(world)

    assert pools(there, PROVINCE) == {"": (15, 0, 0), "contest": (5, 0, 0)}


def test_pools_that_are_the_whole_cap_leave_nothing_beside_them(world: World) -> None:
    there = own_round(world, county=None, city=None, quota=POOL, approval={"cap": 5})

    assert pools(there, PROVINCE) == {"contest": (5, 0, 0)}


def test_an_approval_without_a_number_gives_the_deciding_union_as_many_as_are_fit(world: World) -> None:
    there = own_round(world, county=None, city=None, approval={"cap": None})

    assert pools(there, PROVINCE) == {"": (0, 0, 0)}
    give(there, PROVINCE, 500)
    assert pools(there, PROVINCE) == {"": (500, 0, 0)}


def test_the_pool_is_the_answers_at_submission(world: World) -> None:
    there = pooled(world)

    assert submitted(there, 0).pool == ""
    assert submitted(there, 1, **CONTEST).pool == "contest"


def test_a_correction_at_the_first_tier_may_change_the_pool(world: World) -> None:
    there = pooled(world)
    row = submitted(there, 0)
    faults = [{"field": "leader_honour", "words": "请核对"}]
    row = send_back(there.county, row.id, faults=faults, seen=row.version)
    row = revise(there.clerks[0], row.id, answers=CONTEST, seen=row.version)

    assert resubmit(there.clerks[0], row.id, seen=row.version).pool == "contest"


def test_after_a_tier_recommended_it_an_application_keeps_its_pool(world: World) -> None:
    there = pooled(world)
    [one] = up(there, COUNTY, CITY, filed(there, 1, 0))
    row = send_back(there.city, one, faults=[{"field": "leader_honour", "words": "请核对"}], seen=version(one))
    row = revise(there.clerks[0], one, answers=CONTEST, seen=row.version)

    with refused("pool_changed", RefusedError, field="leader_honour", was={}, pool=LABEL):
        resubmit(there.clerks[0], one, seen=row.version)


@pytest.mark.parametrize(("given", "code", "kind"), [
    ({"pool": "seaside"}, "unknown_pool", InputError),
    ({"pool": "contest", "organization": PROVINCE, "places": 6}, "over_cap", RefusedError),
    ({"pool": "", "organization": PROVINCE, "places": 16}, "over_cap", RefusedError),
    ({"pool": "", "organization": PROVINCE, "places": 0, "kind": QuotaKind.FREE}, "over_cap", RefusedError),
])  # fmt: skip
def test_places_are_issued_in_pools_the_programme_has(
    world: World, given: dict[str, object], code: str, kind: type[RefusedError]
) -> None:
    there = pooled(world)
    more = {"places": 3, "organization": COUNTY, **given}
    code_, places = str(more.pop("organization")), int(str(more.pop("places")))

    with refused(code, kind):
        give(there, code_, places, **more)


def test_a_pool_never_borrows_from_another(world: World) -> None:
    there = pooled(world, county=5, contest=1)
    ids = filed(there, 1, 2)
    row = ranked(there, COUNTY, ids)

    with refused("quota_spent", QuotaError, places=1, left=1, asked=2, pool=LABEL):
        sealed_as(there, COUNTY, row)
    row = ranked(there, COUNTY, ids[:2], seen=row.version)
    sealed_as(there, COUNTY, row)

    assert pools(there, COUNTY) == {"": (5, 1, 0), "contest": (1, 1, 0)}


def test_what_belongs_to_no_pool_takes_no_place_of_one(world: World) -> None:
    there = pooled(world, county=1, contest=5)
    row = ranked(there, COUNTY, filed(there, 2, 0))

    with refused("quota_spent", QuotaError, places=1, left=1, asked=2, pool={}):
        sealed_as(there, COUNTY, row)


def test_without_places_in_a_pool_nobody_of_it_is_recommended(world: World) -> None:
    there = own_round(world, quota=POOL, approval={"cap": 20})
    row = ranked(there, COUNTY, filed(there, 0, 1))

    with refused("no_quota", RefusedError, organization=COUNTY, pool=LABEL):
        sealed_as(there, COUNTY, row)


def test_the_reserve_is_a_share_of_its_own_pools_places(world: World) -> None:
    there = pooled(world, county=10, contest=4)
    ids = filed(there, 1, 1)
    row = ranked(there, COUNTY, [], ids)

    with refused("reserve_full", QuotaError, allowed=0, asked=1, places=4, percent=20, pool=LABEL):
        sealed_as(there, COUNTY, row)


def test_a_minimum_is_asked_of_its_own_pool(world: World) -> None:
    there = pooled(world)
    give(there, COUNTY, 2, pool="contest", kind=QuotaKind.RANGE, minimum=1)
    row = ranked(there, COUNTY, filed(there, 2, 0))

    with refused("below_minimum", QuotaError, minimum=1, asked=0, pool=LABEL):
        sealed_as(there, COUNTY, row)
    assert sealed_as(there, COUNTY, row, reason="无竞赛类人选").state is SlateState.SEALED


def test_each_pool_has_a_line_of_its_own(world: World) -> None:
    there = pooled(world, county=10, contest=5)
    ids = filed(there, 2, 2)
    main = [{"application": ids[0], "score": 80}, {"application": ids[2], "score": 95}]
    # In the whole list the reserve's 90 stands below 80; in its own pool it is in order.
    reserve = [{"application": ids[3], "score": 90}, {"application": ids[1], "score": 80}]
    row = ranked(there, COUNTY, main, reserve)

    with refused("tie_at_line", RefusedError, first=1, last=4, line=1, score="80.00"):
        sealed_as(there, COUNTY, row)
    sealed_as(there, COUNTY, row, tie="会议表决")

    assert pools(there, COUNTY) == {"": (10, 1, 0), "contest": (5, 1, 0)}


def test_every_pools_places_go_up_come_back_and_go_up_again(world: World) -> None:
    there = pooled(world, county=2, contest=2)
    row = sealed_as(there, COUNTY, ranked(there, COUNTY, filed(there, 2, 1)))
    row = send_up(there.county, row.id, seen=row.version)
    assert pools(there, COUNTY) == {"": (2, 0, 2), "contest": (2, 0, 1)}

    row = recall(there.county, row.id, seen=row.version, reason="补充材料")

    assert pools(there, COUNTY) == {"": (2, 0, 0), "contest": (2, 0, 0)}
    assert ledger(there, COUNTY, "seal", "send-up", "recall") == [
        ("", "available", "reserved", 2, "seal"), ("", "reserved", "used", 2, "send-up"),
        ("", "used", "available", 2, "recall"), ("contest", "available", "reserved", 1, "seal"),
        ("contest", "reserved", "used", 1, "send-up"), ("contest", "used", "available", 1, "recall"),
    ]  # fmt: skip


def test_a_withdrawal_gives_its_place_back_to_its_pool(world: World) -> None:
    there = pooled(world, county=2, contest=2)
    ids = up(there, COUNTY, CITY, filed(there, 1, 2))

    withdraw(there.clerks[1], ids[1], seen=version(ids[1]))
    refuse(there.city, ids[0], reason="材料不实", seen=version(ids[0]))

    assert pools(there, COUNTY) == {"": (2, 0, 0), "contest": (2, 0, 1)}
    assert ledger(there, COUNTY, "withdraw", "refuse") == [
        ("", "used", "available", 1, "refuse"), ("contest", "used", "available", 1, "withdraw"),
    ]  # fmt: skip


def test_a_reserve_name_rises_within_its_own_pool_only(world: World) -> None:
    there = pooled(world, county=5, contest=5)
    ids = filed(there, 2, 2)
    # The first of the reserve is regular, the second of the contest.
    row = sealed_as(there, COUNTY, ranked(there, COUNTY, [ids[0], ids[2]], [ids[1], ids[3]]))

    withdraw(there.clerks[2], ids[2], seen=version(ids[2]))

    assert places_on(row.id) == [(ids[0], 1, False), (ids[3], 2, False), (ids[1], 3, True)]
    assert pools(there, COUNTY) == {"": (5, 1, 0), "contest": (5, 1, 0)}
    assert ledger(there, COUNTY, "withdraw", "promote") == [
        ("contest", "available", "reserved", 1, "promote"), ("contest", "reserved", "available", 1, "withdraw"),
    ]  # fmt: skip


def test_a_pool_without_a_reserve_of_its_own_stays_a_place_short(world: World) -> None:
    there = pooled(world, county=5, contest=5)
    ids = filed(there, 2, 1)
    row = sealed_as(there, COUNTY, ranked(there, COUNTY, [ids[0], ids[2]], [ids[1]]))

    withdraw(there.clerks[2], ids[2], seen=version(ids[2]))

    assert places_on(row.id) == [(ids[0], 1, False), (ids[1], 2, True)]
    assert pools(there, COUNTY) == {"": (5, 1, 0), "contest": (5, 0, 0)}


def test_naming_uses_each_pools_places_and_an_upheld_objection_frees_its_own(world: World) -> None:
    there = pooled(world, county=5, contest=5)
    ids = up(there, COUNTY, CITY, filed(there, 1, 2))
    ids = up(there, CITY, PROVINCE, checked(there, CITY, *ids))
    row = sealed_as(there, PROVINCE, ranked(there, PROVINCE, checked(there, PROVINCE, *ids)))
    notice = publish(there.province, row.id, seen=row.version)
    case = objected(there, notice, ids[2])
    case = report_back(there.city, case.id, finding="属实", seen=case.version)
    settle(there.province, case.id, outcome="upheld", reason="属实", seen=case.version)
    assert pools(there, PROVINCE) == {"": (15, 1, 0), "contest": (5, 1, 0)}

    with clock.at(NOTICE_OVER):
        close(there.province, notice.id, seen=notice.version)
        decide(there.province, row.id, number=NUMBER, meeting_on=date(2026, 3, 10), seen=slate(row.id).version)

    assert pools(there, PROVINCE) == {"": (15, 0, 1), "contest": (5, 0, 1)}
    assert pools(there, COUNTY) == {"": (5, 0, 1), "contest": (5, 0, 1)}


def test_the_doctor_notices_a_place_taken_in_the_wrong_pool(world: World) -> None:
    there = pooled(world, county=5, contest=5)
    [one] = filed(there, 0, 1)
    sealed_as(there, COUNTY, ranked(there, COUNTY, [one]))
    try:
        write("UPDATE application SET pool = '' WHERE id = :id", id=one)
        found = [(v.name, v.subject) for v in doctor.check() if v.invariant == "I3"]
    finally:
        write("UPDATE application SET pool = 'contest' WHERE id = :id", id=one)

    where = f"quota {there.round_id} {COUNTY}"
    assert sorted(found) == [("places_differ", where), ("places_differ", f"{where} contest")]


def write(statement: str, **values: str) -> None:
    """Change a row behind the product's back."""
    with engine().begin() as connection:
        connection.execute(sa.text(statement), values)


def test_a_longer_list_of_pools_asks_no_more_statements(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    there, asked = pooled(world, county=5, contest=5), []
    for first, n in ((0, 1), (2, 2)):
        ids = [submitted(there, first + i, **(CONTEST if i >= n else {})).id for i in range(2 * n)]
        row = ranked(there, COUNTY, checked(there, COUNTY, *ids))
        with statements(monkeypatch) as run:
            row = sealed_as(there, COUNTY, row)
            send_up(there.county, row.id, seen=row.version)
        asked.append(len(run))

    assert asked[0] == asked[1]
