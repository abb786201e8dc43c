"""What an alarm watches: how much waits, how much is late, how old the oldest letter and the last runs are."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import sqlalchemy as sa

from models.application import Application
from models.base import table
from models.database import reading
from models.deadline import Deadline, SetAside, Sweep
from models.letter import Letter
from models.organization import Organization
from models.sql import Sql, bind

_P, _D, _L, _W, _O, _X = (table(m).c for m in (Application, Deadline, Letter, Sweep, Organization, SetAside))
_WAITING: Sql[Any] = Sql(
    sa.select(_O.tier, sa.func.count().label("n"))
    .join_from(table(Application), table(Organization), _O.code == _P.desk)
    .group_by(_O.tier)
    .order_by(_O.tier)
)
_ASIDE: Sql[int] = Sql(sa.select(sa.func.count()).select_from(table(SetAside)).where(_X.cleared_at.is_(None)))
_OVERDUE: Sql[int] = Sql(
    sa.select(sa.func.count())
    .select_from(table(Deadline))
    .where(_D.closed_at.is_(None), _D.due_at <= bind("now", _D.due_at))
)
# What is held, or put off to the morning or a digest, was not tried and waits on purpose: its age is no alarm.
_COULD_LEAVE = (_L.attempts > 0) | (_L.not_before <= bind("now", _L.not_before))
_LETTERS: Sql[Any] = Sql(
    sa.select(
        sa.func.count().label("waiting"), sa.func.min(sa.case((_COULD_LEAVE, _L.created_at))).label("oldest")
    ).where(_L.sent_at.is_(None), _L.dead_at.is_(None))
)
_DEAD: Sql[int] = Sql(sa.select(sa.func.count()).select_from(table(Letter)).where(_L.dead_at.is_not(None)))
_LAST: Sql[Any] = Sql(sa.select(_W.kind, sa.func.max(_W.finished_at).label("at")).group_by(_W.kind).order_by(_W.kind))
_EXAMINED: Sql[str] = Sql(sa.select(_W.counts).where(_W.kind == "doctor").order_by(_W.started_at.desc()).limit(1))


class Gauges(NamedTuple):
    """Numbers without names: nothing here tells of a person or of one case. Ages are in seconds."""

    cases_waiting: int
    waiting_by_tier: dict[str, int]
    deadlines_overdue: int
    letters_waiting: int
    letters_dead: int
    oldest_letter_seconds: float
    run_age_seconds: dict[str, float]
    invariants_broken: int
    set_aside: int


def gauges() -> Gauges:
    """Everything at once, from one view of the database. Raises BusyError when it cannot be reached."""
    with reading() as store:
        waiting = {tier.value: n for tier, n in store.all(_WAITING)}
        post = store.first(_LETTERS, now=store.now)
        oldest = post.oldest if post else None
        examined = store.first(_EXAMINED)
        return Gauges(
            sum(waiting.values()), waiting, store.first(_OVERDUE, now=store.now) or 0, post.waiting if post else 0,
            store.first(_DEAD) or 0, (store.now - oldest).total_seconds() if oldest else 0.0,
            {kind: (store.now - at).total_seconds() for kind, at in store.all(_LAST)},
            int(json.loads(examined).get("violations", 0)) if examined else 0, store.first(_ASIDE) or 0,
        )  # fmt: skip
