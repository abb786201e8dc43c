"""The words of a search: what they mean, and where they cannot be read; and the page that documents them."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import InputError
from models.text import sentence
from models.vocabulary import REVIEWS, State
from workflows.rules.calendar import working_days_between
from workflows.rules.search_fields import FIELDS, FLAG_OF, FLAGS, ORDER_OF, ORDERS, STATES_OF, STATES_OF_TIER
from workflows.rules.search_nodes import All, Asked, Days, Flag, Has, Node, Not, Score, Some, States, Text
from workflows.rules.search_values import Today, last_day_waiting, moved
from workflows.rules.search_words import parse

PAGE = (Path(__file__).parents[3] / "docs" / "search.md").read_text(encoding="utf-8")
# A Tuesday; the Saturday before it, 28 February 2026, is worked.
TODAY = Today(date(2026, 3, 3))
A, B, C = Text("焊接"), Text("机床"), Text("铸造")


def meaning(words: str) -> Node:
    """What words ask for, whatever the order."""
    return parse(words, TODAY).where


@pytest.mark.parametrize(("words", "found"), [
    ("", All(())),
    ("  焊接  ", A),
    ("焊接 机床", All((A, B))),
    ("焊接 AND 机床", All((A, B))),
    ("焊接 且 机床", All((A, B))),
    ("焊接 OR 机床 铸造", Some((A, All((B, C))))),
    ("焊接|机床", Some((A, B))),
    ("焊接 或 机床", Some((A, B))),
    ("-焊接", Not(A)),
    ("非 焊接", Not(A)),
    ("NOT NOT 焊接", A),
    ("(焊接 OR 机床) -铸造", All((Some((A, B)), Not(C)))),
    ("（焊接 OR 机床）－铸造", All((Some((A, B)), Not(C)))),
    ("-(焊接 机床)", Not(All((A, B)))),
    ('"焊接，机床"', Text("焊接 机床")),
    ("“焊接 OR 机床”", Text("焊接 or 机床")),
    ("ＰＬＣ-5g", Text("plc 5g")),
    ('"is:held"', Text("is held")),
])  # fmt: skip
def test_free_words_are_joined_as_they_are_written(words: str, found: Node) -> None:
    assert meaning(words) == found


@pytest.mark.parametrize(("words", "found"), [
    ("is:overdue", Flag("overdue")),
    ("情况：逾期", Flag("overdue")),
    ("IS:Held,逾期", Some((Flag("held"), Flag("overdue")))),
    ("state:draft，退回", States(frozenset({State.DRAFT, State.RETURNED}))),
    ("状态=审核", States(REVIEWS)),
    ('状态:"县（市、区）总工会审核"', States(frozenset({State.COUNTY_REVIEW}))),
    ("tier:city", States(frozenset({State.CITY_REVIEW}))),
    ("层级:县、省", States(frozenset({State.COUNTY_REVIEW, State.PROVINCIAL_REVIEW}))),
    ("desk:me", Has("desk", "me")),
    ('单位:"杭州 机床"', Has("unit", "杭州 机床")),
    ("unit:一厂,二厂", Some((Has("unit", "一厂"), Has("unit", "二厂")))),
    ("due:2026-04-08", Days("due", date(2026, 4, 8), date(2026, 4, 8))),
    ("due<2026-04-08", Days("due", None, date(2026, 4, 7))),
    ("due:<=2026-04-08", Days("due", None, date(2026, 4, 8))),
    ("期限＞2026-04-08", Days("due", date(2026, 4, 9), None)),
    ("due≥2026-04-08", Days("due", date(2026, 4, 8), None)),
    ("due<+3wd", Days("due", None, date(2026, 3, 5))),
    ("due<=+3个工作日", Days("due", None, date(2026, 3, 6))),
    ("entered>=-3wd", Days("entered", date(2026, 2, 27), None)),
    ("entered:昨天..今天", Days("entered", date(2026, 3, 2), date(2026, 3, 3))),
    ("submitted:2026-03-01..", Days("submitted", date(2026, 3, 1), None)),
    ("due<=+7天", Days("due", None, date(2026, 3, 10))),
    ("since>1wd", Days("entered", None, date(2026, 3, 1))),
    ("since>=1wd", Days("entered", None, date(2026, 3, 2))),
    ("since<1wd", Days("entered", date(2026, 3, 3), None)),
    ("since:1wd", Days("entered", date(2026, 3, 2), date(2026, 3, 2))),
    ("已等<=2d", Days("entered", date(2026, 3, 1), None)),
    ("score>85", Score(8501, 10**9)),
    ("分数：80..89.5", Score(8000, 8950)),
    ("score<=0.05", Score(0, 5)),
])  # fmt: skip
def test_a_field_asks_what_stands_after_it(words: str, found: Node) -> None:
    assert meaning(words) == found


@pytest.mark.parametrize(("words", "order"), [
    ("sort:due", ("due", False)), ("排序:-提交", ("submitted", True)), ("焊接 sort:receipt 机床", ("receipt", False)),
    ("焊接", (None, False)),
])  # fmt: skip
def test_an_order_may_stand_anywhere(words: str, order: tuple[str | None, bool]) -> None:
    asked = parse(words, TODAY)

    assert (asked.order, asked.is_turned) == order


@pytest.mark.parametrize(("words", "code", "position"), [
    ("字" * 501, "search_long", None), ('焊接 "机床', "search_quote", 4), ("(焊接", "search_bracket", 1),
    ("焊接)", "search_bracket", 3), ("焊接 OR", "search_dangling", 6), ("OR 焊接", "search_dangling", 1),
    ("-", "search_dangling", 2), ("()", "search_dangling", 2), ("sort:due OR 焊接", "search_dangling", 1),
    ("焊接 OR sort:due", "search_dangling", 7),
    ("(" * 21 + "焊", "search_deep", 21), ("，，", "search_nothing", 1), ("焊接 颜色:红", "search_field", 4),
    ("单位:", "search_value", 4), ("unit:,", "search_value", 6), ("unit>3", "search_sign", 6),
    ("is:late", "search_word", 4), ("state:亮", "search_word", 7), ("tier:村", "search_word", 6),
    ("sort:name", "search_word", 6), ("(sort:due)", "search_order", 2), ("-sort:due", "search_order", 2),
    ("sort:due sort:due", "search_order", 10), ("due<33", "search_day", 5), ("due:2026-02-30", "search_day", 5),
    ("due<+1001wd", "search_day", 5), ("due:2026-03-01..x", "search_day", 5), ("since>soon", "search_days", 7),
    ("since>+3wd", "search_days", 7), ("score>1.234", "search_number", 7), ("score:a..", "search_number", 7),
])  # fmt: skip
def test_words_that_cannot_be_read_are_refused_with_their_place(words: str, code: str, position: int | None) -> None:
    with pytest.raises(InputError) as refused:
        parse(words, TODAY)

    assert (refused.value.code, refused.value.details.get("position")) == (code, position)
    assert refused.value.details["field"] == "words"


def test_an_unknown_field_is_told_the_nearest_and_all_there_are() -> None:
    with pytest.raises(InputError) as refused:
        parse("stat:draft", TODAY)

    assert refused.value.details["near"] == "state"
    assert [pair["en"] for pair in refused.value.details["known"]] == list(FIELDS)
    assert "第1个字处的“stat”不是可查的字段，是否要查“state”" in sentence(refused.value)
    assert "did you mean “state”" in sentence(refused.value, "en")


@given(st.text(alphabet='焊接OR NOT()"-|:<>=.,is状态due+3wd2026', max_size=60))
def test_any_words_are_read_or_refused_and_never_break(words: str) -> None:
    try:
        found: Asked | int = parse(words, TODAY)
    except InputError as error:
        found = error.details["position"]

    assert isinstance(found, Asked) or 1 <= found <= len(words) + 1


@given(st.integers(0, 250), st.dates(date(2024, 2, 1), date(2026, 11, 30)))
def test_days_from_today_count_as_the_calendar_does(n: int, day: date) -> None:
    today = Today(day)

    assert working_days_between(day, moved(today, n)) == n
    assert working_days_between(last_day_waiting(today, n, working=True), day) == n


def halves() -> list[str]:
    """The page in Chinese, and in English."""
    return PAGE.split("\n# Search, in English\n")


@pytest.mark.parametrize("half", [0, 1])
def test_the_page_documents_every_field_and_word(half: int) -> None:
    told = set(re.findall(r"`([^`\n]+)`", halves()[half]))

    assert {name for name in FIELDS if name not in told} == set()
    assert {f"is:{name}" for name in FLAGS} - told == set()
    assert {f"sort:{name}" for name in ORDERS} - told == set()
    if half == 0:
        assert {name for field in FIELDS.values() for name in field.names} - told == set()


def examples() -> list[str]:
    """Everything in the page's tables and blocks that is a search."""
    cells = re.findall(r"^\| (.*) \|$", PAGE, re.MULTILINE)
    marked = [one for line in cells for one in re.findall(r"`([^`]+)`", line)]
    blocks = [line for block in re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]
    quoted = re.findall(r'words="([^"]+)"', PAGE)
    notation = {"字段:内容", "字段>内容", "field:value", "field>value", "\\|", "或", ">", ">=", "<", "<=", "-",
                "review", "开始..结束", "first..last", "me", "我", "none", "无", "审核"}  # fmt: skip
    return sorted({*marked, *blocks, *quoted} - notation)


@pytest.mark.parametrize("words", examples())
def test_every_example_of_the_page_can_be_read(words: str) -> None:
    parse(words, TODAY)


def test_the_page_says_what_its_words_are_said_to_mean() -> None:
    zh, en = halves()
    for name, word in FLAGS.items():
        assert f"| `is:{name}` `is:{word.names[1]}` | " in zh
        assert f"| `is:{name}` | {word.meaning[1]} |" in en


def test_no_two_words_of_a_field_are_the_same() -> None:
    for known, words in ((FLAG_OF, FLAGS), (ORDER_OF, ORDERS)):
        assert len(known) == sum(len(word.names) for word in words.values())
    assert len({name for field in FIELDS.values() for name in field.names}) == sum(
        len(f.names) for f in FIELDS.values()
    )
    assert STATES_OF["review"] == REVIEWS
    assert set().union(*STATES_OF_TIER.values()) == REVIEWS
