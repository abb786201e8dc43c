"""A reviewer's day in a real browser, on both databases: from the queue to the list sent up."""

import pytest
from playwright.sync_api import Locator, expect

from models.vocabulary import SlateState, State
from tests import factories
from tests.browser.conftest import Desk, SignIn
from tests.factories import CITY, COUNTY, World
from workflows.desk import reviews
from workflows.queries import applications, lists


@pytest.fixture
def there(database: str) -> World:
    return factories.world(3)


def test_a_county_checks_returns_ranks_seals_and_sends_up(there: World, sign_in: SignIn) -> None:
    rows = [factories.submitted(there, n) for n in range(3)]
    desk = sign_in(there.county)
    desk.go("review")
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


def test_two_reviewers_at_one_desk_do_not_undo_each_other(there: World, sign_in: SignIn) -> None:
    row, other = factories.submitted(there, 0), factories.submitted(there, 1)
    desk = sign_in(there.county)
    desk.go("review")
    desk.select(0, shows=to_open(desk))

    reviews.check(there.county, other.id, seen=other.version)
    desk.told("列表已更新，点击刷新")
    desk.press("打开", shows=desk.heading(row.subject))
    desk.press("退回修改", shows=desk.dialog)
    reviews.check(there.county, row.id, seen=row.version)
    fault(desk, "团队人数", "与名册不符")
    desk.confirm("退回修改", shows="在您查看之后已有变化")

    assert applications.application(there.county, row.id).application.state is State.COUNTY_REVIEW


def test_four_fast_presses_are_one_opinion(there: World, sign_in: SignIn) -> None:
    row = factories.submitted(there)
    desk = sign_in(there.county)
    desk.go(f"review-case?id={row.id}")
    desk.press("审核通过", shows=desk.dialog)
    desk.fill("审核意见", "同意")

    with desk.brings("本级已审核通过"):
        for _ in range(4):
            desk.page.keyboard.press("Control+Enter")

    assert [r.opinion for r in applications.application(there.county, row.id).reviews] == ["同意"]


def test_what_people_typed_is_shown_and_never_obeyed(there: World, sign_in: SignIn) -> None:
    bad = "![x](//evil.cn/x) :red[甲] $a$ <b>"
    row = factories.submitted(there, subject=bad)
    desk = sign_in(there.county)
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url))

    desk.go(f"review-case?id={row.id}")

    expect(desk.heading(bad)).to_be_visible()
    assert [url for url in asked if "evil" in url] == []


def to_open(desk: Desk) -> Locator:
    """The queue's button, once it can be pressed."""
    return desk.page.get_by_role("button", name="打开", disabled=False)


def fault(desk: Desk, label: str, words: str) -> None:
    """Name a field in the dialog that returns an application, and say what is wrong with it."""
    asked = f"{label}：请写明"
    desk.choose(label, within=desk.dialog, shows=desk.page.get_by_label(asked))
    desk.fill(asked, words)
