"""A year's official list of days off that arrives while the product runs: the override file, written by a test."""

from pathlib import Path

import pytest

from models.settings import settings


class Calendars:
    """The override file of one test."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def say(self, text: str) -> None:
        """What the file says from now on."""
        self.file.write_text(text, "utf-8")


def file_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str = "") -> Calendars:
    """An override file that this installation has been told of."""
    made = Calendars(tmp_path / "calendar.toml")
    made.say(text)
    monkeypatch.setenv("SHENBAO_CALENDAR_FILE", str(made.file))
    settings.cache_clear()
    return made
