"""I3: never over quota; places reserved and used are those of the ledger and of live names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.application import Application
from models.base import table
from models.journal import Event
from models.round import Quota, QuotaEntry
from models.slate import Entry, Slate
from models.sql import Sql
from models.vocabulary import Act, Bucket, QuotaKind, SlateState, State, Thing
from workflows.doctor.violation import Violation, is_
from workflows.record.streaming import stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.database import Store

_Q, _L, _S, _EN, _P, _E = (table(m).c for m in (Quota, QuotaEntry, Slate, Entry, Application, Event))


def _balance(bucket: Bucket) -> sa.ColumnElement[int]:
    moved = sa.case((is_(_L.target, bucket), _L.n), (is_(_L.source, bucket), -_L.n), else_=0)
    return sa.func.coalesce(sa.func.sum(moved), 0)


class _Books(NamedTuple):
    id: str
    kind: QuotaKind
    places: int
    reserved: int
    used: int
    issued: int
    in_reserved: int
    in_used: int


_BOOKS: Sql[_Books] = Sql(
    sa.select(
        _Q.id, _Q.kind, _Q.places, _Q.reserved, _Q.used,
        -_balance(Bucket.ISSUER), _balance(Bucket.RESERVED), _balance(Bucket.USED),
    )
    .outerjoin_from(table(Quota), table(QuotaEntry), _L.quota_id == _Q.id)
    .group_by(_Q.id, _Q.kind, _Q.places, _Q.reserved, _Q.used),
    _Books,
)  # fmt: skip


class _Taken(NamedTuple):
    round_id: str
    organization: str
    pool: str
    reserved: int
    used: int
    in_reserved: int
    in_used: int


# A slate that ended with its round keeps its places as they were: the last event tells from where.
_ended = sa.select(_E.thing_id, _E.source).where(is_(_E.thing, Thing.SLATE), is_(_E.act, Act.END)).subquery()
_state: Any = sa.func.coalesce(_ended.c.source, sa.cast(_S.state, sa.String))
_was_sent = is_(_state, SlateState.SENT_UP, SlateState.OPENED)
_was_sealed = is_(_state, SlateState.SEALED, SlateState.IN_NOTICE, SlateState.DECIDED)
_named = is_(_P.state, State.NAMED)


def _count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0))


_by_names = (
    sa.select(
        _S.round_id,
        _S.organization,
        _P.pool,
        _count(_was_sealed & ~_named).label("reserved"),
        _count(_was_sent | (_was_sealed & _named)).label("used"),
    )
    .join_from(table(Slate), table(Entry), _EN.slate_id == _S.id)
    .join(table(Application), _P.id == _EN.application_id)
    .outerjoin(_ended, _ended.c.thing_id == _S.id)
    .where(~_EN.reserve, _EN.outside == sa.literal_column("''"), _P.live)
    .group_by(_S.round_id, _S.organization, _P.pool)
    .subquery()
)
_same = sa.and_(*(_by_names.c[name] == _Q[name] for name in ("round_id", "organization", "pool")))
_holds = [sa.func.coalesce(_by_names.c[name], 0) for name in ("reserved", "used")]
_TAKEN: Sql[_Taken] = Sql(
    sa.select(_Q.round_id, _Q.organization, _Q.pool, _Q.reserved, _Q.used, *_holds)
    .outerjoin_from(table(Quota), _by_names, _same)
    .where((_Q.reserved != _holds[0]) | (_Q.used != _holds[1])),
    _Taken,
)
_UNHELD: Sql[_Taken] = Sql(
    sa.select(
        _by_names.c.round_id,
        _by_names.c.organization,
        _by_names.c.pool,
        sa.literal_column("0"),
        sa.literal_column("0"),
        *_holds,
    )
    .outerjoin_from(_by_names, table(Quota), _same)
    .where(_Q.id.is_(None), _holds[0] + _holds[1] > sa.literal_column("0")),
    _Taken,
)


def ledgers_agree(store: Store) -> Iterator[Violation]:
    """Places, reserved and used are what the entries add up to, and never over quota."""
    for row in stream(store, _BOOKS):
        if (row.places, row.reserved, row.used) != (row.issued, row.in_reserved, row.in_used):
            yield Violation("I3", "ledger_differs", str(row), f"quota {row.id}")
        if row.kind is not QuotaKind.FREE and row.reserved + row.used > row.places:
            yield Violation("I3", "over_quota", str(row), f"quota {row.id}")


def places_are_taken_once(store: Store) -> Iterator[Violation]:
    """Each live main name on a sealed list holds exactly one place of that union."""
    for sql in (_TAKEN, _UNHELD):
        for row in stream(store, sql):
            place = f"quota {row.round_id} {row.organization} {row.pool}"
            yield Violation("I3", "places_differ", str(row), place.strip())
