"""The people of a desk: who may take a case in hand or sign it, and whom a letter to somebody reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from models.account import Account, Seat
from models.base import table
from models.errors import ForbiddenError, NotFoundError, RefusedError
from models.office import Deputy
from models.sql import Sql, bind, rows_of
from models.vocabulary import Act, Role, Thing
from workflows.record.acting import Actor, refreshed
from workflows.rules import permissions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models.application import Application
    from models.database import Store

_A, _S, _D = (table(m).c for m in (Account, Seat, Deputy))
_BY_EMAIL = rows_of(Account, _A.email == bind("email", _A.email))
_BY_ID = rows_of(Account, _A.id == bind("id", _A.id))
# Who acts for somebody at a desk now.
_STANDING_IN: Sql[str] = Sql(
    sa.select(_D.deputy_id).where(
        _D.principal_id == bind("who", _D.principal_id),
        _D.organization == bind("desk", _D.organization),
        _D.starts_at <= bind("now", _D.starts_at),
        _D.ends_at > bind("now", _D.starts_at),
        _D.ended_at.is_(None),
    )
)
_SEATED: Sql[str] = Sql(
    sa.select(_S.id)
    .join_from(table(Seat), table(Account), _A.id == _S.account_id)
    .where(
        _S.account_id == bind("who", _S.account_id),
        _S.organization == bind("desk", _S.organization),
        _S.role == bind("role", _S.role),
        _S.starts_at <= bind("now", _S.starts_at),
        _S.ends_at.is_(None) | (_S.ends_at > bind("now", _S.starts_at)),
        _A.disabled_at.is_(None),
    )
    .limit(1)
)


def anybody(store: Store, given: str) -> Account:
    """Somebody by their address, or by the id of their account, in force or not. Raises NotFoundError."""
    clean = given.strip()
    by_email = "@" in clean
    found = store.first(_BY_EMAIL, email=clean.casefold()) if by_email else store.first(_BY_ID, id=clean)
    if found is None:
        raise NotFoundError("not_found", thing=Thing.ACCOUNT.value, given=given[:60])
    return found


def person(store: Store, given: str) -> Account:
    """Somebody in force, by their address or the id of their account. Raises NotFoundError."""
    found = anybody(store, given)
    if found.disabled_at is not None:
        raise NotFoundError("not_found", thing=Thing.ACCOUNT.value, given=given[:60])
    return found


def acting(store: Store, account: Account) -> Actor:
    """Somebody with the seats they hold themselves now: whoever takes a case on does it in their own right."""
    return refreshed(store, Actor(account.id, account.email, account.name, account.language)).alone()


def is_seated(store: Store, account_id: str, desk: str | None, role: Role = Role.REVIEWER) -> bool:
    """Whether somebody in force holds this seat now, themselves."""
    return store.first(_SEATED, who=account_id, desk=desk, role=role, now=store.now) is not None


def handler(store: Store, row: Application, given: str) -> Account:
    """A reviewer of the case's desk who may take it in hand.

    Raises NotFoundError, RefusedError("not_a_colleague"), ForbiddenError("own_case").
    """
    found = person(store, given)
    who = acting(store, found)
    if not who.sits(row.desk, Role.REVIEWER):
        raise RefusedError("not_a_colleague", name=found.name, organization=row.desk)
    if permissions.is_own_case(who, row.organization, row.applicant_id, row.desk):
        raise ForbiddenError("handlers_own_case", act=Act.TRANSFER.value, name=found.name)
    return found


def signer(store: Store, row: Application, given: str) -> Account:
    """A reviewer of the desk, or somebody elsewhere who may see the case anyway; never one of its own people.

    Raises NotFoundError, RefusedError("may_not_see"), ForbiddenError("handlers_own_case").
    """
    found = person(store, given)
    who = acting(store, found)
    if permissions.is_own_case(who, row.organization, row.applicant_id, row.desk):
        raise ForbiddenError("handlers_own_case", act=Act.SIGN.value, name=found.name)
    if not who.sits(row.desk, Role.REVIEWER) and not permissions.sees(who, row):
        raise RefusedError("may_not_see", name=found.name)
    return found


def reached(store: Store, people: Iterable[str], desk: str | None) -> list[str]:
    """These people with whoever acts for them at a desk now: a letter to somebody absent is read."""
    found: dict[str, None] = {}
    for one in people:
        found |= dict.fromkeys([one, *store.all(_STANDING_IN, who=one, desk=desk, now=store.now)])
    return list(found)


def names(store: Store, *ids: str | None) -> dict[str, str]:
    """What these people are called, by the id of their account."""
    found = (store.first(_BY_ID, id=one) for one in dict.fromkeys(ids) if one)
    return {row.id: row.name for row in found if row is not None}
