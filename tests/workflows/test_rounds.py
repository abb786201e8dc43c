"""Rounds: planned under the approval, issued places under the cap, finished when all is settled."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models import clock
from models.errors import (
    ForbiddenError,
    IllegalMoveError,
    InputError,
    NotFoundError,
    QuotaError,
    RefusedError,
)
from models.vocabulary import QuotaKind, RoundState
from tests.worlds import (
    BEIJING,
    CITY,
    CLOSES,
    COUNTY,
    NOTICE_OVER,
    NOW,
    PROVINCE,
    World,
    at_county,
    events,
    everything,
    in_notice,
    objected,
    quota,
    refused,
    round_of,
    rows,
    sealed,
)
from workflows.clocks.sweep import sweep
from workflows.hearing.notices import close
from workflows.rounds import finish, issue, plan_round

PLAN: dict[str, Any] = {
    "programme": "provincial-studio@1", "organization_code": PROVINCE, "year": 2027,
    "opens_at": NOW + timedelta(days=30), "closes_at": NOW + timedelta(days=60),
}  # fmt: skip


def test_a_planned_round_holds_the_approved_cap(world: World) -> None:
    made = plan_round(world.admin, **PLAN)

    assert (made.state, made.name) == (RoundState.PLANNED, "2027年省级劳模工匠创新工作室")
    assert made.ends_at == datetime(2026, 11, 2, 9, tzinfo=BEIJING)  # six months after its close
    assert quota(world._replace(round_id=made.id), PROVINCE) == (70, 0, 0)
    assert events(made.id) == [("start", None, "planned", "admin")]


def test_a_round_whose_window_has_begun_is_open_at_once(world: World) -> None:
    assert plan_round(world.admin, **{**PLAN, "opens_at": NOW}).state is RoundState.OPEN


@pytest.mark.parametrize(("given", "code", "kind", "details"), [
    ({"closes_at": PLAN["opens_at"]}, "window", InputError, {"field": "closes_at"}),
    ({"ends_at": PLAN["opens_at"]}, "window", InputError, {"field": "ends_at"}),
    ({"year": 2026}, "round_known", InputError, {"field": "year", "given": 2026}),
    ({"programme": "nothing@1"}, "not_found", NotFoundError, {"given": "nothing@1"}),
    ({"organization_code": "999999"}, "not_found", NotFoundError, {"given": "999999"}),
    ({"opens_at": datetime(2027, 1, 1, tzinfo=UTC), "closes_at": datetime(2027, 2, 1, tzinfo=UTC)},
     "approval_expired", RefusedError, {"until": "2026-12-31"}),
    ({"opens_at": datetime(2023, 12, 31, tzinfo=UTC)}, "approval_expired", RefusedError, {}),
])  # fmt: skip
def test_a_round_that_cannot_be_planned_is_refused(
    world: World, given: dict[str, Any], code: str, kind: Any, details: dict[str, Any]
) -> None:
    with refused(code, kind, **details):
        plan_round(world.admin, **{**PLAN, **given})


def test_only_the_deciding_unions_administrator_plans_and_issues(world: World) -> None:
    for actor in (world.province, world.county, world.clerks[0]):
        with refused("not_administrator", ForbiddenError, organization=PROVINCE):
            plan_round(actor, **PLAN)
        with refused("not_your_desk", ForbiddenError):
            issue(actor, round_id=world.round_id, organization_code=COUNTY, places=5)


def test_a_click_sent_twice_plans_one_round(world: World) -> None:
    made = plan_round(world.admin, **PLAN, key="k")
    before = everything()

    assert plan_round(world.admin, **PLAN, key="k") == made
    assert everything() == before


def test_places_are_issued_anew_down_to_what_is_taken(world: World) -> None:
    sealed(world, COUNTY, at_county(world, 2))

    with refused("below_used", QuotaError, asked=1, used=0, reserved=2):
        issue(world.admin, round_id=world.round_id, organization_code=COUNTY, places=1)
    issue(world.admin, round_id=world.round_id, organization_code=COUNTY, places=2)

    assert quota(world, COUNTY) == (2, 2, 0)
    entries = "SELECT n, source, target FROM quota_entry e JOIN quota q ON q.id = e.quota_id"
    assert rows(f"{entries} WHERE act = 'issue' AND organization = :o ORDER BY 1", o=COUNTY) == [
        (1, "available", "issuer"), (3, "issuer", "available"),
    ]  # fmt: skip


def test_the_deciding_union_issues_itself_no_more_than_the_approval(world: World) -> None:
    with refused("over_cap", RefusedError, cap=70, asked=71):
        issue(world.admin, round_id=world.round_id, organization_code=PROVINCE, places=71)


@pytest.mark.parametrize("given", [{"places": -1}, {"places": 3, "minimum": -1}, {"places": 3, "minimum": 4}])
def test_places_are_numbers_that_make_sense(world: World, given: dict[str, Any]) -> None:
    with refused("places", InputError, field="places"):
        issue(world.admin, round_id=world.round_id, organization_code=COUNTY, **given)


def test_a_free_quota_holds_any_number(world: World) -> None:
    issue(world.admin, round_id=world.round_id, organization_code=COUNTY, places=0, kind=QuotaKind.FREE)

    sealed(world, COUNTY, at_county(world, 4))

    assert quota(world, COUNTY) == (0, 4, 0)


def test_an_open_round_is_not_finished(world: World) -> None:
    with refused("illegal_move", IllegalMoveError, act="end", state="open"):
        finish(world.admin, world.round_id, seen=round_of(world).version)


def test_a_round_with_an_undecided_name_is_not_finished(world: World) -> None:
    ids, notice = in_notice(world, 1)
    objected(world, notice, ids[0])
    with clock.at(NOTICE_OVER):
        close(world.province, notice.id, seen=notice.version)
    with clock.at(CLOSES):
        sweep()

        with refused("undecided", RefusedError, state="contested"):
            finish(world.admin, world.round_id, seen=round_of(world).version)


def test_a_finished_round_is_finished_once(world: World) -> None:
    with clock.at(CLOSES):
        sweep()
        seen = round_of(world).version
        done = finish(world.admin, world.round_id, seen=seen, key="k")
        before = everything()

        assert finish(world.admin, world.round_id, seen=seen, key="k") == done
        assert everything() == before
        with refused("illegal_move", IllegalMoveError):
            finish(world.admin, world.round_id, seen=done.version)


def test_only_administrators_finish(world: World) -> None:
    with refused("not_your_desk", ForbiddenError):
        finish(world.province, world.round_id, seen=round_of(world).version)
    assert quota(world, CITY) == (10, 0, 0)
