"""Who keeps the installation: what is wrong with it is nobody's case, and must reach somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from models.account import Account, Seat
from models.base import table
from models.organization import Organization
from models.sql import Sql, bind
from models.vocabulary import LetterKind, Role, Tier
from workflows.post import letters

if TYPE_CHECKING:
    from models.database import Store

_S, _O, _A = table(Seat).c, table(Organization).c, table(Account).c
_KEEPERS: Sql[str] = Sql(
    sa.select(_S.account_id)
    .distinct()
    .join(table(Organization), _O.code == _S.organization)
    .join(table(Account), _A.id == _S.account_id)
    .where(
        _S.role == Role.ADMINISTRATOR,
        _O.tier.in_([Tier.NATION, Tier.PROVINCE]),
        _A.disabled_at.is_(None),
        _S.starts_at <= bind("now", _S.starts_at),
        _S.ends_at.is_(None) | (_S.ends_at > bind("now", _S.starts_at)),
    )
    .order_by(_S.account_id)
)


def keepers(store: Store) -> list[str]:
    """The accounts of the administrators of the provinces and the nation, seated now."""
    return store.all(_KEEPERS, now=store.now)


def tell(store: Store, event: str, template: str, params: dict[str, Any]) -> int:
    """A letter that asks every keeper to act, at most one each for one event; answers to how many."""
    people = keepers(store)
    letters.to_people(store, event, people, template, params, LetterKind.ACTION)
    return len(people)
