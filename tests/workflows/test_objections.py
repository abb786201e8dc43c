"""Objections: heard or kept as a lead, investigated below, settled above; only its name waits."""

from datetime import date, timedelta
from typing import Any

import pytest

from models import clock
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError, StaleError
from models.vocabulary import Ground, ObjectionState, Role, State
from tests.worlds import (
    CITY,
    NOTICE_OVER,
    PROVINCE,
    World,
    also,
    application,
    due,
    events,
    everything,
    in_notice,
    letters,
    objected,
    objection,
    places_on,
    quota,
    refused,
    rows,
    slate,
    unit,
)
from workflows.hearing.notices import close, publish
from workflows.hearing.objections import object_to, report_back, settle, take_up


def reported(w: World, case: Any) -> Any:
    """The city reports what it found."""
    return report_back(w.city, case.id, finding="已核查", seen=objection(case.id).version)


def test_a_heard_objection_holds_back_its_name_alone_and_asks_its_recommender(world: World) -> None:
    ids, notice = in_notice(world, 2)

    case = objected(world, notice, ids[0])

    assert case == objection(case.id)
    assert (case.state, case.investigator, case.organization) == (ObjectionState.INVESTIGATING, CITY, PROVINCE)
    assert [application(one).state for one in ids] == [State.CONTESTED, State.PUBLIC_NOTICE]
    assert application(ids[0]).desk == CITY
    assert events(case.id) == [("object", None, "lead", "public"), ("admit", "lead", "investigating", "system")]
    assert events(ids[0])[-1] == ("object", "public_notice", "contested", "public")
    assert (due(case.id), due(ids[0])) == (["objection_answer"], ["objection_answer"])
    assert letters(case.id) == [("objection_received", "city")]
    assert ("contested", "clerk0") in letters(ids[0])


@pytest.mark.parametrize(("given", "code"), [
    ({"signed": False}, "anonymous"),
    ({"objector": ""}, "anonymous"),
    ({"ground": Ground.GRADE}, "grade_not_open"),
])  # fmt: skip
def test_what_is_not_heard_is_a_lead_and_stops_nothing(world: World, given: dict[str, Any], code: str) -> None:
    ids, notice = in_notice(world, 1)
    version = application(ids[0]).version

    case = objected(world, notice, ids[0], **given)

    assert (case.state, case.inadmissible, case.investigator) == (ObjectionState.LEAD, code, None)
    assert (application(ids[0]).state, application(ids[0]).version) == (State.PUBLIC_NOTICE, version)
    assert (due(case.id), letters(case.id)) == ([], [])


def test_after_the_last_day_only_a_postmark_an_officer_has_seen_counts(world: World) -> None:
    ids, notice = in_notice(world, 1)
    given: dict[str, Any] = {"application_id": ids[0], "ground": Ground.DEEDS, "words": "不实", "objector": "李四",
                             "signed": True, "postmarked_on": date(2026, 3, 9)}  # fmt: skip

    with clock.at(NOTICE_OVER):
        late = objected(world, notice, ids[0])
        claimed = object_to(None, notice.id, **given)
        posted = object_to(world.province, notice.id, **given)

    assert (late.inadmissible, claimed.inadmissible, posted.inadmissible) == ("late", "late", None)


def test_a_name_no_longer_in_notice_is_too_late_to_contest(world: World) -> None:
    ids, notice = in_notice(world, 1)
    case = reported(world, objected(world, notice, ids[0]))
    settle(world.province, case.id, outcome="upheld", reason="属实", seen=case.version)

    assert objected(world, notice, ids[0]).inadmissible == "too_late"


@pytest.mark.parametrize(("words", "code"), [("  ", "words_missing"), ("长" * 4001, "too_long")])
def test_an_objection_says_something_and_not_too_much(world: World, words: str, code: str) -> None:
    ids, notice = in_notice(world, 1)

    with refused(code, InputError, field="words"):
        objected(world, notice, ids[0], words=words)


def test_a_name_not_in_the_notice_is_told_in_the_words_of_one_that_is_not_there(world: World) -> None:
    ids, notice = in_notice(world, 1, reserve=1)

    for given in (ids[1], "0" * 32):
        with refused("not_found", NotFoundError, thing="application", given=given):
            objected(world, notice, given)
    with refused("not_found", NotFoundError, thing="notice", given="0" * 32):
        object_to(None, "0" * 32, application_id=ids[0], ground=Ground.DEEDS, words="不实")


def test_dismissed_the_name_goes_on_in_its_notice(world: World) -> None:
    ids, notice = in_notice(world, 1)
    case = reported(world, objected(world, notice, ids[0]))
    assert application(ids[0]).desk == PROVINCE

    done = settle(world.province, case.id, outcome="dismissed", reason="查无实据", seen=case.version)

    assert (done.state, done.outcome) == (ObjectionState.DISMISSED, "查无实据")
    assert application(ids[0]).state is State.PUBLIC_NOTICE
    assert quota(world, PROVINCE) == (70, 1, 0)
    assert events(case.id)[2:] == [
        ("report-back", "investigating", "reported", "city"), ("dismiss", "reported", "dismissed", "province"),
    ]  # fmt: skip
    assert events(ids[0])[-2:] == [
        ("report-back", "contested", "contested", "city"), ("dismiss", "contested", "public_notice", "province"),
    ]  # fmt: skip
    assert rows("SELECT count(*) FROM mark") == [(0,)]


def test_upheld_the_name_is_struck_its_places_go_back_and_the_reserve_rises_into_a_notice(
    world: World,
) -> None:
    ids, notice = in_notice(world, 2, reserve=1)
    case = reported(world, objected(world, notice, ids[0]))

    done = settle(world.province, case.id, outcome="upheld", reason="属实", seen=case.version)

    assert done.state is ObjectionState.UPHELD
    assert (application(ids[0]).state, application(ids[0]).live) == (State.STRUCK, False)
    assert places_on(notice.slate_id) == [(ids[1], 1, False), (ids[2], 2, False)]
    assert [quota(world, code) for code in (CITY, PROVINCE)] == [(10, 0, 2), (70, 2, 0)]
    assert rows("SELECT organization, objection_id FROM mark") == [(CITY, case.id)]
    assert [one for one in letters(ids[0]) if one[0] in ("struck", "objection_settled")] == [("struck", "clerk0")]
    assert (application(ids[2]).desk, due(ids[2])) == (PROVINCE, ["notice_due"])

    again = publish(world.province, notice.slate_id, seen=slate(notice.slate_id).version)

    assert [line["application"] for line in again.snapshot] == [ids[2]]
    assert application(ids[2]).state is State.PUBLIC_NOTICE


def test_two_objections_to_one_name_are_both_settled_before_it_goes_on(world: World) -> None:
    ids, notice = in_notice(world, 1)
    first, second = (reported(world, objected(world, notice, ids[0])) for _ in range(2))

    settle(world.province, first.id, outcome="dismissed", reason="查无实据", seen=first.version)
    assert application(ids[0]).state is State.CONTESTED
    settle(world.province, second.id, outcome="dismissed", reason="查无实据", seen=second.version)

    assert application(ids[0]).state is State.PUBLIC_NOTICE


def test_after_one_is_upheld_the_other_frees_no_second_place(world: World) -> None:
    ids, notice = in_notice(world, 2)
    first, second = (reported(world, objected(world, notice, ids[0])) for _ in range(2))

    for case in (first, second):
        settle(world.province, case.id, outcome="upheld", reason="属实", seen=case.version)

    assert [quota(world, code) for code in (CITY, PROVINCE)] == [(10, 0, 1), (70, 1, 0)]


def test_nothing_is_settled_that_was_not_investigated(world: World) -> None:
    ids, notice = in_notice(world, 1)
    case = objected(world, notice, ids[0])

    with refused("not_reported", RefusedError, investigator=CITY):
        settle(world.province, case.id, outcome="dismissed", reason="查无实据", seen=case.version)


def test_each_side_does_its_own_part_and_others_know_of_nothing(world: World) -> None:
    ids, notice = in_notice(world, 1)
    case = objected(world, notice, ids[0])

    with refused("not_your_desk", ForbiddenError):
        report_back(world.province, case.id, finding="已核查", seen=case.version)
    for actor in (world.county, world.stranger, world.clerks[0], world.admin):
        with refused("not_found", NotFoundError, thing="objection"):
            report_back(actor, case.id, finding="已核查", seen=case.version)
    case = reported(world, case)
    with refused("not_your_desk", ForbiddenError):
        settle(world.city, case.id, outcome="dismissed", reason="无", seen=case.version)


def test_nobody_investigates_or_settles_a_case_of_their_own_unit(world: World) -> None:
    ids, notice = in_notice(world, 1)
    case = objected(world, notice, ids[0])
    investigator = also(world.clerks[0], CITY, Role.REVIEWER)
    decider = also(world.stranger, PROVINCE, Role.REVIEWER)
    also(decider, unit(0), Role.CLERK)

    with refused("own_case", ForbiddenError):
        report_back(investigator, case.id, finding="没有的事", seen=case.version)
    case = reported(world, case)
    with refused("own_case", ForbiddenError):
        settle(decider, case.id, outcome="dismissed", reason="没有的事", seen=case.version)


def test_findings_and_reasons_are_written_down(world: World) -> None:
    ids, notice = in_notice(world, 1)
    case = objected(world, notice, ids[0])

    with refused("words_missing", InputError, field="finding"):
        report_back(world.city, case.id, finding=" ", seen=case.version)
    with refused("reason_missing", InputError, field="reason"):
        settle(world.province, case.id, outcome="upheld", reason=" ", seen=case.version)


def test_a_lead_may_be_taken_up_while_its_name_stands_in_notice(world: World) -> None:
    ids, notice = in_notice(world, 1)
    lead = objected(world, notice, ids[0], signed=False)

    case = take_up(world.province, lead.id, seen=lead.version, reason="线索具体")

    assert (case.state, case.investigator) == (ObjectionState.INVESTIGATING, CITY)
    assert application(ids[0]).state is State.CONTESTED
    assert events(case.id) == [
        ("object", None, "lead", "public"), ("admit", "lead", "lead", "system"),
        ("take-up", "lead", "investigating", "province"),
    ]  # fmt: skip


def test_a_lead_about_a_name_that_is_gone_is_too_late_to_take_up(world: World) -> None:
    ids, notice = in_notice(world, 1)
    lead = objected(world, notice, ids[0], signed=False)
    case = reported(world, objected(world, notice, ids[0]))
    settle(world.province, case.id, outcome="upheld", reason="属实", seen=case.version)

    with refused("too_late", RefusedError, state="struck"):
        take_up(world.province, lead.id, seen=lead.version, reason="线索具体")


def test_a_stale_click_names_who_settled(world: World) -> None:
    ids, notice = in_notice(world, 1)
    case = reported(world, objected(world, notice, ids[0]))
    settle(world.province, case.id, outcome="dismissed", reason="无", seen=case.version)

    with refused("stale", StaleError, thing="objection", who="province", act="dismiss"):
        settle(world.province, case.id, outcome="upheld", reason="属实", seen=case.version)


@pytest.mark.parametrize("citizen", [True, False])
def test_a_click_sent_twice_is_one_objection(world: World, *, citizen: bool) -> None:
    ids, notice = in_notice(world, 1)
    who = None if citizen else world.province
    given: dict[str, Any] = {"application_id": ids[0], "ground": Ground.DEEDS, "words": "不实", "objector": "李四",
                             "signed": True, "key": "k"}  # fmt: skip
    case = object_to(who, notice.id, **given)
    before = everything()

    assert object_to(who, notice.id, **given) == case
    assert everything() == before


def test_a_contested_name_waits_beyond_the_close_of_its_notice(world: World) -> None:
    ids, notice = in_notice(world, 1)
    objected(world, notice, ids[0])

    with clock.at(NOTICE_OVER + timedelta(days=1)):
        close(world.province, notice.id, seen=notice.version)

    assert application(ids[0]).state is State.CONTESTED
