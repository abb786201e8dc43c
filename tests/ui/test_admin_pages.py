"""The administrator's pages, run without a browser against real rows."""

from datetime import date, timedelta
from typing import Any

import pytest

from models import clock
from models.errors import ForbiddenError
from models.vocabulary import Role, RoundState, Tier
from tests import living
from tests.factories import CITY, COUNTY, PROVINCE, unit
from tests.living import Living
from tests.ui.pages import keyed, opened, press, ran, texts
from workflows import doctor
from workflows.clocks import examining
from workflows.clocks.sweep import sweep
from workflows.desk.reviews import send_back
from workflows.doctor import Examined, Violation
from workflows.queries import admin, lists, post
from workflows.record import audit
from workflows.record.acting import actor_of
from workflows.record.audit import Report
from workflows.rules.calendar import ends_at, local_date


@pytest.fixture
def there(database: str) -> Living:
    """Answer a round that is open today."""
    return living.living()


def labelled(elements: Any, label: str) -> Any:
    """The element with this label."""
    return next(element for element in elements if element.label == label)


def test_planning_a_round_gives_it_its_days_and_the_approved_places(there: Living) -> None:
    shown = opened("admin_rounds", there.administrator)
    day = local_date(clock.now()) + timedelta(days=40)
    labelled(shown.number_input, "年度").set_value(day.year + 1)
    labelled(shown.date_input, "开始日期").set_value(day)
    labelled(shown.date_input, "截止日期（当日24:00）").set_value(day + timedelta(days=20))
    labelled(shown.date_input, "批次结束日期").set_value(day + timedelta(days=200))

    press(shown, "建立批次")

    row = lists.rounds(there.administrator)[0]
    found = (row.year, row.opens_at, row.closes_at, row.ends_at)
    assert found == (
        day.year + 1,
        ends_at(day - timedelta(days=1)),
        ends_at(day + timedelta(days=20)),
        ends_at(day + timedelta(days=200)),
    )
    assert {p.organization: p.places for p in admin.places(there.administrator, round_id=row.id)}[PROVINCE] == 70


def test_a_round_that_closes_before_it_opens_is_refused_and_the_form_keeps_its_dates(
    there: Living,
) -> None:
    shown = opened("admin_rounds", there.administrator)
    day = local_date(clock.now())
    labelled(shown.number_input, "年度").set_value(day.year + 1)
    labelled(shown.date_input, "截止日期（当日24:00）").set_value(day - timedelta(days=5))

    press(shown, "建立批次")

    assert [said[:12] for said in texts(shown, "error")] == ["申报截止时间应晚于开始时"]
    assert labelled(shown.date_input, "截止日期（当日24:00）").value == day - timedelta(days=5)
    assert [row.id for row in lists.rounds(there.administrator)] == [there.round_id]


def test_a_round_under_review_can_be_finished_and_an_open_one_cannot(there: Living) -> None:
    assert "确认结束" not in [b.label for b in opened("admin_rounds", there.administrator).button]
    with clock.at(clock.now() + timedelta(days=31)):
        sweep()
    shown = opened("admin_rounds", there.administrator)

    press(shown, "确认结束")

    assert [row.state for row in lists.rounds(there.administrator)] == [RoundState.FINISHED]


def test_overdue_desks_come_with_their_number_and_the_oldest_promise_first(there: Living) -> None:
    late = living.submitted(there, 0, days_ago=9)
    later = living.submitted(there, 1, days_ago=8)

    shown = opened("admin_overdue", there.administrator)

    by_desk, listed = (frame.value for frame in shown.dataframe)
    assert by_desk[["单位", "逾期数"]].to_numpy().tolist() == [["西湖区总工会", 2]]
    assert listed["编号"].tolist() == [late.id, later.id]
    assert [said[:3] for said in listed["逾期"]] == ["已逾期", "已逾期"]


def test_nothing_overdue_is_said_plainly(there: Living) -> None:
    assert texts(opened("admin_overdue", there.administrator), "success") == ["没有逾期事项。"]


def test_letters_show_their_fate_their_reader_and_where_the_folder_lies(there: Living) -> None:
    living.submitted(there)

    shown = opened("admin_letters", there.administrator)

    frame = shown.dataframe[0].value
    listed = frame[["状态", "收件人", "标题"]].to_numpy().tolist()
    assert sorted(line for line in listed if "创新工作室" in line[2]) == [
        ["待寄", "周丽 <county@example.cn>", "【请办理】有新的申报待审核：焊接机器人创新工作室"],
        ["待寄", "张建国 <clerk0@example.cn>", "【通知】申报已提交：焊接机器人创新工作室"],
    ]
    assert texts(shown, "code")[0].endswith("/data/mail")


def test_an_examination_is_asked_for_on_the_page_made_by_the_clocks_and_told_there(there: Living) -> None:
    living.submitted(there)
    shown = opened("admin_journal", there.administrator)
    assert "还没有体检过" in texts(shown, "info")[0]

    press(shown, "重新体检")
    assert "体检等候进行" in texts(shown, "info")[-1]
    assert "重新体检" not in [button.label for button in shown.button]
    examining.asked()

    [said] = texts(ran(shown), "success")
    assert said.startswith(f"{there.administrator.name}要求的体检")
    assert "一切正常，记录完整，未发现改动。" in said


def test_what_the_nightly_round_found_is_told_in_words_before_anybody_asks(
    there: Living, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [Violation("I3", "used_differs", "3 2", "quota a"), Violation("I9", "edited", "version 2", "round b")]
    with monkeypatch.context() as broken:
        read = Report(ok=False, events=9, things=4, checkpoints=1, faults=[])
        broken.setattr(doctor, "examine", lambda **_: Examined(found, read))
        examining.examine()

    shown = opened("admin_journal", there.administrator)

    [said] = texts(shown, "error")
    assert said.startswith("夜间体检")
    assert said.endswith("发现2处异常。 9 条记录，4 个对象，1 个检查点。")
    table = shown.dataframe[0].value
    assert table[["对象", "编号"]].to_numpy().tolist() == [["quota a", "I3"], ["round b", "I9"]]
    assert table["问题"][0] == "名额与账目不符"


def test_the_journal_page_reads_no_journal_and_says_when_the_clocks_do_not_run(
    there: Living, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as page:
        page.setattr(doctor, "examine", forbidden)
        page.setattr(audit, "verify", forbidden)
        assert "定时任务没有在运行" in texts(opened("admin_journal", there.administrator), "warning")[0]
        sweep()
        shown = press(opened("admin_journal", there.administrator), "重新体检")

    assert [said for said in texts(shown, "warning") if "定时任务" in said] == []


def forbidden(*_args: object, **_given: object) -> None:
    """What no page may do."""
    raise AssertionError


def test_the_journal_of_one_thing_holds_nothing_else(there: Living) -> None:
    row = living.submitted(there)
    shown = opened("admin_journal", there.administrator)

    keyed(shown.text_input, "journal:id").set_value(row.id)
    ran(shown)

    frame = shown.dataframe[0].value
    assert frame[["行为", "结果状态", "经办人", "序号"]].to_numpy().tolist() == [
        ["提交", "县（市、区）总工会审核", "张建国", 3],
        ["上传附件", "草稿", "张建国", 2],
        ["起草", "草稿", "张建国", 1],
    ]


def test_a_case_is_shown_as_it_stood_at_the_end_of_a_day(there: Living) -> None:
    row = living.submitted(there, days_ago=3)
    with clock.at(clock.now() - timedelta(days=1)):
        send_back(there.county, row.id, faults=[{"field": "topics", "words": "请补充"}], seen=row.version)
    shown = opened("admin_journal", there.administrator)
    keyed(shown.text_input, "journal:id").set_value(row.id)
    ran(shown)
    now = [said for said in texts(shown, "markdown") if row.subject in said]
    keyed(shown.date_input, f"as_of:{row.id}").set_value(local_date(clock.now() - timedelta(days=2)))
    ran(shown)

    before = [said for said in texts(shown, "markdown") if row.subject in said]
    assert (now, before) == ([f"**{row.subject}** · 退回修改"], [f"**{row.subject}** · 县（市、区）总工会审核"])
    answers = dict(shown.dataframe[-1].value.to_numpy().tolist())
    assert answers["工作室名称"] == row.subject
    assert (answers["领衔人荣誉"], answers["成立日期"]) == ("市级劳动模范", "2018年5月1日")
    assert answers["领衔人身份证号"] != row.answers["leader_id"]


def test_a_long_answer_as_it_stood_is_shown_whole_below_the_table(there: Living) -> None:
    story = "三年来围绕焊接变形攻关，形成工法两项，获得专利五项，年增效益三百万元，并在同行推广。"
    row = living.submitted(there, results=story)
    shown = opened("admin_journal", there.administrator)

    keyed(shown.text_input, "journal:id").set_value(row.id)
    ran(shown)

    [whole] = [one for one in shown.expander if one.label == "较长内容的全文（1项）"]
    assert ([one.value for one in whole.caption], [one.value for one in whole.text]) == (["主要成果与效益"], [story])


def test_organisations_are_listed_with_the_names_of_those_over_them(there: Living) -> None:
    shown = opened("admin_people", there.administrator)
    keyed(shown.text_input, "people:text").set_value("西湖区")
    ran(shown)

    listed = {name: (over, industry) for _, name, _, over, industry in shown.dataframe[0].value.to_numpy().tolist()}
    assert listed["西湖区总工会"] == ("杭州市总工会", "")
    assert {over for over, _ in listed.values()} <= {"杭州市总工会", "西湖区总工会"}


def test_enrolling_an_enterprise_and_opening_its_account_seats_a_clerk(there: Living) -> None:
    shown = opened("admin_people", there.administrator)
    labelled(shown.text_input, "统一社会信用代码（18位）").set_value(unit(3))
    labelled(shown.text_input, "单位名称").set_value("杭州第三机械厂")
    labelled(shown.text_input, "上级工会代码，如 330106").set_value(COUNTY)
    press(shown, "登记")
    assert labelled(shown.text_input, "单位名称").value == ""

    given = [box for box in shown.text_input if box.label in ("邮箱", "姓名", "单位代码")]
    for box, value in zip(given[:3], ("new@example.cn", "赵六", unit(3)), strict=True):
        box.set_value(value)
    press(shown, "开通")

    assert [(seat.organization, seat.role) for seat in actor_of("new@example.cn").seats] == [(unit(3), Role.CLERK)]


def test_a_wrong_credit_code_is_refused_and_stays_to_be_mended(there: Living) -> None:
    shown = opened("admin_people", there.administrator)
    labelled(shown.text_input, "统一社会信用代码（18位）").set_value("123")

    press(shown, "登记")

    assert [said[:9] for said in texts(shown, "error")] == ["“123”不是有效"]
    assert labelled(shown.text_input, "统一社会信用代码（18位）").value == "123"


def test_the_office_s_questions_are_answered_to_administrators_alone(there: Living) -> None:
    for ask in (
        post.letters,
        post.stuck,
        admin.people,
        admin.units,
        admin.events,
        admin.programmes,
    ):
        with pytest.raises(ForbiddenError) as refused:
            ask(there.county, root=PROVINCE)
        assert refused.value.code == "not_administrator"
    with pytest.raises(ForbiddenError):
        admin.places(there.county, round_id=there.round_id)


def test_the_places_of_every_union_below_are_listed_issued_or_not(there: Living) -> None:
    rows = {row.organization: row for row in admin.places(there.administrator, round_id=there.round_id)}

    assert (rows[COUNTY].places, rows[CITY].places, rows["330200"].places) == (3, 5, None)
    assert rows["330200"].tier is Tier.CITY
    assert {code[:2] for code in rows} == {"33"}


def test_an_offer_tells_until_when_its_approval_runs(there: Living) -> None:
    offer, *_ = admin.programmes(there.administrator, root=PROVINCE)

    assert (offer.id, offer.cap, offer.valid_until, offer.published) == (
        "provincial-studio@1", 70, date(2099, 12, 31), True,
    )  # fmt: skip
