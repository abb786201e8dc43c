"""Checkpoints: what every chain's head was, in a file that can leave the machine.

A chain alone cannot show that its tail was cut, or that it was written anew as a whole. Each line
of the file is a block in JSON: the heads of the things that changed, their Merkle root (RFC 6962)
and the hash of the block before.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from models.base import table
from models.errors import BrokenError
from models.journal import Event
from models.settings import settings
from models.sql import Sql, bind
from workflows.record.journal import canonical
from workflows.record.streaming import snapshot, stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from io import BufferedRandom
    from pathlib import Path

    from models.database import Store

# A transaction is dated when it begins and seen when it commits, and clocks are set back.
OVERLAP = timedelta(hours=1)
MOST_LEAVES = 10_000
_AT_ONCE = 1 << 16
_LONG_AGO = "0001-01-02T00:00:00+00:00"


class Leaf(NamedTuple):
    """Where a thing's chain stood."""

    thing: str
    thing_id: str
    version: int
    head: str


_E = table(Event).c
_changed = (
    sa.select(_E.thing, _E.thing_id, sa.func.max(_E.version).label("version"))
    .where(_E.at >= bind("since", _E.at))
    .group_by(_E.thing, _E.thing_id)
    .subquery()
)
_LEAVES: Sql[Leaf] = Sql(
    sa.select(_E.thing, _E.thing_id, _E.version, _E.hash)
    .join(
        _changed,
        (_E.thing == _changed.c.thing) & (_E.thing_id == _changed.c.thing_id) & (_E.version == _changed.c.version),
    )
    .order_by(_E.thing, _E.thing_id),
    Leaf,
)


def _differing(listed: Any, part: Callable[[int], Any]) -> Sql[Leaf]:
    """The leaves of a JSON text that the journal does not have, in one statement."""
    thing, thing_id, version, head = (part(i) for i in range(4))
    told = (_E.thing == thing) & (_E.thing_id == thing_id) & (_E.version == version)
    return Sql(
        sa.select(thing, thing_id, version, head)
        .select_from(listed)
        .outerjoin(table(Event), told)
        .where(_E.hash.is_(None) | (_E.hash != head)),
        Leaf,
    )


_TEXT = sa.bindparam("leaves", type_=sa.String)
_SQLITE = sa.func.json_each(_TEXT).table_valued("value", name="leaf")
_POSTGRESQL = sa.func.jsonb_array_elements(sa.cast(_TEXT, JSONB)).table_valued("value", name="leaf")
_TYPES = (sa.String, sa.String, sa.Integer, sa.String)
_DIFFERING: dict[str, Sql[Leaf]] = {
    "sqlite": _differing(_SQLITE, lambda i: sa.literal_column(f"json_extract(leaf.value, '$[{i}]')", _TYPES[i])),
    "postgresql": _differing(_POSTGRESQL, lambda i: sa.cast(sa.literal_column(f"leaf.value ->> {i}"), _TYPES[i])),
}
_COUNT: Sql[int] = Sql(sa.select(sa.func.count()).select_from(table(Event)))


def checkpoint() -> dict[str, Any]:
    """Append the heads that changed since the last checkpoint; answers what was written.

    `leaves` counts them, `root` and `hash` are those of the last block: print them in the notice
    or mail them. Raises BrokenError("checkpoint_broken") when the last block cannot be read.
    """
    with _held(settings().checkpoint_file) as file:
        last = _last(file)
        written = [_append(file, block) for block in _blocks(last)]
        _make_durable(file)
    end = written[-1]
    leaves = sum(len(block["leaves"]) for block in written)
    return {key: end[key] for key in ("at", "events", "root", "hash")} | {"leaves": leaves}


def root(leaves: Sequence[Sequence[Any]]) -> str:
    """The Merkle tree hash of RFC 6962 over the leaves' canonical JSON (SHA-256, hex)."""
    level = [hashlib.sha256(b"\x00" + canonical(list(leaf)).encode()).digest() for leaf in leaves]
    if not level:
        return hashlib.sha256().hexdigest()
    while len(level) > 1:
        paired = zip(level[::2], level[1::2], strict=False)
        above = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in paired]
        level = above + level[len(level) - len(level) % 2 :]
    return level[0].hex()


def hash_of(block: dict[str, Any]) -> str:
    """The hash of a block over everything else in it."""
    rest = {key: value for key, value in block.items() if key != "hash"}
    return hashlib.sha256(canonical(rest).encode()).hexdigest()


def block_of(line: bytes) -> dict[str, Any] | None:
    """A line of the file, when it is the block it says it is."""
    try:
        block: dict[str, Any] = json.loads(line)
        true = block["hash"] == hash_of(block) and block["root"] == root(block["leaves"])
        datetime.fromisoformat(block["until"])
    except (ValueError, KeyError, TypeError):
        return None
    return block if true and {"prev", "events", "at"} <= block.keys() else None


def differing(store: Store, leaves: list[list[Any]]) -> list[Leaf]:
    """The leaves of a block that the journal does not have, or has otherwise."""
    return store.all(_DIFFERING[store.dialect.name], leaves=json.dumps(leaves))


def whole_lines(file: Path) -> Iterator[bytes]:
    """The blocks of a checkpoint file as they are written; a line torn by a crash is not one."""
    if not file.exists():
        return
    with file.open("rb") as lines:
        yield from (line for line in lines if line.endswith(b"\n"))


def _blocks(last: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
    """The blocks to append; all but the last keep the old moment, so that a crash repeats them."""
    until = last["until"] if last else _LONG_AGO
    prev = last["hash"] if last else ""
    with snapshot() as store:
        events = store.first(_COUNT) or 0
        batches = _batches(_since(store, until))
        batch = next(batches, [])
        while True:
            following = next(batches, None)
            block = {
                "at": store.now.isoformat(),
                "until": store.now.isoformat() if following is None else until,
                "events": events,
                "leaves": [list(leaf) for leaf in batch],
                "root": root(batch),
                "prev": prev,
            }
            prev = block["hash"] = hash_of(block)
            yield block
            if following is None:
                return
            batch = following


def _since(store: Store, until: str) -> Iterator[Leaf]:
    moment = datetime.fromisoformat(until)
    since = moment - OVERLAP if until != _LONG_AGO else moment
    return stream(store, _LEAVES, since=since)


def _batches(leaves: Iterable[Leaf]) -> Iterator[list[Leaf]]:
    rest = iter(leaves)
    while batch := list(islice(rest, MOST_LEAVES)):
        yield batch


@contextmanager
def _held(path: Path) -> Iterator[BufferedRandom]:
    """The file, for us alone, without what a crash has left half-written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.truncate(_end_of_line_before(file, file.seek(0, os.SEEK_END)))
        yield file


def _last(file: BufferedRandom) -> dict[str, Any] | None:
    end = file.seek(0, os.SEEK_END)
    if end == 0:
        return None
    file.seek(_end_of_line_before(file, end - 1))
    if (block := block_of(file.read())) is None:
        raise BrokenError("checkpoint_broken", file=file.name)
    return block


def _end_of_line_before(file: BufferedRandom, end: int) -> int:
    """The place after the last line break before `end`; 0 when there is none."""
    while end > 0:
        start = max(0, end - _AT_ONCE)
        file.seek(start)
        if (found := file.read(end - start).rfind(b"\n")) >= 0:
            return start + found + 1
        end = start
    return 0


def _append(file: BufferedRandom, block: dict[str, Any]) -> dict[str, Any]:
    file.write(canonical(block).encode() + b"\n")
    return block


def _make_durable(file: BufferedRandom) -> None:
    """The bytes and, for a new file, its name."""
    file.flush()
    os.fsync(file.fileno())
    folder = os.open(os.path.dirname(file.name), os.O_RDONLY)  # noqa: PTH120 -- an open file's own name
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
