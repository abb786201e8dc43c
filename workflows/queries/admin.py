"""What an administrator asks beside the watch: programmes, places, people, letters, the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from models.account import Account, Seat
from models.base import table
from models.database import reading
from models.journal import Event
from models.organization import Organization
from models.programme import FOLDER, shipped
from models.round import ProgrammeVersion, Quota, Round
from models.sql import Sql, bind, rows_of
from models.vocabulary import Act, QuotaKind, Role, Thing, Tier
from workflows.programmes import programme_of, publishes
from workflows.queries.watch import HAPPENED_UNDER, UNDER, require_administrator
from workflows.record.acting import Actor, refreshed
from workflows.record.claiming import look
from workflows.record.verb import query

if TYPE_CHECKING:
    from datetime import date, datetime

_A, _S, _E, _O, _Q, _V = (table(m).c for m in (Account, Seat, Event, Organization, Quota, ProgrammeVersion))
PAGE = 100
# The root itself and whatever lies below it; the nation is over all.
_LIKE = bind("like", _O.name)


class Offer(NamedTuple):
    """A programme that rounds can be planned for, or (`published` false) one of the catalogue.

    `is_ours` tells whether the asker may publish it: other programmes are decided by other tiers.
    """

    id: str
    code: str
    name_zh: str
    name_en: str
    cap: int | None
    valid_until: date
    published: bool
    is_ours: bool


_VERSIONS = rows_of(ProgrammeVersion, order=(_V.published_at.desc(), _V.id))


class Places(NamedTuple):
    """A union's places in a round, or in one of its pools; no quota yet means none issued."""

    organization: str
    name: str
    tier: Tier
    places: int | None
    reserved: int | None
    used: int | None
    kind: QuotaKind | None
    minimum: int | None


_UNIONS = (Tier.PROVINCE, Tier.INDUSTRY, Tier.CITY, Tier.COUNTY)
_PLACES: Sql[Places] = Sql(
    sa.select(
        *(_O.code.label("organization"), _O.name, _O.tier),
        *(_Q.places, _Q.reserved, _Q.used, _Q.kind, _Q.minimum),
    )
    .join_from(
        table(Organization),
        table(Quota),
        (_Q.organization == _O.code) & (_Q.round_id == bind("round", _Q.round_id)) & (_Q.pool == bind("pool", _Q.pool)),
        isouter=True,
    )
    # The members of a joint meeting do not lie below it; they hold places of it, if none yet.
    .where(UNDER | _Q.id.is_not(None), _O.tier.in_(_UNIONS), _O.active)
    .order_by(_O.code),
    Places,
)


class Seated(NamedTuple):
    """A person's seat below a union; `ends_at` in the past: it is over."""

    seat_id: str
    name: str
    email: str
    organization: str
    organization_name: str
    role: Role
    starts_at: datetime
    ends_at: datetime | None
    disabled_at: datetime | None


_PEOPLE: Sql[Seated] = Sql(
    sa.select(
        *(_S.id.label("seat_id"), _A.name, _A.email, _S.organization),
        *(_O.name.label("organization_name"), _S.role, _S.starts_at, _S.ends_at, _A.disabled_at),
    )
    .join_from(table(Seat), table(Account), _A.id == _S.account_id)
    .join(table(Organization), _O.code == _S.organization)
    .where(
        UNDER,
        _S.ends_at.is_(None) | (_S.ends_at > bind("now", _S.starts_at)),
        _A.name.like(_LIKE) | _A.email.like(_LIKE) | _O.name.like(_LIKE) | _S.organization.like(_LIKE),
    )
    .order_by(_S.starts_at.desc(), _S.id)
    .limit(PAGE),
    Seated,
)


class Unit(NamedTuple):
    """An organisation with the names of the union over it and of its industry union, where it has them."""

    code: str
    name: str
    tier: Tier
    parent: str | None
    parent_name: str | None
    industry: str | None
    industry_name: str | None
    direct: bool
    non_public: bool
    active: bool


_over, _branch = (table(Organization).alias(name) for name in ("over", "branch"))
_UNITS: Sql[Unit] = Sql(
    sa.select(
        *(_O.code, _O.name, _O.tier, _O.parent, _over.c.name.label("parent_name")),
        *(_O.industry, _branch.c.name.label("industry_name"), _O.direct, _O.non_public, _O.active),
    )
    .outerjoin_from(table(Organization), _over, _over.c.code == _O.parent)
    .outerjoin(_branch, _branch.c.code == _O.industry)
    .where(UNDER, _O.name.like(_LIKE) | _O.code.like(_LIKE))
    .order_by(_O.tier == Tier.ENTERPRISE, _O.code)
    .limit(PAGE),
    Unit,
)

_INDUSTRIES = rows_of(Organization, UNDER, _O.tier == Tier.INDUSTRY, order=(_O.code,))


class Told(NamedTuple):
    """An event of the journal with the names of its people."""

    id: str
    at: datetime
    thing: Thing
    thing_id: str
    version: int
    act: Act
    source: str | None
    target: str
    who: str | None
    account_id: str
    desk: str | None
    hash: str
    for_whom: str | None


_principal = table(Account).alias("principal")
_TOLD = (
    sa.select(
        *(_E.id, _E.at, _E.thing, _E.thing_id, _E.version, _E.act, _E.source, _E.target),
        *(_A.name.label("who"), _E.account_id, _O.name.label("desk"), _E.hash),
        _principal.c.name.label("for_whom"),
    )
    .outerjoin_from(table(Event), table(Account), _A.id == _E.account_id)
    .outerjoin(_principal, _principal.c.id == _E.on_behalf)
    .outerjoin(table(Organization), _O.code == _E.desk)
)
# A slate's thousand events share one moment, so the id is part of the cursor.
_EVENTS: Sql[Told] = Sql(
    _TOLD.where(sa.tuple_(_E.at, _E.id) < sa.tuple_(bind("before", _E.at), bind("id", _E.id)), HAPPENED_UNDER)
    .order_by(_E.at.desc(), _E.id.desc())
    .limit(PAGE),
    Told,
)
_OF_THING: Sql[Told] = Sql(
    _TOLD.where(_E.thing_id == bind("of", _E.thing_id), HAPPENED_UNDER).order_by(_E.version.desc(), _E.id), Told
)


@query("programmes")
def programmes(actor: Actor, *, root: str) -> list[Offer]:
    """The programmes published, newest first, then those of the catalogue that are not yet."""
    with reading() as store:
        is_ours = publishes(store, require_administrator(store, actor, root))
        rows = store.all(_VERSIONS)
        known = [programme_of(store, row.id) for row in rows]
        ids = {rules.id for rules in known}
        catalogue = [shipped(file.stem) for file in sorted(FOLDER.glob("*.toml"))]
        return [
            Offer(
                *(rules.id, rules.code, rules.name.zh, rules.name.en),
                *(rules.approval.cap, rules.approval.valid_until, rules.id in ids),
                is_ours=is_ours(rules),
            )
            for rules in [*known, *(rules for rules in catalogue if rules.id not in ids)]
        ]


@query("places")
def places(actor: Actor, *, round_id: str, pool: str = "") -> list[Places]:
    """Every union below a round's deciding union, or holding places in it, with these, by their codes."""
    with reading() as store:
        row = look(store, Round, round_id)
        require_administrator(store, actor, row.organization)
        return store.all(_PLACES, round=round_id, root=row.organization, pool=pool)


@query("people")
def people(actor: Actor, *, root: str, text: str = "") -> list[Seated]:
    """Who sits below a union now, newest first, up to 100; `text` is part of a name or code."""
    with reading() as store:
        require_administrator(store, actor, root)
        return store.all(_PEOPLE, root=root, like=_pattern(text), now=store.now)


@query("units")
def units(actor: Actor, *, root: str, text: str = "") -> list[Unit]:
    """Organisations below a union, unions first, up to 100; `text` is part of a name or code."""
    with reading() as store:
        require_administrator(store, actor, root)
        return store.all(_UNITS, root=root, like=_pattern(text))


@query("industries")
def industries(actor: Actor, *, root: str) -> list[Organization]:
    """The industry unions below a union."""
    with reading() as store:
        require_administrator(store, actor, root)
        return store.all(_INDUSTRIES, root=root)


@query("events")
def events(
    actor: Actor, *, root: str, thing_id: str = "", before: datetime | None = None, after: str = ""
) -> list[Told]:
    """The newest events, a page of 100, or all of one thing.

    `before` and `after` are the moment and the id of the last one seen.
    """
    with reading() as store:
        require_administrator(store, actor, root)
        if thing_id.strip():
            return store.all(_OF_THING, of=thing_id.strip(), root=root)
        until = before or store.now.replace(year=store.now.year + 1, day=1)
        return store.all(_EVENTS, before=until, id=after, root=root)


def _pattern(text: str) -> str:
    return f"%{text.strip().replace('%', '').replace('_', '')}%"


_NAMES = rows_of(Organization, _O.code == bind("code", _O.code))


@query("my-offices")
def names(actor: Actor) -> dict[str, str]:
    """The organisations I sit in, by their code."""
    with reading() as store:
        codes = refreshed(store, actor).places()
        found = [store.first(_NAMES, code=code) for code in codes]
        return {unit.code: unit.name for unit in found if unit is not None}
