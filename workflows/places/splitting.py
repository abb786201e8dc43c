"""A union's places passed on to the unions right below it, taken back while unused, and given to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from models.base import table
from models.database import transaction
from models.errors import InputError, QuotaError, RefusedError
from models.organization import Organization
from models.round import Quota, QuotaEntry
from models.sql import Sql, bind, rows_of
from models.vocabulary import Act, LetterKind, QuotaKind
from workflows.places import ledgers
from workflows.places.ledgers import GIVEN, TAKEN, Change, Line
from workflows.post import letters
from workflows.record.journal import move
from workflows.record.verb import verb
from workflows.rules import places as arithmetic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.database import Store
    from models.journal import Event
    from models.programme import Programme
    from models.round import Round
    from workflows.record.acting import Actor

_Q, _L, _O = (table(m).c for m in (Quota, QuotaEntry, Organization))
_ALL = 100
_OUTSTANDING: Sql[int] = Sql(
    sa.select(sa.func.coalesce(sa.func.sum(sa.case((_L.act == Act.SPLIT, _L.n), else_=-_L.n)), 0)).where(
        _L.quota_id == bind("below", _L.quota_id),
        _L.peer == bind("over", _L.peer),
        _L.act.in_([Act.SPLIT, Act.RECLAIM]),
    )
)
_NOW = rows_of(
    Quota, _Q.round_id == bind("round", _Q.round_id), _Q.pool == bind("pool", _Q.pool),
    _Q.organization.in_(sa.select(_O.code).where(_O.parent == bind("over", _O.parent))), order=(_Q.organization,),
)  # fmt: skip


class Given(NamedTuple):
    """What a union below stands at after places were split or taken back."""

    organization: str
    places: int
    free: int


def _answer(store: Store, event: Event) -> list[Given]:
    """The unions that the same click touched, as they are now."""
    body = event.body
    rows = store.all(_NOW, round=event.thing_id, pool=body["pool"], over=body["organization"])
    return [_given(row) for row in rows if row.organization in body["shares"]]


def _given(row: Quota) -> Given:
    return Given(row.organization, row.places, arithmetic.left(row))


@verb("split", answer=_answer)
def split(
    actor: Actor, *, round_id: str, organization_code: str, shares: dict[str, int], pool: str = "",
    reason: str = "", key: str | None = None,
) -> list[Given]:  # fmt: skip
    """Pass places on to unions right below, so many more to each, all of it or none.

    A union may split its places up to the programme's `split_percent`; its own number stays, for it
    still recommends what comes up to it. Answers with the unions in the order of their codes. Raises
    QuotaError("over_split"), RefusedError("no_quota", "not_directly_below"), InputError.
    """
    if not shares:
        raise InputError("argument_missing", field="shares", expected="dict[str, int]")
    given = {code: ledgers.number(n) for code, n in sorted(shares.items())}
    with transaction() as store:
        row, rules, who = ledgers.begin(store, actor, Act.SPLIT, round_id, [organization_code], key)
        _require_below(store, organization_code, given)
        rows = ledgers.family(store, round_id, organization_code, pool)
        own = ledgers.held_by(rows, rules, organization_code, pool)
        _require_enough(rules, own, sum(given.values()))
        rows |= ledgers.new_rows(store, round_id, [code for code in given if code not in rows], pool, rules)
        _require_most(rows, given)
        body = {"organization": organization_code, "pool": pool, "shares": given, "reason": reason.strip()}
        after = move(store, who, Act.SPLIT, row, key=key, body=body)
        _tell(store, after, "places_split", given, organization_code, reason)
        ledgers.write(store, who, rules, Act.SPLIT, [
            Change(own, more=sum(given.values())), *(Change(rows[code], by=n) for code, n in given.items()),
        ], [Line(rows[code], GIVEN, n, own) for code, n in given.items()], reason.strip())  # fmt: skip
        return _answer_of(store, row.id, organization_code, pool, given)


@verb("reclaim", answer=_answer)
def reclaim(
    actor: Actor, *, round_id: str, organization_code: str, of: str, places: int, reason: str, to: str | None = None,
    pool: str = "", key: str | None = None,
) -> list[Given]:  # fmt: skip
    """Take back unused places that were split to a union below, and (`to`) give them to another at once.

    Only what this union itself has split, and only what is neither used nor held by a sealed list,
    nor lent or split further. Raises QuotaError("not_split", "places_in_use", "split_further").
    """
    n, why = ledgers.number(places), ledgers.reason_of(reason)
    if to == of:
        raise InputError("same_union", field="to", given=of)
    with transaction() as store:
        row, rules, who = ledgers.begin(store, actor, Act.RECLAIM, round_id, [organization_code], key)
        _require_below(store, organization_code, [of, *([to] if to else [])])
        rows = ledgers.family(store, round_id, organization_code, pool)
        own, below = (ledgers.held_by(rows, rules, code, pool) for code in (organization_code, of))
        _require_split(store, rules, own, below, n)
        given = {to: n} if to else {}
        rows |= ledgers.new_rows(store, round_id, [code for code in given if code not in rows], pool, rules)
        body = {"organization": organization_code, "pool": pool, "shares": {of: -n, **given}, "reason": why}
        after = move(store, who, Act.RECLAIM, row, key=key, body=body)
        _tell(store, after, "places_reclaimed", {of: n}, organization_code, why)
        _tell(store, after, "places_split", given, organization_code, why)
        changes = [Change(own, more=-n), Change(below, by=-n)]
        ledgers.write(store, who, rules, Act.RECLAIM, changes, [Line(below, TAKEN, n, own)], why)
        if to:
            changes = [Change(own, more=n), Change(rows[to], by=n)]
            ledgers.write(store, who, rules, Act.SPLIT, changes, [Line(rows[to], GIVEN, n, own)], why)
        return _answer_of(store, row.id, organization_code, pool, {of, *given})


def _answer_of(store: Store, round_id: str, over: str, pool: str, touched: Mapping[str, int] | set[str]) -> list[Given]:
    rows = store.all(_NOW, round=round_id, pool=pool, over=over)
    return [_given(row) for row in rows if row.organization in touched]


def _require_below(store: Store, over: str, codes: Mapping[str, int] | list[str]) -> None:
    """Raise RefusedError("not_directly_below") for a union that does not stand right below."""
    known = {union.code for union in store.all(ledgers.UNIONS_BELOW, over=over)}
    if strangers := sorted(set(codes) - known):
        raise RefusedError("not_directly_below", organization=over, given=strangers[0][:60])


def _require_enough(rules: Programme, own: Quota, asked: int) -> None:
    percent = rules.quota.split_percent
    most = own.places * percent // _ALL
    if own.kind is not QuotaKind.FREE and own.allotted + asked > most:
        raise QuotaError("over_split", places=own.places, percent=percent, most=most, allotted=own.allotted,
                         left=max(0, most - own.allotted), asked=asked, **rules.quota.cited)  # fmt: skip


def _require_most(rows: Mapping[str, Quota], given: Mapping[str, int]) -> None:
    for code, n in given.items():
        if rows[code].places + n > ledgers.MOST_PLACES:
            raise InputError("too_big", field="places", given=rows[code].places + n, most=ledgers.MOST_PLACES)


def _require_split(store: Store, rules: Programme, own: Quota, below: Quota, n: int) -> None:
    """Refuse to take back what another gave, or what is in use."""
    outstanding = store.first(_OUTSTANDING, below=below.id, over=own.id) or 0
    if n > outstanding:
        raise QuotaError("not_split", organization=below.organization, asked=n, given=outstanding)
    if (no := ledgers.shortage(rules, below, n)) is not None:
        raise QuotaError("places_in_use", **no)
    ledgers.require_unsplit(rules, below, n)


def _tell(store: Store, after: Round, template: str, given: Mapping[str, int], over: str, why: str) -> None:
    letters.to_desks(store, (
        (after.head[:32], code, {"organization": over, "count": n, "reason": why}, after.id)
        for code, n in given.items()
    ), template, LetterKind.INFORMATION)  # fmt: skip
