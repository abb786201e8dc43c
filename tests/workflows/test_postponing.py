"""Dates put off: with a reason, by who is above or asks for it, told to who owes it, and kept equal everywhere."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from models import clock
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError, ShenbaoError, StaleError
from models.vocabulary import DeadlineKind, Role
from tests.rounds_of import in_round, ladder
from tests.worlds import (
    BEIJING,
    CITY,
    COUNTY,
    NEW_YEAR,
    World,
    also,
    application,
    closed,
    drafted,
    events,
    everything,
    in_notice,
    letters,
    objected,
    person,
    refused,
    rows,
    submitted,
    to_assess,
    unit,
)
from workflows.clocks.postponing import postponable, postpone
from workflows.clocks.sweep import sweep
from workflows.desk.deputies import depute
from workflows.desk.reviews import send_back
from workflows.hearing.objections import report_back
from workflows.named.assessments import rectify
from workflows.record.acting import Actor, actor_of
from workflows.rules.calendar import ends_at

# The county's five working days from Tuesday, 3 March end on the 10th.
DUE = datetime(2026, 3, 11, tzinfo=BEIJING)
UNTIL, ENDS = date(2026, 3, 16), datetime(2026, 3, 17, tzinfo=BEIJING)


def line(thing_id: str, kind: str = "review") -> str:
    """The id of an open deadline."""
    return str(rows("SELECT id FROM deadline WHERE thing_id = :id AND kind = :kind AND closed_at IS NULL",
                    id=thing_id, kind=kind)[0][0])  # fmt: skip


def moment(given: Any) -> datetime:
    """A moment as either database gives it."""
    found = datetime.fromisoformat(given) if isinstance(given, str) else given
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def put_off(who: Actor, thing_id: str, kind: str = "review", **more: Any) -> Any:
    """Somebody puts a date of a thing off."""
    given = {"until": UNTIL, "reason": "材料核实需要时间", "seen_due": DUE, **more}
    return postpone(who, line(thing_id, kind), **given)


def test_who_is_above_a_desk_gives_it_more_time_and_everybody_concerned_hears(world: World) -> None:
    row = submitted(world)

    made = put_off(world.city, row.id)

    assert (made.due_at, made.first_due_at, made.provisional, made.rung, made.fired_at) == (ENDS, DUE, False, 0, None)
    assert made.derivation == "经批准顺延：材料核实需要时间"
    after = application(row.id)
    assert (after.due_at, after.state, after.version) == (ENDS, row.state, row.version + 1)
    assert events(row.id)[-1] == ("postpone", "county_review", "county_review", "city")
    assert [one for one in letters(row.id) if one[0] == "deadline_postponed"] == [
        ("deadline_postponed", "clerk0"), ("deadline_postponed", "county"),
    ]  # fmt: skip


def test_the_first_date_stays_on_record_however_often_it_is_put_off(world: World) -> None:
    row = submitted(world)
    put_off(world.city, row.id)

    made = put_off(world.province, row.id, until=date(2026, 3, 20), seen_due=ENDS)

    assert (made.first_due_at, made.due_at) == (DUE, datetime(2026, 3, 21, tzinfo=BEIJING))


def test_reminders_start_anew_after_a_date_was_put_off(world: World) -> None:
    row = submitted(world)
    with clock.at(DUE):
        sweep()
        assert rows("SELECT fired_at IS NOT NULL FROM deadline WHERE id = :id", id=line(row.id)) in ([(1,)], [(True,)])
        put_off(world.city, row.id)
        sweep()
        assert rows("SELECT fired_at, rung FROM deadline WHERE id = :id", id=line(row.id)) == [(None, 0)]
    with clock.at(ENDS):
        sweep()

    assert [one for one in letters(row.id) if one[0] == "deadline_at"] == [("deadline_at", "county")] * 2


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ADMINISTRATOR])
def test_a_desk_never_puts_off_what_it_owes_itself(world: World, role: Role) -> None:
    row, who = submitted(world), person("chief", COUNTY, role)

    with refused("own_promise", ForbiddenError):
        put_off(who, row.id)


def test_a_unit_has_no_say_and_a_stranger_does_not_even_learn_of_it(world: World) -> None:
    row, both = submitted(world), also(world.city, unit(0), Role.CLERK)

    with refused("own_case", ForbiddenError):
        put_off(world.clerks[0], row.id)
    with refused("not_found", NotFoundError):
        put_off(world.stranger, row.id)
    with refused("own_case", ForbiddenError):
        put_off(both, row.id)


def test_a_desk_may_give_an_applicant_more_time_to_correct(world: World) -> None:
    row = submitted(world)
    back = send_back(world.county, row.id, faults=[{"field": "topics", "words": "写明"}], seen=row.version)

    made = put_off(world.county, row.id, "correction", until=date(2026, 3, 13), seen_due=back.due_at)

    assert application(row.id).due_at == made.due_at == datetime(2026, 3, 14, tzinfo=BEIJING)
    assert ("deadline_postponed", "clerk0") in letters(row.id)


def test_the_deciding_union_gives_a_unit_more_time_for_its_report(world: World) -> None:
    [owed] = to_assess(world)
    with clock.at(NEW_YEAR):
        at = postponable(world.province, line(owed.id, "assessment_report")).due_at

        made = put_off(world.province, owed.id, "assessment_report", until=date(2027, 4, 30), seen_due=at)

        assert made.due_at == datetime(2027, 5, 1, tzinfo=BEIJING)
        assert ("deadline_postponed", "clerk0") in letters(owed.id)
        with refused("own_case", ForbiddenError):
            put_off(world.clerks[0], owed.id, "assessment_report", until=date(2027, 5, 10), seen_due=made.due_at)


def test_the_re_check_after_a_rectification_that_is_put_off_comes_as_much_later(world: World) -> None:
    [row] = to_assess(world)
    with clock.at(NEW_YEAR):
        rectify(world.province, row.id, reason="未报送", seen=row.version)
        dates = "SELECT kind, due_at FROM deadline WHERE thing_id = :id AND closed_at IS NULL ORDER BY kind"
        before = {kind: moment(at) for kind, at in rows(dates, id=row.id)}
        late = date(before["recheck"].year, 6, 30)
        put_off(world.province, row.id, "rectification", until=late, seen_due=before["rectification"])
        after = {kind: moment(at) for kind, at in rows(dates, id=row.id)}

    assert before["rectification"] < before["recheck"] < after["rectification"] < after["recheck"]
    assert after["rectification"] == ends_at(late)


def test_a_deputy_gives_no_time_to_the_unit_of_who_is_away(world: World) -> None:
    row = submitted(world)
    stands_in = person("deputy", CITY, Role.WORKER)
    depute(world.city, deputy=stands_in.email, organization_code=CITY, ends_at=ENDS, reason="出差")
    free = postponable(actor_of(stands_in.email), line(row.id))

    also(world.city, unit(0), Role.CLERK)

    assert free.code is None
    with pytest.raises((ForbiddenError, NotFoundError)):
        put_off(actor_of(stands_in.email), row.id)


def test_nobody_puts_off_an_inquiry_about_their_own_unit(world: World) -> None:
    ids, notice = in_notice(world, 1)
    made = objected(world, notice, ids[0])
    report_back(world.city, made.id, finding="属实", seen=made.version)
    both = also(person("nation", "000000", Role.REVIEWER), application(ids[0]).organization, Role.CLERK)

    at = postponable(person("other", "000000", Role.REVIEWER), line(made.id, "settlement")).due_at

    for thing in (made.id, ids[0]):
        with pytest.raises((ForbiddenError, NotFoundError)):
            put_off(both, thing, "settlement", until=date(2026, 3, 20), seen_due=at)


def test_a_settlement_is_put_off_with_the_application_it_holds_back(world: World) -> None:
    nation = person("nation", "000000", Role.ADMINISTRATOR)
    ids, notice = in_notice(world, 1)
    made = objected(world, notice, ids[0])
    report_back(world.city, made.id, finding="属实", seen=made.version)
    at = postponable(nation, line(made.id, "settlement")).due_at

    for thing, until in ((made.id, date(2026, 3, 20)), (ids[0], date(2026, 3, 24))):
        at = put_off(nation, thing, "settlement", until=until, seen_due=at).due_at

        assert application(ids[0]).due_at == at
        assert rows("SELECT count(DISTINCT due_at) FROM deadline WHERE kind = 'settlement' AND closed_at IS NULL") == [
            (1,)
        ]
    assert [one[0] for one in events(made.id)][-2:] == [one[0] for one in events(ids[0])][-2:] == ["postpone"] * 2


def test_a_decision_of_the_province_is_put_off_by_who_is_above_it(world: World) -> None:
    _, notice = closed(world, 1)
    nation = person("nation", "000000", Role.REVIEWER)
    at = postponable(nation, line(notice.id, "decision")).due_at

    with refused("own_promise", ForbiddenError):
        put_off(world.province, notice.id, "decision", until=date(2026, 5, 15), seen_due=at)
    made = put_off(nation, notice.id, "decision", until=date(2026, 5, 15), seen_due=at)

    assert made.due_at == datetime(2026, 5, 16, tzinfo=BEIJING)


@pytest.mark.parametrize("kind", ["notice_end", "objection_answer", "submission"])
def test_what_has_a_rule_of_its_own_is_not_put_off_by_hand(world: World, kind: str) -> None:
    ids, notice = in_notice(world, 1)
    things = {"notice_end": notice.id, "objection_answer": objected(world, notice, ids[0]).id,
              "submission": drafted(world, 3).id}  # fmt: skip

    with refused("not_postponable", RefusedError):
        put_off(world.admin, things[kind], kind)


@pytest.mark.parametrize(
    ("given", "code", "error"),
    [
        ({"until": date(2026, 3, 10)}, "postpone_backwards", InputError),
        ({"until": date(2026, 3, 14)}, "postpone_day_off", InputError),
        ({"until": date(2026, 6, 30)}, "postpone_past_round", RefusedError),
        ({"reason": "  "}, "reason_missing", InputError),
        ({"seen_due": DUE - timedelta(days=1)}, "due_moved", StaleError),
    ],
)
def test_a_date_goes_only_forward_to_a_working_day_in_the_round(
    world: World, given: dict[str, Any], code: str, error: type[ShenbaoError]
) -> None:
    row = submitted(world)

    with refused(code, error):
        put_off(world.city, row.id, **given)


def test_a_date_is_not_put_off_past_the_tiers_cut_off(world: World) -> None:
    step = {"cut_off": "03-13", "late": "accept", "source": {"document": "通知", "clause": "三"}}
    row = submitted(in_round(world, quotas={COUNTY: 5, CITY: 10}, ladder=ladder(county=step)))

    with refused("postpone_past_cut_off", RefusedError):
        put_off(world.city, row.id)


def test_what_is_done_is_not_put_off(world: World) -> None:
    row = submitted(world)
    old = line(row.id)
    send_back(world.county, row.id, faults=[{"field": "topics", "words": "写明"}], seen=row.version)

    with refused("deadline_closed", RefusedError):
        postpone(world.city, old, until=UNTIL, reason="核实", seen_due=DUE)


def test_the_same_click_again_changes_nothing(world: World) -> None:
    row = submitted(world)
    made = put_off(world.city, row.id, key="click")
    before = everything()

    assert put_off(world.city, row.id, key="click") == made
    assert everything() == before


def test_a_page_asks_who_may_before_it_offers_it(world: World) -> None:
    row = submitted(world)
    asked = [postponable(who, line(row.id)) for who in (world.city, world.county, world.clerks[0])]

    assert [(one.kind, one.due_at, one.may, one.code) for one in asked] == [
        (DeadlineKind.REVIEW, DUE, True, None),
        (DeadlineKind.REVIEW, DUE, False, "own_promise"),
        (DeadlineKind.REVIEW, DUE, False, "own_case"),
    ]
    with refused("not_found", NotFoundError):
        postponable(world.stranger, line(row.id))
