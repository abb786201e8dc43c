"""What an administrator watches beside overdue work: the journal, the clocks' last runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from models.application import Application
from models.base import table
from models.database import reading
from models.deadline import Sweep
from models.errors import ForbiddenError
from models.journal import Event
from models.organization import Organization
from models.sql import Sql, bind
from models.vocabulary import Tier
from workflows.people.organizations import organization
from workflows.queries.watch_late import PAGE, DeskCount, Overdue, overdue, overdue_by_desk
from workflows.queries.watch_scope import UNDER, require_administrator
from workflows.record.verb import query

if TYPE_CHECKING:
    from datetime import datetime

    from workflows.record.acting import Actor

__all__ = ["HAPPENED_UNDER", "PAGE", "UNDER", "DeskCount", "Overdue", "journal", "overdue", "overdue_by_desk",
           "require_administrator", "runs"]  # fmt: skip

_O, _E, _W, _P = (table(m).c for m in (Organization, Event, Sweep, Application))
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
