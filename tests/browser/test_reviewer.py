"""A reviewer's day in a real browser, on both databases: from the queue to the list sent up."""

import pytest
from playwright.sync_api import Locator, expect

from models.vocabulary import State
from tests import factories
from tests.browser.conftest import Desk, SignIn
from tests.factories import World
from workflows.desk import reviews
from workflows.queries import applications


@pytest.fixture
def there(database: str) -> World:
    return factories.world(3)


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
