"""The titles that a deciding union has given: a register by pages, and what is left of one decision."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa

from models.base import table
from models.database import reading
from models.organization import Organization
from models.sql import Sql, bind, rows_of
from models.title import Title
from models.vocabulary import EndCause, TitleState
from workflows.queries.review import sits
from workflows.record.acting import Actor
from workflows.record.verb import query

_O, _T = (table(m).c for m in (Organization, Title))


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


GIVEN = 100  # titles a page
_GIVEN = (
    sa.select(
        _T.id, _T.number, _T.name, _T.leader_name, _T.organization, _O.name.label("organization_name"), _T.named_on,
        _T.state, _T.ended_at, _T.end_reason, _T.barred_until, _T.decider, _T.version,
        _T.valid_until, _T.end_cause,
    )
    .join_from(table(Title), table(Organization), _O.code == _T.organization)
    .where(
        _T.decider == bind("desk", _T.decider),
        (_T.number + " " + _T.name + " " + _T.leader_name + " " + _O.name).like(bind("like", _T.name)),
    )
    .order_by(_T.named_on.desc(), _T.number)
    .limit(GIVEN)
)  # fmt: skip
_FIRST_GIVEN = Sql(_GIVEN, Given)
_last = sa.select(_T.named_on, _T.number).where(_T.id == bind("after", _T.id)).subquery()
_NEXT_GIVEN = Sql(
    _GIVEN.join(_last, sa.true()).where(
        (_T.named_on < _last.c.named_on) | ((_T.named_on == _last.c.named_on) & (_T.number > _last.c.number))
    ),
    Given,
)
_LEFT = rows_of(
    Title, _T.decision_id == bind("of", _T.decision_id), _T.decider == bind("desk", _T.decider), _T.ended_at.is_(None),
    order=(_T.number,),
)  # fmt: skip


@query("titles-given")
def titles_given(actor: Actor, *, desk: str, words: str = "", after: str = "") -> list[Given]:
    """The titles a deciding union has given, newest first, 100 a page: those after one, by its id.

    `words` are looked for in number, name, leader and unit.
    """
    sought = {"desk": desk, "like": f"%{''.join(c for c in words.strip() if c not in '%_' + chr(92))}%"}
    with reading() as store:
        if not sits(store, actor, desk):
            return []
        return store.all(_NEXT_GIVEN, **sought, after=after) if after else store.all(_FIRST_GIVEN, **sought)


@query("titles-left")
def titles_left(actor: Actor, *, desk: str, decision_id: str) -> list[Title]:
    """What still stands of the titles that a union gave by one decision, by number."""
    with reading() as store:
        return store.all(_LEFT, desk=desk, of=decision_id) if sits(store, actor, desk) else []
