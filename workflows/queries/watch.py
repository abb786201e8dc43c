"""What an administrator watches: overdue work, letters, the journal, the clocks' last runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from models.application import Application
from models.base import table
from models.database import reading
from models.deadline import Deadline, Sweep
from models.errors import ForbiddenError
from models.journal import Event
from models.organization import Organization
from models.sql import Sql, bind
from models.vocabulary import DeadlineKind, Role, Thing, Tier
from workflows.people.organizations import NATION, organization
from workflows.record.acting import Actor, refreshed
from workflows.record.verb import query

if TYPE_CHECKING:
    from datetime import datetime

    from models.database import Store

_D, _O, _E, _W, _P = (table(m).c for m in (Deadline, Organization, Event, Sweep, Application))
PAGE = 100


class Overdue(NamedTuple):
    """One thing past its moment, and whose desk it lies on; an application also by its receipt and name."""

    id: str
    thing: Thing
    thing_id: str
    kind: DeadlineKind
    desk: str | None
    desk_name: str | None
    due_at: datetime
    derivation: str
    receipt: str | None
    subject: str | None


class DeskCount(NamedTuple):
    """How much is overdue at a desk, and since when."""

    desk: str
    desk_name: str
    n: int
    oldest: datetime


# Whether the organisation of a row lies under the union asked about; the nation is over all.
UNDER = sa.or_(
    _O.code == bind("root", _O.code),
    _O.province == bind("root", _O.province),
    _O.city == bind("root", _O.city),
    _O.parent == bind("root", _O.code),
    bind("root", _O.code) == sa.literal(NATION, _O.code.type),
)
_LATE = (_D.closed_at.is_(None), _D.due_at <= bind("now", _D.due_at))
# All of it, for a page or a file.
OVERDUE = (
    sa.select(
        _D.id, _D.thing, _D.thing_id, _D.kind, _D.desk, _O.name.label("desk_name"), _D.due_at, _D.derivation,
        _P.receipt, _P.subject,
    )
    .join_from(table(Deadline), table(Organization), _O.code == _D.desk)
    .outerjoin(table(Application), _P.id == _D.thing_id)
    .where(*_LATE, UNDER)
    .order_by(_D.due_at, _D.id)
)  # fmt: skip
_OVERDUE: Sql[Overdue] = Sql(OVERDUE.limit(PAGE), Overdue)
_BY_DESK: Sql[DeskCount] = Sql(
    sa.select(_D.desk, _O.name.label("desk_name"), sa.func.count().label("n"), sa.func.min(_D.due_at).label("oldest"))
    .join_from(table(Deadline), table(Organization), _O.code == _D.desk)
    .where(*_LATE, UNDER)
    .group_by(_D.desk, _O.name)
    .order_by(sa.func.count().desc(), _D.desk)
    .limit(PAGE),
    DeskCount,
)
# What was never submitted is its unit's own affair.
_NEVER_SUBMITTED = sa.exists().where(_P.id == _E.thing_id, _P.submitted_at.is_(None)).correlate(table(Event))
# An event belongs to the office it was done for; the clocks' to where the application comes from.
HAPPENED_UNDER = ~_NEVER_SUBMITTED & (
    sa.exists()
    .where(
        UNDER,
        _O.code
        == sa.func.coalesce(
            _E.desk, sa.select(_P.organization).where(_P.id == _E.thing_id).correlate(table(Event)).scalar_subquery()
        ),
    )
    .correlate(table(Event))
)
_JOURNAL = Sql(
    sa.select(table(Event))
    .where(_E.at < bind("before", _E.at), HAPPENED_UNDER)
    .order_by(_E.at.desc(), _E.id.desc())
    .limit(PAGE),
    Event,
)
_RUNS = Sql(sa.select(table(Sweep)).order_by(_W.started_at.desc()).limit(20), Sweep)


@query("overdue")
def overdue(actor: Actor, *, root: str) -> list[Overdue]:
    """What is past its moment at desks of a province or city (or the one desk), oldest first."""
    with reading() as store:
        require_administrator(store, actor, root)
        return store.all(_OVERDUE, root=root, now=store.now)


@query("overdue-by-desk")
def overdue_by_desk(actor: Actor, *, root: str) -> list[DeskCount]:
    """How much is overdue at each desk below a province or city, most first."""
    with reading() as store:
        require_administrator(store, actor, root)
        return store.all(_BY_DESK, root=root, now=store.now)


@query("journal")
def journal(actor: Actor, *, root: str, before: datetime | None = None) -> list[Event]:
    """The newest events, a page of 100; `before` is the moment of the last one seen.

    They tell of every union's work, so they are for the administrators of a province or the nation.
    """
    with reading() as store:
        require_administrator(store, actor, root)
        if organization(store, root).tier not in (Tier.PROVINCE, Tier.NATION):
            raise ForbiddenError("not_administrator", organization=root)
        return store.all(_JOURNAL, root=root, before=before or store.now.replace(year=store.now.year + 1, day=1))


@query("runs")
def runs(actor: Actor, *, root: str) -> list[Sweep]:
    """The clocks' last runs from our own records."""
    with reading() as store:
        require_administrator(store, actor, root)
        return store.all(_RUNS)


def require_administrator(store: Store, actor: Actor, root: str) -> Actor:
    """The actor with today's seats. Raises ForbiddenError unless they administer `root` or the nation."""
    who = refreshed(store, actor)
    if not (who.sits(root, Role.ADMINISTRATOR) or who.sits(NATION, Role.ADMINISTRATOR)):
        raise ForbiddenError("not_administrator", organization=root)
    return who
