"""What a reviewer's pages ask beside the queue: desks, rounds, slates, what sealing will mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.base import table
from models.database import reading
from models.organization import Organization
from models.round import Quota, Round
from models.slate import Entry, Slate
from models.sql import Sql, bind, rows_of
from models.vocabulary import Role
from workflows.clocks import due
from workflows.judging import panels
from workflows.listing.slates import contest
from workflows.people.organizations import organization
from workflows.places import quotas
from workflows.programmes import programme_of
from workflows.queries import lists
from workflows.record.acting import Actor, refreshed
from workflows.record.claiming import look
from workflows.record.verb import query
from workflows.rules import places, ranking
from workflows.rules.calendar import Span, local_date
from workflows.rules.places import Asked
from workflows.rules.ranking import Key, Tie

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from models.database import Store
    from models.programme import Programme
    from workflows.queries.lists import Placed

_O, _R, _Q, _SL, _EN = (table(m).c for m in (Organization, Round, Quota, Slate, Entry))
_ROUNDS_AT = rows_of(
    Round,
    (_R.organization == bind("desk", _R.organization))
    | sa.exists().where(_Q.round_id == _R.id, _Q.organization == bind("desk", _R.organization)),
    order=(_R.year.desc(), _R.id.desc()),
)


class Listed(NamedTuple):
    """A slate in a list: its row, its round and union by name, how many stand on it."""

    slate: Slate
    round_name: str
    organization_name: str
    main: int
    reserve: int


class _Counted(NamedTuple):
    """What a list says of a slate beyond its row."""

    slate_id: str
    round_name: str
    organization_name: str
    main: int
    reserve: int


def _how_many(clause: Any) -> Any:
    return sa.func.coalesce(sa.func.sum(sa.case((clause, 1), else_=0)), 0)


_COUNTED = Sql(
    sa.select(
        _SL.id.label("slate_id"), _R.name.label("round_name"),
        _O.name.label("organization_name"),
        _how_many(_EN.reserve.is_(False)).label("main"),
        _how_many(_EN.reserve.is_(True)).label("reserve"),
    )
    .join_from(table(Slate), table(Round), _R.id == _SL.round_id)
    .join(table(Organization), _O.code == _SL.organization)
    .outerjoin(table(Entry), _EN.slate_id == _SL.id)
    .where(
        (_SL.organization == bind("desk", _SL.organization))
        | (_SL.sent_to == bind("desk", _SL.organization))
    )
    .group_by(_SL.id, _R.name, _O.name),
    _Counted,
)  # fmt: skip


class Outlook(NamedTuple):
    """What sealing a draft list as it stands would mean, before anybody does it.

    `refused` is the reason code with its numbers for which it would be refused, or None;
    `needs_reason` and `tie` ask for words, `disorder` is the first place against the scores.
    `no_contest`: all of the `candidates` who could stand on the list are its main names (等额).
    """

    asked: Asked
    quota: Quota | None
    free: int | None
    reserve_allowed: int
    tie: Tie | None
    disorder: int | None
    needs_reason: bool
    refused: tuple[str, dict[str, Any]] | None
    candidates: int = 0
    no_contest: bool = False


@query("desks")
def desks(actor: Actor) -> dict[str, str]:
    """The desks this person reviews at: code to name."""
    with reading() as store:
        codes = refreshed(store, actor).places(Role.REVIEWER)
        return {code: organization(store, code).name for code in codes}


@query("names")
def names(_actor: Actor, *, codes: list[str]) -> dict[str, str]:
    """Organisations by name, code to name; names of unions and units are public."""
    with reading() as store:
        return _named(store, codes)


@query("rounds-at")
def rounds_at(actor: Actor, *, desk: str) -> list[Round]:
    """The rounds a desk has a part in: its own and those in which it has places."""
    with reading() as store:
        return store.all(_ROUNDS_AT, desk=desk) if sits(store, actor, desk) else []


@query("slates-listed")
def slates_listed(actor: Actor, *, desk: str) -> tuple[list[Listed], list[Listed]]:
    """A desk's own slates and those sent up to it, newest first, with counts."""
    own, received = lists.slates(actor, desk=desk)
    with reading() as store:
        counted = {c.slate_id: c for c in store.all(_COUNTED, desk=desk)}
    return _listed(own, counted), _listed(received, counted)


@query("seal-outlook")
def seal_outlook(actor: Actor, slate_id: str) -> Outlook:
    """What sealing a list would mean under quota, scores and ties. Raises NotFoundError."""
    whole = lists.slate(actor, slate_id)
    with reading() as store:
        rules = _rules(store, whole.slate)
        keys = panels.keys_of_list(store, rules, whole.slate, whole.places)
        told = contest(store, whole.slate, whole.places)
    reserve = sum(p.reserve for p in whole.places)
    asked = Asked(sum(not p.reserve and not p.outside for p in whole.places), reserve)
    found = _outlook(rules, whole, asked, keys)
    return found._replace(candidates=told["candidates"], no_contest="no_contest" in told)


@query("notice-outlook")
def notice_outlook(actor: Actor, slate_id: str, *, first_day: date | None = None) -> Span:
    """How long a notice would run that is published with this first day (default: today)."""
    row = lists.slate(actor, slate_id).slate
    with reading() as store:
        return due.counted(first_day or local_date(store.now), _rules(store, row).notice)


def sits(store: Store, actor: Actor, desk: str) -> bool:
    """Whether this person reviews at a desk now."""
    return refreshed(store, actor).sits(desk, Role.REVIEWER)


def _named(store: Store, codes: Iterable[str]) -> dict[str, str]:
    return {code: organization(store, code).name for code in sorted(set(codes))}


def _rules(store: Store, slate: Slate) -> Programme:
    return programme_of(store, look(store, Round, slate.round_id).programme)


def _listed(rows: list[Slate], counted: dict[str, _Counted]) -> list[Listed]:
    return [Listed(row, *counted[row.id][1:]) for row in rows if row.id in counted]


def _outlook(rules: Programme, whole: lists.WholeSlate, asked: Asked, keys: Mapping[str, Key]) -> Outlook:
    held = {row.pool: row for row in whole.quotas}
    pools = {p.application_id: p.pool for p in whole.places}
    error = quotas.refused(rules, whole.slate.organization, held, places.asked_by_pool(whole.places, pools, ()), "")
    needs_reason = error is not None and error.code == "below_minimum"
    orders = places.orders(whole.places, pools)
    return Outlook(
        asked, whole.quota,
        sum(places.left(row) for row in whole.quotas) if held and _bounded(whole.quotas) else None,
        sum(places.reserve_limit(row.places, rules.reserve) for row in whole.quotas),
        next((tie for order in orders if (tie := _tie(order, keys))), None),
        next((place for order in orders if (place := _disorder(order, keys))), None), needs_reason,
        None if needs_reason or error is None else (error.code, error.details),
    )  # fmt: skip


def _bounded(held: Iterable[Quota]) -> bool:
    return all(row.kind != "free" for row in held)


def _told(order: Sequence[Placed], keys: Mapping[str, Key]) -> list[Key] | None:
    return [keys[place.application_id] for place in order] if keys else None


def _disorder(order: Sequence[Placed], keys: Mapping[str, Key]) -> int | None:
    """The first place on the whole list that stands too low."""
    place = ranking.disorder(order, _told(order, keys))
    return None if place is None else order[place - 1].rank


def _tie(order: Sequence[Placed], keys: Mapping[str, Key]) -> Tie | None:
    """The tie across a pool's line, at the places it has on the whole list."""
    tie = ranking.tie_at(order, sum(not place.reserve for place in order), _told(order, keys))
    return None if tie is None else Tie(order[tie.first - 1].rank, order[tie.last - 1].rank, tie.score)
