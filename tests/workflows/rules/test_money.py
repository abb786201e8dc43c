"""Sums, accounts and what holds money back, as pure questions."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import InputError, RefusedError
from models.programme import Words
from models.vocabulary import Hold, TitleState
from models.writing import money
from workflows.rules.calendar import months_after
from workflows.rules.money import (
    Standing,
    account_number,
    accounted,
    digest,
    fen_of,
    hold,
    named_by,
    recoverable,
)

DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
USES = (Words(zh="设备", en="Equipment"), Words(zh="培训", en="Training"))


@dataclass
class Cut:
    """A programme's account of a sum with one line."""

    use: str = "设备"
    yuan: Any = "100"
    words: str = "示波器一台"

    def line(self) -> dict[str, Any]:
        return {"use": self.use, "yuan": self.yuan, "words": self.words}


@pytest.mark.parametrize(("given", "fen"), [
    ("100000", 10_000_000), ("100,000", 10_000_000), (" 5，000.5元", 500_050), ("¥0.01", 1), (1000, 100_000),
    (12.5, 1250), ("￥１０.５", 1050),
])  # fmt: skip
def test_a_sum_typed_in_yuan_is_whole_fen(given: Any, fen: int) -> None:
    assert fen_of(given) == fen


@pytest.mark.parametrize("given", ["", "0", "0.00", "-1", "1.234", "1e3", "十元", None, 0.1 + 0.2, "1" * 10, "NaN"])
def test_what_is_no_sum_of_at_most_two_decimals_is_refused(given: Any) -> None:
    with pytest.raises(InputError) as caught:
        fen_of(given, "voucher")

    assert (caught.value.code, caught.value.details["field"]) == ("money", "voucher")


@given(st.integers(1, 99_999_999_999))
def test_every_sum_reads_back_as_it_is_written(fen: int) -> None:
    assert fen_of(f"{fen // 100}.{fen % 100:02d}") == fen
    assert fen_of(money(fen, "en").removesuffix(" yuan")) == fen


@pytest.mark.parametrize(("fen", "zh", "en"), [
    (10_000_000, "10万元", "100,000 yuan"), (15_500_000, "15.5万元", "155,000 yuan"),
    (500_000, "5,000元", "5,000 yuan"), (1_234_567, "12,345.67元", "12,345.67 yuan"),
    (1_234_500, "12,345元", "12,345 yuan"), (1, "0.01元", "0.01 yuan"), (0, "0元", "0 yuan"),
])  # fmt: skip
def test_sums_are_shown_as_offices_write_them(fen: int, zh: str, en: str) -> None:
    assert (money(fen), money(fen, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("given", "digits"), [("6222 0212-0201", "622202120201"), ("1" * 32, "1" * 32), ("６２２２０２１２", "62220212")]
)
def test_an_account_number_is_its_digits(given: str, digits: str) -> None:
    assert account_number(given) == digits


@pytest.mark.parametrize("given", ["1234567", "1" * 33, "6222O2120201", "", "六二二二〇二一二", "²²²²²²²²x"])
def test_what_is_no_account_number_is_refused_and_not_said_back(given: str) -> None:
    with pytest.raises(InputError) as caught:
        account_number(given)

    assert (caught.value.code, caught.value.details) == ("account_number", {"field": "account_number"})


@given(DAYS, st.integers(1, 240))
def test_a_period_is_over_for_whoever_was_named_by_that_day_and_for_nobody_later(day: date, months: int) -> None:
    named = named_by(day, months)

    assert months_after(named, months).last_day <= day
    assert months_after(named + timedelta(days=1), months).last_day > day


@pytest.mark.parametrize(("today", "named"), [
    (date(2026, 10, 16), date(2024, 10, 15)), (date(2026, 10, 15), date(2024, 10, 14)),
    (date(2026, 3, 1), date(2024, 2, 29)), (date(2026, 2, 28), date(2024, 2, 27)),
])  # fmt: skip
def test_two_years_open_the_day_after_their_last(today: date, named: date) -> None:
    assert named_by(today - timedelta(days=1), 24) == named


@pytest.mark.parametrize(("standing", "needs_grade", "reason"), [
    (Standing("t", TitleState.VALID), False, None),
    (Standing("t", TitleState.ASSESSMENT_DUE, passed=True), True, None),
    (Standing("t", TitleState.VALID), True, Hold.GRADE),
    (Standing("t", TitleState.VALID, passed=False), True, Hold.GRADE),
    (Standing("t", TitleState.VALID, passed=False), False, None),
    (Standing("t", TitleState.VALID, objection=True), False, Hold.OBJECTION),
    (Standing("t", TitleState.VALID, rectifying=True), False, Hold.RECTIFICATION),
    (Standing("t", TitleState.RECTIFYING), False, Hold.RECTIFICATION),
    (Standing("t", TitleState.SUSPENDED, objection=True), False, Hold.SUSPENSION),
    (Standing("t", TitleState.VALID, leaderless=True), False, Hold.SUCCESSION),
    (Standing("t", TitleState.REVOKED, rectifying=True), False, Hold.OVER),
    (Standing("t", TitleState.ENDED), False, Hold.OVER),
])  # fmt: skip
def test_money_is_held_while_anything_is_open(standing: Standing, needs_grade: bool, reason: Hold | None) -> None:  # noqa: FBT001
    assert hold(standing, needs_grade=needs_grade) is reason


def test_an_account_lists_its_uses_in_fen_and_keeps_their_chinese_name() -> None:
    lines = accounted([Cut().line(), Cut(use="Training", yuan="0.5", words="讲课费").line()], USES, 10_050)

    assert lines == [
        {"use": "设备", "fen": 10_000, "words": "示波器一台"}, {"use": "培训", "fen": 50, "words": "讲课费"},
    ]  # fmt: skip
    assert accounted([Cut(use="随便").line()], (), 10_000)[0]["use"] == "随便"


@pytest.mark.parametrize(("items", "code"), [
    ([], "account_empty"),
    ([Cut(use="聚餐").line()], "unknown_use"),
    ([Cut(use="").line()], "unknown_use"),
    ([Cut(yuan="1.999").line()], "money"),
    ([Cut(words=" ").line()], "words_missing"),
    ([Cut(words="长" * 501).line()], "too_long"),
    ([Cut().line() | {"fen": 1}], "unknown_field"),
])  # fmt: skip
def test_an_account_that_cannot_be_read_is_refused(items: list[dict[str, Any]], code: str) -> None:
    with pytest.raises(InputError) as caught:
        accounted(items, USES, 10_000)

    assert caught.value.code == code


def test_nobody_spends_more_than_was_paid() -> None:
    with pytest.raises(RefusedError) as caught:
        accounted([Cut().line(), Cut(yuan="0.01").line()], USES, 10_000)

    assert (caught.value.code, caught.value.details) == ("overspent", {"fen": 10_000, "asked": 10_001})


def test_what_is_unspent_may_come_back_and_all_of_it_after_a_revocation() -> None:
    spent = [{"fen": 30}, {"fen": 20}]

    assert [recoverable(100, spent, revoked=False), recoverable(100, [], revoked=False)] == [50, 100]
    assert recoverable(100, spent, revoked=True) == 100


def test_the_digest_of_a_payee_changes_with_each_part_and_with_its_salt() -> None:
    parts = [("s", "甲", "乙", "1"), ("s", "甲乙", "", "1"), ("s", "甲", "乙", "2"), ("t", "甲", "乙", "1")]

    assert len({digest(*each) for each in parts}) == len(parts)
