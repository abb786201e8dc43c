"""A batch undone as a unit: every case as it was, while nobody above or outside has acted on it."""

from __future__ import annotations

import inspect
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.application import Application
from models.base import table
from models.bulk import Batch, BatchRow
from models.database import DuplicateError, together
from models.deadline import Deadline
from models.errors import (
    BrokenError,
    BusyError,
    ConflictError,
    ForbiddenError,
    InputError,
    NotFoundError,
    RefusedError,
    ShenbaoError,
)
from models.office import Countersign
from models.slate import Entry, Slate
from models.sql import Sql, bind, insert_into, rows_of
from models.vocabulary import ENDED, Act, DeadlineKind, Role, Rung, SlateState, State, Thing
from workflows import table as verbs
from workflows.batches.carrying_out import UNDOABLE, hold_in_order
from workflows.charts.strict import Facts
from workflows.clocks import deadlines
from workflows.desk import colleagues
from workflows.desk.handling import PASS_ON
from workflows.intake import filing
from workflows.listing import leaving, owing
from workflows.post import letters
from workflows.programmes import programme_of
from workflows.record.acting import refreshed
from workflows.record.claiming import hold, look, require_fresh, visible
from workflows.record.journal import move
from workflows.record.moves import Due
from workflows.record.verb import VERBS, verb
from workflows.rules import permissions
from workflows.rules.characters import within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.database import Store
    from workflows.record.acting import Actor

_B, _R, _D, _EN, _C = (table(m).c for m in (Batch, BatchRow, Deadline, Entry, Countersign))
HOLD_BATCH = rows_of(Batch, _B.id == bind("id", _B.id), lock=True)
ROWS = rows_of(BatchRow, _R.batch_id == bind("batch", _R.batch_id), order=(_R.place,))
# What was due before the batch, and was closed by it.
_FORMER = rows_of(
    Deadline, _D.thing_id == bind("of", _D.thing_id), _D.closed_at == bind("at", _D.closed_at), order=(_D.id,)
)
# Signers who were asked when the batch ended it: an undo must not be a way around them.
_COUNTERSIGN = rows_of(
    Countersign, _C.application_id == bind("of", _C.application_id), _C.settled_at == bind("at", _C.settled_at)
)
_PRESENT_AGAIN: Sql[None] = Sql(
    sa.update(table(Countersign))
    .where(_C.application_id == bind("of", _C.application_id), _C.opened_at >= bind("since", _C.opened_at))
    .values(past=sa.false())
)
_UNDONE: Sql[None] = Sql(
    sa.update(table(Batch))
    .where(_B.id == bind("of", _B.id), _B.undone_at.is_(None))
    .values(undone_at=bind("now", _B.undone_at), undone_by=bind("who", _B.undone_by),
            undo_reason=bind("why", _B.undo_reason))
)  # fmt: skip
_MAKE_ROOM: Sql[None] = Sql(
    sa.update(table(Entry))
    .where(_EN.slate_id == bind("slate", _EN.slate_id), _EN.rank >= bind("rank", _EN.rank))
    .values(rank=_EN.rank + 1)
)
_ENTER = insert_into(Entry)
# What the act's own opposite undoes; the rest goes back by Act.UNDO.
_OPPOSITE = {"hold": "release", "countersign": "call-off", "seal": "recall", "send-up": "recall"}
_SAID_ONLY = frozenset({"chase", "copy"})
_TOLD_BY = {"check": "checked", "return": "returned", "refuse": "refused"}
_LONGEST_REASON = 500


class _Undoing(NamedTuple):
    """A batch that is being undone: who does it, why, and which version of a list stands for which before."""

    who: Actor
    batch: Batch
    reason: str
    lists: dict[str, int]


@verb("undo-batch")
def undo_batch(actor: Actor, batch_id: str, *, reason: str, key: str | None = None) -> Batch:
    """Undo all that a batch did, or nothing: by its maker or another reviewer of the same desks.

    What was returned or refused goes back to its tier with its former due date; lists are recalled.
    Refused, naming the cases, once the applicant, the tier above or a colleague acted on one of them.
    Raises InputError("reason_missing"), NotFoundError, RefusedError("not_undoable"),
    ConflictError("batch_undone", "batch_moved_on").
    """
    del key  # a batch is undone once
    if not reason.strip():
        raise InputError("reason_missing", field="reason")
    with together() as store:
        who = refreshed(store, actor)
        batch = of(who, store.first(HOLD_BATCH, id=batch_id), batch_id)
        if batch.undone_at is not None:
            raise ConflictError("batch_undone", batch=batch.id)
        rows = store.all(ROWS, batch=batch.id)
        if lasting := sorted({row.act for row in rows} - UNDOABLE):
            raise RefusedError("not_undoable", acts=lasting)
        _undo_all(store, _Undoing(who, batch, within("reason", reason, _LONGEST_REASON), {}), rows)
        store.run(_UNDONE, of=batch.id, now=store.now, who=who.id, why=within("reason", reason, _LONGEST_REASON))
        return store.all(HOLD_BATCH, id=batch.id)[0]


def of(who: Actor, batch: Batch | None, given: str) -> Batch:
    """A batch for whoever made it, and for the reviewers of its desk. Raises NotFoundError."""
    if batch is None or not (batch.account_id == who.id or who.sits(batch.desk, Role.REVIEWER)):
        raise NotFoundError("not_found", thing="batch", given=given)
    return batch


def _undo_all(store: Store, undoing: _Undoing, rows: Sequence[BatchRow]) -> None:
    """Look at all things first, then undo from the last act to the first; every trouble is told at once."""
    things = {row.thing_id: row for row in rows if row.act not in _SAID_ONLY}
    lists = {entry["slate_id"] for row in rows for entry in row.before.get("entries", ())}
    hold_in_order(store, {*things, *lists})
    troubles = [found for row in things.values() if (found := _tried(store, row, _unchanged, undoing)) is not None]
    if not troubles:
        done: set[tuple[str, str]] = set()
        for row in reversed(rows):
            once = (row.thing_id, _OPPOSITE.get(row.act, str(row.place)))
            if row.act not in _SAID_ONLY and once not in done:
                done.add(once)
                trouble = _tried(store, row, _undo, undoing)
                troubles += [trouble] if trouble is not None else []
            if row.thing is Thing.SLATE:
                # Drafted again it stands for what it was: names that left it before, in this batch, come back to it.
                undoing.lists[row.thing_id] = row.seen
    if troubles:
        raise ConflictError("batch_moved_on", count=len(troubles), of=len(rows), rows=troubles)


def _tried(store: Store, row: BatchRow, step: Any, undoing: _Undoing) -> dict[str, Any] | None:
    """What stands in the way of a step on one row, as a row of the refusal; None when it went through."""
    try:
        with store.savepoint():
            step(store, row, undoing)
    except (BusyError, BrokenError):
        raise
    except ShenbaoError as error:
        now: Any = _now(store, row)
        seen = now if visible(undoing.who, row.thing, now) else None
        return {"line": row.line, "receipt": getattr(seen, "receipt", None), "subject": getattr(seen, "subject", ""),
                "code": error.code, "details": error.details}  # fmt: skip
    return None


def _now(store: Store, row: BatchRow) -> Any:
    return look(store, Slate if row.thing is Thing.SLATE else Application, row.thing_id)


def _unchanged(store: Store, row: BatchRow, undoing: _Undoing) -> None:
    """Refuse what somebody acted on since. Raises NotFoundError, StaleError with who, when and what; RefusedError."""
    slates = leaving.hold_slates(store, row.thing_id) if row.thing is Thing.APPLICATION else []
    now: Any = hold(store, Slate if row.thing is Thing.SLATE else Application, row.thing_id)
    if not visible(undoing.who, row.thing, now):
        raise NotFoundError("not_found", thing=row.thing.value, given=now.id)
    require_fresh(store, undoing.who, row.thing, now, seen=row.after, key=None)
    listed = [s for s in slates if s.id == now.slate_id] if row.thing is Thing.APPLICATION else []
    if listed and row.before.get("slate_id") is None:
        raise RefusedError("listed_since", receipt=now.receipt, slate=now.slate_id)


def _undo(store: Store, row: BatchRow, undoing: _Undoing) -> None:
    if row.act in _OPPOSITE:
        _by_its_opposite(store, row, undoing)
    else:
        _back(store, row, undoing)


def _by_its_opposite(store: Store, row: BatchRow, undoing: _Undoing) -> None:
    """Recall a list, release a case ...: the verb that takes the act back, with the reason where it asks for one."""
    now = _now(store, row)
    if row.act in ("seal", "send-up") and now.state is SlateState.DRAFTING:
        return
    name = _OPPOSITE[row.act]
    verbs.require("verb", name)
    asked = list(inspect.signature(VERBS[name]).parameters)
    given = {asked[1]: row.thing_id, "seen": now.version, "reason": undoing.reason, "words": undoing.reason}
    letters.take_back(store, [row.thing_id], undoing.batch.at)
    verbs.do(name, undoing.who, {k: v for k, v in given.items() if k in asked})


def _back(store: Store, row: BatchRow, undoing: _Undoing) -> None:
    """Bring a case back to where it was: its tier and desk, its due date, its place on the lists."""
    was = row.before
    for slate in sorted(entry["slate_id"] for entry in was.get("entries", ())):
        hold(store, Slate, slate)
    slates = {slate.id for slate in leaving.hold_slates(store, row.thing_id)}
    now = hold(store, Application, row.thing_id)
    _require_reviewer(store, undoing, now, was)
    if store.first(_COUNTERSIGN, of=now.id, at=undoing.batch.at) is not None:
        raise RefusedError("countersign_ended", receipt=now.receipt)
    if now.state in ENDED:
        filing.require_alone(store, programme_of(store, now.programme), now)
    left = [entry for entry in was.get("entries", ()) if entry["slate_id"] not in slates]
    back = [entry for entry in left if _is_to_relist(store, undoing, entry)]
    after = _moved_back(store, row, undoing, now, [entry["slate_id"] for entry in back])
    if after.state is not now.state:
        # It never left: what the signers settled at this visit is settled still.
        store.run(_PRESENT_AGAIN, of=after.id, since=after.entered_at)
    if was["handler_id"] not in (None, now.handler_id):
        store.run(PASS_ON, of=after.id, who=was["handler_id"])
    for entry in back:
        _relist(store, undoing, after, entry)
    _tell(store, row, undoing, after)


def _moved_back(store: Store, row: BatchRow, undoing: _Undoing, now: Application, lists: Sequence[str]) -> Application:
    """The case back in its state, with the columns it had. Raises RefusedError("leader_twice")."""
    was, facts, due = row.before, Facts(), None
    values = {name: was[name] for name in ("checked", "handler_id", "delegated_by", "on_hold", "faults")}
    if now.state is not State(was["state"]):
        facts = Facts(leads_to=Rung(now.route[was["step"]][0]))
        due = _former(store, now, undoing.batch)
        values |= {"desk": was["desk"], "slate_id": was["slate_id"] if was["slate_id"] in lists else None,
                   "entered_at": datetime.fromisoformat(was["entered_at"])}  # fmt: skip
    body = {"batch": undoing.batch.id, "undoes": row.act, "reason": undoing.reason}
    try:
        after: Application = move(store, undoing.who, Act.UNDO, now, facts=facts, due=due, body=body, **values)
    except DuplicateError as error:
        raise filing.leader_twice(error, now.leader_name) from error
    runs_on = due is not None and deadlines.run_on(store, after.id, undoing.batch.at)
    if runs_on and owing.is_handed_in(store, after.round_id, str(after.desk)):
        deadlines.close(store, after.id, DeadlineKind.FIRST_LIST)
    return after


def _require_reviewer(store: Store, undoing: _Undoing, now: Application, was: dict[str, Any]) -> None:
    """Undoing is the desk's: of whoever reviews there today, or has the case in hand, and nobody's own case."""
    who, desk, holder = undoing.who, was["desk"], was["handler_id"]
    if permissions.is_own_case(who, now.organization, now.applicant_id, desk):
        raise ForbiddenError("own_case", act=Act.UNDO.value, application=now.id, organization=now.organization)
    if not who.sits(desk, Role.REVIEWER):
        raise ForbiddenError("not_your_desk", act=Act.UNDO.value, thing=Thing.APPLICATION.value)
    if holder and undoing.batch.account_id != who.id and not permissions.is_or_stands_for(who, holder, desk):
        raise ForbiddenError("in_other_hands", act=Act.UNDO.value, who=colleagues.names(store, holder).get(holder))


def _former(store: Store, now: Application, batch: Batch) -> Due:
    """The due date that the batch closed, as it was."""
    main = next(d for d in store.all(_FORMER, of=now.id, at=batch.at) if d.kind not in deadlines.BESIDE)
    return Due(DeadlineKind(main.kind), main.due_at, main.derivation, main.provisional, main.desk, main.account_id,
               main.basis)  # fmt: skip


def _is_to_relist(store: Store, undoing: _Undoing, entry: dict[str, Any]) -> bool:
    """Whether a list is as the case left it; a draft that changed since goes on without it. Raises RefusedError."""
    slate = look(store, Slate, entry["slate_id"])
    # A list to which later names came back already stands for the version it had before they left.
    stands_for = undoing.lists.get(slate.id, slate.version)
    if stands_for == entry["version"] + 1:
        return True
    if slate.state is SlateState.DRAFTING:
        return False
    raise RefusedError("reserve_risen" if stands_for == entry["version"] + 2 else "list_changed", slate=slate.id)


def _relist(store: Store, undoing: _Undoing, row: Application, entry: dict[str, Any]) -> None:
    """Give a case its place on a list again, and the list its place in the quota. Raises QuotaError."""
    slate = look(store, Slate, entry["slate_id"])
    store.run(_MAKE_ROOM, slate=slate.id, rank=entry["rank"])
    place = {k: v for k, v in entry.items() if k != "version"}
    store.run(_ENTER, **place, application_id=row.id)
    if not entry["reserve"] and not entry["outside"]:
        leaving.take_again(store, undoing.who, slate, row)
    move(store, undoing.who, Act.UNDO, slate, body={"application": row.id, "batch": undoing.batch.id})
    undoing.lists[slate.id] = entry["version"]


def _tell(store: Store, row: BatchRow, undoing: _Undoing, after: Application) -> None:
    """What was not carried yet is withdrawn; an applicant who may have read it is told that it was undone."""
    template = _TOLD_BY.get(row.act)
    is_withdrawn = template is not None and letters.withdraw(store, after.id, template, undoing.batch.at)
    letters.take_back(store, [after.id], undoing.batch.at)
    if template is None or is_withdrawn:
        return
    told = {"receipt": after.receipt, "subject": after.subject, "organization": row.before["desk"],
            "reason": undoing.reason}  # fmt: skip
    if after.due_at is not None:
        told["due_at"] = after.due_at.isoformat()
    letters.to_people(store, after.head[:32], [after.applicant_id], "undone", told, thing_id=after.id)
