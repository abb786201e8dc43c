"""An administrator's day in a real browser, on both databases."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from models import clock
from models.vocabulary import Role
from tests import living
from tests.browser.conftest import SignIn
from tests.factories import CITY
from tests.living import Living
from workflows.queries import admin, lists
from workflows.rules.calendar import local_date


@pytest.fixture
def there(database: str) -> Living:
    """Answer a round that is open today."""
    return living.living()


def test_a_round_is_planned_and_its_places_are_issued(there: Living, sign_in: SignIn) -> None:
    desk = sign_in(there.administrator)
    desk.go("rounds")
    desk.page.get_by_text("新建批次").first.click()  # opens in the browser alone
    year = local_date(clock.now()).year + 1
    desk.fill("年度", str(year))
    desk.press("建立批次", shows=f"{year}年省级劳模工匠创新工作室")
    desk.toasted("批次已建立，请下达名额")
    row = lists.rounds(there.administrator)[0]
    assert row.year == year
    assert row.closes_at - row.opens_at == timedelta(days=31)

    with desk.brings(desk.table("330100")):
        desk.page.get_by_text("名额", exact=True).first.click()
    with desk.brings("下达（1个单位有改动）"):
        desk.edit(0, 2, "7", table=desk.table("330100"))
    desk.press("下达（1个单位有改动）", shows="本层级共下达 7 个名额")
    desk.toasted("已向1个单位下达名额")

    places = {p.organization: p.places for p in admin.places(there.administrator, round_id=row.id)}
    assert places[CITY] == 7


def test_a_seat_is_ended_from_the_list(there: Living, sign_in: SignIn) -> None:
    desk = sign_in(there.administrator)
    desk.go("people")
    found = desk.table("clerk1@example.cn", without="clerk0@example.cn")
    desk.search("查找单位或人员", "clerk1", shows=found)
    desk.select(0, table=found, shows=desk.page.get_by_role("button", name="确认结束"))
    desk.press("确认结束", shows="没有找到。")
    desk.toasted("任职已结束")

    rows = admin.people(there.administrator, root="330000")
    assert [row.email for row in rows if row.role is Role.CLERK] == ["clerk0@example.cn"]


def test_a_browser_may_send_the_form_for_a_forgotten_password(there: Living, site: str, chromium: Browser) -> None:
    page = chromium.new_page(locale="zh-CN")
    page.goto(f"{site}/forgot")
    page.locator("[name=email]").fill(there.administrator.email)
    page.locator("[name=email]").press("Enter")

    expect(page.get_by_role("status")).to_contain_text("信已寄出")
    page.close()
