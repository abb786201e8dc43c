"""First lists that are owed: from the first case that reaches a tier right below the deciding union."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from models.application import Application
from models.base import table
from models.deadline import Deadline
from models.round import Round
from models.sql import Sql, bind
from models.stages import FirstList
from models.vocabulary import DeadlineKind
from workflows.clocks import due
from workflows.record.claiming import look
from workflows.rules import cut_offs
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.database import Store
    from models.programme import Programme
    from workflows.record.moves import Due
    from workflows.rules.cut_offs import CutOff
    from workflows.rules.routes import Desk

_F, _P, _D = (table(m).c for m in (FirstList, Application, Deadline))
_HANDED_IN: Sql[str] = Sql(
    sa.select(_F.id).where(_F.round_id == bind("round", _F.round_id), _F.desk == bind("desk", _F.desk)).limit(1)
)
# Whatever the list holds, with it the tier has said whom it means to propose.
_MET: Sql[None] = Sql(
    sa.update(table(Deadline))
    .where(
        _D.kind == DeadlineKind.FIRST_LIST,
        _D.closed_at.is_(None),
        _D.thing_id.in_(
            sa.select(_P.id).where(_P.round_id == bind("round", _P.round_id), _P.desk == bind("desk", _P.desk))
        ),
    )
    .values(closed_at=bind("closed_at", _D.closed_at))
)


def due_of(rules: Programme, window: Round) -> CutOff | None:
    """By when first lists are handed in, in a round; None where the programme has none."""
    day = rules.entry.first_list_due
    return cut_offs.first_after(day, local_date(window.opens_at), calendar=due.current()) if day else None


def owed(store: Store, rules: Programme, round_id: str, stop: Desk, route: Sequence[Sequence[str]]) -> Due | None:
    """The first list that a case's arrival makes a tier owe: right below the deciding union, till one is handed in."""
    if rules.entry.first_list_due is None or [desk for _, desk in route][-2:-1] != [stop.desk]:
        return None
    limit = due_of(rules, look(store, Round, round_id))
    if limit is None or limit.printed is None or store.now >= limit.at:
        return None
    if is_handed_in(store, round_id, stop.desk):
        return None
    return due.on(DeadlineKind.FIRST_LIST, due.rolled(limit.printed), desk=stop.desk)


def is_handed_in(store: Store, round_id: str, desk: str) -> bool:
    """Whether a tier has handed in its first list in a round."""
    return store.first(_HANDED_IN, round=round_id, desk=desk) is not None


def met(store: Store, round_id: str, desk: str) -> None:
    """Close what a tier owed: it has handed in its first list."""
    store.run(_MET, round=round_id, desk=desk, closed_at=store.now)
