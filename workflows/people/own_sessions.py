"""One's own sessions and password: what is open where, and how to end it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa
from limits import RateLimitItemPerMinute

from models.account import Account, Session
from models.base import new_id, table
from models.database import reading, transaction
from models.errors import ForbiddenError, NotFoundError, SignedOutError
from models.settings import settings
from models.sql import Sql, bind, rows_of, update_of
from workflows.people import passwords, rate, sessions
from workflows.post import letters
from workflows.record.acting import Actor, refreshed
from workflows.record.verb import query, verb
from workflows.rules import plans

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.database import Store

# Each for themselves: what one person types holds nobody else up.
TYPED = RateLimitItemPerMinute(10, 5, "typed")
SHORT = 16  # of a session's hash: enough to tell one's own apart
# What binds an office, moves money or gives power is done by who has just typed the password (ASVS 7.5.3).
GRAVE = frozenset({
    "approve-subsidy", "confirm", "correct-decision", "decide", "depute", "disable-account", "make-token",
    "open-account", "pay", "pay-many", "readdress", "recover", "revoke", "seal", "seat", "settle-registration",
    "unlink-identity", "vacate", "withdraw-decision",
})  # fmt: skip

_A, _S = table(Account).c, table(Session).c
_ME = bind("account", _S.account_id)
_OPEN = rows_of(Session, _S.account_id == _ME, _S.revoked_at.is_(None), order=(_S.seen_at.desc(), _S.id))
_ACCOUNT = rows_of(Account, _A.id == bind("id", _A.id), lock=True)
_SET = update_of(Account, "password_hash")
_BY_SID = rows_of(Session, _S.id == bind("id", _S.id))
_PROVE = update_of(Session, "proven_at")
_END: Sql[None] = Sql(
    sa.update(table(Session))
    .where(_S.account_id == _ME, _S.revoked_at.is_(None), _S.id == bind("of", _S.id))
    .values(revoked_at=bind("at", _S.revoked_at))
)
_END_OTHERS: Sql[None] = Sql(
    sa.update(table(Session))
    .where(_S.account_id == _ME, _S.revoked_at.is_(None), _S.id != bind("kept", _S.id))
    .values(revoked_at=bind("at", _S.revoked_at))
)


class OpenSession(NamedTuple):
    """A browser that is signed in: since when, used when, whence, and what it calls itself."""

    id: str
    created_at: datetime
    seen_at: datetime
    ends_at: datetime
    address: str | None
    agent: str | None


@query("my-sessions")
def my_sessions(actor: Actor) -> list[OpenSession]:
    """One's own sessions that still hold, the one used last first; `id` is the beginning of the session's hash."""
    with reading() as store:
        return [_told(row) for row in _holding(store, refreshed(store, actor).id)]


@verb("end-session")
def end_session(actor: Actor, *, session_id: str) -> list[OpenSession]:
    """End one of one's own sessions now; answers those that are left. Raises NotFoundError for another's."""
    with transaction() as store:
        who = refreshed(store, actor)
        found = [row for row in _holding(store, who.id) if row.id[:SHORT] == session_id]
        if not found:
            raise NotFoundError("not_found", thing="session", given=session_id[:SHORT])
        store.run(_END, account=who.id, of=found[0].id, at=store.now)
        return [_told(row) for row in _holding(store, who.id)]


def change_password(sid: str, current: str, fresh: str) -> list[OpenSession]:
    """Give oneself a new password; answers the session that is left. No verb: it takes a session, never a token.

    `sid` is the session it is asked from. Raises SignedOutError("wrong_credentials") for a wrong `current`,
    TooManyError after ten of them, and InputError for a poor new one.
    """
    passwords.check(fresh, _me(sid).email)
    actor, stored = _typed(sid, current)
    kept = passwords.hashed(fresh)
    with transaction() as store:
        # Between hashing and here another browser may have been faster.
        if _row(store, actor.id).password_hash != stored:
            raise SignedOutError("wrong_credentials")
        store.run(_SET, old_id=actor.id, password_hash=kept)
        store.run(_END_OTHERS, account=actor.id, kept=sid, at=store.now)
        letters.to_people(store, new_id(), [actor.id], "password_changed", {})
        return [_told(row) for row in _holding(store, actor.id)]


def prove(sid: str, password: str) -> None:
    """Type one's password again, so that grave acts may follow for `proof_minutes`. Raises as `change_password`."""
    _typed(sid, password)
    with transaction() as store:
        store.run(_PROVE, old_id=sid, proven_at=store.now)


def require_proof(sid: str, name: str, arguments: Mapping[str, Any] | None = None) -> None:
    """Raise ForbiddenError("prove_yourself") for a grave verb when who acts was proven too long ago.

    A plan is as grave as what its rows do. To sign in by the password is a proof; to come in through a provider is
    none, for it may have asked nothing.
    """
    if not plans.acts_in(name, arguments or {}).isdisjoint(GRAVE) and not is_proven(sid):
        raise ForbiddenError("prove_yourself", minutes=settings().proof_minutes)


def is_proven(sid: str) -> bool:
    """Whether who holds this session proved within `proof_minutes` that they are there."""
    with reading() as store:
        row = store.first(_BY_SID, id=sid)
        if row is None:
            return False
        proofs = (row.proven_at, None if row.opened_by else row.created_at)
        last = max(filter(None, proofs), default=None)
        return last is not None and store.now - last <= timedelta(minutes=settings().proof_minutes)


def has_password(sid: str) -> bool:
    """Whether the account of a session has a password to type. Raises SignedOutError."""
    with reading() as store:
        return _row(store, _me(sid).id).password_hash is not None


def _me(sid: str) -> Actor:
    actor = sessions.actor_of(sid)
    if actor is None:
        raise SignedOutError("signed_out")
    return actor


def _typed(sid: str, password: str) -> tuple[Actor, str | None]:
    """Whose session it is and what is stored of the password that was typed right; tries are counted."""
    actor = _me(sid)
    rate.spend(TYPED, actor.id)
    with reading() as store:
        stored = _row(store, actor.id).password_hash
    if not passwords.verified(stored, password):
        raise SignedOutError("wrong_credentials")
    return actor, stored


def _row(store: Store, account_id: str) -> Account:
    row = store.first(_ACCOUNT, id=account_id)
    if row is None:
        raise SignedOutError("signed_out")
    return row


def _holding(store: Store, account_id: str) -> list[Session]:
    return [row for row in store.all(_OPEN, account=account_id) if sessions.holds(store, row)]


def _told(row: Session) -> OpenSession:
    return OpenSession(row.id[:SHORT], *(getattr(row, name) for name in OpenSession._fields[1:]))
