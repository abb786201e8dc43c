"""Among the people of a desk: nobody acts in a name not lent, and nothing lies with somebody who is not there."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from models.account import Seat
from models.application import Application
from models.base import table
from models.deadline import Deadline
from models.journal import Event
from models.office import Countersign, Deputy
from models.sql import Sql, bind
from models.vocabulary import CountersignState, DeadlineKind, Role
from workflows.doctor.violation import Found, Violation, is_, words
from workflows.record.streaming import stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.database import Store

_E, _P, _S, _D, _C, _T = (table(m).c for m in (Event, Application, Seat, Deputy, Countersign, Deadline))
_lent = sa.exists().where(
    _D.principal_id == _E.on_behalf,
    _D.deputy_id == _E.account_id,
    _D.starts_at <= _E.at,
    _D.ends_at > _E.at,
    _D.ended_at.is_(None) | (_D.ended_at >= _E.at),
)
_NO_DEPUTY: Sql[Found] = Sql(
    sa.select(words(_E.thing, _E.thing_id), words(_E.version, _E.act, _E.account_id, _E.on_behalf)).where(
        _E.on_behalf.is_not(None), ~_lent
    ),
    Found,
)
_seated = sa.exists().where(
    _S.account_id == _P.handler_id,
    _S.organization == _P.desk,
    is_(_S.role, Role.REVIEWER),
    _S.ends_at.is_(None) | (_S.ends_at > bind("lately", _S.ends_at)),
)
_EMPTY: Sql[Found] = Sql(
    sa.select(_P.id, words(_P.desk, _P.handler_id)).where(
        (_P.handler_id.is_not(None) & (_P.desk.is_(None) | ~_seated))
        | (_P.delegated_by.is_not(None) & _P.handler_id.is_(None))
    ),
    Found,
)
_end = sa.exists().where(_T.thing_id == _P.id, is_(_T.kind, DeadlineKind.HOLD_END), _T.closed_at.is_(None))
_TIMELESS: Sql[Found] = Sql(sa.select(_P.id, words(_P.state, _P.due_at)).where(_P.on_hold, ~_end), Found)
_LEFT: Sql[Found] = Sql(
    sa.select(_P.id, words(_C.id, _C.desk, _P.desk))
    .join_from(table(Countersign), table(Application), _P.id == _C.application_id)
    .where(is_(_C.state, CountersignState.OPEN), _P.desk.is_(None) | (_P.desk != _C.desk)),
    Found,
)
# A term that runs out is noticed by the next sweep.
_GRACE = timedelta(days=1)


def nobody_acts_in_a_name_not_lent(store: Store) -> Iterator[Violation]:
    """Every act for somebody else was done by their deputy of that moment."""
    for row in stream(store, _NO_DEPUTY):
        yield Violation("I4", "not_a_deputy", row.detail, row.subject)


def nothing_lies_in_empty_hands(store: Store) -> Iterator[Violation]:
    """No case is in the hands of somebody without a seat at its desk; holds and countersigns have an end."""
    for row in stream(store, _EMPTY, lately=store.now - _GRACE):
        yield Violation("I10a", "empty_hands", row.detail, f"application {row.subject}")
    for row in stream(store, _TIMELESS):
        yield Violation("I10a", "held_without_date", row.detail, f"application {row.subject}")
    for row in stream(store, _LEFT):
        yield Violation("I10a", "countersign_left", row.detail, f"application {row.subject}")
