"""Provisional dates counted anew when the official year arrives: on record, told of, and a notice never shorter."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from models import clock
from models.database import engine
from models.errors import RefusedError
from models.vocabulary import State
from tests.calendars import Calendars, file_of
from tests.rounds_of import in_round, ladder
from tests.worlds import (
    BEIJING,
    CITY,
    COUNTY,
    NOW,
    World,
    application,
    events,
    everything,
    in_notice,
    letters,
    notice_of,
    objected,
    refused,
    rows,
    submitted,
)
from workflows.clocks.recounting import recount
from workflows.clocks.sweep import sweep
from workflows.desk.holding import hold_case, release
from workflows.desk.reviews import send_back
from workflows.hearing.notices import close

# As long as nobody knows 2026, every date of it may move. From Tuesday, 3 March five working days end on the 10th.
UNKNOWN = "known_through = 2025\n"
KNOWN = "known_through = 2026\n"
LATER = KNOWN + "free = [2026-03-05, 2026-03-06]\n"
EARLIER = KNOWN + "working = [2026-03-07, 2026-03-08]\n"
GUESSED, MOVED = datetime(2026, 3, 11, tzinfo=BEIJING), datetime(2026, 3, 13, tzinfo=BEIJING)


@pytest.fixture
def calendars(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Calendars:
    """Answer an override file by which 2026 is not known yet."""
    return file_of(tmp_path, monkeypatch, UNKNOWN)


def line(thing_id: str, kind: str = "review") -> tuple[Any, ...]:
    """An open deadline: when, whether provisional, when at first, how many rungs are behind it."""
    [(at, provisional, first, rung)] = rows(
        "SELECT due_at, provisional, first_due_at, rung FROM deadline"
        " WHERE thing_id = :id AND kind = :kind AND closed_at IS NULL", id=thing_id, kind=kind,
    )  # fmt: skip
    return moment(at), bool(provisional), moment(first), rung


def moment(given: Any) -> datetime | None:
    """A moment as either database gives it."""
    found = datetime.fromisoformat(given) if isinstance(given, str) else given
    return found if found is None or found.tzinfo else found.replace(tzinfo=UTC)


def test_a_date_that_moves_is_counted_anew_on_record_and_told(world: World, calendars: Calendars) -> None:
    row = submitted(world)
    assert line(row.id) == (GUESSED, True, None, 0)

    calendars.say(LATER)
    done = recount()

    assert done == 1
    assert line(row.id) == (MOVED, False, GUESSED, 0)
    after = application(row.id)
    assert (after.due_at, after.version) == (MOVED, row.version + 1)
    assert events(row.id)[-1] == ("recount", "county_review", "county_review", "system")
    assert ("date_recounted", "county") in letters(row.id)
    [(derivation,)] = rows("SELECT derivation FROM deadline WHERE thing_id = :id AND closed_at IS NULL", id=row.id)
    assert derivation == ("自2026年3月3日起5个工作日（首日不计入）：计3月4日、3月9日至3月12日，末日2026年3月12日")


def test_a_date_that_stays_is_settled_without_a_letter(world: World, calendars: Calendars) -> None:
    row = submitted(world)
    before = letters(row.id)

    calendars.say(KNOWN)
    done = recount()

    assert done == 1
    assert line(row.id) == (GUESSED, False, None, 0)
    assert letters(row.id) == before


def test_counting_anew_twice_or_while_nothing_is_known_changes_nothing(world: World, calendars: Calendars) -> None:
    submitted(world)
    before = everything()
    assert recount() == 0
    assert everything() == before

    calendars.say(LATER)
    recount()
    settled = everything()

    assert recount() == 0
    assert everything() == settled


def test_a_correction_does_not_lapse_by_a_date_that_the_calendar_moved(world: World, calendars: Calendars) -> None:
    row = submitted(world)
    faults = [{"field": "topics", "words": "写明"}]
    back = send_back(world.county, row.id, faults=faults, seen=row.version)
    assert back.due_at is not None
    calendars.say(LATER)

    with clock.at(back.due_at):
        swept = sweep()

    assert (swept["dates_recounted"], swept["lapsed"]) == (1, 0)
    assert application(row.id).state is State.RETURNED
    assert line(row.id, "correction")[:3] == (back.due_at + timedelta(days=4), False, back.due_at)
    assert ("date_recounted", "clerk0") in letters(row.id)


def test_a_notice_hangs_longer_where_its_days_turn_out_to_be_off(world: World, calendars: Calendars) -> None:
    _, notice = in_notice(world, 1)
    assert (notice.ends_at, notice.provisional) == (datetime(2026, 3, 10, tzinfo=BEIJING), True)

    calendars.say(LATER)
    recount()

    after = notice_of(notice.id)
    assert (after.last_day.isoformat(), after.ends_at, after.provisional) == (
        "2026-03-11", datetime(2026, 3, 12, tzinfo=BEIJING), False,
    )  # fmt: skip
    assert line(notice.id, "notice_end")[0] == after.ends_at
    with clock.at(notice.ends_at), refused("notice_running", RefusedError):
        close(world.province, notice.id, seen=after.version)


def test_a_notice_is_never_shorter_than_it_was_published(world: World, calendars: Calendars) -> None:
    _, notice = in_notice(world, 1)

    calendars.say(EARLIER)
    recount()

    after = notice_of(notice.id)
    assert (after.ends_at, after.last_day, after.provisional) == (notice.ends_at, notice.last_day, False)
    assert after.derivation.endswith("官方安排公布后应为2026年3月7日，公示不缩短")
    assert [one for one in letters(notice.id) if one[0] == "date_recounted"] == []


def test_an_objection_and_its_application_keep_one_date(world: World, calendars: Calendars) -> None:
    ids, notice = in_notice(world, 1)
    made = objected(world, notice, ids[0])

    calendars.say(LATER)
    recount()

    moved = line(made.id, "objection_answer")
    assert moved == line(ids[0], "objection_answer")
    assert application(ids[0]).due_at == moved[0]
    assert moved[1] is False


def test_a_cut_off_still_holds_a_date_back_when_it_is_counted_anew(world: World, calendars: Calendars) -> None:
    step = {"cut_off": "03-11", "late": "accept", "source": {"document": "通知", "clause": "三"}}
    w = in_round(world, quotas={COUNTY: 5, CITY: 10}, ladder=ladder(county=step))
    row = submitted(w)
    assert row.due_at == GUESSED

    calendars.say(LATER)
    recount()

    at, provisional, first, _ = line(row.id)
    assert (at, provisional, first) == (datetime(2026, 3, 12, tzinfo=BEIJING), False, GUESSED)


def test_a_hold_that_ended_runs_on_by_the_calendar_that_is_known(world: World, calendars: Calendars) -> None:
    row = submitted(world)
    held = hold_case(world.county, row.id, until=date(2026, 3, 4), reason="等证明", seen=row.version)
    release(world.county, row.id, seen=held.version)
    assert line(row.id)[:2] == (GUESSED, True)

    calendars.say(LATER)
    recount()

    assert line(row.id)[:2] == (MOVED, False)


def test_a_basis_nobody_can_read_is_set_aside_and_the_others_are_counted(world: World, calendars: Calendars) -> None:
    bad, good = submitted(world), submitted(world, 1)
    with engine().begin() as connection:
        connection.execute(sa.text("UPDATE deadline SET basis = '{\"days\": 5}' WHERE thing_id = :id"), {"id": bad.id})
    calendars.say(LATER)

    with clock.at(NOW + timedelta(hours=1)):
        swept = sweep()

    assert (swept["dates_recounted"], swept["set_aside"]) == (1, 1)
    assert (line(bad.id)[:2], line(good.id)[:2]) == ((GUESSED, True), (MOVED, False))


def test_reminders_start_again_where_the_new_date_has_not_come_to_them(world: World, calendars: Calendars) -> None:
    row = submitted(world)
    with clock.at(GUESSED - timedelta(days=1)):
        sweep()
        assert line(row.id)[3] == 1
        calendars.say(LATER)
        sweep()

        assert line(row.id) == (MOVED, False, GUESSED, 0)
    with clock.at(MOVED - timedelta(days=2)):
        sweep()

    assert [one for one in letters(row.id) if one[0] == "deadline_before"] == [("deadline_before", "county")] * 2


@pytest.mark.parametrize("calendar", [KNOWN, EARLIER])
def test_no_reminder_is_lost_where_the_calendar_comes_while_the_clocks_are_down(
    world: World, calendars: Calendars, calendar: str
) -> None:
    row = submitted(world)
    calendars.say(calendar)

    # The day before it was to be due: nobody was reminded of it two days before, and it may be overdue by now.
    with clock.at(GUESSED - timedelta(days=1)):
        sweep()
        told = {one for one in letters(row.id) if one[0].startswith("deadline_")}
        assert told == {("deadline_before" if calendar == KNOWN else "deadline_overdue", "county")}
