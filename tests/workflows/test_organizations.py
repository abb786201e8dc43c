"""The tree of unions, and the units that join it under a checked credit code."""

from typing import Any

import pytest

from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError
from models.vocabulary import Role, Tier
from tests.worlds import (
    CITY,
    COUNTY,
    INDUSTRY,
    PROVINCE,
    World,
    also,
    answers,
    application,
    person,
    photo,
    refused,
    rows,
    unit,
)
from workflows.intake.applications import draft, submit
from workflows.intake.attachments import attach
from workflows.people.organizations import credit_code, enrol, seed

NEW = unit(500)


def test_the_seeded_tree_holds_the_whole_country_once(world: World) -> None:
    counts = dict(rows("SELECT tier, count(*) FROM organization WHERE length(code) = 6 GROUP BY tier"))

    assert (counts["nation"], counts["province"]) == (1, 31)
    assert counts["county"] > 2800
    assert seed() == 0


@pytest.mark.parametrize(("code", "line"), [
    ("330106", ("330000", "330100", "330106", "330100")),  # a district of a city
    ("310101", ("310000", None, "310101", "310000")),  # a district of a municipality
    ("429004", ("420000", None, "429004", "420000")),  # a county a province governs directly
    ("330100", ("330000", "330100", None, "330000")),
    ("330000", ("330000", None, None, "000000")),
])  # fmt: skip
def test_every_union_knows_its_line(world: World, code: str, line: tuple[str | None, ...]) -> None:
    assert rows("SELECT province, city, county, parent FROM organization WHERE code = :c", c=code) == [line]


def test_a_unit_takes_its_unions_line(world: World) -> None:
    made = enrol(world.admin, code=NEW.lower(), name=" 新企业 ", parent=COUNTY, industry=INDUSTRY, non_public=True)

    assert (made.code, made.name, made.tier, made.parent) == (NEW, "新企业", Tier.ENTERPRISE, COUNTY)
    assert (made.province, made.city, made.county, made.industry) == (PROVINCE, CITY, COUNTY, INDUSTRY)


@pytest.mark.parametrize(("given", "code", "kind", "details"), [
    ({"code": NEW[:-1] + ("0" if NEW[-1] != "0" else "1")}, "credit_code", InputError, {"field": "code"}),
    ({"code": "12345"}, "credit_code", InputError, {"given": "12345"}),
    ({"code": unit(0)}, "organization_known", InputError, {"given": unit(0)}),
    ({"parent": "999999"}, "not_found", NotFoundError, {"thing": "organization", "given": "999999"}),
    ({"industry": COUNTY}, "not_an_industry", InputError, {"field": "industry", "given": COUNTY}),
])  # fmt: skip
def test_a_unit_that_cannot_be_entered_is_refused(
    world: World, given: dict[str, Any], code: str, kind: Any, details: dict[str, Any]
) -> None:
    before = rows("SELECT count(*) FROM organization")

    with refused(code, kind, **details):
        enrol(world.admin, **{"code": NEW, "name": "新企业", "parent": COUNTY, **given})

    assert rows("SELECT count(*) FROM organization") == before


def test_only_administrators_over_a_place_enter_units_there(world: World) -> None:
    county = person("xihu", COUNTY, Role.ADMINISTRATOR)
    for actor, parent in ((world.county, COUNTY), (county, CITY), (county, "330105"), (world.admin, "310101")):
        with refused("not_administrator", ForbiddenError, organization=parent):
            enrol(actor, code=NEW, name="新企业", parent=parent)

    assert enrol(county, code=NEW, name="新企业", parent=COUNTY).parent == COUNTY


def test_a_credit_code_is_read_however_it_is_typed() -> None:
    assert credit_code(f" {NEW.lower()} ") == NEW


def test_a_union_that_is_a_desk_on_the_way_does_not_apply_itself(world: World) -> None:
    clerk = also(world.stranger, COUNTY, Role.CLERK)
    row = draft(clerk, round_id=world.round_id, organization_code=COUNTY, answers=answers())
    attach(clerk, row.id, slot="honour_proof", filename="证书.png", content=photo(), seen=row.version)

    with refused("own_desk", RefusedError, organization=COUNTY):
        submit(clerk, row.id, seen=application(row.id).version)
