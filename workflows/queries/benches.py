"""What is asked of a panel at work: who must stand back, who judges what, who is late, what units ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.account import Account
from models.application import Application
from models.base import changed, table
from models.database import reading
from models.deadline import Deadline
from models.panel import Assignment, Member, Panel, RecusalRequest
from models.round import Round
from models.sql import Sql, bind, rows_of
from models.vocabulary import REVIEWS, DeadlineKind, PanelState, RequestState, Role, RoundState
from workflows.judging import conflicts
from workflows.queries.applications import seen_by
from workflows.queries.panels import MEMBERS, given, office_of, wrote
from workflows.record.acting import Actor, refreshed
from workflows.record.claiming import look
from workflows.record.verb import query
from workflows.rules import permissions

if TYPE_CHECKING:
    from datetime import datetime

    from models.database import Store

_A, _P, _D, _L, _M, _N, _Q = (
    table(m).c for m in (Account, Application, Deadline, Panel, Member, Assignment, RecusalRequest)
)


class Barred(NamedTuple):
    """An expert who must not judge a case, by which rule; `assigned`: they have it nevertheless."""

    expert_id: str
    name: str
    application_id: str
    receipt: str | None
    rule: str
    assigned: bool


class Given(NamedTuple):
    """A case and a judge of it, and why them."""

    application_id: str
    receipt: str | None
    subject: str
    account_id: str
    name: str
    reason: dict[str, Any]
    anchor: bool
    written: bool
    organization: str
    applicant_id: str


class Late(NamedTuple):
    """A judge with sheets to write: how many, by when, and whether that is past."""

    account_id: str
    name: str
    left: int
    due_at: datetime
    overdue: bool


class Called(NamedTuple):
    """A panel one sits on, and whether one has accepted the undertaking."""

    panel_id: str
    desk: str
    round_id: str
    round_name: str
    undertaken: bool
    left: int


_GIVEN: Sql[Given] = Sql(
    sa.select(
        _N.application_id, _P.receipt, _P.subject, _N.account_id, _A.name, _N.reason, _N.anchor,
        wrote.label("written"), _P.organization, _P.applicant_id,
    )
    .join_from(table(Assignment), table(Application), _P.id == _N.application_id)
    .join(table(Account), _A.id == _N.account_id)
    .where(_N.panel_id == bind("panel", _N.panel_id), _N.ended_at.is_(None))
    .order_by(_N.application_id, _A.name, _N.account_id),
    Given,
)  # fmt: skip
_LATE: Sql[Late] = Sql(
    sa.select(
        _N.account_id, _A.name, sa.func.count().label("left"), _D.due_at,
        (_D.due_at <= bind("now", _D.due_at)).label("overdue"),
    )
    .join_from(table(Assignment), table(Application), _P.id == _N.application_id)
    .join(table(Account), _A.id == _N.account_id)
    .join(table(Deadline), (_D.thing_id == _N.panel_id) & (_D.account_id == _N.account_id)
          & (_D.kind == DeadlineKind.PANEL) & _D.closed_at.is_(None))
    .where(
        _N.panel_id == bind("panel", _N.panel_id), _N.ended_at.is_(None), _P.state.in_(sorted(REVIEWS)), ~wrote,
        _P.desk == sa.select(table(Panel).c.desk).where(table(Panel).c.id == _N.panel_id).scalar_subquery(),
    )
    .group_by(_N.account_id, _A.name, _D.due_at)
    .order_by(_D.due_at, _A.name, _N.account_id),
    Late,
)  # fmt: skip
_R = table(Round).c
_CALLED: Sql[Called] = Sql(
    sa.select(
        _L.id.label("panel_id"), _L.desk, _L.round_id, _R.name.label("round_name"),
        _M.undertaken_at.is_not(None).label("undertaken"),
        (given.scalar_subquery() - given.where(wrote).scalar_subquery()).label("left"),
    )
    .join_from(table(Member), table(Panel), _L.id == _M.panel_id)
    .join(table(Round), _R.id == _L.round_id)
    .where(
        _M.account_id == bind("who", _M.account_id), _M.left_at.is_(None), _L.state == PanelState.DRAWN,
        _R.state != RoundState.FINISHED,
    )
    .order_by(_L.drawn_at, _L.id),
    Called,
)  # fmt: skip
_REQUESTS = rows_of(RecusalRequest, _Q.desk == bind("desk", _Q.desk), order=(_Q.asked_at, _Q.id))
_ASKED = rows_of(
    RecusalRequest, _Q.application_id == bind("of", _Q.application_id), order=(_Q.asked_at, _Q.id)
)  # fmt: skip


@query("panel-conflicts")
def panel_conflicts(actor: Actor, panel_id: str) -> list[Barred]:
    """Which members of a panel must not judge which cases at the desk, and by which rule.

    For the desk's reviewers and administrators, in nobody's own case. Raises NotFoundError.
    """
    with reading() as store:
        who = refreshed(store, actor)
        row = office_of(store, who, panel_id)
        cases = {one.id: one for one in conflicts.cases_at(store, row.desk, row.round_id)}
        members = {one.expert_id: one for one in store.all(MEMBERS, panel=row.id) if one.left_at is None}
        given = {(one.application_id, one.account_id) for one in store.all(_GIVEN, panel=row.id)}
        found = conflicts.found(store, row.desk, row.round_id, cases.values())
        return [
            Barred(expert, members[expert].name, case, cases[case].receipt, rule,
                   (case, members[expert].account_id) in given)
            for (expert, case), rule in sorted(found.items())
            if expert in members
            if not permissions.is_own_case(who, cases[case].organization, cases[case].applicant_id, row.desk)
        ]  # fmt: skip


@query("assignments")
def assignments(actor: Actor, panel_id: str) -> list[Given]:
    """Who judges which case, and why; for the desk's reviewers and administrators, in nobody's own case.

    Raises NotFoundError.
    """
    with reading() as store:
        who = refreshed(store, actor)
        row = office_of(store, who, panel_id)
        return [
            one._replace(written=bool(one.written)) for one in store.all(_GIVEN, panel=row.id)
            if not permissions.is_own_case(who, one.organization, one.applicant_id, row.desk)
        ]  # fmt: skip


@query("late-sheets")
def late_sheets(actor: Actor, panel_id: str) -> list[Late]:
    """Which judges still owe sheets, how many and by when; never what anybody gave.

    For the desk's reviewers and administrators. Raises NotFoundError.
    """
    with reading() as store:
        row = office_of(store, refreshed(store, actor), panel_id)
        return [one._replace(overdue=bool(one.overdue)) for one in store.all(_LATE, panel=row.id, now=store.now)]


@query("my-panels")
def my_panels(actor: Actor) -> list[Called]:
    """The panels one sits on in rounds still running, and how many sheets one owes."""
    with reading() as store:
        found = store.all(_CALLED, who=refreshed(store, actor).id)
        return [one._replace(undertaken=bool(one.undertaken)) for one in found]


@query("recusal-requests")
def recusal_requests(actor: Actor, *, desk: str = "", application_id: str = "") -> list[RecusalRequest]:
    """What units asked: all of a desk for its reviewers, those of one's own case for its people.

    Its own people are not told who stood back. Raises NotFoundError.
    """
    with reading() as store:
        if not application_id:
            who = refreshed(store, actor)
            found = store.all(_REQUESTS, desk=desk) if who.sits(desk, Role.REVIEWER) else []
            return [one for one in found if not _is_own(store, who, one)]
        row, who = seen_by(store, actor, application_id)
        asked = store.all(_ASKED, of=row.id)
        if permissions.is_own_case(who, row.organization, row.applicant_id):
            return [changed(one, account_id=None, settled_by=None) for one in asked]
        return [one for one in asked if who.sits(one.desk, Role.REVIEWER)]


def _is_own(store: Store, who: Actor, asked: RecusalRequest) -> bool:
    row = look(store, Application, asked.application_id)
    return permissions.is_own_case(who, row.organization, row.applicant_id, row.desk)


def open_requests(found: list[RecusalRequest]) -> list[RecusalRequest]:
    """The requests that await an answer."""
    return [one for one in found if one.state is RequestState.OPEN]
