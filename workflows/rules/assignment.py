"""Who judges what: the cheapest way to give each case its judges, with the proof that there is no cheaper one.

Each case needs so many judges, each judge has so much room, some pairs are forbidden, and where it is asked for no two
judges of a case work for the same unit. A pair costs nothing where the judge knows the field of the case and much
(`STRANGE`) where not; a small cost by lot (below `CHANCE`) decides among equals, so that the same seed gives the same
answer. What cannot be met is left short, at a price (`MISSING`) no other pair outweighs.

It is a flow of least cost, a linear problem whose corners are whole numbers. It is solved on the likeliest pairs
first, a few more than are needed; the dual prices then show whether any other pair could make it cheaper, and those
that could join in, until none is left. So the answer is the best of all pairs. The solver is told by how much a pair
is dearer than the case's cheapest: it takes none of the answer, and small numbers are what it is quick with.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

import highspy
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

STRANGE, CHANCE, MISSING = 100_000, 1_000, 10_000_000
_SPARE = 3  # pairs to begin with beyond what a case needs, and beyond an expert's even share
_JOINING = 20  # pairs of a case that join in at once
_EXACT = 1e-6
_NO_ROW = -1
_DEVEX = 1  # the pricing of the dual simplex: for this shape twice as fast as the solver's own choice
_STIR = 0.01  # how far the solver stirs the costs to tell equals apart: as it would by itself it drowns the lots


class Problem(NamedTuple):
    """Cases and experts by name, in the same order as all that is told of them.

    `topics`, `fields`: what a case is about, what an expert knows; `room`: cases an expert may still take;
    `need`: judges of each case; `forbidden`: `(case, expert)` by their places in the lists.
    """

    cases: Sequence[str]
    topics: Sequence[frozenset[str]]
    experts: Sequence[str]
    fields: Sequence[frozenset[str]]
    room: Sequence[int]
    need: Sequence[int]
    forbidden: Iterable[tuple[int, int]] = ()
    units: Sequence[str] = ()  # one judge of a unit and case; empty: not asked for
    seed: str = ""


class Solution(NamedTuple):
    """The pairs `(case, expert)`, what they cost, and how many judges each case lacks, if any."""

    pairs: list[tuple[int, int]]
    cost: int
    short: dict[int, int]


class _Found(NamedTuple):
    """An answer on some of the pairs: how far each is taken, what each case lacks, and the prices of all rows."""

    taken: NDArray[np.float64]
    lacking: NDArray[np.float64]
    prices: NDArray[np.float64]


def field_of(topics: frozenset[str], fields: frozenset[str]) -> str:
    """The field that a case and an expert have in common; empty without one."""
    return min(topics & fields, default="")


def costs(problem: Problem) -> NDArray[np.int64]:
    """What each pair costs; -1 where it is forbidden."""
    words = {word: i for i, word in enumerate(sorted(frozenset().union(*problem.topics, *problem.fields)))}
    shared = _marks(problem.topics, words) @ _marks(problem.fields, words).T > 0
    made: NDArray[np.int64] = np.where(shared, 0, STRANGE) + _chance(problem)
    for case, expert in problem.forbidden:
        made[case, expert] = -1
    return made


def solve(problem: Problem, *, spare: int = _SPARE) -> Solution:
    """The cheapest assignment of all there are. `spare`: how many pairs more than needed to begin with."""
    if not problem.cases:
        return Solution([], 0, {})
    cost = costs(problem)
    if not problem.experts:
        return Solution([], 0, {i: n for i, n in enumerate(problem.need) if n})
    share = -(-sum(problem.need) // len(problem.experts))
    return _Search(problem, cost).run(_likeliest(cost, max(problem.need) + spare, share + spare))


def _marks(told: Sequence[frozenset[str]], words: dict[str, int]) -> NDArray[np.int32]:
    made = np.zeros((len(told), max(len(words), 1)), np.int32)
    for i, own in enumerate(told):
        made[i, [words[word] for word in own]] = 1
    return made


def _chance(problem: Problem) -> NDArray[np.int64]:
    """A lot for each pair, below `CHANCE`: two hashes mixed, the same on every machine."""
    rows, columns = (_hashes(problem.seed, names) for names in (problem.cases, problem.experts))
    mixed = rows[:, None] ^ (columns * np.uint64(0x9E3779B97F4A7C15))[None, :]
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    lots: NDArray[np.int64] = ((mixed ^ (mixed >> np.uint64(31))) % np.uint64(CHANCE)).astype(np.int64)
    return lots


def _hashes(seed: str, names: Sequence[str]) -> NDArray[np.uint64]:
    raw = b"".join(hashlib.sha256(f"{seed}|{name}".encode()).digest()[:8] for name in names)
    return np.frombuffer(raw, dtype=">u8").astype(np.uint64)


def _likeliest(cost: NDArray[np.int64], per_case: int, per_expert: int) -> NDArray[np.bool_]:
    """The cheapest pairs of each case and of each expert, forbidden ones left out."""
    priced = np.where(cost < 0, np.iinfo(np.int64).max, cost)
    keep = np.zeros(cost.shape, np.bool_)
    for axis, most in ((1, per_case), (0, per_expert)):
        n = min(most, cost.shape[axis])
        best = np.argpartition(priced, n - 1, axis=axis)
        np.put_along_axis(keep, best.take(np.arange(n), axis=axis), values=True, axis=axis)
    return keep & (cost >= 0)


def _starts(lengths: NDArray[np.int64]) -> NDArray[np.int32]:
    """Where each of so many entries begins, as the solver is told."""
    return (np.cumsum(lengths) - lengths).astype(np.int32)


class _Search:
    """The linear problem as it grows: pairs that could make it cheaper, and units that a case would have twice."""

    def __init__(self, problem: Problem, cost: NDArray[np.int64]) -> None:
        self._problem, self._cost = problem, cost
        self._cases, self._experts = cost.shape
        self._least = np.where(cost < 0, MISSING, cost).min(axis=1).astype(np.float64)  # a case's cheapest
        self._above: NDArray[np.float64] = cost - self._least[:, None]  # what a pair costs more than that
        self._in = np.zeros(cost.shape, np.bool_)
        self._rows = self._columns = np.zeros(0, np.int64)
        names = {name: i for i, name in enumerate(dict.fromkeys(problem.units))}
        self._unit = np.array([names[name] for name in problem.units], np.int64)
        self._guards = np.full((self._cases, len(names)), _NO_ROW, np.int32)  # the row of a case and a unit
        self._solver = self._begun()

    def run(self, first: NDArray[np.bool_]) -> Solution:
        """Solve until no pair outside and no doubled unit is left."""
        more = first
        while True:
            self._join(more)
            found = self._solved()
            more = self._cheaper(found)
            doubled = self._doubled(found)
            if not more.any() and not len(doubled):
                return self._told(found)
            self._guard(doubled)

    def _begun(self) -> Any:
        """A row for each case and each expert, and a column for what a case may lack."""
        need = np.array(self._problem.need, np.float64)
        room = np.array(self._problem.room, np.float64)
        solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]  # it ships no types
        for name, value in (("output_flag", False), ("presolve", "off"), ("threads", 1),
                            ("simplex_dual_edge_weight_strategy", _DEVEX),
                            ("dual_simplex_cost_perturbation_multiplier", _STIR)):  # fmt: skip
            solver.setOptionValue(name, value)
        low, high = np.concatenate([need, np.zeros(self._experts)]), np.concatenate([need, room])
        nothing, none = np.zeros(0, np.int32), np.zeros(0)
        solver.addRows(self._cases + self._experts, low, high, 0, np.zeros(len(low), np.int32), nothing, none)
        each = np.arange(self._cases, dtype=np.int32)
        solver.addCols(self._cases, MISSING - self._least, np.zeros(self._cases), need, self._cases, each, each,
                       np.ones(self._cases))  # fmt: skip
        return solver

    def _join(self, more: NDArray[np.bool_]) -> None:
        """Take pairs in: each counts for its case, its expert and, if it is guarded, its unit."""
        rows, columns = np.nonzero(more)
        if not len(rows):
            return
        self._in |= more
        self._rows, self._columns = np.concatenate([self._rows, rows]), np.concatenate([self._columns, columns])
        entries = [rows, self._cases + columns]
        if len(self._unit):
            entries.append(self._guards[rows, self._unit[columns]])
        index = np.stack(entries, axis=1).astype(np.int32)
        counted = index != _NO_ROW
        starts = _starts(counted.sum(axis=1))
        index = index[counted]
        n = len(rows)
        self._solver.addCols(n, self._above[rows, columns], np.zeros(n), np.ones(n), len(index), starts, index,
                             np.ones(len(index)))  # fmt: skip

    def _solved(self) -> _Found:
        self._solver.run()
        answer = self._solver.getSolution()
        values = np.asarray(answer.col_value)
        return _Found(values[self._cases :], values[: self._cases], np.asarray(answer.row_dual))

    def _cheaper(self, found: _Found) -> NDArray[np.bool_]:
        """The pairs outside whose price is below what they would save: the best of each case."""
        duals, ends = found.prices, self._cases + self._experts
        reduced: NDArray[np.float64] = self._above - duals[: self._cases, None] - duals[None, self._cases : ends]
        if len(self._unit):
            reduced -= np.where(self._guards == _NO_ROW, 0, duals[self._guards])[:, self._unit]
        reduced[self._in | (self._cost < 0)] = 0
        most = min(_JOINING, self._experts)
        best = np.argpartition(reduced, most - 1, axis=1)[:, :most]
        keep = np.zeros(self._in.shape, np.bool_)
        np.put_along_axis(keep, best, values=True, axis=1)
        return keep & (reduced < -_EXACT)

    def _doubled(self, found: _Found) -> NDArray[np.int64]:
        """The cases that would have two judges of one unit: `case, unit`, one a line."""
        if not len(self._unit):
            return np.zeros((0, 2), np.int64)
        used = found.taken > _EXACT
        width = self._guards.shape[1]
        keys = self._rows[used] * width + self._unit[self._columns[used]]
        sums = np.bincount(keys, weights=found.taken[used], minlength=1)
        return np.stack(np.divmod(np.nonzero(sums > 1 + _EXACT)[0], width), axis=1)

    def _guard(self, doubled: NDArray[np.int64]) -> None:
        """From now on a case takes one judge of these units at most."""
        n, begin = len(doubled), self._solver.getNumRow()
        if not n:
            return
        self._guards[doubled[:, 0], doubled[:, 1]] = np.arange(begin, begin + n)
        rows = self._guards[self._rows, self._unit[self._columns]]
        columns = np.nonzero(rows >= begin)[0]
        columns = columns[np.argsort(rows[columns], kind="stable")]
        starts = _starts(np.bincount(rows[columns] - begin, minlength=n))
        self._solver.addRows(n, np.zeros(n), np.ones(n), len(columns), starts,
                             (columns + self._cases).astype(np.int32), np.ones(len(columns)))  # fmt: skip

    def _told(self, found: _Found) -> Solution:
        used = found.taken > 0.5  # noqa: PLR2004 -- a corner of the problem is whole: 0 or 1
        pairs = sorted(zip(self._rows[used].tolist(), self._columns[used].tolist(), strict=True))
        short = {i: round(n) for i, n in enumerate(found.lacking.tolist()) if round(n)}
        return Solution(pairs, int(self._cost[self._rows[used], self._columns[used]].sum()), short)
