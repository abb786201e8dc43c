"""What waits with nobody: at desks where no reviewer is seated, or with no day by which it must be dealt with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.account import Account, Seat
from models.application import Application
from models.base import table
from models.database import reading
from models.deadline import Deadline
from models.organization import Organization
from models.sql import Sql, bind
from models.vocabulary import Role, State
from workflows.queries.watch_late import PAGE
from workflows.queries.watch_scope import PLACES, of_person, of_programme, scope_of, steps_of
from workflows.record.verb import query

if TYPE_CHECKING:
    from datetime import datetime

    from models.database import Store
    from workflows.record.acting import Actor

_P, _O, _S, _A, _D = (table(m).c for m in (Application, Organization, Seat, Account, Deadline))


class Empty(NamedTuple):
    """A desk with cases and no reviewer: how many wait there, and the oldest promise."""

    desk: str
    desk_name: str
    n: int
    oldest: datetime


class Timeless(NamedTuple):
    """A case at a desk that no deadline speaks of."""

    id: str
    receipt: str | None
    subject: str
    desk: str
    desk_name: str
    state: State
    entered_at: datetime


class Stuck(NamedTuple):
    """What waits with nobody: in all, by desk without a reviewer, and a hundred cases without a due date.

    `timeless` is None where it was not asked: over the whole nation it takes longer than a page may.
    """

    total: int
    desks: list[Empty]
    timeless: list[Timeless] | None


_in_office = (_S.starts_at <= bind("now", _S.starts_at)) & (
    _S.ends_at.is_(None) | (_S.ends_at > bind("now", _S.starts_at))
)
_seated = (
    sa.select(_S.id)
    .join_from(table(Seat), table(Account), _A.id == _S.account_id)
    .where(_S.organization == _O.code, _S.role == Role.REVIEWER, _in_office, _A.disabled_at.is_(None))
    .correlate(table(Organization))
    .exists()
)


def _empty() -> Sql[Empty]:
    desk = steps_of(_P.desk)
    nobody = (
        sa.select(_O.code, _O.name)
        .join_from(desk, table(Organization), _O.code == desk.c.desk)
        .where(*PLACES, ~_seated)
        .subquery("nobody")
    )
    return Sql(
        sa.select(nobody.c.code, nobody.c.name, sa.func.count().label("n"), sa.func.min(_P.due_at).label("oldest"))
        .join_from(nobody, table(Application), _P.desk == nobody.c.code)
        .where(of_programme(_P.programme), of_person(_P.handler_id))
        .group_by(nobody.c.code, nobody.c.name)
        .order_by(sa.func.count().desc(), nobody.c.code),
        Empty,
    )


_EMPTY = _empty()
_due = sa.exists().where(_D.thing_id == _P.id, _D.closed_at.is_(None))


def _timeless() -> Sql[Timeless]:
    # Found in the queues' index; only the rows of the page are looked at.
    page = (
        sa.select(_P.id, _P.entered_at)
        .join_from(table(Application), table(Organization), _O.code == _P.desk)
        .where(_P.desk.is_not(None), *PLACES, ~_due, of_programme(_P.programme), of_person(_P.handler_id))
        .order_by(_P.entered_at, _P.id)
        .limit(PAGE)
        .subquery("page")
    )
    return Sql(
        sa.select(_P.id, _P.receipt, _P.subject, _P.desk, _O.name.label("desk_name"), _P.state, _P.entered_at)
        .join_from(page, table(Application), _P.id == page.c.id)
        .join(table(Organization), _O.code == _P.desk)
        .order_by(_P.entered_at, _P.id),
        Timeless,
    )


_TIMELESS = _timeless()
_MORE: Sql[int] = Sql(
    sa.select(sa.func.count())
    .select_from(table(Application))
    .join(table(Organization), _O.code == _P.desk)
    .where(_P.desk.is_not(None), *PLACES, ~_due, _seated, of_programme(_P.programme), of_person(_P.handler_id))
)


@query("stuck")
def stuck(
    actor: Actor, *, root: str, organization_code: str = "", tier: str = "", programme: str = "", person: str = ""
) -> Stuck:
    """What waits under a union with nobody to deal with it: desks without a reviewer in office, cases without a date.

    Raises as `scope_of`.
    """
    with reading() as store:
        scope = scope_of(store, actor, root, organization_code=organization_code, tier=tier, programme=programme,
                         person=person)  # fmt: skip
        values = {name: value for name, value in scope.values.items() if name != "kind"}
        desks = store.all(_EMPTY, **values, now=store.now)
        timeless = None if scope.is_national else store.all(_TIMELESS, **values)
        total = sum(desk.n for desk in desks) + _besides(store, timeless or [], desks, values)
        return Stuck(total, desks[:PAGE], timeless)


def _besides(store: Store, timeless: list[Timeless], desks: list[Empty], values: dict[str, Any]) -> int:
    """How many cases without a date lie at desks that have a reviewer; more than a page of them is a rare fault."""
    if len(timeless) == PAGE:
        return store.first(_MORE, **values, now=store.now) or 0
    empty = {desk.desk for desk in desks}
    return sum(one.desk not in empty for one in timeless)
