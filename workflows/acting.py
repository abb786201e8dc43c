"""Who acts: an account with the seats it holds at this moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from models.account import Account, Seat
from models.base import table
from models.database import reading
from models.errors import SignedOutError
from models.sql import Sql, bind, rows_of
from models.vocabulary import Role

if TYPE_CHECKING:
    from models.database import Store

_A, _S = table(Account).c, table(Seat).c


class Sitting(NamedTuple):
    """One seat: in which organisation, as what."""

    organization: str
    role: Role


class Actor(NamedTuple):
    """Somebody who acts. Verbs read the seats afresh, so an old copy lends no power."""

    id: str
    email: str
    name: str
    language: str = "zh"
    seats: tuple[Sitting, ...] = ()

    def sits(self, organization: str | None, *roles: Role) -> bool:
        """Whether this person holds one of the roles (any, if none is named) there."""
        return any(s.organization == organization and (not roles or s.role in roles) for s in self.seats)

    def places(self, *roles: Role) -> list[str]:
        """The organisations this person holds one of the roles in."""
        return sorted({s.organization for s in self.seats if not roles or s.role in roles})


SYSTEM = Actor("system", "", "系统")
PUBLIC = Actor("public", "", "公众")

_IN_OFFICE = (_S.starts_at <= bind("now", _S.starts_at)) & (
    _S.ends_at.is_(None) | (_S.ends_at > bind("now", _S.starts_at))
)
# An account in force without a seat is one row of nothing; one shut out or unknown is no row.
_SEATS: Sql[Sitting] = Sql(
    sa.select(_S.organization, _S.role)
    .select_from(table(Account))
    .outerjoin(table(Seat), (_S.account_id == _A.id) & _IN_OFFICE)
    .where(_A.id == bind("account", _A.id), _A.disabled_at.is_(None)),
    Sitting,
)
_BY_EMAIL = rows_of(Account, _A.email == bind("email", _A.email))
_BY_ID = rows_of(Account, _A.id == bind("id", _A.id))


def refreshed(store: Store, actor: Actor) -> Actor:
    """The actor with the seats held now. Raises SignedOutError for an account shut out meanwhile."""
    if actor.id in ("system", "public"):
        return actor
    found = store.all(_SEATS, account=actor.id, now=store.now)
    if not found:
        raise SignedOutError("unknown_account")
    return actor._replace(seats=tuple(s for s in found if s.organization is not None))


def _actor(store: Store, account: Account | None) -> Actor:
    if account is None or account.disabled_at is not None:
        raise SignedOutError("unknown_account")
    return refreshed(store, Actor(account.id, account.email, account.name, account.language))


def actor_of(email: str) -> Actor:
    """The actor with this address. Raises SignedOutError when there is none or it is disabled."""
    with reading() as store:
        return _actor(store, store.first(_BY_EMAIL, email=email.strip().casefold()))


def actor_by_id(store: Store, account_id: str) -> Actor:
    """The actor of an account. Raises SignedOutError when there is none or it is disabled."""
    return _actor(store, store.first(_BY_ID, id=account_id))
