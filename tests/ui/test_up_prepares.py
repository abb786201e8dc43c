"""What `shenbao up` does beside its children: the database made ready elsewhere, and a console without routine."""

import sqlite3
from contextlib import closing

import pytest

from models import schema
from models.settings import settings
from ui import up
from ui.tending import Teller


def test_the_database_is_made_ready_by_a_process_of_its_own() -> None:
    up.first("init")()

    with closing(sqlite3.connect(settings().data_dir / "shenbao.db")) as made:
        assert made.execute("SELECT version_num FROM alembic_version").fetchall() == [(schema.head(),)]


def test_what_keeps_the_database_from_being_ready_ends_the_start_with_its_status(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHENBAO_DATABASE_URL", "mysql://nowhere/none")

    with pytest.raises(SystemExit) as end:
        up.first("init")()

    said = capfd.readouterr()
    assert (end.value.code, said.out) == (1, "")
    assert "Traceback" not in said.err
    assert said.err.count("\n") == 1


def test_the_console_repeats_warnings_and_leaves_routine_to_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    tell = Teller({}, "zh")
    for line in ('{"face": "web", "event": "request", "level": "info"}', '{"event": "not_tidied", "level": "warning"}',
                 "Traceback (most recent call last):"):  # fmt: skip
        tell("line", name="web", line=line)

    assert capsys.readouterr().out.splitlines() == [
        'web     | {"event": "not_tidied", "level": "warning"}', "web     | Traceback (most recent call last):",
    ]  # fmt: skip
