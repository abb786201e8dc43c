"""A notice after an objection: who is published again, and for whom a decision is still due."""

import pytest

from models import clock
from models.errors import RefusedError
from models.notice import Notice
from models.vocabulary import NoticeState, State
from tests.worlds import NOTICE_OVER, World, application, due, in_notice, objected, refused, slate
from workflows.hearing.notices import close, publish
from workflows.hearing.objections import report_back, settle


def struck(w: World, made: Notice, application_id: str) -> None:
    """A name that an objection has struck."""
    case = objected(w, made, application_id)
    case = report_back(w.city, case.id, finding="属实", seen=case.version)
    settle(w.province, case.id, outcome="upheld", reason="属实", seen=case.version)


@pytest.mark.parametrize("reported", [False, True])
def test_whoever_is_contested_stays_in_the_first_notice_when_a_risen_name_is_published(
    world: World, *, reported: bool
) -> None:
    ids, made = in_notice(world, 2, reserve=1)
    waiting = objected(world, made, ids[1])
    if reported:
        report_back(world.city, waiting.id, finding="已核查", seen=waiting.version)
    struck(world, made, ids[0])

    again = publish(world.province, made.slate_id, seen=slate(made.slate_id).version)

    assert [line["application"] for line in again.snapshot] == [ids[2]]
    assert [(application(one).state, application(one).notice_id) for one in ids[1:]] == [
        (State.CONTESTED, made.id), (State.PUBLIC_NOTICE, again.id),
    ]  # fmt: skip
    with refused("nothing_to_publish", RefusedError):
        publish(world.province, made.slate_id, seen=slate(made.slate_id).version)


def test_a_notice_in_which_nobody_stands_any_more_asks_for_no_decision(world: World) -> None:
    ids, made = in_notice(world, 1)
    struck(world, made, ids[0])

    with clock.at(NOTICE_OVER):
        done = close(world.province, made.id, seen=made.version)

    assert (done.state, due(made.id)) == (NoticeState.CLOSED, [])


def test_a_notice_whose_only_name_is_contested_still_asks_for_a_decision(world: World) -> None:
    ids, made = in_notice(world, 1)
    objected(world, made, ids[0])

    with clock.at(NOTICE_OVER):
        close(world.province, made.id, seen=made.version)

    assert due(made.id) == ["decision"]
