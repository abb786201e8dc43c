"""The rows of a plan carried out one after another, each with a savepoint: what was done, and what could not be."""

from __future__ import annotations

import inspect
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.application import Application
from models.base import table
from models.errors import BrokenError, BusyError, InputError, NotFoundError, RefusedError, ShenbaoError
from models.lists import listed, of_list
from models.slate import Entry, Slate
from models.sql import Sql, bind, rows_of
from models.vocabulary import Thing
from workflows import table as verbs
from workflows.queries.search import ids_for
from workflows.record.claiming import look, visible
from workflows.record.verb import VERBS
from workflows.rules import plans

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from models.database import Store
    from workflows.record.acting import Actor
    from workflows.rules.plans import Row

_P, _EN, _SL = (table(m).c for m in (Application, Entry, Slate))
_BY_ID = rows_of(Application, _P.id == bind("id", _P.id))
_BY_RECEIPT = rows_of(Application, _P.receipt == bind("receipt", _P.receipt))
_ENTRIES = rows_of(Entry, _EN.application_id == bind("of", _EN.application_id))
_LISTS = of_list(lambda ids: Sql(
    sa.select(_SL.id)
    .where(_SL.id.in_(sa.union(ids, sa.select(_EN.slate_id).where(_EN.application_id.in_(ids)))))
    .order_by(_SL.id)
    .with_for_update(key_share=True)
))  # fmt: skip
_HELD = of_list(lambda ids: Sql(
    sa.select(_P.id).where(_P.id.in_(ids)).order_by(_P.id).with_for_update(key_share=True)
))  # fmt: skip
_BEFORE = ("state", "step", "desk", "checked", "slate_id", "handler_id", "delegated_by", "on_hold", "faults")
_LEAVES_LISTS = frozenset({"return", "refuse"})
# What a batch can take back as a unit; a letter that only told or reminded stays as it is.
UNDOABLE = frozenset({
    "check", "return", "refuse", "transfer", "delegate", "hold", "countersign", "seal", "send-up", "chase", "copy",
})  # fmt: skip


class Case(NamedTuple):
    """A case or list that a row is about, and the version of it that was looked at."""

    line: int
    act: str
    thing: Thing
    id: str
    receipt: str | None
    subject: str
    seen: int
    desk: str | None


class Impossible(NamedTuple):
    """A case that a row cannot be done to, and why: the code and details of its refusal."""

    line: int
    id: str
    receipt: str | None
    subject: str
    code: str
    details: dict[str, Any]


class Act(NamedTuple):
    """What was done to one case: the version it was done to, and what it was before."""

    row: Row
    case: Case
    seen: int
    before: dict[str, Any]


class Done(NamedTuple):
    """All cases of a plan, what was done, what could not be, and the version of each thing afterwards.

    `rows` are the things as they were found, `lists` the versions of its lists that were looked at.
    """

    cases: list[Case]
    acts: list[Act]
    impossible: list[Impossible]
    after: dict[str, int]
    rows: dict[str, Any]
    lists: dict[str, int]


def carry_out(
    store: Store, who: Actor, rows: Sequence[Row], before: Callable[[Sequence[Case]], None] | None = None
) -> Done:
    """Do every row to every case, inside `together`; what is impossible is undone by itself and told.

    `before` may look at all cases and refuse. Raises InputError("empty_selection") for a search that
    finds nobody, RefusedError("plan_too_long").
    """
    done = Done([], [], [], {}, {}, {})
    found: list[tuple[Row, list[Case]]] = []
    for row in rows:
        cases = list(_cases(store, who, row, done))
        done.cases.extend(cases)
        if len(done.cases) + len(done.impossible) > plans.MOST_CASES:
            raise RefusedError("plan_too_long", most=plans.MOST_CASES)
        found.append((row, cases))
    hold_in_order(store, (case.id for case in done.cases))
    if before is not None:
        before(done.cases)
    for row, cases in found:
        for at_once in _calls(row, cases, done):
            _call(store, who, row, at_once, done)
    done.after.update({act.case.id: _row(store, act.case).version for act in done.acts})
    return done


def hold_in_order(store: Store, ids: Iterable[str]) -> None:
    """Hold these lists, those that these cases stand on, then the cases: in the order of every verb, not in the plan's.

    Two plans of the same cases in another order wait for each other once, and never crosswise.
    """
    given = listed(ids)
    for sql in (_LISTS, _HELD):
        store.all(sql[store.dialect.name], ids=given)


def _cases(store: Store, who: Actor, row: Row, done: Done) -> Iterator[Case]:
    """The cases a row names or finds; one that its reader may not see is told as if it were not."""
    names = row.names or tuple(ids_for(store, who, row.search))
    if not names:
        raise InputError("empty_selection", field="cases", line=row.line, given=row.search[:60])
    if len(names) > plans.MOST_CASES:
        raise RefusedError("plan_too_long", most=plans.MOST_CASES)
    thing = Thing.SLATE if row.is_on_slates else Thing.APPLICATION
    for name in names:
        found = _named(store, thing, name)
        if found is None or not visible(who, thing, found):
            told = {"thing": thing.value, "given": name}
            done.impossible.append(Impossible(row.line, name, None, "", "not_found", told))
            continue
        done.rows[found.id] = found
        desk = found.organization if thing is Thing.SLATE else found.desk
        receipt, subject = (None, "") if thing is Thing.SLATE else (found.receipt, found.subject)
        seen = row.seen.get(found.id, found.version)
        if thing is Thing.SLATE:
            done.lists.setdefault(found.id, seen)
        yield Case(row.line, row.act, thing, found.id, receipt, subject, seen, desk)


def _named(store: Store, thing: Thing, name: str) -> Any:
    if thing is Thing.APPLICATION:
        return store.first(_BY_RECEIPT, receipt=name) if "-" in name else store.first(_BY_ID, id=name)
    try:
        return look(store, Slate, name)
    except NotFoundError:
        return None


def _row(store: Store, case: Case) -> Any:
    return look(store, Slate if case.thing is Thing.SLATE else Application, case.id)


def _calls(row: Row, cases: Sequence[Case], done: Done) -> list[list[Case]]:
    """The cases by call: each by itself, but departments are consulted for a desk's round at once."""
    if row.act != "consult":
        return [[case] for case in cases]
    sets: dict[tuple[str, str | None], list[Case]] = {}
    for case in cases:
        sets.setdefault((done.rows[case.id].round_id, case.desk), []).append(case)
    return list(sets.values())


def _call(store: Store, who: Actor, row: Row, cases: Sequence[Case], done: Done) -> None:
    """One call of the row's verb; a refusal takes back what it wrote, and nothing else."""
    mark = len(store.written or ())
    try:
        with store.savepoint():
            acts = [_looked_at(store, row, case, done) for case in cases]
            verbs.do(row.act, who, _arguments(row, acts, done))
    except (BusyError, BrokenError):
        raise
    except ShenbaoError as error:
        if store.written is not None:
            del store.written[mark:]
        done.impossible.extend(
            Impossible(row.line, case.id, case.receipt, case.subject, error.code, error.details) for case in cases
        )
        return
    done.acts.extend(acts)
    done.after.update((act.case.id, act.seen) for act in acts)
    for entry in (one for act in acts for one in act.before.get("entries", ())):
        # A list that a name left by this plan is another now; as it was looked at, it is no other than expected.
        if entry["version"] == done.lists.get(entry["slate_id"]):
            done.after[entry["slate_id"]] = entry["version"]


def _looked_at(store: Store, row: Row, case: Case, done: Done) -> Act:
    """The case as it is before the act; what this plan itself did to it before is no change in between."""
    is_again = case.id in done.after
    now = _row(store, case) if is_again else done.rows[case.id]
    before = {name: getattr(now, name) for name in (_BEFORE if case.thing is Thing.APPLICATION else ("state",))}
    if case.thing is Thing.APPLICATION:
        before["entered_at"] = now.entered_at.isoformat()
    if row.act in _LEAVES_LISTS and (now.step or now.slate_id):
        before["entries"] = [_entry(store, entry) for entry in store.all(_ENTRIES, of=case.id)]
    return Act(row, case, now.version if is_again else case.seen, before)


def _entry(store: Store, entry: Entry) -> dict[str, Any]:
    """A place on a list as it is before the case leaves it, with the list's version."""
    return {"slate_id": entry.slate_id, "rank": entry.rank, "reserve": entry.reserve, "score": entry.score,
            "note": entry.note, "outside": entry.outside,
            "version": look(store, Slate, entry.slate_id).version}  # fmt: skip


def _arguments(row: Row, acts: Sequence[Act], done: Done) -> dict[str, Any]:
    """The row's arguments with the cases put in, and the version where the verb asks for one."""
    if row.act == "consult":
        first = done.rows[acts[0].case.id]
        return {**row.arguments, "round_id": first.round_id, "organization_code": first.desk,
                "applications": [act.case.id for act in acts]}  # fmt: skip
    if row.act == "rank-text":
        listed = done.rows[acts[0].case.id]
        return {**row.arguments, "round_id": listed.round_id, "organization_code": listed.organization,
                "seen": acts[0].seen}  # fmt: skip
    subject, asks_seen = _asked(row.act)
    seen = {"seen": acts[0].seen} if asks_seen else {}
    return {**row.arguments, subject: acts[0].case.id, **seen}


@cache
def _asked(name: str) -> tuple[str, bool]:
    """What a verb calls the thing it acts on, and whether it asks for the version that was looked at."""
    verbs.require("verb", name)
    parameters = list(inspect.signature(VERBS[name]).parameters)
    return parameters[1], "seen" in parameters
