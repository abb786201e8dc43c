"""I8 and I14: ranked lists are whole; what was published is what was decided, and not sooner."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.application import Application
from models.base import table
from models.docket import DecisionLink
from models.notice import Notice, Objection
from models.slate import Entry
from models.sql import Sql, bind
from models.title import Decision, Title
from models.vocabulary import DecisionKind, NoticeState, ObjectionState, State
from workflows.doctor.violation import Found, Violation, is_, words
from workflows.record.journal import canonical
from workflows.record.streaming import stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.database import Store

_EN, _N, _O, _P, _D, _T = (table(m).c for m in (Entry, Notice, Objection, Application, Decision, Title))
_most = sa.func.max(_EN.rank)
_main = sa.func.max(sa.case((~_EN.reserve, _EN.rank), else_=0))
_reserve = sa.func.min(sa.case((_EN.reserve, _EN.rank), else_=None))
_RANKS: Sql[Found] = Sql(
    sa.select(_EN.slate_id, words(sa.func.count(), _most, _main, _reserve))
    .group_by(_EN.slate_id)
    .having(
        (sa.func.count() != _most)
        | (sa.func.count(_EN.rank.distinct()) != _most)
        | (sa.func.min(_EN.rank) != sa.literal_column("1"))
        | (_main > _reserve)
    ),
    Found,
)


class _Published(NamedTuple):
    id: str
    content: Any
    hash: str


_SHORT: Sql[Found] = Sql(sa.select(_N.id, words(_N.closed_at, _N.ends_at)).where(_N.closed_at < _N.ends_at), Found)
_NOTICES: Sql[_Published] = Sql(sa.select(_N.id, _N.snapshot, _N.snapshot_hash), _Published)
_DECISIONS: Sql[_Published] = Sql(sa.select(_D.id, _D.annex, _D.annex_hash), _Published)
_NAMINGS: Sql[_Published] = Sql(
    sa.select(_D.id, _D.annex, _D.annex_hash).where(
        is_(_D.kind, DecisionKind.NAMING), _D.id.not_in(sa.select(table(DecisionLink).c.decision_id))
    ),
    _Published,
)
_TITLES: Sql[str] = Sql(sa.select(_T.application_id).where(_T.decision_id == bind("decision", _T.decision_id)))
_UNHEARD: Sql[Found] = Sql(
    sa.select(_P.id, _O.id)
    .join_from(table(Objection), table(Application), _P.id == _O.application_id)
    .where(
        is_(_P.state, State.NAMED),
        is_(_O.state, ObjectionState.INVESTIGATING, ObjectionState.REPORTED),
    ),
    Found,
)


class _Named(NamedTuple):
    id: str
    notice_id: str | None
    closed: bool | None
    snapshot: Any
    titled: str | None


# By its own last moment, not by when it was closed: a clock may have gone back since.
_was_over = is_(_N.state, NoticeState.CLOSED) & (_N.ends_at <= _P.ended_at)
_NAMED: Sql[_Named] = Sql(
    sa.select(_P.id, _P.notice_id, _was_over, _N.snapshot, _T.id)
    .outerjoin_from(table(Application), table(Notice), _N.id == _P.notice_id)
    .outerjoin(table(Title), _T.application_id == _P.id)
    .where(is_(_P.state, State.NAMED)),
    _Named,
)


def ranks_are_whole(store: Store) -> Iterator[Violation]:
    """A list's ranks are 1 to n, its main names before its reserve."""
    for row in stream(store, _RANKS):
        yield Violation("I8", "ranks_broken", row.detail, f"slate {row.subject}")


def notices_are_whole(store: Store) -> Iterator[Violation]:
    """No notice was shortened, and each still says what its hash was taken of."""
    for row in stream(store, _SHORT):
        yield Violation("I14", "notice_short", row.detail, f"notice {row.subject}")
    yield from _rehashed(store, _NOTICES, "notice")


def decisions_are_whole(store: Store) -> Iterator[Violation]:
    """Each decision's list is the one it was hashed as, and names exactly its titles."""
    yield from _rehashed(store, _DECISIONS, "decision")
    for row in stream(store, _NAMINGS):
        listed = {line["application"] for area in row.content for line in area["names"]}
        titled = set(store.all(_TITLES, decision=row.id))
        if listed != titled:
            detail = f"{sorted(listed - titled)} {sorted(titled - listed)}"
            yield Violation("I14", "annex_differs", detail, f"decision {row.id}")


def named_ones_stood_in_notice(store: Store) -> Iterator[Violation]:
    """Whoever is named stood in a notice that was over, and no objection was left open."""
    for heard in stream(store, _UNHEARD):
        yield Violation("I14", "objection_open", heard.detail, f"application {heard.subject}")
    for row in stream(store, _NAMED):
        shown = {line["application"] for line in row.snapshot or ()}
        if not row.closed or row.id not in shown:
            yield Violation("I14", "named_without_notice", str(row.notice_id), f"application {row.id}")
        if row.titled is None:
            yield Violation("I14", "named_without_title", "-", f"application {row.id}")


def _rehashed(store: Store, sql: Sql[_Published], kind: str) -> Iterator[Violation]:
    for row in stream(store, sql):
        if hashlib.sha256(canonical(row.content).encode()).hexdigest() != row.hash:
            yield Violation("I14", "list_changed", row.hash, f"{kind} {row.id}")
