"""The quota ledger: places move between buckets in double entry, and never overstep.

A union has one row of places for each pool of the programme; `""` is what belongs to none. Pools
never lend each other a place.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from models.application import Application
from models.base import new_id, table
from models.errors import InputError, QuotaError, RefusedError
from models.round import Quota, QuotaEntry, Round
from models.slate import Entry, Slate
from models.sql import Sql, bind, insert_into, rows_of
from models.vocabulary import Act, Bucket, QuotaKind, SlateState
from workflows.programmes import programme_of
from workflows.record.claiming import look
from workflows.rules import places
from workflows.rules.places import Asked, Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from models.database import Store
    from models.programme import Programme
    from workflows.record.acting import Actor

_Q, _L, _SL, _EN, _P = (table(m).c for m in (Quota, QuotaEntry, Slate, Entry, Application))
_UNION = (_Q.round_id == bind("round", _Q.round_id), _Q.organization == bind("organization", _Q.organization))
_POOL = _Q.pool == bind("pool", _Q.pool)
_HOLD = rows_of(Quota, *_UNION, _POOL, lock=True)
_HOLD_ALL = rows_of(Quota, _UNION[0], _POOL, order=(_Q.organization,), lock=True)
_LOOK = rows_of(Quota, *_UNION, _POOL)
_ALL_POOLS = rows_of(Quota, *_UNION, order=(_Q.pool,))
_NEW, _ENTRY = insert_into(Quota), insert_into(QuotaEntry)
_OF_LINE = rows_of(Quota, _Q.id == sa.select(_L.quota_id).where(_L.id == bind("id", _L.id)).scalar_subquery())
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
# What other unions split or lent to these; what they lent out themselves counts against it.
_RECEIVED: Sql[tuple[str, int]] = Sql(
    sa.select(_L.quota_id, sa.func.sum(sa.case((_L.source == Bucket.ISSUER, _L.n), else_=-_L.n)).label("n"))
    .join_from(table(QuotaEntry), table(Quota), _Q.id == _L.quota_id)
    .where(
        _Q.round_id == bind("round", _Q.round_id),
        _POOL,
        _L.act.in_([Act.SPLIT, Act.RECLAIM, Act.LEND, Act.GIVE_BACK]),
    )
    .group_by(_L.quota_id)
)
# A second list is no way to more reserve names, or awards beyond the quota, than the programme allows.
_STANDING: Sql[Standing] = Sql(
    sa.select(_P.pool, _EN.outside, _EN.reserve, sa.func.count())
    .select_from(table(Entry))
    .join(table(Slate), _SL.id == _EN.slate_id)
    .join(table(Application), _P.id == _EN.application_id)
    .where(
        _SL.round_id == bind("round", _SL.round_id),
        _SL.organization == bind("organization", _SL.organization),
        _SL.state != SlateState.DRAFTING,
        _EN.reserve | (_EN.outside != sa.literal_column("''")),
    )
    .group_by(_P.pool, _EN.outside, _EN.reserve),
    Standing,
)
_MOST_PLACES = 100_000
_WITHOUT_MINIMUM = (QuotaKind.FIXED, QuotaKind.MAXIMUM)


def quota(store: Store, round_id: str, organization: str, pool: str = "") -> Quota:
    """A union's quota in a round, or in one of its pools. Raises RefusedError("no_quota")."""
    row = store.first(_LOOK, round=round_id, organization=organization, pool=pool)
    if row is None:
        raise RefusedError("no_quota", organization=organization, pool=pool)
    return row


def of_union(store: Store, round_id: str, organization: str) -> dict[str, Quota]:
    """All of a union's places in a round, by pool; in the order of the pools' names."""
    return {row.pool: row for row in store.all(_ALL_POOLS, round=round_id, organization=organization)}


def standing(store: Store, round_id: str, organization: str) -> list[Standing]:
    """The reserve names and the awards beyond the quota on a tier's lists that are sealed or further."""
    return store.all(_STANDING, round=round_id, organization=organization)


def require_issuable(
    rules: Programme, window: Round, given: Mapping[str, int], kind: QuotaKind, minimum: int, pool: str
) -> None:
    """Refuse places that cannot be issued: numbers, minimum and pool, and the deciding union's cap.

    A minimum belongs to `range`, `minimum` and `free`: the other kinds would never ask for it.
    Raises InputError, RefusedError("over_cap").
    """
    if pool not in (known := places.pools_of(rules.quota)):
        raise InputError("unknown_pool", field="pool", given=pool, known=[name for name in known if name])
    for number in given.values():
        # The places of a free quota bound nothing, so they do not bound its minimum either.
        if number < 0 or minimum < 0 or (minimum > number and kind is not QuotaKind.FREE):
            raise InputError("places", field="places", given=number)
        _require_between("places", number, 0)
    _require_between("minimum", minimum, 1 if kind is QuotaKind.MINIMUM else 0)
    if minimum and kind in _WITHOUT_MINIMUM:
        raise InputError("minimum_kind", field="minimum", given=minimum, kind=kind.value)
    cap, asked = places.approved(rules, pool), given.get(window.organization)
    if cap is not None and asked is not None and (asked > cap or kind is QuotaKind.FREE):
        raise RefusedError("over_cap", cap=cap, asked=asked, **rules.approval.cited)


def _require_between(field: str, given: int, least: int) -> None:
    if given < least:
        raise InputError("too_small", field=field, given=given, least=least)
    if given > _MOST_PLACES:
        raise InputError("too_big", field=field, given=given, most=_MOST_PLACES)


def issue(
    store: Store, actor: Actor, round_id: str, organization: str, number: int, kind: QuotaKind, minimum: int = 0,
    pool: str = "", *, line: str = "",
) -> Quota:  # fmt: skip
    """Make `number` the places of a union in a pool; `line`: the id that its line of the ledger shall have.

    Raises QuotaError below what is reserved and used.
    """
    known = store.all(_HOLD, round=round_id, organization=organization, pool=pool)
    _issue(store, actor, round_id, pool, known, {organization: number}, kind, minimum, line=line)
    return quota(store, round_id, organization, pool)


def of_line(store: Store, line: str) -> Quota | None:
    """The quota that a line of the ledger changed; None while there is no such line."""
    return store.first(_OF_LINE, id=line)


def issue_all(
    store: Store, actor: Actor, round_id: str, given: Mapping[str, int], kind: QuotaKind, pool: str = ""
) -> None:
    """Make `given` the places of many unions in a pool, in a fixed number of batches. Raises as `issue`."""
    known = store.all(_HOLD_ALL, round=round_id, pool=pool)
    _issue(store, actor, round_id, pool, [row for row in known if row.organization in given], given, kind, 0)


def issue_approved(store: Store, actor: Actor, round_id: str, organization: str, rules: Programme) -> None:
    """Give the deciding union what the approval names: each pool's own places, and the rest of the cap."""
    for pool in places.pools_of(rules.quota):
        number = places.approved(rules, pool)
        kind = QuotaKind.FREE if number is None else QuotaKind.MAXIMUM
        if number != 0 or not rules.quota.pools:
            issue(store, actor, round_id, organization, number or 0, kind, pool=pool)


def _issue(
    store: Store, actor: Actor, round_id: str, pool: str, known: Iterable[Quota], given: Mapping[str, int],
    kind: QuotaKind, minimum: int, *, line: str = "",
) -> None:  # fmt: skip
    """Bring rows to their new places with their ledger lines; `known` ones are held."""
    rows = {row.organization: row for row in known}
    new = [
        Quota(id=new_id(), round_id=round_id, organization=code, pool=pool, kind=kind, minimum=minimum, places=0,
              reserved=0, used=0)
        for code in given if code not in rows
    ]  # fmt: skip
    store.run_many(_NEW, (row.model_dump() for row in new))
    rows |= {row.organization: row for row in new}
    for code, number in given.items():
        if number < rows[code].reserved + rows[code].used:
            raise QuotaError("below_used", asked=number, used=rows[code].used, reserved=rows[code].reserved,
                             organization=code)  # fmt: skip
    _require_above_others(store, round_id, pool, rows, given, kind)
    store.run_many(_RESIZE, (
        {"of": rows[code].id, "at_least": number, "places": number, "kind": kind, "minimum": minimum}
        for code, number in given.items()
    ))  # fmt: skip
    more = {code: number - rows[code].places for code, number in given.items()}
    up, down = (Bucket.ISSUER, Bucket.AVAILABLE), (Bucket.AVAILABLE, Bucket.ISSUER)
    store.run_many(_ENTRY, (
        _line(store, actor, rows[code], up if n > 0 else down, abs(n), Act.ISSUE, **({"id": line} if line else {}))
        for code, n in more.items() if n
    ))  # fmt: skip


def _require_above_others(
    store: Store, round_id: str, pool: str, rows: Mapping[str, Quota], given: Mapping[str, int], kind: QuotaKind
) -> None:
    """Refuse to issue fewer places than other unions gave, or than those below have of them.

    Raises QuotaError("below_received", "below_allotted").
    """
    received = dict(store.all(_RECEIVED, round=round_id, pool=pool))
    for code, number in given.items():
        if number < (theirs := received.get(rows[code].id, 0)):
            raise QuotaError("below_received", organization=code, asked=number, received=theirs)
    split = [code for code in given if rows[code].allotted and kind is not QuotaKind.FREE]
    if split:
        percent = programme_of(store, look(store, Round, round_id).programme).quota.split_percent
        for code in split:
            if rows[code].allotted * 100 > given[code] * percent:
                raise QuotaError("below_allotted", organization=code, asked=given[code], allotted=rows[code].allotted)


def reserve(
    store: Store, actor: Actor, rules: Programme, slate: Slate, asked: Mapping[str, Asked], reason: str
) -> None:
    """Hold a sealed slate's places, each pool's in its own quota. Raises QuotaError with the numbers."""
    held = of_union(store, slate.round_id, slate.organization)
    if (no := refused(rules, slate.organization, held, asked, reason)) is not None:
        raise no
    for pool, row in held.items():
        main = asked.get(pool, Asked(0, 0)).main
        shift(store, actor, row, (Bucket.AVAILABLE, Bucket.RESERVED), main, Act.SEAL, slate_id=slate.id)


def refused(
    rules: Programme, organization: str, held: Mapping[str, Quota], asked: Mapping[str, Asked], reason: str
) -> RefusedError | None:
    """Why a list cannot be sealed under its union's quotas, as the error; None when it can."""
    for pool in asked:
        if pool not in held:
            named = places.label_of(rules.quota, pool)
            return RefusedError("no_quota", organization=organization, pool=named, **rules.quota.cited)
    for pool, row in held.items():
        no = places.refusal(row, asked.get(pool, Asked(0, 0)), rules.reserve, reason)
        if no is not None:
            cited = rules.reserve.cited if no[0] == "reserve_full" else rules.quota.cited
            return QuotaError(no[0], **{**no[1], "pool": places.label_of(rules.quota, pool), **cited})
    return None


def shift_all(
    store: Store, actor: Actor, slate: Slate, way: tuple[Bucket, Bucket], names: Iterable[Application], act: Act
) -> None:
    """Move a slate's places, one for each name and in that name's pool: a statement a pool, not a name."""
    by_pool = Counter(row.pool for row in names)
    for pool, n in sorted(by_pool.items()):
        held = quota(store, slate.round_id, slate.organization, pool)
        shift(store, actor, held, way, n, act, slate_id=slate.id)


def shift(store: Store, actor: Actor, held: Quota, way: tuple[Bucket, Bucket], n: int, act: Act, **about: Any) -> None:
    """Move `n` places from one bucket to another. Raises QuotaError("quota_spent") past the places."""
    if n == 0:
        return
    change = {bucket: (bucket is way[1]) - (bucket is way[0]) for bucket in Bucket}
    reserved, used = change[Bucket.RESERVED] * n, change[Bucket.USED] * n
    if store.run(_TAKE, of=held.id, by_reserved=reserved, by_used=used, by_both=reserved + used) != 1:
        now = quota(store, held.round_id, held.organization, held.pool)
        raise QuotaError("quota_spent", places=now.places, left=places.left(now), asked=n, pool=held.pool)
    store.run(_ENTRY, **_line(store, actor, held, way, n, act, **about))


def _line(
    store: Store, actor: Actor, held: Quota, way: tuple[Bucket, Bucket], n: int, act: Act, **about: Any
) -> dict[str, Any]:
    """A line of the ledger."""
    return {"id": new_id(), "quota_id": held.id, "source": way[0], "target": way[1], "n": n, "act": act,
            "account_id": actor.id, "at": store.now, "slate_id": None, "application_id": None,
            "peer": None, "why": None, **about}  # fmt: skip
