"""Dealing 2,000 cases out to 500 experts, 7 judges each, in under two seconds.

The problem alone, with its proof, beside the bare solver on likely pairs without one; then the whole verb, which reads
who must not judge whom and writes 14,000 assignments with their reasons, beside the same rows by the bare driver.
"""

from __future__ import annotations

import json
from functools import partial
from time import process_time
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np

from models import clock, database, schema
from models.base import new_ids
from tests.benchmarks.ground import both, clones, marks, raw, timed
from tests.judging import SCORING, at_desk, judged_round
from tests.worlds import NOW, PROVINCE, application, build
from workflows.judging.assigning import assign
from workflows.judging.drawing import dissolve_panel, draw_panel
from workflows.judging.experts import enrol_expert
from workflows.rules.assignment import Problem, costs, solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from models.panel import Panel
    from tests.worlds import World

CASES, EXPERTS, JUDGES, FIELDS, UNITS = 2000, 500, 7, 12, 150
TIMES, GOAL_MS, BARE_PAIRS = 3, 2000, 60
SHARE = -(-CASES * JUDGES // EXPERTS)
_WRITE = (
    "INSERT INTO assignment (id, panel_id, application_id, account_id, reason, assigned_at, ended_at, end_reason, anchor)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, 'x', false)"
)
MOST = {"usual": None, "tightest": SHARE}


def problem(*, one_per_unit: bool, most: int | None = None) -> Problem:
    """A province's year: a field a case, some fields an expert, and whoever works for the unit must stand back."""
    dice = np.random.default_rng(1)
    topics = [frozenset({f"f{i}"}) for i in dice.integers(0, FIELDS, CASES)]
    knows = dice.random((EXPERTS, FIELDS)) < 0.2
    homes, owners = dice.integers(0, UNITS, EXPERTS), dice.integers(0, UNITS, CASES)
    barred = np.argwhere(owners[:, None] == homes[None, :]).tolist()
    return Problem(
        [f"c{i}" for i in range(CASES)], topics, [f"e{i}" for i in range(EXPERTS)],
        [frozenset(f"f{i}" for i in np.nonzero(own)[0]) for own in knows], [most or SHARE + -(-SHARE // 4)] * EXPERTS,
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


def once(command: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of one call, and of the processor it took."""

    def call(_i: int) -> None:
        command()

    begin = process_time()
    wall = timed(call)
    return wall, (process_time() - begin) * 1000


def least(runs: list[tuple[float, float]]) -> tuple[float, float]:
    """The shortest of some runs, and the least it took of the processor: others may run beside us."""
    return min(wall for wall, _ in runs), min(own for _, own in runs)


def tell(name: str, ours: tuple[float, float], bare: float) -> None:
    """One JSON line for one measurement."""
    line = {"name": f"assign 2,000 x 7 x 500, {name}", "ours_ms": round(ours[0]), "cpu_ms": round(ours[1]),
            "raw_ms": round(bare), "ratio": round(ours[0] / bare, 2), "goal_ms": GOAL_MS, "n": CASES}  # fmt: skip
    print(json.dumps(line), flush=True)


def solved() -> None:
    """The usual room and the tightest there is, with and without two judges of a unit in a case."""
    for name, most in MOST.items():
        for one_per_unit in (False, True):
            asked = problem(one_per_unit=one_per_unit, most=most)
            bared = partial(bare, costs(asked), asked.room)
            what = f"{name} room{', one judge of a unit' if one_per_unit else ''}"
            ours, theirs = ([once(command) for _ in range(TIMES)] for command in (partial(solve, asked), bared))
            tell(what, least(ours), least(theirs)[0])


def peopled() -> World:
    """A round of the province with the cases at its desk and the experts in its pool."""
    w = judged_round(build(), scoring=SCORING, panel={"size": JUDGES, "odd": False})
    [one] = at_desk(w, 1)
    clones(application(one), CASES - 1)
    for i in range(EXPERTS):
        enrol_expert(w.admin, organization_code=PROVINCE, email=f"pool{i}@example.cn", fields=["机械"], name=f"专家{i}")
    return w


def drawn(w: World) -> Panel:
    """A panel of all of them."""
    return draw_panel(w.province, round_id=w.round_id, organization_code=PROVINCE, size=EXPERTS)


def written(url: str, panel: Panel) -> float:
    """Milliseconds the bare driver takes to write the panel's assignments once more, as ones that ended."""
    connection = raw(url)
    cursor = connection.cursor()
    asked = "SELECT application_id, account_id, CAST(reason AS text), assigned_at FROM assignment WHERE panel_id = ?"
    found = cursor.execute(marks(url, asked), (panel.id,)).fetchall()
    connection.commit()
    rows = [(one, panel.id, *row, row[-1]) for one, row in zip(new_ids(len(found)), found, strict=True)]

    def insert(_i: int) -> None:
        cursor.execute("BEGIN")
        cursor.executemany(marks(url, _WRITE), rows)
        connection.commit()

    took = timed(insert)
    connection.close()
    return took


def dealt(url: str, kind: str) -> None:
    """The whole verb, on panels drawn and dissolved in turn."""
    database.connect(url)
    schema.upgrade()
    with clock.at(NOW):
        w = peopled()
        for name, most in MOST.items():
            runs, bared = [], []
            for _ in range(TIMES):
                panel = drawn(w)
                runs.append(once(partial(assign, w.province, panel.id, judges=JUDGES, most=most, seen=panel.version)))
                bared.append(written(url, panel))
                dissolve_panel(w.province, panel.id, reason="评审组调整", seen=panel.version + 1)
            tell(f"{name} room, the verb, {kind}", least(runs), min(bared))


def main() -> None:
    """The problem alone, then the verb on both databases."""
    solved()
    with both() as databases:
        for kind, url in databases:
            dealt(url, kind)


if __name__ == "__main__":
    main()
