"""What waits with no date on it: a fault, shown to administrators before anybody waits in vain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.account import Seat
from models.application import Application
from models.base import table
from models.database import reading
from models.notice import Notice, Objection
from models.organization import Organization
from models.panel import Meeting, Panel
from models.sql import Sql
from models.subsidy import Subsidy
from models.title import Assessment, Title
from models.vocabulary import Thing
from workflows.doctor.waiting import SOON, WITHOUT_DATE
from workflows.queries.watch_scope import UNDER, require_administrator
from workflows.record.verb import query

if TYPE_CHECKING:
    from workflows.record.acting import Actor

_O = table(Organization).c
_P, _N, _B, _T, _Y, _U, _M, _L, _S = (
    table(m).c for m in (Application, Notice, Objection, Title, Assessment, Subsidy, Meeting, Panel, Seat)
)
PAGE = 100
# Whose it is to see that it has a date: the desk that has it, else the union it is decided by.
_WHOSE: dict[Thing, tuple[Any, Any]] = {
    Thing.APPLICATION: (_P.id, sa.func.coalesce(_P.desk, _P.organization)),
    Thing.NOTICE: (_N.id, _N.organization),
    Thing.OBJECTION: (_B.id, _B.organization),
    Thing.TITLE: (_T.id, _T.decider),
    Thing.ASSESSMENT: (_Y.id, _Y.decider),
    Thing.SUBSIDY: (_U.id, _U.decider),
    Thing.MEETING: (_M.id, _M.desk),
    Thing.PANEL: (_L.id, _L.desk),
    Thing.ACCOUNT: (_S.account_id, _S.organization),
}


class Undated(NamedTuple):
    """Something that waits without a due date: what, where, and what is known of it."""

    thing_id: str
    organization: str
    organization_name: str
    detail: str


class WithoutDate(NamedTuple):
    """One of them with what it is."""

    thing: Thing
    thing_id: str
    organization: str
    organization_name: str
    detail: str


def _asked(thing: Thing, found: sa.Select[Any]) -> Sql[Undated]:
    waiting, (key, whose) = found.subquery("waiting"), _WHOSE[thing]
    columns = list(waiting.c)
    return Sql(
        sa.select(key.label("thing_id"), _O.code.label("organization"), _O.name.label("organization_name"),
                  columns[1].label("detail"))
        .join_from(key.table, table(Organization), _O.code == whose)
        .join(waiting, columns[0] == key)
        .where(UNDER)
        .distinct()
        .order_by(key)
        .limit(PAGE),
        Undated,
    )  # fmt: skip


_ASKED = {thing: tuple(_asked(thing, one) for one in asked) for thing, asked in WITHOUT_DATE.items()}


@query("without-date")
def without_date(actor: Actor, *, root: str) -> list[WithoutDate]:
    """What waits under a union with no due date, at most 100 of each kind; the doctor complains of the same.

    For administrators. Raises ForbiddenError.
    """
    with reading() as store:
        require_administrator(store, actor, root)
        return [
            WithoutDate(thing, *row)
            for thing, asked in _ASKED.items()
            for sql in asked
            for row in store.all(sql, root=root, **({"now": store.now + SOON} if thing is Thing.ACCOUNT else {}))
        ]
