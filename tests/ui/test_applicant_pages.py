"""The applicant's pages, run without a browser against real rows."""

from datetime import timedelta
from typing import Any

import pytest

from models import clock, text
from models.vocabulary import Role, State
from tests import living
from tests.factories import COUNTY, person, unit
from tests.living import Living
from tests.ui.pages import keyed, opened, press, ran, texts
from workflows.intake import applications
from workflows.intake.presence import note
from workflows.intake.questions import answer_question, ask_office, open_questions
from workflows.queries import applications as asked
from workflows.queries import mine

MISSING = [
    "“领衔人身份证号”为必填项，请填写。",
    "“领衔人荣誉”为必填项，请填写。",
    "“成立日期”为必填项，请填写。",
    "“团队人数”为必填项，请填写。",
    "“本年度课题”为必填项，请填写。",
    "“主要成果与效益”为必填项，请填写。",
    "“领衔人荣誉证书”需要上传附件，请上传。",
]


@pytest.fixture
def there(database: str) -> Living:
    """Answer a round that is open today."""
    return living.living()


def now(there: Living, application_id: str, n: int = 0) -> Any:
    """An application as it is."""
    return asked.application(there.clerks[n], application_id).application


def test_the_first_page_names_what_waits_and_what_is_open(there: Living) -> None:
    living.drafted(there, studio_name="焊接创新工作室")

    shown = opened("home", there.clerks[0])

    assert texts(shown, "subheader") == ["需要我办理", "正在申报的批次"]
    assert texts(shown, "markdown") == [":material/edit_note: **焊接创新工作室**"]
    assert texts(shown, "success") == []


def test_a_press_on_apply_begins_a_draft_and_a_second_page_shows_no_stranger_s(
    there: Living,
) -> None:
    shown = opened("my_applications", there.clerks[0])

    press(shown, "开始申报")

    (case,) = mine.my_cases(there.clerks[0])
    assert (case.state, case.subject, case.receipt) == (State.DRAFT, "", None)
    assert mine.my_cases(there.clerks[1]) == []


def test_a_field_is_saved_as_it_is_left_and_says_when(there: Living) -> None:
    row = living.drafted(there, studio_name="旧名")
    shown = opened("application_form", there.clerks[0], id=row.id)

    keyed(shown.text_input, ":studio_name").set_value("新名")
    ran(shown)

    after = now(there, row.id)
    assert (after.answers, after.subject, after.version) == ({"studio_name": "新名"}, "新名", 2)
    assert any(said.startswith("2 / 40 字 · 已保存 ") and ":" in said for said in texts(shown, "caption"))


def test_what_was_saved_on_another_day_says_which(there: Living) -> None:
    before = clock.now() - timedelta(days=2)
    with clock.at(before):
        row = living.drafted(there, studio_name="旧名")

    shown = opened("application_form", there.clerks[0], id=row.id)

    assert f"2 / 40 字 · 已保存 {text.moment(before, 'zh')}" in texts(shown, "caption")


def test_what_is_too_long_is_not_saved_but_stays_in_its_box(there: Living) -> None:
    row = living.drafted(there, studio_name="旧名")
    shown = opened("application_form", there.clerks[0], id=row.id)
    long = "长" * 41

    keyed(shown.text_input, ":studio_name").set_value(long)
    ran(shown)

    assert keyed(shown.text_input, ":studio_name").value == long
    assert "“工作室名称”最多40个字，现有41个字，请精简。" in texts(shown, "error")
    assert "41 / 40 字 · **尚未保存**" in texts(shown, "caption")
    assert now(there, row.id).answers == {"studio_name": "旧名"}


def test_another_s_change_of_another_field_loses_no_word_of_either(there: Living) -> None:
    row = living.drafted(there, studio_name="旧名")
    shown = opened("application_form", there.clerks[0], id=row.id)
    applications.revise(there.clerks[0], row.id, answers={"leader_name": "王五"}, seen=row.version)

    keyed(shown.text_input, ":studio_name").set_value("新名")
    ran(shown)

    assert now(there, row.id).answers == {"studio_name": "新名", "leader_name": "王五"}
    assert [said for said in texts(shown, "warning") if "对方保存的内容：王五" in said] != []


def test_two_who_write_the_same_field_are_shown_both_texts_and_choose(there: Living) -> None:
    row = living.drafted(there, studio_name="旧名")
    shown = opened("application_form", there.clerks[0], id=row.id)
    applications.revise(there.clerks[0], row.id, answers={"studio_name": "别人的"}, seen=row.version)

    keyed(shown.text_input, ":studio_name").set_value("我的")
    ran(shown)

    assert keyed(shown.text_input, ":studio_name").value == "我的"
    (warning,) = [said for said in texts(shown, "warning") if "对方保存的内容：别人的" in said]
    assert "张建国于" in warning
    assert "“修改”" in warning.replace("\\", "")
    press(shown, "保存我的内容")
    assert now(there, row.id).answers == {"studio_name": "我的"}


def test_taking_the_other_s_text_puts_it_into_the_box(there: Living) -> None:
    row = living.drafted(there, studio_name="旧名")
    shown = opened("application_form", there.clerks[0], id=row.id)
    applications.revise(there.clerks[0], row.id, answers={"studio_name": "别人的"}, seen=row.version)
    keyed(shown.text_input, ":studio_name").set_value("我的")
    ran(shown)

    press(shown, "采用对方的内容")

    assert keyed(shown.text_input, ":studio_name").value == "别人的"
    assert [said for said in texts(shown, "warning") if "对方保存" in said] == []


def test_submitting_tells_every_fault_at_once_and_each_beside_its_field(there: Living) -> None:
    row = living.drafted(there, studio_name="焊接创新工作室", leader_name="张三")
    shown = opened("application_form", there.clerks[0], id=row.id)

    press(press(shown, "提交申报"), "确认提交")

    assert [said.replace("\\", "") for said in texts(shown, "error")] == [
        "  \n· ".join(["有7处需要改正：", *MISSING]),
        *MISSING,
    ]
    assert now(there, row.id).state is State.DRAFT


def test_a_returned_form_opens_only_the_faulted_field_and_goes_back(there: Living) -> None:
    row = living.returned(there)
    shown = opened("application_form", there.clerks[0], id=row.id)

    assert [box.label for box in shown.text_area] == ["本年度课题＊"]
    assert [box.label for box in shown.text_input] == []
    assert "退回意见：请写明每项课题的起止时间" in texts(shown, "error")
    keyed(shown.text_area, ":topics").set_value("2026年3月至9月：工序自动化")
    press(press(ran(shown), "重新提交"), "确认提交")

    after = now(there, row.id)
    assert (after.state, after.answers["topics"]) == (
        State.COUNTY_REVIEW,
        "2026年3月至9月：工序自动化",
    )
    assert "申报已提交" in texts(shown, "subheader")
    assert texts(shown, "header") == [(after.receipt or "").replace("-", "\\-")]


def test_the_status_names_the_office_and_never_the_person(there: Living) -> None:
    row = living.submitted(there)

    shown = opened("application_status", there.clerks[0], id=row.id)

    said = "\n".join(texts(shown, "markdown", "text", "caption", "info"))
    assert "**现在在**　西湖区总工会" in said
    assert "**下一步**　杭州市总工会" in said
    assert "周丽" not in said
    assert [line for line in texts(shown, "markdown") if "radio_button_checked" in line] == [
        ":material/radio_button_checked: 西湖区总工会 · 县（市、区）总工会"
    ]


def test_withdrawing_asks_for_a_reason_and_keeps_it(there: Living) -> None:
    row = living.submitted(there)
    shown = opened("application_status", there.clerks[0], id=row.id)

    press(shown, "确认撤回")
    assert "“理由”不能为空，请填写。" in texts(shown, "error")
    next(area for area in shown.text_area if area.label == "撤回理由").set_value("领衔人调离")
    press(shown, "确认撤回")

    whole = asked.application(there.clerks[0], row.id)
    assert (whole.application.state, whole.history[-1].body) == (
        State.WITHDRAWN,
        {"reason": "领衔人调离"},
    )


def test_a_stranger_s_application_is_not_found(there: Living) -> None:
    row = living.drafted(there, studio_name="焊接创新工作室")

    for page in ("application_form", "application_status"):
        shown = opened(page, there.clerks[1], id=row.id)
        assert texts(shown, "title") == ["没有找到这份申报"]
        assert len(texts(shown, "error")) == 1


def test_the_finder_says_that_one_may_and_what_to_have_at_hand_and_finds_by_name(there: Living) -> None:
    shown = opened("my_applications", there.clerks[0])

    assert [line for line in texts(shown, "markdown") if line.endswith("可以申报")] != []
    assert [line for line in texts(shown, "text") if "名额 70 个 · 须备材料：领衔人荣誉证书" in line] != []
    keyed(shown.text_input, "finder:words").set_value("没有这样的批次")
    ran(shown)

    assert texts(shown, "info")[0] == "没有名称相符的批次，请换一个词或清空查找框。"
    assert [button.label for button in shown.button if button.label == "开始申报"] == []


def test_a_round_with_my_draft_leads_to_it_and_lets_another_be_begun(there: Living) -> None:
    living.drafted(there, studio_name="焊接创新工作室")
    shown = opened("my_applications", there.clerks[0])

    assert [button.label for button in shown.button] == ["再报一项"]
    press(shown, "再报一项")

    assert len(mine.my_cases(there.clerks[0])) == 2


def test_two_at_one_form_are_told_of_each_other_beside_the_field_and_lose_no_word(there: Living) -> None:
    row = living.drafted(there, studio_name="旧名")
    hong = person("hong", "李红", unit(0), Role.CLERK)
    mine_, hers = (opened("application_form", who, id=row.id) for who in (there.clerks[0], hong))

    keyed(hers.text_input, ":studio_name").set_value("她写的")
    ran(hers)
    ran(mine_)
    assert [said for said in texts(mine_, "caption") if said.endswith("李红正在填写此项")] != []
    assert ":material/group: 李红正在填写“工作室名称”" in texts(mine_, "caption")
    keyed(mine_.text_input, ":studio_name").set_value("我写的")
    ran(mine_)

    assert now(there, row.id).answers == {"studio_name": "她写的"}
    assert keyed(mine_.text_input, ":studio_name").value == "我写的"
    (warning,) = [said for said in texts(mine_, "warning") if "对方保存的内容：她写的" in said]
    assert "李红于" in warning


def test_who_hands_a_form_in_is_no_longer_told_of_at_it(there: Living) -> None:
    row = living.returned(there)
    hong = person("hong", "李红", unit(0), Role.CLERK)
    shown = opened("application_form", hong, id=row.id)
    assert [one.name for one in note(there.clerks[0], row.id)] == ["李红"]

    press(press(shown, "重新提交"), "确认提交")

    assert note(there.clerks[0], row.id) == []


def test_a_returned_form_shows_what_a_changed_field_said_before(there: Living) -> None:
    row = living.returned(there)
    shown = opened("application_form", there.clerks[0], id=row.id)
    assert [said for said in texts(shown, "info") if "退回时的内容" in said] == []

    keyed(shown.text_area, ":topics").set_value("逐项写明起止时间")
    ran(shown)

    assert "退回时的内容：关键工序的自动化改造" in texts(shown, "info")


def test_the_way_tells_each_desks_term_and_as_what_somebody_deals_with_it(there: Living) -> None:
    row = living.submitted(there)
    first = opened("application_status", there.clerks[0], id=row.id)

    assert "办理期限 5 个工作日" in texts(first, "caption")
    assert "**办理人员**　审核员" in "\n".join(texts(first, "markdown"))


def test_a_question_is_asked_beside_the_case_answered_from_the_list_and_read_without_a_name(there: Living) -> None:
    row = living.submitted(there)
    shown = opened("application_status", there.clerks[0], id=row.id)
    next(area for area in shown.text_area if area.label == "想问什么？").set_value("还要补什么材料？")
    press(shown, "提问")
    assert "有1个申报人提问待答复" in texts(opened("home", there.county), "info")

    desk = opened("questions", there.county)
    next(area for area in desk.text_area if area.label == "答复").set_value("不用补。")
    press(desk, "发出答复")

    assert open_questions(there.county, desk=COUNTY) == []
    after = opened("application_status", there.clerks[0], id=row.id)
    assert [said for said in texts(after, "text") if said in ("还要补什么材料？", "不用补。")] == [
        "还要补什么材料？",
        "不用补。",
    ]
    assert "周丽" not in "".join(texts(after, "markdown", "text", "caption", "info"))


def test_a_fourth_question_is_greyed_with_its_reason(there: Living) -> None:
    row = living.submitted(there)
    for n in range(3):
        ask_office(there.clerks[0], row.id, text=f"问题{n}")

    shown = opened("application_status", there.clerks[0], id=row.id)

    (button,) = [button for button in shown.button if button.label == "提问"]
    assert (button.disabled, "已有3个问题等待答复" in button.help) == (True, True)


def test_the_desk_reads_and_answers_a_question_beside_the_case(there: Living) -> None:
    row = living.submitted(there)
    made = ask_office(there.clerks[0], row.id, text="还要补什么材料？")

    shown = opened("review_case", there.county, id=row.id)
    assert "还要补什么材料？" in texts(shown, "text")
    answer_question(there.county, made.id, text="不用补。")

    assert "不用补。" in texts(ran(shown), "text")
