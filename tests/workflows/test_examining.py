"""An examination asked for: made once by the clocks however often it is asked for, told while it runs and after."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from models import clock
from models.database import engine
from models.errors import BrokenError, BusyError, ForbiddenError, RefusedError
from models.mutex import alone
from models.vocabulary import Role
from tests.provinces import Worlds
from tests.worlds import CITY, NOW, PROVINCE, World, at_county, person, refused, rows
from workflows import doctor
from workflows.clocks import examining, progress
from workflows.clocks.examining import ask_examination, asked, call, examine
from workflows.doctor import STEPS
from workflows.people.organizations import NATION
from workflows.queries.examinations import Waiting, examinations, keeps


def test_however_often_it_is_asked_for_it_is_made_once(world: World) -> None:
    first = ask_examination(world.admin, root=PROVINCE, key="一次")
    assert ask_examination(world.admin, root=PROVINCE, key="二次") == first
    assert examinations(world.admin, root=PROVINCE).waiting == Waiting(world.admin.name, NOW, 0, 0)

    assert asked() == {"examined": 1, "violations": 0}
    assert asked() == {}

    told = examinations(world.admin, root=PROVINCE)
    assert told.waiting is None
    assert told.last is not None
    assert (told.last.who, told.last.is_whole, told.last.found) == (world.admin.name, True, [])
    assert told.last.counts["events"] == rows("SELECT count(*) FROM journal_event")[0][0]
    assert rows("SELECT kind, count(*) FROM sweep_run GROUP BY kind") == [("doctor", 1)]


def test_what_reads_everything_is_not_asked_for_again_and_again(world: World) -> None:
    ask_examination(world.admin, root=PROVINCE)
    asked()

    with refused("examined_lately", RefusedError, minutes=10):
        ask_examination(world.admin, root=PROVINCE)
    with clock.at(NOW + timedelta(minutes=10)):
        assert ask_examination(world.admin, root=PROVINCE).is_open


def test_the_night_answers_whoever_asked_and_a_quiet_night_is_its_own(world: World) -> None:
    ask_examination(world.admin, root=PROVINCE)
    examine()
    first = examinations(world.admin, root=PROVINCE).last
    examine()
    second = examinations(world.admin, root=PROVINCE).last

    assert (first and first.who, second and second.who) == (world.admin.name, None)
    assert rows("SELECT count(*) FROM examination") == [(2,)]


def test_what_it_finds_is_kept_by_name_and_place(worlds: Worlds, enter: Callable[[str], None]) -> None:
    make, world = worlds
    enter(make())
    with clock.at(NOW):
        (one,) = at_county(world, 1)
    with engine().begin() as connection:
        connection.execute(sa.text("UPDATE application SET version = version + 1 WHERE id = :id"), {"id": one})

    ask_examination(world.admin, root=PROVINCE)
    asked()

    last = examinations(world.admin, root=PROVINCE).last
    assert last is not None
    assert ("I9", "tail_cut", f"application {one}") in {(v.invariant, v.name, v.subject) for v in last.found}
    assert last.found == doctor.check(files=True)
    assert last.counts["violations"] == len(last.found)


def test_a_second_process_leaves_the_one_at_work_alone(world: World) -> None:
    ask_examination(world.admin, root=PROVINCE)

    with alone(examining.KIND):
        assert (asked(), examine()) == (None, {})

    assert rows("SELECT tries FROM examination") == [(0,)]


def test_a_run_is_called_once_and_anew_only_when_who_was_at_it_has_died(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert call() is None
    ask_examination(world.admin, root=PROVINCE)
    first = call()
    assert first == call()

    with monkeypatch.context() as broken:
        broken.setattr(doctor, "examine", failing)
        with pytest.raises(BrokenError):
            asked()

    assert call() not in (None, first)
    with alone(examining.KIND):
        assert call() is None


def test_one_that_never_ends_is_given_up_and_the_next_may_be_asked_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ask_examination(world.admin, root=PROVINCE)
    with monkeypatch.context() as broken:
        broken.setattr(doctor, "examine", failing)
        for _ in range(examining.TRIES):
            with pytest.raises(BrokenError):
                asked()
        assert asked() == {}

    told = examinations(world.admin, root=PROVINCE)
    assert (told.waiting, told.last and told.last.is_whole) == (None, False)
    # Whoever keeps the installation hears of it, and once.
    assert rows("SELECT account_id, params FROM letter WHERE template = 'examination_given_up'") == [
        (world.admin.id, '{"count": 3}' if engine().dialect.name == "sqlite" else {"count": 3})
    ]
    assert ask_examination(world.admin, root=PROVINCE).id != first.id


def test_how_far_it_has_come_is_told_while_it_runs(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examining, "_EVERY", 0.0)
    ask_examination(world.admin, root=PROVINCE)
    seen: list[Waiting | None] = []
    steps: list[tuple[int, int]] = []
    at = progress.at

    def looked(step: str, number: int, of: int) -> None:
        at(step, number, of)
        steps.append((number, of))
        seen.append(examinations(world.admin, root=PROVINCE).waiting)

    monkeypatch.setattr(progress, "at", looked)
    asked()

    assert [one and (one.done, one.steps) for one in seen] == [(n, STEPS) for n in range(STEPS)]


def test_a_note_of_progress_waits_for_nobody(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examining, "_EVERY", 0.0)
    monkeypatch.setattr(examining, "transaction", busy)

    examining._Teller("x")("step", 1, 2)  # noqa: SLF001 -- what is heard of each step


def test_only_administrators_ask_for_it_and_read_it(world: World) -> None:
    for ask in (ask_examination, examinations):
        with refused("not_administrator", ForbiddenError, organization=PROVINCE):
            ask(world.county, root=PROVINCE)
    assert rows("SELECT count(*) FROM examination") == [(0,)]


def test_what_reads_the_whole_installation_is_for_those_who_keep_it(world: World) -> None:
    below = person("administrator", CITY, Role.ADMINISTRATOR)

    for ask in (ask_examination, examinations):
        with refused("not_keeper", ForbiddenError, organization=CITY):
            ask(below, root=CITY)
    assert [keeps(place) for place in (CITY, PROVINCE, NATION)] == [False, True, True]
    assert rows("SELECT count(*) FROM examination") == [(0,)]


def failing(**_: object) -> None:
    """An examination that breaks off."""
    raise BrokenError("cannot_write", folder="x", reason="x")


def busy(**_: object) -> None:
    """A database that is held."""
    raise BusyError("database_busy")
