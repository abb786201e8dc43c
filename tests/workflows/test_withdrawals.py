"""A batch withdrawn: one decision ends all its titles, and what they left with them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest

from models import clock
from models.database import Store
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError
from models.programme import Feed
from models.vocabulary import AssessmentState, DecisionKind, EndCause, Role, TitleState
from tests.ruled import ruled
from tests.worlds import (
    NEW_YEAR,
    NOTICE_OVER,
    PROVINCE,
    World,
    also,
    answers,
    assessment,
    due,
    everything,
    letters,
    named,
    refused,
    rows,
    title,
    to_assess,
    unit,
)
from workflows.deciding.withdrawals import withdraw_decision
from workflows.named.titles import end_title, revoke
from workflows.queries.standing import points, pool

NUMBER = "浙总工〔2026〕99号"
DAY = date(2026, 3, 10)
FEEDS = (
    Feed(fact="studio_leader", who="leader", amount=10, pool=True),
    Feed(fact="studio_unit", who="unit", amount=3),
    Feed(fact="honour", who="leader", field="leader_honour", amounts={"craftsman": 5, "city_model": 8}),
)


@contextmanager
def statements(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The statements and batches that are run meanwhile."""
    run: list[str] = []
    with monkeypatch.context() as patch:
        for name in ("_execute", "run_many"):
            real: Callable[..., int] = getattr(Store, name)

            def heard(store: Store, *given: Any, real: Callable[..., int] = real, **values: Any) -> int:
                run.append(str(given[0]))
                return real(store, *given, **values)

            patch.setattr(Store, name, heard)
        yield run


def withdrawn(w: World, decision_id: str, **other: Any) -> Any:
    """The province withdraws a decision on the day it was taken."""
    given: dict[str, Any] = {"number": NUMBER, "meeting_on": DAY, "reason": "未经批准", "return_by": 20, **other}
    with clock.at(NOTICE_OVER + timedelta(hours=2)):
        return withdraw_decision(w.province, decision_id, **given)


def test_one_decision_ends_every_title_of_the_batch_for_one_reason(world: World) -> None:
    titles = named(world, 2)

    made = withdrawn(world, titles[0].decision_id or "")

    assert (made.kind, made.withdraws, made.return_by, made.reason) == (
        DecisionKind.REVOCATION, titles[0].decision_id, date(2026, 3, 30), "未经批准",
    )  # fmt: skip
    assert sorted(line["title"] for line in made.annex) == sorted(t.id for t in titles)
    for n, one in enumerate(titles):
        now = title(one.id)
        assert (now.state, now.revoked_by, now.end_reason, now.barred_until) == (
            TitleState.REVOKED, made.id, "未经批准", None,
        )  # fmt: skip
        assert letters(one.id) == [("batch_withdrawn", f"clerk{n}")]


@pytest.mark.parametrize(("given", "last"), [
    (20, date(2026, 3, 30)), (25, date(2026, 4, 7)), (date(2026, 4, 1), date(2026, 4, 1)),
])  # fmt: skip
def test_plates_come_back_by_a_day_or_within_days(world: World, given: int | date, last: date) -> None:
    # The 25th day is a Saturday of the Qingming holiday: the limit moves to the next working day.
    [one] = named(world)

    assert withdrawn(world, one.decision_id or "", return_by=given).return_by == last


@pytest.mark.parametrize(("given", "code", "field"), [
    ({"reason": " "}, "reason_missing", "reason"),
    ({"number": "99"}, "decision_number", "number"),
    ({"number": "浙总工〔2026〕15号"}, "number_used", "number"),
    ({"meeting_on": date(2026, 3, 11)}, "meeting_ahead", "meeting_on"),
    ({"return_by": date(2026, 3, 9)}, "return_before_meeting", "return_by"),
    ({"return_by": 0}, "days_out_of_range", "count"),
    ({"bar_years": 51}, "bar_years", "bar_years"),
])  # fmt: skip
def test_a_withdrawal_that_cannot_be_read_is_refused(
    world: World, given: dict[str, Any], code: str, field: str
) -> None:
    [one] = named(world)

    with refused(code, InputError, field=field):
        withdrawn(world, one.decision_id or "", **given)


def test_a_ban_follows_only_where_the_decision_says_so(world: World) -> None:
    [one] = named(world)

    withdrawn(world, one.decision_id or "", bar_years=3)

    assert title(one.id).barred_until == date(2029, 3, 10)


def test_only_the_deciding_union_withdraws_and_nobody_for_their_own_unit(world: World) -> None:
    [one] = named(world)
    own = also(world.clerks[0], PROVINCE, Role.REVIEWER)

    for actor, code in ((world.city, "not_your_desk"), (world.admin, "not_your_desk"), (own, "own_case")):
        with refused(code, ForbiddenError), clock.at(NOTICE_OVER):
            withdraw_decision(actor, one.decision_id or "", number=NUMBER, meeting_on=DAY, reason="x", return_by=20)


def test_what_is_no_naming_or_has_nothing_left_is_not_withdrawn(world: World) -> None:
    [one] = named(world)
    with refused("not_found", NotFoundError, thing="decision"):
        withdrawn(world, "nothing")
    made = withdrawn(world, one.decision_id or "")

    with refused("not_a_naming", RefusedError):
        withdrawn(world, made.id)
    with refused("nothing_to_withdraw", RefusedError):
        withdrawn(world, one.decision_id or "", number="浙总工〔2026〕100号")


def test_a_click_sent_twice_withdraws_once(world: World) -> None:
    [one] = named(world)
    made = withdrawn(world, one.decision_id or "", key="k")
    before = everything()

    assert withdrawn(world, one.decision_id or "", key="k") == made
    assert everything() == before


def test_assessments_under_way_are_over_with_the_batch(world: World) -> None:
    [row] = to_assess(world)
    one = title(row.title_id)

    with clock.at(NEW_YEAR):
        withdraw_decision(world.province, one.decision_id or "", number="浙总工〔2027〕1号", reason="未经批准",
                          meeting_on=date(2027, 1, 4), return_by=20)  # fmt: skip

    now = assessment(row.id)
    assert (now.state, now.grade, due(row.id), due(one.id)) == (AssessmentState.FAILED, "revoked", [], [])


def test_a_longer_batch_takes_no_more_statements(
    worlds: Any, enter: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    make, there = worlds
    counts = []
    for n in (1, 3):
        enter(make())
        with clock.at(NOTICE_OVER - timedelta(days=7)):
            decision = named(there, n)[0].decision_id or ""
            with statements(monkeypatch) as run:
                withdrawn(there, decision)
            counts.append(len(run))

    assert counts[0] == counts[1]


def test_feeds_leave_facts_of_the_leader_and_the_unit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ruled(monkeypatch, feeds=FEEDS)
    [one] = named(world)

    found = rows("SELECT kind, organization, person_key, person_name, amount, title_id, words, document FROM fact"
                 " ORDER BY kind")  # fmt: skip

    leader = (None, one.leader_key, one.leader_name)
    tail = (one.id, one.name, "浙总工〔2026〕15号")
    assert found == [
        ("honour", *leader, 5, *tail), ("studio_leader", *leader, 10, *tail),
        ("studio_unit", unit(0), None, "", 3, *tail),
    ]  # fmt: skip
    assert answers()["leader_honour"] == "craftsman"


@pytest.mark.parametrize(("how", "kept"), [("withdrawn", 0), ("revoked", 0), ("ended", 3)])
def test_feeds_fall_with_a_title_revoked_and_stay_with_one_that_ended(
    world: World, monkeypatch: pytest.MonkeyPatch, how: str, kept: int
) -> None:
    ruled(monkeypatch, feeds=FEEDS)
    [one] = named(world)

    if how == "withdrawn":
        withdrawn(world, one.decision_id or "")
    else:
        with clock.at(NOTICE_OVER + timedelta(hours=2)):
            if how == "revoked":
                revoke(world.province, titles=[{"title": one.id, "seen": one.version}], number=NUMBER,
                       meeting_on=DAY, reason="弄虚作假")  # fmt: skip
            else:
                end_title(world.province, one.id, reason="迁出", cause=EndCause.MOVED, seen=one.version)

    assert rows("SELECT count(*) FROM fact WHERE voided_at IS NULL") == [(kept,)]
    assert len(pool(world.province, organization_code=PROVINCE)) == (kept > 0)
    if how == "withdrawn":
        assert rows("SELECT DISTINCT void_reason FROM fact") == [("未经批准",)]


def test_points_count_a_result_once_at_its_highest(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    # The same studio: 10 points for the naming and 5 for the honour are one result, worth its best.
    ruled(monkeypatch, feeds=FEEDS)
    one, _ = named(world, 2)

    own = points(world.clerks[0], organization_code=unit(0))
    given = points(world.province, organization_code=PROVINCE)

    assert [(s.person_name, s.organization, s.points, s.results) for s in own] == [
        (one.leader_name, unit(0), 10, 1), (None, unit(0), 3, 1),
    ]  # fmt: skip
    assert sorted(s.points for s in given) == [3, 3, 10, 10]
    assert points(world.province, organization_code=PROVINCE, year=2025) == []
    assert points(world.stranger, organization_code=PROVINCE) == []
    for year in (-370, 0, 10_000):
        with refused("no_year", InputError, field="year", year=year):
            points(world.province, organization_code=PROVINCE, year=year)


def test_the_pool_tells_how_a_person_entered_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ruled(monkeypatch, feeds=FEEDS)
    [one] = named(world)

    [entered] = pool(world.clerks[0], organization_code=unit(0))

    assert (entered.person_name, entered.fact, entered.happened_on, entered.title_number, entered.document) == (
        one.leader_name, "studio_leader", one.named_on, one.number, "浙总工〔2026〕15号",
    )  # fmt: skip
    assert pool(world.clerks[1], organization_code=unit(0)) == []


def test_a_closed_unit_is_inactive_and_its_title_ended_without_a_ban(world: World) -> None:
    [one] = named(world)
    with refused("cause_not_in_rules", RefusedError, cause="merged"):
        end_title(world.province, one.id, reason="合并", cause=EndCause.MERGED, seen=one.version)

    done = end_title(world.province, one.id, reason="注销", cause=EndCause.CLOSED, seen=one.version)

    assert (done.state, done.end_cause, done.barred_until) == (TitleState.ENDED, EndCause.CLOSED, None)
    [(active,)] = rows("SELECT active FROM organization WHERE code = :c", c=unit(0))
    assert not active
