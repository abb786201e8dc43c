"""Conditions that are offered can be read, mean something, and go where they belong."""

from datetime import date

import pytest

from workflows.rules.search_hints import hints, put, sorted_for
from workflows.rules.search_nodes import Has
from workflows.rules.search_values import Today
from workflows.rules.search_words import parse

TODAY = Today(date(2026, 3, 3))
KNOWN = {
    "round": [("2026年省级 劳模（工匠）", "2026"), ('带"引号"的', "2026")],
    "programme": [("provincial-studio", "创新工作室")],
    "region": [("3301", "杭州市总工会")],
    "desk": [("me", "我的工作台"), ("ZJIND1", "机械工会")],
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_condition_that_is_offered_can_be_read(language: str) -> None:
    found = hints(language, KNOWN)

    for hint in found:
        parse(hint.words, TODAY)
    read = [parse(hint.words, TODAY).where for hint in found if hint.words.startswith(("批次:", "round:"))]
    assert read == [Has("round", "2026年省级 劳模(工匠)"), Has("round", "带引号的")]
    assert len({hint.words for hint in found}) == len(found)
    assert all(hint.meaning for hint in found)


def test_they_speak_the_readers_language() -> None:
    zh, en = ([hint.words for hint in hints(language, KNOWN)] for language in ("zh", "en"))

    assert {"is:逾期", "状态:公示", "层级:县", "排序:-期限", "承办人:我", "地区:3301"} <= set(zh)
    assert {"is:overdue", "state:public_notice", "tier:county", "sort:-due", "handler:me", "region:3301"} <= set(en)


@pytest.mark.parametrize(
    ("typed", "condition", "whole"),
    [
        ("", "is:逾期", "is:逾期"),
        ("焊接", "is:逾期", "焊接 is:逾期"),
        ("焊接 is:", "is:逾期", "焊接 is:逾期"),
        ("焊接 is:逾", "is:逾期", "焊接 is:逾期"),
        ("焊接 逾", "is:逾期", "焊接 is:逾期"),
        ("焊接 情况：", "is:逾期", "焊接 is:逾期"),
        ("焊接 状", "状态:公示", "焊接 状态:公示"),
        ("is:逾期 ", "is:挂起", "is:逾期 is:挂起"),
        ("is:逾期", "is:挂起", "is:逾期 is:挂起"),
        ("sort:due 焊接", "排序:-期限", "焊接 排序:-期限"),
    ],
)
def test_a_condition_goes_where_it_was_begun_and_an_order_takes_the_place_of_another(
    typed: str, condition: str, whole: str
) -> None:
    assert put(typed, condition) == whole
    parse(whole, TODAY)


def test_what_goes_on_from_the_last_word_is_offered_first() -> None:
    found = hints("zh", KNOWN)

    assert sorted_for("焊接 逾", found)[0].words == "is:逾期"
    assert all(hint.words.startswith("状态:") for hint in sorted_for("状态:", found)[:10])
    assert sorted_for("", found) == found
