"""What `shenbao up --demo` serves, walked in a real browser from signing in to signing out, on both databases."""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING, LiteralString

import pytest
from playwright.sync_api import expect

from models import clock
from tests.browser import demo
from tests.browser.conftest import window
from tests.browser.test_applicant import LONG, day_of, field, put, saving
from tests.browser.test_reviewer import fault, to_open
from tests.factories import identity
from tests.living import pdf
from workflows.rules.calendar import end_of, local_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Locator

    from tests.browser.conftest import Desk

STUDIO, LEADER = "闻人望舒劳模创新工作室", "闻人望舒"
TEXTS = {"工作室名称": STUDIO, "领衔人姓名": LEADER, "领衔人身份证号": identity(0)}
RECEIPT = re.compile(r"^\d{4}-[A-Z0-9]{8}$")
EXAMINED = 240_000  # milliseconds: the clocks start a process of its own for it
LOWEST = "70"  # points: below everybody whom the demo has put on a list


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Answer the address of a demo of either kind, with its clocks: started once for all that is walked here."""
    url = ""
    if request.param == "postgresql":
        administer: Callable[[LiteralString, str], None] = request.getfixturevalue("postgresql_template")
        administer("CREATE DATABASE {}", "shenbao_demo")
        url = request.getfixturevalue("postgresql").format(name="shenbao_demo")
    with demo.running_demo(tmp_path_factory.mktemp("demo"), url) as address:
        yield address


def test_a_studio_goes_from_a_draft_to_the_public_notice(site: str, chromium: Browser) -> None:
    with demo.person(chromium, site, "applicant") as desk:
        receipt = hands_in(desk)

    with demo.person(chromium, site, "county") as desk:
        checks(desk, receipt)
        returns_the_next(desk)
        lists(desk)
        sends_up(desk)

    with demo.person(chromium, site, "city") as desk:
        opens(desk, "西湖区总工会")
        checks(desk, receipt)
        lists(desk)
        sends_up(desk)

    with demo.person(chromium, site, "province") as desk:
        opens(desk, "杭州市总工会")
        checks(desk, receipt)
        lists(desk)
        publishes(desk)

    reads_the_notice(chromium, site)

    with demo.person(chromium, site, "applicant") as desk:
        follows(desk)


def hands_in(desk: Desk) -> str:
    """From the round to the receipt; answers its number."""
    desk.follow("去申报", shows=desk.heading("可以申报的批次"))
    desk.press("再报一项", shows="已保存，尚未提交。")
    desk.press("提交申报", shows=desk.dialog)
    desk.confirm("确认提交", shows="有9处需要改正：")
    for label, text in (TEXTS | LONG | {"团队人数": "8"}).items():
        field(desk, label, text)
    with saving(desk, "领衔人荣誉"):
        desk.page.get_by_test_id("stSelectbox").get_by_role("combobox").click()
        desk.page.get_by_role("option", name="市级劳动模范").click()
    with saving(desk, "成立日期"):
        day_of(desk, "2018-05-01")
    put(desk, "证书.pdf", "application/pdf", pdf(), shows="证书.pdf（1 KB）")
    expect(desk.page.get_by_text("请填写。")).to_have_count(0)
    desk.press("提交申报", shows=desk.dialog)
    desk.confirm("确认提交", shows=desk.heading("申报已提交"))
    receipt = desk.page.get_by_role("heading", name=RECEIPT).inner_text()
    desk.follow("查看办理进度", shows="西湖区总工会")
    desk.told("无需操作，等待审核")
    return receipt


def turns_to(desk: Desk, name: str) -> None:
    """Open a page by its name in the menu."""
    with desk.brings(desk.main.get_by_role("heading", level=1, name=name, exact=True)):
        desk.page.get_by_test_id("stSidebarNav").get_by_role("link", name=name, exact=True).click()


def finds(desk: Desk, receipt: str) -> None:
    """Look a case up in the queue and open it."""
    turns_to(desk, "待办审核")
    box = desk.page.get_by_role("textbox", name="查询")
    with desk.brings("查到：1"):
        box.fill(receipt)
        box.press("Enter")
    desk.select(0, shows=to_open(desk))
    desk.press("打开", shows=desk.heading(STUDIO))


def checks(desk: Desk, receipt: str) -> None:
    """Pass the check of this tier, by the keyboard."""
    finds(desk, receipt)
    desk.press("审核通过", shows=desk.dialog)
    with desk.brings("本级已审核通过"):
        desk.fill("审核意见", "材料齐全，同意推荐")
        desk.page.keyboard.press("Control+Enter")


def returns_the_next(desk: Desk) -> None:
    """Give the next case of the queue back, with a fault in one field."""
    desk.press("下一件", shows=desk.main.get_by_role("heading", level=1).filter(has_not_text=STUDIO))
    desk.press("退回修改", shows=desk.dialog)
    fault(desk, "主要成果与效益", "请附专利号")
    desk.confirm("退回修改", shows="退回修改 · ")
    desk.toasted("已退回修改")


def lists(desk: Desk) -> None:
    """Put the studio last on this tier's list, and seal the list."""
    turns_to(desk, "推荐名单")
    row = row_of(desk, STUDIO)
    desk.pick(row, 0, "正式推荐")
    desk.edit(row, 2, LOWEST)
    desk.main.get_by_role("button", name="保存排序").click()
    desk.toasted("排序已保存")
    expect(one_list(desk, "拟定中").locator("td").filter(has_text=STUDIO)).to_be_attached()
    desk.drawn()
    with desk.brings(desk.dialog):
        one_list(desk, "拟定中").get_by_role("button", name="确认名单").click()
    desk.fill("集体研究的会议记录", "主席会议研究同意")
    desk.confirm("确认名单", shows="已确认 · 正式 ")
    desk.toasted("名单已确认")


def row_of(desk: Desk, studio: str) -> int:
    """Where a studio stands in the ranking; what is not on the screen is not there, so the table is walked down."""
    table = desk.table()
    desk.touch(table, 0)
    for row in count():
        cell = table.get_by_test_id(f"glide-cell-3-{row}")
        expect(cell).to_be_attached()
        if cell.text_content() == studio:
            desk.page.keyboard.press("Control+Home")
            # With the first cell let go, a click on it chooses it: on one that is chosen it would open it.
            desk.page.keyboard.press("Escape")
            expect(table.locator("td[aria-selected=true]")).to_have_count(0)
            return row
        desk.page.keyboard.press("ArrowDown")
    raise AssertionError(studio)


def one_list(desk: Desk, state: str, of: str = "") -> Locator:
    """A list of the page, as it stands, by whose it is and what has become of it."""
    name = re.compile(f"{of}.* · {state} · 正式 ")
    return desk.main.get_by_test_id("stExpander").filter(has=desk.page.locator("summary").filter(has_text=name))


def sends_up(desk: Desk) -> None:
    """Send the sealed list to the tier above."""
    with desk.brings("份申报一并上报上级工会"):
        one_list(desk, "已确认").get_by_role("button", name="上报").click()
    desk.dialog.get_by_role("button", name="确认上报").click()
    desk.toasted("已上报")
    expect(one_list(desk, "已确认")).to_have_count(0)


def opens(desk: Desk, below: str) -> None:
    """Open the list that came up from a union below."""
    turns_to(desk, "推荐名单")
    came = one_list(desk, "已上报", of=below)
    with desk.brings(came.get_by_role("button", name="启动受理", disabled=False)):
        came.locator("summary").click()
    came.get_by_role("button", name="启动受理").click()
    desk.toasted("已启动受理")


def publishes(desk: Desk) -> None:
    """Publish the sealed list."""
    with desk.brings(desk.heading("公示与决定")):
        one_list(desk, "已确认").get_by_role("button", name="公示与决定").click()
    publish = desk.page.get_by_role("button", name="发布公示")
    sealed = desk.main.get_by_test_id("stVerticalBlock").filter(has_text="· 已确认 ·").filter(has=publish).last
    with desk.brings("名单即行固定，公示期不能缩短。"):
        sealed.get_by_role("button", name="发布公示").click()
    desk.dialog.get_by_role("button", name="确认发布").click()
    desk.toasted("公示已发布")


def reads_the_notice(chromium: Browser, site: str) -> None:
    """Anybody finds the name in the notice that is open, and nothing private beside it."""
    context = window(chromium)
    page = context.new_page()
    page.goto(f"{site}/notices")
    page.get_by_role("link", name="省级劳模工匠创新工作室").first.click()
    expect(page.get_by_role("cell", name=STUDIO, exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="提出异议").first).to_be_visible()
    assert identity(0) not in page.content()
    context.close()


def follows(desk: Desk) -> None:
    """Where it is and since when, the letter about it, and the same words in English."""
    own = desk.main.get_by_test_id("stVerticalBlock").filter(has_text=STUDIO).last
    with desk.brings(desk.main.get_by_role("link", name="查看公示")):
        own.get_by_role("link", name="查看进度").click()
    desk.told("进入公示")
    with desk.brings(desk.main.get_by_role("link", name="Open the notice")):
        desk.page.get_by_role("link", name="English").click()
    with desk.brings(desk.main.get_by_role("link", name="查看公示")):
        desk.page.get_by_role("link", name="中文").click()


def test_an_administrator_hurries_gives_time_and_examines(site: str, chromium: Browser) -> None:
    with demo.person(chromium, site, "admin") as desk:
        desk.follow("统计图 →", shows="各环节申报件数")
        hurries(desk)
        gives_time(desk)
        turns_to(desk, "信件")
        desk.select(0, shows="本邮件由申报系统自动发送，请勿直接回复。")
        turns_to(desk, "办理记录")
        desk.main.get_by_role("button", name="重新体检").click()
        desk.toasted("已交定时任务进行")
        found = desk.main.get_by_text("一切正常，记录完整，未发现改动。")
        expect(found).to_be_visible(timeout=EXAMINED)


def hurries(desk: Desk) -> None:
    """Remind the desk of what is overdue longest."""
    turns_to(desk, "逾期事项")
    late = desk.table("受理编号")
    desk.select(0, table=late, shows=desk.page.get_by_role("button", name="催办", disabled=False))
    desk.press("催办", shows="将会发生什么")
    desk.dialog.get_by_role("button", name="办理1项").click()
    desk.toasted("已办理")
    expect(desk.dialog).to_have_count(0)


def gives_time(desk: Desk) -> None:
    """Put the same one's deadline off."""
    desk.press("顺延办理期限", shows=desk.dialog)
    desk.dialog.get_by_role("spinbutton").first.click()
    desk.page.keyboard.type(f"{end_of(local_date(clock.now()), 3):%Y%m%d}")
    desk.fill("理由（必填）", "经办人因公出差")
    desk.dialog.get_by_role("button", name="顺延办理期限").click()
    desk.toasted("已顺延")
    expect(desk.dialog).to_have_count(0)
