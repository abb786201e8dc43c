"""Routes: which desks an application climbs, on either line, wherever its unit lies."""

import pytest

from models.organization import Organization
from models.programme import Programme, Step, shipped
from models.vocabulary import Line, Rung, Tier
from workflows.rules.routes import Desk, route

PROGRAMME = shipped("provincial-studio")
ABOVE = {Tier.COUNTY: "330106", Tier.CITY: "330100", Tier.PROVINCE: "330000", Tier.NATION: "000000"}


def unit(industry: str | None = None, tier: Tier = Tier.ENTERPRISE) -> Organization:
    """A unit."""
    return Organization(code="u", name="企业", tier=tier, parent="330106", industry=industry)


def with_ladder(*rungs: Rung) -> Programme:
    """The programme with other steps."""
    return PROGRAMME.model_copy(update={"ladder": tuple(Step(desk=rung, days=5) for rung in rungs)})


def test_the_region_line_climbs_county_city_and_province() -> None:
    assert route(PROGRAMME, Line.REGION, unit(), ABOVE) == (
        Desk(Rung.COUNTY, "330106"), Desk(Rung.CITY, "330100"), Desk(Rung.PROVINCE, "330000"),
    )  # fmt: skip


def test_the_industry_line_takes_the_industry_union_beside_the_city() -> None:
    assert route(PROGRAMME, Line.INDUSTRY, unit("ZJIND1"), ABOVE) == (
        Desk(Rung.CITY, "ZJIND1"), Desk(Rung.PROVINCE, "330000"),
    )  # fmt: skip


@pytest.mark.parametrize(("missing", "left"), [
    (Tier.CITY, ("330106", "330000")), (Tier.COUNTY, ("330100", "330000")), (Tier.PROVINCE, ("330106", "330100")),
])  # fmt: skip
def test_a_tier_that_is_not_there_is_left_out(missing: Tier, left: tuple[str, ...]) -> None:
    above = {tier: code for tier, code in ABOVE.items() if tier is not missing}

    assert tuple(stop.desk for stop in route(PROGRAMME, Line.REGION, unit(), above)) == left


def test_a_unit_with_nobody_above_has_no_route() -> None:
    assert route(PROGRAMME, Line.REGION, unit(), {}) == ()


def test_enterprise_and_nation_take_their_places_when_the_ladder_has_them() -> None:
    ladder = with_ladder(Rung.ENTERPRISE, Rung.TOWNSHIP, Rung.PROVINCE, Rung.NATION)

    assert [stop.desk for stop in route(ladder, Line.REGION, unit(), ABOVE)] == ["u", "330000", "000000"]
    county_union = route(ladder, Line.REGION, unit(tier=Tier.COUNTY), ABOVE)
    assert [stop.desk for stop in county_union] == ["330000", "000000"]
