"""The cut line: which names it would separate under another mean, another quota, or other judges.

Everything is counted in whole hundredths, and chance comes from a hash of a stated seed: the same sheets and
the same seed give the same answer everywhere (docs/scoring.md). It shows how firm a line is and decides nothing.
"""

from __future__ import annotations

import hashlib
import struct
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from workflows.rules import ranking, scoring

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from fractions import Fraction

    from models.programme import Scoring

RESAMPLES = 1000
MEANS: tuple[Literal["mean", "trimmed", "median"], ...] = ("mean", "trimmed", "median")
Side = Literal["in", "tied", "out"]


class Name(NamedTuple):
    """A name to be placed: its totals in hundredths by judge, and what the tie rule's steps say of it."""

    id: str
    totals: Mapping[str, int]
    key: tuple[Any, ...] = ()


class Change(NamedTuple):
    """A name that another way of counting puts on another side of the line."""

    id: str
    before: Side
    after: Side


class Variant(NamedTuple):
    """Another way of counting: `mean`, `trimmed`, `median`, `one_more`, `one_fewer` or `adjusted`; whom it moves."""

    kind: str
    line: int
    changes: tuple[Change, ...]


class Firmness(NamedTuple):
    """One name: its rank and score, the side of the line, and in what percent of the resamples it stays there.

    `adjusted` and `adjusted_rank`: the same with the judges' severity taken out, None where it has no estimate.
    Scores in hundredths of a point; `percent` whole, half up.
    """

    id: str
    rank: int
    score: int
    side: Side
    percent: int
    adjusted: int | None
    adjusted_rank: int | None


class View(NamedTuple):
    """A line and how firm it is: `percent` of `resamples` draw exactly the same line, by `seed`."""

    line: int
    names: tuple[Firmness, ...]
    variants: tuple[Variant, ...]
    percent: int
    resamples: int
    seed: str


def view(
    rule: Scoring, names: Sequence[Name], line: int, *, seed: str,
    leniency: Mapping[str, Fraction] | None = None, resamples: int = RESAMPLES,
) -> View:  # fmt: skip
    """How firm the line after `line` names is, all of them with at least one sheet.

    `leniency` is each judge's in hundredths, None where it could not be estimated. Names that are equal
    by score and by the programme's steps on both sides of the line are tied, on neither side of it.
    """
    scores = [_score(rule, list(name.totals.values())) for name in names]
    ranks = _ranks(scores, names)
    sides = _sides(ranks, line)
    fair = None if leniency is None else [_score(rule, _fair(name, leniency)) for name in names]
    fair_ranks = None if fair is None else _ranks(fair, names)
    kept, same = _resampled(rule, names, line, sides, seed, resamples)
    told = (
        Firmness(name.id, ranks[i], scores[i], sides[i], _percent(kept[i], resamples),
                 fair[i] if fair else None, fair_ranks[i] if fair_ranks else None)
        for i, name in enumerate(names)
    )  # fmt: skip
    order = sorted(told, key=lambda one: (one.rank, one.id))
    variants = tuple(_variants(rule, names, line, ranks, fair_ranks))
    return View(line, tuple(order), variants, _percent(same, resamples), resamples, seed)


def _variants(
    rule: Scoring, names: Sequence[Name], line: int, ranks: Sequence[int], fair_ranks: Sequence[int] | None
) -> Iterator[Variant]:
    before = _sides(ranks, line)

    def against(kind: str, other: Sequence[int], at: int) -> Variant:
        after = _sides(other, at)
        moved = (Change(name.id, a, b) for name, a, b in zip(names, before, after, strict=True) if a != b)
        return Variant(kind, at, tuple(moved))

    if rule.method in MEANS:
        for method in MEANS:
            if method != rule.method:
                other = rule.model_copy(update={"method": method})
                yield against(method, _ranks([_score(other, list(n.totals.values())) for n in names], names), line)
    yield against("one_more", ranks, line + 1)
    if line > 1:
        yield against("one_fewer", ranks, line - 1)
    if fair_ranks is not None:
        yield against("adjusted", fair_ranks, line)


def _fair(name: Name, leniency: Mapping[str, Fraction]) -> list[int | Fraction]:
    return [total - leniency.get(judge, 0) for judge, total in name.totals.items()]


def _score(rule: Scoring, totals: Sequence[int | Fraction]) -> int:
    return scoring.combined(rule, totals) or 0


def _ranks(scores: Sequence[int], names: Sequence[Name]) -> list[int]:
    return ranking.ranks([(score, name.key) for score, name in zip(scores, names, strict=True)])


def _sides(ranks: Sequence[int], line: int) -> list[Side]:
    """Which side of the line each name is on, by ranks of which equal ones share the best place."""
    counts: dict[int, int] = defaultdict(int)
    for rank in ranks:
        counts[rank] += 1
    return ["out" if rank > line else "in" if rank + counts[rank] - 1 <= line else "tied" for rank in ranks]


def _percent(part: int, whole: int) -> int:
    return (200 * part + whole) // (2 * whole) if whole else 100


def _resampled(
    rule: Scoring, names: Sequence[Name], line: int, sides: Sequence[Side], seed: str, resamples: int
) -> tuple[list[int], int]:
    """How often each name stays on its side, and how often all of them do.

    Each time every panel draws as many of its judges as it has, with repetition: the cases of one panel
    share the draw, as they share its judges. Ties are broken by the programme's steps as the sheets give
    them. Names that no draw can move are left out of the counting.
    """
    left = _undecided(rule, names, line)
    fixed = sum(1 for i in set(range(len(names))).difference(left) if sides[i] == "in")
    steps = ranking.ranks([name.key for name in names])
    panels: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i in left:
        panels[tuple(sorted(names[i].totals))].append(i)
    scores: dict[int, Sequence[int]] = {}
    for panel, members in panels.items():
        draws = draws_of(seed, panel, resamples)
        scores |= {i: _redrawn(rule, [names[i].totals[judge] for judge in panel], draws) for i in members}
    kept, same = [0 if i in scores else resamples for i in range(len(names))], 0
    for n in range(resamples):
        now = _sides(ranking.ranks([(scores[i][n], -steps[i]) for i in left]), line - fixed)
        stayed = [i for i, side in zip(left, now, strict=True) if side == sides[i]]
        for i in stayed:
            kept[i] += 1
        same += len(stayed) == len(left)
    return kept, same


def _redrawn(rule: Scoring, totals: Sequence[int], draws: Sequence[tuple[int, ...]]) -> array[int]:
    """A case's score under each draw of its judges; most draws of a small panel repeat."""
    known = {drawn: _score(rule, [totals[n] for n in drawn]) for drawn in set(draws)}
    return array("q", (known[drawn] for drawn in draws))


def _undecided(rule: Scoring, names: Sequence[Name], line: int) -> list[int]:
    """The names whose side can change at all: every mean lies between the lowest and the highest sheet."""
    ends = [[_score(rule, [f(name.totals.values())]) for f in (min, max)] for name in names]
    lows, highs = (sorted(pair[n] for pair in ends) for n in (0, 1))
    found = []
    for i, (low, high) in enumerate(ends):
        # Fewer than `line` others can reach it: in for certain. `line` others are above it always: out.
        may_reach = len(names) - bisect_left(highs, low) - 1
        above = len(names) - bisect_right(lows, high)
        if may_reach >= line and above < line:
            found.append(i)
    return found


def draws_of(seed: str, panel: tuple[str, ...], resamples: int) -> list[tuple[int, ...]]:
    """The places of a panel's judges drawn each time, sorted; from a hash of the seed and the panel alone."""
    n = len(panel)
    chance = hashlib.shake_256("\n".join((seed, *panel)).encode()).digest(4 * n * resamples)
    # 32 bits of chance for a choice among so few: the odds differ by less than one in 10 million.
    places = [(bits * n) >> 32 for (bits,) in struct.iter_unpack("<I", chance)]
    return [tuple(sorted(places[k : k + n])) for k in range(0, n * resamples, n)]
