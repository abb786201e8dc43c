"""The one place that sets a state, and writes its event, deadlines and letters with it."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeVar

from models.base import changed, new_id, new_ids
from models.errors import IllegalMoveError, StaleError
from models.journal import Event
from models.sql import Sql, insert_into, row_from, update_of
from models.things import MODELS
from models.vocabulary import ENDED, LIVE, REVIEWS, Act, Rung, State, Thing
from workflows.charts.advance import NO_FACTS, advance
from workflows.clocks import deadlines
from workflows.desk import tasks
from workflows.intake import asking
from workflows.post import letters
from workflows.record import indexing
from workflows.record.moves import Change, Moved
from workflows.rules import permissions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from models.database import Store
    from workflows.charts.strict import Facts
    from workflows.record.acting import Actor
    from workflows.record.moves import Due

T = TypeVar("T")

_THINGS = {model.__name__: thing for thing, model in MODELS.items()}
_INSERT = {t: insert_into(m) for t, m in MODELS.items()}
_EVENT = insert_into(Event)
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_MANY = 20  # rows
_DESKS = ("desk", "organization", "decider", "investigator")


@cache
def _update(thing: Thing, names: tuple[str, ...]) -> Sql[None]:
    """The versioned UPDATE of just these columns; the acts use some thirty sets of them."""
    return update_of(MODELS[thing], *names, where=("id", "version"))


def canonical(body: Any) -> str:
    """JSON that is the same text for the same content, on any machine."""
    return _CANONICAL(body)


def digest(event: dict[str, Any]) -> str:
    """The hash of an event over all its columns and the hash before it (SHA-256, hex)."""
    parts = (event["prev"], event["id"], event["thing"], event["thing_id"], event["version"], event["act"],
             event["source"], event["target"], event["account_id"], event["on_behalf"], event["desk"],
             event["at"].isoformat(), event["key"], canonical(event["body"]))  # fmt: skip
    return hashlib.sha256("\x1f".join("" if p is None else str(p) for p in parts).encode()).hexdigest()


def thing_of(row: Any) -> Thing:
    """What a row read from the store is."""
    return _THINGS[type(row).__name__]


def move(
    store: Store, actor: Actor, act: Act, row: T, *,
    facts: Facts = NO_FACTS, body: dict[str, Any] | None = None, due: Due | None = None,
    key: str | None = None, for_whom: str | None = None, **values: Any,
) -> T:  # fmt: skip
    """Take one row where the chart says. Raises IllegalMoveError, StaleError."""
    change = Change(row, values, facts, body or {}, due, for_whom)
    return move_all(store, actor, act, [change], key=key)[0]  # type: ignore[no-any-return]


def move_all(store: Store, actor: Actor, act: Act, changes: Sequence[Change], *, key: str | None = None) -> list[Any]:
    """Take many rows of one kind where the chart says, in a fixed number of batches.

    `key` belongs to the click and is kept on the first row's event.
    """
    if not changes:
        return []
    thing = thing_of(changes[0].row)
    asked = asking.following(store, thing, changes)
    told = (asking.named(c, asked) for c in changes)
    ids, desks = new_ids(len(changes)), _desks_of(actor, changes)
    moved = [
        _moved(store, actor, act, thing, c, {"id": one, "key": key if i == 0 else None, "desk": desk})
        for i, (one, desk, c) in enumerate(zip(ids, desks, told, strict=True))
    ]
    names = _written(moved)
    if store.run_many(_update(thing, names), (_row(m, names) for m in moved)) != len(moved):
        raise StaleError("stale", thing=thing.value)
    _record(store, thing, moved)
    asking.follow(store, moved, asked)
    return [m.after for m in moved]


def found(
    store: Store, actor: Actor, act: Act, model: type[T], *,
    body: dict[str, Any] | None = None, due: Due | None = None, key: str | None = None, **values: Any,
) -> T:  # fmt: skip
    """Bring a new thing into the world with its first event, version 1."""
    return found_all(store, actor, act, model, [(values, body or {}, due)], key=key)[0]


def found_all(
    store: Store, actor: Actor, act: Act, model: type[T],
    rows: Iterable[tuple[dict[str, Any], dict[str, Any], Due | None]], *, key: str | None = None,
) -> list[T]:  # fmt: skip
    """Bring many new things of one kind into the world: `(columns, body, due)` for each."""
    thing = _THINGS[model.__name__]
    moved = []
    for i, (values, body, due) in enumerate(rows):
        given = {"id": new_id(), **values, "version": 1}
        event = _event(store, actor, id=new_id(), act=act, thing=thing, thing_id=given["id"], version=1, source=None,
                       target=str(given["state"]), prev="", body=body, key=key if i == 0 else None,
                       desk=actor_desk(actor, given), on_behalf=_lender(actor, given))  # fmt: skip
        moved.append(Moved(None, {**given, "head": event["hash"]}, event, due))
    if not moved:
        return []
    store.run_many(_INSERT[thing], (m.after for m in moved))
    made = [m._replace(after=row_from(model, m.after)) for m in moved]
    _record(store, thing, made)
    return [m.after for m in made]


def actor_desk(actor: Actor, given: Any) -> str | None:
    """For which organisation the actor acts on this row, as far as its seats tell."""
    for name in _DESKS:
        code = given.get(name) if isinstance(given, dict) else getattr(given, name, None)
        if code is not None and actor.sits(code):
            return str(code)
    return None


def _desks_of(actor: Actor, changes: Iterable[Change]) -> Iterator[str | None]:
    """`actor_desk` of each row; many rows lie in few places."""
    known: dict[tuple[Any, ...], str | None] = {}
    for change in changes:
        place = tuple(getattr(change.row, name, None) for name in _DESKS)
        if place not in known:
            known[place] = actor_desk(actor, change.row)
        yield known[place]


def _lender(actor: Actor, given: dict[str, Any]) -> str | None:
    """For whom a deputy makes a new thing."""
    return permissions.lender(actor, SimpleNamespace(**given)) if actor.lent else None


def _record(store: Store, thing: Thing, moved: Sequence[Moved]) -> None:
    store.run_many(_EVENT, (m.event for m in moved))
    deadlines.rearm(store, thing, moved)
    tasks.close(store, thing, moved)
    letters.write(store, thing, moved)
    indexing.follow(store, thing, moved)


def _moved(store: Store, actor: Actor, act: Act, thing: Thing, change: Change, known: dict[str, Any]) -> Moved:
    row = change.row
    target = advance(thing, row.state, act, change.facts)
    if target is None:
        raise IllegalMoveError("illegal_move", thing=thing.value, act=act.value, state=str(row.state))
    values = dict(change.values)
    if thing is Thing.APPLICATION:
        values = _placed(row, State(target), store.now, values, change.due)
    version = row.version + 1
    event = _event(store, actor, act=act, thing=thing, thing_id=row.id, version=version, source=str(row.state),
                   target=target, prev=row.head, body=change.body, **known,
                   on_behalf=change.for_whom or permissions.for_whom(actor, act, thing, row))  # fmt: skip
    values = {"state": type(row.state)(target), **values, "version": version, "head": event["hash"]}
    return Moved(row, changed(row, **values), event, change.due, values)


def _placed(row: Any, target: State, now: datetime, values: dict[str, Any], due: Due | None) -> dict[str, Any]:
    """What follows from an application's new state, so that no verb can forget it."""
    placed: dict[str, Any] = {"live": target in LIVE, "ended_at": now if target in ENDED else None}
    if target is not row.state or "step" in values:
        placed |= {"entered_at": now, "checked": False, "due_at": None, "desk": None,
                   "on_hold": False}  # fmt: skip
        if route := values.get("route", row.route):
            placed["rung"] = Rung(route[values.get("step", row.step)][0])
        if target in REVIEWS:
            placed["slate_id"] = None
    if "entered_at" in placed or values.get("desk", row.desk) != row.desk:
        # In whose hands it was at one desk says nothing at another.
        placed |= {"handler_id": None, "delegated_by": None}
    if due is not None and due.kind not in deadlines.BESIDE:
        placed["due_at"] = due.at
    return placed | values


def _event(store: Store, actor: Actor, **told: Any) -> dict[str, Any]:
    """An event's columns, sealed with their hash."""
    event = {"account_id": actor.id, "at": store.now, **told}
    return {**event, "hash": digest(event)}


def _written(moved: Sequence[Moved]) -> tuple[str, ...]:
    """The columns to write. In a long batch those alone that differ: SQLite renews the indexes of all it is given."""
    names = sorted({name for m in moved for name in m.names})
    if len(moved) < _MANY:
        return tuple(names)
    return tuple(name for name in names if any(getattr(m.before, name) != getattr(m.after, name) for m in moved))


def _row(moved: Moved, names: Iterable[str]) -> dict[str, Any]:
    after = moved.after
    values = {name: getattr(after, name) for name in names}
    return {**values, "old_id": after.id, "old_version": moved.before.version}
