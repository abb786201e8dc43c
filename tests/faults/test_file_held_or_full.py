"""F4, F5: the SQLite file is held by somebody who does not let go, is full, or cannot be written."""

import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import event

from models import clock
from models.application import Application
from models.database import connect, transaction
from models.errors import BrokenError, BusyError
from models.text import sentence
from tests.conftest import Maker
from tests.faults.acts import hold, write_little
from tests.faults.lives import PROCESSES, complaints, died, here, killed, lines, started
from tests.ui.trees import ROOT, python, until
from tests.worlds import NOW, World, answers, application, drafted, everything, unit
from workflows.intake.applications import draft, revise

PATIENCE = 0.4
# Root may write anywhere; without this right it may not.
_AS_ANYBODY = ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []


@pytest.fixture
def url(tmp_path: Path, sqlite_worlds: tuple[Maker, World], enter: Callable[[str], None]) -> Iterator[str]:
    """The small province in a file whose users wait less long than usual."""
    url = f"{sqlite_worlds[0]()}?timeout={PATIENCE}"
    enter(url)
    with clock.at(NOW):
        yield url
        connect(url)
        assert complaints() == []


@pytest.fixture
def there(sqlite_worlds: tuple[Maker, World]) -> World:
    return sqlite_worlds[1]


@contextmanager
def held(url: str, how: str) -> Iterator[None]:
    """Another process holds the database."""
    ready = PROCESSES.Event()
    holder = started(hold, here(url, "holder"), how, ready)
    assert ready.wait(20)
    try:
        yield
    finally:
        killed(holder)


@pytest.mark.parametrize("how", ["queue", "file"])
def test_who_waits_too_long_is_told_so_while_others_read(url: str, there: World, how: str) -> None:
    row = drafted(there)
    before = everything()

    with held(url, how):
        began = monotonic()
        with pytest.raises(BusyError) as told:
            revise(there.clerks[0], row.id, answers={"topics": "等"}, seen=row.version)
        waited = monotonic() - began
        assert everything() == before
        assert application(row.id) == row

    assert (told.value.code, told.value.details) == ("database_busy", {})
    assert PATIENCE <= waited < 10
    assert revise(there.clerks[0], row.id, answers={"topics": "到"}, seen=row.version).version == 3


def test_whoever_gave_up_waiting_leaves_the_turn_to_the_next(url: str, there: World) -> None:
    with held(url, "queue"):
        for _ in range(3):
            with pytest.raises(BusyError):
                drafted(there, proof=False)

    others = [threading.Thread(target=_touch) for _ in range(8)]
    for other in others:
        other.start()
    for other in others:
        other.join()

    assert drafted(there, proof=False).version == 1
    until(lambda: _turns_in_hand() == 0)


def _touch() -> None:
    with transaction():
        pass


def _turns_in_hand() -> int:
    """How many handles of the queue this process has open."""
    found = 0
    for handle in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            found += handle.readlink().name.endswith("-turn")
    return found


def _no_more_pages(connection: Any, *_: object) -> None:
    [pages] = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")


def test_a_full_disk_is_told_nothing_is_half_done_and_all_is_well_with_more_room(url: str, there: World) -> None:
    row = drafted(there)
    event.listen(connect(url), "connect", _no_more_pages)

    before: dict[str, list[str]] = {}

    def begin(n: int) -> Application:
        return draft(
            there.clerks[1],
            round_id=there.round_id,
            organization_code=unit(1),
            answers=answers(n),
        )

    def fill() -> None:
        for n in range(100, 1000):
            before.update(everything())
            begin(n)

    with pytest.raises(BusyError) as told:
        fill()

    assert (told.value.code, told.value.details) == ("disk_full", {})
    assert everything() == before
    assert application(row.id) == row
    assert complaints() == []
    connect(url)
    after = begin(1)
    assert application(after.id) == after


def test_files_and_rows_that_cannot_be_written_are_told_and_leave_nothing(url: str, there: World) -> None:
    row = drafted(there, proof=False)
    before, place = everything(), here(url)

    assert not died(write_little, place, NOW, there.clerks[0], row.id, row.version)

    full = {"error": "disk_full", "kind": "BusyError"}
    assert lines(place) == [{"of": "attach", **full}, {"of": "revise", **full}]
    assert (everything(), list((Path(place.data) / "attachments").glob("*/*"))) == (before, [])


@pytest.mark.parametrize("below", ["", "data"])
def test_a_folder_that_cannot_be_written_is_told_at_the_start_in_a_sentence(tmp_path: Path, below: str) -> None:
    folder = tmp_path / "sealed"
    folder.mkdir(mode=0o555)
    data = folder / below

    told = _started_with(data, "init")

    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr == f"{_unwritable(data)}\n"


def test_a_database_that_became_read_only_is_told_in_a_sentence(tmp_path: Path, sqlite_template: Path) -> None:
    data = tmp_path / "sealed"
    data.mkdir()
    shutil.copyfile(sqlite_template, data / "shenbao.db")
    data.chmod(0o555)

    told = _started_with(data, "sweep")

    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr == f"{_unwritable(data)}\n"


def _unwritable(data: Path) -> str:
    error = BrokenError("cannot_write", folder=str(data), reason="Permission denied")
    return sentence(error, "zh")


def _started_with(data: Path, command: str) -> subprocess.CompletedProcess[str]:
    """The command line, on this folder, without root's right to write anywhere."""
    return subprocess.run(
        [*_AS_ANYBODY, *python("from ui.cli import main; import sys; main(sys.argv[1:])", command)],
        cwd=ROOT, env={**os.environ, "SHENBAO_DATA_DIR": str(data)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
