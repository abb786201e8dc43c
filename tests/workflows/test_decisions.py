"""Decisions: one numbered document names its whole list at once, and nobody else."""

from datetime import date, timedelta
from typing import Any

import pytest

from models import clock
from models.errors import (
    ForbiddenError,
    IllegalMoveError,
    InputError,
    NotFoundError,
    RefusedError,
    StaleError,
)
from models.vocabulary import Role, SlateState, State, TitleState
from tests.rules_of import programme
from tests.worlds import (
    NOTICE_OVER,
    NOW,
    NUMBER,
    PROVINCE,
    World,
    also,
    application,
    at_county,
    at_province,
    closed,
    due,
    events,
    everything,
    in_notice,
    letters,
    named,
    objected,
    objection,
    quota,
    refused,
    rows,
    sealed,
    sent,
    slate,
    title,
)
from workflows.deciding.decisions import decide, require_number
from workflows.hearing.notices import close, publish
from workflows.hearing.objections import report_back, settle

MEETING = date(2026, 3, 10)


def decided(w: World, slate_id: str, **other: Any) -> Any:
    """The province decides, on the morning after the notice."""
    given: dict[str, Any] = {"number": NUMBER, "meeting_on": MEETING, "seen": slate(slate_id).version, **other}
    with clock.at(NOTICE_OVER):
        return decide(w.province, slate_id, **given)


def test_a_decision_names_all_of_its_list_in_one_document(world: World) -> None:
    ids, notice = closed(world, 2)

    made = decided(world, notice.slate_id)

    assert (made.number, made.body, made.meeting_on) == (NUMBER, "主席会议", MEETING)
    assert [line["application"] for group in made.annex for line in group["names"]] == ids
    titles = [title(application_id=one) for one in ids]
    assert [(t.number, t.state, t.named_on, t.decision_id) for t in titles] == [
        ("浙劳创2026-0001", TitleState.VALID, MEETING, made.id),
        ("浙劳创2026-0002", TitleState.VALID, MEETING, made.id),
    ]  # fmt: skip
    for n, one in enumerate(ids):
        assert application(one).state is State.NAMED
        assert events(one)[-1] == ("name", "public_notice", "named", "province")
        assert [x for x in letters(one) if x[0] in ("named", "not_selected")] == [("named", f"clerk{n}")]
        assert due(one) == []
    assert slate(notice.slate_id).state is SlateState.DECIDED
    assert due(notice.id) == []
    assert quota(world, PROVINCE) == (70, 0, 2)


def test_a_running_notice_is_not_decided(world: World) -> None:
    _, notice = in_notice(world, 1)
    seen = slate(notice.slate_id).version

    with clock.at(NOTICE_OVER), refused("notice_running", RefusedError, notice=notice.id):
        decide(world.province, notice.slate_id, number=NUMBER, meeting_on=MEETING, seen=seen)


def test_a_contested_name_is_left_for_a_later_document(world: World) -> None:
    ids, notice = in_notice(world, 2)
    case = objected(world, notice, ids[0])
    with clock.at(NOTICE_OVER):
        close(world.province, notice.id, seen=notice.version)

    decided(world, notice.slate_id)

    assert [application(one).state for one in ids] == [State.CONTESTED, State.NAMED]
    assert slate(notice.slate_id).state is SlateState.IN_NOTICE
    assert quota(world, PROVINCE) == (70, 1, 1)
    assert due(notice.id) == ["decision"]
    with clock.at(NOTICE_OVER):
        with refused("nothing_to_decide", RefusedError, contested=[application(ids[0]).receipt]):
            decide(world.province, notice.slate_id, number="浙总工〔2026〕16号", meeting_on=MEETING,
                   seen=slate(notice.slate_id).version)  # fmt: skip
        case = report_back(world.city, case.id, finding="查无实据", seen=case.version)
        settle(world.province, case.id, outcome="dismissed", reason="无", seen=case.version)

    decided(world, notice.slate_id, number="浙总工〔2026〕16号")

    assert title(application_id=ids[0]).number == "浙劳创2026-0002"
    assert slate(notice.slate_id).state is SlateState.DECIDED
    assert (quota(world, PROVINCE), due(notice.id)) == ((70, 0, 2), [])


def test_a_risen_name_keeps_its_own_notices_clock(world: World) -> None:
    ids, notice = in_notice(world, 2, reserve=1)
    case = objected(world, notice, ids[0])
    case = report_back(world.city, case.id, finding="属实", seen=case.version)
    settle(world.province, case.id, outcome="upheld", reason="属实", seen=case.version)
    with clock.at(NOTICE_OVER - timedelta(days=1)):
        again = publish(world.province, notice.slate_id, seen=slate(notice.slate_id).version)
    with clock.at(NOTICE_OVER):
        close(world.province, notice.id, seen=notice.version)

    decided(world, notice.slate_id)

    assert [application(one).state for one in ids] == [State.STRUCK, State.NAMED, State.PUBLIC_NOTICE]
    assert (due(notice.id), due(again.id)) == ([], ["notice_end"])
    assert objection(case.id).state == "upheld"


@pytest.mark.parametrize(("given", "code", "field"), [
    ({"number": "15号"}, "decision_number", "number"),
    ({"number": "浙总工(2026)15号"}, "decision_number", "number"),
    ({"number": ""}, "decision_number", "number"),
    ({"meeting_on": date(2026, 3, 11)}, "meeting_ahead", "meeting_on"),
])  # fmt: skip
def test_a_document_has_a_proper_number_and_a_meeting_that_was(
    world: World, given: dict[str, Any], code: str, field: str
) -> None:
    _, notice = closed(world, 1)

    with refused(code, InputError, field=field):
        decided(world, notice.slate_id, **given)


def test_the_meeting_was_not_before_the_notices_last_day(world: World) -> None:
    _, notice = closed(world, 1)

    with refused("meeting_before_notice_end", RefusedError, meeting_on="2026-03-08", last_day="2026-03-09"):
        decided(world, notice.slate_id, meeting_on=date(2026, 3, 8))


def test_a_number_is_used_once_and_a_refused_decision_names_nobody(world: World) -> None:
    ids, notice = in_notice(world, 2)
    case = objected(world, notice, ids[0])
    with clock.at(NOTICE_OVER):
        close(world.province, notice.id, seen=notice.version)
        decided(world, notice.slate_id)
        case = report_back(world.city, case.id, finding="查无实据", seen=case.version)
        settle(world.province, case.id, outcome="dismissed", reason="无", seen=case.version)

    with refused("number_used", InputError, field="number", given=NUMBER):
        decided(world, notice.slate_id)


def test_a_lower_tier_does_not_decide(world: World) -> None:
    listed = sent(world, "330106", at_county(world, 1))

    with refused("not_deciding_tier", RefusedError, rung="county"):
        decide(world.county, listed.id, number=NUMBER, meeting_on=date(2026, 3, 3), seen=listed.version)


def test_a_list_without_a_notice_names_nobody(world: World) -> None:
    ids, _ = at_province(world, 1)
    listed = sealed(world, PROVINCE, ids)

    with refused("nothing_to_decide", RefusedError):
        decided(world, listed.id)


def test_only_the_deciding_tiers_reviewers_decide_and_nobody_for_their_own_unit(world: World) -> None:
    ids, notice = closed(world, 1)
    seen = slate(notice.slate_id).version
    own = also(world.clerks[0], PROVINCE, Role.REVIEWER)

    with clock.at(NOTICE_OVER):
        for actor, code, kind in (
            (world.admin, "not_your_desk", ForbiddenError), (own, "own_case", ForbiddenError),
            (world.city, "not_found", NotFoundError),
        ):  # fmt: skip
            with refused(code, kind):
                decide(actor, notice.slate_id, number=NUMBER, meeting_on=MEETING, seen=seen)
    assert application(ids[0]).state is State.PUBLIC_NOTICE


def test_a_decided_list_is_not_decided_again(world: World) -> None:
    named(world)
    listed = rows("SELECT id FROM slate WHERE state = 'decided'")[0][0]

    with refused("nothing_to_decide", RefusedError):
        decided(world, listed, number="浙总工〔2026〕16号")


def test_a_click_sent_twice_decides_once_and_answers_with_the_document(world: World) -> None:
    _, notice = closed(world, 2)
    seen = slate(notice.slate_id).version
    made = decided(world, notice.slate_id, seen=seen, key="k")
    before = everything()

    assert decided(world, notice.slate_id, seen=seen, key="k") == made
    assert everything() == before
    with refused("stale", StaleError, thing="slate", who="province", act="decide"):
        decided(world, notice.slate_id, seen=seen, key="other")


def test_what_is_named_is_over(world: World) -> None:
    ids, notice = closed(world, 1)
    decided(world, notice.slate_id)

    assert objected(world, notice, ids[0]).inadmissible == "too_late"
    with clock.at(NOTICE_OVER), refused("illegal_move", IllegalMoveError):
        close(world.province, notice.id, seen=rows("SELECT version FROM notice")[0][0])


def test_a_number_longer_than_any_is_refused_before_the_pattern_sees_it() -> None:
    rules = programme(decision={"number": r"\d+"})
    require_number(rules, "1" * 60, NOW.date(), NOW.date())
    with pytest.raises(InputError) as caught:
        require_number(rules, "1" * 61, NOW.date(), NOW.date())
    assert (caught.value.code, caught.value.details["given"]) == ("decision_number", "1" * 60)
