"""What a tier asks of its places before it seals: composition, meters, and the ledger in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.application import Application
from models.base import table
from models.database import reading
from models.errors import ForbiddenError, InputError, NotFoundError
from models.organization import Organization
from models.round import Quota, QuotaEntry, Round
from models.slate import Entry, Slate
from models.sql import Sql, bind, rows_of
from models.text import explain
from models.vocabulary import Act, Role, Rung, SlateState, Thing
from workflows.listing import composing
from workflows.people.organizations import organization
from workflows.places import quotas
from workflows.programmes import programme_of
from workflows.record.acting import Actor, refreshed
from workflows.record.claiming import look
from workflows.record.verb import query
from workflows.rules import composition, permissions, places, quota_words, routes
from workflows.rules.quota_words import Flow, Told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.database import Store
    from models.programme import Programme
    from workflows.rules.composition import Count, Crowded
    from workflows.rules.places import Asked

_P, _O, _SL, _EN, _Q, _L = (table(m).c for m in (Application, Organization, Slate, Entry, Quota, QuotaEntry))
# All that waits at a desk, in one read however long the list is that is asked about.
_WAITING = rows_of(
    Application, _P.desk == bind("desk", _P.desk), _P.round_id == bind("round", _P.round_id), order=(_P.id,)
)
_UNITS = rows_of(
    Organization,
    _O.code.in_(
        sa.select(_P.organization).where(_P.desk == bind("desk", _P.desk), _P.round_id == bind("round", _P.round_id))
    ),
)
_DRAFT: Sql[Entry] = Sql(
    sa.select(table(Entry))
    .join(table(Slate), _SL.id == _EN.slate_id)
    .where(
        _SL.round_id == bind("round", _SL.round_id),
        _SL.organization == bind("organization", _SL.organization),
        _SL.state == SlateState.DRAFTING,
    )
    .order_by(_EN.rank),
    Entry,
)
_FLOWS: Sql[Flow] = Sql(
    sa.select(_L.quota_id, _L.source, _L.target, _L.act, sa.func.sum(_L.n).label("n"))
    .join_from(table(QuotaEntry), table(Quota), _Q.id == _L.quota_id)
    .where(_Q.round_id == bind("round", _Q.round_id), _Q.organization == bind("organization", _Q.organization))
    .group_by(_L.quota_id, _L.source, _L.target, _L.act)
    .order_by(sa.func.min(_L.at), sa.func.min(_L.id)),
    Flow,
)


class Planned(NamedTuple):
    """A name on a list that is only thought of."""

    application_id: str
    reserve: bool
    outside: str = ""


class Meter(NamedTuple):
    """One pool's places under the list: what it asks for, what is free, how many reserve names may wait.

    `free` and `places` are None without a limit, or without any places issued.
    """

    pool: str
    label: dict[str, str]
    main: int
    reserve: int
    places: int | None
    free: int | None
    reserve_allowed: int


class Precheck(NamedTuple):
    """What sealing a list would meet, before anyone on it is processed (domain: 7.2, W56).

    `refused`: every code with its numbers for which it would be refused; `warnings`: what would only be
    journaled; `counts`: every floor and ceiling, kept or not; `zh`, `en`: all of it in words.
    """

    passes: bool
    counts: list[Count]
    crowded: list[Crowded]
    meters: list[Meter]
    refused: list[dict[str, Any]]
    warnings: list[dict[str, Any]]
    zh: list[str]
    en: list[str]


@query("precheck")
def precheck(
    actor: Actor, *, round_id: str, organization_code: str, applications: list[str] | None = None,
    reserve: list[str] | None = None, numbers: dict[str, int] | None = None,
) -> Precheck:  # fmt: skip
    """Composition, places per unit, quota and pools of a planned list: of these applications, or of the draft list.

    They need not be checked yet, only to be at the desk. With `numbers` no application is looked at:
    `total` main names, of them so many for each floor and ceiling by its name, and `reserve`. A minimum
    not met is told as a refusal that a written reason lifts. Raises ForbiddenError for others than its
    reviewers, NotFoundError for an application that is not at the desk, InputError for a number that is
    missing, unknown or cannot be.
    """
    with reading() as store:
        who, window = refreshed(store, actor), look(store, Round, round_id)
        if not who.sits(organization_code, Role.REVIEWER):
            raise ForbiddenError("not_your_desk", act=Act.RANK.value, thing=Thing.SLATE.value)
        if numbers is not None:
            return _of_numbers(store, programme_of(store, window.programme), window, organization_code, numbers)
        waiting = {row.id: row for row in store.all(_WAITING, desk=organization_code, round=round_id)}
        listed = _planned(store, round_id, organization_code, applications, reserve)
        for one in listed:
            if one.application_id not in waiting:
                raise NotFoundError("not_at_desk", thing=Thing.APPLICATION.value, given=one.application_id[:60])
        units = {unit.code: unit for unit in store.all(_UNITS, desk=organization_code, round=round_id)}
        rules = programme_of(store, window.programme)
        return _precheck(store, rules, window, organization_code, listed, waiting, units)


@query("quota-words")
def quota_in_words(actor: Actor, *, round_id: str, organization_code: str) -> list[Told]:
    """A union's ledger in words, pool by pool: what was issued, is held, is used and was given back.

    For its own reviewers and administrators and for the round's. Raises ForbiddenError for others.
    """
    with reading() as store:
        who, window = refreshed(store, actor), look(store, Round, round_id)
        if not who.sits(organization_code, Role.REVIEWER, Role.ADMINISTRATOR) and not permissions.governs(
            who, window.organization
        ):
            raise ForbiddenError("not_your_desk", act=Act.ISSUE.value, thing=Thing.QUOTA.value)
        held = quotas.of_union(store, round_id, organization_code)
        flows = store.all(_FLOWS, round=round_id, organization=organization_code)
        return [quota_words.told(row, flows) for row in held.values()]


def _of_numbers(store: Store, rules: Programme, window: Round, desk: str, numbers: Mapping[str, int]) -> Precheck:
    """The pre-check of a list that is only a plan: nobody on it has been processed (domain: 7.2, W56)."""
    rung = routes.rung_of(organization(store, desk).tier)
    _require_numbers(rules, numbers)
    try:
        found = composing.Composed(composition.counts_of(rules.composition, rung, numbers), [])
    except KeyError as error:
        raise InputError("argument_missing", field=f"numbers.{error.args[0]}", expected="int") from error
    held = quotas.of_union(store, window.id, desk)
    asked = {"": places.Asked(numbers["total"], numbers.get("reserve", 0))}
    whole = {"": held[""]} if "" in held else {}
    faults = composing.broken(rules, found, {}) + _spent(rules, desk, whole, asked)
    return _told(found, _meters(rules, whole, asked), faults)


def _require_numbers(rules: Programme, numbers: Mapping[str, int]) -> None:
    known = ["total", "reserve", *(rule.name for rule in rules.composition)]
    for name, n in numbers.items():
        if name not in known:
            raise InputError("unknown_field", field=f"numbers.{name}"[:60], known=known)
        if n < 0:
            raise InputError("too_small", field=f"numbers.{name}", given=n, least=0)
        if name not in ("total", "reserve") and n > numbers.get("total", 0):
            raise InputError("too_big", field=f"numbers.{name}", given=n, most=numbers.get("total", 0))


def _told(found: composing.Composed, meters: list[Meter], faults: list[dict[str, Any]]) -> Precheck:
    warned = composing.warnings(found)
    words = [[explain(one["code"], one, language) for one in [*faults, *warned]] for language in ("zh", "en")]
    return Precheck(not faults, found.counts, found.crowded, meters, faults, warned, *words)


def _planned(
    store: Store, round_id: str, desk: str, main: Sequence[str] | None, reserve: Sequence[str] | None
) -> Sequence[Entry | Planned]:
    if main is None and reserve is None:
        return store.all(_DRAFT, round=round_id, organization=desk)
    return [Planned(one, False) for one in main or ()] + [Planned(one, True) for one in reserve or ()]  # noqa: FBT003 -- one of a pair


def _precheck(
    store: Store, rules: Programme, window: Round, desk: str, listed: Sequence[Entry | Planned],
    waiting: Mapping[str, Application], units: Mapping[str, Organization],
) -> Precheck:  # fmt: skip
    first = waiting[listed[0].application_id] if listed else None
    rung = Rung(first.route[first.step][0]) if first else rules.ladder[-1].desk
    found = composing.composed(rules, rung, listed, waiting, units)
    standing = quotas.standing(store, window.id, desk)
    asked = places.asked_by_pool(listed, {row.id: row.pool for row in waiting.values()}, standing)
    held = quotas.of_union(store, window.id, desk)
    faults = composing.broken(rules, found, units) + _spent(rules, desk, held, asked)
    if (no := places.outside_refusal(rules.quota, listed, standing)) is not None:
        faults.append({"code": no[0], **no[1], **rules.quota.cited})
    return _told(found, _meters(rules, held, asked), faults)


def _spent(rules: Programme, desk: str, held: Mapping[str, Quota], asked: Mapping[str, Asked]) -> list[dict[str, Any]]:
    """Every pool's refusal under its own quota."""
    faults = []
    for pool in sorted({*held, *asked}):
        rows = {pool: held[pool]} if pool in held else {}
        own = {pool: asked[pool]} if pool in asked else {}
        if (error := quotas.refused(rules, desk, rows, own, "")) is not None:
            faults.append({"code": error.code, **error.details})
    return faults


def _meters(rules: Programme, held: Mapping[str, Quota], asked: Mapping[str, Asked]) -> list[Meter]:
    found = []
    for pool in sorted({*held, *asked}):
        row, want = held.get(pool), asked.get(pool, places.Asked(0, 0))
        free = row.kind == "free" if row else False
        found.append(Meter(
            pool, places.label_of(rules.quota, pool), want.main, want.reserve,
            None if row is None or free else row.places, None if row is None or free else places.left(row),
            places.reserve_limit(row.places, rules.reserve) if row else 0,
        ))  # fmt: skip
    return found
