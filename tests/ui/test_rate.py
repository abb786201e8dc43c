"""How often one may try to sign in: counted before hashing, exact under several processes."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import structlog

from models import clock
from models.account import Window
from models.base import table
from models.database import reading
from models.errors import SignedOutError, TooManyError
from models.settings import settings
from models.sql import rows_of
from workflows.people import passwords, rate, sessions

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
HERE = "192.0.2.7"
EVERYBODY = rate.EVERYBODY.key_for("-")
# One process of the four: tries 8 times and says how often it was let through.
TRIES = """
import sys
from models.errors import TooManyError
from workflows.people import rate
passed = 0
print("ready", flush=True)
sys.stdin.readline()
for _ in range(8):
    try:
        rate.count(rate.Try("192.0.2.7", "li@example.org"))
        passed += 1
    except TooManyError:
        pass
print(passed)
"""


@pytest.fixture(autouse=True)
def _noon(database: str) -> Iterator[None]:
    with clock.at(NOON), structlog.testing.capture_logs():
        yield


def wait_of(attempt: rate.Try) -> int | None:
    """The seconds one is told to wait, or None when the try was let through."""
    try:
        rate.count(attempt)
    except TooManyError as refused:
        return int(refused.details["seconds"])
    return None


def waits(*attempts: rate.Try) -> list[int | None]:
    return [wait_of(attempt) for attempt in attempts]


def windows() -> dict[str, int]:
    with reading() as store:
        rows = store.all(rows_of(Window, order=[table(Window).c.key]))
    return {row.key: row.count for row in rows}


def test_one_person_may_try_ten_times_in_five_minutes() -> None:
    li = rate.Try(HERE, "li@example.org")

    assert waits(*[li] * 12) == [None] * 10 + [300, 300]
    with clock.at(NOON + timedelta(seconds=299.5)):
        assert wait_of(li) == 1
    with clock.at(NOON + timedelta(seconds=300)):
        assert wait_of(li) is None


def test_one_address_may_try_thirty_times_a_minute_whoever_it_asks_for() -> None:
    tries = [rate.Try(HERE, f"{n}@example.org") for n in range(31)]

    assert waits(*tries) == [None] * 30 + [60]
    assert wait_of(rate.Try("192.0.2.8", "0@example.org")) is None


def test_everybody_together_may_try_a_thousand_times_in_five_minutes() -> None:
    tries = [rate.Try(f"192.0.{n // 250}.{n % 250}", "li@example.org") for n in range(1001)]

    assert waits(*tries) == [None] * 1000 + [300]


def test_a_flood_from_one_address_cannot_use_up_what_everybody_has() -> None:
    waits(*[rate.Try(HERE, f"{n}@example.org") for n in range(60)])

    assert windows()[EVERYBODY] == 30


def test_strangers_cannot_lock_a_person_out() -> None:
    waits(*[rate.Try("198.51.100.9", "li@example.org")] * 12)

    assert wait_of(rate.Try(HERE, "li@example.org")) is None


def test_all_addresses_of_one_ipv6_network_count_as_one() -> None:
    tries = [rate.Try(f"2001:db8:1:2::{n:x}", f"{n}@example.org") for n in range(31)]

    assert waits(*tries) == [None] * 30 + [60]
    assert wait_of(rate.Try("2001:db8:1:3::1", "li@example.org")) is None


def test_a_refused_try_is_refused_before_the_password_is_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hashed: list[str] = []

    def verified(_stored: str | None, password: str) -> bool:
        hashed.append(password)
        return False

    monkeypatch.setattr(passwords, "verified", verified)
    for _ in range(10):
        with pytest.raises(SignedOutError):
            sessions.sign_in("li@example.org", "wrong horse", HERE)

    with pytest.raises(TooManyError, match="too_many_tries"):
        sessions.sign_in("LI@example.org ", "wrong horse", HERE)

    assert len(hashed) == 10


def test_windows_are_forgotten_an_hour_after_they_ended() -> None:
    wait_of(rate.Try(HERE, "li@example.org"))

    with clock.at(NOON + timedelta(minutes=64)):
        sessions.tidy()
        assert sorted(windows().values()) == [1, 1]
        assert rate.ADDRESS.key_for(HERE) not in windows()
    with clock.at(NOON + timedelta(minutes=66)):
        sessions.tidy()
        assert windows() == {}


def test_four_processes_together_let_exactly_ten_tries_through(database: str) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", TRIES],
            env={"SHENBAO_DATABASE_URL": settings().database, "PYTHONPATH": "."},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"

    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate()[0] for process in processes]

    assert sum(int(answer) for answer in answers) == 10
