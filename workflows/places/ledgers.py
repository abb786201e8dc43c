"""What split, reclaimed and lent places have in common: who may, both rows held, both books written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.base import new_id, table
from models.errors import ConflictError, ForbiddenError, InputError, NotFoundError, QuotaError, RefusedError
from models.organization import Organization
from models.round import Quota, QuotaEntry, Round
from models.sql import Sql, bind, insert_into, rows_of
from models.vocabulary import Act, Bucket, QuotaKind, Role, Thing
from workflows.programmes import programme_of
from workflows.record.acting import refreshed
from workflows.record.verb import not_done_yet
from workflows.rules import places

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models.database import Store
    from models.programme import Programme
    from workflows.record.acting import Actor

_Q, _R, _O = (table(m).c for m in (Quota, Round, Organization))
_IN_POOL = (_Q.round_id == bind("round", _Q.round_id), _Q.pool == bind("pool", _Q.pool))
# Not held against new rows that speak of the round: others may hold quotas while they write such rows.
_ROUND: Sql[Round] = Sql(
    sa.select(table(Round)).where(_R.id == bind("id", _R.id)).with_for_update(key_share=True), Round
)
_BELOW = sa.select(_O.code).where(_O.parent == bind("over", _O.parent))
UNIONS_BELOW = rows_of(Organization, _O.parent == bind("over", _O.parent), order=(_O.code,))
# All rows a verb touches, in the one order that every verb holds them in: pool, then union.
_FAMILY = rows_of(
    Quota, *_IN_POOL, (_Q.organization == bind("over", _Q.organization)) | _Q.organization.in_(_BELOW),
    order=(_Q.organization,), lock=True,
)  # fmt: skip
_PAIR = rows_of(
    Quota, *_IN_POOL,
    (_Q.organization == bind("one", _Q.organization)) | (_Q.organization == bind("other", _Q.organization)),
    order=(_Q.organization,), lock=True,
)  # fmt: skip
# As in `quotas`: the limits are in the statement, where no reader in between can make them untrue.
_CHANGE: Sql[None] = Sql(
    sa.update(table(Quota))
    .where(
        _Q.id == bind("of", _Q.id),
        _Q.places + bind("by", _Q.places) >= 0,
        _Q.allotted + bind("more", _Q.allotted) >= 0,
        (_Q.kind == "free") | (_Q.reserved + _Q.used <= _Q.places + bind("by", _Q.places)),
        (_Q.kind == "free")
        | ((_Q.allotted + bind("more", _Q.allotted)) * 100 <= (_Q.places + bind("by", _Q.places))
           * bind("percent", _Q.places)),
    )
    .values(places=_Q.places + bind("by", _Q.places), allotted=_Q.allotted + bind("more", _Q.allotted))
)  # fmt: skip
_NEW, _ENTRY = insert_into(Quota), insert_into(QuotaEntry)
MOST_PLACES, _LONGEST_REASON, _ALL = 100_000, 200, 100
GIVEN, TAKEN = (Bucket.ISSUER, Bucket.AVAILABLE), (Bucket.AVAILABLE, Bucket.ISSUER)


class Change(NamedTuple):
    """How a quota changes: its places, and what of them is split further."""

    quota: Quota
    by: int = 0
    more: int = 0


class Line(NamedTuple):
    """A line for a quota's ledger, with the other quota it belongs to."""

    quota: Quota
    way: tuple[Bucket, Bucket]
    n: int
    peer: Quota


def begin(
    store: Store, actor: Actor, act: Act, round_id: str, organizations: Iterable[str], key: str | None
) -> tuple[Round, Programme, Actor]:
    """The round, held, its rules, and the actor, who sits in one of these unions.

    Whoever moves places between unions waits here for the other: so no two hold each other's rows.
    Raises NotFoundError, ForbiddenError("not_your_desk"); AlreadyDoneError for a click that has acted.
    """
    row = store.first(_ROUND, id=round_id)
    if row is None:
        raise NotFoundError("not_found", thing=Thing.ROUND.value, given=round_id[:60])
    not_done_yet(store, actor, key)
    who = refreshed(store, actor)
    if not any(who.sits(code, Role.REVIEWER, Role.ADMINISTRATOR) for code in organizations):
        raise ForbiddenError("not_your_desk", act=act.value, thing=Thing.QUOTA.value)
    return row, programme_of(store, row.programme), who


def number(given: int) -> int:
    """How many places are meant. Raises InputError unless 1 to 100,000."""
    if given < 1:
        raise InputError("too_small", field="places", given=given, least=1)
    if given > MOST_PLACES:
        raise InputError("too_big", field="places", given=given, most=MOST_PLACES)
    return given


def reason_of(given: str) -> str:
    """Why places move, at most 200 characters. Raises InputError when nothing is said or too much."""
    said = given.strip()
    if not said:
        raise InputError("reason_missing", field="reason")
    if len(said) > _LONGEST_REASON:
        raise InputError("too_long", field="reason", length=len(said), most=_LONGEST_REASON)
    return said


def family(store: Store, round_id: str, over: str, pool: str) -> dict[str, Quota]:
    """The quotas of a union and of those right below it in one pool, held, by union."""
    return {row.organization: row for row in store.all(_FAMILY, round=round_id, over=over, pool=pool)}


def pair(store: Store, round_id: str, one: str, other: str, pool: str) -> dict[str, Quota]:
    """The quotas of two unions in one pool, held, by union."""
    return {row.organization: row for row in store.all(_PAIR, round=round_id, one=one, other=other, pool=pool)}


def held_by(rows: dict[str, Quota], rules: Programme, code: str, pool: str) -> Quota:
    """One of these. Raises RefusedError("no_quota")."""
    if code not in rows:
        raise RefusedError("no_quota", organization=code, pool=places.label_of(rules.quota, pool), **rules.quota.cited)
    return rows[code]


def new_rows(store: Store, round_id: str, codes: Iterable[str], pool: str, rules: Programme) -> dict[str, Quota]:
    """Quotas without a place yet, by union; of the programme's kind where that is a number and no more."""
    kind = QuotaKind.FIXED if rules.quota.kind is QuotaKind.FIXED else QuotaKind.MAXIMUM
    made = {
        code: Quota(id=new_id(), round_id=round_id, organization=code, pool=pool, kind=kind, minimum=0, places=0,
                    reserved=0, used=0, allotted=0)
        for code in codes
    }  # fmt: skip
    store.run_many(_NEW, (row.model_dump() for row in made.values()))
    return made


def write(
    store: Store, who: Actor, rules: Programme, act: Act, changes: list[Change], lines: list[Line], why: str
) -> None:
    """Change the quotas and write their ledgers, in two batches. The rows are held and were judged.

    Raises ConflictError("moved_meanwhile") should a limit not hold after all.
    """
    percent = rules.quota.split_percent
    given = ({"of": c.quota.id, "by": c.by, "more": c.more, "percent": percent} for c in changes)
    if store.run_many(_CHANGE, given) != len(changes):
        raise ConflictError("moved_meanwhile", thing=Thing.QUOTA.value)
    store.run_many(_ENTRY, (_line(store, who, act, line, why) for line in lines))


def shortage(rules: Programme, row: Quota, n: int) -> dict[str, Any] | None:
    """The numbers of why a union has not `n` places that it neither used nor holds; None when it has."""
    if row.kind is QuotaKind.FREE or (free := places.left(row)) >= n:
        return None
    return {"organization": row.organization, "asked": n, "left": free, "used": row.used, "reserved": row.reserved,
            "pool": places.label_of(rules.quota, row.pool)}  # fmt: skip


def require_unsplit(rules: Programme, row: Quota, n: int) -> None:
    """Refuse to take away `n` places that are split among those below. Raises QuotaError("split_further")."""
    if row.kind is QuotaKind.FREE:
        return
    if row.allotted * _ALL > (row.places - n) * rules.quota.split_percent:
        raise QuotaError("split_further", organization=row.organization, asked=n, allotted=row.allotted,
                         places=row.places)  # fmt: skip


def _line(store: Store, who: Actor, act: Act, line: Line, why: str) -> dict[str, Any]:
    return {"id": new_id(), "quota_id": line.quota.id, "source": line.way[0], "target": line.way[1], "n": line.n,
            "act": act, "slate_id": None, "application_id": None, "peer": line.peer.id, "why": why or None,
            "account_id": who.id, "at": store.now}  # fmt: skip
