"""What the printed papers are made of: a list with its names, how it came about, documents and titles."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from models.application import Application, Review
from models.base import table
from models.database import reading
from models.errors import ForbiddenError, NotFoundError
from models.journal import Event
from models.merit import Consultation, Inspection
from models.notice import Notice, Objection
from models.round import Round
from models.slate import Entry
from models.sql import Sql, bind, rows_of
from models.title import Decision, Title
from models.vocabulary import (
    Act,
    InspectionKind,
    ObjectionState,
    Outcome,
    ReplyKind,
    Role,
    Thing,
    TitleState,
)
from workflows.listing import joint
from workflows.people.organizations import organization
from workflows.programmes import programme_of
from workflows.queries import lists
from workflows.record.acting import refreshed
from workflows.record.claiming import look
from workflows.rules import permissions
from workflows.rules.privacy import masked

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from models.database import Store
    from models.organization import Organization
    from models.programme import Programme, Words
    from workflows.queries.lists import WholeSlate
    from workflows.record.acting import Actor

_P, _EN, _V, _C, _I, _E, _N, _J, _T = (
    table(m).c for m in (Application, Entry, Review, Consultation, Inspection, Event, Notice, Objection, Title)
)
_ON_SLATE = sa.select(_EN.application_id).where(_EN.slate_id == bind("slate", _EN.slate_id))
_MEMBERS = rows_of(Application, _P.id.in_(_ON_SLATE))
_OPINIONS = rows_of(Review, _V.application_id.in_(_ON_SLATE), _V.desk == bind("desk", _V.desk), order=(_V.id,))
_DECISION = rows_of(Decision, table(Decision).c.id == bind("id", table(Decision).c.id))
_TITLES_OF = rows_of(Title, _T.decision_id == bind("decision", _T.decision_id))


class Reviewed(NamedTuple):
    """How many applications of a round a desk has given an opinion of this kind."""

    outcome: Outcome
    n: int


class Replied(NamedTuple):
    """How many times a department answered so; None: not yet."""

    department: str
    reply: ReplyKind | None
    n: int


class Visited(NamedTuple):
    """How many names on a list were visited or heard, and from which to which day."""

    kind: InspectionKind
    n: int
    first: date
    last: date


class Objected(NamedTuple):
    """How many objections came in a notice, by how far they are."""

    notice_id: str
    state: ObjectionState
    n: int


class Step(NamedTuple):
    """One act on a list."""

    act: Act
    at: datetime


_REVIEWED: Sql[Reviewed] = Sql(
    sa.select(_V.outcome, sa.func.count(_V.application_id.distinct()).label("n"))
    .join_from(table(Review), table(Application), _P.id == _V.application_id)
    .where(_V.desk == bind("desk", _V.desk), _P.round_id == bind("round", _P.round_id))
    .group_by(_V.outcome),
    Reviewed,
)
_REPLIED: Sql[Replied] = Sql(
    sa.select(_C.department, _C.reply, sa.func.count().label("n"))
    .join_from(table(Consultation), table(Application), _P.id == _C.application_id)
    .where(_C.desk == bind("desk", _C.desk), _P.round_id == bind("round", _P.round_id))
    .group_by(_C.department, _C.reply),
    Replied,
)
_VISITED: Sql[Visited] = Sql(
    sa.select(
        _I.kind, sa.func.count(_I.application_id.distinct()).label("n"),
        sa.func.min(_I.held_on).label("first"), sa.func.max(_I.held_on).label("last"),
    )
    .where(_I.application_id.in_(_ON_SLATE))
    .group_by(_I.kind).order_by(_I.kind),
    Visited,
)  # fmt: skip
_OBJECTED: Sql[Objected] = Sql(
    sa.select(_J.notice_id, _J.state, sa.func.count().label("n"))
    .join_from(table(Objection), table(Notice), _N.id == _J.notice_id)
    .where(_N.slate_id == bind("slate", _N.slate_id))
    .group_by(_J.notice_id, _J.state),
    Objected,
)
_STEPS: Sql[Step] = Sql(
    sa.select(_E.act, _E.at)
    .where(_E.thing == Thing.SLATE, _E.thing_id == bind("slate", _E.thing_id))
    .order_by(_E.version),
    Step,
)


class Named(NamedTuple):
    """A tier's list with its round, rules and union, and the applications on it, private answers masked."""

    whole: WholeSlate
    window: Round
    rules: Programme
    office: Organization
    members: dict[str, Application]
    above: str


class Proceedings(NamedTuple):
    """How a list came about, as far as it is on record."""

    reviewed: list[Reviewed]
    replied: list[Replied]
    visited: list[Visited]
    objected: list[Objected]
    steps: list[Step]
    opinions: list[Review]


class Document(NamedTuple):
    """A numbered decision with what its paper says besides: who decided what, in which round."""

    row: Decision
    office: str
    round_name: str
    rules: Programme | None
    areas: dict[str, str]
    titles: dict[str, Title]
    withdrawn: str


class Certified(NamedTuple):
    """A title with what its certificate says."""

    row: Title
    rules: Programme
    unit: str
    office: str
    document: str


class Checked(NamedTuple):
    """A title as its certificate's code shows it to anybody."""

    number: str
    name: str
    leader: str
    unit: str
    office: str
    called: Words
    document: str
    named_on: date
    valid_until: date | None
    state: TitleState


def named(actor: Actor, slate_id: str) -> Named:
    """A list with its names, for whoever may see the list. Raises NotFoundError."""
    whole = lists.slate(actor, slate_id)
    with reading() as store:
        window = look(store, Round, whole.slate.round_id)
        rules = programme_of(store, window.programme)
        rows = store.all(_MEMBERS, slate=slate_id)
        office = organization(store, whole.slate.organization)
        above = organization(store, whole.slate.sent_to).name if whole.slate.sent_to else ""
        return Named(whole, window, rules, office, {row.id: masked(rules, row) for row in rows}, above)


def proceedings(actor: Actor, listed: Named) -> Proceedings:
    """How a list came about, for the reviewers of its union and of the one it was sent to.

    Raises ForbiddenError("not_your_desk"), and "own_case" for who brings a name on it.
    """
    slate = listed.whole.slate
    with reading() as store:
        who = refreshed(store, actor)
        at_desk = who.sits(slate.organization, Role.REVIEWER) or who.sits(slate.sent_to, Role.REVIEWER)
        if not (at_desk or joint.member_sees(store, who, slate)):
            raise ForbiddenError("not_your_desk", thing=Thing.SLATE.value)
        for row in listed.members.values():
            if permissions.is_own_case(who, row.organization, row.applicant_id, slate.organization):
                raise ForbiddenError("own_case", thing=Thing.SLATE.value)
        here = {"desk": slate.organization, "round": slate.round_id}
        return Proceedings(
            store.all(_REVIEWED, **here), store.all(_REPLIED, **here), store.all(_VISITED, slate=slate.id),
            store.all(_OBJECTED, slate=slate.id), store.all(_STEPS, slate=slate.id),
            store.all(_OPINIONS, slate=slate.id, desk=slate.organization),
        )  # fmt: skip


def document(decision_id: str) -> Document:
    """A decision, which anybody may read. Raises NotFoundError."""
    with reading() as store:
        row = store.first(_DECISION, id=decision_id)
        if row is None:
            raise NotFoundError("not_found", thing="decision", given=decision_id)
        window = look(store, Round, row.round_id) if row.round_id else None
        areas = {group["area"] for group in row.annex if "names" in group}
        earlier = store.first(_DECISION, id=row.withdraws) if row.withdraws else None
        return Document(
            row, organization(store, row.organization).name, window.name if window else "",
            programme_of(store, window.programme) if window else None, names(store, areas),
            {str(one.application_id): one for one in store.all(_TITLES_OF, decision=row.id)},
            earlier.number if earlier else "",
        )  # fmt: skip


def certified(actor: Actor, title_id: str) -> Certified:
    """A title for its certificate: for its holder's people and the union that gave it. Raises NotFoundError."""
    with reading() as store:
        row, who = look(store, Title, title_id), refreshed(store, actor)
        if not (permissions.serves(who, row.organization) or permissions.serves(who, row.decider)):
            raise NotFoundError("not_found", thing=Thing.TITLE.value, given=title_id)
        made = store.first(_DECISION, id=row.decision_id) if row.decision_id else None
        return Certified(
            row, programme_of(store, row.programme), organization(store, row.organization).name,
            organization(store, row.decider).name, made.number if made else row.document,
        )  # fmt: skip


def checked(title_id: str) -> Checked:
    """What anybody may read of a title: whether its certificate holds. Raises NotFoundError."""
    with reading() as store:
        row = look(store, Title, title_id)
        made = store.first(_DECISION, id=row.decision_id) if row.decision_id else None
        return Checked(
            row.number, row.name, row.leader_name, organization(store, row.organization).name,
            organization(store, row.decider).name, programme_of(store, row.programme).title.name,
            made.number if made else row.document, row.named_on, row.valid_until, _standing(row.state),
        )  # fmt: skip


def _standing(state: TitleState) -> TitleState:
    """What the public is told of how a title stands: an assessment that is due is its holder's own matter."""
    told = (TitleState.SUSPENDED, TitleState.REVOKED, TitleState.ENDED)
    return state if state in told else TitleState.VALID


def names(store: Store, codes: Iterable[str]) -> dict[str, str]:
    """Organisations by name, code to name; the empty code has none."""
    return {code: organization(store, code).name for code in sorted(filter(None, set(codes)))}
