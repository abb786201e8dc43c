"""Verifying the journal: every hash, every chain, every row's head, and the checkpoints.

Rows are read in one ordered stream for each kind of thing, so memory stays flat.
"""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.application import Application, Revision
from models.base import table
from models.deadline import Deadline
from models.journal import Event
from models.sealing import SEALED
from models.settings import settings
from models.sql import Sql, bind
from models.things import MODELS
from models.vocabulary import DeadlineKind, Thing
from workflows.clocks import progress
from workflows.record.checkpoints import block_of, differing, whole_lines
from workflows.record.journal import digest
from workflows.record.streaming import snapshot, stream, stream_as_is

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from models.database import Store

_ACTS = {"sqlite": ("update", "delete", "insert"), "postgresql": ("update", "delete", "truncate")}


class Fault(NamedTuple):
    """Something that cannot have come from the product; `kind` is a code, `detail` its values."""

    kind: str
    thing: str
    thing_id: str
    version: int
    detail: str = ""


class Report(NamedTuple):
    """What a verification found: `ok` is true when there are no faults."""

    ok: bool
    events: int
    things: int
    checkpoints: int
    faults: list[Fault]

    def as_dict(self) -> dict[str, Any]:
        """The report as plain JSON values."""
        return {**self._asdict(), "faults": [fault._asdict() for fault in self.faults]}


class Told(NamedTuple):
    """An event with the row it belongs to, as far as there is one."""

    id: str
    thing: Thing
    thing_id: str
    version: int
    act: str
    source: str | None
    target: str
    account_id: str
    on_behalf: str | None
    desk: str | None
    at: Any
    body: Any
    key: str | None
    prev: str
    hash: str
    row_version: int | None
    row_head: str | None
    row_state: str | None


class _Name(NamedTuple):
    name: str


class _Trace(NamedTuple):
    """What a deadline remembers of the event that set it."""

    thing: Thing
    thing_id: str
    event: str


class _Lost(NamedTuple):
    thing_id: str
    version: int


_E = table(Event).c
_ORDER = (_E.thing_id, _E.version)


def _history(thing: Thing) -> Sql[Told]:
    told = [c for c in table(Event).c if c.key in Told._fields]
    of_thing = _E.thing == bind("thing", _E.thing)
    if thing not in MODELS:
        extra = [sa.null().label(name) for name in Told._fields[-3:]]
        return Sql(sa.select(*told, *extra).where(of_thing).order_by(*_ORDER), Told)
    row = table(MODELS[thing]).c
    return Sql(
        sa.select(*told, row.version, row.head, sa.cast(row.state, sa.String))
        .outerjoin_from(table(Event), row.id.table, row.id == _E.thing_id)
        .where(of_thing)
        .order_by(*_ORDER),
        Told,
    )


def _untold(thing: Thing) -> Sql[_Lost]:
    """Rows that no event tells of."""
    row = table(MODELS[thing]).c
    told = sa.select(_E.id).where(_E.thing == bind("thing", _E.thing), _E.thing_id == row.id)
    return Sql(sa.select(row.id, row.version).where(~told.exists()), _Lost)


_HISTORY = {thing: _history(thing) for thing in Thing}
_UNTOLD = {thing: _untold(thing) for thing in MODELS}
_D, _R, _P = (table(m).c for m in (Deadline, Revision, Application))
# A deadline carries the id of the event that set it, so it outlives an event cut off with care. Where one act sets
# many (each member of a panel has a term, a first list is owed beside the review) their ids are their own.
_OWN_IDS = (DeadlineKind.PANEL, DeadlineKind.FIRST_LIST, DeadlineKind.RECHECK, DeadlineKind.SEAT_END)
_TRACES: Sql[_Trace] = Sql(
    sa.select(_D.thing, _D.thing_id, _D.id).where(
        ~sa.select(_E.id).where(_E.id == _D.id).exists(), _D.kind.not_in(_OWN_IDS)
    ),
    _Trace,
)
_AHEAD: Sql[_Lost] = Sql(
    sa.select(_R.application_id, _R.version)
    .join(table(Application), _P.id == _R.application_id)
    .where(_R.version > _P.version)
    .distinct(),
    _Lost,
)
_TRIGGERS: dict[str, Sql[_Name]] = {
    "sqlite": Sql(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'"), _Name),
    "postgresql": Sql(sa.text("SELECT tgname FROM pg_trigger WHERE tgenabled = 'A'"), _Name),
}


class _Count:
    """What was read so far."""

    def __init__(self) -> None:
        self.events = self.things = self.checkpoints = 0


def verify(file: Path | None = None) -> Report:
    """Verify the whole journal at one moment, and the checkpoint file against it.

    `file` is another copy of the checkpoints, such as the one kept off this machine. How far it has come is told
    by `progress`, a step for each kind of thing.
    """
    count = _Count()
    with snapshot() as store:
        faults = list(_seals(store))
        for number, thing in enumerate(Thing):
            progress.at(thing, number, len(Thing))
            faults += _histories(store, thing, count)
        faults += _lost(store)
        faults += _checkpoints(store, file or settings().checkpoint_file, count)
    return Report(not faults, count.events, count.things, count.checkpoints, faults)


def _seals(store: Store) -> Iterator[Fault]:
    """Triggers somebody took away."""
    kind = store.dialect.name
    there = {row.name for row in store.all(_TRIGGERS[kind])}
    for name in SEALED:
        for act in _ACTS[kind]:
            if f"seal_{name}_{act}" not in there:
                yield Fault("seal_missing", name, "", 0, f"seal_{name}_{act}")


def _histories(store: Store, thing: Thing, count: _Count) -> Iterator[Fault]:
    for _, events in groupby(_events(store, thing), attrgetter("thing_id")):
        count.things += 1
        yield from _chain(events, count)


def _events(store: Store, thing: Thing) -> Iterator[Told]:
    """The events in order; one that somebody made unreadable comes as the database has it."""
    for row, raw in stream_as_is(store, _HISTORY[thing], thing=thing):
        event = row or Told._make(raw)
        # SQLite keeps a word in a column of numbers.
        yield event if isinstance(event.version, int) else event._replace(version=0)


def _chain(events: Iterable[Told], count: _Count) -> Iterator[Fault]:
    """One thing's events in order, each against the one before, the last against the row."""
    version, head, state, last = 0, "", None, None
    for last in events:
        count.events += 1
        yield from _link(last, version, head, state)
        version, head, state = last.version, last.hash, last.target
    if last is not None and last.thing in MODELS:
        yield from _ending(last)


def _link(event: Told, version: int, head: str, state: str | None) -> Iterator[Fault]:
    try:
        real = digest(event._asdict())
    except (AttributeError, TypeError) as error:
        yield _fault("unreadable", event, str(error))
    else:
        if real != event.hash:
            yield _fault("edited", event, f"{event.hash} <> {real}")
    if event.version != version + 1:
        yield _fault("gap", event, f"{version} -> {event.version}")
    if event.prev != head:
        yield _fault("broken_link", event, f"{event.prev} <> {head}")
    if event.source != state:
        yield _fault("broken_path", event, f"{event.source} <> {state}")


def _ending(last: Told) -> Iterator[Fault]:
    if last.row_version is None:
        yield _fault("row_missing", last)
    elif last.row_version > last.version:
        versions = f"{last.version} < {last.row_version}"
        yield Fault("tail_cut", last.thing, last.thing_id, last.row_version, versions)
    elif last.row_version < last.version:
        yield _fault("row_behind", last, f"{last.row_version} < {last.version}")
    elif last.row_head != last.hash:
        yield _fault("row_head", last, f"{last.row_head} <> {last.hash}")
    elif last.row_state != last.target:
        yield _fault("row_state", last, f"{last.row_state} <> {last.target}")


def _fault(kind: str, event: Told, detail: str = "") -> Fault:
    return Fault(kind, event.thing, event.thing_id, event.version, detail)


def _lost(store: Store) -> Iterator[Fault]:
    for thing, sql in _UNTOLD.items():
        for lost in stream(store, sql, thing=thing):
            yield Fault("events_missing", thing, *lost)
    for trace in stream(store, _TRACES):
        yield Fault("event_missing", trace.thing, trace.thing_id, 0, trace.event)
    for lost in stream(store, _AHEAD):
        yield Fault("event_missing", Thing.APPLICATION, *lost)


def _checkpoints(store: Store, file: Path, count: _Count) -> Iterator[Fault]:
    prev, most = "", 0
    for number, line in enumerate(whole_lines(file), start=1):
        count.checkpoints = number
        block = block_of(line)
        if block is None or block["prev"] != prev:
            yield Fault("checkpoint_edited", "checkpoint", "", number)
        if block is None:
            continue
        prev, most = block["hash"], max(most, block["events"])
        for leaf in differing(store, block["leaves"]):
            yield Fault("checkpoint_differs", leaf.thing, leaf.thing_id, leaf.version, leaf.head)
    if most > count.events:
        yield Fault("events_fewer", "journal", "", 0, f"{count.events} < {most}")
