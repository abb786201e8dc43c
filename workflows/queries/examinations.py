"""What the doctor's rounds came to: the last that ended, and the one that waits or is at work."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from models.account import Account
from models.base import table
from models.database import reading
from models.deadline import Examination
from models.sql import Sql, bind
from workflows.clocks import readiness
from workflows.doctor import Violation
from workflows.people.organizations import organization
from workflows.queries.watch_scope import KEEPERS, require_keeper
from workflows.record.verb import query

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from workflows.record.acting import Actor

_X, _A = table(Examination).c, table(Account).c


class _Row(NamedTuple):
    """An examination with the name of who asked for it."""

    who: str | None
    asked_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    done: int
    steps: int
    is_whole: bool | None
    counts: dict[str, int]
    found: list[Any]


_ROWS = sa.select(
    _A.name.label("who"), _X.asked_at, _X.started_at, _X.finished_at, _X.done, _X.steps, _X.is_whole, _X.counts,
    _X.found,
).outerjoin_from(table(Examination), table(Account), _A.id == _X.asked_by)  # fmt: skip
_OPEN: Sql[_Row] = Sql(_ROWS.where(_X.is_open.is_(sa.true())), _Row)
_NEWEST: Sql[_Row] = Sql(
    _ROWS.where(_X.finished_at <= bind("now", _X.finished_at)).order_by(_X.finished_at.desc()).limit(1), _Row
)


class Round(NamedTuple):
    """An examination that ended at `at` (UTC). `who` asked for it; None: the night's own.

    `counts` tells the events, things and checkpoints that were read, and how many violations were found; `found`
    the first of these. Not `is_whole`: it was tried too often and given up, and nothing is known by it.
    """

    at: datetime
    who: str | None
    seconds: float
    is_whole: bool
    counts: dict[str, int]
    found: list[Violation]


class Waiting(NamedTuple):
    """An examination asked for at `asked_at` (UTC): so many of its `steps` are `done`; 0 of 0 before it began."""

    who: str | None
    asked_at: datetime
    done: int
    steps: int


class Examinations(NamedTuple):
    """The last round, the one under way; `is_late`: no sweep completes, so that the clocks may not run at all."""

    last: Round | None
    waiting: Waiting | None
    is_late: bool


@query("examinations")
def examinations(actor: Actor, *, root: str) -> Examinations:
    """What the last examination found, and how far the one that was asked for has come: three rows, no journal.

    For administrators of a province (`root`) or the nation: what is found may lie anywhere. Raises
    ForbiddenError("not_administrator", "not_keeper").
    """
    with reading() as store:
        require_keeper(store, actor, root)
        last, waits = store.first(_NEWEST, now=store.now), store.first(_OPEN)
        age = readiness.age(store)
        return Examinations(
            _round(last) if last else None,
            Waiting(waits.who, waits.asked_at, waits.done, waits.steps) if waits else None,
            age is None or age > readiness.silence(),
        )


def keeps(root: str) -> bool:
    """Whether the administrators of this union keep the installation: who may ask for a round and read it."""
    with reading() as store:
        return organization(store, root).tier in KEEPERS


def _round(row: _Row) -> Round:
    ended = row.finished_at or row.asked_at
    lasted = (ended - (row.started_at or ended)).total_seconds()
    return Round(ended, row.who, lasted, bool(row.is_whole), row.counts, [Violation(**one) for one in row.found])
