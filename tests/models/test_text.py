"""What people read: words, moments, faults and refusals, in Chinese and in English."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import vocabulary
from models.errors import ConflictError, FaultsError, NotEligibleError, StaleError
from models.labels import LABELS, WORDS
from models.sentences import SENTENCES
from models.text import day, explain, label, moment, sentence, until, yuan
from models.vocabulary import Act, Grade, NoticeState, RoundState, State, TitleState
from models.words import FIELDS, KINDS
from workflows.charts.advance import CHARTS

SLOT = re.compile(r"\{(\w+)(?::\w+)?\}")


@given(
    code=st.sampled_from([*sorted(SENTENCES), "no_such_code"]),
    language=st.sampled_from(["zh", "en", "en-GB", "", "fr"]),
    values=st.lists(
        st.none() | st.text() | st.integers() | st.booleans() | st.dates() | st.datetimes()
        | st.lists(st.text()) | st.dictionaries(st.text(), st.text()) | st.floats(),
        min_size=1,
    ),
)  # fmt: skip
def test_whatever_the_details_are_something_is_said(code: str, language: str, values: list[Any]) -> None:
    names = sorted({name for pair in SENTENCES.values() for name in SLOT.findall(pair[0])})
    details = {name: values[i % len(values)] for i, name in enumerate([*names, "faults", "failed"])}

    assert explain(code, details, language).strip()


def test_a_stale_click_is_told_who_did_what_and_when() -> None:
    error = StaleError("stale", thing="slate", seen=2, version=3, who="林知远", act=Act.SEAL.value,
                       at="2026-03-03T09:30:00+00:00")  # fmt: skip

    assert sentence(error) == (
        "这份推荐名单在您查看之后已有变化：林知远于2026年3月3日 17:30进行了“确认名单”。请刷新后再办理。"
    )
    assert sentence(error, "en") == (
        "This slate changed after you looked at it: “seal” by 林知远 on 3 Mar 2026 17:30. "
        "Please refresh and look again."
    )
    assert sentence(StaleError("stale", thing="slate")) == "这份推荐名单在您查看之后已有变化。请刷新后再办理。"


def test_a_state_is_named_in_the_words_of_its_thing() -> None:
    def said(thing: str, state: str) -> str:
        return explain("illegal_move", {"thing": thing, "act": "close", "state": state}, "zh")

    assert said("round", "open") == "这份申报批次现为“申报中”，不能进行“截止”。请刷新，查看现在可以办理的事项。"
    assert said("notice", "open") == "这份公示现为“公示中”，不能进行“截止”。请刷新，查看现在可以办理的事项。"


def test_faults_are_listed_one_on_a_line() -> None:
    error = FaultsError(
        [
            {"field": "leader_name", "code": "required"},
            {"field": "deeds", "code": "too_long", "length": 2100, "most": 2000},
            {"field": "founded_on", "code": "not_a_date", "given": "去年"},
        ]
    )
    labels = {"leader_name": "领衔人姓名", "deeds": "主要事迹"}

    assert sentence(error, "zh", labels) == (
        "有3处需要改正：\n"
        "· “领衔人姓名”为必填项，请填写。\n"
        "· “主要事迹”最多2000个字，现有2100个字，请精简。\n"
        "· “founded_on”应填写日期，如 2026-03-03，现为“去年”。"
    )
    assert sentence(error, "en", {}).splitlines()[0:2] == [
        "To be corrected: 3.",
        "· “leader's name” is required. Please fill it in.",
    ]


def test_failed_clauses_are_listed_with_their_source_and_the_earliest_day() -> None:
    young = {
        "clause": "running",
        "zh": "工作室须运行满1年",
        "en": "The studio must have run for a year",
        "source": {"document": "管理办法", "clause": "第三条"},
        "clears_on": date(2026, 5, 1),
    }
    small = {"zh": "团队须有3人以上", "en": "The team must have three", "source": None}

    assert sentence(NotEligibleError("not_eligible", failed=[young], earliest="2026-05-01")) == (
        "目前不符合申报条件：\n"
        "· 工作室须运行满1年（依据：管理办法，第三条）（2026年5月1日起符合）\n"
        "最早可于2026年5月1日申报。"
    )
    assert sentence(NotEligibleError("not_eligible", failed=[young, small], earliest=None), "en") == (
        "The conditions are not met yet:\n"
        "· The studio must have run for a year (source: 管理办法, 第三条) (met from 1 May 2026)\n"
        "· The team must have three\n"
        "Not all of this clears with time. Please correct what you can and submit again."
    )


def test_what_somebody_typed_is_said_back_short_plain_and_only_once() -> None:
    typed = "甲\u202e\n{known}[" + "长" * 80

    said = explain("not_a_choice", {"field": "trade", "given": typed, "known": ["机械", "纺织"]})

    assert said == f"“trade”没有“甲 {{known}}[{'长' * 50}…”这一选项，可选：机械、纺织。"


def test_sizes_are_told_in_megabytes() -> None:
    assert explain("file_too_big", {"size": 12_500_000, "most": 10_000_000}, "en") == (
        "The file has 12.5 MB; the limit is 10.0 MB. Please make it smaller."
    )


def test_an_argument_is_told_what_it_must_be() -> None:
    given_ = {"field": "line", "given": "sea", "expected": "Line"}

    assert explain("argument", given_) == "“推荐渠道”应为以下之一：region、industry、direct，现为“sea”。"
    assert explain("argument", {**given_, "field": "meeting_on", "expected": "date"}, "en") == (
        "“date of the meeting” must be a date, such as 2026-03-03, not “sea”."
    )


def test_what_is_missing_is_named_in_words_and_so_is_its_kind() -> None:
    given_ = {"field": "name", "expected": "str"}

    assert explain("argument_missing", given_) == "缺少“名称”，请补上：文字。"
    assert explain("argument_missing", {"field": "vote", "expected": "bool"}, "en") == (
        "“vote” is missing; please give it: yes or no (true / false)."
    )


def test_an_unknown_code_is_named() -> None:
    assert sentence(ConflictError("brand_new", at="x")) == "操作没有完成（代码：brand_new）。"


def test_every_word_of_the_vocabulary_has_a_label() -> None:
    kinds = {k for k in vars(vocabulary).values() if isinstance(k, type) and issubclass(k, StrEnum)} - {StrEnum}

    assert set(LABELS) == kinds
    assert {kind: set(LABELS[kind]) for kind in kinds} == {kind: set(kind) for kind in kinds}


def test_labels_of_one_kind_differ_and_none_is_empty() -> None:
    for pairs in LABELS.values():
        for side in zip(*pairs.values(), strict=True):
            assert len(set(side)) == len(side)
            assert all(text.strip() == text != "" for text in side)


def test_states_are_called_as_in_their_charts() -> None:
    kinds = {kind.__name__: kind for kind in LABELS}
    names = {thing: {s.value: s.name for s in chart.states} for thing, chart in CHARTS.items()}

    for thing, states in names.items():
        name = "State" if thing.value == "application" else f"{thing.value.capitalize()}State"
        assert {value: label(kinds[name](value)) for value in states} == states


def test_a_word_that_stands_in_several_places_is_told_apart_by_its_member() -> None:
    assert [label(word) for word in (Act.OPEN, NoticeState.OPEN, RoundState.OPEN)] == [
        "启动受理",
        "公示中",
        "申报中",
    ]
    assert [label(word, "en") for word in (TitleState.REVOKED, Grade.RECTIFY)] == [
        "revoked",
        "to be rectified",
    ]
    assert [label(word) for word in ("draft", "letter", "some text")] == [
        "草稿",
        "通知",
        "some text",
    ]
    assert label(State.DRAFT) == "草稿"


def test_moments_and_days_are_written_as_offices_write_them() -> None:
    at = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)

    assert (moment(at), moment(at, "en")) == ("2026年3月3日 17:30", "3 Mar 2026 17:30")
    assert moment("2026-03-03T09:30:00") == moment("2026-03-03T17:30:00+08:00") == "2026年3月3日 17:30"
    assert (day(date(2026, 12, 9)), day("2026-12-09", "en")) == ("2026年12月9日", "9 Dec 2026")
    assert day(datetime(2026, 3, 3, 16, 30, tzinfo=UTC)) == day("2026-03-03T16:30:00+00:00") == "2026年3月4日"


def test_what_ends_at_midnight_ends_on_the_day_before() -> None:
    assert until("2026-03-03T16:00:00+00:00") == "2026年3月3日 24:00"
    assert until(datetime(2026, 2, 28, 16, tzinfo=UTC), "en") == "28 Feb 2026 24:00"
    assert until("2026-03-03T09:30:00+00:00") == "2026年3月3日 17:30"


@pytest.mark.parametrize("write", [moment, until, day])
def test_what_is_no_date_is_refused(write: Any) -> None:
    with pytest.raises(ValueError, match="isoformat"):
        write("next week")


def test_money_is_written_in_yuan() -> None:
    assert [yuan(fen) for fen in (0, 5, 1234567, -300000000)] == [
        "¥0.00",
        "¥0.05",
        "¥12,345.67",
        "-¥3,000,000.00",
    ]


def test_every_pair_of_small_words_is_complete() -> None:
    pairs = [*FIELDS.values(), *KINDS.values(), *WORDS.values()]

    assert [pair for pair in pairs if not (pair[0].strip() and pair[1].strip())] == []
    assert [en for _, en in pairs if re.search(r"[\u4e00-\u9fff]", en)] == []
