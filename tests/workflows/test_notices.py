"""Public notices: a frozen list and a clock nothing shortens."""

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
from models.vocabulary import NoticeState, Role, SlateState, State
from tests.worlds import (
    CLOSES,
    COUNTY,
    NOTICE_OVER,
    NOW,
    PROVINCE,
    World,
    also,
    application,
    at_county,
    at_province,
    due,
    events,
    everything,
    identity,
    in_notice,
    letters,
    notice_of,
    quota,
    refused,
    round_of,
    rows,
    sealed,
    slate,
    unit,
)
from workflows.clocks.sweep import sweep
from workflows.hearing.notices import close, correct, publish, snapshot_hash
from workflows.listing.slates import rank
from workflows.rounds import finish


def test_publishing_freezes_the_list_for_five_working_days(world: World) -> None:
    ids, _ = at_province(world, 3)
    listed = sealed(world, PROVINCE, ids[:2], ids[2:])

    made = publish(world.province, listed.id, seen=listed.version)

    assert made == notice_of(made.id)
    assert (made.state, made.first_day, made.last_day) == (NoticeState.OPEN, date(2026, 3, 3), date(2026, 3, 9))
    assert made.ends_at.isoformat() == "2026-03-09T16:00:00+00:00"
    assert made.snapshot_hash == snapshot_hash(made.snapshot)
    assert [set(line) for line in made.snapshot] == [
        {"application", "subject", "leader_name", "organization_name", "area", "recommended_by"}
    ] * 2
    assert [line["application"] for line in made.snapshot] == ids[:2]
    assert [application(one).state for one in ids] == [State.PUBLIC_NOTICE] * 2 + [State.PROVINCIAL_REVIEW]
    assert slate(listed.id).state is SlateState.IN_NOTICE
    assert events(made.id) == [("publish", None, "open", "province")]
    assert events(ids[0])[-1] == ("publish", "provincial_review", "public_notice", "province")
    assert due(made.id) == ["notice_end"]
    assert due(ids[2]) == ["reserve_end"]
    assert ("noticed", "clerk0") in letters(ids[0])
    assert quota(world, PROVINCE) == (70, 2, 0)


def test_a_notice_may_begin_later_and_never_earlier(world: World) -> None:
    ids, _ = at_province(world, 1)
    listed = sealed(world, PROVINCE, ids)

    with refused("first_day_past", InputError, field="first_day", given="2026-03-02"):
        publish(world.province, listed.id, seen=listed.version, first_day=date(2026, 3, 2))
    made = publish(world.province, listed.id, seen=listed.version, first_day=date(2026, 3, 5))

    assert (made.first_day, made.last_day) == (date(2026, 3, 5), date(2026, 3, 11))


def test_a_tier_without_a_notice_of_its_own_holds_none(world: World) -> None:
    listed = sealed(world, COUNTY, at_county(world, 1))

    with refused("no_notice_here", RefusedError, rung="county"):
        publish(world.county, listed.id, seen=listed.version)


def test_a_list_not_yet_sealed_is_not_published(world: World) -> None:
    ids, _ = at_province(world, 1)
    listed = rank(world.province, round_id=world.round_id, organization_code=PROVINCE, main=ids)

    with refused("illegal_move", IllegalMoveError, act="publish", state="drafting"):
        publish(world.province, listed.id, seen=listed.version)


def test_a_list_with_nobody_new_is_not_published_again(world: World) -> None:
    _, made = in_notice(world, 1)
    listed = slate(made.slate_id)

    with refused("nothing_to_publish", RefusedError, slate=listed.id):
        publish(world.province, listed.id, seen=listed.version)


def test_only_the_tiers_reviewers_publish_and_nobody_for_their_own_unit(world: World) -> None:
    ids, _ = at_province(world, 1)
    listed = sealed(world, PROVINCE, ids)
    with refused("not_your_desk", ForbiddenError):
        publish(world.admin, listed.id, seen=listed.version)
    with refused("not_found", NotFoundError):
        publish(world.county, listed.id, seen=listed.version)
    own = also(world.clerks[0], PROVINCE, Role.REVIEWER)

    with refused("own_case", ForbiddenError, application=ids[0]):
        publish(own, listed.id, seen=listed.version)


@pytest.mark.parametrize("moment", [NOW, NOTICE_OVER.replace(day=9, hour=23, minute=59)])
def test_nothing_shortens_a_notice(world: World, moment: Any) -> None:
    _, made = in_notice(world, 1)

    with clock.at(moment), refused("notice_running", RefusedError, ends_at=made.ends_at.isoformat()):
        close(world.province, made.id, seen=made.version)


def test_a_notice_closes_when_its_last_day_is_over_and_asks_for_a_decision(world: World) -> None:
    _, made = in_notice(world, 1)

    with clock.at(made.ends_at):
        done = close(world.province, made.id, seen=made.version)

    assert (done.state, done.closed_at) == (NoticeState.CLOSED, made.ends_at)
    assert events(made.id)[-1] == ("close", "open", "closed", "province")
    assert due(made.id) == ["decision"]
    with clock.at(NOTICE_OVER), refused("illegal_move", IllegalMoveError, act="close", state="closed"):
        close(world.province, made.id, seen=done.version)


def test_others_do_not_close_a_notice(world: World) -> None:
    _, made = in_notice(world, 1)

    with clock.at(NOTICE_OVER), refused("not_your_desk", ForbiddenError):
        close(world.city, made.id, seen=made.version)


def test_a_typing_error_is_put_right_beside_the_frozen_list(world: World) -> None:
    ids, made = in_notice(world, 1)

    done = correct(world.province, made.id, application_id=ids[0], field="leader_name", value=" 张三 ",
                   reason="录入有误", seen=made.version)  # fmt: skip

    assert (done.id, done.snapshot, done.ends_at) == (made.id, made.snapshot, made.ends_at)
    assert application(ids[0]).leader_name == "张三"
    assert rows("SELECT field, before, after, reason FROM notice_correction") == [
        ("leader_name", "领衔人0", "张三", "录入有误")
    ]
    assert events(made.id, since=made.version) == [("correct", "open", "open", "province")]
    assert events(ids[0])[-1] == ("correct", "public_notice", "public_notice", "province")


def test_another_person_stands_in_a_notice_of_its_own_from_that_day_on(world: World) -> None:
    ids, made = in_notice(world, 2)

    with clock.at(NOW + timedelta(days=2)):
        given: dict[str, Any] = {"application_id": ids[0], "field": "person", "value": "李四", "reason": "更换",
                                 "leader_id": identity(50), "seen": made.version, "key": "k"}  # fmt: skip
        again = correct(world.province, made.id, **given)
        before = everything()
        same = correct(world.province, made.id, **given)

        assert everything() == before
    assert same == again
    assert (again.first_day, again.last_day) == (date(2026, 3, 5), date(2026, 3, 11))
    assert [line["application"] for line in again.snapshot] == [ids[0]]
    assert [application(one).notice_id for one in ids] == [again.id, made.id]


@pytest.mark.parametrize(("given", "code", "field"), [
    ({"field": "score"}, "unknown_field", "score"),
    ({"value": " "}, "reason_missing", "value"),
    ({"reason": " "}, "reason_missing", "reason"),
])  # fmt: skip
def test_a_correction_says_what_and_why(world: World, given: dict[str, str], code: str, field: str) -> None:
    ids, made = in_notice(world, 1)
    whole = {"field": "subject", "value": "工作室", "reason": "录入有误", **given}

    with refused(code, InputError, field=field):
        correct(world.province, made.id, application_id=ids[0], seen=made.version, **whole)


def test_a_name_of_another_notice_and_one_of_none_are_told_in_the_same_words(world: World) -> None:
    ids, made = in_notice(world, 1, reserve=1)

    for given in (ids[1], "0" * 32):
        with refused("not_found", NotFoundError, thing="application", given=given):
            correct(world.province, made.id, application_id=given, field="subject", value="x", reason="y",
                    seen=made.version)  # fmt: skip


def test_a_closed_notice_is_corrected_no_more(world: World) -> None:
    ids, made = in_notice(world, 1)
    with clock.at(NOTICE_OVER):
        made = close(world.province, made.id, seen=made.version)

        with refused("illegal_move", IllegalMoveError, act="correct", state="closed"):
            correct(world.province, made.id, application_id=ids[0], field="subject", value="x", reason="y",
                    seen=made.version)  # fmt: skip


def test_a_click_sent_twice_publishes_once_and_answers_with_the_notice(world: World) -> None:
    ids, _ = at_province(world, 1)
    listed = sealed(world, PROVINCE, ids)
    made = publish(world.province, listed.id, seen=listed.version, key="k")
    before = everything()

    assert publish(world.province, listed.id, seen=listed.version, key="k") == made
    assert everything() == before
    with refused("stale", StaleError, who="province", act="publish"):
        publish(world.province, listed.id, seen=listed.version, key="other")


def test_no_private_data_is_in_the_public_list(world: World) -> None:
    _, made = in_notice(world, 2)

    assert unit(0) not in str(made.snapshot)
    assert "330106198001" not in str(made.snapshot)
    assert "example.cn" not in str(made.snapshot)


def test_a_finished_round_publishes_nothing_more(world: World) -> None:
    ids, _ = at_province(world, 1)
    listed = sealed(world, PROVINCE, ids)

    with clock.at(CLOSES + timedelta(days=1)):
        sweep()
        finish(world.admin, world.round_id, seen=round_of(world).version)
        with refused("round_finished", RefusedError, name="2026年省级劳模工匠创新工作室"):
            publish(world.province, listed.id, seen=slate(listed.id).version)


def test_a_notice_begins_within_sixty_days(world: World) -> None:
    ids, _ = at_province(world, 1)
    listed = sealed(world, PROVINCE, ids)

    with refused("first_day_far", InputError, field="first_day", given="2026-05-03", most=60):
        publish(world.province, listed.id, seen=listed.version, first_day=date(2026, 5, 3))
    made = publish(world.province, listed.id, seen=listed.version, first_day=date(2026, 5, 2))

    assert made.first_day == date(2026, 5, 2)
