"""A case before several signers: asked, signed, settled early, never by silence, and nobody left unable to act."""

from datetime import timedelta
from typing import Any

import pytest

from models import clock
from models.errors import ForbiddenError, InputError, RefusedError
from models.office import Countersign
from models.vocabulary import CountersignRule, CountersignState, Role, Vote
from tests.desk import Desk, deputed, desk, now
from tests.worlds import (
    CITY,
    COUNTY,
    NOW,
    World,
    also,
    application,
    at_county,
    due,
    events,
    letters,
    person,
    refused,
    rows,
    sent,
    submitted,
    unit,
)
from workflows.clocks.sweep import sweep
from workflows.desk.chasing import copy
from workflows.desk.countersigning import add_signer, call_off, countersign, drop_signer, sign
from workflows.desk.handling import transfer
from workflows.desk.reviews import check, refuse, send_back
from workflows.intake.applications import resubmit, revise, withdraw
from workflows.listing.slates import open_slate
from workflows.queries.applications import application as read
from workflows.queries.office import office_card, to_sign
from workflows.rules.office_words import said

ALL, ANY, RATIO = CountersignRule
FAULTS = [{"field": "topics", "words": "请写明"}]
AGREE, DISAGREE = Vote


def opened(w: World, d: Desk, rule: CountersignRule = ALL, **more: Any) -> Countersign:
    """The county's other two reviewers are asked."""
    given = {"signers": [d.second.email, d.third.email], "reason": "是否符合条件", **more}
    return countersign(w.county, d.case.id, rule=rule, seen=now(d.case).version, **given)


def states(d: Desk) -> list[str]:
    """The countersigns of the case, oldest first."""
    found = rows("SELECT state FROM countersign WHERE application_id = :a ORDER BY version", a=d.case.id)
    return [row[0] for row in found]


def test_signers_are_asked_and_the_desk_waits_for_them(world: World) -> None:
    d = desk(world)

    made = opened(world, d)

    assert (made.rule, made.percent, made.state, made.opened_by) == (ALL, 100, CountersignState.OPEN, world.county.id)
    assert due(d.case.id) == ["countersign", "review"]
    assert {("sign_asked", "second"), ("sign_asked", "third")} <= set(letters(d.case.id))
    row = now(d.case)
    with refused("countersign_open", RefusedError):
        check(world.county, row.id, seen=row.version)
    with refused("countersign_open", RefusedError):
        refuse(world.county, row.id, reason="不符", seen=row.version)
    assert [task.application_id for task in to_sign(d.second)] == [row.id]


def test_when_everybody_agreed_the_desk_checks(world: World) -> None:
    d = desk(world)
    opened(world, d)

    assert sign(d.second, d.case.id, vote=AGREE).state is CountersignState.OPEN
    assert sign(d.third, d.case.id, vote=AGREE, words="同意").state is CountersignState.PASSED

    assert due(d.case.id) == ["review"]
    assert ("countersign_settled", "county") in letters(d.case.id)
    assert check(world.county, d.case.id, seen=now(d.case).version).checked


def test_one_refusal_fails_it_at_once_and_closes_what_the_others_were_asked(world: World) -> None:
    d = desk(world)
    opened(world, d)

    done = sign(d.second, d.case.id, vote=DISAGREE, words="材料不实")

    assert done.state is CountersignState.FAILED
    assert to_sign(d.third) == []
    assert ("countersign_closed", "third") in letters(d.case.id)
    with refused("no_countersign", RefusedError):
        sign(d.third, d.case.id, vote=AGREE)


def test_after_a_failure_the_desk_can_act_but_not_check(world: World) -> None:
    d = desk(world)
    opened(world, d)
    sign(d.second, d.case.id, vote=DISAGREE, words="材料不实")

    row = now(d.case)
    with refused("countersign_failed", RefusedError):
        check(world.county, row.id, seen=row.version)
    with refused("reason_missing", InputError):
        opened(world, d, reason="")
    opened(world, d, ANY, reason="补充了材料")
    call_off(world.county, row.id, reason="另议", seen=now(row).version)
    # One called off counts for nothing: what failed before still stands.
    with refused("countersign_failed", RefusedError):
        check(world.county, row.id, seen=now(row).version)
    opened(world, d, ANY, reason="补充了材料")
    sign(d.third, row.id, vote=AGREE)
    assert check(world.county, row.id, seen=now(row).version).checked
    assert states(d) == ["failed", "called_off", "passed"]


def test_after_a_failure_the_desk_may_refuse(world: World) -> None:
    d = desk(world)
    opened(world, d)
    sign(d.second, d.case.id, vote=DISAGREE, words="材料不实")

    assert refuse(world.county, d.case.id, reason="材料不实", seen=now(d.case).version).ended_at is not None


def test_a_return_ends_an_open_countersign_and_a_new_visit_begins_free(world: World) -> None:
    d = desk(world)
    opened(world, d)
    row = send_back(world.county, d.case.id, faults=FAULTS, seen=now(d.case).version)

    assert (states(d), due(row.id), to_sign(d.second)) == (["called_off"], ["correction"], [])
    row = revise(world.clerks[0], row.id, answers={"topics": "写明"}, seen=row.version)
    row = resubmit(world.clerks[0], row.id, seen=row.version)
    card = office_card(world.county, row.id)
    assert card is not None
    assert card.countersigns == []
    assert check(world.county, row.id, seen=row.version).checked


def test_its_people_may_withdraw_while_signers_are_asked(world: World) -> None:
    d = desk(world)
    opened(world, d)

    withdraw(world.clerks[0], d.case.id, reason="不报了", seen=now(d.case).version)

    assert states(d) == ["called_off"]


def test_time_that_runs_out_is_nobodys_yes(world: World) -> None:
    d = desk(world)
    opened(world, d)

    with clock.at(NOW + timedelta(days=5)):
        sweep()
        assert states(d) == ["open"]
        with refused("countersign_open", RefusedError):
            check(world.county, d.case.id, seen=now(d.case).version)
    assert ("deadline_overdue", "second") in letters(d.case.id)


def test_a_ratio_is_reached_early(world: World) -> None:
    d = desk(world)
    opened(world, d, RATIO, percent=50)

    assert sign(d.third, d.case.id, vote=AGREE).state is CountersignState.PASSED


def test_signers_are_added_and_dropped_while_it_runs(world: World) -> None:
    d = desk(world)
    opened(world, d, signers=[d.second.email])
    add_signer(world.county, d.case.id, signer=d.third.email, seen=now(d.case).version)
    sign(d.second, d.case.id, vote=AGREE)
    assert states(d) == ["open"]

    with refused("signed_already", RefusedError):
        drop_signer(world.county, d.case.id, signer=d.second.email, reason="有误", seen=now(d.case).version)
    done = drop_signer(world.county, d.case.id, signer=d.third.email, reason="出差", seen=now(d.case).version)

    assert done.state is CountersignState.PASSED


def test_dropping_the_one_who_might_have_agreed_fails_it(world: World) -> None:
    d = desk(world)
    opened(world, d, ANY)
    sign(d.second, d.case.id, vote=DISAGREE, words="不符")

    done = drop_signer(world.county, d.case.id, signer=d.third.email, reason="出差", seen=now(d.case).version)

    assert done.state is CountersignState.FAILED


def test_the_last_signer_is_not_dropped_and_nobody_signs_twice(world: World) -> None:
    d = desk(world)
    with refused("signers_missing", InputError):
        opened(world, d, signers=[])
    with refused("signer_twice", InputError):
        opened(world, d, signers=[d.second.email, d.second.id])
    opened(world, d, signers=[d.second.email])

    with refused("signers_missing", InputError):
        drop_signer(world.county, d.case.id, signer=d.second.email, reason="出差", seen=now(d.case).version)
    with refused("signer_twice", InputError):
        add_signer(world.county, d.case.id, signer=d.second.email, seen=now(d.case).version)
    with refused("countersign_open", RefusedError):
        opened(world, d)


def test_only_who_opened_it_adds_and_drops(world: World) -> None:
    d = desk(world)
    opened(world, d, signers=[d.second.email])

    with refused("not_the_opener", RefusedError, name="county"):
        add_signer(d.second, d.case.id, signer=d.third.email, seen=now(d.case).version)
    transfer(world.county, d.case.id, to=d.second.email, reason="分工", seen=now(d.case).version)
    # With the case goes what runs in it.
    assert add_signer(d.second, d.case.id, signer=d.third.email, seen=now(d.case).version).opened_by == d.second.id


def test_against_needs_words_and_only_signers_sign(world: World) -> None:
    d = desk(world)
    opened(world, d, signers=[d.second.email])

    with refused("reason_missing", InputError):
        sign(d.second, d.case.id, vote=DISAGREE)
    with refused("not_a_signer", RefusedError):
        sign(d.third, d.case.id, vote=AGREE)
    first = sign(d.second, d.case.id, vote=AGREE, key="一次")
    assert sign(d.second, d.case.id, vote=AGREE, key="一次") == first


def test_a_deputy_signs_for_the_absent_one_once(world: World) -> None:
    d = desk(world)
    vice = person("vice", "330106", Role.EXPERT)
    deputed(d.second, vice)
    deputed(d.third, vice)
    opened(world, d)
    assert len(to_sign(vice)) == 2

    sign(vice, d.case.id, vote=AGREE)

    assert rows("SELECT a.name, s.vote FROM signer s JOIN account a ON a.id = s.account_id ORDER BY a.name") == [
        ("second", "agree"), ("third", None)]  # fmt: skip
    told = "SELECT e.act, b.name FROM journal_event e JOIN account b ON b.id = e.on_behalf WHERE e.thing_id = :a"
    assert rows(told, a=d.case.id) == [("sign", "second")]
    with refused("signed_already", RefusedError):
        sign(vice, d.case.id, vote=AGREE)
    with refused("signed_already", RefusedError):
        sign(d.second, d.case.id, vote=AGREE)


def test_a_deputy_at_another_desk_neither_signs_nor_reads_what_the_absent_one_is_asked_here(world: World) -> None:
    signer, vice = person("second", COUNTY, Role.REVIEWER), person("vice", COUNTY, Role.EXPERT)
    also(signer, CITY, Role.REVIEWER)
    deputed(signer, vice)
    ids = at_county(world, 1)
    row = sent(world, COUNTY, ids)
    open_slate(world.city, row.id, seen=row.version)
    seen = application(ids[0]).version
    countersign(world.city, ids[0], rule=ALL, signers=[signer.email], seen=seen)

    assert (to_sign(vice), office_card(vice, ids[0])) == ([], None)
    with refused("not_a_signer", RefusedError):
        sign(vice, ids[0], vote=AGREE)
    assert [task.application_id for task in to_sign(signer)] == ids
    assert sign(signer, ids[0], vote=AGREE).state is CountersignState.PASSED


def test_whoever_may_see_a_case_elsewhere_may_be_asked_and_nobody_else(world: World) -> None:
    other = person("elsewhere", "330200", Role.REVIEWER)
    case, again = submitted(world, 1), submitted(world, 2)

    made = countersign(world.county, case.id, rule=ANY, signers=[world.admin.email], seen=case.version)

    assert sign(world.admin, case.id, vote=AGREE).id == made.id
    with refused("may_not_see", RefusedError, name="elsewhere"):
        countersign(world.county, again.id, rule=ANY, signers=[other.email], seen=again.version)
    with refused("handlers_own_case", ForbiddenError, name="clerk2"):
        countersign(world.county, again.id, rule=ANY, signers=[world.clerks[2].email], seen=again.version)
    again = check(world.county, again.id, seen=again.version)
    with refused("checked_already", RefusedError):
        countersign(world.county, again.id, rule=ANY, signers=[world.admin.email], seen=again.version)


def test_a_signer_from_elsewhere_reads_what_they_were_asked_and_nothing_else_of_the_desk(world: World) -> None:
    d = desk(world)
    opened(world, d)
    call_off(world.county, d.case.id, reason="另议", seen=now(d.case).version)
    copy(world.county, d.case.id, to=[d.third.email], words="请留意")
    opened(world, d, signers=[world.admin.email])

    inside, outside = office_card(d.third, d.case.id), office_card(world.admin, d.case.id)
    assert inside is not None
    assert outside is not None
    assert (len(inside.countersigns), [one.words for one in inside.copies]) == (2, ["请留意"])
    assert [[s.name for s in one.signers] for one in outside.countersigns] == [["admin"]]
    assert (outside.signs, outside.copies, outside.chases) == (True, [], [])


def test_whoever_is_related_is_not_asked(world: World) -> None:
    d = desk(world)
    also(d.second, unit(0), Role.WORKER)

    with refused("handlers_own_case", ForbiddenError, name="second"):
        opened(world, d)


@pytest.mark.parametrize("given", [{"percent": 0}, {"percent": 101}, {}])
def test_a_ratio_needs_its_percentage(world: World, given: dict[str, int]) -> None:
    d = desk(world)

    with refused("percent", InputError):
        opened(world, d, RATIO, **given)


def test_the_desk_reads_who_signed_what_and_the_applicant_nothing(world: World) -> None:
    d = desk(world)
    opened(world, d, RATIO, percent=50)
    sign(d.second, d.case.id, vote=DISAGREE, words="不符")

    card = office_card(world.county, d.case.id)

    assert card is not None
    [one] = card.countersigns
    assert [(s.name, s.vote, s.words) for s in one.signers] == [("second", DISAGREE, "不符"), ("third", None, "")]
    assert (one.stands.needed, one.stands.left, card.signs) == (1, 1, False)
    assert said(card.standing) == ["会签：同意0，需1，待签1"]
    assert office_card(world.clerks[0], d.case.id) is None
    assert [h.act.value for h in read(world.clerks[0], d.case.id).history] == ["draft", "attach", "submit"]
    assert events(d.case.id, since=d.case.version)[-1][0] == "sign"
