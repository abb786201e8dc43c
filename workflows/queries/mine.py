"""What applicants ask: where my cases stand, which rounds my unit may enter, what I owe."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from models.application import Application
from models.base import table
from models.database import reading
from models.deadline import Deadline
from models.journal import Event
from models.letter import Letter
from models.notice import Notice
from models.organization import Organization
from models.round import Round
from models.sql import Sql, bind, rows_of
from models.title import Assessment, Title
from models.vocabulary import (
    AssessmentKind,
    AssessmentState,
    Channel,
    DeadlineKind,
    Line,
    Role,
    RoundState,
    Rung,
    State,
    Thing,
    TitleState,
)
from workflows.intake import entering
from workflows.people.organizations import above
from workflows.programmes import programme_of
from workflows.queries.applications import look_unit, seen_by
from workflows.queries.reading import Read, read_letters
from workflows.record.acting import Actor, refreshed
from workflows.record.claiming import look
from workflows.record.verb import query
from workflows.rules import routes

if TYPE_CHECKING:
    from datetime import datetime

    from models.database import Store

_P, _R, _O, _E, _L, _D, _T, _A = (
    table(m).c for m in (Application, Round, Organization, Event, Letter, Deadline, Title, Assessment)
)
_OFFICE = table(Organization).alias("office")
PAGE = 50
NOTICE, DECISION = "notice", "decision"  # what comes after the last desk


class Case(NamedTuple):
    """One of my applications in a list: which office has it, since when, by when, and what became of its title."""

    id: str
    receipt: str | None
    subject: str
    leader_name: str
    organization_name: str
    round_name: str
    closes_at: datetime
    line: Line
    state: State
    entered_at: datetime
    due_at: datetime | None
    office: str | None
    version: int
    title_state: TitleState | None = None


_CASE = (
    sa.select(
        *(_P.id, _P.receipt, _P.subject, _P.leader_name, _O.name.label("organization_name")),
        *(_R.name.label("round_name"), _R.closes_at, _P.line, _P.state, _P.entered_at, _P.due_at),
        *(_OFFICE.c.name.label("office"), _P.version, _T.state.label("title_state")),
    )
    .join_from(table(Application), table(Organization), _O.code == _P.organization)
    .join(table(Round), _R.id == _P.round_id)
    .outerjoin(_OFFICE, _OFFICE.c.code == _P.desk)
    .outerjoin(table(Title), _T.application_id == _P.id)
)
_BEFORE = _P.id < bind("before", _P.id)
_OF_PERSON: Sql[Case] = Sql(
    _CASE.where(_P.applicant_id == bind("who", _P.applicant_id), _BEFORE).order_by(_P.id.desc()).limit(PAGE),
    Case,
)
_OF_UNIT: Sql[Case] = Sql(
    _CASE.where(_P.organization == bind("unit", _P.organization), _BEFORE).order_by(_P.id.desc()).limit(PAGE),
    Case,
)


class Opening(NamedTuple):
    """A round that one of my units may enter now, by one line; by the channel `self` I enter it for myself."""

    round_id: str
    round_name: str
    programme: str
    closes_at: datetime
    unit: str
    unit_name: str
    line: Line
    channel: Channel = Channel.UNION


_TITLE_STATE: Sql[TitleState] = Sql(sa.select(_T.state).where(_T.application_id == bind("of", _T.application_id)))
_OPEN_ROUNDS = rows_of(
    Round,
    _R.state == RoundState.OPEN,
    _R.opens_at <= bind("now", _R.opens_at),
    _R.closes_at > bind("now", _R.opens_at),
    order=(_R.closes_at, _R.id),
)


class Stop(NamedTuple):
    """One office on an application's way; `standing` is done, here or ahead."""

    rung: Rung
    office: str
    standing: str
    desk: str


class Progress(NamedTuple):
    """An application's way.

    `office` has it now, `following` has it next (or `notice`, or `decision`: what comes after the
    last office); `names` tells the offices of its history by their code; `notice` is the public notice that it
    stands or stood in; `title_state` is how the title stands that it was named for.
    """

    stops: list[Stop]
    office: str | None
    following: str
    names: dict[str, str]
    letters: list[Read]
    notice: Notice | None
    title_state: TitleState | None = None


_NAMES = Sql(
    sa.select(table(Organization))
    .join(table(Event), _E.desk == _O.code)
    .where(_E.thing == Thing.APPLICATION, _E.thing_id == bind("id", _E.thing_id))
    .distinct(),
    Organization,
)
_LETTERS = rows_of(
    Letter,
    _L.account_id == bind("who", _L.account_id),
    _L.thing_id == bind("id", _L.thing_id),
    order=(_L.created_at.desc(), _L.id),
)


class Owed(NamedTuple):
    """One assessment of a title my unit holds; `due_at` while something is owed."""

    id: str
    title_id: str
    title_number: str
    title_name: str
    organization: str
    year: int
    state: AssessmentState
    report: str
    reported_at: datetime | None
    grade: str | None
    remark: str
    version: int
    due_at: datetime | None
    kind: AssessmentKind
    band: str


_OWED: Sql[Owed] = Sql(
    sa.select(
        *(_A.id, _A.title_id, _T.number.label("title_number"), _T.name.label("title_name")),
        *(_A.organization, _A.year, _A.state, _A.report, _A.reported_at, _A.grade, _A.remark),
        *(_A.version, _D.due_at, _A.kind, _A.band),
    )
    .join_from(table(Assessment), table(Title), _T.id == _A.title_id)
    .outerjoin(table(Deadline), (_D.thing_id == _A.id) & _D.closed_at.is_(None) & (_D.kind != DeadlineKind.RECHECK))
    .where(_A.organization == bind("unit", _A.organization))
    .order_by(_A.year.desc(), _A.id),
    Owed,
)


@query("my-cases")
def my_cases(actor: Actor, *, before: str = "~") -> list[Case]:
    """My and my unit's applications, newest first, a page of 50; `before` is the last id seen."""
    with reading() as store:
        who = refreshed(store, actor)
        found = {case.id: case for case in store.all(_OF_PERSON, who=who.id, before=before)}
        for unit in who.places(Role.CLERK):
            found |= {case.id: case for case in store.all(_OF_UNIT, unit=unit, before=before)}
        return sorted(found.values(), key=lambda case: case.id, reverse=True)[:PAGE]


@query("openings")
def openings(actor: Actor) -> list[Opening]:
    """The rounds open now to the units I am a clerk or a worker of, soonest to close first, line by line."""
    with reading() as store:
        who = refreshed(store, actor)
        seats = [
            (look_unit(store, code), channel) for channel, role in entering.SEAT.items() for code in who.places(role)
        ]
        over = {unit.code: above(store, unit) for unit, _ in seats}
        return [
            Opening(row.id, row.name, row.programme, row.closes_at, unit.code, unit.name, line, channel)
            for row in store.all(_OPEN_ROUNDS, now=store.now)
            for rules in [programme_of(store, row.programme)]
            for unit, channel in seats
            if channel in rules.entry.channels
            for line in routes.lines(rules, unit, over[unit.code])
            if leads_to(row.organization, routes.route(rules, line, unit, over[unit.code], channel))
        ]


@query("progress")
def progress(actor: Actor, application_id: str, *, language: str = "zh") -> Progress:
    """Where an application is on its way, and the letters about it to me. Raises NotFoundError."""
    with reading() as store:
        row, who = seen_by(store, actor, application_id)
        desks = desks_of(store, row)
        stops = [
            Stop(desk.rung, look_unit(store, desk.desk).name, _standing(row, step), desk.desk)
            for step, desk in enumerate(desks)
        ]
        here = next((stop.office for stop in stops if stop.standing == "here"), None)
        return Progress(
            stops,
            here,
            _following(row, stops),
            {unit.code: unit.name for unit in store.all(_NAMES, id=row.id)},
            read_letters(store, [(letter, language) for letter in store.all(_LETTERS, who=who.id, id=row.id)]),
            look(store, Notice, row.notice_id) if row.notice_id else None,
            store.first(_TITLE_STATE, of=row.id) if row.state is State.NAMED else None,
        )


@query("owed")
def owed(actor: Actor) -> list[Owed]:
    """The assessments of the titles my units hold, newest year first."""
    with reading() as store:
        units = refreshed(store, actor).places(Role.CLERK)
        return [row for unit in units for row in store.all(_OWED, unit=unit)]


def leads_to(decider: str, way: tuple[routes.Desk, ...]) -> bool:
    """Whether a way ends at the union whose round it is."""
    return bool(way) and way[-1].desk == decider


def desks_of(store: Store, row: Application) -> list[routes.Desk]:
    """The way fixed at submission, or the one that a draft would take today."""
    if row.route:
        return [routes.stop(row, step) for step in range(len(row.route))]
    unit = look_unit(store, row.organization)
    rules = programme_of(store, row.programme)
    return list(routes.route(rules, row.line, unit, above(store, unit), row.channel))


_IN_NOTICE = frozenset({State.PUBLIC_NOTICE, State.CONTESTED, State.NAMED, State.STRUCK})


def _standing(row: Application, step: int) -> str:
    if row.state is State.DRAFT:
        return "ahead"
    if step < row.step or (step == row.step and row.state in _IN_NOTICE):
        return "done"
    return "here" if step == row.step and row.ended_at is None else "ahead"


def _following(row: Application, stops: list[Stop]) -> str:
    """The office that comes next; a returned application goes back to the one that returned it."""
    to_same = row.state in (State.DRAFT, State.RETURNED)
    after = stops[row.step if to_same else row.step + 1 :]
    if after:
        return after[0].office
    return DECISION if row.state in _IN_NOTICE else NOTICE
