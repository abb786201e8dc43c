"""Every letter has words in both languages, and a letter that lacks a fact still goes out."""

from typing import Any

import pytest

from models.errors import InputError
from models.vocabulary import DeadlineKind, Grade, LetterKind
from workflows.post.wording import TEMPLATES, fields, render

GIVEN: dict[str, Any] = {
    "answer_due_at": "2026-03-10T09:30:00+00:00",
    "before_due_at": "2026-03-02T09:30:00+00:00",
    "count": 12,
    "days": 3,
    "decision": "浙总工发〔2026〕8号",
    "due_at": "2026-03-03T09:30:00+00:00",
    "email": "lin@xihu.example.cn",
    "faults": ["members: 缺少身份证号", {"field": "budget", "words": "合计有误"}],
    "first_on": "2026-03-03",
    "fen": 10_000_000,
    "grade": "excellent",
    "band": "A",
    "task": "acceptance",
    "leader": "李娜",
    "left_on": "2026-06-30",
    "report_until_on": "2026-07-30",
    "return_on": "2026-08-20",
    "until_on": "2026-12-31",
    "last_on": "2026-03-09",
    "next": "浙江省总工会",
    "notice": "2026年公示第1号",
    "number": "ZJ-2026-017",
    "organization": "杭州市总工会",
    "rank": 2,
    "receipt": "2026-000017",
    "starts_at": "2026-03-04T01:30:00+00:00",
    "minutes": 8,
    "score": "90.17",
    "other": "西湖区总工会",
    "outcome": "dismissed",
    "reason": "不符合建室年限",
    "stage": {"zh": "首期补助", "en": "first stage"},
    "voucher": "2026-88",
    "what": "review",
    "year": 2026,
    "after": "王志强",
    "before": "王志",
    "names": "I3 ledger_differs",
    "words": "请尽快办理",
    "who": "王芳",
    "question": "是否符合条件",
    "step": {"zh": "催办", "en": "reminders"},
    "why": {"zh": "数据库暂时无法使用。", "en": "The database cannot be used."},
    "result": "passed",
    "ends_at": "2026-03-10T16:00:00+00:00",
    "link_ends_at": "2026-03-10T09:30:00+00:00",
    "items": [{"subject": "申报材料审核通过", "words": "等待推荐排序。"}],
    "letter": "申报被退回，请补正",
    "version": 2,
}
ACTION = {
    *("arrived", "returned", "resubmitted", "slate_arrived", "objection_received", "notice_ended"),
    *("deadline_before", "deadline_at", "deadline_overdue", "deadline_escalated"),
    *("confirmation_asked", "first_list_arrived", "slate_sent_down"),
    "appeal_filed",
    *("assessment_due", "assessment_written_notice", "rectify"),
    *("single_due", "departure_reported", "departure_late", "successor_proposed"),
    *("subsidy_open", "subsidy_requested", "subsidy_approved", "subsidy_returned", "subsidy_reported"),
    *("subsidy_flagged", "subsidy_account"),
    *("panel_called", "cases_assigned", "recusal_asked", "slot_planned"),
    *("case_transferred", "case_delegated", "case_fell_back", "case_chased", "desk_handed_over", "deputy_named"),
    "question_asked",
    *("sign_asked", "countersign_settled", "hold_ended", "correction_asked", "doctor_found"),
    "set_aside",
    "examination_given_up",
    "clock_alarm",
    *("digest_action", "invited", "password_reset", "register_confirm", "seat_asked"),
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_a_letter_says_all_it_was_given_and_leaves_no_gap(template: str, language: str) -> None:
    subject, body = render(template, GIVEN, language, strict=True)

    assert not set("{}—\n") & set(subject)
    assert not set("{}—") & set(body)
    assert fields(template) <= set(GIVEN)


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_both_languages_ask_for_the_same_facts(template: str) -> None:
    zh, en = (render(template, {}, language) for language in ("zh", "en"))

    assert fields(template) == fields(template, "zh") == fields(template, "en")
    assert (zh[1].count("—"), en[1].count("—")) == (len(fields(template)),) * 2


def test_letters_that_ask_for_something_say_so_in_their_subject() -> None:
    assert {code for code, found in TEMPLATES.items() if found.kind is LetterKind.ACTION} == ACTION
    assert {code for code in TEMPLATES if render(code, GIVEN, "zh")[0].startswith("【请办理】")} == ACTION
    assert {code for code in TEMPLATES if render(code, GIVEN, "en")[0].startswith("[Action] ")} == ACTION


def test_a_returned_application_in_chinese() -> None:
    params = {
        **GIVEN,
        "receipt": "2026-000017",
        "subject": "林知远劳模创新工作室",
        "link": "https://sb.example.cn/a/1",
    }

    assert render("returned", params, "zh") == (
        "【请办理】申报被退回，请补正：林知远劳模创新工作室",
        (
            "您好：\n\n"
            "申报材料需要补正，请于2026年3月3日 17:30前修改并重新提交。需补正的内容：\n"
            "· members: 缺少身份证号\n· budget：合计有误\n\n"
            "申报项目：林知远劳模创新工作室\n受理编号：2026-000017\n办理页面：https://sb.example.cn/a/1\n\n"
            "本邮件由申报系统自动发送，请勿直接回复。\n"
        ),
    )


def test_a_grade_in_english() -> None:
    params = {**GIVEN, "round": "2026 provincial round"}

    assert render("assessment_graded", params, "en") == (
        "Yearly assessment: result",
        (
            "Dear colleague,\n\nThe result of the 2026 assessment: excellent.\n\n"
            "Receipt number: 2026-000017\nRound: 2026 provincial round\n\n"
            "Sent by the application system; replies are not read.\n"
        ),
    )


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        ("2026-03-03T09:30:00+00:00", "2026年3月3日 17:30", "3 March 2026 17:30 (Beijing time)"),
        ("2026-03-03T17:30:00+08:00", "2026年3月3日 17:30", "3 March 2026 17:30 (Beijing time)"),
        ("2026-12-31T16:00:00Z", "2026年12月31日 24:00", "31 December 2026 24:00 (Beijing time)"),
        ("2026-03-03T09:30:00", "2026年3月3日 17:30", "3 March 2026 17:30 (Beijing time)"),
        ("2026-03-03", "2026年3月3日", "3 March 2026"),
        ("月底", "月底", "月底"),
        (None, "—", "—"),
    ],
)
def test_a_moment_is_written_as_offices_write_it(value: str | None, zh: str, en: str) -> None:
    params = {"due_at": value}

    assert f"审核意见应于{zh}前作出" in render("submitted", params, "zh")[1]
    assert f"An answer is due by {en}." in render("submitted", params, "en")[1]


def test_a_day_of_a_moment_is_the_day_in_beijing() -> None:
    params = {"first_on": "2026-03-03T18:00:00+00:00", "last_on": "2026-03-10"}

    assert "公示期为2026年3月4日至2026年3月10日。" in render("noticed", params, "zh")[1]


def test_an_action_shows_its_due_moment_even_if_its_sentence_has_no_place_for_it() -> None:
    assert "\n办理期限：2026年3月3日 17:30\n" in render("resubmitted", GIVEN, "zh")[1]
    assert "办理期限：" not in render("arrived", GIVEN, "zh")[1]
    assert "办理期限：" not in render("checked", GIVEN, "zh")[1]


def test_what_a_user_typed_is_never_taken_for_a_template() -> None:
    reason = "{days} {days.__class__} {0} %s {{x}}"

    assert f"理由：{reason}\n" in render("refused", {"reason": reason, "days": 3}, "zh")[1]


def test_a_subject_stays_one_line_whatever_the_name_of_the_studio() -> None:
    subject, _ = render("checked", {"subject": "甲\r\nBcc: all@example.cn\u2028乙"}, "zh")

    assert subject == "【通知】申报材料审核通过：甲 Bcc: all@example.cn 乙"


def test_a_missing_fact_is_told_to_whoever_asks_strictly() -> None:
    with pytest.raises(InputError) as refused:
        render("refused", {}, "zh", strict=True)

    assert refused.value.code == "letter_field"
    assert refused.value.details == {"template": "refused", "field": "reason"}


def test_an_unknown_template_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        render("greeting", {}, "zh")

    assert (refused.value.code, refused.value.details) == (
        "letter_template",
        {"template": "greeting"},
    )


def test_a_code_nobody_put_into_words_is_shown_as_it_is() -> None:
    assert "整改复核结果：half-good。" in render("rechecked", {"grade": "half-good"}, "zh")[1]


@pytest.mark.parametrize(
    ("template", "name", "code"),
    [
        *(("deadline_at", "what", kind) for kind in DeadlineKind),
        *(("rechecked", "grade", grade) for grade in Grade),
        *(("lapsed", "reason", code) for code in ("round_closed", "correction_over")),
    ],
)
def test_a_code_of_the_vocabulary_is_put_into_words(template: str, name: str, code: str) -> None:
    assert code not in render(template, {name: code}, "zh")[1]


def test_a_subsidys_letter_says_the_sum_as_offices_write_it_and_the_stage_in_its_language() -> None:
    params = {"number": "浙劳创2026-0001", "stage": {"zh": "二期补助", "en": "second stage"}, "fen": 5_050_000,
              "voucher": "2026-88", "subject": "焊接工作室"}  # fmt: skip

    said = [render("subsidy_paid", params, language)[1].split("\n\n")[1] for language in ("zh", "en")]

    assert said == [
        "称号浙劳创2026-0001的“二期补助”50,500元已拨付，凭证号2026-88。请专款专用。",
        "50,500 yuan for title 浙劳创2026-0001 (second stage) was paid by voucher 2026-88. It is earmarked.",
    ]
