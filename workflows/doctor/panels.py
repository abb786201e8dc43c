"""I26: panels are what was drawn, nobody judges against the rule, and nobody more than the limits allow."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from models.application import Application
from models.base import table
from models.panel import Assignment, Expert, Member, Panel
from models.round import Round
from models.sql import Sql, bind, rows_of
from models.vocabulary import REVIEWS, PanelState, RoundState
from workflows.doctor.violation import Found, Violation, is_, words
from workflows.judging import conflicts
from workflows.programmes import programme_of
from workflows.queries.panels import MEMBERS, verdict
from workflows.record.claiming import look
from workflows.record.streaming import stream
from workflows.rules import recusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.database import Store

_L, _M, _N, _X, _P, _R = (table(m).c for m in (Panel, Member, Assignment, Expert, Application, Round))
_ALL = rows_of(Panel, order=(_L.id,))
_RUNNING: Sql[Panel] = Sql(
    sa.select(table(Panel))
    .join(table(Round), _R.id == _L.round_id)
    .where(is_(_L.state, PanelState.DRAWN), ~is_(_R.state, RoundState.FINISHED))
    .order_by(_L.id),
    Panel,
)


class _Duty(NamedTuple):
    """A case somebody has to judge, with the two sides of every rule."""

    expert: str
    account: str
    case: str
    organization: str
    applicant: str
    leader: str | None


class _Load(NamedTuple):
    """How many cases an expert has, and how many they may have."""

    expert: str
    cases: int
    most: int | None


_in_force = (_N.panel_id == bind("panel", _N.panel_id)) & _N.ended_at.is_(None)
_DUTIES: Sql[_Duty] = Sql(
    sa.select(_X.id, _N.account_id, _P.id, _P.organization, _P.applicant_id, _P.leader_key)
    .join_from(table(Assignment), table(Application), (_P.id == _N.application_id))
    .join(table(Member), (_M.panel_id == _N.panel_id) & (_M.account_id == _N.account_id))
    .join(table(Expert), _X.id == _M.expert_id)
    .where(_in_force, is_(_P.state, *REVIEWS), _P.slate_id.is_(None)),
    _Duty,
)
_STRANGERS: Sql[Found] = Sql(
    sa.select(_N.id, words(_N.account_id, _N.application_id))
    .outerjoin_from(table(Assignment), table(Member), (_M.panel_id == _N.panel_id) & (_M.account_id == _N.account_id))
    .where(_M.id.is_(None)),
    Found,
)
_LOADS: Sql[_Load] = Sql(
    sa.select(_X.id, sa.func.count(), _X.most_cases)
    .join_from(table(Assignment), table(Member), (_M.panel_id == _N.panel_id) & (_M.account_id == _N.account_id))
    .join(table(Expert), _X.id == _M.expert_id)
    .where(_in_force)
    .group_by(_X.id, _X.most_cases),
    _Load,
)


def panels_are_as_drawn(store: Store) -> Iterator[Violation]:
    """Each panel's members are those the recorded seed and pool give, and each replacement was the next."""
    for panel in store.all(_ALL):
        found = verdict(panel, store.all(MEMBERS, panel=panel.id))
        if not found.ok:
            yield Violation("I26", "panel_differs", " ".join(found.differs), f"panel {panel.id}")
    for row in stream(store, _STRANGERS):
        yield Violation("I26", "assigned_stranger", row.detail, f"assignment {row.subject}")


def nobody_judges_against_the_rule(store: Store) -> Iterator[Violation]:
    """No member has a case they must stand back from, as far as the pool tells."""
    for panel in store.all(_RUNNING):
        pool = store.all(conflicts.POOL, desk=panel.desk)
        judges = [
            recusal.Judge(
                one.id, one.account_id, one.person_key, frozenset({one.unit} if one.unit else ()),
                frozenset(one.alliances), frozenset(one.kin),
            )
            for one in pool
        ]  # fmt: skip
        duties = store.all(_DUTIES, panel=panel.id)
        cases = {d.case: recusal.Case(d.case, d.organization, d.applicant, d.leader) for d in duties}
        told = recusal.conflicts(judges, cases.values())
        for duty in duties:
            if (rule := told.get((duty.expert, duty.case))) is not None:
                yield Violation("I26", "judge_conflicts", f"{duty.account} {rule.value}", f"application {duty.case}")


def nobody_judges_too_many(store: Store) -> Iterator[Violation]:
    """Nobody has more cases than their own limit or the programme's allows."""
    for panel in store.all(_RUNNING):
        rules = programme_of(store, look(store, Round, panel.round_id).programme)
        most = rules.panel.most_cases if rules.panel else None
        for load in store.all(_LOADS, panel=panel.id):
            limits = [limit for limit in (load.most, most) if limit is not None]
            if limits and load.cases > min(limits):
                yield Violation("I26", "judge_overloaded", f"{load.cases} {min(limits)}", f"expert {load.expert}")
