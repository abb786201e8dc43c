"""Who may seat whom, enter what, plan and publish: refused in words, and never done twice."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from models import base, clock
from models.database import reading
from models.errors import ForbiddenError, InputError, RefusedError
from models.organization import Organization
from models.programme import shipped
from models.sql import Sql, rows_of
from models.vocabulary import Line, QuotaKind, Role, Tier
from tests.worlds import (
    CITY,
    COUNTY,
    INDUSTRY,
    NOW,
    PROVINCE,
    World,
    also,
    answers,
    events,
    everything,
    person,
    photo,
    quota,
    refused,
    rows,
    unit,
)
from workflows import table
from workflows.intake.applications import draft, submit
from workflows.intake.attachments import attach
from workflows.people import passwords
from workflows.people.accounts import disable_account, open_account, open_with_hash, seat, vacate
from workflows.people.organizations import GOVERNED, NATION, above, enrol, governing
from workflows.programmes import publish, publish_programme
from workflows.record.acting import SYSTEM, actor_of
from workflows.rounds import issue, plan_round

TOWN, NEW = "330106T01", unit(500)
_EVERY = rows_of(Organization)
_GOVERNED: Sql[str] = Sql(sa.select(base.table(Organization).c.code).where(GOVERNED))


@pytest.fixture
def world(world: World) -> World:
    """The small province, with an administrator in the county."""
    person("xihu", COUNTY, Role.ADMINISTRATOR)
    return world


def seats_of(email: str) -> list[tuple[Any, ...]]:
    """The seats a person holds now: where, and as what."""
    return sorted((s.organization, s.role) for s in actor_of(email).seats)


def test_a_seat_given_twice_is_one_seat_and_leaves_with_its_one_row(world: World) -> None:
    email = world.county.email
    first = seat(world.admin, email=email, organization_code=CITY, role=Role.REVIEWER)
    before = everything()

    assert seat(world.admin, email=email, organization_code=CITY, role=Role.REVIEWER) == first
    assert everything() == before

    held = "SELECT id FROM seat WHERE account_id = :a AND organization = :o"
    ((seat_id,),) = rows(held, a=world.county.id, o=CITY)
    with clock.at(NOW + timedelta(hours=1)):
        vacate(world.admin, seat_id=seat_id)
        assert seats_of(email) == [(COUNTY, Role.REVIEWER)]


def test_a_seat_given_again_for_another_term_is_the_same_seat(world: World) -> None:
    given: dict[str, Any] = {"email": world.county.email, "organization_code": COUNTY, "role": Role.REVIEWER}
    seat(world.admin, **given, ends_at=NOW + timedelta(days=1))

    assert rows("SELECT count(*) FROM seat WHERE account_id = :a", a=world.county.id) == [(1,)]
    assert [act for act, *_ in events(world.county.id)] == ["enrol", "seat"]
    with clock.at(NOW + timedelta(days=2)):
        assert seats_of(world.county.email) == []
        # The term is over: this is a new seat, and the old one stays on record.
        seat(world.admin, **given)
        assert seats_of(world.county.email) == [(COUNTY, Role.REVIEWER)]
    assert rows("SELECT count(*) FROM seat WHERE account_id = :a", a=world.county.id) == [(2,)]


def test_a_click_sent_twice_seats_once_even_when_the_seat_was_left_meanwhile(world: World) -> None:
    given: dict[str, Any] = {"email": world.county.email, "organization_code": CITY, "role": Role.CLERK, "key": "k"}
    seat(world.admin, **given)
    ((seat_id,),) = rows("SELECT id FROM seat WHERE organization = :o AND role = 'clerk'", o=CITY)
    with clock.at(NOW + timedelta(hours=1)):
        vacate(world.admin, seat_id=seat_id)
        before = everything()

        assert seat(world.admin, **given).id == world.county.id
        assert everything() == before


def test_a_seat_can_be_left_in_the_moment_it_was_taken(world: World) -> None:
    seat(world.admin, email=world.county.email, organization_code=CITY, role=Role.CLERK)
    ((seat_id,),) = rows("SELECT id FROM seat WHERE organization = :o AND role = 'clerk'", o=CITY)

    left = vacate(world.admin, seat_id=seat_id)
    before = everything()

    assert left.ends_at == NOW + timedelta(microseconds=1)
    assert vacate(world.admin, seat_id=seat_id) == left
    assert everything() == before
    with clock.at(NOW + timedelta(seconds=1)):
        assert seats_of(world.county.email) == [(COUNTY, Role.REVIEWER)]


@pytest.mark.parametrize(("who", "sits"), [("province", PROVINCE), ("city", CITY), ("industry", INDUSTRY)])
def test_nobody_is_seated_by_an_administrator_below_them(world: World, who: str, sits: str) -> None:
    county, superior = actor_of("xihu@example.cn"), getattr(world, who)
    for place in (COUNTY, unit(0)):
        with refused("seated_above", ForbiddenError, email=superior.email, organization=sits):
            seat(county, email=superior.email, organization_code=place, role=Role.CLERK)

    # Their own administrator, who governs both places, may.
    seat(world.admin, email=superior.email, organization_code=unit(0), role=Role.CLERK)
    assert seats_of(superior.email) == sorted([(unit(0), Role.CLERK), (sits, Role.REVIEWER)])


def test_somebody_of_a_union_beside_or_formerly_above_may_be_seated(world: World) -> None:
    county = actor_of("xihu@example.cn")
    beside = person("beside", "330105", Role.REVIEWER)
    seat(county, email=beside.email, organization_code=COUNTY, role=Role.REVIEWER)
    assert seats_of(beside.email) == [("330105", Role.REVIEWER), (COUNTY, Role.REVIEWER)]

    ((seat_id,),) = rows("SELECT id FROM seat WHERE account_id = :a", a=world.city.id)
    with clock.at(NOW + timedelta(hours=1)):
        vacate(world.admin, seat_id=seat_id)
        seat(county, email=world.city.email, organization_code=COUNTY, role=Role.REVIEWER)
        assert seats_of(world.city.email) == [(COUNTY, Role.REVIEWER)]


PERSON: dict[str, Any] = {"email": "new@example.cn", "name": "新人", "organization_code": COUNTY, "role": Role.CLERK}


def test_a_hash_is_not_taken_by_name(world: World) -> None:
    with refused("unknown_argument", InputError, field="password_hash"):
        table.do("open-account", world.admin, {**PERSON, "password_hash": "$argon2id$x"})

    given = passwords.hashed("correct horse")
    assert open_with_hash(world.admin, given, **PERSON).password_hash == given


@pytest.mark.parametrize(("given", "code", "details"), [
    ({"language": "fr"}, "unknown_language", {"field": "language", "given": "fr", "known": ["zh", "en"]}),
    ({"language": ""}, "unknown_language", {"given": ""}),
    ({"name": "  "}, "argument_missing", {"field": "name"}),
    ({"name": "名" * 61}, "too_long", {"field": "name", "length": 61, "most": 60}),
])  # fmt: skip
def test_an_account_that_cannot_be_opened_is_refused(
    world: World, given: dict[str, Any], code: str, details: dict[str, Any]
) -> None:
    with refused(code, InputError, **details):
        open_account(world.admin, **{**PERSON, **given})


@pytest.mark.parametrize(("given", "code", "details"), [
    *(({"tier": tier, "code": "ABC123", "parent": "000000"}, "tier_not_enrolled", {"field": "tier", "given": tier})
      for tier in (Tier.NATION, Tier.PROVINCE, Tier.CITY, Tier.COUNTY)),
    ({"tier": Tier.NATION, "code": NEW}, "tier_not_enrolled", {}),
    ({"tier": Tier.TOWNSHIP, "code": NEW}, "union_code", {"field": "code", "given": NEW}),
    ({"tier": Tier.TOWNSHIP, "code": "3301-1"}, "union_code", {}),
    ({"tier": Tier.TOWNSHIP, "code": "西湖街道"}, "union_code", {}),
    ({"tier": Tier.TOWNSHIP, "code": "T1"}, "union_code", {}),
    ({"tier": Tier.TOWNSHIP, "code": "T" * 13}, "union_code", {}),
    ({"tier": Tier.TOWNSHIP, "code": TOWN, "parent": CITY}, "wrong_parent", {"field": "parent", "given": CITY}),
    ({"tier": Tier.INDUSTRY, "code": "ZJ2", "parent": COUNTY}, "wrong_parent", {"given": COUNTY}),
    ({"tier": Tier.INDUSTRY, "code": "ZJ2", "parent": INDUSTRY}, "wrong_parent", {"known": [Tier.PROVINCE]}),
    ({"name": " "}, "argument_missing", {"field": "name"}),
    ({"name": "企" * 121}, "too_long", {"field": "name", "length": 121, "most": 120}),
])  # fmt: skip
def test_what_does_not_fit_into_the_tree_is_not_entered(
    world: World, given: dict[str, Any], code: str, details: dict[str, Any]
) -> None:
    with refused(code, InputError, **details):
        enrol(SYSTEM, **{"code": NEW, "name": "新单位", "parent": COUNTY, **given})


def test_a_township_stands_between_its_county_and_its_enterprises(world: World) -> None:
    town = enrol(world.admin, code=TOWN.lower(), name="蒋村街道", parent=COUNTY, tier=Tier.TOWNSHIP)
    firm = enrol(world.admin, code=NEW, name="新企业", parent=TOWN)

    assert (town.code, town.tier, town.parent, town.county) == (TOWN, Tier.TOWNSHIP, COUNTY, COUNTY)
    with reading() as store:
        over = {Tier.COUNTY: COUNTY, Tier.CITY: CITY, Tier.PROVINCE: PROVINCE, Tier.NATION: "000000"}
        assert above(store, firm) == {**over, Tier.TOWNSHIP: TOWN}
        assert above(store, town) == over


def test_who_enters_a_unit_opens_and_closes_its_accounts_too(world: World) -> None:
    enrol(world.admin, code=TOWN, name="蒋村街道", parent=COUNTY, tier=Tier.TOWNSHIP)
    town = person("town", TOWN, Role.ADMINISTRATOR)
    firm = enrol(town, code=NEW, name="新企业", parent=TOWN)

    clerk = open_account(town, email="zhao@example.cn", name="赵", organization_code=firm.code, role=Role.CLERK)
    seat(town, email=clerk.email, organization_code=firm.code, role=Role.WORKER)
    disable_account(town, email=clerk.email, organization_code=firm.code)
    # Neither beside it, nor over it; and who sits above is nobody's to seat from below.
    for place in (unit(0), COUNTY):
        with refused("not_administrator", ForbiddenError, organization=place):
            open_account(town, email="qian@example.cn", name="钱", organization_code=place, role=Role.CLERK)
    with refused("seated_above", ForbiddenError, organization=COUNTY):
        seat(town, email=world.county.email, organization_code=firm.code, role=Role.CLERK)


def test_the_statements_and_the_rule_agree_who_administers_whom(world: World) -> None:
    enrol(world.admin, code=TOWN, name="蒋村街道", parent=COUNTY, tier=Tier.TOWNSHIP)
    enrol(world.admin, code=NEW, name="新企业", parent=TOWN)
    enrol(world.admin, code=unit(501), name="直属企业", parent=INDUSTRY)
    over = (NEW, TOWN, COUNTY, CITY, INDUSTRY, PROVINCE, NATION)

    with reading() as store:
        told = {root: set(store.all(_GOVERNED, root=root)) for root in over}
        each = {row.code: governing(row) for row in store.all(_EVERY)}

    assert told == {root: {code for code, line in each.items() if root in line} for root in over}
    assert (NEW in told[COUNTY], NEW in told[TOWN]) == (True, False)


def test_an_enterprise_below_an_industry_union_climbs_that_line_only(world: World) -> None:
    made = enrol(world.admin, code=NEW, name="直属企业", parent=INDUSTRY)
    clerk = person("direct", NEW, Role.CLERK)
    assert (made.parent, made.industry, made.county, made.province) == (INDUSTRY, INDUSTRY, None, PROVINCE)

    region, industry = (
        draft(clerk, round_id=world.round_id, organization_code=NEW, line=line, answers=answers(9))
        for line in (Line.REGION, Line.INDUSTRY)
    )
    for row in (region, industry):
        attach(clerk, row.id, slot="honour_proof", filename="证书.png", content=photo(), seen=row.version)
    with refused("no_line", RefusedError, line="region", organization=NEW):
        submit(clerk, region.id, seen=region.version + 1)
    assert submit(clerk, industry.id, seen=industry.version + 1).desk == INDUSTRY


def test_an_enterprise_below_an_industry_union_has_no_other(world: World) -> None:
    enrol(world.admin, code="ZJIND2", name="浙江省电力工会", parent=PROVINCE, tier=Tier.INDUSTRY)

    with refused("other_industry", InputError, given="ZJIND2", parent=INDUSTRY):
        enrol(world.admin, code=NEW, name="企业", parent=INDUSTRY, industry="ZJIND2")
    assert enrol(world.admin, code=NEW, name="企业", parent=INDUSTRY, industry=INDUSTRY).industry == INDUSTRY


PLAN: dict[str, Any] = {
    "programme": "provincial-studio@1", "organization_code": PROVINCE, "year": 2027,
    "opens_at": NOW + timedelta(days=30), "closes_at": NOW + timedelta(days=60),
}  # fmt: skip


@pytest.mark.parametrize("code", [COUNTY, CITY, unit(0)])
def test_only_a_union_of_the_deciding_tier_plans_rounds(world: World, code: str) -> None:
    own = also(world.county, code, Role.ADMINISTRATOR)

    with refused("wrong_decider", RefusedError, organization=code, known=[Tier.PROVINCE]):
        plan_round(own, **{**PLAN, "organization_code": code})


@pytest.mark.parametrize(("year", "code", "details"), [
    (1999, "too_small", {"least": 2000}), (2101, "too_big", {"most": 2100}), (10**12, "too_big", {}),
])  # fmt: skip
def test_a_round_belongs_to_a_year_of_ours(world: World, year: int, code: str, details: dict[str, Any]) -> None:
    with refused(code, InputError, field="year", given=year, **details):
        plan_round(world.admin, **{**PLAN, "year": year})


def test_only_who_could_decide_its_rounds_publishes_a_programme(world: World) -> None:
    changed = shipped("provincial-studio").model_copy(update={"version": 2})
    for code in (CITY, COUNTY, INDUSTRY, unit(0)):
        own = person(f"own{code}".lower(), code, Role.ADMINISTRATOR)
        with refused("not_administrator", ForbiddenError):
            publish(own, changed)
        with refused("not_administrator", ForbiddenError):
            publish_programme(own, code="provincial-studio")

    assert publish(world.admin, changed).id == "provincial-studio@2"
    nation = person("nation", "000000", Role.ADMINISTRATOR)
    assert publish(nation, changed.model_copy(update={"version": 3})).id == "provincial-studio@3"


@pytest.mark.parametrize(("given", "code"), [
    ({"places": 100_001}, "too_big"), ({"places": 10**12}, "too_big"),
    ({"places": 0, "minimum": 1}, "places"), ({"places": 2, "minimum": 3}, "places"),
    ({"places": 0, "minimum": 100_001, "kind": QuotaKind.FREE}, "too_big"),
])  # fmt: skip
def test_places_stay_within_bounds(world: World, given: dict[str, Any], code: str) -> None:
    with refused(code, InputError):
        issue(world.admin, round_id=world.round_id, organization_code=COUNTY, **given)


def test_places_issued_twice_are_issued_once(world: World) -> None:
    issue(world.admin, round_id=world.round_id, organization_code=COUNTY, places=5)
    before = everything()

    assert issue(world.admin, round_id=world.round_id, organization_code=COUNTY, places=5).places == 5
    assert everything() == before
    assert quota(world, COUNTY) == (5, 0, 0)
