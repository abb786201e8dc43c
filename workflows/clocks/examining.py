"""The doctor's round over the whole database: asked for by anybody who may, made by the clocks, one at a time.

`python -m workflows.clocks.examining` makes the one that was asked for and answers in JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from models import clock, logs
from models.base import new_id, table
from models.database import reading, transaction
from models.deadline import Examination
from models.errors import BusyError, RefusedError
from models.mutex import alone
from models.sql import Sql, bind, insert_into, rows_of, update_of
from workflows import doctor
from workflows.clocks import keepers, progress
from workflows.clocks.runs import note_run
from workflows.queries.watch_scope import require_keeper
from workflows.record.verb import verb
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from datetime import datetime

    from models.database import Store
    from workflows.doctor import Violation
    from workflows.record.acting import Actor

KIND, DOCTOR = "examination", "doctor"
TRIES = 3  # after which one that never comes to its end is given up
SHOWN = 200  # violations kept by name; the rest is counted
KEPT = timedelta(days=90)
PAUSE = timedelta(minutes=10)  # between one that was asked for and the next
_EVERY = 2.0  # seconds between two notes of how far it has come
_PATIENCE = 0.5  # seconds: such a note is worth no waiting
_SLOT = timedelta(minutes=10)  # in which a call is made once
_X = table(Examination).c
OPEN = rows_of(Examination, _X.is_open.is_(sa.true()))
_LATELY = rows_of(
    Examination, _X.asked_by.is_not(None), _X.is_whole.is_(sa.true()), _X.finished_at > bind("since", _X.finished_at)
)
_ASK = insert_into(Examination, ignore=True)
_BEGIN = update_of(Examination, "started_at", "tries", "done", "steps")
_REACHED: Sql[None] = Sql(update_of(Examination, "done").statement.where(_X.is_open.is_(sa.true())))
_END = update_of(Examination, "is_open", "finished_at", "done", "is_whole", "counts", "found")
_FORGET: Sql[None] = Sql(sa.delete(table(Examination)).where(_X.finished_at < bind("before", _X.finished_at)))


def main() -> None:
    """Make what was asked for; prints what came of it, `null` when another is at it."""
    logs.configure("clocks", sys.stderr)
    print(json.dumps(asked()))  # noqa: T201 -- its answer


@verb("ask-examination")
def ask_examination(actor: Actor, *, root: str, key: str | None = None) -> Examination:  # noqa: ARG001 -- one is open
    """Have the clocks examine all there is: every invariant, and the journal with its checkpoints.

    Answers the one that waits or is at work, however often it is asked for. For administrators of a province
    (`root`) or the nation; raises ForbiddenError("not_administrator", "not_keeper"), and
    RefusedError("examined_lately") soon after the last one that was asked for: it reads all there is.
    """
    with transaction() as store:
        who = require_keeper(store, actor, root)
        if store.first(OPEN) is None and store.first(_LATELY, since=store.now - PAUSE) is not None:
            raise RefusedError("examined_lately", minutes=PAUSE // timedelta(minutes=1))
        return _opened(store, who.id)


def asked() -> dict[str, int] | None:
    """Make the examination that was asked for; {} when none is, None when another process is at it."""
    with reading() as store:
        if store.first(OPEN) is None:
            return {}
    with alone(KIND) as free:
        return _made() if free else None


def examine() -> dict[str, int]:
    """The night's own examination, which is also that of whoever asked meanwhile; {} when one is at work already."""
    with alone(KIND) as free:
        if not free:
            return {}
        with transaction() as store:
            _opened(store, None)
        return _made()


def call() -> str | None:
    """The name under which a run should be called for the open examination; None when none waits for one.

    One that was begun waits again once nobody is at it: whoever was has died. Raises BusyError.
    """
    with reading() as store:
        row, now = store.first(OPEN), store.now
    if row is None:
        return None
    if row.started_at is not None:
        with alone(KIND) as free:
            if not free:
                return None
    slot = int(now.timestamp() // _SLOT.total_seconds())
    return f"{row.id}-{row.tries}-{slot}"


def _opened(store: Store, asked_by: str | None) -> Examination:
    store.run(_ASK, id=new_id(), asked_by=asked_by, asked_at=store.now)
    row = store.first(OPEN)
    if row is None:
        raise BusyError("database_busy")
    return row


def _made() -> dict[str, int]:
    """Examine, write down what was found, and tell the keepers. For whoever is alone at it."""
    started_at = clock.now()
    row = _begun()
    if row is None:
        return {}
    with progress.heard(_Teller(row.id)):
        examined = doctor.examine(files=True)
    found, report = examined
    counts = {"events": report.events, "things": report.things, "checkpoints": report.checkpoints,
              "violations": len(found)}  # fmt: skip
    with transaction() as store:
        _end(store, row, is_whole=True, counts=counts, found=[_plain(one) for one in found[:SHOWN]])
        store.run(_FORGET, before=store.now - KEPT)
        if found:
            _tell(store, found)
    told = {"examined": 1, "violations": len(found), **Counter(one.invariant for one in found)}
    note_run(DOCTOR, started_at, told)
    return told


def _begun() -> Examination | None:
    """The open one, begun by us; None when there is none, or when it was tried too often and is given up."""
    with transaction() as store:
        row = store.first(OPEN)
        if row is None:
            return None
        if row.tries >= TRIES:
            _end(store, row, is_whole=False, counts={}, found=[])
            _give_up(store, row)
            return None
        store.run(_BEGIN, old_id=row.id, started_at=store.now, tries=row.tries + 1, done=0, steps=doctor.STEPS)
        return row


def _give_up(store: Store, row: Examination) -> None:
    """Tell the keepers, as of any other work that the clocks could not do: nobody may be looking at the page."""
    keepers.tell(store, f"examination-{row.id}", "examination_given_up", {"count": row.tries})


def _end(store: Store, row: Examination, **values: Any) -> None:
    # A clock that was put back must not end it before it was asked for.
    over: datetime = max(store.now, row.asked_at)
    store.run(_END, old_id=row.id, is_open=None, finished_at=over, done=doctor.STEPS, **values)


class _Teller:
    """Notes how far an examination has come, every few seconds; whoever holds the database is not waited for."""

    def __init__(self, examination_id: str) -> None:
        self._id, self._next = examination_id, time.monotonic() + _EVERY

    def __call__(self, _step: str, number: int, _of: int) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _EVERY
        with suppress(BusyError), transaction(patience=_PATIENCE) as store:
            store.run(_REACHED, old_id=self._id, done=number)


def _plain(one: Violation) -> dict[str, str]:
    """What was found, as any database keeps it: a row that was tampered with may hold anything."""
    return {name: str(said).replace("\0", "").encode("utf-8", "replace").decode()
            for name, said in one._asdict().items()}  # fmt: skip


def _tell(store: Store, found: list[Violation]) -> None:
    params = {"count": len(found), "names": "、".join(sorted({f"{v.invariant} {v.name}" for v in found}))[:400]}
    # A round that is made again finds the same: it is told once a day.
    told = sha256(json.dumps(params, ensure_ascii=False).encode()).hexdigest()
    keepers.tell(store, f"doctor-{local_date(store.now)}-{told[:16]}", "doctor_found", params)


if __name__ == "__main__":
    main()
