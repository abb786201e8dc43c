"""The reviewer's pages as a script sees them: what they show, grey out, refuse and write."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from streamlit.testing.v1 import AppTest

from models import clock
from models.application import Application
from models.vocabulary import Role, SlateState, State
from tests import factories
from tests.factories import CITY, COUNTY, PASSWORD, PROVINCE, World
from tests.ui.pages import session_of
from ui.components.words import plain
from workflows.desk import handling, looking, reviews
from workflows.intake import applications as intake
from workflows.people import sessions
from workflows.queries import applications, docket, lists, looks, register
from workflows.record.acting import Actor

APP = Path(__file__).parent.parent.parent / "ui" / "app.py"
QUEUE, CASE, SLATE = "views/review_queue.py", "views/review_case.py", "views/review_slate.py"
NOTICE, TITLES = "views/review_notice.py", "views/review_titles.py"


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with structlog.testing.capture_logs():
        yield


@pytest.fixture
def there(database: str) -> World:
    return factories.world(2)


def opened(actor: Actor, page: str, **query: str) -> AppTest:
    """A page as this person sees it."""
    at = AppTest.from_file(APP, default_timeout=30)
    at.user = {"sid": session_of(actor)}
    at.run().switch_page(page)
    for name, value in query.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


def press(at: AppTest, said: str, *, inside: str = "") -> AppTest:
    """Press the button with these words on it; `inside` names the one that opened its dialog.

    AppTest runs the whole script at every click, so a dialog stays open by pressing its opener too.
    """
    [*_, found] = [one for one in at.button if one.label == said]
    assert not found.disabled
    if inside:
        next(one for one in at.button if one.label == inside).click()
    return found.click().run()


def fill(at: AppTest, label: str, text: str) -> None:
    """Type into the field with this label."""
    fields = [*at.text_area, *at.text_input]
    [field] = [one for one in fields if one.label.startswith(label)]
    field.set_value(text)


def choose(at: AppTest, *rows: int) -> AppTest:
    """Select rows of the page's first table."""
    chosen = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    at.session_state[str(at.dataframe[0].key)] = chosen
    return at.run()


def edit(at: AppTest, changes: dict[int, dict[str, Any]], prefix: str) -> AppTest:
    """Type into a table's cells."""
    [key] = [k for k in at.session_state if k.startswith(prefix)]
    at.session_state[key] = {"edited_rows": changes, "added_rows": [], "deleted_rows": []}
    return at.run()


def row_of(actor: Actor, row: Application) -> Application:
    """The application as it is now."""
    return applications.application(actor, row.id).application


def errors(at: AppTest) -> str:
    return "\n".join(one.value for one in at.error).replace("\\", "")


def test_the_queue_lists_what_waits_with_the_one_thing_to_do(there: World) -> None:
    first, second = factories.submitted(there, 0), factories.submitted(there, 1)
    reviews.check(there.county, second.id, seen=second.version)

    at = opened(there.county, QUEUE)

    table = at.dataframe[0].value
    assert list(table["名称"]) == [first.subject, second.subject]
    assert list(table["下一步"]) == ["审核", "排序"]
    assert [metric.value for metric in at.metric] == ["2", "1", "1", "2"]
    assert next(b for b in at.button if b.label == "打开").disabled


def test_a_chosen_row_opens_by_its_id(there: World) -> None:
    _, second = factories.submitted(there, 0), factories.submitted(there, 1)

    at = press(choose(opened(there.county, QUEUE), 1), "打开")

    assert at.query_params["id"] == second.id
    assert at.title[0].value == second.subject


def test_a_change_leaves_the_chosen_row_until_the_list_is_refreshed(there: World) -> None:
    first, second = factories.submitted(there, 0), factories.submitted(there, 1)
    at = choose(opened(there.county, QUEUE), 1)
    reviews.refuse(there.county, first.id, reason="材料不实", seen=first.version)

    at.run()
    assert list(at.dataframe[0].value["名称"]) == [first.subject, second.subject]
    press(at, "列表已更新，点击刷新")

    assert list(at.dataframe[0].value["名称"]) == [second.subject]
    assert next(b for b in at.button if b.label == "打开").disabled


def test_checking_writes_the_opinion_and_greys_the_button_with_its_reason(there: World) -> None:
    row = factories.submitted(there)
    at = press(opened(there.county, CASE, id=row.id), "审核通过")
    fill(at, "审核意见", "材料齐全")

    press(at, "审核通过", inside="审核通过")

    whole = applications.application(there.county, row.id)
    assert [(r.outcome.value, r.opinion) for r in whole.reviews] == [("checked", "材料齐全")]
    assert [one.value for one in at.toast] == ["已审核通过"]
    [check] = [b for b in at.button if b.label == "审核通过"]
    assert check.disabled
    assert "已经审核通过" in check.help.replace("\\", "")


def test_a_stale_page_is_told_who_did_what_and_when(there: World) -> None:
    row = factories.submitted(there)
    reviews.check(there.county, row.id, seen=row.version)

    def page(email: str, application_id: str, seen: int) -> None:
        from ui.attempt import attempt  # noqa: PLC0415 -- the script of AppTest stands alone
        from workflows.desk import reviews  # noqa: PLC0415 -- the script of AppTest stands alone
        from workflows.record.acting import actor_of  # noqa: PLC0415 -- the script of AppTest stands alone

        attempt(reviews.check, actor_of(email), application_id, seen=seen, done="已审核通过")

    at = AppTest.from_function(page, args=(there.county.email, row.id, row.version)).run()

    assert "周丽于" in errors(at)
    assert "审核通过" in errors(at)
    assert len(applications.application(there.county, row.id).reviews) == 1


def test_a_return_names_the_field_and_what_is_wrong_with_it(there: World) -> None:
    row = factories.submitted(there)
    at = press(opened(there.county, CASE, id=row.id), "退回修改")
    at.multiselect[0].set_value(["results"])
    next(one for one in at.button if one.label == "退回修改").click().run()
    fill(at, "主要成果与效益", "请附专利号")

    press(at, "退回修改", inside="退回修改")

    after = row_of(there.county, row)
    assert (after.state, after.faults) == (
        State.RETURNED,
        [{"field": "results", "words": "请附专利号"}],
    )
    [caption] = [one for one in at.caption if "不在审核环节" in one.value.replace("\\", "")]
    assert caption


def test_what_changed_since_ones_last_look_is_told_once_in_words(there: World) -> None:
    row = factories.submitted(there)
    assert "自您上次查看" not in str([one.label for one in opened(there.county, CASE, id=row.id).expander])
    faults = [{"field": "topics", "words": "请写具体"}]
    reviews.send_back(there.county, row.id, faults=faults, seen=row.version)
    clerk = there.clerks[0]
    revised = intake.revise(clerk, row.id, answers={"topics": "焊缝检测"}, seen=row_of(clerk, row).version)
    intake.resubmit(clerk, row.id, seen=revised.version)

    at = opened(there.county, CASE, id=row.id)

    [told] = [one for one in at.expander if "自您上次查看" in one.label]
    assert told.caption[0].value == "本年度课题"
    assert told.text[0].value == "原：关键工序的自动化改造\n现：焊缝检测"
    assert "重新提交" in told.text[1].value
    assert len(told.text) == 2
    anew = opened(there.county, CASE, id=row.id)
    assert [one.label for one in anew.expander if "自您上次查看" in one.label] == [told.label]
    with clock.at(clock.now() - looks.SAME_LOOK - timedelta(minutes=1)):
        looking.note(there.county, row.id, version=row_of(clerk, row).version)
    again = opened(there.county, CASE, id=row.id)
    assert [one.value for one in again.caption if "以来没有变化" in one.value] != []


def test_a_return_without_a_fault_says_what_is_missing_and_keeps_the_form(there: World) -> None:
    row = factories.submitted(there)
    at = press(opened(there.county, CASE, id=row.id), "退回修改")

    press(at, "退回修改", inside="退回修改")

    assert row_of(there.county, row).state is State.COUNTY_REVIEW
    assert "需补正" in errors(at)


def test_nothing_typed_is_read_as_markdown(there: World) -> None:
    bad = "![x](https://evil.cn) :red[甲] $a$"
    row = factories.submitted(there, subject=bad)

    at = opened(there.county, CASE, id=row.id)

    assert at.title[0].value == plain(bad)
    assert "![x](" not in at.title[0].value


def test_every_grey_button_of_a_case_in_other_hands_says_why(there: World) -> None:
    row = factories.submitted(there)
    colleague = factories.person("colleague", "沈静", COUNTY, Role.REVIEWER)
    handling.transfer(there.county, row.id, to=colleague.email, reason="分工调整", seen=row.version)

    at = opened(there.county, CASE, id=row.id)

    grey = [one for one in at.button if one.disabled]
    assert {"审核通过", "退回修改", "不予受理", "转办", "委派", "挂起", "会签"} == {one.label for one in grey}
    assert ["沈静" in one.help for one in grey] == [True] * len(grey)


def test_an_application_of_another_county_is_not_there(there: World) -> None:
    row = factories.submitted(there)
    stranger = factories.person("other", "外人", "330102", Role.REVIEWER)

    at = opened(stranger, CASE, id=row.id)

    assert "没有找到" in errors(at)
    assert row.subject not in str([one.value for one in at.text])


def test_applicants_have_no_reviewers_pages(there: World) -> None:
    row = factories.submitted(there)

    with pytest.raises(ValueError, match="review_case"):
        opened(there.clerks[0], CASE, id=row.id)


def test_a_surprise_is_told_by_a_number_and_not_by_its_trace(there: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = factories.submitted(there)
    at = press(opened(there.county, CASE, id=row.id), "审核通过")

    def fails(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(reviews, "check", fails)
    press(at, "审核通过", inside="审核通过")

    assert "编号" in errors(at)
    assert "secret" not in errors(at)


def test_a_dialog_writes_nothing_once_the_session_has_ended(there: World) -> None:
    row = factories.submitted(there)
    at = AppTest.from_file(APP, default_timeout=30)
    token = sessions.sign_in(there.county.email, PASSWORD, "127.0.0.1")
    at.user = {"sid": sessions.sid_of(token)}
    at.run().switch_page(CASE)
    at.query_params["id"] = row.id
    press(at.run(), "审核通过")

    sessions.sign_out(token)
    press(at, "审核通过", inside="审核通过")

    assert not row_of(there.county, row).checked
    assert at.title[0].value == "会话已失效"


def test_a_list_is_ranked_sealed_and_sent_up(there: World) -> None:
    rows = [factories.submitted(there, n) for n in range(2)]
    for row in rows:
        reviews.check(there.county, row.id, seen=row.version)
    at = opened(there.county, SLATE)
    main = {"part": "正式推荐"}
    edit(at, {0: main | {"place": 2, "score": 88.5}, 1: main | {"place": 1, "score": 92}}, "board:")

    press(at, "保存排序")
    press(at, "确认名单")
    assert "占用 2 个名额" in at.info[-1].value.replace("\\", "")
    fill(at, "集体研究", "主席会议研究同意")
    press(at, "确认名单", inside="确认名单")
    press(at, "上报")
    press(at, "确认上报", inside="上报")

    own, _ = lists.slates(there.county, desk=COUNTY)
    whole = lists.slate(there.county, own[0].id)
    assert (whole.slate.state, whole.slate.sent_to) == (SlateState.SENT_UP, CITY)
    assert whole.slate.minutes == "主席会议研究同意"
    assert [(p.application_id, p.score) for p in whole.places] == [
        (rows[1].id, 9200),
        (rows[0].id, 8850),
    ]


def test_what_is_being_ranked_stays_when_a_colleague_changes_the_list(there: World) -> None:
    first, second = factories.submitted(there, 0), factories.submitted(there, 1)
    reviews.check(there.county, first.id, seen=first.version)
    at = edit(opened(there.county, SLATE), {0: {"part": "正式推荐"}}, "board:")

    reviews.check(there.county, second.id, seen=second.version)
    at.run()
    assert "名单已有变化" in at.warning[0].value
    press(at, "保存排序")

    own, _ = lists.slates(there.county, desk=COUNTY)
    assert [p.application_id for p in lists.slate(there.county, own[0].id).places] == [first.id]


def test_a_list_is_not_sealed_while_its_table_holds_something_unsaved(there: World) -> None:
    row = factories.submitted(there)
    reviews.check(there.county, row.id, seen=row.version)
    at = press(edit(opened(there.county, SLATE), {0: {"part": "正式推荐"}}, "board:"), "保存排序")
    edit(at, {0: {"score": 90}}, "board:")

    press(at, "确认名单")

    assert [one.value for one in at.warning] == ["请先保存排序"]


def test_a_list_that_came_up_is_opened(there: World) -> None:
    slate = factories.sent_up(there)

    press(opened(there.city, SLATE), "启动受理")

    assert lists.slate(there.city, slate.id).slate.state is SlateState.OPENED


def test_a_sealed_list_is_published(there: World) -> None:
    slate = factories.on_province_list(there)
    at = press(opened(there.province, NOTICE), "发布公示")

    press(at, "确认发布", inside="发布公示")

    [notice] = docket.notices_at(there.province, desk=PROVINCE)
    assert (notice.slate_id, len(notice.snapshot)) == (slate.id, 2)


def test_a_letter_of_objection_goes_to_the_docket_of_both_unions(there: World) -> None:
    notice = factories.in_notice(there)
    at = press(opened(there.province, NOTICE), "登记异议来信")
    fill(at, "异议内容", "专利归属不实")
    fill(at, "异议人", "赵六")
    at.checkbox[0].check()
    at.date_input[-1].set_value(notice.last_day)

    press(at, "登记", inside="登记异议来信")

    seen = [docket.docket(actor, desk=desk) for actor, desk in ((there.province, PROVINCE), (there.city, CITY))]
    assert [[(c.objection.words, c.objection.objector) for c in cases] for cases in seen] == [
        [("专利归属不实", "赵六")],
        [("专利归属不实", "")],
    ]


def test_which_name_is_corrected_is_chosen_again_after_a_reload_and_words_stay_with_it(there: World) -> None:
    notice = factories.in_notice(there)
    first, second = (line["application"] for line in notice.snapshot)

    def dialog(**about: str) -> tuple[str, str, list[str]]:
        at = press(opened(there.province, NOTICE, **about), "更正")
        which = next(one for one in at.selectbox if one.label == "涉及申报")
        return str(which.value), "".join(at.query_params["name"]), [one.label for one in at.text_input]

    fields = dialog()[2]
    assert {"更正为", "理由（必填）"} <= set(fields)
    assert [dialog()[:2], dialog(name=second)[:2], dialog(name="nobody")[:2]] == [
        (first, first), (second, second), (first, first),
    ]  # fmt: skip


def test_a_notice_that_is_over_is_closed_and_its_list_decided(there: World) -> None:
    factories.in_notice(there)
    at = press(opened(there.province, NOTICE), "结束公示")
    press(at, "审定命名")
    fill(at, "文号", "浙总工〔2025〕15号")
    at.date_input[-1].set_value(factories.CLOSED.date())

    press(at, "审定命名", inside="审定命名")

    [decision] = lists.decisions(None)
    assert (decision.number, decision.meeting_on) == ("浙总工〔2025〕15号", factories.CLOSED.date())
    assert len(register.titles_given(there.province, desk=PROVINCE)) == 2


def test_titles_are_revoked_by_one_document(there: World) -> None:
    factories.named(there)
    at = opened(there.province, TITLES)
    [key] = [k for k in at.session_state if k.startswith(f"titles:{PROVINCE}")]
    at.session_state[key] = {"selection": {"rows": [0, 1], "columns": [], "cells": []}}
    press(at.run(), "撤销称号")
    fill(at, "文号", "浙总工〔2026〕3号")
    fill(at, "理由", "停止运行")
    at.date_input[-1].set_value(factories.NEXT_YEAR.date())

    press(at, "撤销称号", inside="撤销称号")

    given = register.titles_given(there.province, desk=PROVINCE)
    assert [(g.state.value, g.end_reason) for g in given] == [("revoked", "停止运行")] * 2


def test_reported_assessments_are_graded_together(there: World) -> None:
    factories.reported(there)
    at = opened(there.province, TITLES)
    edit(at, {0: {"score": 95.5, "remark": "突出"}, 1: {"score": 59.99}}, "grades:")

    press(at, "一并定级")
    press(at, "定级", inside="一并定级")

    rows = docket.assessed(there.province, desk=PROVINCE, year=2025)
    assert [(r.score, r.grade and r.grade.value, r.remark) for r in rows] == [
        (9550, "excellent", "突出"),
        (5999, "rectify", ""),
    ]


def test_the_pages_speak_english_to_those_who_do(there: World) -> None:
    row = factories.submitted(there)
    reader = factories.person("ann", "Ann", COUNTY, Role.REVIEWER, language="en")

    at = opened(reader, CASE, id=row.id)

    assert [b.label for b in at.button][:5] == ["Back to the queue", "Keyboard", "Check", "Return", "Refuse"]


def test_a_token_is_the_same_until_it_has_acted() -> None:
    def page() -> None:
        import streamlit as st  # noqa: PLC0415 -- the script of AppTest stands alone

        from ui.components import keys  # noqa: PLC0415 -- the script of AppTest stands alone

        first, again = keys.token("check", "a", 1), keys.token("check", "a", 1)
        other = keys.token("check", "a", 2)
        keys.spend(first)
        st.text(f"{first == again} {first == other} {keys.token('check', 'a', 1) == first}")

    at = AppTest.from_function(page).run()

    assert [one.value for one in at.text] == ["True False False"]
