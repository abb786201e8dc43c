"""F2, F10: sweeps that are killed, late, many at once, or woken by a clock that is wrong."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import count

import pytest

from models import clock
from models.base import seeded
from models.database import reading
from models.deadline import Deadline
from models.journal import Event
from models.letter import Letter
from models.round import Round
from models.sql import Sql, rows_of
from models.vocabulary import Act, DeadlineKind
from tests.faults.acts import die_sweeping, sweep_together
from tests.faults.lives import PROCESSES, T, complaints, died, here, lines, started
from tests.provinces import Worlds
from tests.worlds import CLOSES, COUNTY, NOW, World, checked, drafted, rows, submitted
from workflows.clocks.sweep import sweep
from workflows.desk.reviews import send_back
from workflows.post.reminders import LADDERS

SECOND, HOURS, YEAR = timedelta(seconds=1), timedelta(hours=2), timedelta(days=365)
AFTER = CLOSES + timedelta(days=1)
SWEEPERS = 4
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
