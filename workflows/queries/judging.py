"""What is asked of screening, sheets, visits and contests: each reader sees what the blind lets through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.application import Application
from models.base import changed, table
from models.database import reading
from models.deadline import Deadline
from models.errors import NotFoundError
from models.merit import Announcement, Appeal, Consultation, Inspection, Sheet
from models.round import Round
from models.slate import Entry, Slate
from models.sql import Sql, bind, rows_of
from models.vocabulary import DeadlineKind, ReplyKind, Role, SlateState, Thing
from workflows.judging import contests, panels
from workflows.programmes import programme_of
from workflows.queries.applications import seen_by
from workflows.record.acting import Actor, refreshed
from workflows.record.claiming import look
from workflows.record.verb import query
from workflows.rules import permissions

if TYPE_CHECKING:
    from datetime import datetime

    from models.database import Store


_P, _C, _S, _I, _SL, _EN, _N, _D = (
    table(m).c for m in (Application, Consultation, Sheet, Inspection, Slate, Entry, Announcement, Deadline)
)


class Asked(NamedTuple):
    """A department that was asked about an application, and what it said, if anything."""

    id: str
    application_id: str
    receipt: str | None
    subject: str
    version: int
    department: str
    asked_at: datetime
    due_at: datetime
    reply: ReplyKind | None
    words: str
    document: str
    replied_at: datetime | None


class _People(NamedTuple):
    """Whose an application is."""

    id: str
    organization: str
    applicant_id: str


# A return and another asking arm the departments' term anew; the question keeps the day it had at first.
_RUNS_TO = (
    sa.select(sa.func.max(_D.due_at))
    .where(_D.thing_id == _C.application_id, _D.kind == DeadlineKind.SCREENING, _D.closed_at.is_(None))
    .scalar_subquery()
)
_DUE = sa.case((_C.reply.is_(None), sa.func.coalesce(_RUNS_TO, _C.due_at)), else_=_C.due_at).label("due_at")
_ASKED: Sql[Asked] = Sql(
    sa.select(
        _C.id, _C.application_id, _P.receipt, _P.subject, _P.version, _C.department, _C.asked_at, _DUE, _C.reply,
        _C.words, _C.document, _C.replied_at,
    )
    .join_from(table(Consultation), table(Application), _P.id == _C.application_id)
    .where(_C.desk == bind("desk", _C.desk), _P.round_id == bind("round", _P.round_id))
    .order_by(_DUE, _C.application_id, _C.department),
    Asked,
)  # fmt: skip
_ABOUT: Sql[Asked] = Sql(_ASKED.statement.where(_C.application_id == bind("of", _C.application_id)), Asked)
_PEOPLE: Sql[_People] = Sql(
    sa.select(_P.id, _P.organization, _P.applicant_id)
    .where(
        _P.round_id == bind("round", _P.round_id),
        _P.id.in_(sa.select(_C.application_id).where(_C.desk == bind("desk", _C.desk))),
    ),
    _People,
)  # fmt: skip
_SHEETS = rows_of(Sheet, _S.application_id == bind("of", _S.application_id), order=(_S.at, _S.id))
_SEALED: Sql[str] = Sql(
    sa.select(_SL.organization)
    .join(table(Entry), _EN.slate_id == _SL.id)
    .where(_EN.application_id == bind("of", _EN.application_id), _SL.state != SlateState.DRAFTING)
    .distinct()
)
_INSPECTIONS = rows_of(Inspection, _I.application_id == bind("of", _I.application_id), order=(_I.held_on, _I.id))
_ROWS = rows_of(
    Application, _P.desk == bind("desk", _P.desk), _P.round_id == bind("round", _P.round_id), order=(_P.id,)
)
_ANNOUNCED = rows_of(Announcement, _N.round_id == bind("round", _N.round_id), _N.desk == bind("desk", _N.desk))


class Standing(NamedTuple):
    """How far an application's scoring is; score and word only once no sheet is missing any more.

    `n` sheets are in and `missing` are not; `score`, `spread` (highest less lowest) and `deviation` (standard)
    in hundredths of a point, of a percent for a vote or ratio.
    """

    application_id: str
    receipt: str | None
    subject: str
    n: int
    missing: int
    score: int | None
    spread: int | None
    deviation: int | None
    result: str | None
    passed: bool | None


class Board(NamedTuple):
    """A contest's scores as its reader may see them; `provisional_until` None once they are final.

    `is_reopened`: an appeal was right, they must be announced anew; `may_appeal`: the reader still may.
    """

    announcement_id: str
    version: int
    provisional_until: datetime | None
    is_final: bool
    results: list[dict[str, Any]]
    teams: list[dict[str, Any]]
    appeals: list[Appeal]
    is_reopened: bool = False
    may_appeal: bool = False


@query("screening")
def screening(actor: Actor, *, round_id: str, desk: str, application_id: str = "") -> list[Asked]:
    """What a desk asked of departments in a round (about one application), soonest due first.

    For its reviewers, but nobody reads what was said of their own case. An answer still owed is due by
    its deadline as it runs now.
    """
    with reading() as store:
        who = refreshed(store, actor)
        if not who.sits(desk, Role.REVIEWER):
            return []
        own = _own_cases(store, who, desk, round_id)
        if application_id:
            found = store.all(_ABOUT, desk=desk, round=round_id, of=application_id)
        else:
            found = store.all(_ASKED, desk=desk, round=round_id)
        return [one for one in found if one.application_id not in own]


@query("sheets")
def sheets(actor: Actor, application_id: str) -> list[Sheet]:
    """The judges' sheets of an application: one's own, and all of a desk's once its list is sealed.

    Its own people see none. Raises NotFoundError.
    """
    with reading() as store:
        row, who = seen_by(store, actor, application_id)
        if permissions.is_own_case(who, row.organization, row.applicant_id):
            return []
        sealed = set(store.all(_SEALED, of=row.id))
        found = store.all(_SHEETS, of=row.id)
        return [s for s in found if s.account_id == who.id
                or (s.desk in sealed and permissions.judges_at(who, row.round_id, s.desk))]  # fmt: skip


@query("standings")
def standings(actor: Actor, *, round_id: str, desk: str) -> list[Standing]:
    """How far the scoring at a desk is, best first; for its reviewers, and blind until a case is complete.

    Nobody reads of their own case.
    """
    with reading() as store:
        who = refreshed(store, actor)
        if not who.sits(desk, Role.REVIEWER):
            return []
        rules = programme_of(store, look(store, Round, round_id).programme)
        judged = panels.judged_at(store, rules, desk, round_id)
        size = rules.panel.size if rules.panel else 1
        rows = [row for row in store.all(_ROWS, desk=desk, round=round_id) if not _is_own(who, row)]
        found = [_standing(row, judged.get(row.id), size) for row in rows]
        return sorted(found, key=lambda line: (line.score is None, -(line.score or 0), line.application_id))


def _is_own(who: Actor, row: Any) -> bool:
    return permissions.is_own_case(who, row.organization, row.applicant_id, row.desk)


def _own_cases(store: Store, who: Actor, desk: str, round_id: str) -> set[str]:
    """The reader's own cases among those a desk asked about."""
    found = store.all(_PEOPLE, desk=desk, round=round_id)
    return {one.id for one in found if permissions.is_own_case(who, one.organization, one.applicant_id, desk)}


def _standing(row: Application, judged: panels.Judged | None, size: int) -> Standing:
    told = (row.id, row.receipt, row.subject)
    if judged is None or not panels.is_open(judged):
        n, missing = (judged.tally.n, judged.tally.missing) if judged else (0, size)
        return Standing(*told, n, missing, None, None, None, None, None)
    score, n, missing, spread, deviation, result, passed = judged.tally
    return Standing(*told, n, missing, score, spread, deviation, result.name if result else None, passed)


@query("inspections")
def inspections(actor: Actor, application_id: str) -> list[Inspection]:
    """The visits and pitches of an application; its own people see that they were held, not the words."""
    with reading() as store:
        row, who = seen_by(store, actor, application_id)
        found = store.all(_INSPECTIONS, of=row.id)
        own = permissions.is_own_case(who, row.organization, row.applicant_id)
        return [changed(one, words="") for one in found] if own else found


@query("contest")
def contest(actor: Actor | None, *, round_id: str, desk: str) -> Board:
    """A contest's announced scores: all of them for the desk, one's own for a competitor, final ones for anybody.

    Provisional scores say until when; the public sees nothing before they are final. Raises NotFoundError.
    """
    with reading() as store:
        who = refreshed(store, actor) if actor is not None else None
        told = store.first(_ANNOUNCED, round=round_id, desk=desk)
        if told is None:
            raise NotFoundError("not_found", thing=Thing.ROUND.value, given=round_id)
        appeals = store.all(contests.APPEALS, of=told.id)
        final = contests.is_final(told, appeals, store.now)
        until = None if final else told.ends_at
        again = contests.is_reopened(told, appeals)
        if who is not None and permissions.judges_at(who, round_id, desk):
            return Board(told.id, told.version, until, final, told.results, told.teams, appeals, is_reopened=again)
        own = _own(who, told)
        if not final and not own:
            raise NotFoundError("not_found", thing=Thing.ROUND.value, given=round_id)
        mine = {line["application"] for line in own}
        shown = [*map(_public, told.results)] if final else own
        heard = [case for case in appeals if case.application_id in mine]
        left = mine - {case.application_id for case in heard if case.announced == told.version}
        return Board(told.id, told.version, until, final, shown, told.teams if final else [], heard, again,
                     may_appeal=store.now < told.ends_at and bool(left))  # fmt: skip


def _own(who: Actor | None, told: Announcement) -> list[dict[str, Any]]:
    return [
        line for line in told.results
        if who is not None and (line["applicant"] == who.id or permissions.serves(who, line["organization"]))
    ]  # fmt: skip


def _public(line: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in line.items() if name not in ("application", "receipt", "applicant")}
