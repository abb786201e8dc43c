"""What the clocks set aside: which step failed about what, why in words, how often, and when it is tried again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.application import Application
from models.base import table
from models.database import reading
from models.deadline import Deadline, SetAside
from models.errors import ForbiddenError
from models.notice import Notice, Objection
from models.organization import Organization
from models.panel import Meeting, Panel
from models.round import Round
from models.slate import Slate
from models.sql import Sql, bind
from models.subsidy import Subsidy
from models.text import explain
from models.title import Assessment, Title
from models.vocabulary import Role, Thing, Tier
from models.words_clocks import step_words
from models.writing import tongue
from workflows.people.organizations import NATION, organization
from workflows.record.acting import refreshed
from workflows.record.verb import query

if TYPE_CHECKING:
    from datetime import datetime

    from models.database import Store
    from workflows.record.acting import Actor

_X, _D, _P, _R, _T, _SL, _N, _B, _Y, _U, _M, _L, _O = (
    table(m).c
    for m in (SetAside, Deadline, Application, Round, Title, Slate, Notice, Objection, Assessment, Subsidy, Meeting,
              Panel, Organization)
)  # fmt: skip
PAGE = 100


class _Row(NamedTuple):
    """One thing set aside and still standing, as it was noted."""

    id: str
    step: str
    thing: Thing | None
    thing_id: str
    receipt: str | None
    code: str
    details: dict[str, Any]
    tries: int
    first_at: datetime
    last_at: datetime
    try_at: datetime


class Aside(NamedTuple):
    """One thing set aside and still standing. Moments are UTC.

    `thing_id` is empty where a step failed as a whole; `thing` is what the clock was about, where that is known.
    `name` is what the step is called and `words` why it failed, both in the asker's language.
    """

    id: str
    step: str
    thing: Thing | None
    thing_id: str
    receipt: str | None
    code: str
    details: dict[str, Any]
    tries: int
    first_at: datetime
    last_at: datetime
    try_at: datetime
    name: str
    words: str


_about = sa.func.coalesce(_D.thing_id, _X.thing_id)
_place = sa.func.coalesce(
    _P.organization, _R.organization, _T.decider, _SL.organization, _N.organization, _B.organization, _Y.decider,
    _U.decider, _M.desk, _L.desk, _D.desk,
)  # fmt: skip
# What belongs to a union is for those over it; what belongs to none is everybody's who keeps the installation.
_UNDER = sa.or_(
    _place.is_(None),
    _O.code == bind("root", _O.code),
    _O.province == bind("root", _O.code),
    bind("root", _O.code) == sa.literal(NATION, _O.code.type),
)
_rows = (
    sa.select(
        _X.id, _X.step, sa.func.coalesce(_D.thing, _X.thing, type_=_X.thing.type).label("thing"),
        _about.label("thing_id"), _P.receipt, _X.code, _X.details, _X.tries, _X.first_at, _X.last_at, _X.try_at,
    )
    .select_from(table(SetAside))
    .outerjoin(table(Deadline), _D.id == _X.thing_id)
    .outerjoin(table(Application), _P.id == _about)
    .outerjoin(table(Round), _R.id == _about)
    .outerjoin(table(Title), _T.id == _about)
    .outerjoin(table(Slate), _SL.id == _about)
    .outerjoin(table(Notice), _N.id == _about)
    .outerjoin(table(Objection), _B.id == _about)
    .outerjoin(table(Assessment), _Y.id == _about)
    .outerjoin(table(Subsidy), _U.id == _about)
    .outerjoin(table(Meeting), _M.id == _about)
    .outerjoin(table(Panel), _L.id == _about)
    .outerjoin(table(Organization), _O.code == _place)
    .where(_X.cleared_at.is_(None), _UNDER)
    .order_by(_X.first_at, _X.id)
)  # fmt: skip
_STANDING: Sql[_Row] = Sql(_rows.limit(PAGE), _Row)
_ONE: Sql[_Row] = Sql(_rows.where(_X.id == bind("id", _X.id)), _Row)


@query("set-aside")
def set_aside(actor: Actor, *, root: str) -> list[Aside]:
    """What the clocks set aside and could not do since, longest first, at most 100.

    For the administrators of a province or the nation (`root`). Raises ForbiddenError("not_administrator").
    """
    with reading() as store:
        who = refreshed(store, actor)
        keeps = any(who.sits(place, Role.ADMINISTRATOR) for place in (root, NATION))
        if not keeps or organization(store, root).tier not in (Tier.PROVINCE, Tier.NATION):
            raise ForbiddenError("not_administrator", organization=root)
        return [_told(one, who.language) for one in store.all(_STANDING, root=root)]


def standing(store: Store, who: Actor, aside_id: str) -> Aside | None:
    """One thing set aside, as an administrator of a province or the nation may know of it; None for anybody else."""
    roots = (place for place in who.places(Role.ADMINISTRATOR)
             if organization(store, place).tier in (Tier.PROVINCE, Tier.NATION))  # fmt: skip
    found = next((one for root in roots if (one := store.first(_ONE, id=aside_id, root=root))), None)
    return _told(found, who.language) if found else None


def _told(one: _Row, language: str) -> Aside:
    return Aside(*one, name=step_words(one.step)[tongue(language)], words=explain(one.code, one.details, language))
