"""Places shared out by formula, of every kind, and the ledger told in words."""

from typing import Any

import pytest

from models.errors import ForbiddenError, InputError, NotFoundError, QuotaError, RefusedError, StaleError
from models.vocabulary import QuotaKind, Role, SlateState
from tests.counting import statements
from tests.own_rounds import POOL, give, own_round, pools, ranked, sealed_as, up, version
from tests.worlds import (
    CITY,
    COUNTY,
    PROVINCE,
    World,
    at_county,
    events,
    everything,
    person,
    refused,
    round_of,
    rows,
)
from workflows.intake.applications import withdraw
from workflows.listing.sending import recall, send_up
from workflows.places.allotting import allot, allotment_of
from workflows.queries.places import quota_in_words

CITIES = ("330100", "330200", "330300", "330400", "330500")
SIZES = (30, 25, 20, 15, 10)
FORMULA = {"factors": [{"name": "workers", "label": {"zh": "职工人数", "en": "workers"}, "percent": 100}]}
HALVES = {"factors": [{"name": name, "label": {"zh": zh, "en": name}, "percent": 50}
                      for name, zh in (("workers", "职工人数"), ("output", "产值"))]}  # fmt: skip
NUMBERS: dict[str, dict[str, Any]] = {c: {"workers": n} for c, n in zip(CITIES, SIZES, strict=True)}


def given(w: World, **more: Any) -> Any:
    """Seventy places shared out over five cities."""
    arguments = {"places": 70, "factors": NUMBERS, "seen": round_of(w).version, **more}
    return allot(w.admin, round_id=w.round_id, **arguments)


def test_seventy_places_are_shared_out_by_the_largest_remainder(world: World) -> None:
    there = own_round(world, county=None, city=None, quota=FORMULA)
    before = round_of(there)

    made = given(there)

    assert [(one.organization, one.name, one.places) for one in made] == [
        ("330100", "杭州市总工会", 21), ("330200", "宁波市总工会", 18), ("330300", "温州市总工会", 14),
        ("330400", "嘉兴市总工会", 10), ("330500", "湖州市总工会", 7),
    ]  # fmt: skip
    assert made[1][3:] == (
        "17.500",
        "职工人数25/100×100%，应得17.500个：整数17个，余数0.500，余数居前，加1个，共18个",
        "workers 25/100 × 100%: 17.500 of 70; 17 whole, remainder 0.500, among the largest, so one more: 18 in all",
    )
    assert {code: pools(there, code)[""] for code in CITIES} == {one.organization: (one.places, 0, 0) for one in made}
    assert events(there.round_id, since=before.version) == [("issue", "open", "open", "admin")]


def test_half_goes_by_workers_and_half_by_output(world: World) -> None:
    there = own_round(world, county=None, city=None, quota=HALVES)
    numbers = {"330100": {"workers": "300", "output": "10.5"}, "330200": {"workers": 100, "output": 31.5}}

    made = given(there, places=9, factors=numbers)

    assert [(one.places, one.zh) for one in made] == [
        (5, "职工人数300/400×50%＋产值10.5/42×50%，应得4.500个：整数4个，余数0.500，余数居前，加1个，共5个"),
        (4, "职工人数100/400×50%＋产值31.5/42×50%，应得4.500个：整数4个，余数0.500，共4个"),
    ]


def test_the_dry_answer_is_the_same_and_writes_nothing(world: World) -> None:
    there = own_round(world, county=None, city=None, quota=FORMULA)
    before = everything()

    told = allotment_of(there.admin, round_id=there.round_id, places=70, factors=NUMBERS)

    assert everything() == before
    assert told == given(there)


def test_a_second_allotment_replaces_the_first_but_never_below_what_is_used(world: World) -> None:
    there = own_round(world, county=None, city=2, quota=FORMULA)
    give(there, COUNTY, 2)
    up(there, COUNTY, CITY, at_county(there, 2))
    given(there)

    with refused("below_used", QuotaError, organization=COUNTY, asked=1, used=2, reserved=0):
        given(there, places=1, factors={COUNTY: {"workers": 1}, "330200": {"workers": 0}})
    given(there, places=10)

    assert pools(there, CITY) == {"": (3, 0, 0)}
    assert [pools(there, code)[""][0] for code in CITIES] == [3, 3, 2, 1, 1]


def test_a_click_sent_twice_allots_once(world: World) -> None:
    there = own_round(world, county=None, city=None, quota=FORMULA)
    seen = round_of(there).version
    made = given(there, key="k", seen=seen)
    before = everything()

    assert given(there, key="k", seen=seen) == made
    assert everything() == before
    with refused("stale", StaleError):
        given(there, seen=seen)


def test_a_pool_is_shared_out_like_the_whole(world: World) -> None:
    there = own_round(world, county=None, city=None, quota={**FORMULA, **POOL}, approval={"cap": 20})

    given(there, places=5, pool="contest")

    assert pools(there, CITY) == {"contest": (2, 0, 0)}


@pytest.mark.parametrize(("more", "code", "kind"), [
    ({"factors": {}}, "factors_empty", InputError),
    ({"factors": {CITY: {}}}, "factor_missing", InputError),
    ({"factors": {CITY: {"workers": 1, "sheep": 2}}}, "factor_unknown", InputError),
    ({"factors": {CITY: {"workers": -1}}}, "factor_number", InputError),
    ({"factors": {CITY: {"workers": "many"}}}, "factor_number", InputError),
    ({"factors": {CITY: {"workers": "NaN"}}}, "factor_number", InputError),
    ({"factors": {CITY: {"workers": "1e99"}}}, "factor_number", InputError),
    ({"factors": {CITY: {"workers": "1e-99"}}}, "factor_number", InputError),
    ({"factors": {CITY: {"workers": None}}}, "factor_number", InputError),
    ({"factors": {CITY: {"workers": 0}}}, "factor_zero", InputError),
    ({"factors": {"999999": {"workers": 1}}}, "not_found", NotFoundError),
    ({"places": -1}, "too_small", InputError),
    ({"places": 100_001, "factors": {CITY: {"workers": 1}}}, "too_big", InputError),
    ({"pool": "seaside"}, "unknown_pool", InputError),
    ({"places": 71, "factors": {PROVINCE: {"workers": 1}}}, "over_cap", RefusedError),
])  # fmt: skip
def test_numbers_that_cannot_be_shared_by_are_refused(
    world: World, more: dict[str, Any], code: str, kind: type[InputError]
) -> None:
    there = own_round(world, county=None, city=None, quota=FORMULA)

    with refused(code, kind):
        given(there, **more)


def test_without_a_formula_nothing_is_shared_out(world: World) -> None:
    there = own_round(world, quota={"source": {"document": "通知", "clause": "二"}})

    with refused("no_formula", RefusedError, source={"document": "通知", "clause": "二"}):
        given(there)


def test_only_the_rounds_administrators_share_out(world: World) -> None:
    there = own_round(world, quota=FORMULA)

    with refused("not_your_desk", ForbiddenError):
        allot(there.province, round_id=there.round_id, places=70, factors=NUMBERS, seen=round_of(there).version)
    with refused("not_your_desk", ForbiddenError):
        allotment_of(there.city, round_id=there.round_id, places=70, factors=NUMBERS)


def test_more_unions_ask_no_more_statements(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    there, asked = own_round(world, county=None, city=None, quota=FORMULA), []
    for number in (1, 5):
        with statements(monkeypatch) as run:
            given(there, factors={code: NUMBERS[code] for code in CITIES[:number]})
        asked.append(len(run))

    assert asked[0] == asked[1]


# What each kind of quota refuses and asks (domain: scenario 3).


def kinds(w: World, kind: QuotaKind, names: int, *, places: int = 2, minimum: int = 0) -> tuple[World, Any]:
    """The county's list of some names under places of a kind."""
    there = own_round(w, county=None)
    give(there, COUNTY, places, kind=kind, minimum=minimum)
    return there, ranked(there, COUNTY, at_county(there, names))


@pytest.mark.parametrize("kind", [QuotaKind.FIXED, QuotaKind.MAXIMUM])
def test_fixed_and_maximum_refuse_one_more_and_need_not_be_filled(world: World, kind: QuotaKind) -> None:
    there, row = kinds(world, kind, 3)
    with refused("quota_spent", QuotaError, places=2, left=2, asked=3):
        sealed_as(there, COUNTY, row)

    row = ranked(there, COUNTY, [row_[0] for row_ in rows(_ON, s=row.id)][:1], seen=row.version)

    assert sealed_as(there, COUNTY, row).state is SlateState.SEALED


_ON = "SELECT application_id FROM slate_entry WHERE slate_id = :s ORDER BY rank"


def test_a_range_refuses_one_more_and_asks_why_fewer(world: World) -> None:
    there, row = kinds(world, QuotaKind.RANGE, 3, places=2, minimum=1)
    ids = [row_[0] for row_ in rows(_ON, s=row.id)]
    with refused("quota_spent", QuotaError, places=2, left=2, asked=3):
        sealed_as(there, COUNTY, row)

    row = ranked(there, COUNTY, ids[:1], seen=row.version)

    assert sealed_as(there, COUNTY, row).state is SlateState.SEALED


def test_a_minimum_is_met_or_explained(world: World) -> None:
    there, row = kinds(world, QuotaKind.MINIMUM, 1, places=5, minimum=2)

    with refused("below_minimum", QuotaError, minimum=2, asked=1):
        sealed_as(there, COUNTY, row)
    assert sealed_as(there, COUNTY, row, reason="只有一家符合条件").state is SlateState.SEALED


def test_free_places_hold_any_number(world: World) -> None:
    there, row = kinds(world, QuotaKind.FREE, 5, places=0)

    sealed_as(there, COUNTY, row)

    assert pools(there, COUNTY) == {"": (0, 5, 0)}


@pytest.mark.parametrize(("kind", "minimum", "code"), [
    (QuotaKind.FIXED, 1, "minimum_kind"), (QuotaKind.MAXIMUM, 1, "minimum_kind"),
    (QuotaKind.MINIMUM, 0, "too_small"), (QuotaKind.RANGE, 4, "places"),
])  # fmt: skip
def test_a_minimum_belongs_to_the_kinds_that_ask_for_it(world: World, kind: QuotaKind, minimum: int, code: str) -> None:
    with refused(code, InputError):
        give(world, COUNTY, 3, kind=kind, minimum=minimum)


def test_places_are_of_the_programmes_usual_kind_unless_said(world: World) -> None:
    there = own_round(world, quota={"kind": "range"})
    give(there, "330200", 3, kind=QuotaKind.FIXED)

    assert sorted(rows("SELECT organization, kind FROM quota WHERE round_id = :r", r=there.round_id)) == [
        ("330000", "maximum"), ("330100", "range"), ("330106", "range"), ("330200", "fixed"),
    ]  # fmt: skip


@pytest.mark.parametrize(("rounding", "allowed"), [("floor", 0), ("ceiling", 1)])
def test_the_reserve_is_rounded_as_the_programme_says(world: World, rounding: str, allowed: int) -> None:
    # A fifth of four places is eight tenths of a name.
    there = own_round(world, county=4, reserve={"percent": 20, "rounding": rounding})
    ids = at_county(there, 3)
    row = ranked(there, COUNTY, ids[:1], ids[1:])

    with refused("reserve_full", QuotaError, allowed=allowed, asked=2, places=4):
        sealed_as(there, COUNTY, row)


def told(w: World, actor: Any = None, code: str = COUNTY) -> Any:
    """A union's ledger in words."""
    return quota_in_words(actor or w.desk(code), round_id=w.round_id, organization_code=code)


def test_a_unions_ledger_is_told_in_words(world: World) -> None:
    there = own_round(world, county=5)
    give(there, COUNTY, 4)
    ids = at_county(there, 3)
    row = sealed_as(there, COUNTY, ranked(there, COUNTY, ids[:2]))
    row = recall(there.county, row.id, seen=row.version, reason="补充")
    row = sealed_as(there, COUNTY, ranked(there, COUNTY, ids, seen=row.version))
    send_up(there.county, row.id, seen=row.version)
    withdraw(there.clerks[0], ids[0], seen=version(ids[0]))

    [line] = told(there)

    assert line[:6] == ("", 4, 0, 2, 2, 3)
    assert sorted(line.zh[:-1]) == sorted([
        "下达5个", "收回1个", "占用5个（确认名单）", "退回占用的2个（撤回上报）", "占用转为已用3个（上报）",
        "退回已用的1个（撤回）",
    ])  # fmt: skip
    assert line.zh[-1] == "共4个：已用2个，占用0个，剩余2个"
    assert line.en[-1] == "4 in all: 2 used, 0 held, 2 left"
    assert len(line.en) == len(line.zh)


def test_every_pool_has_a_ledger_of_its_own(world: World) -> None:
    there = own_round(world, county=2, quota=POOL, approval={"cap": 20})
    give(there, COUNTY, 0, pool="contest", kind=QuotaKind.FREE)

    assert [(line.pool, line.issued, line.left) for line in told(there)] == [("", 2, 2), ("contest", 0, None)]
    assert told(there)[1].zh == ["不限名额：已用0个，占用0个"]


def test_a_unions_ledger_is_for_its_own_people_and_the_rounds(world: World) -> None:
    there = own_round(world)
    own = person("countyadmin", COUNTY, Role.ADMINISTRATOR)

    assert told(there, there.admin) == told(there, own) == told(there)
    for actor in (there.city, there.stranger, there.clerks[0]):
        with refused("not_your_desk", ForbiddenError):
            told(there, actor)
