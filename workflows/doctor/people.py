"""I4: nobody decides on their own case, and desks act only through their reviewers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from models.account import Seat
from models.application import Application
from models.base import table
from models.journal import Event
from models.notice import Objection
from models.round import Round
from models.slate import Slate
from models.sql import Sql
from models.vocabulary import Act, Role, State, Thing
from workflows.doctor.violation import Found, Violation, is_, words
from workflows.record.streaming import stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.database import Store

_E, _P, _S, _SL, _R, _J = (table(m).c for m in (Event, Application, Seat, Slate, Round, Objection))
_BY_DESK = (Act.CHECK, Act.SEND_BACK, Act.REFUSE)
_DECIDING = (*_BY_DESK, Act.PUBLISH, Act.NAME, Act.DISMISS, Act.UPHOLD)
_BY_TIER = (Act.RANK, Act.SEAL, Act.SEND_UP, Act.RECALL, Act.PUBLISH, Act.DECIDE)


def _sat(organization: sa.ColumnElement[str], *role: Role, whose: Any = None) -> sa.Exists:
    """Whether who acted, or whoever they acted for, sat there then."""
    seat = sa.select(_S.id).where(
        _S.account_id == (sa.func.coalesce(_E.on_behalf, _E.account_id) if whose is None else whose),
        _S.organization == organization,
        _S.starts_at <= _E.at,
        _S.ends_at.is_(None) | (_S.ends_at > _E.at),
    )
    return sa.exists(seat.where(is_(_S.role, *role)) if role else seat)


_SUBJECT = words(_E.thing, _E.thing_id)
_DETAIL = words(_E.version, _E.act, _E.account_id, _E.desk)
# A union that reviews what its own workers bring, or decides its own round, is no stranger to the unit.
_own_desk = (
    is_(_E.source, State.ENTERPRISE_REVIEW)
    | sa.exists().where(_R.id == _P.round_id, _R.organization == _P.organization)
    | sa.exists().where(_J.application_id == _P.id, _J.organization == _P.organization)
)
_OWN: Sql[Found] = Sql(
    sa.select(_SUBJECT, _DETAIL)
    .join_from(table(Event), table(Application), _P.id == _E.thing_id)
    .where(
        is_(_E.thing, Thing.APPLICATION),
        is_(_E.act, *_DECIDING),
        # Neither who acted nor whom they stood in for.
        sa.or_(
            *(
                (whose == _P.applicant_id) | (_sat(_P.organization, whose=whose) & ~_own_desk)
                for whose in (_E.account_id, _E.on_behalf)
            )
        ),
    ),
    Found,
)
_STRANGERS: Sql[Found] = Sql(
    sa.select(_SUBJECT, _DETAIL).where(
        is_(_E.thing, Thing.APPLICATION),
        is_(_E.act, *_BY_DESK),
        _E.desk.is_(None) | ~_sat(_E.desk, Role.REVIEWER),
    ),
    Found,
)
_SLATE_STRANGERS: Sql[Found] = Sql(
    sa.select(_SUBJECT, _DETAIL)
    .join_from(table(Event), table(Slate), _SL.id == _E.thing_id)
    .where(
        is_(_E.thing, Thing.SLATE),
        is_(_E.act, *_BY_TIER),
        ~_sat(_SL.organization, Role.REVIEWER),
    ),
    Found,
)


def nobody_decides_on_their_own(store: Store) -> Iterator[Violation]:
    """No review or decision by the applicant, or by somebody who sat in the applicant's unit."""
    for row in stream(store, _OWN):
        yield Violation("I4", "own_case", row.detail, row.subject)


def desks_act_through_their_reviewers(store: Store) -> Iterator[Violation]:
    """Whoever acted for a desk or a tier was its reviewer at that moment."""
    for sql in (_STRANGERS, _SLATE_STRANGERS):
        for row in stream(store, sql):
            yield Violation("I4", "not_their_desk", row.detail, row.subject)
