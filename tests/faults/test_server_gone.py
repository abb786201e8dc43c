"""F4: PostgreSQL is stopped as by a power cut, under load, and comes again."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from email.message import EmailMessage
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from models import clock, schema
from models.account import Account
from models.database import connect, disconnect, reading, transaction
from models.errors import BusyError
from models.settings import settings
from models.sql import Sql, update_of
from tests import postgres
from tests.faults.acts import look, work
from tests.faults.lives import acked, complaints, goes_on, here, killed, lines, lost, started
from tests.outbox import LIN, counts, write
from tests.people import an_account
from tests.ui.trees import until
from tests.worlds import NOW, World, build, rows
from workflows import doctor
from workflows.post.carriers import deliver
from workflows.record.streaming import snapshot, stream

CRASHES = 4
IDLE = 4
LETTERS = 3
_ONE: Sql[int] = Sql(sa.select(sa.literal_column("1")))
_MANY: Sql[int] = Sql(sa.select(sa.func.generate_series(1, 100_000)))
_TOUCH = update_of(Account, "name")


class Server:
    """A PostgreSQL of this file's own, that may be stopped."""

    def __init__(self, binaries: Path, address: str) -> None:
        self._binaries = binaries
        self._folder = address.split("host=")[1]
        self.address = address

    def crash(self) -> None:
        postgres.crash(self._binaries, self._folder)

    def revive(self) -> None:
        postgres.revive(self._binaries, self._folder)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    binaries = postgres.binaries()
    assert binaries is not None
    with postgres.cluster(binaries, lasting=True) as address:
        yield Server(binaries, address)


@pytest.fixture
def url(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A migrated database on that server, connected."""
    plain = server.address.replace("+psycopg", "").format(name="postgres")
    with psycopg.connect(plain, autocommit=True) as keeper:
        keeper.execute("DROP DATABASE IF EXISTS shenbao WITH (FORCE)")
        keeper.execute("CREATE DATABASE shenbao")
    url = server.address.format(name="shenbao")
    monkeypatch.setenv("SHENBAO_DATABASE_URL", url)
    settings.cache_clear()
    connect(url)
    schema.upgrade()
    yield url
    disconnect()


@pytest.fixture
def world(url: str) -> World:
    return build()


def test_clients_of_a_crashing_server_are_told_and_go_on_and_lose_nothing(
    server: Server, url: str, world: World
) -> None:
    places = [here(url, f"client{n}") for n in range(2)]
    asker = here(url, "asker")
    clients = [started(work, place, world, n) for n, place in enumerate(places)]
    clients.append(started(look, asker, world))

    for _ in range(CRASHES):
        for place in (*places, asker):
            goes_on(place)
        troubles = [len(lines(place)) - len(acked(place)) for place in (*places, asker)]
        server.crash()
        for place, before in zip((*places, asker), troubles, strict=True):
            until(lambda p=place, b=before: len(lines(p)) - len(acked(p)) > b)  # type: ignore[misc]
        server.revive()
    for place, client in zip((*places, asker), clients, strict=True):
        goes_on(place)
        killed(client)

    told = [line for place in (*places, asker) for line in lines(place)]
    assert [line for line in told if "raw" in line] == []
    assert [line for line in told if line.get("wrong")] == []
    assert {"error": "database_unreachable", "kind": "BusyError"} in told
    assert [line for place in places for line in lost(place)] == []
    with clock.at(NOW):
        assert complaints() == []


def test_idle_connections_that_died_with_the_server_are_never_handed_out(server: Server, url: str) -> None:
    with ExitStack() as held:
        for _ in range(IDLE):
            held.enter_context(reading())
    server.crash()
    server.revive()

    found = []
    for _ in range(IDLE):
        with transaction() as store:
            found.append(store.first(_ONE))

    assert found == [1] * IDLE


class Cutting:
    """A carrier that takes every letter, and under the last of them the server stops; a second later it is there."""

    def __init__(self, server: Server, last: int) -> None:
        self.taken: list[str] = []
        self._server, self._last = server, last

    def carry(self, message: EmailMessage) -> None:
        self.taken.append(message["Message-ID"])
        if len(self.taken) == self._last:
            self._server.crash()
            threading.Timer(1, self._server.revive).start()

    def rest(self) -> None:
        """Nothing is held."""


def test_letters_that_left_before_the_server_stopped_are_marked_when_it_is_back_and_never_leave_twice(
    server: Server, url: str
) -> None:
    an_account("lin@xihu.example.cn", id=LIN)
    for n in range(LETTERS):
        write(f"e{n}")
    carrier = Cutting(server, LETTERS)

    came_to = deliver(carrier=carrier)

    assert (came_to, len(set(carrier.taken)), len(carrier.taken)) == (counts(sent=LETTERS), LETTERS, LETTERS)
    assert rows("SELECT count(*) FROM letter WHERE sent_at IS NULL") == [(0,)]


def in_a_statement(server: Server) -> None:
    with transaction() as store:
        store.first(_ONE)
        server.crash()
        store.first(_ONE)


def in_a_batch(server: Server) -> None:
    with transaction() as store:
        server.crash()
        store.run_many(_TOUCH, [{"old_id": "nobody", "name": "x"}] * 50)


def at_the_commit(server: Server) -> None:
    with transaction() as store:
        store.first(_ONE)
        server.crash()


def in_a_long_answer(server: Server) -> None:
    with snapshot() as store:
        answers = stream(store, _MANY)
        next(answers)
        server.crash()
        list(answers)


def at_the_door(server: Server) -> None:
    server.crash()
    with reading():
        pass


def asking_for_the_schema(server: Server) -> None:
    server.crash()
    schema.check()


@pytest.mark.parametrize(
    "moment",
    [
        in_a_statement,
        in_a_batch,
        at_the_commit,
        in_a_long_answer,
        at_the_door,
        asking_for_the_schema,
    ],
)
def test_whoever_is_cut_off_is_told_to_try_again_and_can(
    server: Server, url: str, moment: Callable[[Server], None]
) -> None:
    try:
        with pytest.raises(BusyError) as told:
            moment(server)
    finally:
        server.revive()

    assert (told.value.code, told.value.details) == ("database_unreachable", {})
    with transaction() as store:
        assert store.first(_ONE) == 1
    assert doctor.check() == []
