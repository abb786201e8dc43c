"""Applications as their people see them: mine, one with its history, its revisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.account import Account
from models.application import Application, Review, Revision
from models.attachment import Attachment
from models.base import changed, table
from models.database import reading
from models.deadline import Deadline
from models.errors import NotFoundError
from models.journal import Event
from models.letter import Letter
from models.organization import Organization
from models.round import Round
from models.sql import Sql, bind, rows_of
from models.vocabulary import Act, DeadlineKind, Role, State, Thing
from workflows.batches.undone import stands
from workflows.intake.filing import is_formal
from workflows.programmes import programme_of
from workflows.record.acting import Actor, refreshed
from workflows.record.claiming import look
from workflows.record.verb import query
from workflows.rules import permissions
from workflows.rules.privacy import mask, masked, private_fields

if TYPE_CHECKING:
    from datetime import datetime

    from models.database import Store
    from models.programme import Programme

_P, _R, _O, _E, _A, _F, _V, _D, _L, _X = (
    table(m).c
    for m in (Application, Round, Organization, Event, Account, Attachment, Review, Deadline, Letter, Revision)
)
PAGE = 50


class Line(NamedTuple):
    """One application in a list: enough for a status sentence and one action."""

    id: str
    receipt: str | None
    subject: str
    leader_name: str
    organization_name: str
    round_name: str
    state: State
    checked: bool
    slate_id: str | None
    entered_at: datetime
    due_at: datetime | None
    version: int
    desk: str | None


LINE = (
    sa.select(
        _P.id, _P.receipt, _P.subject, _P.leader_name, _O.name.label("organization_name"),
        _R.name.label("round_name"), _P.state, _P.checked, _P.slate_id, _P.entered_at, _P.due_at, _P.version, _P.desk,
    )
    .join_from(table(Application), table(Organization), _O.code == _P.organization)
    .join(table(Round), _R.id == _P.round_id)
)  # fmt: skip
_MINE_BY_UNIT = Sql(
    LINE.where(_P.organization == bind("unit", _P.organization), _P.id < bind("before", _P.id))
    .order_by(_P.id.desc()).limit(PAGE), Line,
)  # fmt: skip


class Happening(NamedTuple):
    """One event of a thing's history."""

    version: int
    act: Act
    source: str | None
    target: str
    account_id: str
    who: str | None
    desk: str | None
    at: datetime
    body: dict[str, Any]
    for_whom: str | None = None


_principal = table(Account).alias("principal")
_HISTORY = Sql(
    sa.select(
        *(_E.version, _E.act, _E.source, _E.target, _E.account_id, _A.name.label("who"), _E.desk, _E.at, _E.body),
        _principal.c.name.label("for_whom"),
    )
    .outerjoin_from(table(Event), table(Account), _A.id == _E.account_id)
    .outerjoin(_principal, _principal.c.id == _E.on_behalf)
    .where(_E.thing == bind("thing", _E.thing), _E.thing_id == bind("id", _E.thing_id))
    .order_by(_E.version),
    Happening,
)
_REVIEWS = rows_of(Review, _V.application_id == bind("id", _V.application_id), stands(_V), order=(_V.id,))
_FILES = rows_of(
    Attachment, _F.application_id == bind("id", _F.application_id), _F.removed_at.is_(None), order=(_F.slot, _F.id)
)
_DEADLINES = rows_of(Deadline, _D.thing_id == bind("id", _D.thing_id), _D.closed_at.is_(None), order=(_D.due_at,))
_LETTERS = rows_of(
    Letter, _L.account_id == bind("who", _L.account_id), _L.thing_id == bind("id", _L.thing_id), order=(_L.id,)
)
_REVISIONS = rows_of(Revision, _X.application_id == bind("id", _X.application_id), order=(_X.version, _X.field))


@query("mine")
def mine(actor: Actor, *, before: str = "~") -> list[Line]:
    """My units' applications, newest first, a page of 50; `before` is the last id seen."""
    with reading() as store:
        who = refreshed(store, actor)
        found: dict[str, Line] = {}
        for unit in who.places(Role.CLERK):
            found |= {line.id: line for line in store.all(_MINE_BY_UNIT, unit=unit, before=before)}
        return sorted(found.values(), key=lambda line: line.id, reverse=True)[:PAGE]


class Whole(NamedTuple):
    """One application with all that its asker may see of it; `formal`: its formal part is open."""

    application: Application
    unit: Organization
    round: Round
    history: list[Happening]
    reviews: list[Review]
    files: list[Attachment]
    deadlines: list[Deadline]
    letters: list[Letter]
    formal: bool = True

    @property
    def prefilled(self) -> set[str]:
        """The fields whose answers came from a profile and were not typed anew since."""
        found: set[str] = set()
        for event in self.history:
            found = (found - set(event.body.get("fields", ()))) | set(event.body.get("profile", ()))
        return found


@query("application")
def application(actor: Actor, application_id: str) -> Whole:
    """One application: form, files, history, opinions, what is due. Raises NotFoundError.

    Its own people read a tier's opinions only where they were addressed: faults and refusals.
    """
    with reading() as store:
        row, who = seen_by(store, actor, application_id)
        own = permissions.is_own_case(who, row.organization, row.applicant_id)
        history = store.all(_HISTORY, thing=Thing.APPLICATION, id=row.id)
        rules = programme_of(store, row.programme)
        deadlines = store.all(_DEADLINES, id=row.id)
        return Whole(
            as_read(rules, row, own=own), look_unit(store, row.organization), look(store, Round, row.round_id),
            [_told(h) for h in history if not _is_among_colleagues(h)] if own else history,
            [] if own else store.all(_REVIEWS, id=row.id), store.all(_FILES, id=row.id),
            [changed(d, handler_id=None) for d in deadlines if d.kind is not DeadlineKind.COUNTERSIGN] if own
            else deadlines,
            store.all(_LETTERS, who=who.id, id=row.id),
            is_formal(store, rules, row),
        )  # fmt: skip


def as_read(rules: Programme, row: Application, *, own: bool) -> Application:
    """An application's row as its own people read it, or as others do.

    In whose hands it is, and who is asked to sign, is the desk's alone; private answers are their writers'.
    """
    return changed(row, handler_id=None, delegated_by=None) if own else masked(rules, row)


@query("revisions")
def revisions(actor: Actor, application_id: str) -> list[Revision]:
    """Every change of every field of an application, oldest first."""
    with reading() as store:
        row, who = seen_by(store, actor, application_id)
        rows = store.all(_REVISIONS, id=row.id)
        if permissions.is_own_case(who, row.organization, row.applicant_id):
            return rows
        private = private_fields(programme_of(store, row.programme))
        return [_masked(r) if r.field in private else r for r in rows]


def _masked(row: Revision) -> Revision:
    hidden = [{"value": mask(side["value"])} if side else None for side in (row.before, row.after)]
    return changed(row, before=hidden[0], after=hidden[1])


def seen_by(store: Store, actor: Actor, application_id: str) -> tuple[Application, Actor]:
    """An application the actor may see. Raises NotFoundError in the same words otherwise."""
    who = refreshed(store, actor)
    row = look(store, Application, application_id)
    if not permissions.sees(who, row):
        raise NotFoundError("not_found", thing=Thing.APPLICATION.value, given=application_id)
    return row, who


_UNIT = rows_of(Organization, _O.code == bind("code", _O.code))
# In whose hands a case is at a desk, and who signs there, is the desk's own business.
_AMONG_COLLEAGUES = (permissions.OFFICE_ACTS | {Act.SIGN, Act.HAND_OVER}) - {Act.HOLD, Act.RELEASE}
_ARRANGED = tuple(act.value for act in _AMONG_COLLEAGUES)
_FOR_APPLICANTS = ("fields", "profile", "faults", "reason", "to", "why", "decision", "notice", "outcome")


def look_unit(store: Store, code: str) -> Organization:
    """An organisation that is known to exist."""
    row = store.first(_UNIT, code=code)
    if row is None:
        raise NotFoundError("not_found", thing="organization", given=code)
    return row


def _is_among_colleagues(event: Happening) -> bool:
    """Whether an act is the desk's own business, or takes such a one back."""
    return event.act in _AMONG_COLLEAGUES or (event.act is Act.UNDO and event.body.get("undoes") in _ARRANGED)


def _told(event: Happening) -> Happening:
    """An event as its applicant reads it: which office, never which person; never a rank."""
    body = {k: v for k, v in event.body.items() if k in _FOR_APPLICANTS}
    reviewer = event.act not in (Act.DRAFT, *permissions.APPLICANTS_ACTS)
    return event._replace(body=body, who=None, account_id="", for_whom=None) if reviewer else event._replace(body=body)
