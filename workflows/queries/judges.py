"""What judges and those who convene them ask: where one judges, which cases are left, who judges one of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.account import Account, Seat
from models.application import Application
from models.base import table
from models.database import reading
from models.errors import ForbiddenError
from models.merit import Sheet
from models.organization import Organization
from models.panel import Assignment
from models.round import Quota, Round
from models.sql import Sql, bind
from models.vocabulary import REVIEWS, Role, RoundState, Thing, Tier
from workflows.judging import panels
from workflows.programmes import programme_of
from workflows.queries.applications import PAGE, seen_by
from workflows.record.acting import Actor, refreshed
from workflows.record.claiming import look
from workflows.record.verb import query
from workflows.rules import permissions, routes

if TYPE_CHECKING:
    from models.database import Store

_P, _S, _O, _R, _Q, _A, _T, _AS = (
    table(m).c for m in (Application, Sheet, Organization, Round, Quota, Account, Seat, Assignment)
)
JUDGES = (Role.EXPERT, Role.REVIEWER)


class Panel(NamedTuple):
    """A desk and a round of it in which the programme has judges score."""

    desk: str
    desk_name: str
    tier: Tier
    round_id: str
    round_name: str
    programme: str


_PANELS: Sql[Panel] = Sql(
    sa.select(
        _O.code.label("desk"), _O.name.label("desk_name"), _O.tier, _R.id.label("round_id"),
        _R.name.label("round_name"), _R.programme,
    )
    .select_from(table(Organization))
    .join(
        table(Round),
        (_R.organization == _O.code) | sa.exists().where(_Q.round_id == _R.id, _Q.organization == _O.code),
    )
    .where(_O.code == bind("desk", _O.code), _R.state.in_([RoundState.OPEN, RoundState.REVIEWING]))
    .order_by(_R.year.desc(), _R.id.desc()),
    Panel,
)  # fmt: skip


class Case(NamedTuple):
    """An application a judge may be asked to score; `done`: one's sheet is written, `recused`: one stands back."""

    id: str
    receipt: str | None
    subject: str
    organization_name: str
    done: bool
    recused: bool


class _Case(NamedTuple):
    """A case as the store has it, with what tells who may judge it, and where."""

    id: str
    receipt: str | None
    subject: str
    organization_name: str
    organization: str
    applicant_id: str
    state: str
    desk: str
    step: int
    route: list[Any]
    written: int
    back: int


class CasePage(NamedTuple):
    """Up to 50 cases, and after which id the next page begins (None: this was the last)."""

    cases: list[Case]
    after: str | None


def _own(*clauses: Any) -> Any:
    """How many sheets of an application are one's own and meet the clauses."""
    mine = (_S.application_id == _P.id, _S.account_id == bind("who", _S.account_id))
    return sa.select(sa.func.count()).select_from(table(Sheet)).where(*mine, *clauses).scalar_subquery()


# Where cases were given to judges, the others have nothing to score in them.
_GIVEN = sa.exists().where(_AS.application_id == _P.id, _AS.ended_at.is_(None))
_GIVEN_ME = sa.exists().where(
    _AS.application_id == _P.id, _AS.ended_at.is_(None), _AS.account_id == bind("who", _AS.account_id)
)
_CASES: Sql[_Case] = Sql(
    sa.select(
        _P.id, _P.receipt, _P.subject, _O.name.label("organization_name"), _P.organization, _P.applicant_id, _P.state,
        _P.desk, _P.step, _P.route, _own(_S.voided_at.is_(None)).label("written"), _own(_S.recused).label("back"),
    )
    .join_from(table(Application), table(Organization), _O.code == _P.organization)
    .where(
        _P.desk == bind("desk", _P.desk), _P.round_id == bind("round", _P.round_id), _P.state.in_(sorted(REVIEWS)),
        _P.id > bind("after", _P.id), ~_GIVEN | _GIVEN_ME,
    )
    .order_by(_P.id).limit(PAGE + 1),
    _Case,
)  # fmt: skip


class Judge(NamedTuple):
    """Somebody who may judge an application: whether they wrote a sheet that counts, or stood back."""

    account_id: str
    name: str
    wrote: bool
    recused: bool


def _sheets(*clauses: Any) -> Any:
    """How many of an account's sheets of an application meet the clauses."""
    mine = (_S.application_id == bind("of", _S.application_id), _S.account_id == _A.id)
    return sa.select(sa.func.count()).select_from(table(Sheet)).where(*mine, *clauses).scalar_subquery()


_SEATED = sa.select(_T.account_id).where(
    _T.organization == bind("desk", _T.organization), _T.role.in_(JUDGES), _T.starts_at <= bind("now", _T.starts_at),
    _T.ends_at.is_(None) | (_T.ends_at > bind("now", _T.starts_at)),
)  # fmt: skip
_OF_CASE = _AS.application_id == bind("of", _AS.application_id)
_ASSIGNED = sa.select(_AS.account_id).where(_OF_CASE, _AS.ended_at.is_(None))
_IS_ASSIGNED = sa.exists().where(_OF_CASE, _AS.ended_at.is_(None))
_WROTE = sa.select(_S.account_id).where(_S.application_id == bind("of", _S.application_id))
_JUDGES: Sql[Judge] = Sql(
    sa.select(
        _A.id.label("account_id"), _A.name, _sheets(_S.voided_at.is_(None)).label("wrote"),
        _sheets(_S.recused).label("recused"),
    )
    .where(
        (_A.id.in_(_SEATED) & _A.disabled_at.is_(None) & (~_IS_ASSIGNED | _A.id.in_(_ASSIGNED))) | _A.id.in_(_WROTE)
    )
    .order_by(_A.name, _A.id),
    Judge,
)  # fmt: skip


@query("panels")
def panels_of(actor: Actor) -> list[Panel]:
    """Where one judges: the desks one sits at as expert or reviewer, with the rounds scored there, newest first.

    Of a round whose panel was drawn, no expert but its members.
    """
    with reading() as store:
        return list(store.once(("panels", actor.id, actor.is_alone), partial(_panels, store, actor)))


def _panels(store: Store, actor: Actor) -> list[Panel]:
    who = refreshed(store, actor)
    found = [one for desk in who.places(*JUDGES) for one in store.all(_PANELS, desk=desk)]
    return [one for one in found if permissions.judges_at(who, one.round_id, one.desk) and _is_scored(store, one)]


def _is_scored(store: Store, one: Panel) -> bool:
    rule = programme_of(store, one.programme).scoring
    return rule is not None and rule.step is routes.rung_of(one.tier)


@query("to-score")
def to_score(actor: Actor, *, desk: str, round_id: str, after: str = "") -> CasePage:
    """The cases at a desk that its judges score, oldest first; `after` is the last id of the page before.

    Of cases that were given to judges, one's own only; none for an expert who is not on the panel that was drawn.
    Says of each whether one's own sheet is written. Raises ForbiddenError("not_your_desk").
    """
    with reading() as store:
        who = refreshed(store, actor)
        if not who.sits(desk, *JUDGES):
            raise ForbiddenError("not_your_desk", thing=Thing.APPLICATION.value)
        if not permissions.judges_at(who, round_id, desk):
            return CasePage([], None)
        rules = programme_of(store, look(store, Round, round_id).programme)
        found = store.all(_CASES, desk=desk, round=round_id, who=who.id, after=after)
        page = found[:PAGE]
        office = who.sits(desk, Role.REVIEWER)
        cases = [
            _told(who, one) for one in page
            if panels.is_scored_at(rules, one)  # type: ignore[arg-type]  # as much as it reads
            if office or permissions.hears(who, round_id, desk, one.id)
        ]  # fmt: skip
        return CasePage(cases, page[-1].id if len(found) > PAGE else None)


def _told(who: Actor, one: _Case) -> Case:
    back = bool(one.back) or permissions.is_own_case(who, one.organization, one.applicant_id, one.desk)
    return Case(one.id, one.receipt, one.subject, one.organization_name, done=bool(one.written), recused=back)


@query("judges")
def judges(actor: Actor, application_id: str) -> list[Judge]:
    """Who may judge an application at its desk, who has written and who stood back; never what they gave.

    Those it was given to, where it was given to judges; else all who sit there.
    For the desk's reviewers only, and not in their own case. Raises NotFoundError.
    """
    with reading() as store:
        row, who = seen_by(store, actor, application_id)
        own = permissions.is_own_case(who, row.organization, row.applicant_id, row.desk)
        if own or row.desk is None or not who.sits(row.desk, Role.REVIEWER):
            return []
        found = store.all(_JUDGES, of=row.id, desk=row.desk, now=store.now)
        return [one._replace(wrote=bool(one.wrote), recused=bool(one.recused)) for one in found]
