"""F1, F2, F3, F4 together: one `shenbao up` under load, of which anything may be killed at any moment."""

from __future__ import annotations

import mailbox
import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from models import clock, schema
from models.database import connect, disconnect
from models.settings import settings
from tests import living, postgres
from tests.factories import PASSWORD
from tests.faults.acts import edit_on, hand_in
from tests.faults.lives import acked, complaints, goes_on, here, killed, lines, lost, started
from tests.living import Living
from tests.ui.trees import Running, fetch, free_port, python, running, until
from tests.ui.web import hidden_fields
from tests.worlds import rows
from workflows.people.sessions import sid_of
from workflows.post.carriers import MARKED_TOGETHER
from workflows.post.leases import PATIENCE, SILENCES
from workflows.record.acting import Actor

SEED = 20261121
EACH = 3  # kills of each victim
PROCESSES = {"web": "ui.serve", "clocks": "workflows.flows.serve", "prefect": "flows.prefect_server"}
DATABASE = "database"
OPEN, LATE = 60, 25  # days
SLOWLY = 120  # seconds
LEASED = PATIENCE.total_seconds() + SILENCES  # what a killed carrier had taken, nobody else carries before
UP = "import sys; from models import schema; from ui.up import up; sys.exit(up(prepare=schema.ensure))"
QUICK = {
    "SHENBAO_SWEEP_SECONDS": "10", "SHENBAO_LETTER_SECONDS": "1", "SHENBAO_LETTER_HOLD_SECONDS": "0",
    "SHENBAO_SMTP_TIMEOUT": "1",
    "SHENBAO_QUIET_FROM": "00:00", "SHENBAO_QUIET_UNTIL": "00:00", "SHENBAO_LANGUAGE": "en",
}  # fmt: skip
_SWEPT = "SELECT count(*) FROM sweep_run WHERE kind = 'sweep' AND started_at > :since"
_EARLY = "SELECT id FROM deadline WHERE fired_at < due_at"
_MESSAGES = "SELECT DISTINCT coalesce(carried_with, id) FROM letter WHERE sent_at IS NOT NULL"
_WAITING = "SELECT id FROM letter WHERE sent_at IS NULL AND dead_at IS NULL"


class Server:
    """A PostgreSQL that may be stopped."""

    def __init__(self, binaries: Path, address: str) -> None:
        self._binaries, self._folder = binaries, address.split("host=")[1]
        self.url = address.format(name="postgres")

    def crash(self) -> None:
        """As a power cut does."""
        postgres.crash(self._binaries, self._folder)

    def revive(self) -> None:
        """And on again."""
        postgres.revive(self._binaries, self._folder)


@pytest.fixture
def server() -> Iterator[Server]:
    """A server of this test's own, in whose one database we live."""
    binaries = postgres.binaries()
    assert binaries is not None
    with postgres.cluster(binaries, lasting=True) as address:
        yield Server(binaries, address)


@pytest.fixture
def there(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Living]:
    """A round that people work in today, with one case that is overdue already."""
    for name, value in {**QUICK, "SHENBAO_DATABASE_URL": server.url}.items():
        monkeypatch.setenv(name, value)
    for port in ("WEB", "PREFECT"):
        monkeypatch.setenv(f"SHENBAO_{port}_PORT", str(free_port()))
    settings.cache_clear()
    connect()
    schema.upgrade()
    made = living.living(days=OPEN)
    living.submitted(made, 1, days_ago=LATE)
    yield made
    disconnect()
    settings.cache_clear()


class Visitors:
    """People who sign in one after the other; who was let in has a session that must last."""

    def __init__(self, who: Actor) -> None:
        self.site = f"http://127.0.0.1:{settings().web_port}"
        self.let_in: list[str] = []
        self.surprises: list[str] = []
        self.over = threading.Event()
        self._who = who

    def run(self) -> None:
        """Until told to end; thirty a minute is what one address may try."""
        while not self.over.wait(2.5):
            with suppress(httpx.HTTPError):
                self._sign_in()

    def go_on(self) -> None:
        """Wait until somebody more is let in."""
        before = len(self.let_in)
        until(lambda: len(self.let_in) > before, SLOWLY)

    def _sign_in(self) -> None:
        with httpx.Client(base_url=self.site, trust_env=False, timeout=30) as browser:
            fields = hidden_fields(browser.get("/login").text)
            fields |= {"email": self._who.email, "password": PASSWORD}
            answer = browser.post("/login", data=fields, headers={"origin": self.site})
            if answer.status_code == 303:
                self.let_in.append(sid_of(browser.cookies["shenbao"]))
            elif answer.status_code not in (429, 503):
                self.surprises.append(f"{answer.status_code} {answer.text[-300:]}")


def test_whatever_is_killed_what_was_answered_stands_and_what_is_due_is_done_once(
    server: Server, there: Living
) -> None:
    chance = Random(SEED)  # noqa: S311 -- repeatable on purpose
    url = settings().database
    places = [here(url, name) for name in ("editor", "clerk")]
    visitors = Visitors(there.county)
    thread = threading.Thread(target=visitors.run)
    with running(*python(UP)) as tree:
        until(lambda: tree.said("Prefect's page is ready"), SLOWLY)
        until(lambda: _swept(clock.now() - timedelta(days=1)) > 0, SLOWLY)
        clients = [
            started(edit_on, places[0], there.clerks[0], living.drafted(there).id),
            started(hand_in, places[1], there, 1),
        ]
        thread.start()
        try:
            visitors.go_on()
            for victim in _victims(chance):
                for place in places:
                    goes_on(place)
                visitors.over.wait(chance.uniform(0, 2))
                _kill(tree, server, victim, chance)
            _recovered(tree, visitors)
            for place, client in zip(places, clients, strict=True):
                goes_on(place)
                killed(client)
            until(lambda: rows(_WAITING) == [], LEASED + SLOWLY)
        finally:
            visitors.over.set()
            thread.join()
        tree.signal(signal.SIGTERM)
        assert tree.ended(30) == 0
        assert tree.alive() == {}

    told = [line for place in places for line in lines(place)]
    assert ([line for line in told if "raw" in line], visitors.surprises) == ([], [])
    assert [line for place in places for line in lost(place)] == []
    assert {line["verb"] for place in places for line in acked(place)} >= {"revise", "submit", "withdraw"}
    assert set(visitors.let_in) <= {sid for (sid,) in rows("SELECT id FROM session")}
    assert (rows(_EARLY), complaints()) == ([], [])
    _each_letter_left()


def _victims(chance: Random) -> list[str]:
    """Each as often as the others, in no order."""
    found = [*PROCESSES, DATABASE] * EACH
    chance.shuffle(found)
    return found


def _kill(tree: Running, server: Server, victim: str, chance: Random) -> None:
    if victim == DATABASE:
        server.crash()
        threading.Event().wait(chance.uniform(0, 1))
        server.revive()
        return
    pids = until(lambda: tree.of(PROCESSES[victim]), 60)
    with suppress(ProcessLookupError):
        os.kill(min(pids), signal.SIGKILL)


def _recovered(tree: Running, visitors: Visitors) -> None:
    """The web face lets people in, and a sweep that began after the last kill is done."""
    end = clock.now()
    visitors.go_on()
    until(lambda: _swept(end) > 0, SLOWLY)
    assert fetch(f"{visitors.site}/healthz") == {"status": "ok"}
    assert tree.process.poll() is None


def _swept(since: datetime) -> int:
    [(count,)] = rows(_SWEPT, since=since)
    return int(count)


def _each_letter_left() -> None:
    """Every letter, alone or in a digest; again only those that a killed carrier had sent and not marked yet.

    The server's kills are no reason: who carries waits until it can mark what has left.
    """
    left: Counter[Any] = Counter(letter["Message-ID"] for letter in mailbox.Maildir(settings().maildir))
    assert len(left) == len(rows(_MESSAGES))
    assert left.total() - len(left) <= MARKED_TOGETHER * EACH
