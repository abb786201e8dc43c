"""A text with sixty edits is found, another on the same trade is not, and short answers say nothing."""

from itertools import combinations
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Indel

from tests.texts import TEXTS, edited
from workflows.rules.similarity import ALIKE, BANDS, is_strong, percent, sketch, telling, text_of


def told(text: str) -> str:
    """The text as a form has it."""
    return text_of({"results": text})


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("edits", [0, 1, 20, 60])
def test_a_reworked_text_is_found(text: str, edits: int) -> None:
    for seed in range(20):
        other = edited(text, edits, seed)

        assert set(sketch(told(text))) & set(sketch(told(other)))
        assert percent(told(text), told(other)) >= ALIKE


def test_different_texts_of_one_trade_are_not_alike() -> None:
    for one, other in combinations(TEXTS, 2):
        assert percent(told(one), told(other)) == 0
        assert Indel.normalized_similarity(told(one), told(other)) < 0.4


def test_half_a_text_taken_over_is_not_called_alike_and_two_thirds_are() -> None:
    one, other = told(TEXTS[0]), told(TEXTS[1])
    length = min(len(one), len(other))

    assert percent(one[:length], one[: length // 2] + other[length // 2 : length]) == 0
    assert percent(one[:length], one[: length * 3 // 4] + other[length * 3 // 4 : length]) >= ALIKE


def test_marks_spaces_and_width_change_nothing() -> None:
    spaced = " ".join(TEXTS[0]).replace("，", "，\n")

    assert told(spaced) == told(TEXTS[0])
    assert told("ＡＢＣ" * 20) == told("abc" * 20)


def test_names_numbers_and_choices_say_nothing() -> None:
    assert text_of({"name": "王师傅创新工作室", "id": "330106198001010011", "size": 12, "is": True, "none": None}) == ""
    assert text_of({"a": "课题" * 15}) == ""
    assert sketch("") == []
    assert percent("", told(TEXTS[0])) == 0


def test_the_order_of_the_fields_is_that_of_their_names() -> None:
    assert text_of({"b": TEXTS[0], "a": TEXTS[1]}) == text_of({"a": TEXTS[1], "b": TEXTS[0]})


@given(st.text(min_size=2, max_size=300))
def test_a_sketch_is_the_same_for_the_same_text_and_fits_a_database(text: str) -> None:
    values = sketch(text)

    assert values == sketch(text)
    assert len(values) == BANDS
    assert all(0 <= value < 1 << 63 for value in values)


class Found(NamedTuple):
    """A likeness as the query tells it."""

    application_id: str
    other_id: str | None
    percent: int = 90
    files: int = 0
    same_unit: bool | None = False
    same_round: bool | None = True


def test_a_pair_is_told_once_and_only_of_another_unit_or_round() -> None:
    own = Found("a", "b", same_unit=True)
    earlier = Found("a", "c", same_unit=True, same_round=False)
    other, back = Found("a", "d"), Found("d", "a")
    unknown = [Found(one, None, same_unit=None, same_round=None) for one in "aae"]

    assert telling([own, earlier, other, back, *unknown]) == [earlier, other, *unknown]


@pytest.mark.parametrize(("percent", "files", "strong"), [(79, 0, False), (80, 0, True), (0, 1, True), (65, 2, True)])
def test_an_equal_file_or_four_fifths_of_the_text_are_to_be_looked_at_first(
    percent: int,
    files: int,
    strong: bool,  # noqa: FBT001 -- a table
) -> None:
    assert is_strong(Found("a", "b", percent, files)) is strong
