"""I3, between unions: what was split is what those below received; each loan is in both books."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from models.base import table
from models.quota import Loan
from models.round import Quota, QuotaEntry, Round
from models.sql import Sql
from models.vocabulary import Act, Bucket, QuotaKind
from workflows.doctor.violation import Found, Violation, is_, words
from workflows.programmes import programme_of
from workflows.record.streaming import stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.database import Store

_Q, _L, _N, _R = (table(m).c for m in (Quota, QuotaEntry, Loan, Round))
_given = (
    sa.select(_L.peer, sa.func.sum(sa.case((is_(_L.act, Act.SPLIT), _L.n), else_=-_L.n)).label("n"))
    .where(is_(_L.act, Act.SPLIT, Act.RECLAIM))
    .group_by(_L.peer)
    .subquery()
)
_n = sa.func.coalesce(_given.c.n, 0)
_SPLIT: Sql[Found] = Sql(
    sa.select(_Q.id, words(_Q.allotted, _n))
    .outerjoin_from(table(Quota), _given, _given.c.peer == _Q.id)
    .where(_Q.allotted != _n),
    Found,
)


class _Further(NamedTuple):
    id: str
    programme: str
    places: int
    allotted: int


_FURTHER: Sql[_Further] = Sql(
    sa.select(_Q.id, _R.programme, _Q.places, _Q.allotted)
    .join_from(table(Quota), table(Round), _R.id == _Q.round_id)
    .where(_Q.allotted > sa.literal_column("0"), ~is_(_Q.kind, QuotaKind.FREE)),
    _Further,
)
# What a quota got (or gave: negative) in loans with another, by its own book.
_book = (
    sa.select(
        _L.quota_id.label("own"), _L.peer.label("other"),
        sa.func.sum(sa.case((is_(_L.target, Bucket.AVAILABLE), _L.n), else_=-_L.n)).label("n"),
    )
    .where(is_(_L.act, Act.LEND, Act.GIVE_BACK))
    .group_by(_L.quota_id, _L.peer)
)  # fmt: skip
_one, _two = _book.subquery("one"), _book.subquery("two")
_BOOKS: Sql[Found] = Sql(
    sa.select(_one.c.own, words(_one.c.other, _one.c.n, _two.c.n))
    .outerjoin_from(_one, _two, (_two.c.own == _one.c.other) & (_two.c.other == _one.c.own))
    .where(_two.c.n.is_(None) | (_one.c.n != -_two.c.n)),
    Found,
)
# The loans with their sides as the books have them: what one has of another, it owes.
_rest = _N.n - _N.returned
_side = [
    sa.select(own.label("own"), other.label("other"), n.label("n"))
    for own, other, n in ((_N.borrower, _N.lender, _rest), (_N.lender, _N.borrower, -_rest))
]
_both = sa.union_all(*_side).subquery("both")
_open = (
    sa.select(_both.c.own, _both.c.other, sa.func.sum(_both.c.n).label("n"))
    .group_by(_both.c.own, _both.c.other)
    .subquery("open")
)
_LOANS: Sql[Found] = Sql(
    sa.select(_one.c.own, words(_one.c.other, _one.c.n, _open.c.n))
    .outerjoin_from(_one, _open, (_open.c.own == _one.c.own) & (_open.c.other == _one.c.other))
    .where(_open.c.n.is_(None) | (_open.c.n != _one.c.n)),
    Found,
)
_UNBOOKED: Sql[Found] = Sql(
    sa.select(_open.c.own, words(_open.c.other, _open.c.n))
    .outerjoin_from(_open, _one, (_open.c.own == _one.c.own) & (_open.c.other == _one.c.other))
    .where(_one.c.n.is_(None)),
    Found,
)


def splits_agree(store: Store) -> Iterator[Violation]:
    """What a union has split is what those below received of it, and no more than its programme allows."""
    for row in stream(store, _SPLIT):
        yield Violation("I3", "split_differs", row.detail, f"quota {row.subject}")
    for far in stream(store, _FURTHER):
        percent = programme_of(store, far.programme).quota.split_percent
        if far.allotted * 100 > far.places * percent:
            yield Violation("I3", "over_split", f"{far.allotted} of {far.places}, {percent}%", f"quota {far.id}")


def loans_agree(store: Store) -> Iterator[Violation]:
    """Each loan stands in both books alike, and what is open of it is what the books say."""
    for sql in (_BOOKS, _LOANS, _UNBOOKED):
        for row in stream(store, sql):
            yield Violation("I3", "loan_differs", row.detail, f"quota {row.subject}")
