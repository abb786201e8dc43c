"""The draw of a panel: a lot for everybody from the seed and the pool, so that anybody can draw it again.

1. The pool as it is at that moment is listed: for each expert `{"fields": [...], "id": "..."}`, by id, as JSON
   without spaces and with sorted keys and fields. Its SHA-256 (hex) is the hash of the pool.
2. Each expert's lot is the SHA-256 (hex) of `seed|hash of the pool|id`, in UTF-8. The lowest lot comes first.
3. Of each field that was asked for, as many as were asked for are taken in that order, one field after the other;
   the seats that are left go to whoever comes next.
4. Who leaves is replaced by the next who has the field of the seat, else by the next at all.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence


class Place(NamedTuple):
    """Who is drawn: the expert, the place in the order from 0, and the field the seat was asked for, if any."""

    expert: str
    place: int
    stratum: str


def listed(pool: Iterable[tuple[str, Iterable[str]]]) -> list[dict[str, Any]]:
    """The pool as it is hashed and kept: `(id, fields)` of each expert, by id."""
    return [{"fields": sorted(set(fields)), "id": one} for one, fields in sorted(pool)]


def fingerprint(snapshot: Sequence[Mapping[str, Any]]) -> str:
    """The hash of a pool (SHA-256, hex)."""
    text = json.dumps(list(snapshot), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def lot(seed: str, mark: str, name: str) -> str:
    """One name's lot; `mark` says of what the draw is."""
    return hashlib.sha256(f"{seed}|{mark}|{name}".encode()).hexdigest()


def in_order(seed: str, mark: str, names: Iterable[str]) -> list[str]:
    """Names by their lots, lowest first."""
    return sorted(names, key=lambda name: (lot(seed, mark, name), name))


def order(seed: str, snapshot: Sequence[Mapping[str, Any]]) -> list[str]:
    """The whole pool in the order it is drawn in."""
    return in_order(seed, fingerprint(snapshot), (one["id"] for one in snapshot))


def seats(
    drawn: Sequence[str], snapshot: Sequence[Mapping[str, Any]], size: int, strata: Iterable[Sequence[Any]] = ()
) -> list[Place]:
    """Who is on the panel, in the order drawn; fewer than `size` where the pool has no more.

    `strata`: how many of which field, `[[field, n], ...]`.
    """
    taken: dict[str, Place] = {}
    for field, n in strata:
        for place in _first(drawn, snapshot, taken, str(field), int(n)):
            taken[place.expert] = place
    for place in _first(drawn, snapshot, taken, "", size - len(taken)):
        taken[place.expert] = place
    return sorted(taken.values(), key=lambda place: place.place)


def following(
    drawn: Sequence[str], snapshot: Sequence[Mapping[str, Any]], gone: Collection[str], stratum: str = ""
) -> list[Place]:
    """Who may take a seat, the next first: of its field before all others, nobody in `gone`."""
    fitting = _first(drawn, snapshot, gone, stratum, len(drawn)) if stratum else []
    known = {place.expert for place in fitting}
    return fitting + [place for place in _first(drawn, snapshot, gone, "", len(drawn)) if place.expert not in known]


def short_of(
    drawn: Sequence[str], snapshot: Sequence[Mapping[str, Any]], strata: Iterable[Sequence[Any]]
) -> list[tuple[str, int]]:
    """The fields of which the pool has too few, with how many there are."""
    having = {field: sum(field in one["fields"] for one in snapshot if one["id"] in drawn) for field, _ in strata}
    return [(field, having[field]) for field, n in strata if having[field] < n]


def _first(
    drawn: Sequence[str], snapshot: Sequence[Mapping[str, Any]], gone: Collection[str], stratum: str, n: int
) -> list[Place]:
    fields = {one["id"]: one["fields"] for one in snapshot}
    fitting = [
        Place(expert, i, stratum)
        for i, expert in enumerate(drawn)
        if expert not in gone and (not stratum or stratum in fields[expert])
    ]
    return fitting[: max(n, 0)]
