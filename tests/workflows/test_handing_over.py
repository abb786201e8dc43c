"""A leaver's whole desk in one act: seen before, done whole, and nothing left without an owner."""

from datetime import timedelta
from typing import Any

from models import clock
from models.errors import ForbiddenError, InputError, RefusedError
from models.notice import Notice
from models.vocabulary import CountersignRule, Role, Vote
from tests.desk import Desk, deputed, desk, now
from tests.worlds import (
    CITY,
    COUNTY,
    NOW,
    PROVINCE,
    World,
    also,
    application,
    checked,
    events,
    letters,
    objected,
    person,
    refused,
    rows,
    sealed,
    sent,
    submitted,
    unit,
)
from workflows.desk.countersigning import countersign, sign
from workflows.desk.handing_over import HandedOver, hand_over
from workflows.desk.handling import delegate, transfer
from workflows.hearing.notices import publish
from workflows.hearing.objections import report_back
from workflows.listing.slates import open_slate
from workflows.people.accounts import disable_account
from workflows.queries.office import to_sign
from workflows.record.foreseeing import plan

ALL = CountersignRule.ALL


def loaded(w: World) -> tuple[Desk, list[Any]]:
    """The second reviewer has two cases in hand, one delegated to the third, and a signature to give."""
    d = desk(w)
    more = [submitted(w, n) for n in (1, 2, 3)]
    for row in (d.case, more[0]):
        transfer(w.county, row.id, to=d.second.email, reason="分工", seen=row.version)
    row = transfer(w.county, more[1].id, to=d.second.email, reason="分工", seen=more[1].version)
    delegate(d.second, row.id, to=d.third.email, reason="出差", seen=row.version)
    countersign(w.county, more[2].id, rule=ALL, signers=[d.second.email, d.third.email], seen=more[2].version)
    return d, [d.case, *more]


def given(d: Desk, **more: Any) -> dict[str, Any]:
    """The second reviewer leaves, the chair hands over."""
    return {"leaver": d.second.email, "organization_code": COUNTY, "reason": "调离", **more}


def test_everything_in_hand_goes_over_at_once(world: World) -> None:
    d, cases = loaded(world)

    done = hand_over(d.chair, **given(d, to=world.county.email))

    assert done == HandedOver(cases=3, signatures=1, deputyships=0, fell_back=[])
    assert [(now(c).handler_id, now(c).delegated_by) for c in cases] == [
        (world.county.id, None), (world.county.id, None), (d.third.id, world.county.id), (None, None)]  # fmt: skip
    assert to_sign(d.second) == []
    assert [t.application_id for t in to_sign(world.county)] == [cases[3].id]
    assert events(cases[0].id)[-1][0] == "hand-over"
    assert rows("SELECT count(*) FROM letter WHERE template = 'desk_handed_over'") == [(1,)]


def test_the_plan_shows_it_and_changes_nothing(world: World) -> None:
    d, cases = loaded(world)
    before = [now(c) for c in cases]

    seen = plan(d.chair, verb="hand-over", arguments=given(d, to=world.county.email))

    assert sorted(s.subject for s in seen.steps if s.thing == "application") == sorted(c.subject for c in cases[:3])
    assert [now(c) for c in cases] == before


def test_each_round_may_have_its_own_heir_and_every_case_needs_one(world: World) -> None:
    d, cases = loaded(world)

    with refused("heir_missing", InputError, count=3):
        hand_over(d.chair, **given(d, by_round={"another": d.third.email}))
    done = hand_over(d.chair, **given(d, by_round={"provincial-studio": d.third.email}))

    assert done.cases == 3
    assert {now(c).handler_id for c in cases[:3]} == {d.third.id}
    # Who has the case already takes nothing back from themselves, and signs once.
    assert now(cases[2]).delegated_by is None
    assert [t.account_id for t in to_sign(d.third)] == [d.third.id]


def test_a_related_heir_gets_no_case_of_theirs(world: World) -> None:
    d, cases = loaded(world)
    also(d.third, unit(0), Role.WORKER)

    done = hand_over(d.chair, **given(d, to=d.third.email))

    assert done.fell_back == [cases[0].receipt]
    assert [now(c).handler_id for c in cases[:2]] == [None, d.third.id]


def test_whom_the_leaver_stands_in_for_gets_the_heir(world: World) -> None:
    d = desk(world)
    deputed(d.third, d.second)

    done = hand_over(d.second, **given(d, to=world.county.email))

    assert done == HandedOver(0, 0, 1, [])
    standing = """SELECT a.name, b.name FROM deputy JOIN account a ON a.id = principal_id
      JOIN account b ON b.id = deputy_id WHERE ended_at IS NULL"""
    assert rows(standing) == [("third", "county")]


def test_inquiries_in_hand_are_handed_over_too(world: World) -> None:
    d = desk(world)
    one, notice = in_notice_of(world, 1)
    case = objected(world, notice, one)
    row = application(one)
    also(d.second, CITY, Role.REVIEWER)
    row = transfer(world.city, row.id, to=d.second.email, reason="负责核查", seen=row.version)
    with refused("in_other_hands", ForbiddenError):
        report_back(world.city, case.id, finding="不属实", seen=case.version)

    hand_over(world.admin, leaver=d.second.email, organization_code=CITY, to=world.city.email, reason="调离")

    assert report_back(world.city, case.id, finding="不属实", seen=case.version).finding == "不属实"


def in_notice_of(w: World, n: int) -> tuple[str, Notice]:
    """The n-th unit's application in the province's notice."""
    [one] = checked(w, COUNTY, submitted(w, n).id)
    for here, there, above in ((COUNTY, CITY, w.city), (CITY, PROVINCE, w.province)):
        row = sent(w, here, [one])
        open_slate(above, row.id, seen=row.version)
        checked(w, there, one)
    row = sealed(w, PROVINCE, [one])
    return one, publish(w.province, row.id, seen=row.version)


def test_only_the_leaver_or_an_administrator_hands_over_and_only_what_there_is(world: World) -> None:
    d, _ = loaded(world)

    with refused("not_administrator", ForbiddenError):
        hand_over(d.third, **given(d, to=world.county.email))
    with refused("not_a_colleague", RefusedError, name="city"):
        hand_over(d.chair, **given(d, to=world.city.email))
    with refused("not_a_colleague", RefusedError, name="second"):
        hand_over(d.chair, **given(d, to=d.second.email))
    with refused("nothing_to_hand_over", RefusedError, name="chair"):
        hand_over(d.chair, leaver=d.chair.email, organization_code=COUNTY, to=world.county.email, reason="调离")


def test_one_click_hands_over_once(world: World) -> None:
    d, cases = loaded(world)

    first = hand_over(d.chair, **given(d, to=world.county.email, key="一次"))

    assert hand_over(d.chair, **given(d, to=world.county.email, key="一次")) == first
    assert len([e for e in events(cases[0].id) if e[0] == "hand-over"]) == 1


def test_the_work_of_somebody_shut_out_can_still_be_handed_over(world: World) -> None:
    d, cases = loaded(world)
    with clock.at(NOW + timedelta(hours=1)):
        disable_account(d.chair, email=d.second.email, organization_code=COUNTY)
        assert {now(c).handler_id for c in cases[:2]} == {None}

        done = hand_over(d.chair, **given(d, to=world.county.email))

        assert (done.cases, done.signatures) == (0, 1)
        sign(world.county, cases[3].id, vote=Vote.AGREE)
    assert ("sign_asked", "second") in letters(cases[3].id)


def test_a_countersign_in_a_case_of_the_heirs_own_unit_is_not_theirs(world: World) -> None:
    d = desk(world)
    heir = also(person("heir", COUNTY, Role.REVIEWER), unit(0), Role.CLERK)
    countersign(d.second, d.case.id, rule=ALL, signers=[d.third.email], seen=d.case.version)
    other = submitted(world, 1)
    transfer(world.county, other.id, to=d.second.email, reason="分工", seen=other.version)

    hand_over(d.chair, **given(d, to=heir.email))

    assert rows("SELECT opened_by FROM countersign") == [(d.second.id,)]
