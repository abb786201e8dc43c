"""Dealing 2,000 cases out to 500 experts, 7 judges each, beside the bare solver on all likely pairs and no proof."""

from __future__ import annotations

from functools import partial
from statistics import median
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np

from tests.benchmarks.ground import tell, timed
from workflows.rules.assignment import Problem, costs, solve

if TYPE_CHECKING:
    from numpy.typing import NDArray

CASES, EXPERTS, JUDGES, FIELDS, UNITS = 2000, 500, 7, 12, 150
TIMES, GOAL, BARE_PAIRS = 3, 4.0, 60


def problem(*, one_per_unit: bool) -> Problem:
    """A province's year: a field a case, some fields an expert, and whoever works for the unit must stand back."""
    dice = np.random.default_rng(1)
    topics = [frozenset({f"f{i}"}) for i in dice.integers(0, FIELDS, CASES)]
    knows = dice.random((EXPERTS, FIELDS)) < 0.2
    homes, owners = dice.integers(0, UNITS, EXPERTS), dice.integers(0, UNITS, CASES)
    barred = np.argwhere(owners[:, None] == homes[None, :]).tolist()
    share = -(-CASES * JUDGES // EXPERTS)
    return Problem(
        [f"c{i}" for i in range(CASES)], topics, [f"e{i}" for i in range(EXPERTS)],
        [frozenset(f"f{i}" for i in np.nonzero(own)[0]) for own in knows], [share + -(-share // 4)] * EXPERTS,
        [JUDGES] * CASES, [(c, e) for c, e in barred], [f"u{i}" for i in homes] if one_per_unit else (), "2026",
    )  # fmt: skip


def bare(cost: NDArray[np.int64], room: Any, _i: int = 0) -> None:
    """The solver alone, with its own choices, on the 60 cheapest pairs of each case."""
    priced = np.where(cost < 0, np.iinfo(np.int64).max, cost)
    columns = np.argpartition(priced, BARE_PAIRS, axis=1)[:, :BARE_PAIRS].ravel()
    rows = np.repeat(np.arange(CASES), BARE_PAIRS)
    n = len(rows)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = n, CASES + EXPERTS
    model.col_cost_, model.col_lower_, model.col_upper_ = cost[rows, columns].astype(float), np.zeros(n), np.ones(n)
    model.row_lower_ = np.concatenate([np.full(CASES, JUDGES), np.zeros(EXPERTS)]).astype(float)
    model.row_upper_ = np.concatenate([np.full(CASES, JUDGES), room]).astype(float)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.arange(0, 2 * n + 1, 2, dtype=np.int32)
    model.a_matrix_.index_ = np.stack([rows, CASES + columns], axis=1).ravel().astype(np.int32)
    model.a_matrix_.value_ = np.ones(2 * n)
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]  # it ships no types
    solver.setOptionValue("output_flag", False)  # noqa: FBT003 -- the solver's own way
    solver.passModel(model)
    solver.run()


def _ours(asked: Problem, _i: int = 0) -> None:
    solve(asked)


def main() -> None:
    """One line as it is usually asked for, one with no two judges of a unit in a case."""
    for one_per_unit in (False, True):
        asked = problem(one_per_unit=one_per_unit)
        cost = costs(asked)
        ours = [timed(partial(_ours, asked)) for _ in range(TIMES)]
        theirs = [timed(partial(bare, cost, asked.room)) for _ in range(TIMES)]
        name = "one judge of a unit" if one_per_unit else "proven best"
        tell(f"assign 2,000 x 7 x 500 ({name})", median(ours), median(theirs), GOAL, CASES)


if __name__ == "__main__":
    main()
