"""Typing errors pointed at through the public form: answered as corrections, never a dispute."""

from datetime import date
from typing import Any

import pytest

from models import clock
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError
from models.vocabulary import ObjectionState, State
from tests.worlds import (
    NOTICE_OVER,
    PROVINCE,
    World,
    application,
    due,
    events,
    everything,
    in_notice,
    letters,
    notice_of,
    objected,
    objection,
    refused,
    rows,
)
from workflows.hearing.correcting import answer_correction, ask_correction
from workflows.hearing.notices import close, correct
from workflows.queries.docket import docket, objection_status, receipt_of


def asked(notice: Any, one: str, **other: Any) -> Any:
    """Somebody points at the leader's name."""
    given: dict[str, Any] = {"field": "leader_name", "value": "张杉", **other}
    return ask_correction(None, notice.id, application_id=one, **given)


def code_of(case: Any) -> str:
    """What who asked reads by the receipt."""
    return objection_status(None, receipt=receipt_of(case.id)).code


def test_a_typing_error_pointed_at_stops_nothing_and_asks_the_notices_union(world: World) -> None:
    ids, notice = in_notice(world, 1)
    version = application(ids[0]).version

    case = asked(notice, ids[0], objector="领衔人0", words="“杉”误作“衫”")

    assert (case.state, case.inadmissible, code_of(case)) == (ObjectionState.LEAD, "correction", "correction")
    assert (application(ids[0]).state, application(ids[0]).version) == (State.PUBLIC_NOTICE, version)
    assert (due(case.id), letters(case.id)) == (["objection_answer"], [("correction_asked", "province")])
    assert notice_of(notice.id) == notice
    [entry] = docket(world.province, desk=PROVINCE)
    assert (entry.objection.id, entry.field, entry.value) == (case.id, "leader_name", "张杉")


def test_put_right_it_is_answered_by_the_correction_itself_and_the_clock_runs_on(world: World) -> None:
    ids, notice = in_notice(world, 1)
    case = asked(notice, ids[0])

    done = correct(world.province, notice.id, application_id=ids[0], field="leader_name", value="张杉",
                   reason="录入有误", request=case.id, seen=notice.version, key="k")  # fmt: skip

    assert (done.id, done.last_day, done.snapshot_hash) == (notice.id, date(2026, 3, 9), notice.snapshot_hash)
    assert (objection(case.id).state, code_of(case)) == (ObjectionState.UPHELD, "corrected")
    assert application(ids[0]).leader_name == "张杉"
    assert events(case.id)[-1] == ("answer", "lead", "upheld", "province")
    assert rows("SELECT count(*) FROM mark") == [(0,)]
    with refused("no_correction", RefusedError, state="upheld"):
        correct(world.province, notice.id, application_id=ids[0], field="leader_name", value="张山",
                reason="录入有误", request=case.id, seen=done.version)  # fmt: skip


def test_left_as_it_is_who_asked_is_told(world: World) -> None:
    ids, notice = in_notice(world, 1)
    case = asked(notice, ids[0])

    done = answer_correction(world.province, case.id, reason="与身份证一致", seen=case.version)

    assert (done.state, done.outcome, code_of(case)) == (ObjectionState.DISMISSED, "与身份证一致", "not_corrected")
    assert application(ids[0]).leader_name == "领衔人0"


def test_an_objection_is_no_request_and_a_request_of_another_name_is_not_there(world: World) -> None:
    ids, notice = in_notice(world, 2)
    dispute, other = objected(world, notice, ids[0], signed=False), asked(notice, ids[1])
    given: dict[str, Any] = {"field": "leader_name", "value": "张杉", "reason": "录入有误", "seen": notice.version}

    with refused("no_correction", RefusedError, state="lead"):
        answer_correction(world.province, dispute.id, reason="无", seen=dispute.version)
    with refused("no_correction", RefusedError, state="lead"):
        correct(world.province, notice.id, application_id=ids[0], request=dispute.id, **given)
    with refused("not_found", NotFoundError, thing="objection", given=other.id):
        correct(world.province, notice.id, application_id=ids[0], request=other.id, **given)


def test_others_answer_no_request(world: World) -> None:
    ids, notice = in_notice(world, 1)
    case = asked(notice, ids[0])

    for actor in (world.city, world.clerks[0]):
        with pytest.raises((ForbiddenError, NotFoundError)):
            answer_correction(actor, case.id, reason="无", seen=case.version)


@pytest.mark.parametrize(("given", "code", "field"), [
    ({"field": "leader_id"}, "unknown_field", "leader_id"),
    ({"value": "  "}, "reason_missing", "value"),
    ({"words": "长" * 4001}, "too_long", "words"),
])  # fmt: skip
def test_a_request_says_what_should_stand_there(world: World, given: dict[str, str], code: str, field: str) -> None:
    ids, notice = in_notice(world, 1)

    with refused(code, InputError, field=field):
        asked(notice, ids[0], **given)


def test_nothing_is_asked_of_a_notice_that_is_over_or_of_a_name_not_in_it(world: World) -> None:
    ids, notice = in_notice(world, 1, reserve=1)

    with refused("not_found", NotFoundError, thing="application", given=ids[1]):
        asked(notice, ids[1])
    with clock.at(NOTICE_OVER):
        close(world.province, notice.id, seen=notice.version)
        with refused("notice_over", RefusedError, last_day="2026-03-09"):
            asked(notice, ids[0])


def test_the_same_form_sent_twice_is_one_request(world: World) -> None:
    ids, notice = in_notice(world, 1)
    case = asked(notice, ids[0], key="k")
    before = everything()

    assert asked(notice, ids[0], key="k") == case
    assert everything() == before


def test_a_number_written_into_a_name_is_masked_wherever_the_public_reads_it(world: World) -> None:
    ids, notice = in_notice(world, 1)

    correct(world.province, notice.id, application_id=ids[0], field="leader_name", value="张杉13800001234",
            reason="补登电话13800001234", seen=notice.version)  # fmt: skip

    assert rows("SELECT after, reason FROM notice_correction") == [("张杉138********", "补登电话138********")]
