"""The quota ledger: places move between buckets in double entry, and never overstep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from models.base import new_id, table
from models.errors import QuotaError, RefusedError
from models.round import Quota, QuotaEntry
from models.sql import Sql, bind, insert_into, rows_of
from models.vocabulary import Act, Bucket
from workflows.rules import places

if TYPE_CHECKING:
    from models.database import Store
    from models.programme import Reserve
    from models.vocabulary import QuotaKind
    from workflows.acting import Actor
    from workflows.rules.places import Asked

_Q = table(Quota).c
_OF = (_Q.round_id == bind("round", _Q.round_id), _Q.organization == bind("organization", _Q.organization))
_HOLD = rows_of(Quota, *_OF, lock=True)
_LOOK = rows_of(Quota, *_OF)
_NEW, _ENTRY = insert_into(Quota), insert_into(QuotaEntry)
_RESIZE: Sql[None] = Sql(
    sa.update(table(Quota))
    .where(_Q.id == bind("of", _Q.id), bind("at_least", _Q.places) >= _Q.reserved + _Q.used)
    .values(places=bind("places", _Q.places), kind=bind("kind", _Q.kind), minimum=bind("minimum", _Q.minimum))
)
# The condition is in the statement: no reader in between can make it untrue.
_TAKE: Sql[None] = Sql(
    sa.update(table(Quota))
    .where(
        _Q.id == bind("of", _Q.id),
        (_Q.kind == "free") | (_Q.reserved + _Q.used + bind("by_both", _Q.used) <= _Q.places),
        _Q.reserved + bind("by_reserved", _Q.reserved) >= 0,
        _Q.used + bind("by_used", _Q.used) >= 0,
    )
    .values(reserved=_Q.reserved + bind("by_reserved", _Q.reserved), used=_Q.used + bind("by_used", _Q.used))
)


def quota(store: Store, round_id: str, organization: str) -> Quota:
    """A union's quota in a round. Raises RefusedError("no_quota")."""
    row = store.first(_LOOK, round=round_id, organization=organization)
    if row is None:
        raise RefusedError("no_quota", organization=organization)
    return row


def issue(
    store: Store, actor: Actor, round_id: str, organization: str, number: int, kind: QuotaKind, minimum: int = 0
) -> Quota:
    """Make `number` the places of a union. Raises QuotaError below what is reserved and used."""
    known = store.first(_HOLD, round=round_id, organization=organization)
    if known is None:
        store.run(_NEW, id=new_id(), round_id=round_id, organization=organization, kind=kind,
                  minimum=minimum, places=0)  # fmt: skip
        known = quota(store, round_id, organization)
    if store.run(_RESIZE, of=known.id, at_least=number, places=number, kind=kind, minimum=minimum) != 1:
        raise QuotaError("below_used", asked=number, used=known.used, reserved=known.reserved)
    more = number - known.places
    if more:
        way = (Bucket.ISSUER, Bucket.AVAILABLE) if more > 0 else (Bucket.AVAILABLE, Bucket.ISSUER)
        _enter(store, actor, known, way, abs(more), Act.ISSUE)
    return quota(store, round_id, organization)


def reserve(store: Store, actor: Actor, held: Quota, asked: Asked, rule: Reserve, reason: str, slate_id: str) -> None:
    """Hold a sealed slate's places. Raises QuotaError with the numbers."""
    if (no := places.refusal(held, asked, rule, reason)) is not None:
        raise QuotaError(no[0], **no[1])
    shift(store, actor, held, (Bucket.AVAILABLE, Bucket.RESERVED), asked.main, Act.SEAL, slate_id=slate_id)


def shift(store: Store, actor: Actor, held: Quota, way: tuple[Bucket, Bucket], n: int, act: Act, **about: Any) -> None:
    """Move `n` places from one bucket to another. Raises QuotaError("quota_spent") past the places."""
    if n == 0:
        return
    change = {bucket: (bucket is way[1]) - (bucket is way[0]) for bucket in Bucket}
    reserved, used = change[Bucket.RESERVED] * n, change[Bucket.USED] * n
    if store.run(_TAKE, of=held.id, by_reserved=reserved, by_used=used, by_both=reserved + used) != 1:
        now = quota(store, held.round_id, held.organization)
        raise QuotaError("quota_spent", places=now.places, left=places.left(now), asked=n)
    _enter(store, actor, held, way, n, act, **about)


def _enter(store: Store, actor: Actor, held: Quota, way: tuple[Bucket, Bucket], n: int, act: Act, **about: Any) -> None:
    store.run(_ENTRY, id=new_id(), quota_id=held.id, source=way[0], target=way[1], n=n, act=act,
              account_id=actor.id, at=store.now, **about)  # fmt: skip
