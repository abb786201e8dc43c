"""A small province on either database, built once and copied for every test."""

from __future__ import annotations

import shutil
from itertools import count
from typing import TYPE_CHECKING, Any, LiteralString

import pytest

from models import clock
from models.database import connect, disconnect
from models.settings import settings
from tests.worlds import NOW, World, build
from workflows import doctor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Administer

_numbers = count(1)
_MAKE: LiteralString = "CREATE DATABASE {} TEMPLATE template_shenbao STRATEGY FILE_COPY"
_COPY: LiteralString = "CREATE DATABASE {} TEMPLATE world_template STRATEGY FILE_COPY"
_DROP: LiteralString = "DROP DATABASE IF EXISTS {} WITH (FORCE)"
Worlds = tuple[Any, World]


@pytest.fixture(params=["sqlite", "postgresql"])
def worlds(request: pytest.FixtureRequest) -> Worlds:
    """Answer a maker of databases that hold the same small province, and the province."""
    made: Worlds = request.getfixturevalue(f"{request.param}_worlds")
    return made


@pytest.fixture
def world(worlds: Worlds, enter: Callable[[str], None]) -> Iterator[World]:
    """Stand in a fresh province at `worlds.NOW`; the doctor sees it afterwards."""
    make, there = worlds
    enter(make())
    with clock.at(NOW):
        yield there
        found = doctor.check(files=True)
        assert not found, found


@pytest.fixture
def enter(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Connect to a database, and let the settings say so."""

    def go(url: str) -> None:
        monkeypatch.setenv("SHENBAO_DATABASE_URL", url)
        settings.cache_clear()
        connect(url)

    return go


@pytest.fixture
def sqlite_worlds(tmp_path: Path, _sqlite_world: tuple[Path, World]) -> Worlds:
    """Make copies of the province's SQLite file."""
    template, there = _sqlite_world

    def make() -> str:
        file = tmp_path / f"world-{next(_numbers)}.db"
        shutil.copyfile(template, file)
        return f"sqlite:///{file}"

    return make, there


@pytest.fixture
def postgresql_worlds(postgresql_template: Administer, postgresql: str, _postgresql_world: World) -> Iterator[Worlds]:
    """Make copies of the province's PostgreSQL database, dropped when the test is over."""
    made: list[str] = []

    def make() -> str:
        made.append(f"world_{next(_numbers)}")
        postgresql_template(_COPY, made[-1])
        return postgresql.format(name=made[-1])

    yield make, _postgresql_world
    disconnect()
    for name in made:
        postgresql_template(_DROP, name)


@pytest.fixture(scope="session")
def _sqlite_world(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> tuple[Path, World]:
    file = tmp_path_factory.mktemp("world") / "world.db"
    shutil.copyfile(sqlite_template, file)
    return file, _built(f"sqlite:///{file}")


@pytest.fixture(scope="session")
def _postgresql_world(postgresql_template: Administer, postgresql: str) -> World:
    postgresql_template(_MAKE, "world_template")
    return _built(postgresql.format(name="world_template"))


def _built(url: str) -> World:
    connect(url)
    there = build()
    disconnect()
    return there
