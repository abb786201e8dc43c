"""Batches: what was done to many at once, by whom, and whether it can still be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.account import Account
from models.application import Application
from models.base import table
from models.bulk import Batch, BatchRow
from models.database import reading
from models.lists import listed, of_list
from models.search import Reach, marks_borne
from models.slate import Slate
from models.sql import Sql, bind, rows_of
from models.vocabulary import Role, Thing
from workflows.batches.carrying_out import UNDOABLE
from workflows.batches.undoing import of
from workflows.record.acting import refreshed
from workflows.record.verb import query

if TYPE_CHECKING:
    from datetime import datetime

    from models.database import Store
    from workflows.record.acting import Actor

_B, _R, _A, _P, _SL = (table(m).c for m in (Batch, BatchRow, Account, Application, Slate))
_MOST = 100


class BatchLine(NamedTuple):
    """One batch in the list: who, when, what, and what became of it."""

    id: str
    who: str
    words: str
    counts: dict[str, Any]
    at: datetime
    undone_at: datetime | None
    undo_reason: str


class BatchStep(NamedTuple):
    """One act of a batch on one thing; `moved_on`: somebody has acted on it since."""

    line: int
    act: str
    thing: Thing
    thing_id: str
    receipt: str | None
    subject: str | None
    state: str
    moved_on: bool


class WholeBatch(NamedTuple):
    """A batch with all its acts; `lasting` are those that cannot be undone."""

    batch: Batch
    steps: list[BatchStep]
    lasting: list[str]

    @property
    def is_undoable(self) -> bool:
        """Whether nothing stands in the way of undoing it, as far as can be seen now."""
        return self.batch.undone_at is None and not self.lasting and not any(s.moved_on for s in self.steps)


_LINES: Sql[BatchLine] = Sql(
    sa.select(_B.id, _A.name.label("who"), _B.words, _B.counts, _B.at, _B.undone_at, _B.undo_reason)
    .join_from(table(Batch), table(Account), _A.id == _B.account_id)
    .where((_B.desk == bind("desk", _B.desk)) | (_B.account_id == bind("who", _B.account_id)))
    .order_by(_B.id.desc())
    .limit(_MOST),
    BatchLine,
)
_ONE = rows_of(Batch, _B.id == bind("id", _B.id))
_STEPS: Sql[BatchStep] = Sql(
    sa.select(
        _R.line, _R.act, _R.thing, _R.thing_id, _P.receipt, _P.subject,
        sa.func.coalesce(sa.type_coerce(_P.state, sa.String), sa.type_coerce(_SL.state, sa.String)).label("state"),
        (_R.after != sa.func.coalesce(_P.version, _SL.version)).label("moved_on"),
    )
    .outerjoin_from(table(BatchRow), table(Application), _P.id == _R.thing_id)
    .outerjoin(table(Slate), _SL.id == _R.thing_id)
    .where(_R.batch_id == bind("batch", _R.batch_id))
    .order_by(_R.place),
    BatchStep,
)  # fmt: skip


# What of a batch its maker may find still: a seat may have ended since.
_REACHED = of_list(
    lambda marks: Sql[str](
        sa.select(_R.thing_id)
        .join_from(table(BatchRow), table(Reach), table(Reach).c.application_id == _R.thing_id)
        .where(_R.batch_id == bind("batch", _R.batch_id), table(Reach).c.mark.in_(marks))
    )
)


@query("batches")
def batches(actor: Actor, *, desk: str) -> list[BatchLine]:
    """The batches on a desk's cases, and one's own, newest first: 100 at most."""
    with reading() as store:
        who = refreshed(store, actor)
        return store.all(_LINES, desk=desk if who.sits(desk, Role.REVIEWER) else "", who=who.id)


@query("batch")
def batch(actor: Actor, batch_id: str) -> WholeBatch:
    """One batch with every act in it and what became of each case its reader sees. Raises NotFoundError."""
    with reading() as store:
        who = refreshed(store, actor)
        found = of(who, store.first(_ONE, id=batch_id), batch_id)
        steps = _seen(store, who, found, store.all(_STEPS, batch=found.id))
        return WholeBatch(found, steps, sorted({step.act for step in steps} - UNDOABLE))


def _seen(store: Store, who: Actor, found: Batch, steps: list[BatchStep]) -> list[BatchStep]:
    """The acts on what the reader still sees: all for the desk's reviewers."""
    if who.sits(found.desk, Role.REVIEWER):
        return steps
    marks = marks_borne(who.id, (*who.seats, *who.lent))
    reached = set(store.all(_REACHED[store.dialect.name], batch=found.id, ids=listed(marks)))
    return [step for step in steps if step.thing is not Thing.APPLICATION or step.thing_id in reached]
