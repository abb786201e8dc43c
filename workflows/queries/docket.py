"""What a desk asks of its notices, the objections in them, its titles and their assessments."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from models.application import Application
from models.base import table
from models.database import reading
from models.notice import Notice, Objection
from models.organization import Organization
from models.sql import Sql, bind
from models.title import Assessment, Title
from models.vocabulary import AssessmentKind, AssessmentState, EndCause, Grade, TitleState
from workflows.acting import Actor
from workflows.queries import lists
from workflows.queries.review import sits
from workflows.verb import query

if TYPE_CHECKING:
    from datetime import date, datetime

_P, _O, _N, _J, _T, _A = (table(m).c for m in (Application, Organization, Notice, Objection, Title, Assessment))
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
    """An objection with the application that it is about."""

    objection: Objection
    about: About


class Given(NamedTuple):
    """A title as the union that gave it lists it."""

    id: str
    number: str
    name: str
    leader_name: str
    organization: str
    organization_name: str
    named_on: date
    state: TitleState
    ended_at: datetime | None
    end_reason: str
    barred_until: date | None
    decider: str
    version: int
    valid_until: date | None
    end_cause: EndCause | None


_GIVEN = Sql(
    sa.select(
        _T.id, _T.number, _T.name, _T.leader_name, _T.organization, _O.name.label("organization_name"), _T.named_on,
        _T.state, _T.ended_at, _T.end_reason, _T.barred_until, _T.decider, _T.version,
        _T.valid_until, _T.end_cause,
    )
    .join_from(table(Title), table(Organization), _O.code == _T.organization)
    .where(_T.decider == bind("desk", _T.decider))
    .order_by(_T.named_on.desc(), _T.number)
    .limit(1000),
    Given,
)  # fmt: skip


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
    return [Case(case, about[case.application_id]) for case in cases]


@query("titles-given")
def titles_given(actor: Actor, *, desk: str) -> list[Given]:
    """The titles a deciding union has given, newest first."""
    with reading() as store:
        return store.all(_GIVEN, desk=desk) if sits(store, actor, desk) else []


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
