"""People whom a provider of sign-in (OIDC) knows: which account an identity is, and what it opens.

An identity is the provider with its lasting name for the person (`subject`); names and addresses change hands. The
first time an address leads to the account, if the provider verified it and the account has no other identity there.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa
import structlog

from models.account import Account, Session
from models.base import new_id, table
from models.database import DuplicateError, reading, transaction
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError, SignedOutError
from models.registration import Identity
from models.settings import settings
from models.sql import Sql, bind, insert_into, rows_of, update_of
from models.vocabulary import Act
from workflows.people import own_sessions, sessions
from workflows.post import letters
from workflows.record.acting import Actor, actor_by_id, refreshed
from workflows.record.claiming import hold
from workflows.record.journal import move
from workflows.record.verb import query, verb
from workflows.rules.address import normal

if TYPE_CHECKING:
    from models.database import Store

SLUG = "oidc"
LEEWAY = timedelta(seconds=30)  # between the provider's clock and ours
SHORT = 16  # of an identity's hash: enough to tell one's own apart
LONGEST_SUBJECT = 255  # characters (OpenID Connect Core, 2)
_log = structlog.get_logger(__name__)

_I, _A, _S = (table(m).c for m in (Identity, Account, Session))
_INSERT = insert_into(Identity)
_FOUND = rows_of(Identity, _I.provider == bind("provider", _I.provider), _I.subject == bind("subject", _I.subject))
_OF = rows_of(Identity, _I.account_id == bind("account", _I.account_id), order=(_I.made_at, _I.subject))
_USED = update_of(Identity, "used_at", where=("provider", "subject"))
_ACCOUNT = rows_of(Account, _A.id == bind("id", _A.id), lock=True)
_BY_EMAIL = rows_of(Account, _A.email == bind("email", _A.email), lock=True)
_BY_SID = rows_of(Session, _S.id == bind("id", _S.id))
_PROVE = update_of(Session, "proven_at")


_THIS = (_I.provider == bind("provider", _I.provider), _I.subject == bind("subject", _I.subject))
_REMOVE: Sql[None] = Sql(sa.delete(table(Identity)).where(*_THIS))


class Known(NamedTuple):
    """Somebody as a provider told of them just now; `email` is empty unless the provider verified it."""

    provider: str
    subject: str
    email: str = ""
    asked_anew_at: datetime | None = None


class Linked(NamedTuple):
    """One's own identity at a provider: since when, and used last when."""

    id: str
    provider: str
    made_at: datetime
    used_at: datetime | None


def provider() -> str | None:
    """The name under which the configured provider is kept: bound to its address, so that another is another."""
    issuer = settings().oidc_issuer
    return f"{SLUG}:{hashlib.sha256(issuer.rstrip('/').encode()).hexdigest()[:24]}" if issuer else None


def enter(known: Known, address: str, agent: str = "") -> str:
    """Open a session for whom a provider vouches; answers the token for the cookie.

    `address` is the network address of the browser. Raises ForbiddenError("identity_unknown") when no account is
    linked and none can be by its address, SignedOutError("identity_shut") for one that is shut out.
    """
    with transaction() as store:
        row = store.first(_FOUND, provider=known.provider, subject=known.subject)
        account = store.first(_ACCOUNT, id=row.account_id) if row is not None else _by_address(store, known)
        if account is None:
            raise ForbiddenError("identity_unknown")
        if account.disabled_at is not None:
            raise SignedOutError("identity_shut")
        if row is None:
            _link(store, known, account.id)
        else:
            store.run(_USED, old_provider=row.provider, old_subject=row.subject, used_at=store.now)
        token = sessions.open_session(store, account.id, address, agent, known.provider)
    _log.info("signed_in", account=account.id, address=address, provider=known.provider)
    return token


def link(sid: str, known: Known) -> None:
    """Link an identity with the account of a session that was opened by its password.

    Raises SignedOutError, ForbiddenError("identity_taken") when it is another account's.
    """
    actor = sessions.actor_of(sid)
    if actor is None:
        raise SignedOutError("signed_out")
    with transaction() as store:
        row = store.first(_FOUND, provider=known.provider, subject=known.subject)
        if row is not None and row.account_id != actor.id:
            raise ForbiddenError("identity_taken")
        if row is None:
            _link(store, known, actor.id)


def add(sid: str, known: Known, *, began_at: datetime) -> bool:
    """Link one more identity with the account of a session that asked for it; whether it was a new one.

    Its holder proved to be there before the journey, which began at `began_at`. Raises as `link`, and
    ForbiddenError("identity_stale") unless the provider asked anew on the way: who sat here before may be signed in
    there still.
    """
    with reading() as store:
        _require_asked(store, known, began_at)
        row = store.first(_FOUND, provider=known.provider, subject=known.subject)
    link(sid, known)
    return row is None


def prove(sid: str, known: Known, *, began_at: datetime) -> None:
    """Let the provider's fresh answer prove who holds a session, as the password typed again does.

    Raises ForbiddenError: "identity_stale" unless the provider asked (`auth_time`) after the journey began,
    "identity_other" for somebody else.
    """
    with transaction() as store:
        session = store.first(_BY_SID, id=sid)
        if session is None or not sessions.holds(store, session):
            raise SignedOutError("signed_out")
        row = store.first(_FOUND, provider=known.provider, subject=known.subject)
        if row is None or row.account_id != session.account_id:
            raise ForbiddenError("identity_other")
        _require_asked(store, known, began_at)
        store.run(_PROVE, old_id=sid, proven_at=store.now)


def way_to_prove(sid: str) -> str | None:
    """What people call the provider that can prove who holds a session; None when none can."""
    with reading() as store:
        session = store.first(_BY_SID, id=sid)
        rows = store.all(_OF, account=session.account_id) if session is not None else []
    return settings().oidc_name if any(row.provider == provider() for row in rows) else None


@query("my-identities")
def my_identities(actor: Actor) -> list[Linked]:
    """One's own identities at providers of sign-in, the oldest first."""
    with reading() as store:
        return [_told(row) for row in store.all(_OF, account=refreshed(store, actor).id)]


@verb("unlink-identity")
def unlink_identity(actor: Actor, *, identity_id: str) -> list[Linked]:
    """Let one's own identity open this account no more, and end the sessions it opened; answers those left.

    Raises NotFoundError for another's; RefusedError for the last one: "last_way_in" where the account has no
    password, else "type_password", for then it has to be typed (`unlink_last`).
    """
    with transaction() as store:
        return _unlinked(store, refreshed(store, actor), identity_id, is_typed=False)


def unlink_last(sid: str, password: str, *, identity_id: str) -> list[Linked]:
    """As `unlink_identity`, by who types the password, which alone will lead in. No verb: it takes a session.

    Raises as it does, SignedOutError("wrong_credentials"), and TooManyError after ten of them.
    """
    own_sessions.prove(sid, password)
    with transaction() as store:
        row = store.first(_BY_SID, id=sid)
        if row is None or not sessions.holds(store, row):
            raise SignedOutError("signed_out")
        return _unlinked(store, actor_by_id(store, row.account_id), identity_id, is_typed=True)


def _unlinked(store: Store, who: Actor, identity_id: str, *, is_typed: bool) -> list[Linked]:
    account, rows = store.first(_ACCOUNT, id=who.id), store.all(_OF, account=who.id)
    row = next((one for one in rows if _id(one) == identity_id), None)
    if row is None or account is None:
        raise NotFoundError("not_found", thing="identity", given=identity_id[:SHORT])
    # Of a provider that is asked no more, an identity leads nobody in.
    ways = [one for one in rows if one.provider == provider() and one is not row]
    if not ways and (account.password_hash is None or not is_typed):
        raise RefusedError("last_way_in" if account.password_hash is None else "type_password")
    store.run(_REMOVE, provider=row.provider, subject=row.subject)
    move(store, who, Act.UNLINK_IDENTITY, account, body={"identity": _id(row)})
    sessions.end_opened_by(store, who.id, row.provider)
    return [_told(one) for one in store.all(_OF, account=who.id)]


def forget(store: Store, actor: Actor, account_id: str) -> None:
    """Let no identity open an account any more, and end the sessions they opened: one may have been a stranger's.

    For who proves the address anew, or is given another; a verified address leads in again.
    """
    for row in store.all(_OF, account=account_id):
        store.run(_REMOVE, provider=row.provider, subject=row.subject)
        move(store, actor, Act.UNLINK_IDENTITY, hold(store, Account, account_id), body={"identity": _id(row)})
        sessions.end_opened_by(store, account_id, row.provider)


def _require_asked(store: Store, known: Known, began_at: datetime) -> None:
    """Raise ForbiddenError("identity_stale") unless the provider asked who it is between then and now."""
    asked = known.asked_anew_at
    if asked is None or not began_at - LEEWAY <= asked <= store.now + LEEWAY:
        raise ForbiddenError("identity_stale")


def _by_address(store: Store, known: Known) -> Account | None:
    """The account of a verified address, unless it is somebody else's at this provider already."""
    try:
        account = store.first(_BY_EMAIL, email=normal(known.email)) if known.email else None
    except InputError:
        return None
    if account is None or any(row.provider == known.provider for row in store.all(_OF, account=account.id)):
        return None
    return account


def _link(store: Store, known: Known, account_id: str) -> None:
    made: dict[str, Any] = {"provider": known.provider, "subject": known.subject, "account_id": account_id,
                            "made_at": store.now, "used_at": store.now}  # fmt: skip
    try:
        store.run(_INSERT, **made)
    except DuplicateError as error:
        raise ForbiddenError("identity_taken") from error
    body = {"identity": _id(Identity(**made))}
    move(store, actor_by_id(store, account_id), Act.LINK_IDENTITY, hold(store, Account, account_id), body=body)
    letters.to_people(store, new_id(), [account_id], "identity_linked", {})
    _log.info("identity_linked", account=account_id, provider=known.provider)


def _id(row: Identity) -> str:
    return hashlib.sha256(f"{row.provider} {row.subject}".encode()).hexdigest()[:SHORT]


def _told(row: Identity) -> Linked:
    return Linked(_id(row), row.provider, row.made_at, row.used_at)
