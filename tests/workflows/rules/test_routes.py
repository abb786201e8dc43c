"""Routes: which desks an application climbs, on either line, wherever its unit lies."""

import pytest

from models.organization import Organization
from models.programme import Joint, Programme, Step, shipped
from models.vocabulary import Channel, Line, Rung, Tier
from workflows.rules.routes import Desk, deciders, lines, route, rung_of

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


def stepped(*steps: Step) -> Programme:
    """The programme with other steps, on all lines."""
    return PROGRAMME.model_copy(update={"ladder": steps, "lines": tuple(Line)})


def test_a_rung_only_for_workers_themselves_is_left_out_when_the_union_files() -> None:
    rules = stepped(Step(desk=Rung.ENTERPRISE, days=5, channels=(Channel.SELF,)), Step(desk=Rung.CITY, days=5))

    assert [stop.desk for stop in route(rules, Line.REGION, unit(), ABOVE)] == ["330100"]
    assert [stop.desk for stop in route(rules, Line.REGION, unit(), ABOVE, Channel.SELF)] == ["u", "330100"]


def test_a_large_group_reports_directly_for_itself_and_for_its_enterprises() -> None:
    rules = stepped(
        Step(desk=Rung.ENTERPRISE, days=5, skip_on=(Line.REGION, Line.INDUSTRY)),
        Step(desk=Rung.COUNTY, days=5, skip_on=(Line.DIRECT,)),
        Step(desk=Rung.PROVINCE, days=5),
    )
    group, member = unit(), unit()
    group.direct = True

    assert [stop.desk for stop in route(rules, Line.DIRECT, group, ABOVE)] == ["u", "330000"]
    assert [stop.desk for stop in route(rules, Line.DIRECT, member, {**ABOVE, Tier.ENTERPRISE: "g"})] == ["g", "330000"]
    assert [stop.desk for stop in route(rules, Line.REGION, group, ABOVE)] == ["330106", "330000"]
    assert [lines(rules, one, above) for one, above in (
        (group, ABOVE), (member, {**ABOVE, Tier.ENTERPRISE: "g"}), (member, ABOVE), (unit("ZJIND1"), ABOVE),
    )] == [
        (Line.REGION, Line.DIRECT), (Line.REGION, Line.DIRECT), (Line.REGION,), (Line.REGION, Line.INDUSTRY),
    ]  # fmt: skip


def test_a_joint_meeting_takes_the_units_of_its_members_only() -> None:
    joint = Joint(organization="delta", name=PROGRAMME.name, members=("330000", "320000"))
    rules = with_ladder(Rung.PROVINCE, Rung.JOINT, Rung.NATION).model_copy(update={"joint": joint})

    assert [stop.desk for stop in route(rules, Line.REGION, unit(), ABOVE)] == ["330000", "delta", "000000"]
    elsewhere = {Tier.PROVINCE: "440000", Tier.NATION: "000000"}
    assert [stop.desk for stop in route(rules, Line.REGION, unit(), elsewhere)] == ["440000", "000000"]


@pytest.mark.parametrize("above", [
    {Tier.COUNTY: "310101", Tier.PROVINCE: "310000", Tier.NATION: "000000"},  # a district of a municipality
    {Tier.COUNTY: "429004", Tier.PROVINCE: "420000", Tier.NATION: "000000"},  # a county right below its province
])  # fmt: skip
def test_where_there_is_no_city_the_county_reports_to_the_province(above: dict[Tier, str]) -> None:
    rules = with_ladder(Rung.TOWNSHIP, Rung.COUNTY, Rung.CITY, Rung.PROVINCE)

    way = route(rules, Line.REGION, unit(), above)
    assert [stop.desk for stop in way] == [above[Tier.COUNTY], above[Tier.PROVINCE]]


@pytest.mark.parametrize(("last", "tiers"), [
    (Rung.ENTERPRISE, {Tier.ENTERPRISE}), (Rung.TOWNSHIP, {Tier.TOWNSHIP}), (Rung.COUNTY, {Tier.COUNTY}),
    (Rung.CITY, {Tier.CITY, Tier.INDUSTRY}), (Rung.PROVINCE, {Tier.PROVINCE}), (Rung.JOINT, {Tier.JOINT}),
    (Rung.NATION, {Tier.NATION}),
])  # fmt: skip
def test_the_last_rung_tells_who_decides(last: Rung, tiers: set[Tier]) -> None:
    assert deciders(with_ladder(Rung.ENTERPRISE, last)) == tiers
    assert {rung_of(tier) for tier in tiers} == {last}
