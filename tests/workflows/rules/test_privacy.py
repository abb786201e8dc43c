"""What strangers see of a private answer: its ends, if enough of it is left out between them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.programme import shipped
from workflows.rules.privacy import mask, private_fields


@pytest.mark.parametrize(("value", "seen"), [
    (None, None),
    ("", ""),
    ("1234", "****"),
    ("12345678", "********"),
    ("123456789", "1234*6789"),
    ("330106198001010018", "3301**********0018"),
    (13800000000, "1380***0000"),
])  # fmt: skip
def test_only_the_ends_of_a_long_value_are_left(value: Any, seen: Any) -> None:
    assert mask(value) == seen


@given(st.text())
def test_a_mask_keeps_the_length_and_shows_eight_characters_at_most(value: str) -> None:
    seen = mask(value)

    hidden = [place for place, sign in enumerate(seen) if sign == "*" and 4 <= place < len(value) - 4]
    assert len(seen) == len(value)
    assert len(hidden) == max(0, len(value) - 8)
    assert len(value) > 8 or set(seen) <= {"*"}


def test_the_shipped_programme_keeps_identity_numbers_private() -> None:
    assert private_fields(shipped("provincial-studio")) == {"leader_id"}
