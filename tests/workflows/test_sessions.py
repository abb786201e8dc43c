"""Signed-in browsers: what opens a session, what ends it, and what is kept of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import structlog
from argon2 import PasswordHasher

from models import clock
from models.account import Account, Session
from models.base import as_dict, table
from models.database import Store, reading
from models.errors import BusyError, InputError, NotFoundError, SignedOutError
from models.sql import rows_of
from tests.people import an_account, disable
from workflows.people import passwords, sessions
from workflows.record.acting import Actor

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
LI, SECRET = "li@example.org", "correct horse"
HERE = "192.0.2.7"


@pytest.fixture(autouse=True)
def _noon(database: str) -> Iterator[None]:
    with clock.at(NOON), structlog.testing.capture_logs():
        yield


@pytest.fixture(scope="module")
def secret_hash() -> str:
    return passwords.hashed(SECRET)


@pytest.fixture
def li(secret_hash: str) -> str:
    return an_account(LI, password_hash=secret_hash)


def sessions_now() -> list[dict[str, Any]]:
    with reading() as store:
        rows = store.all(rows_of(Session, order=[table(Session).c.created_at]))
    return [as_dict(row) for row in rows]


def after(**time: float) -> Any:
    return clock.at(NOON + timedelta(**time))


def test_a_right_password_opens_a_session_and_only_the_digest_of_its_token_is_kept(li: str) -> None:
    token = sessions.sign_in(" LI@example.org ", SECRET, HERE)

    assert sessions_now() == [
        {
            "id": sessions.sid_of(token),
            "account_id": li,
            "created_at": NOON,
            "seen_at": NOON,
            "ends_at": NOON + timedelta(hours=12),
            "revoked_at": None,
            "address": HERE,
            "agent": "",
            "proven_at": None,
            "opened_by": None,
        }
    ]
    assert sessions.actor_of(sessions.sid_of(token)) == Actor(li, LI, "李敏", "zh", ())
    assert sessions.actor_of(token) is None


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (LI, "wrong horse"),
        ("nobody@example.org", SECRET),
        (LI, ""),
        ("\x00" + "长" * 5000, "\x00" * 5000),
        ("li@example.org\ufffd", SECRET),
    ],
)
def test_unknown_and_mistyped_are_refused_in_the_same_words(li: str, email: str, password: str) -> None:
    with pytest.raises(SignedOutError) as refused:
        sessions.sign_in(email, password, HERE)

    assert (refused.value.code, refused.value.details) == ("wrong_credentials", {})
    assert sessions_now() == []


def test_an_unknown_account_costs_a_hash_as_a_known_one_does(li: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    verify = PasswordHasher.verify

    def watched(hasher: PasswordHasher, stored: str, password: str) -> bool:
        seen.append(stored)
        return verify(hasher, stored, password)

    monkeypatch.setattr(PasswordHasher, "verify", watched)

    for email in (LI, "nobody@example.org"):
        with pytest.raises(SignedOutError):
            sessions.sign_in(email, "wrong horse", HERE)

    assert [stored.rsplit("$", 2)[0] for stored in seen] == ["$argon2id$v=19$m=19456,t=2,p=1"] * 2


def test_an_account_without_a_password_cannot_sign_in() -> None:
    an_account("oidc@example.org")

    with pytest.raises(SignedOutError):
        sessions.sign_in("oidc@example.org", "", HERE)


def test_a_disabled_account_cannot_sign_in(secret_hash: str) -> None:
    an_account("gone@example.org", password_hash=secret_hash, disabled=True)

    with pytest.raises(SignedOutError):
        sessions.sign_in("gone@example.org", SECRET, HERE)


def test_disabling_an_account_ends_its_open_session_at_once(li: str) -> None:
    sid = sessions.sid_of(sessions.sign_in(LI, SECRET, HERE))
    disable(li)

    assert sessions.actor_of(sid) is None


def test_signing_out_ends_this_session_and_no_other(li: str) -> None:
    first, second = (sessions.sign_in(LI, SECRET, HERE) for _ in range(2))

    sessions.sign_out(first)

    assert sessions.actor_of(sessions.sid_of(first)) is None
    assert sessions.actor_of(sessions.sid_of(second)) is not None
    assert sessions.visit(sessions.sid_of(first)) == (sessions.sid_of(first), li, False)
    assert sessions.visit(sessions.sid_of("never given out")) is None


def test_a_session_ends_when_nobody_uses_it_for_two_hours(li: str) -> None:
    sid = sessions.sid_of(sessions.sign_in(LI, SECRET, HERE))

    with after(minutes=119):
        assert sessions.actor_of(sid, active=False) is not None
    with after(minutes=120):
        assert sessions.actor_of(sid) is None


def test_using_a_session_keeps_it_but_not_beyond_twelve_hours(li: str) -> None:
    sid = sessions.sid_of(sessions.sign_in(LI, SECRET, HERE))

    for hour in range(1, 12):
        with after(hours=hour):
            assert sessions.actor_of(sid) is not None, hour
    with after(hours=12):
        assert sessions.actor_of(sid) is None


def test_a_page_that_refreshes_by_itself_does_not_keep_a_session_alive(li: str) -> None:
    sid = sessions.sid_of(sessions.sign_in(LI, SECRET, HERE))

    with after(minutes=100):
        assert sessions.actor_of(sid, active=False) is not None
    with after(minutes=130):
        assert sessions.actor_of(sid) is None


def test_a_hash_of_former_costs_is_renewed_at_the_next_sign_in() -> None:
    former = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(SECRET)
    an_account(LI, password_hash=former)

    sessions.sign_in(LI, SECRET, HERE)

    with reading() as store:
        (account,) = store.all(rows_of(Account))
    assert account.password_hash is not None
    assert account.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.verified(account.password_hash, SECRET)


def test_a_new_password_ends_all_sessions_and_is_the_one_that_counts(li: str) -> None:
    sid = sessions.sid_of(sessions.sign_in(LI, SECRET, HERE))

    sessions.set_password(LI, "another horse")

    assert sessions.actor_of(sid) is None
    with pytest.raises(SignedOutError):
        sessions.sign_in(LI, SECRET, HERE)
    assert sessions.sign_in(LI, "another horse", HERE)


@pytest.mark.parametrize(
    ("password", "code", "details"),
    [
        ("seven77", "password_short", {"field": "password", "least": 8}),
        ("x" * 129, "password_long", {"field": "password", "most": 128}),
        (LI.upper(), "password_is_address", {"field": "password"}),
    ],
)
def test_a_poor_password_is_refused_with_its_reason(li: str, password: str, code: str, details: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refused:
        sessions.set_password(LI, password)

    assert (refused.value.code, refused.value.details) == (code, details)


def test_a_password_needs_an_account() -> None:
    with pytest.raises(NotFoundError, match="unknown_account"):
        sessions.set_password("nobody@example.org", "long enough")


def test_sessions_are_forgotten_a_month_after_their_end(li: str) -> None:
    sessions.sign_in(LI, SECRET, HERE)

    with after(days=30, hours=11):
        sessions.tidy()
        assert len(sessions_now()) == 1
    with after(days=30, hours=13):
        sessions.tidy()
        assert sessions_now() == []


def test_a_page_is_shown_though_the_file_is_held_and_its_note_of_use_is_left_out(
    li: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sid = sessions.sid_of(sessions.sign_in(LI, SECRET, HERE))
    waits: list[float | None] = []

    @contextmanager
    def held(*, patience: float | None = None) -> Iterator[Store]:
        waits.append(patience)
        raise BusyError("busy")
        yield  # a context manager never entered

    monkeypatch.setattr(sessions, "transaction", held)
    with clock.at(NOON + timedelta(minutes=10)):
        actor = sessions.actor_of(sid)

    assert actor is not None
    assert (actor.id, waits) == (li, [sessions.PATIENCE])
