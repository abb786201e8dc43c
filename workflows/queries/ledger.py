"""What a union asks of its ledger: every line in words, who stands below and beside it, what is lent."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from models.account import Account
from models.application import Application
from models.base import table
from models.database import reading
from models.errors import ForbiddenError
from models.organization import Organization
from models.quota import Loan
from models.round import Quota, QuotaEntry, Round
from models.sql import Sql, bind
from models.vocabulary import Act, Role, Thing
from workflows.people.organizations import organization
from workflows.places import quotas
from workflows.programmes import programme_of
from workflows.record.acting import Actor, refreshed
from workflows.record.claiming import look
from workflows.record.verb import query
from workflows.rules import permissions, places, quota_story
from workflows.rules.quota_story import Line, Told

if TYPE_CHECKING:
    from datetime import datetime

    from models.database import Store

_Q, _L, _N, _A, _P, _O = (table(m).c for m in (Quota, QuotaEntry, Loan, Account, Application, Organization))
_own, _peer = table(Organization).alias("own"), table(Organization).alias("peer")
_theirs = table(Quota).alias("theirs")
_IN_POOL = (_Q.round_id == bind("round", _Q.round_id), _Q.pool == bind("pool", _Q.pool))
_BELOW = sa.select(_O.code).where(_O.parent == bind("over", _O.parent))
_IS_OWN = _L.quota_id == bind("own", _L.quota_id)
_LINES: Sql[Line] = Sql(
    sa.select(
        _L.at, _A.name.label("who"), _L.act, _L.source, _L.target, _L.n, _IS_OWN.label("own"),
        sa.case((_IS_OWN, _peer.c.name), else_=_own.c.name).label("other"), _P.receipt, _L.why,
    )
    .join_from(table(QuotaEntry), table(Quota), _Q.id == _L.quota_id)
    .join(_own, _own.c.code == _Q.organization)
    .outerjoin(_theirs, _theirs.c.id == _L.peer)
    .outerjoin(_peer, _peer.c.code == _theirs.c.organization)
    .outerjoin(table(Account), _A.id == _L.account_id)
    .outerjoin(table(Application), _P.id == _L.application_id)
    .where(
        *_IN_POOL,
        _IS_OWN | (
            _Q.organization.in_(_BELOW) & (_L.peer == bind("own", _L.quota_id))
            & _L.act.in_([Act.SPLIT, Act.RECLAIM])
        ),
    )
    .order_by(_L.at, _L.id),
    Line,
)  # fmt: skip


class Standing(NamedTuple):
    """A union beside or below, with its places in this pool; None where it has none yet."""

    organization: str
    name: str
    places: int | None
    reserved: int | None
    used: int | None


class Lent(NamedTuple):
    """An open loan that a union has a part in: `out` it lent, otherwise it borrowed."""

    id: str
    out: bool
    other: str
    other_name: str
    n: int
    rest: int
    why: str
    at: datetime


class Family(NamedTuple):
    """A union's places in one pool with those around it; `may_split`: how many it may still split."""

    pool: str
    places: int
    allotted: int
    may_split: int
    free: int
    below: list[Standing]
    beside: list[Standing]
    loans: list[Lent]


_STANDING: Sql[Standing] = Sql(
    sa.select(_O.code.label("organization"), _O.name, _Q.places, _Q.reserved, _Q.used)
    .outerjoin_from(table(Organization), table(Quota), (_Q.organization == _O.code) & sa.and_(*_IN_POOL))
    .where(_O.parent == bind("over", _O.parent))
    .order_by(_O.code),
    Standing,
)
_side = sa.case((_N.lender == bind("own", _N.lender), _N.borrower), else_=_N.lender)
_LENT: Sql[Lent] = Sql(
    sa.select(
        _N.id, (_N.lender == bind("own", _N.lender)).label("out"), _O.code.label("other"),
        _O.name.label("other_name"), _N.n, (_N.n - _N.returned).label("rest"), _N.why, _N.at,
    )
    .join_from(table(Loan), table(Quota), _Q.id == _side)
    .join(table(Organization), _O.code == _Q.organization)
    .where(
        (_N.lender == bind("own", _N.lender)) | (_N.borrower == bind("own", _N.lender)), _N.closed_at.is_(None)
    )
    .order_by(_N.at, _N.id),
    Lent,
)  # fmt: skip


@query("quota-story")
def quota_in_story(actor: Actor, *, round_id: str, organization_code: str, pool: str = "") -> list[Told]:
    """Every line of a union's ledger in words, oldest first: who, when, why, and the balance right after it.

    What it split among the unions below is told among its own lines. For its own reviewers and
    administrators and for the round's. Raises ForbiddenError for others, RefusedError("no_quota").
    """
    with reading() as store:
        own = _own_quota(store, actor, round_id, organization_code, pool)
        lines = store.all(_LINES, round=round_id, pool=pool, own=own.id, over=organization_code)
        return quota_story.story(lines)


@query("quota-family")
def quota_family(actor: Actor, *, round_id: str, organization_code: str, pool: str = "") -> Family:
    """A union's places with those of the unions right below and beside it, and its open loans.

    For its own reviewers and administrators and for the round's. Raises as `quota-story`.
    """
    with reading() as store:
        own = _own_quota(store, actor, round_id, organization_code, pool)
        rules = programme_of(store, look(store, Round, round_id).programme)
        over = organization(store, organization_code).parent
        beside = store.all(_STANDING, round=round_id, pool=pool, over=over) if over else []
        most = own.places * rules.quota.split_percent // 100
        return Family(
            pool, own.places, own.allotted, max(0, most - own.allotted), places.left(own),
            store.all(_STANDING, round=round_id, pool=pool, over=organization_code),
            [one for one in beside if one.organization != organization_code], store.all(_LENT, own=own.id),
        )  # fmt: skip


def _own_quota(store: Store, actor: Actor, round_id: str, code: str, pool: str) -> Quota:
    who, window = refreshed(store, actor), look(store, Round, round_id)
    if not who.sits(code, Role.REVIEWER, Role.ADMINISTRATOR) and not permissions.governs(who, window.organization):
        raise ForbiddenError("not_your_desk", act=Act.ISSUE.value, thing=Thing.QUOTA.value)
    return quotas.quota(store, round_id, code, pool)
