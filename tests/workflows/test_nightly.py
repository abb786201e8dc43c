"""At night: the doctor's round, whose findings reach an administrator, and one backup a day, so many of them."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from models import clock
from models.database import engine
from models.errors import BrokenError
from models.settings import settings
from tests.provinces import Worlds
from tests.worlds import NOW, World, at_county, rows
from workflows import doctor
from workflows.clocks import nightly, tallying
from workflows.clocks.examining import examine
from workflows.clocks.gauges import gauges
from workflows.clocks.nightly import keep_backup
from workflows.doctor import Examined, Violation
from workflows.record.audit import Report


def test_a_clean_house_writes_to_nobody(world: World) -> None:
    assert examine() == {"examined": 1, "violations": 0}
    assert rows("SELECT count(*) FROM letter WHERE template = 'doctor_found'") == [(0,)]
    assert rows("SELECT kind FROM sweep_run WHERE kind = 'doctor'") == [("doctor",)]


def test_a_broken_invariant_reaches_the_administrators_of_the_highest_union(
    worlds: Worlds, enter: Callable[[str], None]
) -> None:
    make, world = worlds
    enter(make())
    with clock.at(NOW):
        (one,) = at_county(world, 1)
    with engine().begin() as connection:
        connection.execute(sa.text("UPDATE quota SET used = used + 1 WHERE organization = '330106'"))
        connection.execute(sa.text("UPDATE application SET version = version + 1 WHERE id = :id"), {"id": one})

    counts = examine()

    assert counts["violations"] >= 2
    assert rows("SELECT account_id FROM letter WHERE template = 'doctor_found'") == [(world.admin.id,)]
    assert gauges().invariants_broken == counts["violations"]


def test_a_night_without_a_folder_takes_no_backup(world: World) -> None:
    assert keep_backup() == {}


def test_one_backup_a_day_and_the_oldest_go(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHENBAO_BACKUP_DIR", str(tmp_path / "backups"))
    monkeypatch.setenv("SHENBAO_BACKUPS_KEPT", "2")
    settings.cache_clear()

    taken = []
    for day in range(3):
        with clock.at(NOW + timedelta(days=day)):
            taken += [keep_backup(), keep_backup()]

    assert taken == [
        {"taken": 1, "dropped": 0}, {}, {"taken": 1, "dropped": 0}, {}, {"taken": 1, "dropped": 1}, {},
    ]  # fmt: skip
    days = [f"{NOW + timedelta(days=day):%Y-%m-%d}" for day in (1, 2)]
    assert sorted(p.name for p in (tmp_path / "backups").iterdir()) == [f"shenbao-{day}.tar" for day in days]
    assert nightly.BACKUP in {row[0] for row in rows("SELECT kind FROM sweep_run")}


def test_what_fails_at_night_keeps_nothing_else_from_being_done_and_its_second_try_tells_nobody_twice(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHENBAO_BACKUP_DIR", str(tmp_path / "backups"))
    settings.cache_clear()
    with clock.at(NOW), monkeypatch.context() as broken:
        broken.setattr(tallying, "note_day", lambda: refuse("no_days"))
        found = [Violation("I1", "broken", "", "application a")]
        read = Report(ok=True, events=0, things=0, checkpoints=0, faults=[])
        broken.setattr(doctor, "examine", lambda **_: Examined(found, read))
        for _ in range(2):
            with pytest.raises(BrokenError, match="no_days"):
                nightly.night()

    assert [p.name for p in (tmp_path / "backups").iterdir()] == [f"shenbao-{NOW:%Y-%m-%d}.tar"]
    assert rows("SELECT account_id FROM letter WHERE template = 'doctor_found'") == [(world.admin.id,)]


def refuse(code: str) -> dict[str, int]:
    """Something that is done at night breaks."""
    raise BrokenError(code)


def test_the_gauges_count_what_waits_and_how_long(world: World) -> None:
    with clock.at(NOW):
        at_county(world, 2)
    waiting = rows("SELECT count(*) FROM letter WHERE sent_at IS NULL AND dead_at IS NULL")[0][0]

    with clock.at(NOW + timedelta(hours=1)):
        found = gauges()
    with clock.at(NOW + timedelta(days=60)):
        late = gauges()

    assert (found.cases_waiting, found.deadlines_overdue, found.letters_waiting) == (2, 0, waiting)
    assert found.oldest_letter_seconds >= 3600
    assert late.deadlines_overdue >= 2
