"""Cut-offs of the tiers: promises end with them, and a list after them meets the programme's policy."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from models import clock
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError
from models.vocabulary import SlateState, State
from tests.counting import statements
from tests.rounds_of import in_round, ladder
from tests.worlds import (
    BEIJING,
    CITY,
    CLOSES,
    COUNTY,
    PROVINCE,
    World,
    application,
    at_city,
    at_county,
    checked,
    drafted,
    due,
    events,
    everything,
    letters,
    notice_of,
    objected,
    places_on,
    quota,
    refused,
    rows,
    sealed,
    sent,
    slate,
    submitted,
)
from workflows import doctor
from workflows.clocks.sweep import sweep
from workflows.desk.cut_offs import extend
from workflows.desk.reviews import send_back
from workflows.hearing.notices import close, publish
from workflows.hearing.objections import report_back, settle
from workflows.intake.applications import submit, withdraw
from workflows.listing.sending import recall, send_up
from workflows.listing.slates import open_slate

SOURCE = {"document": "评选通知", "clause": "三、报送时间"}
# Friday, 6 March, noon; the county's five working days from Tuesday would end on Tuesday, the 10th.
CUT_OFF = datetime(2026, 3, 6, 12, tzinfo=BEIJING)
AFTER = CUT_OFF + timedelta(minutes=1)
UNTIL = datetime(2026, 3, 12, 17, tzinfo=BEIJING)


def cut(w: World, late: str, **more: Any) -> World:
    """A round in which the county sends by noon of 6 March."""
    step = {"cut_off": "03-06", "hour": "12:00", "late": late, "source": SOURCE, **more}
    return in_round(w, quotas={COUNTY: 5, CITY: 10}, ladder=ladder(county=step))


def promises(application_id: str) -> list[tuple[str, Any]]:
    """What is due for an application: kind and derivation."""
    return rows("SELECT kind, derivation FROM deadline WHERE thing_id = :id AND closed_at IS NULL", id=application_id)


def test_cut_off_a_review_is_due_by_it_even_where_the_tier_has_more_days(world: World) -> None:
    row = submitted(cut(world, "lapse"))

    assert row.due_at == CUT_OFF
    [(kind, derivation)] = promises(row.id)
    assert (kind, "不晚于本级截止" in derivation) == ("review", True)
    # A tier without one keeps its days: seven working days from Tuesday.
    [one], _ = at_city(cut(world, "accept"), 1)
    assert application(one).due_at == datetime(2026, 3, 13, tzinfo=BEIJING)


def test_cut_off_a_correction_never_runs_past_it(world: World) -> None:
    w = cut(world, "lapse")
    row = submitted(w)
    with clock.at(CUT_OFF - timedelta(days=1)):
        after = send_back(w.county, row.id, faults=[{"field": "topics", "words": "不清"}], seen=row.version)

    assert after.due_at == CUT_OFF


def test_late_accept_takes_a_late_list_and_says_so(world: World) -> None:
    w = cut(world, "accept")
    made = sealed(w, COUNTY, at_county(w, 1))

    with clock.at(AFTER):
        send_up(w.county, made.id, seen=made.version)
        late = submitted(w, 1)

    [(body,)] = rows("SELECT body FROM journal_event WHERE thing_id = :s AND act = 'send-up'", s=made.id)
    assert "late" in str(body)
    # What comes after it has the tier's usual days from its own arrival.
    assert late.due_at == datetime(2026, 3, 14, tzinfo=BEIJING)


@pytest.mark.parametrize(("late", "ask"), [("lapse", None), ("extend", PROVINCE)])
def test_late_a_list_after_the_cut_off_is_refused_with_its_source(world: World, late: str, ask: str | None) -> None:
    w = cut(world, late)
    made = sealed(w, COUNTY, at_county(w, 1))

    with clock.at(CUT_OFF):
        told = {"rung": "county", "late": late, "ask": ask, "source": SOURCE, "due_at": "2026-03-06T04:00:00+00:00"}
        with refused("past_cut_off", RefusedError, **told):
            send_up(w.county, made.id, seen=made.version)
    with clock.at(CUT_OFF - timedelta(seconds=1)):
        assert send_up(w.county, made.id, seen=made.version).state is SlateState.SENT_UP


def test_what_went_up_in_time_is_not_taken_back_when_it_could_not_go_up_again(world: World) -> None:
    w = cut(world, "extend")
    made = sent(w, COUNTY, at_county(w, 1))

    with clock.at(AFTER), refused("past_cut_off", RefusedError):
        recall(w.county, made.id, seen=made.version, reason="重新排序")


def test_late_lapse_what_still_lies_at_the_tier_is_given_up_and_told(world: World) -> None:
    w = cut(world, "lapse")
    ids = at_county(w, 4)
    gone = sent(w, COUNTY, ids[:1])
    kept = sealed(w, COUNTY, ids[1:2], ids[2:3])
    assert quota(w, COUNTY) == (5, 1, 1)
    with clock.at(CUT_OFF - timedelta(seconds=1)):
        assert sweep()["lapsed"] == 0

    with clock.at(AFTER):
        assert sweep()["lapsed"] == 3
        assert sweep()["lapsed"] == 0
        assert doctor.check() == []

    assert [application(one).state for one in ids] == [State.CITY_REVIEW, *[State.LAPSED] * 3]
    assert (places_on(kept.id), slate(gone.id).state, quota(w, COUNTY)) == ([], SlateState.SENT_UP, (5, 0, 1))
    for n, one in enumerate(ids[1:], start=1):
        assert ("lapsed", f"clerk{n}") in letters(one)
        assert due(one) == []


def test_late_lapse_nothing_comes_to_a_tier_that_can_send_nothing_up(world: World) -> None:
    w = cut(world, "lapse")
    row = drafted(w)

    with clock.at(AFTER), refused("past_cut_off", RefusedError, rung="county", source=SOURCE):
        submit(w.clerks[0], row.id, seen=row.version)
    w = in_round(world, ladder=ladder(city={"cut_off": "03-06", "hour": "12:00", "late": "lapse"}))
    made = sealed(w, COUNTY, at_county(w, 1))
    with clock.at(AFTER), refused("past_cut_off", RefusedError, rung="city-or-industry"):
        send_up(w.county, made.id, seen=made.version)


def test_late_lapse_takes_the_names_of_a_notice_that_did_not_end_in_time(world: World) -> None:
    w = cut(world, "lapse", notice=True)
    made = sealed(w, COUNTY, at_county(w, 2))
    notice = publish(w.county, made.id, seen=made.version)

    with clock.at(AFTER):
        assert sweep()["lapsed"] == 2

    assert (slate(made.id).state, quota(w, COUNTY), due(notice.id)) == (SlateState.DECIDED, (5, 0, 0), [])


@pytest.mark.parametrize("late", ["accept", "extend"])
def test_late_nothing_lapses_where_the_programme_does_not_say_so(world: World, late: str) -> None:
    w = cut(world, late)
    [one] = at_county(w, 1)

    with clock.at(AFTER):
        assert sweep()["lapsed"] == 0
    assert application(one).state is State.COUNTY_REVIEW


def test_the_deciding_tiers_cut_off_is_only_its_promise(world: World) -> None:
    w = in_round(world, ladder=ladder(province={"cut_off": "03-06", "late": "lapse"}))
    ids, _ = at_city(w, 1)
    listed = sent(w, CITY, ids)
    open_slate(w.province, listed.id, seen=listed.version)
    assert application(ids[0]).due_at == datetime(2026, 3, 7, tzinfo=BEIJING)

    with clock.at(AFTER + timedelta(days=3)):
        assert sweep()["lapsed"] == 0


def test_an_extension_may_have_as_long_a_reason_as_there_is_room_for(world: World) -> None:
    w, why = cut(world, "extend"), "台" * 500
    [one] = at_county(w, 1)
    with clock.at(AFTER):
        given = extend(w.province, round_id=w.round_id, organization_code=COUNTY, until=UNTIL, reason=why)

    assert given.reason == why
    assert promises(one) == [("review", f"经批准延长：{why[:493]}…")]


def test_an_extension_moves_the_promise_and_lets_the_list_go_up(world: World) -> None:
    w = cut(world, "extend")
    ids = at_county(w, 2)
    made = sealed(w, COUNTY, ids[:1])
    with clock.at(AFTER):
        given = extend(w.province, round_id=w.round_id, organization_code=COUNTY, until=UNTIL, reason="台风停工")

        assert (given.desk, given.rung, given.until, given.reason) == (COUNTY, "county", UNTIL, "台风停工")
        assert [application(one).due_at for one in ids] == [UNTIL, UNTIL]
        assert [promises(one) for one in ids] == [[("review", "经批准延长：台风停工")]] * 2
        assert letters(w.round_id) == [("cut_off_extended", "county")]
        assert events(w.round_id)[-1] == ("extend", "open", "open", "province")
    with clock.at(UNTIL), refused("past_cut_off", RefusedError):
        send_up(w.county, made.id, seen=made.version)
    with clock.at(UNTIL - timedelta(seconds=1)):
        assert send_up(w.county, made.id, seen=made.version).state is SlateState.SENT_UP
        assert doctor.check() == []


def test_the_last_extension_counts_and_the_same_click_extends_once(world: World) -> None:
    w = cut(world, "extend")
    given: dict[str, Any] = {"round_id": w.round_id, "organization_code": COUNTY, "until": UNTIL, "reason": "台风停工"}
    first = extend(w.admin, **given, key="k")

    assert extend(w.admin, **given, key="k") == first
    later = extend(w.admin, **{**given, "until": UNTIL + timedelta(days=1)})
    assert submitted(w).due_at == datetime(2026, 3, 11, tzinfo=BEIJING)  # the tier's own five days are sooner now
    assert rows("SELECT count(*) FROM extension") == [(2,)]
    assert later.until == UNTIL + timedelta(days=1)


@pytest.mark.parametrize(("late", "given", "code", "kind", "details"), [
    ("lapse", {}, "not_extendable", RefusedError, {"rung": "county", "late": "lapse", "source": SOURCE}),
    ("accept", {}, "not_extendable", RefusedError, {"late": "accept"}),
    ("extend", {"organization_code": CITY}, "no_cut_off", RefusedError, {"rung": "city-or-industry"}),
    ("extend", {"until": CUT_OFF}, "extension_backwards", InputError, {"field": "until"}),
    ("extend", {"reason": " "}, "reason_missing", InputError, {"field": "reason"}),
    ("extend", {"organization_code": "999999"}, "not_found", NotFoundError, {}),
    ("extend", {"round_id": "no"}, "not_found", NotFoundError, {}),
])  # fmt: skip
def test_an_extension_that_cannot_be_given_is_refused(
    world: World, late: str, given: dict[str, Any], code: str, kind: Any, details: dict[str, Any]
) -> None:
    w = cut(world, late)
    usual = {"round_id": w.round_id, "organization_code": COUNTY, "until": UNTIL, "reason": "台风停工"}

    with refused(code, kind, **details):
        extend(w.province, **{**usual, **given})


def test_only_the_deciding_union_extends(world: World) -> None:
    w = cut(world, "extend")

    for actor in (w.county, w.city, w.clerks[0]):
        with refused("not_your_desk", ForbiddenError, act="extend"):
            extend(actor, round_id=w.round_id, organization_code=COUNTY, until=UNTIL, reason="台风停工")


def test_rolling_rounds_have_no_cut_offs(world: World) -> None:
    steps = ladder(county={"cut_off": "03-06", "late": "lapse"})
    w = in_round(world, ladder=steps, closes_at=None, entry={"rolling": True})
    ids = checked(w, COUNTY, submitted(w).id)
    with clock.at(AFTER):
        assert sweep()["lapsed"] == 0
        assert sent(w, COUNTY, ids).state is SlateState.SENT_UP


def test_a_draft_is_not_touched_by_a_tiers_cut_off(world: World) -> None:
    w = cut(world, "lapse")
    row = drafted(w)
    before = everything()["application"]

    with clock.at(AFTER):
        sweep()

    assert (application(row.id).state, everything()["application"]) == (State.DRAFT, before)
    assert CLOSES > AFTER


def test_an_extension_holds_the_applications_before_it_puts_off_what_is_due(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    w = cut(world, "extend")
    submitted(w)

    with statements(monkeypatch) as run:
        extend(w.province, round_id=w.round_id, organization_code=COUNTY, until=UNTIL, reason="台风停工")

    told = [" ".join(one.split()[:2]) for one in run if "application.due_at =" in one]
    assert told == ["SELECT application.id", "UPDATE deadline", "UPDATE application"]


def test_late_lapse_no_reserve_name_rises_to_a_tier_that_can_send_nothing_up(world: World) -> None:
    w = in_round(world, quotas={COUNTY: 5, CITY: 10},
                 ladder=ladder(city={"cut_off": "03-06", "hour": "12:00", "late": "lapse"}))  # fmt: skip
    ids = at_county(w, 3)
    made = sent(w, COUNTY, ids[:2], ids[2:])
    row = application(ids[0])

    with clock.at(AFTER):
        withdraw(w.clerks[0], row.id, seen=row.version)

    assert (application(ids[2]).state, application(ids[2]).step) == (State.COUNTY_REVIEW, 0)
    assert places_on(made.id) == [(ids[1], 1, False), (ids[2], 2, True)]
    assert quota(w, COUNTY) == (5, 0, 1)


def test_late_lapse_whom_an_objection_kept_below_goes_up_late_and_does_not_lapse(world: World) -> None:
    w = in_round(world, quotas={COUNTY: 5, CITY: 10}, ladder=ladder(
        county={"notice": True}, city={"cut_off": "03-13", "hour": "12:00", "late": "lapse"}))  # fmt: skip
    ids = at_county(w, 2)
    made = sealed(w, COUNTY, ids)
    notice = publish(w.county, made.id, seen=made.version)
    case = objected(w, notice, ids[0])
    with clock.at(datetime(2026, 3, 12, 9, tzinfo=BEIJING)):
        close(w.county, notice.id, seen=notice_of(notice.id).version)
        send_up(w.county, made.id, seen=slate(made.id).version)
    with clock.at(datetime(2026, 3, 16, 9, tzinfo=BEIJING)):
        case = report_back(w.desk(str(case.investigator)), case.id, finding="查无实据", seen=case.version)
        settle(w.county, case.id, outcome="dismissed", reason="查无实据", seen=case.version)

        assert sweep()["lapsed"] == 1

        assert [application(one).state for one in ids] == [State.CITY_REVIEW, State.LAPSED]
        late = sealed(w, CITY, checked(w, CITY, ids[0]))
        assert send_up(w.city, late.id, seen=late.version).state is SlateState.SENT_UP
