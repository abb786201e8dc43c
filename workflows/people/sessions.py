"""Signed-in browsers: a secret token in a cookie, its SHA-256 in a row, and limits to both."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import NamedTuple

import sqlalchemy as sa
import structlog

from models.account import Account, Session
from models.base import new_token, table
from models.database import Store, reading, transaction
from models.errors import BusyError, NotFoundError, SignedOutError
from models.registration import Registration
from models.settings import settings
from models.sql import Sql, bind, insert_into, rows_of, update_of
from workflows.people import passwords, rate
from workflows.record.acting import Actor, actor_by_id

KEEP = timedelta(days=30)  # ended sessions stay, so that an open tab can be told what happened
TOUCHES = 20  # the row is written at most this often within the idle limit
PATIENCE = 0.5  # seconds for that: the next page does it
LONGEST_ADDRESS = 254  # characters, RFC 5321

_A, _S = table(Account).c, table(Session).c
_log = structlog.get_logger(__name__)

_BY_EMAIL = rows_of(Account, _A.email == bind("email", _A.email))
_BY_SID = rows_of(Session, _S.id == bind("id", _S.id))
_OPEN = insert_into(Session)
_SEEN = update_of(Session, "seen_at")
_END: Sql[None] = Sql(
    sa.update(table(Session))
    .where(_S.id == bind("old_id", _S.id), _S.revoked_at.is_(None))
    .values(revoked_at=bind("revoked_at", _S.revoked_at))
)
_END_ALL: Sql[None] = Sql(
    sa.update(table(Session))
    .where(_S.account_id == bind("account", _S.account_id), _S.revoked_at.is_(None))
    .values(revoked_at=bind("revoked_at", _S.revoked_at))
)
_END_OPENED_BY: Sql[None] = Sql(
    sa.update(table(Session))
    .where(
        _S.account_id == bind("account", _S.account_id),
        _S.opened_by == bind("provider", _S.opened_by),
        _S.revoked_at.is_(None),
    )
    .values(revoked_at=bind("revoked_at", _S.revoked_at))
)
_FORGET: Sql[None] = Sql(sa.delete(table(Session)).where(_S.ends_at < bind("before", _S.ends_at)))
_R = table(Registration).c
_FORGET_UNPROVEN: Sql[None] = Sql(
    sa.delete(table(Registration)).where(_R.proven_at.is_(None), _R.ends_at < bind("before", _R.ends_at))
)
_SET_HASH = update_of(Account, "password_hash")


class Visit(NamedTuple):
    """What a cookie turned out to be: whose session, and whether it still holds."""

    sid: str
    account_id: str
    live: bool


def sid_of(token: str) -> str:
    """What is stored and passed around instead of the token: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_in(email: str, password: str, address: str, agent: str = "") -> str:
    """Check a password and open a session; answers the token for the cookie.

    `address` is the network address of the browser, `agent` what it calls itself.
    Raises TooManyError before any hashing; SignedOutError("wrong_credentials") alike for unknown,
    disabled and mistyped.
    """
    attempt = rate.Try(address, known_as(email))
    rate.count(attempt)
    with reading() as store:
        account = store.first(_BY_EMAIL, email=attempt.email)
    stored = account.password_hash if account else None
    right = passwords.verified(stored, password)
    if account is None or not right or account.disabled_at is not None:
        _log.warning("sign_in_refused", account=account and account.id, address=address)
        raise SignedOutError("wrong_credentials")
    rehashed = passwords.hashed(password) if passwords.outdated(stored or "") else None
    token = _opened(account, stored, rehashed, attempt, agent)
    _log.info("signed_in", account=account.id, address=address)
    return token


def sign_out(token: str) -> None:
    """End the session of a token; nothing happens when there is none."""
    with transaction() as store:
        store.run(_END, old_id=sid_of(token), revoked_at=store.now)


def end_all(store: Store, account_id: str) -> int:
    """End every session of an account (new password, new seat, disabled); answers how many."""
    return store.run(_END_ALL, account=account_id, revoked_at=store.now)


def end_opened_by(store: Store, account_id: str, provider: str) -> int:
    """End the sessions of an account that a provider of sign-in opened; answers how many."""
    return store.run(_END_OPENED_BY, account=account_id, provider=provider, revoked_at=store.now)


def visit(sid: str) -> Visit | None:
    """The session behind a sid, ended ones included; None when there never was one."""
    with reading() as store:
        row = store.first(_BY_SID, id=sid)
        return None if row is None else Visit(sid, row.account_id, holds(store, row))


def actor_of(sid: str, *, active: bool = True) -> Actor | None:
    """Who is signed in with this session, with the seats held now; None when it has ended.

    `active=False` is for pages that refresh by themselves: they must not keep a session alive.
    """
    with reading() as store:
        actor, stale = store.once(("session", sid), partial(_signed_in, store, sid))
    if active and stale:
        _touch(sid)
    return actor


def _signed_in(store: Store, sid: str) -> tuple[Actor | None, bool]:
    """Who, and whether it is long ago that they were seen."""
    row = store.first(_BY_SID, id=sid)
    if row is None or not holds(store, row):
        return None, False
    try:
        return actor_by_id(store, row.account_id), store.now - row.seen_at > _idle() / TOUCHES
    except SignedOutError:
        return None, False


def set_password(email: str, password: str) -> None:
    """Give an account a password and end its sessions.

    Raises InputError for a poor password; NotFoundError when no account has the address.
    """
    address = email.strip().casefold()
    passwords.check(password, address)
    kept = passwords.hashed(password)
    with transaction() as store:
        account = store.first(_BY_EMAIL, email=address)
        if account is None:
            raise NotFoundError("unknown_account", email=address)
        store.run(_SET_HASH, old_id=account.id, password_hash=kept)
        end_all(store, account.id)


def tidy() -> int:
    """Forget sessions that ended long ago, past limits, and registrations nobody proved; answers how many."""
    with transaction() as store:
        before = store.now - KEEP
        return store.run(_FORGET, before=before) + store.run(_FORGET_UNPROVEN, before=before) + rate.tidy(store)


def known_as(email: str) -> str:
    """The address as it is stored; what no address can hold falls out before a database sees it."""
    return "".join(filter(str.isprintable, email.strip().casefold()))[:LONGEST_ADDRESS]


def _opened(account: Account, stored: str | None, rehashed: str | None, attempt: rate.Try, agent: str) -> str:
    with transaction() as store:
        fresh = store.first(_BY_EMAIL, email=account.email)
        # Between hashing and here the account may have been disabled or given a new password.
        if fresh is None or fresh.disabled_at is not None or fresh.password_hash != stored:
            raise SignedOutError("wrong_credentials")
        if rehashed is not None:
            store.run(_SET_HASH, old_id=account.id, password_hash=rehashed)
        rate.forgive(store, attempt)
        return open_session(store, account.id, attempt.address, agent)


def open_session(store: Store, account_id: str, address: str, agent: str, opened_by: str | None = None) -> str:
    """Open a session of an account, and answer the token for its cookie: the one way in, whatever proved the person.

    `opened_by` names the provider of sign-in; without one it was the password.
    """
    token = new_token()
    store.run(
        _OPEN,
        id=sid_of(token),
        account_id=account_id,
        created_at=store.now,
        seen_at=store.now,
        ends_at=store.now + timedelta(hours=settings().session_hours),
        address=address[:45],
        agent="".join(filter(str.isprintable, agent))[:200],
        opened_by=opened_by,
    )
    return token


def holds(store: Store, row: Session) -> bool:
    """Whether a session is neither ended nor past its time nor idle for too long."""
    return row.revoked_at is None and row.ends_at > store.now and row.seen_at + _idle() > store.now


def _idle() -> timedelta:
    return timedelta(minutes=settings().session_idle_minutes)


def _touch(sid: str) -> None:
    """Note that a session is used; a page is shown to whoever reads it, noted or not."""
    with suppress(BusyError), transaction(patience=PATIENCE) as store:
        store.run(_SEEN, old_id=sid, seen_at=store.now)
