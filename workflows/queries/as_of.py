"""How a case, a list or a round stood at an earlier moment: rebuilt from the journal, for whoever sees it today."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.application import Application, Revision
from models.base import changed, table
from models.database import reading
from models.deadline import Deadline
from models.errors import InputError, NotFoundError
from models.journal import Event
from models.lists import listed, of_list
from models.organization import Organization
from models.round import Quota, QuotaEntry, Round
from models.slate import Slate
from models.sql import Sql, bind, rows_of
from models.vocabulary import Act, Bucket, DeadlineKind, Rung, SlateState, State, Thing
from workflows.clocks.deadlines import BESIDE
from workflows.listing import joint
from workflows.people.organizations import NATION, organization
from workflows.programmes import programme_of
from workflows.queries.applications import seen_by
from workflows.record.acting import refreshed
from workflows.record.claiming import look, visible
from workflows.record.verb import query
from workflows.rules import past, permissions
from workflows.rules.privacy import masked

if TYPE_CHECKING:
    from models.database import Store
    from workflows.record.acting import Actor

KINDS = (Thing.APPLICATION, Thing.SLATE, Thing.ROUND)
# What runs beside a case's own term is not its due moment, nor is the round's end that of a draft.
_NOT_ITS_OWN = (*BESIDE, DeadlineKind.SUBMISSION)
# Who sent a list up drafted it in private: the tier above reads its order only from then on.
_SHOWN_ABOVE = (SlateState.SENT_UP, SlateState.OPENED, SlateState.DECIDED)
_E, _X, _D, _P, _O, _Q, _G = (
    table(m).c for m in (Event, Revision, Deadline, Application, Organization, Quota, QuotaEntry)
)


class _Happened(NamedTuple):
    """An event, as far as the past is told from it."""

    version: int
    act: Act
    source: str | None
    target: str
    at: datetime
    body: dict[str, Any]


class Ranked(NamedTuple):
    """A name on a list then: its place, and what it is called."""

    rank: int
    reserve: bool
    application_id: str
    receipt: str | None
    subject: str


class Places(NamedTuple):
    """The places of a union in a round then, its pools together."""

    organization: str
    organization_name: str
    issued: int
    reserved: int
    used: int


class Past(NamedTuple):
    """How a thing stood at a moment: `version` counts its events up to then, `since` is when it came to its state.

    `tier` and `due_at` are a case's, as its answers by the form of its `programme` are; `ranks` a list's; `places` a
    round's. `hidden`: what it held then is not for the asker.
    """

    thing: Thing
    thing_id: str
    name: str
    at: datetime
    version: int
    state: str
    since: datetime
    tier: Rung | None = None
    due_at: datetime | None = None
    answers: dict[str, Any] = {}  # noqa: RUF012 -- never written to
    ranks: list[Ranked] = []  # noqa: RUF012 -- as above
    places: list[Places] = []  # noqa: RUF012 -- as above
    programme: str = ""
    hidden: bool = False


_HAPPENED: Sql[_Happened] = Sql(
    sa.select(*(_E[name] for name in _Happened._fields))
    .where(_E.thing == bind("thing", _E.thing), _E.thing_id == bind("of", _E.thing_id))
    .order_by(_E.version),
    _Happened,
)
_CHANGES = rows_of(
    Revision, _X.application_id == bind("of", _X.application_id), _X.version <= bind("version", _X.version),
    order=(_X.version, _X.field),
)  # fmt: skip
_DUE = rows_of(Deadline, _D.thing_id == bind("of", _D.thing_id), order=(_D.set_at, _D.id))
_CALLED: dict[str, Sql[tuple[str, str | None, str]]] = of_list(
    lambda ids: Sql(sa.select(_P.id, _P.receipt, _P.subject).where(_P.id.in_(ids)))
)
_MOVED: Sql[tuple[str, str, Bucket, Bucket, int]] = Sql(
    sa.select(_Q.organization, _O.name, _G.source, _G.target, sa.cast(sa.func.sum(_G.n), sa.Integer).label("n"))
    .join_from(table(QuotaEntry), table(Quota), _Q.id == _G.quota_id)
    .join(table(Organization), _O.code == _Q.organization)
    .where(_Q.round_id == bind("round", _Q.round_id), _G.at <= bind("until", _G.at))
    .group_by(_Q.organization, _O.name, _G.source, _G.target)
    .order_by(_Q.organization)
)


@query("as-of")
def as_of(actor: Actor, *, kind: Thing, thing_id: str, at: datetime) -> Past:
    """How an application, a slate or a round stood at a moment (UTC), as its journal tells it.

    Of a case its state, tier, due moment and answers; of a list its order; of a round its places by the ledger. For
    whoever sees the thing today, with what is masked today: a draft's answers are its own people's, a list's order
    before it was sent up its own tier's. Raises NotFoundError as the questions of today; InputError("as_of_kind",
    "as_of_before") with the moment of the first event.
    """
    if kind not in KINDS:
        raise InputError("as_of_kind", field="kind", given=str(kind)[:40], known=[one.value for one in KINDS])
    with reading() as store:
        match kind:
            case Thing.APPLICATION:
                return _case(store, actor, thing_id, at)
            case Thing.SLATE:
                return _slate(store, actor, thing_id, at)
            case _:
                return _round(store, actor, thing_id, at)


def _events(store: Store, kind: Thing, thing_id: str, at: datetime) -> list[_Happened]:
    """What had happened to a thing by then, at least its beginning."""
    found = store.all(_HAPPENED, thing=kind, of=thing_id)
    if not found or found[0].at > at:
        first = found[0].at if found else store.now
        raise InputError("as_of_before", field="at", at=at.isoformat(), first=first.isoformat())
    return [event for event in found if event.at <= at]


def _told(kind: Thing, thing_id: str, name: str, at: datetime, events: list[_Happened]) -> Past:
    since = next(event.at for event in reversed(events) if event.source != event.target)
    return Past(kind, thing_id, name, at, events[-1].version, events[-1].target, since)


def _case(store: Store, actor: Actor, thing_id: str, at: datetime) -> Past:
    row, who = seen_by(store, actor, thing_id)
    told = folded(store, row, at)
    if permissions.is_own_case(who, row.organization, row.applicant_id):
        return told
    if told.state == State.DRAFT or told.tier is None:
        return told._replace(due_at=None, answers={}, hidden=True)
    rules = programme_of(store, row.programme)
    return told._replace(answers=masked(rules, changed(row, answers=told.answers)).answers)


def folded(store: Store, row: Application, at: datetime) -> Past:
    """A case as it stood, with nothing hidden. Raises InputError("as_of_before")."""
    events = _events(store, Thing.APPLICATION, row.id, at)
    told = _told(Thing.APPLICATION, row.id, row.subject, at, events)
    changes = store.all(_CHANGES, of=row.id, version=told.version)
    answers = past.answers(changes)
    terms = [one for one in store.all(_DUE, of=row.id) if one.kind not in _NOT_ITS_OWN]
    due_at = past.due(terms, events, at, datetime.fromisoformat)
    return told._replace(tier=past.rung(events), due_at=due_at, answers=answers, programme=row.programme)


def _slate(store: Store, actor: Actor, thing_id: str, at: datetime) -> Past:
    row, who = look(store, Slate, thing_id), refreshed(store, actor)
    is_member = joint.member_sees(store, who, row)
    if not (visible(who, Thing.SLATE, row) or is_member):
        raise NotFoundError("not_found", thing=Thing.SLATE.value, given=thing_id[:60])
    events = _events(store, Thing.SLATE, row.id, at)
    name = f"{organization(store, row.organization).name} {look(store, Round, row.round_id).name}"
    told = _told(Thing.SLATE, row.id, name, at, events)
    if not (is_member or permissions.serves(who, row.organization)) and told.state not in _SHOWN_ABOVE:
        return told._replace(hidden=True)
    order = past.names(events)
    ids = listed(one.application_id for one in order)
    called = {one: (receipt, subject) for one, receipt, subject in store.all(_CALLED[store.dialect.name], ids=ids)}
    return told._replace(ranks=[
        Ranked(n, one.reserve, one.application_id, *called[one.application_id]) for n, one in enumerate(order, 1)
    ])  # fmt: skip


def _round(store: Store, actor: Actor, thing_id: str, at: datetime) -> Past:
    row, who = look(store, Round, thing_id), refreshed(store, actor)
    told = _told(Thing.ROUND, row.id, row.name, at, _events(store, Thing.ROUND, row.id, at))
    if not permissions.governs(who, row.organization, NATION):
        return told._replace(hidden=True)
    held: dict[str, Places] = {}
    for code, name, source, target, n in store.all(_MOVED, round=row.id, until=at):
        was = held.get(code, Places(code, name, 0, 0, 0))
        held[code] = was._replace(
            issued=was.issued + _change(source, target, Bucket.ISSUER, n) * -1,
            reserved=was.reserved + _change(source, target, Bucket.RESERVED, n),
            used=was.used + _change(source, target, Bucket.USED, n),
        )
    return told._replace(places=list(held.values()))


def _change(source: Bucket, target: Bucket, bucket: Bucket, n: int) -> int:
    return n * ((target is bucket) - (source is bucket))
