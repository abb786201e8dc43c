"""What a desk asks of its notices, the objections in them, its titles and their assessments."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from models.application import Application
from models.base import table
from models.database import reading
from models.deadline import Deadline
from models.docket import DocketEntry, ObjectionPaper
from models.journal import Event
from models.notice import Notice, Objection
from models.organization import Organization
from models.sql import Sql, bind, rows_of
from models.title import Assessment, Title
from models.vocabulary import Act, AssessmentKind, AssessmentState, Grade, ObjectionState, Thing
from workflows.hearing import docketing
from workflows.queries import lists
from workflows.queries.review import sits
from workflows.record.acting import Actor
from workflows.record.verb import query
from workflows.rules import objections as rules_of
from workflows.rules import receipts
from workflows.rules.calendar import local_date

_P, _O, _N, _J, _T = (table(m).c for m in (Application, Organization, Notice, Objection, Title))
_A, _D, _DE, _F, _EV = (table(m).c for m in (Assessment, Deadline, DocketEntry, ObjectionPaper, Event))
MOST = 200
_NOTICES_AT = Sql(
    sa.select(table(Notice)).where(_N.organization == bind("desk", _N.organization))
    .order_by(_N.opened_at.desc(), _N.id.desc()).limit(MOST),
    Notice,
)  # fmt: skip


class About(NamedTuple):
    """Which application an objection is about."""

    application_id: str
    receipt: str | None
    subject: str
    leader_name: str
    organization_name: str


_ABOUT = Sql(
    sa.select(
        _P.id.label("application_id"), _P.receipt, _P.subject, _P.leader_name,
        _O.name.label("organization_name"),
    )
    .join_from(table(Application), table(Organization), _O.code == _P.organization)
    .where(
        sa.exists().where(
            _J.application_id == _P.id,
            (_J.organization == bind("desk", _J.organization))
            | (_J.investigator == bind("desk", _J.organization)),
        )
    ),
    About,
)  # fmt: skip


class Case(NamedTuple):
    """An objection with the application that it is about, and how it stands in the docket.

    `receipt`: what its objector holds. Who holds it may take the objection back, so the receiving union reads its last
    four digits, and whole only who entered it from a letter. `joins`: the objection about the
    same name it came beside. `field` and `value`: the typing error it points at. `due_at`: by when its
    next step is owed.
    """

    objection: Objection
    about: About
    receipt: str = ""
    joins: str | None = None
    field: str = ""
    value: str = ""
    papers: tuple[ObjectionPaper, ...] = ()
    due_at: datetime | None = None


_AT_DESK = (_J.organization == bind("desk", _J.organization)) | (_J.investigator == bind("desk", _J.organization))
_OF_DESK = sa.select(_J.id).where(_AT_DESK)
_ENTRIES = rows_of(DocketEntry, _DE.objection_id.in_(_OF_DESK))
_PAPERS = rows_of(ObjectionPaper, _F.objection_id.in_(_OF_DESK), order=(_F.id,))
_PAPERS_OF = rows_of(ObjectionPaper, _F.objection_id == bind("of", _F.objection_id))
_ENTERED: Sql[str] = Sql(
    sa.select(_EV.thing_id).where(
        _EV.thing == Thing.OBJECTION, _EV.act == Act.OBJECT, _EV.account_id == bind("who", _EV.account_id),
        _EV.thing_id.in_(_OF_DESK),
    )
)  # fmt: skip
_DUE = rows_of(Deadline, _D.thing == Thing.OBJECTION, _D.closed_at.is_(None), _D.thing_id.in_(_OF_DESK))
_LIMIT: Sql[datetime] = Sql(
    sa.select(_D.due_at).where(_D.thing_id == bind("of", _D.thing_id), _D.closed_at.is_(None)).limit(1)
)
_MOMENT = timedelta(seconds=1)  # a term ends at midnight after its last day


class Assessed(NamedTuple):
    """One assessment with its title, as a grading list shows it."""

    id: str
    title_id: str
    number: str
    name: str
    organization: str
    organization_name: str
    decider: str
    year: int
    state: AssessmentState
    report: str
    reported_at: datetime | None
    score: int | None
    grade: Grade | None
    met_mark: bool
    remark: str
    version: int
    kind: AssessmentKind
    band: str


_ASSESSED = Sql(
    sa.select(
        _A.id, _A.title_id, _T.number, _T.name, _A.organization, _O.name.label("organization_name"), _A.decider,
        _A.year, _A.state, _A.report, _A.reported_at, _A.score, _A.grade, _A.met_mark, _A.remark,
        _A.version, _A.kind, _A.band,
    )
    .join_from(table(Assessment), table(Title), _T.id == _A.title_id)
    .join(table(Organization), _O.code == _A.organization)
    .where(_A.decider == bind("desk", _A.decider), _A.year == bind("year", _A.year))
    .order_by(_T.number),
    Assessed,
)  # fmt: skip
_YEARS: Sql[int] = Sql(
    sa.select(_A.year).where(_A.decider == bind("desk", _A.decider)).distinct().order_by(_A.year.desc())
)


@query("notices-at")
def notices_at(actor: Actor, *, desk: str) -> list[Notice]:
    """The notices a desk has published, newest first."""
    with reading() as store:
        return store.all(_NOTICES_AT, desk=desk) if sits(store, actor, desk) else []


@query("docket")
def docket(actor: Actor, *, desk: str) -> list[Case]:
    """The objections a desk must investigate or settle, newest first, each with its application."""
    cases = lists.objections(actor, desk=desk)
    if not cases:
        return []
    with reading() as store:
        about = {a.application_id: a for a in store.all(_ABOUT, desk=desk)}
        entries = {entry.objection_id: entry for entry in store.all(_ENTRIES, desk=desk)}
        due = {one.thing_id: one.due_at for one in store.all(_DUE, desk=desk)}
        papers: dict[str, list[ObjectionPaper]] = {}
        for paper in store.all(_PAPERS, desk=desk):
            papers.setdefault(paper.objection_id, []).append(paper)
        entered = set(store.all(_ENTERED, desk=desk, who=actor.id))
    found = [
        _case(desk, case, about[case.application_id], entries.get(case.id), papers.get(case.id, []), due.get(case.id))
        for case in cases
    ]
    return [
        case if case.objection.id in entered else case._replace(receipt=receipts.hidden(case.receipt)) for case in found
    ]


def _case(
    desk: str, case: Objection, about: About, entry: DocketEntry | None, papers: list[ObjectionPaper],
    due_at: datetime | None,
) -> Case:  # fmt: skip
    own = case.organization == desk
    shown = papers if own else [docketing.unnamed(paper, n) for n, paper in enumerate(papers, 1)]
    receipt = entry.receipt if entry is not None and own else ""
    joins, field, value = (entry.joins, entry.field, entry.value) if entry is not None else (None, "", "")
    return Case(case, about, receipt, joins, field, value, tuple(shown), due_at)


def receipt_of(objection_id: str) -> str:
    """The receipt of an objection that was entered just now, for the page that tells its objector: no question."""
    with reading() as store:
        entry = docketing.entry_of(store, objection_id)
        return "" if entry is None else entry.receipt


class Status(NamedTuple):
    """What an objector learns by the receipt: general words only, no name, no subject, no finding.

    `code`: the state, or what came of it besides (`partly`, `corrected`, `not_corrected`, `withdrawn`);
    `why` the code for which it is a lead. `due_on`: by when the next step is owed.
    """

    receipt: str
    code: str
    why: str
    received_on: date
    due_on: date | None
    settled_on: date | None
    joined: bool
    papers: int
    may_add: bool
    may_withdraw: bool


@query("objection-status")
def objection_status(_actor: Actor | None, *, receipt: str) -> Status:
    """Where an objection stands, for whoever holds its receipt. Raises NotFoundError("receipt_unknown")."""
    with reading() as store:
        case = docketing.of_receipt(store, receipt)
        entry = docketing.entry_of(store, case.id)
        papers = store.all(_PAPERS_OF, of=case.id)
        limit = store.first(_LIMIT, of=case.id)
    return Status(
        entry.receipt if entry else "", _code(case), case.inadmissible or "", local_date(case.received_at),
        local_date(limit - _MOMENT) if limit else None, local_date(case.settled_at) if case.settled_at else None,
        entry is not None and entry.joins is not None, len(papers),
        case.settled_at is None and len(papers) < docketing.MOST_FILES,
        case.state is ObjectionState.INVESTIGATING,
    )  # fmt: skip


def _code(case: Objection) -> str:
    if case.inadmissible == rules_of.CORRECTION and case.settled_at is not None:
        return "corrected" if case.state is ObjectionState.UPHELD else "not_corrected"
    if case.state is ObjectionState.LEAD and case.inadmissible in (rules_of.CORRECTION, rules_of.WITHDRAWN):
        return "withdrawn" if case.inadmissible == rules_of.WITHDRAWN else "correction"
    return "partly" if case.outcome.startswith(rules_of.PARTLY) else case.state.value


@query("assessment-years")
def assessment_years(actor: Actor, *, desk: str) -> list[int]:
    """The years for which a deciding union has assessments, newest first."""
    with reading() as store:
        return store.all(_YEARS, desk=desk) if sits(store, actor, desk) else []


@query("assessed")
def assessed(actor: Actor, *, desk: str, year: int) -> list[Assessed]:
    """A deciding union's assessments of one year with their titles."""
    with reading() as store:
        return store.all(_ASSESSED, desk=desk, year=year) if sits(store, actor, desk) else []
