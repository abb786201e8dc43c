"""One-use links in letters: to the first password of a new account, and to a new one for who forgot theirs.

The letter's row holds the link's id alone, so nobody who reads letters in the office can use it: what
proves the link is signed by the installation's secret when the letter leaves, and is kept nowhere.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa
from limits import RateLimitItemPerHour

from models.account import Account
from models.base import new_id, table
from models.database import reading, transaction
from models.errors import InputError
from models.secret import is_signed
from models.sql import Sql, bind, insert_into, rows_of, update_of
from models.token import Link, Token
from models.vocabulary import LetterKind, LinkKind
from workflows.people import identities, passwords, rate, sessions
from workflows.post import letters
from workflows.post.linking import PATH, PURPOSE
from workflows.record.acting import actor_by_id

if TYPE_CHECKING:
    from models.database import Store

LIFE = {LinkKind.INVITATION: timedelta(days=7), LinkKind.RESET: timedelta(hours=2)}
# Letters somebody else can cause me are few: three for as long as a link lives, after which none is written, and
# nobody is refused; who would write to many is, by the place they ask from.
LETTERS, AN_HOUR = RateLimitItemPerHour(3, 2, "reset"), RateLimitItemPerHour(20, 1, "reset-from")
_L, _A, _T = table(Link).c, table(Account).c, table(Token).c
_INSERT = insert_into(Link)
_BY_ID = rows_of(Link, _L.id == bind("id", _L.id))
_ACCOUNT = rows_of(Account, _A.id == bind("id", _A.id))
_BY_EMAIL = rows_of(Account, _A.email == bind("email", _A.email))
_SET = update_of(Account, "password_hash")
_USE: Sql[None] = Sql(
    sa.update(table(Link))
    .where(_L.id == bind("of", _L.id), _L.used_at.is_(None))
    .values(used_at=bind("used_at", _L.used_at))
)
_USE_ALL: Sql[None] = Sql(
    sa.update(table(Link))
    .where(_L.account_id == bind("account", _L.account_id), _L.used_at.is_(None))
    .values(used_at=bind("used_at", _L.used_at))
)


_END_TOKENS: Sql[None] = Sql(
    sa.update(table(Token))
    .where(_T.account_id == bind("account", _T.account_id), _T.ended_at.is_(None))
    .values(ended_at=bind("ended_at", _T.ended_at))
)


class Welcome(NamedTuple):
    """Whose link it is, what for, and until when."""

    kind: LinkKind
    name: str
    email: str
    ends_at: datetime


def make(store: Store, kind: LinkKind, account_id: str) -> dict[str, str]:
    """A fresh link, as the params of the letter that carries it; older ones of the account are worthless now."""
    void(store, account_id)
    return _one_more(store, kind, account_id)


def _one_more(store: Store, kind: LinkKind, account_id: str) -> dict[str, str]:
    link, ends_at = new_id(), store.now + LIFE[kind]
    store.run(_INSERT, id=link, kind=kind, account_id=account_id, made_at=store.now, ends_at=ends_at, used_at=None)
    return {"link": f"{PATH}{link}", "link_ends_at": ends_at.isoformat()}


def void(store: Store, account_id: str) -> None:
    """What was sent before opens nothing any more: it may lie in a stranger's mailbox."""
    store.run(_USE_ALL, account=account_id, used_at=store.now)
    rate.clear(store, LETTERS, account_id)  # whose letters hold nothing any more may be written to again


def ask_reset(email: str, address: str) -> None:
    """Write to who forgot their password; nothing tells whether there is such an account.

    `address` is the network address it is asked from. Raises TooManyError for that place. Who asks again and again
    has the letters of the last two hours, whose links hold.
    """
    rate.spend(AN_HOUR, rate.place_of(address))
    with transaction() as store:
        account = store.first(_BY_EMAIL, email=sessions.known_as(email))
        if account is not None and account.disabled_at is None and rate.spare(store, LETTERS, account.id):
            # Anybody may ask in anybody's name: that breaks no link of a letter on its way. To use one ends all.
            params = _one_more(store, LinkKind.RESET, account.id)
            letters.to_people(store, new_id(), [account.id], "password_reset", params, LetterKind.ACTION)


def look(given: str) -> Welcome:
    """What a link with its proof is. Raises InputError("link_over") for one unknown, forged, used or past."""
    with reading() as store:
        row = _row(store, given)
        account = store.first(_ACCOUNT, id=row.account_id)
        if account is None or account.disabled_at is not None:
            raise InputError("link_over")
        return Welcome(row.kind, account.name, account.email, row.ends_at)


def use(given: str, password: str) -> str:
    """Set the password of a link's account, end its sessions, tokens, identities and links.

    Answers the address to sign in with. Raises InputError("link_over") as `look`, and for a poor password.
    """
    found = look(given)
    passwords.check(password, found.email)
    kept = passwords.hashed(password)
    with transaction() as store:
        row = _row(store, given)
        if not store.run(_USE, of=row.id, used_at=store.now):
            raise InputError("link_over")
        store.run(_SET, old_id=row.account_id, password_hash=kept)
        void(store, row.account_id)
        sessions.end_all(store, row.account_id)
        # Who lost the password may have lost it to somebody, who may have made one.
        store.run(_END_TOKENS, account=row.account_id, ended_at=store.now)
        identities.forget(store, actor_by_id(store, row.account_id), row.account_id)  # or may have linked one
        letters.to_people(store, new_id(), [row.account_id], "password_changed", {})
    return found.email


def _row(store: Store, given: str) -> Link:
    link, _, proof = given.partition(".")
    row = store.first(_BY_ID, id=link[:32]) if is_signed(proof, PURPOSE, link) else None
    if row is None or row.used_at is not None or row.ends_at <= store.now:
        raise InputError("link_over")
    return row
