"""The page about scoring says what the rules say: its worked numbers are worked here."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from models.programme import Scoring
from models.vocabulary import Rung
from tests.workflows.rules.test_scoring import CHECKLIST, CONTEST, hundredths
from workflows.rules import cut_line, scoring, severity

PAGE = (Path(__file__).parents[1] / "docs/scoring.md").read_text(encoding="utf-8")
FIVE = hundredths("88", "92.5", "90", "75", "97")
TABLE = {"1": {"A": 8300, "B": 8000, "C": 7700}, "2": {"A": 7300, "B": 7000}, "3": {"A": 9300, "C": 8700},
         "4": {"B": 6000, "C": 5700}}  # fmt: skip
NAMES = {"甲": ("80", "90", "70"), "乙": ("81", "79", "79"), "丙": ("82", "70", "85")}


def rule(method: Any = "mean") -> Scoring:
    """A scoring at the province."""
    return Scoring(step=Rung.PROVINCE, method=method)


def shown(score: int | None) -> str:
    """A score as the page writes it."""
    assert score is not None
    return f"{scoring.points_of(score):.2f}"


@pytest.mark.parametrize(("method", "totals"), [
    ("mean", FIVE), ("trimmed", FIVE), ("median", FIVE), ("vote", [10_000, 10_000, 10_000, 0]),
])  # fmt: skip
def test_every_method_comes_to_what_its_line_says(method: str, totals: list[int]) -> None:
    [line] = [line for line in PAGE.splitlines() if line.startswith(f"| `{method}`")]

    assert shown(scoring.combined(rule(method), totals)) in line.split("|")[-2]


def test_totals_ratios_and_what_stands_beside_a_score_are_as_the_page_says() -> None:
    kept = {"safe": "1", "new": "1", "used": "0"}
    told = [
        f"总分 {shown(scoring.total(CONTEST, {'theory': '85', 'practice': '90'}))}",
        f"3问2是：{shown(scoring.total(CHECKLIST, kept))}",
        f"2.675 得 {scoring.half_up(Fraction(Decimal('2.675')) * 100) / 100}",
        f"最高最低之差 = 最高总分 − 最低总分：上例 {shown(scoring.tally(rule(), FIVE, 5).spread)}",
        f"四舍五入：上例 {shown(scoring.tally(rule(), FIVE, 5).deviation)}",
        f"不足5份不去最高最低，得 {shown(scoring.combined(rule('trimmed'), hundredths('88', '92.5', '90', '97')))}",
    ]

    assert [one for one in told if one not in PAGE] == []


def test_the_example_of_severity_is_estimated_as_the_page_says() -> None:
    cells = [severity.Cell(case, judge, total) for case, row in TABLE.items() for judge, total in row.items()]
    assert severity.estimate(cells).by_judge == {"A": 300, "B": 0, "C": -300}
    means = [
        shown(scoring.half_up(scoring.mean([row[judge] for row in TABLE.values() if judge in row]))) for judge in "ABC"
    ]

    assert "甲 +3.00、乙 0.00、丙 −3.00" in PAGE
    assert "、".join(means) in PAGE
    assert (severity.LEAST_CASES, severity.MOST_JUDGES) == (3, 100)


def test_the_example_of_a_line_is_drawn_as_the_page_says() -> None:
    names = [cut_line.Name(one, dict(zip("ABC", hundredths(*given), strict=True))) for one, given in NAMES.items()]

    found = cut_line.view(rule(), names, 1, seed="s")

    for one in found.names:
        [line] = [line for line in PAGE.splitlines() if line.startswith(f"| {one.id} |")]
        assert line.endswith(f"| {shown(one.score)} | {one.percent}% |")
    assert f"整条线的稳定度 {found.percent}%" in PAGE
    assert found.resamples == 1000
