"""Severity: how lenient each judge of a panel is, estimated from cases that several of them scored.

The model is additive: a total is the case's worth plus the judge's leniency plus chance. Worth and leniency
are fitted by least squares in whole numbers and fractions, so that the answer is exact; the leniencies add
up to nothing. It is an estimate beside the scores and never changes one (docs/scoring.md).
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from math import isqrt, lcm
from typing import TYPE_CHECKING, Any, NamedTuple

from workflows.rules.scoring import half_up

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

LEAST_CASES = 3  # that a judge must share with others
MOST_JUDGES = 100


class Cell(NamedTuple):
    """One sheet: which case, which judge, its total in hundredths."""

    case: str
    judge: str
    total: int


class Leniency(NamedTuple):
    """One judge: `exact` hundredths above the panel (below it: negative), over how many shared cases."""

    judge: str
    exact: Fraction
    cases: int

    @property
    def shown(self) -> int:
        """In whole hundredths, half up."""
        return half_up(self.exact)


class Severity(NamedTuple):
    """A panel's leniencies, the most lenient first, and what they leave unexplained.

    `residual`: the standard deviation of what neither case nor judge explains, in hundredths, None where
    nothing is left to tell it by. Without an estimate `why` is the reason's code with its numbers.
    """

    judges: tuple[Leniency, ...]
    cases: int
    residual: int | None
    why: dict[str, Any] | None = None

    @property
    def by_judge(self) -> dict[str, Fraction]:
        """Each judge's leniency, exactly."""
        return {one.judge: one.exact for one in self.judges}


def estimate(cells: Iterable[Cell], anchors: Collection[str] = ()) -> Severity:
    """The panel's leniencies from its anchor cases; where none is named, from all that several judges scored.

    An honest "cannot be estimated" where there are fewer than two judges or more than 100, where one of
    them shares fewer than 3 cases with others, or where the judges fall into groups that share no case.
    """
    every = list(cells)
    judges = sorted({cell.judge for cell in every})
    rows: dict[str, dict[str, int]] = defaultdict(dict)
    for cell in every:
        if not anchors or cell.case in anchors:
            rows[cell.case][cell.judge] = cell.total
    shared = {case: row for case, row in sorted(rows.items()) if len(row) > 1}
    counts = {judge: sum(judge in row for row in shared.values()) for judge in judges}
    why = _refused(judges, counts, shared)
    if why is not None:
        return Severity((), len(shared), None, why)
    exact = _fitted(judges, shared)
    found = (Leniency(judge, exact[judge], counts[judge]) for judge in judges)
    order = sorted(found, key=lambda one: (-one.exact, one.judge))
    return Severity(tuple(order), len(shared), _residual(exact, shared))


def adjusted(severity: Severity, totals: Mapping[str, int]) -> list[int | Fraction]:
    """A case's totals by judge, each less its judge's leniency; those of unknown judges as they are."""
    known = severity.by_judge
    return [total - known.get(judge, Fraction(0)) for judge, total in totals.items()]


def _refused(
    judges: Sequence[str], counts: Mapping[str, int], shared: Mapping[str, Mapping[str, int]]
) -> dict[str, Any] | None:
    if len(judges) < 2:  # noqa: PLR2004 -- one judge is nobody's stricter
        return {"code": "severity_few_judges", "count": len(judges)}
    if len(judges) > MOST_JUDGES:
        return {"code": "severity_many_judges", "count": len(judges), "most": MOST_JUDGES}
    if (least := min(counts.values())) < LEAST_CASES:
        return {"code": "severity_few_cases", "count": least, "least": LEAST_CASES}
    if (groups := _groups(judges, shared)) > 1:
        return {"code": "severity_not_connected", "count": groups}
    return None


def _groups(judges: Sequence[str], shared: Mapping[str, Mapping[str, int]]) -> int:
    """Into how many groups the judges fall that share no case with one another."""
    over = {judge: judge for judge in judges}

    def head(judge: str) -> str:
        while over[judge] != judge:
            judge = over[judge]
        return judge

    for row in shared.values():
        first, *others = row
        for other in others:
            over[head(other)] = head(first)
    return len({head(judge) for judge in judges})


def _fitted(judges: Sequence[str], shared: Mapping[str, Mapping[str, int]]) -> dict[str, Fraction]:
    """The least squares once the cases' worths are put out of the equations, one judge held at nothing.

    For each judge: the sheets written, less a share of everybody's for each shared case, times the
    leniencies, is what the sheets are above their cases' means. Times a number that makes all of it whole.
    """
    whole = lcm(*(len(row) for row in shared.values()))
    place = {judge: n for n, judge in enumerate(judges)}
    n = len(judges)
    matrix = [[0] * (n + 1) for _ in judges]
    for row in shared.values():
        share, sum_of = whole // len(row), sum(row.values())
        for judge, total in row.items():
            line = matrix[place[judge]]
            line[place[judge]] += whole
            line[n] += whole * total - share * sum_of
            for other in row:
                line[place[other]] -= share
    # The equations leave one thing open: the last judge is held at 0 first, and all are centred after.
    values = [*_solved([[*line[: n - 1], line[n]] for line in matrix[: n - 1]]), Fraction(0)]
    middle = sum(values, Fraction(0)) / n
    return {judge: values[place[judge]] - middle for judge in judges}


def _solved(matrix: list[list[int]]) -> list[Fraction]:
    """The solution of a regular system in whole numbers, by elimination without fractions (Bareiss)."""
    size, before = len(matrix), 1
    for k in range(size):
        pivot = next(i for i in range(k, size) if matrix[i][k])
        matrix[k], matrix[pivot] = matrix[pivot], matrix[k]
        top = matrix[k]
        for i in range(k + 1, size):
            line, factor = matrix[i], matrix[i][k]
            matrix[i] = [(a * top[k] - factor * b) // before for a, b in zip(line, top, strict=True)]
        before = top[k]
    values: list[Fraction] = [Fraction(0)] * size
    for k in reversed(range(size)):
        known = sum((matrix[k][i] * values[i] for i in range(k + 1, size)), Fraction(0))
        values[k] = (matrix[k][size] - known) / matrix[k][k]
    return values


def _residual(exact: Mapping[str, Fraction], shared: Mapping[str, Mapping[str, int]]) -> int | None:
    free = sum(len(row) - 1 for row in shared.values()) - (len(exact) - 1)
    if free < 1:
        return None
    over = Fraction(0)
    for row in shared.values():
        left = [total - exact[judge] for judge, total in row.items()]
        worth = sum(left, Fraction(0)) / len(left)
        over += sum(((one - worth) ** 2 for one in left), Fraction(0))
    # The whole part of twice the root, and the halves upward from it.
    doubled = 4 * over / free
    return (isqrt(doubled.numerator // doubled.denominator) + 1) // 2
