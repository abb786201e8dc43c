"""What is already on record of an applicant: titles, bars, other applications, earlier words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from models.application import Application, Review, Revision
from models.base import table
from models.journal import Event
from models.sql import Sql, bind, rows_of
from models.title import Title
from models.vocabulary import Act, Outcome, Thing, TitleState
from workflows.rules.eligibility import Record

if TYPE_CHECKING:
    from datetime import date

    from models.database import Store

_P, _T, _R, _E, _V = (table(m).c for m in (Application, Title, Revision, Event, Review))
_HELD = rows_of(
    Title,
    _T.programme_code == bind("code", _T.programme_code),
    (_T.leader_key == bind("leader", _T.leader_key))
    | ((_T.organization == bind("unit", _T.organization)) & (_T.name == bind("name", _T.name))),
)
_OTHER = rows_of(
    Application,
    _P.round_id == bind("round", _P.round_id),
    _P.leader_key == bind("leader", _P.leader_key),
    _P.live,
    _P.id != bind("id", _P.id),
)
_CHANGED: Sql[str] = Sql(
    sa.select(_R.field)
    .where(
        _R.application_id == bind("id", _R.application_id),
        _R.version
        > sa.select(sa.func.max(_E.version))
        .where(_E.thing == Thing.APPLICATION, _E.thing_id == bind("id", _R.application_id), _E.act == Act.SEND_BACK)
        .scalar_subquery(),
    )
    .distinct()
    .order_by(_R.field)
)
_RETURNS = rows_of(
    Review,
    _V.application_id == bind("id", _V.application_id),
    _V.step == bind("step", _V.step),
    _V.outcome == Outcome.RETURNED,
)
_OVER = (TitleState.REVOKED, TitleState.ENDED)


def record_of(store: Store, programme_code: str, row: Application) -> Record:
    """Titles of this programme the leader or the studio holds, and the last day of any bar."""
    held = store.all(_HELD, code=programme_code, leader=row.leader_key, unit=row.organization, name=row.subject)
    bars: list[date] = [t.barred_until for t in held if t.barred_until is not None]
    titles = [(t.number, t.name) for t in held if t.state not in _OVER]
    return Record(titles, max(bars, default=None))


def other_of_leader(store: Store, row: Application) -> Application | None:
    """Another live application of the same leader in the same round."""
    return store.first(_OTHER, round=row.round_id, leader=row.leader_key, id=row.id)


def changed_since_return(store: Store, application_id: str) -> list[str]:
    """The fields changed since the application was last returned."""
    return store.all(_CHANGED, id=application_id)


def returned_fields(store: Store, application_id: str, step: int) -> set[str]:
    """The fields this tier has returned the application for before."""
    returns = store.all(_RETURNS, id=application_id, step=step)
    return {fault["field"] for review in returns for fault in review.faults}
