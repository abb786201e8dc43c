"""The cells of an exported list: no text is ever a formula, and every column has both languages."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vocabulary import State
from workflows.queries.exports import LISTINGS
from workflows.rules.cells import fen, guarded, points, text, when, word


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x"])
def test_a_cell_that_would_begin_a_formula_is_kept_from_it(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"


@given(st.text())
def test_no_guarded_cell_begins_a_formula(cell: str) -> None:
    assert not guarded(cell).startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    assert guarded(cell).removeprefix("'") == cell.removeprefix("'")


def test_every_column_is_headed_in_both_languages() -> None:
    heads = [(name, column.zh, column.en) for name, one in LISTINGS.items() for column in one.columns]

    assert [head for head in heads if not head[1] or not head[2].isascii()] == []


def test_cells_say_words_days_sums_and_points_in_a_language() -> None:
    row = SimpleNamespace(a=None, state=State.NAMED, fen=1234567, score=9125, none="")

    assert text("甲", "A", "a").said(row, "zh") == ""
    assert [word("状", "S", "state").said(row, lang) for lang in ("zh", "en")] == ["已命名", "named"]
    assert word("状", "S", "none").said(row, "zh") == ""
    assert fen("钱", "F", "fen").said(row, "zh") == "12,345.67"
    assert points("分", "P", "score").said(row, "zh") == "91.25"
    assert (points("分", "P", "a").said(row, "zh"), when("日", "D", "a").said(row, "zh")) == ("", "")
