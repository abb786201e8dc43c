"""How applications come in: channels, numbers per unit, lead time, cycle, rolling rounds, direct groups."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from models import clock
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError
from models.vocabulary import Channel, Ground, Line, Role, State, Tier
from tests.rounds_of import in_round, ladder, published, worker
from tests.worlds import (
    BEIJING,
    CITY,
    CLOSES,
    COUNTY,
    NOW,
    PROVINCE,
    World,
    also,
    answers,
    application,
    drafted,
    events,
    everything,
    person,
    photo,
    quota,
    refused,
    rows,
    slate,
    submitted,
    unit,
)
from workflows.deciding.decisions import decide
from workflows.desk.reviews import check
from workflows.hearing.notices import close, publish
from workflows.hearing.objections import object_to, report_back, settle
from workflows.intake.applications import draft, revise, submit, withdraw
from workflows.intake.attachments import attach
from workflows.listing.sending import send_up
from workflows.listing.slates import rank, seal
from workflows.people.organizations import enrol
from workflows.queries import applications, lists, mine
from workflows.record.acting import Actor
from workflows.rounds import plan_round

SOURCE = {"document": "嘉定工匠选树办法", "clause": "第六条"}
SELF: dict[str, Any] = {
    "entry": {"channels": ["union", "self"], "source": SOURCE},
    "ladder": [{"desk": "enterprise", "days": 3, "channels": ["self"]}, *ladder()],
}


def brought(w: World, who: Actor, n: int = 0, code: str | None = None, **more: Any) -> Any:
    """What somebody files for the n-th unit: drafted, its proof attached, submitted."""
    where = code or unit(n)
    row = draft(who, round_id=w.round_id, organization_code=where, answers=answers(n), **more)
    attach(who, row.id, slot="honour_proof", filename="证书.png", content=photo(), seen=row.version)
    return submit(who, row.id, seen=row.version + 1)


def test_channels_a_worker_files_for_themselves_and_their_own_union_seals_it_first(world: World) -> None:
    w, li = in_round(world, **SELF), worker(1, unit(0))
    reviewer = person("own-union", unit(0), Role.REVIEWER)

    row = brought(w, li, channel=Channel.SELF)

    assert (row.state, row.desk, row.channel, row.applicant_id) == (
        State.ENTERPRISE_REVIEW, unit(0), Channel.SELF, li.id,
    )  # fmt: skip
    assert row.route == [
        ["enterprise", unit(0)], ["county", COUNTY], ["city-or-industry", CITY], ["province", PROVINCE],
    ]  # fmt: skip
    check(reviewer, row.id, seen=row.version)
    made = rank(reviewer, round_id=w.round_id, organization_code=unit(0), main=[row.id])
    made = seal(reviewer, made.id, seen=made.version, minutes="工会委员会研究同意")
    send_up(reviewer, made.id, seen=made.version)
    after = application(row.id)
    assert (after.state, after.desk) == (State.COUNTY_REVIEW, COUNTY)
    assert quota(w, unit(0)) == (0, 0, 1)


def test_channels_what_the_union_files_skips_its_own_desk(world: World) -> None:
    row = brought(in_round(world, **SELF), world.clerks[0])

    assert (row.state, row.desk, row.channel) == (State.COUNTY_REVIEW, COUNTY, Channel.UNION)


@pytest.mark.parametrize(("channels", "channel"), [(["union"], Channel.SELF), (["self"], Channel.UNION)])
def test_channels_another_way_in_than_the_programmes_is_refused_with_its_source(
    world: World, channels: list[str], channel: Channel
) -> None:
    w = in_round(world, entry={"channels": channels, "source": SOURCE})
    who = worker(1, unit(0)) if channel is Channel.SELF else world.clerks[0]

    with refused("no_channel", RefusedError, channel=channel.value, known=channels, source=SOURCE):
        draft(who, round_id=w.round_id, organization_code=unit(0), channel=channel)


def test_a_worker_neither_files_for_the_union_nor_acts_on_what_others_drafted(world: World) -> None:
    w, li, wang = in_round(world, **SELF), worker(1, unit(0)), worker(2, unit(0))
    mine_ = draft(li, round_id=w.round_id, organization_code=unit(0), channel=Channel.SELF)
    unions = draft(w.clerks[0], round_id=w.round_id, organization_code=unit(0))

    with refused("not_yours", ForbiddenError, organization=unit(0)):
        draft(li, round_id=w.round_id, organization_code=unit(0))
    with refused("not_yours", ForbiddenError, organization=unit(0)):
        draft(w.clerks[0], round_id=w.round_id, organization_code=unit(0), channel=Channel.SELF)
    for other in (mine_, unions):
        with refused("not_found", NotFoundError):
            revise(wang, other.id, answers={"topics": "新课题"}, seen=other.version)
        with pytest.raises(NotFoundError):
            applications.application(wang, other.id)
    # The unit's clerk may help with a worker's draft; the worker sees their own.
    assert revise(w.clerks[0], mine_.id, answers={"topics": "新课题"}, seen=mine_.version).version == 2
    assert applications.application(li, mine_.id).application.answers == {"topics": "新课题"}
    assert [case.id for case in mine.my_cases(li)] == [mine_.id]


def test_nobody_seals_what_they_filed_themselves_and_the_unit_stands_back_above(world: World) -> None:
    w, li = in_round(world, **SELF), worker(1, unit(0))
    row = brought(w, li, channel=Channel.SELF)
    li = also(li, unit(0), Role.REVIEWER)
    both = also(person("both", unit(0), Role.REVIEWER), COUNTY, Role.REVIEWER)

    with refused("own_case", ForbiddenError, act="check"):
        check(li, row.id, seen=row.version)
    check(both, row.id, seen=row.version)
    with refused("own_case", ForbiddenError, act="rank"):
        rank(li, round_id=w.round_id, organization_code=unit(0), main=[row.id])
    made = rank(both, round_id=w.round_id, organization_code=unit(0), main=[row.id])
    with refused("own_case", ForbiddenError, application=row.id):
        seal(li, made.id, seen=made.version)
    made = seal(both, made.id, seen=made.version)
    send_up(both, made.id, seen=made.version)
    with refused("own_case", ForbiddenError, act="check"):
        check(both, row.id, seen=application(row.id).version)


def test_an_enterprise_decides_its_own_round_from_the_draft_to_the_title(world: World) -> None:
    own = {"desk": "enterprise", "days": 3}
    chair = person("chair", unit(0), Role.ADMINISTRATOR)
    w = in_round(world, decider=unit(0), admin=chair, quotas={}, ladder=[own], entry={"channels": ["union", "self"]})
    li, reviewer = worker(1, unit(0)), person("own-union", unit(0), Role.REVIEWER)
    row = brought(w, li, channel=Channel.SELF)
    assert row.route == [["enterprise", unit(0)]]

    check(reviewer, row.id, seen=row.version)
    made = rank(reviewer, round_id=w.round_id, organization_code=unit(0), main=[row.id])
    made = seal(reviewer, made.id, seen=made.version, minutes="工会委员会研究同意")
    notice = publish(reviewer, made.id, seen=made.version)
    case = object_to(None, notice.id, application_id=row.id, ground=Ground.DEEDS, words="不实", objector="李四",
                     signed=True)  # fmt: skip
    assert case.investigator == unit(0)
    case = report_back(reviewer, case.id, finding="属实", seen=case.version)
    settle(reviewer, case.id, outcome="dismissed", reason="不成立", seen=case.version)
    with clock.at(notice.ends_at):
        close(reviewer, notice.id, seen=notice.version)
        decide(reviewer, made.id, number="企工〔2026〕1号", meeting_on=notice.last_day + timedelta(days=1),
               seen=slate(made.id).version)  # fmt: skip
        assert application(row.id).state is State.NAMED
        assert [title.decider for title in lists.titles(reviewer, organization_code=unit(0))] == [unit(0)]


def test_another_enterprise_has_no_way_into_a_units_own_round(world: World) -> None:
    chair = person("chair", unit(0), Role.ADMINISTRATOR)
    w = in_round(world, decider=unit(0), admin=chair, quotas={}, ladder=[{"desk": "enterprise", "days": 3}])
    row = drafted(w, 1)

    with refused("no_route", RefusedError, organization=unit(1)):
        submit(w.clerks[1], row.id, seen=row.version)


def test_a_unit_does_not_investigate_its_own_candidate_for_the_tier_above(world: World) -> None:
    steps = [{"desk": "enterprise", "days": 3, "channels": ["self"]}, {"desk": "county", "days": 3}]
    chief = person("chief", COUNTY, Role.ADMINISTRATOR)
    w = in_round(world, decider=COUNTY, admin=chief, quotas={}, ladder=steps, entry={"channels": ["self"]})
    own, row = person("own-union", unit(0), Role.REVIEWER), brought(w, worker(1, unit(0)), channel=Channel.SELF)
    check(own, row.id, seen=row.version)
    made = rank(own, round_id=w.round_id, organization_code=unit(0), main=[row.id])
    made = seal(own, made.id, seen=made.version)
    send_up(own, made.id, seen=made.version)
    check(w.county, row.id, seen=application(row.id).version)
    made = rank(w.county, round_id=w.round_id, organization_code=COUNTY, main=[row.id])
    made = seal(w.county, made.id, seen=made.version)
    notice = publish(w.county, made.id, seen=made.version)

    heard = object_to(None, notice.id, application_id=row.id, ground=Ground.DEEDS, words="不实", objector="李",
                      signed=True)  # fmt: skip

    assert heard.investigator == COUNTY


def test_per_unit_refuses_one_more_with_the_numbers_and_the_others_named(world: World) -> None:
    w = in_round(world, entry={"per_unit": 1, "source": SOURCE})
    first = submitted(w, 0)
    row = draft(w.clerks[0], round_id=w.round_id, organization_code=unit(0), answers=answers(7))
    attach(w.clerks[0], row.id, slot="honour_proof", filename="证书.png", content=photo(), seen=row.version)
    listed = [f"{first.receipt} {first.subject}"]

    with refused("unit_full", RefusedError, most=1, given=1, others=listed, source=SOURCE):
        submit(w.clerks[0], row.id, seen=row.version + 1)

    withdraw(w.clerks[0], first.id, seen=first.version)
    assert submit(w.clerks[0], row.id, seen=row.version + 1).state is State.COUNTY_REVIEW


def test_lead_days_a_close_too_near_needs_a_reason_that_is_kept(world: World) -> None:
    rules = published(entry={"lead_days": 30, "source": SOURCE})
    plan: dict[str, Any] = {"programme": rules, "organization_code": PROVINCE, "year": 2026, "opens_at": NOW}
    # The twenty-ninth day after today, and the thirtieth: both working days.
    near, enough = datetime(2026, 4, 1, 12, tzinfo=BEIJING), datetime(2026, 4, 2, 12, tzinfo=BEIJING)

    with refused("lead_time", RefusedError, days=30, given=29, earliest="2026-04-02", source=SOURCE):
        plan_round(world.admin, **plan, closes_at=near)
    made = plan_round(world.admin, **plan, closes_at=near, reason="全总通知要求4月上旬上报")
    plan_round(world.admin, **{**plan, "year": 2027}, closes_at=enough)

    [(body,)] = rows("SELECT body FROM journal_event WHERE thing_id = :id", id=made.id)
    assert "全总通知要求4月上旬上报" in str(body)
    assert events(made.id) == [("start", None, "open", "admin")]


@pytest.mark.parametrize(("first", "cycle", "year", "following"), [
    (2024, 2, 2025, 2026), (2024, 3, 2026, 2027), (None, 2, 2025, 2026), (2026, 1, 2025, 2026), (2028, 2, 2026, 2028),
])  # fmt: skip
def test_cycle_years_a_year_between_two_rounds_is_refused_with_the_next(
    world: World, first: int | None, cycle: int, year: int, following: int
) -> None:
    rules = published(approval={"first_year": first, "cycle_years": cycle, "source": SOURCE})

    with refused("not_this_year", RefusedError, year=year, cycle=cycle, next=following, source=SOURCE):
        plan_round(world.admin, programme=rules, organization_code=PROVINCE, year=year, opens_at=NOW, closes_at=CLOSES)
    made = plan_round(world.admin, programme=rules, organization_code=PROVINCE, year=following, opens_at=NOW,
                      closes_at=CLOSES)  # fmt: skip
    assert made.year == following


def test_rolling_a_round_without_a_close_takes_applications_until_the_year_ends(world: World) -> None:
    w = in_round(world, closes_at=None, entry={"rolling": True})

    [(closes_at,)] = {(r.closes_at,) for r in lists.rounds(w.admin) if r.id == w.round_id}
    assert closes_at == datetime(2027, 1, 1, tzinfo=BEIJING)
    with clock.at(datetime(2026, 12, 31, 23, tzinfo=BEIJING)):
        assert submitted(w, 0).state is State.COUNTY_REVIEW
    with refused("argument_missing", InputError, field="closes_at"):
        plan_round(w.admin, programme="provincial-studio@1", organization_code=PROVINCE, year=2027, opens_at=NOW)


def test_a_batch_without_a_cap_names_as_many_as_are_fit(world: World) -> None:
    w = in_round(world, approval={"cap": None})

    assert rows("SELECT kind, places FROM quota WHERE round_id = :r AND organization = :o",
                r=w.round_id, o=PROVINCE) == [("free", 0)]  # fmt: skip


def test_direct_a_large_group_and_its_enterprises_pass_by_the_county(world: World) -> None:
    group, member = unit(600), unit(601)
    enrol(world.admin, code=group, name="集团公司", parent=COUNTY, direct=True)
    enrol(world.admin, code=member, name="集团子公司", parent=group)
    steps = [
        {"desk": "enterprise", "days": 3, "skip_on": ["region", "industry"]},
        {"desk": "county", "days": 5, "skip_on": ["direct", "industry"]},
        {"desk": "province", "days": 5},
    ]
    w = in_round(world, ladder=steps, lines=["region", "direct"])
    ours, theirs = person("group", group, Role.CLERK), person("member", member, Role.CLERK)

    straight = brought(w, ours, 0, group, line=Line.DIRECT)
    through = brought(w, theirs, 1, member, line=Line.DIRECT)

    assert straight.route == through.route == [["enterprise", group], ["province", PROVINCE]]
    assert brought(w, w.clerks[2], 2).route == [["county", COUNTY], ["province", PROVINCE]]
    assert [(o.unit, o.line) for o in mine.openings(theirs) if o.round_id == w.round_id] == [
        (member, Line.REGION), (member, Line.DIRECT),
    ]  # fmt: skip
    row = drafted(w, 3)
    other = draft(w.clerks[3], round_id=w.round_id, organization_code=unit(3), line=Line.DIRECT, answers=row.answers)
    attach(w.clerks[3], other.id, slot="honour_proof", filename="证书.png", content=photo(), seen=other.version)
    with refused("no_line", RefusedError, line="direct", organization=unit(3)):
        submit(w.clerks[3], other.id, seen=other.version + 1)


def test_only_an_enterprise_is_a_group_that_reports_directly(world: World) -> None:
    before = everything()

    with pytest.raises(InputError) as caught:
        enrol(world.admin, code="ZJIND9", name="某产业工会", parent=PROVINCE, tier=Tier.INDUSTRY, direct=True)

    assert (caught.value.code, caught.value.details["field"]) == ("not_a_group", "direct")
    assert everything() == before


def test_the_openings_of_a_worker_are_those_that_they_may_enter_for_themselves(world: World) -> None:
    w, li = in_round(world, **SELF), worker(1, unit(0))

    found = [(o.round_id, o.unit, o.line, o.channel) for o in mine.openings(li)]
    assert found == [(w.round_id, unit(0), Line.REGION, Channel.SELF)]
    clerks = {(o.round_id, o.channel) for o in mine.openings(w.clerks[0])}
    assert clerks == {(w.round_id, Channel.UNION), (world.round_id, Channel.UNION)}
