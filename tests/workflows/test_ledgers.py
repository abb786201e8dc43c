"""Places split, taken back, lent and given back: nothing appears, nothing is lost, nobody is over."""

from datetime import timedelta
from typing import Any

import pytest

from models import clock
from models.errors import ForbiddenError, IllegalMoveError, InputError, NotFoundError, QuotaError, RefusedError
from models.vocabulary import QuotaKind, Role
from tests.worlds import (
    CITY,
    CLOSES,
    COUNTY,
    NOW,
    PROVINCE,
    World,
    application,
    at_county,
    letters,
    person,
    quota,
    refused,
    round_of,
    rows,
    sealed,
)
from workflows.clocks.sweep import sweep
from workflows.intake.applications import withdraw
from workflows.places.lending import give_back, lend
from workflows.places.splitting import Given, reclaim, split
from workflows.queries.ledger import quota_family, quota_in_story
from workflows.rounds import finish, issue

BESIDE, THIRD = "330108", "330109"
OTHER_CITY, ITS_COUNTY = "330200", "330203"
LINES = (
    "SELECT q.organization, source, target, n, act, why, p.organization FROM quota_entry e"
    " JOIN quota q ON q.id = e.quota_id LEFT JOIN quota p ON p.id = e.peer WHERE act = :act ORDER BY q.organization"
)


def split_to(w: World, **shares: int) -> list[Given]:
    """The city's places to its counties: `c330106=2`."""
    given = {code[1:]: n for code, n in shares.items()}
    return split(w.city, round_id=w.round_id, organization_code=CITY, shares=given, reason="按企业数")


def lent(w: World, n: int = 2) -> str:
    """The county's places lent to the one beside it."""
    return lend(w.county, round_id=w.round_id, organization_code=COUNTY, to=BESIDE, places=n, reason="支援").id


def allotted(w: World, code: str) -> int:
    """What a union has split among those below."""
    found: int = rows("SELECT allotted FROM quota WHERE round_id = :r AND organization = :o",
                      r=w.round_id, o=code)[0][0]  # fmt: skip
    return found


def test_a_city_splits_its_places_among_its_counties(world: World) -> None:
    given = split_to(world, c330106=2, c330108=4)

    assert given == [Given(COUNTY, 5, 5), Given(BESIDE, 4, 4)]
    assert (quota(world, CITY), allotted(world, CITY)) == ((10, 0, 0), 6)
    assert rows(LINES, act="split") == [
        (COUNTY, "issuer", "available", 2, "split", "按企业数", CITY),
        (BESIDE, "issuer", "available", 4, "split", "按企业数", CITY),
    ]
    assert letters(world.round_id) == [("places_split", "county")]
    assert round_of(world).version == 2


def test_no_more_is_split_than_the_programme_allows(world: World) -> None:
    split_to(world, c330106=8)

    with refused("over_split", QuotaError, places=10, most=10, allotted=8, left=2, asked=3):
        split_to(world, c330108=3)
    assert split_to(world, c330108=2) == [Given(BESIDE, 2, 2)]


@pytest.mark.parametrize(("shares", "code", "kind"), [
    ({}, "argument_missing", InputError),
    ({COUNTY: 0}, "too_small", InputError),
    ({COUNTY: 100_001}, "too_big", InputError),
    ({ITS_COUNTY: 1}, "not_directly_below", RefusedError),
    ({COUNTY: 1, CITY: 1}, "not_directly_below", RefusedError),
])  # fmt: skip
def test_only_real_numbers_go_to_unions_right_below(
    world: World, shares: dict[str, int], code: str, kind: type[InputError]
) -> None:
    with refused(code, kind):
        split(world.city, round_id=world.round_id, organization_code=CITY, shares=shares)


def test_only_its_own_people_split_a_unions_places_and_only_places_it_has(world: World) -> None:
    with refused("not_your_desk", ForbiddenError):
        split(world.county, round_id=world.round_id, organization_code=CITY, shares={COUNTY: 1})
    with refused("no_quota", RefusedError, organization=OTHER_CITY):
        split(world.stranger, round_id=world.round_id, organization_code=OTHER_CITY, shares={ITS_COUNTY: 1})


def test_one_click_splits_once(world: World) -> None:
    given: dict[str, Any] = {
        "round_id": world.round_id, "organization_code": CITY, "shares": {BESIDE: 2}, "key": "k",
    }  # fmt: skip

    assert split(world.city, **given) == split(world.city, **given) == [Given(BESIDE, 2, 2)]
    assert allotted(world, CITY) == 2


def test_unused_places_are_taken_back_and_given_to_another_at_once(world: World) -> None:
    split_to(world, c330108=4)

    done = reclaim(world.city, round_id=world.round_id, organization_code=CITY, of=BESIDE, places=3, to=COUNTY,
                   reason="没有申报")  # fmt: skip

    assert done == [Given(COUNTY, 6, 6), Given(BESIDE, 1, 1)]
    assert allotted(world, CITY) == 4
    assert rows(LINES, act="reclaim") == [(BESIDE, "available", "issuer", 3, "reclaim", "没有申报", CITY)]
    assert [row[:4] for row in rows(LINES, act="split")] == [
        (COUNTY, "issuer", "available", 3), (BESIDE, "issuer", "available", 4),
    ]  # fmt: skip


def test_only_what_was_split_here_and_is_unused_is_taken_back(world: World) -> None:
    issue(world.admin, round_id=world.round_id, organization_code=COUNTY, places=0)
    split_to(world, c330106=3)
    listed = at_county(world, 2)
    sealed(world, COUNTY, listed)
    take = {"round_id": world.round_id, "organization_code": CITY, "of": COUNTY, "reason": "调剂"}

    with refused("not_split", QuotaError, asked=4, given=3):
        reclaim(world.city, places=4, **take)
    with refused("places_in_use", QuotaError, asked=2, left=1, reserved=2, used=0):
        reclaim(world.city, places=2, **take)
    with refused("reason_missing", InputError):
        reclaim(world.city, places=1, **{**take, "reason": " "})
    with refused("same_union", InputError):
        reclaim(world.city, places=1, to=COUNTY, **take)
    withdraw(world.clerks[0], listed[0], seen=application(listed[0]).version)
    assert reclaim(world.city, places=2, **take) == [Given(COUNTY, 1, 0)]


def test_what_was_split_further_is_taken_back_from_below_first(world: World) -> None:
    split(world.province, round_id=world.round_id, organization_code=PROVINCE, shares={CITY: 5})
    split_to(world, c330106=12)

    with refused("split_further", QuotaError, asked=4, allotted=12, places=15):
        reclaim(world.province, round_id=world.round_id, organization_code=PROVINCE, of=CITY, places=4, reason="调剂")


def test_places_lent_stand_in_both_books(world: World) -> None:
    loan = lent(world)

    assert (quota(world, COUNTY), quota(world, BESIDE)) == ((1, 0, 0), (2, 0, 0))
    assert rows(LINES, act="lend") == [
        (COUNTY, "available", "issuer", 2, "lend", "支援", BESIDE),
        (BESIDE, "issuer", "available", 2, "lend", "支援", COUNTY),
    ]
    assert rows("SELECT id, n, returned, why, closed_at FROM quota_loan") == [(loan, 2, 0, "支援", None)]


def test_a_loan_is_given_back_in_parts_by_either_side(world: World) -> None:
    beside = person("beside", BESIDE, Role.REVIEWER)
    loan = lent(world)

    part = give_back(beside, loan, places=1)
    assert (part.returned, part.closed_at) == (1, None)
    with refused("loan_smaller", QuotaError, asked=2, left=1):
        give_back(beside, loan, places=2)
    done = give_back(world.county, loan, reason="本级要用")

    assert (done.returned, done.closed_at is None) == (2, False)
    assert (quota(world, COUNTY), quota(world, BESIDE)) == ((3, 0, 0), (0, 0, 0))
    with refused("loan_closed", RefusedError):
        give_back(beside, loan)
    assert ("places_given_back", "beside") in letters(world.round_id)


def test_a_loan_that_is_used_stays_where_it_is(world: World) -> None:
    issue(world.admin, round_id=world.round_id, organization_code=COUNTY, places=0)
    issue(world.admin, round_id=world.round_id, organization_code=BESIDE, places=2)
    beside = person("beside", BESIDE, Role.REVIEWER)
    loan = lend(beside, round_id=world.round_id, organization_code=BESIDE, to=COUNTY, places=2, reason="支援").id
    sealed(world, COUNTY, at_county(world, 1))

    with refused("loan_used", QuotaError, asked=2, left=1, reserved=1):
        give_back(beside, loan)
    assert give_back(beside, loan, places=1).returned == 1
    with refused("loan_used", QuotaError, asked=1, left=0):
        give_back(world.county, loan)


def test_only_neighbours_lend_and_only_what_they_have(world: World) -> None:
    give = {"round_id": world.round_id, "organization_code": COUNTY, "reason": "支援"}
    with refused("not_beside", RefusedError):
        lend(world.county, to=ITS_COUNTY, places=1, **give)
    with refused("same_union", InputError):
        lend(world.county, to=COUNTY, places=1, **give)
    with refused("nothing_to_lend", QuotaError, asked=4, left=3):
        lend(world.county, to=BESIDE, places=4, **give)
    with refused("not_your_desk", ForbiddenError):
        lend(world.city, to=BESIDE, places=1, **give)
    issue(world.admin, round_id=world.round_id, organization_code=THIRD, places=0, kind=QuotaKind.FREE)
    with refused("free_quota", RefusedError, organization=THIRD):
        lend(world.county, to=THIRD, places=1, **give)


def test_a_loan_is_no_business_of_others(world: World) -> None:
    loan = lent(world)

    for who in (world.city, world.stranger, world.clerks[0]):
        with refused("not_found", NotFoundError):
            give_back(who, loan)


def test_the_issuer_takes_nothing_back_that_others_gave_or_that_was_passed_on(world: World) -> None:
    split_to(world, c330106=6)

    with refused("below_received", QuotaError, asked=5, received=6):
        issue(world.admin, round_id=world.round_id, organization_code=COUNTY, places=5)
    with refused("below_allotted", QuotaError, asked=5, allotted=6):
        issue(world.admin, round_id=world.round_id, organization_code=CITY, places=5)
    issue(world.admin, round_id=world.round_id, organization_code=COUNTY, places=6)


def test_nothing_moves_in_a_round_that_is_over(world: World) -> None:
    with clock.at(CLOSES + timedelta(days=1)):
        sweep()
        finish(world.admin, world.round_id, seen=round_of(world).version)

        with refused("illegal_move", IllegalMoveError, act="split", state="finished"):
            split_to(world, c330106=1)


def test_every_line_of_a_ledger_is_told_with_who_when_why_and_what_stood_then(world: World) -> None:
    with clock.at(NOW + timedelta(hours=1)):
        split_to(world, c330106=2)
    with clock.at(NOW + timedelta(hours=2)):
        loan = lent(world, 1)
    with clock.at(NOW + timedelta(hours=3)):
        ids = at_county(world, 2)
        sealed(world, COUNTY, ids)
    with clock.at(NOW + timedelta(hours=4)):
        withdraw(world.clerks[0], ids[0], seen=application(ids[0]).version)
        receipt = application(ids[0]).receipt

    told = quota_in_story(world.county, round_id=world.round_id, organization_code=COUNTY)

    assert [one.zh for one in told] == [
        "2026年3月2日 09:00，admin：下达3个。余额：共3个，已用0，占用0，剩余3。",
        "2026年3月3日 10:00，city：杭州市总工会分配来2个，事由：按企业数。余额：共5个，已用0，占用0，剩余5。",
        "2026年3月3日 11:00，county：借给滨江区总工会1个，事由：支援。余额：共4个，已用0，占用0，剩余4。",
        "2026年3月3日 12:00，county：占用2个（确认名单）。余额：共4个，已用0，占用2，剩余2。",
        f"2026年3月3日 13:00，clerk0：退回占用的1个（撤回），{receipt}。余额：共4个，已用0，占用1，剩余3。",
    ]
    assert told[1].en == (
        "3 Mar 2026 10:00, city: 2 split to it by 杭州市总工会, because: 按企业数. "
        "Now 5 in all: 0 used, 0 held, 5 left."
    )
    assert (told[-1].places, told[-1].reserved, told[-1].used, told[-1].left) == (4, 1, 0, 3)
    above = quota_in_story(world.city, round_id=world.round_id, organization_code=CITY)
    assert [(one.zh.split("：")[1].split("，")[0], one.allotted) for one in above] == [
        ("下达10个。余额", 0), ("向西湖区总工会分配2个", 2),
    ]  # fmt: skip
    family = quota_family(world.county, round_id=world.round_id, organization_code=COUNTY)
    assert [(one.id, one.out, one.other, one.rest) for one in family.loans] == [(loan, True, BESIDE, 1)]
    assert quota_family(world.city, round_id=world.round_id, organization_code=CITY).may_split == 8


def test_a_ledger_is_told_to_its_own_people_and_the_rounds(world: World) -> None:
    asked = {"round_id": world.round_id, "organization_code": COUNTY}

    assert quota_in_story(world.admin, **asked) == quota_in_story(world.county, **asked)
    for question in (quota_in_story, quota_family):
        with refused("not_your_desk", ForbiddenError):
            question(world.city, **asked)
