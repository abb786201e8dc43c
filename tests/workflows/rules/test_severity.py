"""How lenient a judge is, is estimated exactly, said beside the scores, and not said where it cannot be known."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.rules import severity
from workflows.rules.severity import Cell, Leniency, Severity


def cells(table: dict[str, dict[str, int]]) -> list[Cell]:
    """Sheets by case and judge."""
    return [Cell(case, judge, total) for case, row in table.items() for judge, total in row.items()]


# Whoever judges, case 1 is worth 80, case 2 is worth 70, case 3 is worth 90; A gives 3 more, C gives 3 less.
PLAIN = {
    "1": {"A": 8300, "B": 8000, "C": 7700},
    "2": {"A": 7300, "B": 7000, "C": 6700},
    "3": {"A": 9300, "B": 9000, "C": 8700},
}


def test_a_judge_who_always_gives_three_points_more_is_three_points_lenient() -> None:
    assert severity.estimate(cells(PLAIN)) == Severity(
        (Leniency("A", Fraction(300), 3), Leniency("B", Fraction(0), 3), Leniency("C", Fraction(-300), 3)), 3, 0
    )


def test_who_judged_what_does_not_matter_as_long_as_they_meet() -> None:
    """The plain table with a third of its sheets gone: means by judge would be wrong, least squares are not."""
    thin = {
        "1": {"A": 8300, "B": 8000}, "2": {"B": 7000, "C": 6700}, "3": {"A": 9300, "C": 8700},
        "4": {"A": 5300, "B": 5000}, "5": {"B": 6000, "C": 5700}, "6": {"A": 4300, "C": 3700},
    }  # fmt: skip

    found = severity.estimate(cells(thin))

    assert found.by_judge == {"A": 300, "B": 0, "C": -300}
    assert found.residual == 0


def test_only_the_anchors_count_where_there_are_any() -> None:
    odd = {**PLAIN, "4": {"A": 0, "B": 10_000, "C": 5000}}

    assert severity.estimate(cells(odd), {"1", "2", "3"}).by_judge == {"A": 300, "B": 0, "C": -300}
    assert severity.estimate(cells(odd)).by_judge != {"A": 300, "B": 0, "C": -300}


def test_what_neither_case_nor_judge_explains_is_told() -> None:
    """Residuals of 100, -100, -100, 100 in the corners: 6 sheets, 3 cases, 2 judges, 2 of freedom."""
    found = severity.estimate(cells({
        "1": {"A": 8200, "B": 8000}, "2": {"A": 7000, "B": 7200}, "3": {"A": 6000, "B": 6000},
    }))  # fmt: skip

    assert found.by_judge == {"A": 0, "B": 0}
    assert found.residual == 141  # the root of (4 * 100**2 + 0) / 2


@pytest.mark.parametrize(("table", "why"), [
    ({"1": {"A": 1}, "2": {"A": 2}, "3": {"A": 3}}, {"code": "severity_few_judges", "count": 1}),
    ({}, {"code": "severity_few_judges", "count": 0}),
    ({"1": {"A": 1, "B": 2}, "2": {"A": 1, "B": 2}, "3": {"A": 3}},
     {"code": "severity_few_cases", "count": 2, "least": 3}),
    ({**{f"a{n}": {"A": 1, "B": 2} for n in range(3)}, **{f"b{n}": {"C": 1, "D": 2} for n in range(3)}},
     {"code": "severity_not_connected", "count": 2}),
    ({str(n): {f"j{k}": 1 for k in range(101)} for n in range(3)},
     {"code": "severity_many_judges", "count": 101, "most": 100}),
])  # fmt: skip
def test_what_cannot_be_estimated_is_said_to_be_so(table: dict[str, dict[str, int]], why: dict[str, Any]) -> None:
    found = severity.estimate(cells(table))

    assert (found.judges, found.residual, found.why) == ((), None, why)


def test_adjusting_takes_a_judges_leniency_out_and_leaves_others_alone() -> None:
    found = severity.estimate(cells(PLAIN))

    assert severity.adjusted(found, {"A": 8300, "C": 7700, "new": 6000}) == [8000, 8000, 6000]


@given(
    worth=st.lists(st.integers(0, 10_000), min_size=3, max_size=6),
    lean=st.lists(st.integers(-500, 500), min_size=2, max_size=5),
    noise=st.lists(st.integers(-300, 300), min_size=30, max_size=30),
    gaps=st.sets(st.integers(0, 29), max_size=6),
)
def test_no_other_leniencies_leave_less_unexplained(
    worth: list[int], lean: list[int], noise: list[int], gaps: set[int]
) -> None:
    table = {
        str(i): {str(j): w + d + noise[5 * i + j] for j, d in enumerate(lean) if 5 * i + j not in gaps}
        for i, w in enumerate(worth)
    }
    found = severity.estimate(cells(table))
    if found.why is not None:
        return
    exact = found.by_judge

    assert sum(exact.values()) == 0
    best = unexplained(table, exact)
    for judge in exact:
        for step in (-1, 1):
            assert unexplained(table, {**exact, judge: exact[judge] + step}) >= best


def unexplained(table: dict[str, dict[str, int]], lean: dict[str, Fraction]) -> Fraction:
    """The sum of squares that is left once each case has its best worth."""
    over = Fraction(0)
    for row in table.values():
        left = [total - lean[judge] for judge, total in row.items()]
        if left:
            middle = sum(left, Fraction(0)) / len(left)
            over += sum((one - middle) ** 2 for one in left)
    return over
