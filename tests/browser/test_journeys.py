"""Three people's whole days in a real browser, from signing in by the form to signing out, on both databases."""

import pytest
from playwright.sync_api import expect

from models import clock
from models.vocabulary import SlateState, State
from tests import factories, living
from tests.browser.conftest import Desk, SignIn
from tests.browser.test_applicant import LONG, TEXTS, day_of, field, put, saving
from tests.browser.test_reviewer import fault, to_open
from tests.factories import CITY, COUNTY, World
from tests.living import Living
from tests.worlds import rows as found_in
from workflows.queries import applications, lists, mine
from workflows.rules.calendar import end_of, local_date


@pytest.fixture
def living_round(database: str) -> Living:
    """Answer a round that is open today."""
    return living.living()


@pytest.fixture
def past_round(database: str) -> World:
    """Answer a round of last year, with people at every tier."""
    return factories.world(3)


def walk_out(desk: Desk) -> None:
    """Sign out by the form; after it the site asks who is there, and the session is over on the server too."""
    desk.page.get_by_role("link", name="退出登录").click()
    desk.page.get_by_role("button", name="退出登录").click()
    expect(desk.page.locator("[name=password]")).to_be_visible()
    desk.page.goto(f"{desk.site}/my-letters")
    expect(desk.page.locator("[name=password]")).to_be_visible()
    assert [ended is None for (ended,) in found_in("SELECT revoked_at FROM session")] == [False]


def test_an_applicant_finds_a_round_hands_in_follows_and_withdraws(living_round: Living, walk_in: SignIn) -> None:
    there = living_round
    desk = walk_in(there.clerks[0])
    desk.follow("去申报", shows=desk.heading("我的申报"))
    desk.press("开始申报", shows="已保存，尚未提交。")

    for label, text in TEXTS.items():
        field(desk, label, text)
    desk.press("提交申报", shows=desk.dialog)
    desk.confirm("确认提交", shows="有6处需要改正：")
    expect(desk.page.get_by_text("“成立日期”为必填项，请填写。")).to_have_count(2)

    for label, text in LONG.items():
        field(desk, label, text)
    field(desk, "团队人数", "8")
    with saving(desk, "领衔人荣誉"):
        desk.page.get_by_test_id("stSelectbox").get_by_role("combobox").click()
        desk.page.get_by_role("option", name="市级劳动模范").click()
    with saving(desk, "成立日期"):
        day_of(desk, "2018-05-01")
    put(desk, "证书.pdf", "application/pdf", living.pdf(), shows="证书.pdf（1 KB）")
    expect(desk.page.get_by_text("请填写。")).to_have_count(0)

    desk.press("提交申报", shows=desk.dialog)
    desk.confirm("确认提交", shows=desk.heading("申报已提交"))

    (case,) = mine.my_cases(there.clerks[0])
    assert case.state is State.COUNTY_REVIEW
    expect(desk.page.get_by_text(case.receipt or "-").first).to_be_visible()
    whole = applications.application(there.clerks[0], case.id)
    assert [(f.slot, f.filename, f.media_type) for f in whole.files] == [
        ("honour_proof", "证书.pdf", "application/pdf")
    ]
    assert whole.application.answers["founded_on"] == "2018-05-01"

    desk.follow("查看办理进度", shows="西湖区总工会")
    desk.told("已提交")
    desk.page.get_by_text("撤回申报…").click()  # opens in the browser alone
    desk.fill("撤回理由", "材料需要重新准备")
    desk.press("确认撤回", shows="已撤回")
    assert mine.my_cases(there.clerks[0])[0].state is State.WITHDRAWN
    walk_out(desk)


def test_a_reviewer_checks_returns_ranks_seals_and_sends_up(past_round: World, walk_in: SignIn) -> None:
    there = past_round
    rows = [factories.submitted(there, n) for n in range(3)]
    desk = walk_in(there.county)
    desk.follow("去审核", shows=desk.heading("待办审核"))
    desk.select(0, shows=to_open(desk))
    desk.press("打开", shows=desk.heading(rows[0].subject))

    desk.press("审核通过", shows=desk.dialog)
    with desk.brings("本级已审核通过"):
        desk.fill("审核意见", "材料齐全，同意推荐")
        desk.page.keyboard.press("Control+Enter")

    desk.press("下一件", shows=desk.heading(rows[1].subject))
    desk.press("审核通过", shows=desk.dialog)
    desk.confirm("审核通过", shows="本级已审核通过")

    desk.press("下一件", shows=desk.heading(rows[2].subject))
    desk.press("退回修改", shows=desk.dialog)
    fault(desk, "主要成果与效益", "请附专利号")
    desk.confirm("退回修改", shows="退回修改 · ")
    desk.toasted("已退回修改")

    desk.go("review-slate")
    desk.pick(0, 0, "正式推荐")
    desk.pick(1, 0, "正式推荐")
    desk.edit(0, 2, "88.5")
    desk.edit(1, 2, "92")
    desk.edit(0, 1, "2")
    desk.edit(1, 1, "1")
    desk.press("保存排序", shows="拟定中 · 正式 2，备选 0")
    desk.toasted("排序已保存")
    desk.press("确认名单", shows="占用 2 个名额（目前剩余 3）。")
    desk.fill("集体研究的会议记录", "主席会议研究同意")
    desk.confirm("确认名单", shows="已确认 · 正式 2，备选 0")
    desk.toasted("名单已确认")
    desk.press("上报", exact=True, shows="2 份申报一并上报上级工会")
    desk.confirm("确认上报", shows="已上报 · 正式 2，备选 0")
    desk.toasted("已上报")

    whole = [applications.application(there.county, row.id) for row in rows]
    assert [one.application.state for one in whole] == [
        State.CITY_REVIEW,
        State.CITY_REVIEW,
        State.RETURNED,
    ]
    assert whole[0].reviews[0].opinion == "材料齐全，同意推荐"
    assert whole[2].application.faults == [{"field": "results", "words": "请附专利号"}]
    own, _ = lists.slates(there.county, desk=COUNTY)
    slate = lists.slate(there.county, own[0].id)
    assert (slate.slate.state, slate.slate.sent_to) == (SlateState.SENT_UP, CITY)
    assert [(p.application_id, p.score) for p in slate.places] == [
        (rows[1].id, 9200),
        (rows[0].id, 8850),
    ]
    walk_out(desk)


def test_an_administrator_hurries_gives_time_reads_and_verifies(living_round: Living, walk_in: SignIn) -> None:
    row = living.submitted(living_round, 0, days_ago=9)
    desk = walk_in(living_round.administrator)

    desk.follow("逾期事项 →", shows=desk.heading("逾期事项"))
    desk.told("按单位")
    expect(desk.table()).to_contain_text("西湖区总工会")
    late = desk.table(row.subject)
    desk.select(0, table=late, shows=desk.page.get_by_role("button", name="催办", disabled=False))
    desk.press("催办", shows="将会发生什么")
    desk.dialog.get_by_role("button", name="办理1项").click()
    desk.toasted("已办理")
    expect(desk.dialog).to_have_count(0)
    assert found_in("SELECT application_id FROM chase") == [(row.id,)]
    desk.press("顺延办理期限", shows=desk.dialog)
    desk.dialog.get_by_role("spinbutton").first.click()
    desk.page.keyboard.type(f"{end_of(local_date(clock.now()), 3):%Y%m%d}")
    desk.fill("理由（必填）", "经办人因公出差")
    desk.confirm("顺延办理期限", shows="没有逾期事项。")

    desk.go("letters")
    desk.select(0, shows="本邮件由申报系统自动发送，请勿直接回复。")
    desk.go("journal")
    desk.press("核验记录链", shows="记录完整，未发现改动。")
    desk.press("体检", shows="一切正常。")
    walk_out(desk)
