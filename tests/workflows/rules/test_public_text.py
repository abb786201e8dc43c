"""What the public may read: no identity number, no telephone, no address of mail, however it was typed."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds import identity
from workflows.rules.privacy import public

WORDS = st.text(st.characters(exclude_categories=["Nd", "Cs"]), max_size=12)
GAPS = st.sampled_from(["", " ", "-", "·", "  "])
MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
LANDLINES = st.from_regex(r"0(571|10|21|755)[2-8][0-9]{7}", fullmatch=True)
IDENTITIES = st.integers(0, 999).map(identity)
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def digits(text: str) -> str:
    """The digits of a text, and nothing else of it."""
    return re.sub(r"[^0-9X]", "", unicodedata.normalize("NFKC", text))


@given(WORDS, MOBILES | LANDLINES | IDENTITIES, GAPS, WORDS, st.booleans())
def test_a_private_number_in_a_text_is_masked(before: str, number: str, gap: str, after: str, wide: bool) -> None:  # noqa: FBT001 -- Hypothesis gives it
    typed = gap.join(number)
    shown = public(f"{before} {typed.translate(WIDE) if wide else typed} {after}")

    assert number not in digits(shown)
    assert len(digits(shown)) <= len(digits(f"{before}{after}")) + 3


@given(WORDS)
def test_a_text_without_digits_stays_as_it_is(text: str) -> None:
    assert public(text) == text or "@" in text


@pytest.mark.parametrize("text", [
    "张建国创新工作室", "2026年第3号", "ZL201310123456.7", "证书编号20260001", "2020-2026年", "浙劳创2026-0001",
])  # fmt: skip
def test_years_patents_and_certificates_stay(text: str) -> None:
    assert public(text) == text


@pytest.mark.parametrize(("text", "shown"), [
    ("工作室13800001234", "工作室138********"),
    ("2026 138 0000 1234 13900001234", "2026 138********** 139********"),
    ("张三（33010619800101001X）", "张三（330***************）"),
    ("李四 330106800101123", "李四 330************"),
    ("联系 a.b@example.cn", "联系 ***"),
])  # fmt: skip
def test_two_numbers_old_identities_and_mail_are_masked(text: str, shown: str) -> None:
    assert public(text) == shown
