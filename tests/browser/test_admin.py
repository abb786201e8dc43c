"""An administrator's day in a real browser, on both databases."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from models import clock
from models.vocabulary import Role
from tests import living
from tests.browser.conftest import SLOW, SignIn
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
    desk.page.get_by_text("新建批次").first.click()
    desk.fill("年度", str(local_date(clock.now()).year + 1))
    desk.press("建立批次")
    desk.told("批次已建立，请下达名额")
    row = lists.rounds(there.administrator)[0]
    assert row.year == local_date(clock.now()).year + 1
    assert row.closes_at - row.opens_at == timedelta(days=31)

    desk.page.get_by_text("名额", exact=True).first.click()
    desk.ready()
    desk.edit(0, 2, "7")
    desk.press("下达（1个单位有改动）")
    desk.told("已向1个单位下达名额")

    places = {p.organization: p.places for p in admin.places(there.administrator, round_id=row.id)}
    assert places[CITY] == 7


def test_the_overdue_list_names_the_desk_that_is_late(there: Living, sign_in: SignIn) -> None:
    living.submitted(there, 0, days_ago=9)
    desk = sign_in(there.administrator)

    desk.page.get_by_role("link", name="逾期事项 →").click()

    expect(desk.page.get_by_role("heading", name="逾期事项")).to_be_visible(timeout=SLOW)
    desk.told("按单位")
    expect(desk.page.locator("table[role=grid]").first).to_contain_text("西湖区总工会", timeout=SLOW)


def test_a_letter_is_opened_and_the_journal_verified(there: Living, sign_in: SignIn) -> None:
    living.submitted(there)
    desk = sign_in(there.administrator)
    desk.go("letters")
    desk.select(0)
    desk.told("本邮件由申报系统自动发送，请勿直接回复。")

    desk.go("journal")
    desk.press("核验记录链")
    desk.told("记录完整，未发现改动。")
    desk.press("体检")
    desk.told("一切正常。")


def test_a_seat_is_ended_from_the_list(there: Living, sign_in: SignIn) -> None:
    desk = sign_in(there.administrator)
    desk.go("people")
    desk.fill("查找单位或人员", "clerk1")
    desk.page.keyboard.press("Enter")
    desk.ready()
    table = desk.page.get_by_test_id("stDataFrame").last
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert box is not None
    desk.page.mouse.click(box["x"] + 15, box["y"] + 52)
    desk.ready()
    desk.press("确认结束")
    desk.told("任职已结束")

    rows = admin.people(there.administrator, root="330000")
    assert [row.email for row in rows if row.role is Role.CLERK] == ["clerk0@example.cn"]
