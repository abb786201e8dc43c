"""A ranking as text: what is printed is read again, and what cannot be read is told by its line."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.rules.ranking_text import MAIN, OUT, RESERVE, Row, parsed, printed

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
RECEIPTS = st.lists(
    st.text(LETTERS, min_size=8, max_size=8).map("2026-{}".format), max_size=12, unique=True
)  # fmt: skip


@st.composite
def rankings(draw: st.DrawFn) -> list[Row]:
    """Rows in order, main before reserve before those not listed; ties only where scores are equal."""
    receipts = draw(RECEIPTS)
    cuts = sorted(draw(st.tuples(st.integers(0, len(receipts)), st.integers(0, len(receipts)))))
    rows: list[Row] = []
    for n, receipt in enumerate(receipts):
        part = MAIN if n < cuts[0] else RESERVE if n < cuts[1] else OUT
        score = draw(st.none() | st.integers(0, 10_000))
        before = rows[-1] if rows else None
        same = before is not None and before.part == part != OUT and before.score is not None and draw(st.booleans())
        if same and before is not None:
            score = before.score
        rows.append(Row(receipt, part, score, bool(same), draw(st.text(max_size=20))))
    return rows


@given(rankings())
def test_what_is_printed_is_read_again(rows: list[Row]) -> None:
    for language in ("zh", "en"):
        read, mistakes = parsed(printed(rows, language))

        assert mistakes == []
        assert [row._replace(called="") for row in read] == [row._replace(called="") for row in rows]
        assert printed(read, language) == printed(parsed(printed(read, language))[0], language)


@given(st.text(max_size=200))
def test_any_text_is_read_or_its_mistakes_are_told(text: str) -> None:
    rows, mistakes = parsed(text)

    assert all(one.line <= max(1, len(text.splitlines())) for one in mistakes)
    assert len({row.receipt for row in rows}) == len(rows)


def test_ties_are_in_sight() -> None:
    rows = [Row("2026-A", MAIN, 9250, called="甲（一厂）"), Row("2026-B", MAIN, 9250, tied=True),
            Row("2026-C", RESERVE), Row("2026-D", OUT, called="丁[二]#")]  # fmt: skip

    assert printed(rows) == (
        "[正式推荐]\n1 = 2026-A 甲（一厂） [92.50]\n= 2026-B [92.50]\n\n"
        "[备选]\n3 = 2026-C\n\n[不列入]\n2026-D 丁〔二〕＃\n"
    )


def test_the_numbers_say_the_order_and_the_same_number_is_a_tie() -> None:
    text = "3 = 2026-C\n1 = 2026-A [90]\n１ ＝ 2026-b 李 [九] [90.00] # 说明\n[reserve]\n9 = 2026-D"

    assert parsed(text) == ([
        Row("2026-A", MAIN, 9000), Row("2026-B", MAIN, 9000, tied=True, called="李 [九]"), Row("2026-C", MAIN),
        Row("2026-D", RESERVE),
    ], [])  # fmt: skip


@pytest.mark.parametrize(("text", "mistake"), [
    ("王师傅", (1, "ranking_line", {"given": "王师傅"})),
    ("\n[落选]", (2, "ranking_section", {"given": "落选", "known": ["正式推荐", "备选", "不列入"]})),
    ("= 2026-A", (1, "ranking_place", {})),
    ("0 = 2026-A", (1, "ranking_place", {})),
    ("1 = 2026-A [101]", (1, "ranking_score", {"given": "101"})),
    ("1 = 2026-A\n2 = 2026-a", (2, "ranking_twice", {"given": "2026-A", "first": 1})),
    ("1 = 2026-A\n1 = 2026-B", (2, "ranking_tie", {"place": 1})),
    ("1 = 2026-A [90]\n= 2026-B [89]", (2, "ranking_tie", {"place": 1})),
    ("1 = 2026-A\n2 = 2026-B\n[备选]\n2 = 2026-C", (4, "ranking_across", {"place": 2, "last": 2})),
    ("长" * 400_001, (1, "ranking_long", {"most": 400_000})),
])  # fmt: skip
def test_each_mistake_is_told_by_its_line(text: str, mistake: tuple[int, str, dict[str, Any]]) -> None:
    assert [tuple(one) for one in parsed(text)[1]] == [mistake]
