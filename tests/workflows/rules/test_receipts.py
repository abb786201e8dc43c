"""Receipt numbers: said over a telephone, typed as anybody types, and a misheard digit noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.rules.receipts import DIGITS, normal, spoken

NUMBERS = st.integers(0, 10**DIGITS - 1)


@given(NUMBERS)
def test_a_receipt_is_sixteen_digits_in_groups_and_is_known_again(number: int) -> None:
    receipt = spoken(number)

    assert [len(group) for group in receipt.split("-")] == [4, 4, 4, 4]
    assert int(receipt.replace("-", "")) // 10 == number
    assert normal(receipt) == receipt


@given(NUMBERS, st.integers(0, DIGITS), st.integers(1, 9))
def test_one_digit_misheard_is_no_receipt(number: int, place: int, by: int) -> None:
    digits = spoken(number).replace("-", "")
    wrong = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]

    assert normal(wrong) is None


WIDE = "".join("０１２３４５６７８９"[int(c)] for c in "0000000000000018")


@pytest.mark.parametrize("typed", ["0000-0000-0000-0018", "0000 0000 0000 0018", WIDE, " 0000000000000018 "])
def test_blanks_dashes_and_wide_digits_are_forgiven(typed: str) -> None:
    assert normal(typed) == "0000-0000-0000-0018"


@pytest.mark.parametrize("typed", ["", "0", "1234-5678-9012-345", "abcd", "0000-0000-0000-0018-1", "' OR 1=1"])
def test_what_is_no_receipt_is_none(typed: str) -> None:
    assert normal(typed) is None
