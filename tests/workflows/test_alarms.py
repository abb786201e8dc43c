"""Alarms about the clocks: every keeper is written to once an hour, ahead of all that waits, and by whoever noticed."""

from datetime import UTC, datetime, timedelta

import pytest

from models import clock
from models.settings import settings
from tests.worlds import NOW, World, at_county, rows
from workflows.clocks import alarms
from workflows.clocks.runs import note_run
from workflows.clocks.sweep import sweep
from workflows.post.carriers import inbox
from workflows.rules.calendar import SHANGHAI

_ALARMS = "SELECT account_id FROM letter WHERE template = 'clock_alarm'"


def _post() -> list[tuple[str, str]]:
    return [(one.state, one.subject) for one in inbox() if "定时任务" in one.subject or "clocks" in one.subject]


def test_a_sweep_that_completed_lately_is_no_alarm(world: World) -> None:
    with clock.at(NOW):
        sweep()
    with clock.at(NOW + timedelta(minutes=9)):
        assert alarms.no_sweep() == 0

    assert rows(_ALARMS) == []


def test_ten_minutes_without_a_sweep_reach_every_keeper_once_an_hour(world: World) -> None:
    with clock.at(NOW):
        sweep()
    said = []
    for minutes in (11, 12, 70, 72):
        with clock.at(NOW + timedelta(minutes=minutes)):
            said.append(alarms.no_sweep())

    assert said == [1, 0, 0, 1]
    assert rows(_ALARMS) == [(world.admin.id,)] * 2


def test_letters_and_backups_of_late_are_no_sweep(world: World) -> None:
    with clock.at(NOW):
        note_run("letters", NOW, {"sent": 1})
        assert alarms.no_sweep() == 1


def test_sweeps_that_come_seldom_are_given_three_of_their_intervals(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHENBAO_SWEEP_SECONDS", "1200")
    settings.cache_clear()
    with clock.at(NOW):
        sweep()

    told = []
    for minutes in (59, 61):
        with clock.at(NOW + timedelta(minutes=minutes)):
            told.append(alarms.no_sweep())

    assert told == [0, 1]


def test_an_alarm_leaves_before_a_full_outbox(world: World) -> None:
    with clock.at(NOW):
        at_county(world, 2)
    with clock.at(NOW + timedelta(hours=1)):
        alarms.carry(alarms.no_sweep())
        assert _post() == [("sent", "【请办理】定时任务出现异常")]
        assert {one.state for one in inbox() if "定时任务" not in one.subject} == {"waiting"}


def test_a_run_that_lost_its_worker_is_told_by_its_name(world: World) -> None:
    with clock.at(NOW):
        assert alarms.lost_worker("deadline-sweep 03-02 12:00") == 1
        assert alarms.lost_worker("letters 03-02 12:05") == 0

    assert rows("SELECT count(*) FROM letter WHERE template = 'clock_alarm'") == [(1,)]


def test_a_run_that_our_own_tables_know_to_have_ended_is_no_alarm(world: World) -> None:
    for minutes in (0, 2):
        with clock.at(NOW + timedelta(minutes=minutes)):
            note_run("sweep", clock.now(), {"lapsed": 1})
    names = [f"deadline-sweep {(NOW + timedelta(minutes=n)).astimezone(SHANGHAI):%m-%d %H:%M}" for n in (0, 2, 1)]
    with clock.at(NOW + timedelta(minutes=3)):
        assert [alarms.lost_worker(name) for name in names] == [0, 0, 1]


def test_a_run_of_new_year_s_eve_is_of_the_year_that_is_over(world: World) -> None:
    eve = datetime(2026, 12, 31, 15, 59, tzinfo=UTC)
    with clock.at(eve):
        note_run("letters", eve, {"sent": 1})
    with clock.at(eve + timedelta(minutes=3)):
        assert alarms.lost_worker("letters 12-31 23:59") == 0


def test_two_faces_that_see_it_at_once_write_one_letter(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    # As when both have looked before either has written.
    monkeypatch.setattr(alarms, "last_run", lambda _kind: None)
    with clock.at(NOW):
        alarms.lost_worker("letters 03-02 12:00")
        alarms.lost_worker("letters 03-02 12:00")

    assert rows(_ALARMS) == [(world.admin.id,)]


def test_a_wrong_clock_that_ran_ahead_silences_no_later_alarm(world: World) -> None:
    with clock.at(NOW + timedelta(days=400)):
        assert alarms.lost_worker("letters 04-05 12:00") == 1
    with clock.at(NOW):
        assert alarms.lost_worker("letters 03-02 12:00") == 1
