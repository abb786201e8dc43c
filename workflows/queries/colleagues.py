"""Who sits at a desk, and who there stands in for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from models.account import Account, Seat
from models.base import table
from models.database import reading
from models.errors import ForbiddenError
from models.office import Deputy
from models.organization import Organization
from models.sql import Sql, bind
from models.vocabulary import Role
from workflows.record.acting import Actor, refreshed
from workflows.record.verb import query

if TYPE_CHECKING:
    from datetime import datetime

    from models.database import Store

_A, _S, _D, _O = (table(m).c for m in (Account, Seat, Deputy, Organization))
_NOW = bind("now", _S.starts_at)


class Colleague(NamedTuple):
    """Somebody who sits at a desk as a reviewer; `deputy` is who acts for them now."""

    id: str
    name: str
    email: str
    deputy: str | None


_stand_in = table(Account).alias("stand_in")
_term = (_D.starts_at <= _NOW) & (_D.ends_at > _NOW) & _D.ended_at.is_(None)
_COLLEAGUES: Sql[Colleague] = Sql(
    sa.select(_A.id, _A.name, _A.email, sa.func.min(_stand_in.c.name).label("deputy"))
    .join_from(table(Seat), table(Account), _A.id == _S.account_id)
    .outerjoin(table(Deputy), (_D.principal_id == _A.id) & (_D.organization == _S.organization) & _term)
    .outerjoin(_stand_in, _stand_in.c.id == _D.deputy_id)
    .where(
        _S.organization == bind("desk", _S.organization),
        _S.role == Role.REVIEWER,
        _S.starts_at <= _NOW,
        _S.ends_at.is_(None) | (_S.ends_at > _NOW),
        _A.disabled_at.is_(None),
    )
    .group_by(_A.id, _A.name, _A.email)
    .order_by(_A.name, _A.id),
    Colleague,
)


class StandIn(NamedTuple):
    """A deputyship that runs or is to begin, with its people's names."""

    id: str
    principal_id: str
    principal: str
    deputy_id: str
    deputy: str
    organization: str
    role: Role
    starts_at: datetime
    ends_at: datetime
    reason: str


_whose = table(Account).alias("whose")
_STAND_INS: Sql[StandIn] = Sql(
    sa.select(
        *(_D.id, _D.principal_id, _whose.c.name.label("principal"), _D.deputy_id, _stand_in.c.name.label("deputy")),
        *(_D.organization, _D.role, _D.starts_at, _D.ends_at, _D.reason),
    )
    .join_from(table(Deputy), _whose, _whose.c.id == _D.principal_id)
    .join(_stand_in, _stand_in.c.id == _D.deputy_id)
    .where(_D.organization == bind("desk", _D.organization), _D.ended_at.is_(None), _D.ends_at > _NOW)
    .order_by(_D.starts_at, _D.id),
    StandIn,
)


class Standing(NamedTuple):
    """A colleague's seat that somebody acts in now, and until when."""

    principal: str
    organization: str
    organization_name: str
    role: Role
    ends_at: datetime


_STANDING: Sql[Standing] = Sql(
    sa.select(_whose.c.name.label("principal"), _D.organization, _O.name.label("organization_name"), _D.role,
              _D.ends_at)
    .join_from(table(Deputy), _whose, _whose.c.id == _D.principal_id)
    .join(table(Organization), _O.code == _D.organization)
    .where(_D.deputy_id == bind("who", _D.deputy_id), _term)
    .order_by(_D.ends_at, _D.id),
    Standing,
)  # fmt: skip


@query("standing-in")
def standing_in(actor: Actor) -> list[Standing]:
    """The colleagues for whom the asker may act at this moment, and until when; the term that ends first comes first.

    Only what is lent in fact: a term of a colleague who holds the seat no more lends nothing.
    """
    with reading() as store:
        lent = {(one.organization, one.role, one.name) for one in refreshed(store, actor).lent}
        found = store.all(_STANDING, who=actor.id, now=store.now) if lent else []
        return [row for row in found if (row.organization, row.role, row.principal) in lent]


@query("colleagues")
def colleagues_of(actor: Actor, *, desk: str) -> list[Colleague]:
    """The reviewers of a desk, for those who sit there or administer it."""
    with reading() as store:
        _require_desk(store, actor, desk)
        return store.all(_COLLEAGUES, desk=desk, now=store.now)


@query("deputies")
def deputies_of(actor: Actor, *, desk: str) -> list[StandIn]:
    """Who stands in for whom at a desk, now or soon."""
    with reading() as store:
        _require_desk(store, actor, desk)
        return store.all(_STAND_INS, desk=desk, now=store.now)


def _require_desk(store: Store, actor: Actor, desk: str) -> None:
    if not refreshed(store, actor).sits(desk, Role.REVIEWER, Role.ADMINISTRATOR, Role.CLERK, Role.EXPERT):
        raise ForbiddenError("not_your_desk", thing="queue")
