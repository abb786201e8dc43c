"""What every test stands on: a fresh database of either kind, and no way out of this machine."""

import ipaddress
import os
import shutil
import socket
import sys
from collections.abc import Callable, Generator, Iterator
from importlib import import_module
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any, LiteralString

import hypothesis
import psycopg
import pytest
from psycopg import sql

from models import schema
from models.database import connect, disconnect
from models.settings import Settings, settings
from tests import postgres
from tests.provinces import (
    _postgresql_world,
    _sqlite_world,
    enter,
    postgresql_worlds,
    sqlite_worlds,
    world,
    worlds,
)

# The province's fixtures live beside its builder; pytest finds them here.
__all__ = ["_postgresql_world", "_sqlite_world", "enter", "postgresql_worlds", "sqlite_worlds", "world", "worlds"]


CI = bool(os.environ.get("SHENBAO_CI")) or os.environ.get("CI") == "true"

# Speed is judged nowhere but in the benchmarks; CI must not meet a new example by chance.
hypothesis.settings.register_profile("shenbao", deadline=None, derandomize=CI, print_blob=True)
hypothesis.settings.load_profile("shenbao")

Maker = Callable[[], str]
Administer = Callable[[LiteralString, str], None]
_numbers = count(1)
# Copying the files is up to four times as fast as the default way, through the log.
_COPY: LiteralString = "CREATE DATABASE {} TEMPLATE template_shenbao STRATEGY FILE_COPY"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Yield the address of a fresh, migrated, connected database; the doctor sees it afterwards."""
    fresh: Maker = request.getfixturevalue(f"fresh_{request.param}")
    url = fresh()
    monkeypatch.setenv("SHENBAO_DATABASE_URL", url)
    settings.cache_clear()
    connect(url)

    yield url

    if request.node.get_closest_marker("tampers") is None:
        connect(url)
        assert _complaints() == []


@pytest.fixture
def fresh_sqlite(tmp_path: Path, sqlite_template: Path) -> Maker:
    """Answer a maker of migrated SQLite databases, for tests that need several."""

    def make() -> str:
        file = tmp_path / f"shenbao-{next(_numbers)}.db"
        shutil.copyfile(sqlite_template, file)
        return f"sqlite:///{file}"

    return make


@pytest.fixture
def fresh_postgresql(postgresql_template: Administer, postgresql: str) -> Iterator[Maker]:
    """Answer a maker of migrated PostgreSQL databases, dropped when the test is over."""
    made: list[str] = []

    def make() -> str:
        made.append(f"shenbao_{next(_numbers)}")
        postgresql_template(_COPY, made[-1])
        return postgresql.format(name=made[-1])

    yield make
    disconnect()
    for name in made:
        postgresql_template("DROP DATABASE {} WITH (FORCE)", name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate one SQLite file, of which every test takes a copy."""
    file = tmp_path_factory.mktemp("template") / "shenbao.db"
    _migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgresql_template(postgresql: str) -> Iterator[Administer]:
    """Migrate one PostgreSQL database, of which every test takes a copy; answers its keeper."""
    address = postgresql.format(name="postgres").replace("+psycopg", "")
    # One connection for all: the first CREATE DATABASE of each costs 120 ms more.
    with psycopg.connect(address, autocommit=True) as connection:

        def administer(statement: LiteralString, name: str) -> None:
            connection.execute(sql.SQL(statement).format(sql.Identifier(name)))

        administer("CREATE DATABASE {}", "template_shenbao")
        _migrate(postgresql.format(name="template_shenbao"))
        yield administer


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Run the session's one PostgreSQL; yields its address with a place for the `{name}`."""
    if (server := postgres.binaries()) is None:
        pytest.skip("no PostgreSQL server on this machine: on Debian, apt-get install postgresql")
    with postgres.cluster(server) as address:
        yield address


@pytest.fixture(autouse=True)
def _own_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let no test read this machine's settings, write into its data, or keep its database."""
    for name in [name for name in os.environ if name.startswith("SHENBAO_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SHENBAO_DATA_DIR", str(tmp_path / "data"))
    # Letters leave at once, at any hour: tests of holding and of quiet hours say so themselves.
    monkeypatch.setenv("SHENBAO_LETTER_HOLD_SECONDS", "0")
    monkeypatch.setenv("SHENBAO_QUIET_FROM", "00:00")
    monkeypatch.setenv("SHENBAO_QUIET_UNTIL", "00:00")
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    settings.cache_clear()
    yield
    disconnect()
    settings.cache_clear()


@pytest.fixture(autouse=True)
def _own_main() -> Iterator[None]:
    """Put back what a page under test leaves as `__main__`: processes started later would run that page."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(scope="session", autouse=True)
def _no_way_out() -> Iterator[None]:
    """Refuse every connection of this process that would leave the machine."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        yield


def _guarded(original: Callable[[socket.socket, Any], Any]) -> Callable[[socket.socket, Any], Any]:
    def guard(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(str(address[0])):
            message = f"A test tried to reach {address}"
            raise RuntimeError(message)
        return original(self, address)

    return guard


def _is_here(host: str) -> bool:
    if host in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _complaints() -> list[Any]:
    # test_architecture.py fails while there is no doctor, so this cannot stay silent unseen.
    if find_spec("workflows.doctor") is None:
        return []
    return list(import_module("workflows.doctor").check())


def _migrate(url: str) -> None:
    connect(url)
    schema.upgrade()
    disconnect()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    """In CI a test that skips itself has failed: it proved nothing."""
    return _unskipped((yield))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, Any, Any]:
    """In CI a file that skips itself has failed as well."""
    return _unskipped((yield))


def _unskipped(report: Any) -> Any:
    if CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Skipped, which CI does not accept: {report.longrepr[-1]}"
    return report
