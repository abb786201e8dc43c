"""F2, F10: sweeps that are killed, late, many at once, or woken by a clock that is wrong."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa

from models import clock
from models.base import seeded, table
from models.database import engine, reading
from models.deadline import Deadline
from models.journal import Event
from models.letter import Letter
from models.round import Round
from models.sql import Sql, rows_of
from models.vocabulary import Act, DeadlineKind, Role
from tests.faults.acts import die_sweeping, sweep_in_zone, sweep_together
from tests.faults.lives import PROCESSES, T, complaints, died, here, lines, started
from tests.provinces import Worlds
from tests.worlds import CLOSES, COUNTY, NOW, World, also, checked, drafted, letters, rows, submitted
from workflows.clocks.sweep import sweep
from workflows.desk.reviews import send_back
from workflows.post.reminders import LADDERS
from workflows.rules.calendar import ends_at

SECOND, HOURS, DAY, YEAR = timedelta(seconds=1), timedelta(hours=2), timedelta(days=1), timedelta(days=365)
AFTER = CLOSES + timedelta(days=1)
SWEEPERS, KILLS = 4, 6
_LEFT = {
    "events": "SELECT thing_id, version, act, source, target, at FROM journal_event",
    # One sweep may mark as past what another closes at this moment: only open ones are compared.
    "deadlines": (
        "SELECT thing_id, kind, desk, due_at, rung, closed_at,"
        " CASE WHEN closed_at IS NULL THEN fired_at END FROM deadline"
    ),
    "letters": "SELECT account_id, template, thing_id, created_at FROM letter",
}


@pytest.fixture
def made(worlds: Worlds, enter: Callable[[str], None]) -> Callable[[], str]:
    """Make and enter the same busy province, as often as a test wants."""

    def make() -> str:
        url: str = worlds[0]()
        enter(url)
        with clock.at(NOW), seeded(7):
            _busy(worlds[1])
        return url

    return make


def _busy(there: World) -> None:
    """Corrections, reviews at two stages, and a draft: all of it will be late."""
    faults = [{"field": "topics", "words": "写明"}]
    for n in range(2):
        row = submitted(there, n)
        send_back(there.county, row.id, faults=faults, seen=row.version)
    for n in range(2, 4):
        submitted(there, n)
    checked(there, COUNTY, submitted(there, 4).id)
    drafted(there, 5)


def left() -> dict[str, list[str]]:
    """What sweeps leave, but for ids that are drawn by lot."""
    return {name: sorted(str(row) for row in rows(sql)) for name, sql in _LEFT.items()}


def all_of(sql: Sql[T]) -> list[T]:
    with reading() as store:
        return store.all(sql)


def reminders() -> list[str]:
    """The letters of rungs: deadline, rung and person."""
    return [letter.id for letter in all_of(rows_of(Letter)) if letter.id.count("-") == 2]


def turns() -> list[datetime]:
    """Every moment at which a clock has something to do."""
    set_now = [d for d in all_of(rows_of(Deadline)) if d.closed_at is None]
    rungs = {d.due_at + timedelta(days=r.days) for d in set_now for r in LADDERS[d.kind]}
    return sorted({m for m in rungs | {d.due_at for d in set_now} if m > NOW})


def early() -> list[str]:
    """Whatever was done before its time, by the clock that was in force when it was done."""
    due = {d.id: d for d in all_of(rows_of(Deadline))}
    found = [f"{d.kind} fired" for d in due.values() if d.fired_at and d.fired_at < d.due_at]
    for letter in all_of(rows_of(Letter)):
        deadline, rung = due.get(letter.id[:32]), letter.id[33:].split("-")
        if deadline is not None and len(rung) == 2:
            days = timedelta(days=LADDERS[deadline.kind][int(rung[0]) - 1].days)
            found += [letter.id] if letter.created_at < deadline.due_at + days else []
    over = {d.thing_id: d.due_at for d in due.values() if d.closed_at}
    over |= {r.id: r.closes_at for r in all_of(rows_of(Round))}
    acts = [e for e in all_of(rows_of(Event)) if e.act in (Act.LAPSE, Act.CLOSE)]
    return found + [f"{e.act} {e.thing_id}" for e in acts if e.at < over[e.thing_id]]


def swept(moments: Iterable[datetime]) -> Counter[str]:
    """Sweep at each of these moments; what was done altogether."""
    done: Counter[str] = Counter()
    for moment in moments:
        with clock.at(moment):
            done.update(sweep())
    return done


def test_a_clock_set_back_and_forth_does_everything_once_and_nothing_early(
    made: Callable[[], str],
) -> None:
    made()
    right = turns()
    truth = swept(right), left()
    made()

    jumps = (-SECOND, timedelta(), -HOURS, HOURS, -HOURS, timedelta())
    found = swept(moment + jump for moment in right for jump in jumps), left()

    assert found == truth
    assert early() == []
    assert (found[0]["lapsed"], found[0]["rounds_closed"]) == (3, 1)
    assert found[0]["reminders"] == len({letter[:-33] for letter in reminders()})
    wrong = left()
    swept([right[-1] + YEAR, NOW, right[-1] + YEAR, NOW - YEAR])
    assert left() == wrong
    assert complaints() == []


def test_a_sweep_that_slept_a_month_does_it_all_once_and_writes_no_storm(
    made: Callable[[], str],
) -> None:
    made()
    late = turns()[-1] + timedelta(days=20)

    first, again = swept([late]), swept([late, late + SECOND])

    assert (early(), complaints(), sum(again.values())) == ([], [], 0)
    assert first["lapsed"] == 3
    waiting = [d for d in all_of(rows_of(Deadline)) if d.closed_at is None]
    assert Counter(letter[:32] for letter in reminders()) == {d.id: 1 for d in waiting}
    assert {d.kind for d in waiting} == {DeadlineKind.REVIEW}


def test_four_sweeps_at_once_do_what_one_does(made: Callable[[], str]) -> None:
    made()
    moments = turns()
    truth = swept(moments), left()
    url = made()
    places = [here(url, f"sweeper{n}") for n in range(SWEEPERS)]
    start = PROCESSES.Barrier(SWEEPERS)

    sweepers = [started(sweep_together, place, moments, start) for place in places]
    for sweeper in sweepers:
        sweeper.join(60)

    assert [sweeper.exitcode for sweeper in sweepers] == [0] * SWEEPERS
    told: Counter[str] = Counter()
    for place in places:
        for line in lines(place):
            told.update(line["counts"])
    for counts in (told, truth[0]):
        del counts["deadlines_fired"]
    assert (told, left()) == truth
    assert (early(), complaints()) == ([], [])


@pytest.mark.parametrize("when", ["amid", "before", "after"])
def test_a_sweep_killed_at_any_of_its_commits_is_finished_by_the_next(made: Callable[[], str], when: str) -> None:
    made()
    swept([AFTER])
    truth = left()
    place = here(made())

    kills = next(n for n in count() if not died(die_sweeping, place, AFTER, n + 1, when))

    assert kills > (1 if when == "amid" else 10)
    swept([AFTER])
    assert left() == truth
    assert (early(), complaints()) == ([], [])


def test_sweeps_killed_at_random_leave_what_one_that_lived_leaves(made: Callable[[], str]) -> None:
    made()
    moments = turns()
    swept(moments)
    truth, dice, url = left(), Random(20260303), made()  # noqa: S311 -- repeatable on purpose

    for _ in range(KILLS):
        sweeper = started(sweep_in_zone, here(url), "Asia/Shanghai", moments)
        sweeper.join(dice.uniform(0.3, 1.5))
        sweeper.kill()
        sweeper.join()
    sweep_in_a_process(url, "Asia/Shanghai", moments)

    assert left() == truth
    assert (early(), complaints()) == ([], [])


def sweep_in_a_process(url: str, zone: str, moments: list[datetime]) -> None:
    """A process of its own sweeps at each of these moments, to the end."""
    sweeper = started(sweep_in_zone, here(url), zone, moments)
    sweeper.join(120)
    assert sweeper.exitcode == 0


@pytest.mark.parametrize("zone", ["America/New_York", "UTC"])
def test_a_machine_set_to_another_zone_leaves_the_same_rows(made: Callable[[], str], zone: str) -> None:
    made()
    moments = turns()
    swept(moments)
    truth = left()

    sweep_in_a_process(made(), zone, moments)

    assert left() == truth
    assert early() == []


def test_a_month_slept_through_leaves_what_daily_sweeps_leave_but_for_the_letters_skipped(
    made: Callable[[], str],
) -> None:
    made()
    end = CLOSES + timedelta(days=30)
    days = [NOW + n * DAY for n in range(1, (end - NOW).days + 1)]
    swept(days)
    daily, daily_letters = lasting(), told_of()

    made()
    swept([end])

    assert lasting() == daily
    assert told_of() <= daily_letters
    # Of what still waits, the last rung; of what is over, how it ended.
    skipped = Counter(template for template, _ in (daily_letters - told_of()).elements())
    assert set(skipped) <= {"deadline_before", "deadline_at", "deadline_overdue"}
    assert complaints() == []


def lasting() -> list[str]:
    """What the acts of clocks come to, whenever they were done."""
    done = rows("SELECT thing_id, version, act, source, target FROM journal_event")
    owed = rows("SELECT thing_id, kind, desk, due_at, CASE WHEN closed_at IS NULL THEN rung END FROM deadline")
    return sorted(map(str, [*done, *owed]))


def told_of() -> Counter[tuple[str, str]]:
    """How often each letter was written about each thing."""
    return Counter((str(t), str(of)) for t, of in rows("SELECT template, thing_id FROM letter"))


@pytest.mark.parametrize(("last_day", "days"), [
    (date(2026, 12, 31), (2, 1)),  # 1 January is off
    (date(2028, 2, 29), (2, 3)),
    (date(2026, 5, 9), (2, 2)),  # a Saturday worked for the Labour Day
    (date(2026, 9, 20), (1, 3)),  # a Sunday worked for the National Day, after a free Saturday
])  # fmt: skip
def test_the_ladder_is_climbed_to_the_second_around_days_that_calendars_trip_over(
    world: World, last_day: date, days: tuple[int, int]
) -> None:
    also(world.clerks[4], COUNTY, Role.ADMINISTRATOR)
    one, at = submitted(world).id, ends_at(last_day)
    with engine().begin() as connection:
        for text in ("UPDATE deadline SET due_at = :at WHERE thing_id = :id AND closed_at IS NULL",
                     "UPDATE application SET due_at = :at WHERE id = :id"):  # fmt: skip
            connection.execute(sa.text(text).bindparams(sa.bindparam("at", type_=table(Deadline).c.due_at.type)),
                               {"at": at, "id": one})  # fmt: skip
    rungs = LADDERS[DeadlineKind.REVIEW]

    climbed = [
        tuple(swept([at + rung.days * DAY + by])["reminders"] for by in (-SECOND, timedelta())) for rung in rungs
    ]

    assert climbed == [(0, 1)] * len(rungs)
    assert [template for template, _ in letters(one) if template.startswith("deadline")] == sorted(
        rung.template for rung in rungs
    )
    with reading() as store:
        said = {x.template: x.params["days"] for x in store.all(rows_of(Letter)) if x.id.count("-") == 2}
    assert (said["deadline_before"], said["deadline_escalated"]) == days
    assert early() == []


def test_real_processes_whose_machine_s_clock_jumps_do_everything_once(made: Callable[[], str]) -> None:
    url = made()
    waiting = [d for d in all_of(rows_of(Deadline)) if d.closed_at is None and d.kind is DeadlineKind.REVIEW]
    at = min(d.due_at for d in waiting)
    mine = [d.id for d in waiting if d.due_at == at]

    for moment in (at - HOURS, at + HOURS, at, at + YEAR, at - HOURS):
        sweep_by_the_machines_clock(url, moment)

    fired = dict(rows("SELECT id, rung FROM deadline WHERE fired_at IS NOT NULL"))
    assert {one: fired[one] for one in mine} == dict.fromkeys(mine, 2)
    assert Counter(letter[:34] for letter in reminders() if letter[:32] in mine) == {
        f"{one}-{rung}": 1 for one in mine for rung in (1, 2)
    }
    assert early() == []


def sweep_by_the_machines_clock(url: str, moment: datetime) -> None:
    """Sweep in a process that nobody pretends a time to, on a machine whose clock shows this moment."""
    words = "from workflows.clocks.sweep import sweep; sweep()"
    subprocess.run(
        ["/usr/bin/faketime", f"{moment:%Y-%m-%d %H:%M:%S}", sys.executable, "-c", words],
        env={**os.environ, "TZ": "UTC", "SHENBAO_DATABASE_URL": url}, cwd=Path(__file__).parents[2], check=True,
        timeout=120,
    )  # fmt: skip
