"""Who of a union's pool must not judge which of the cases at its desk: what the record tells, in a few reads."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.account import Seat
from models.application import Application
from models.base import table
from models.errors import ForbiddenError
from models.merit import Sheet
from models.organization import Organization
from models.panel import Expert
from models.sql import Sql, bind, rows_of
from models.vocabulary import REVIEWS, Act, Recusal, State, Thing, Tier
from workflows.rules import permissions, recusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from models.database import Store
    from workflows.record.acting import Actor

_P, _S, _T, _O, _X = (table(m).c for m in (Application, Sheet, Seat, Organization, Expert))
_over = table(Organization).alias("over")
_FILED_WITHIN = timedelta(days=3 * 365)


class Case(NamedTuple):
    """A case at the desk, as far as judging it is concerned; `over`: the enterprise its unit belongs to, if any."""

    id: str
    receipt: str | None
    subject: str
    organization: str
    applicant_id: str
    leader_key: str | None
    answers: dict[str, Any]
    over: str | None
    slate_id: str | None


class _Home(NamedTuple):
    """An enterprise somebody of the pool works for or sits in, and the one over it."""

    expert: str
    code: str
    over: str | None


class _Filed(NamedTuple):
    """A unit and a leader that somebody of the pool has filed with."""

    expert: str
    organization: str
    leader_key: str | None


POOL = rows_of(Expert, _X.organization == bind("desk", _X.organization), order=(_X.id,))
_parent = (_over.c.code == _O.parent) & (_over.c.tier == Tier.ENTERPRISE)
CASES: Sql[Case] = Sql(
    sa.select(
        _P.id, _P.receipt, _P.subject, _P.organization, _P.applicant_id, _P.leader_key, _P.answers,
        _over.c.code.label("over"), _P.slate_id,
    )
    .join_from(table(Application), table(Organization), _O.code == _P.organization)
    .outerjoin(_over, _parent)
    .where(_P.desk == bind("desk", _P.desk), _P.round_id == bind("round", _P.round_id), _P.state.in_(sorted(REVIEWS)))
    .order_by(_P.id),
    Case,
)  # fmt: skip
_of_the_desk = _X.organization == bind("desk", _X.organization)
_HOMES: Sql[_Home] = Sql(
    sa.select(_X.id.label("expert"), _O.code, _over.c.code.label("over"))
    .join_from(table(Expert), table(Organization), _O.code == _X.unit)
    .outerjoin(_over, _parent)
    .where(_of_the_desk),
    _Home,
)
_SEATS: Sql[_Home] = Sql(
    sa.select(_X.id.label("expert"), _O.code, _over.c.code.label("over"))
    .join_from(table(Expert), table(Seat), _T.account_id == _X.account_id)
    .join(table(Organization), (_O.code == _T.organization) & (_O.tier == Tier.ENTERPRISE))
    .outerjoin(_over, _parent)
    .where(
        _of_the_desk,
        _T.starts_at <= bind("now", _T.starts_at),
        _T.ends_at.is_(None) | (_T.ends_at > bind("now", _T.starts_at)),
    ),
    _Home,
)


def _filings(who: Any) -> Sql[_Filed]:
    return Sql(
        sa.select(_X.id.label("expert"), _P.organization, _P.leader_key)
        .join_from(table(Expert), table(Application), who)
        .where(_of_the_desk, _P.state != State.DRAFT, _P.submitted_at >= bind("since", _P.submitted_at))
        .distinct(),
        _Filed,
    )


_FILED = _filings(_P.applicant_id == _X.account_id)
_LED = _filings(_P.leader_key == _X.person_key)
_BACK: Sql[tuple[str, str]] = Sql(
    sa.select(_S.account_id, _S.application_id).where(
        _S.recused,
        _S.application_id.in_(
            sa.select(_P.id).where(_P.desk == bind("desk", _P.desk), _P.round_id == bind("round", _P.round_id))
        ),
    )
)


def cases_at(store: Store, desk: str, round_id: str) -> list[Case]:
    """The cases of a round that lie at a desk now."""
    return store.all(CASES, desk=desk, round=round_id)


def refuse_own_case(who: Actor, act: Act, desk: str, cases: Iterable[Case]) -> None:
    """Nobody has a hand in who judges their own case or their unit's (domain: 7.7). Raises ForbiddenError."""
    for case in cases:
        if permissions.is_own_case(who, case.organization, case.applicant_id, desk):
            raise ForbiddenError("own_case", act=act.value, thing=Thing.APPLICATION.value, application=case.id)


def found(
    store: Store, desk: str, round_id: str, cases: Iterable[Case] | None = None
) -> dict[tuple[str, str], Recusal]:
    """Which expert of a desk's pool must not judge which case, and why: `(expert, case) -> rule`.

    `declared` where somebody has stood back (domain: 7.7).
    """
    known = cases_at(store, desk, round_id) if cases is None else list(cases)
    pool = store.all(POOL, desk=desk)
    told = recusal.conflicts(judges(store, desk, pool), map(_case, known))
    by_account: dict[str, list[str]] = defaultdict(list)
    for expert in pool:
        by_account[expert.account_id].append(expert.id)
    for account, case_id in store.all(_BACK, desk=desk, round=round_id):
        for expert_id in by_account.get(account, ()):
            told.setdefault((expert_id, case_id), Recusal.DECLARED)
    return told


def judges(store: Store, desk: str, pool: Iterable[Expert]) -> list[recusal.Judge]:
    """The experts of a pool with all that may stand between them and a case."""
    homes: Mapping[str, set[str]] = defaultdict(set)
    for home in (*store.all(_HOMES, desk=desk), *store.all(_SEATS, desk=desk, now=store.now)):
        homes[home.expert].update(code for code in (home.code, home.over) if code)
    units, leaders = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    since = store.now - _FILED_WITHIN
    for filed in (*store.all(_FILED, desk=desk, since=since), *store.all(_LED, desk=desk, since=since)):
        units[filed.expert].add(filed.organization)
        if filed.leader_key:
            leaders[filed.expert].add(filed.leader_key)
    return [
        recusal.Judge(
            one.id, one.account_id, one.person_key, frozenset(homes[one.id] | ({one.unit} if one.unit else set())),
            frozenset(one.alliances), frozenset(one.kin), frozenset(units[one.id]), frozenset(leaders[one.id]),
        )
        for one in pool
    ]  # fmt: skip


def _case(case: Case) -> recusal.Case:
    family = {case.organization} | ({case.over} if case.over else set())
    return recusal.Case(case.id, case.organization, case.applicant_id, case.leader_key, frozenset(family))
