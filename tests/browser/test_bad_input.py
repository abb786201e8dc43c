"""Hasty hands, two tabs, a cut line, an ended session, a file too big: nothing is done twice, nothing typed is lost."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, Thread
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from models.database import transaction
from models.vocabulary import State
from tests import living
from tests.browser.conftest import Desk, SignIn, window
from tests.browser.test_applicant import field, saving
from tests.factories import PASSWORD
from tests.living import Living
from workflows.people import sessions
from workflows.queries import applications, mine
from workflows.record.acting import Actor

BAD = "<script>alert(1)</script>![x](//evil.cn/x) 𠮷㛃\u202e =HYPERLINK(1)"
TWO_GB = 2 << 30


@pytest.fixture
def there(database: str) -> Living:
    """Answer a round that is open today."""
    return living.living()


class Line:
    """The line between a browser and the site, which can be cut and mended."""

    def __init__(self, site: str) -> None:
        self._to = (urlsplit(site).hostname, urlsplit(site).port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._lock = Lock()
        self._is_cut = False
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Drop everything that is open, and whoever calls until the line is mended."""
        with self._lock:
            self._is_cut = True
            for end in self._open:
                _drop(end)
            self._open.clear()

    def mend(self) -> None:
        """Let calls through again."""
        self._is_cut = False

    def close(self) -> None:
        """The end of the line."""
        self.cut()
        _drop(self._listener)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                self._join(self._listener.accept()[0])

    def _join(self, near: socket.socket) -> None:
        with self._lock:
            if self._is_cut:
                _drop(near)
                return
            far = socket.create_connection(self._to)
            self._open += [near, far]
        for ends in ((near, far), (far, near)):
            Thread(target=_pump, args=ends, daemon=True).start()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while heard := source.recv(1 << 16):
            target.sendall(heard)
    _drop(source)
    _drop(target)


def _drop(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


@contextmanager
def through_a_line(desk: Desk) -> Iterator[Line]:
    """The same window, its site reached over a line that can be cut: cookies do not ask for the port."""
    line, desk.site = Line(desk.site), ""
    desk.site = line.address
    try:
        yield line
    finally:
        line.close()


def drafts(actor: Actor) -> list[State]:
    """The states of what somebody has begun."""
    return [case.state for case in mine.my_cases(actor)]


def test_three_clicks_are_one_draft_and_going_back_finds_what_was_typed(there: Living, sign_in: SignIn) -> None:
    desk = sign_in(there.clerks[0])
    desk.go("my-applications")
    with desk.brings("已保存，尚未提交。"):
        desk.main.get_by_role("button", name="开始申报").first.click(click_count=3, no_wait_after=True)
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url))
    desk.page.on("dialog", lambda dialog: asked.append(f"evil: {dialog.message}"))
    field(desk, "本年度课题", BAD)

    desk.page.go_back()
    desk.drawn()
    expect(desk.heading("我的申报")).to_be_visible()
    desk.page.go_forward()
    expect(desk.page.get_by_label("本年度课题").first).to_have_value(BAD)

    assert drafts(there.clerks[0]) == [State.DRAFT]
    assert [url for url in asked if "evil" in url] == []


def test_of_two_tabs_the_second_is_told_and_its_words_are_kept(there: Living, sign_in: SignIn) -> None:
    row = living.drafted(there)
    one = sign_in(there.clerks[0])
    other = Desk(one.page.context.new_page(), one.site)
    for desk in (one, other):
        desk.go(f"apply?id={row.id}")

    field(one, "本年度课题", "第一个窗口写的")
    with other.brings("对方保存的内容："):
        other.fill("本年度课题", "第二个窗口写的")
        other.page.get_by_label("本年度课题").first.blur()

    other.told("第一个窗口写的")
    expect(other.page.get_by_label("本年度课题").first).to_have_value("第二个窗口写的")
    assert applications.application(there.clerks[0], row.id).application.answers["topics"] == "第一个窗口写的"
    with saving(other, "本年度课题"):
        other.main.get_by_role("button", name="保存我的内容").click()
    assert applications.application(there.clerks[0], row.id).application.answers["topics"] == "第二个窗口写的"


def test_a_line_cut_in_mid_form_loses_nothing_that_was_typed(there: Living, sign_in: SignIn) -> None:
    row = living.drafted(there)
    desk = sign_in(there.clerks[0])
    with through_a_line(desk) as line:
        desk.go(f"apply?id={row.id}")
        field(desk, "工作室名称", "写好并保存的")
        desk.fill("本年度课题", "写了一半")

        line.cut()
        app = desk.page.get_by_test_id("stApp")
        expect(app).not_to_have_attribute("data-test-connection-state", "CONNECTED")
        line.mend()
        expect(app).to_have_attribute("data-test-connection-state", "CONNECTED")

        expect(desk.page.get_by_label("本年度课题").first).to_have_value("写了一半")
        with saving(desk, "主要成果与效益"):
            desk.fill("主要成果与效益", "接着写")
            desk.page.get_by_label("主要成果与效益").first.blur()

        kept = applications.application(there.clerks[0], row.id).application.answers
    assert {name: kept[name] for name in ("studio_name", "topics", "results")} == {
        "studio_name": "写好并保存的", "topics": "写了一半", "results": "接着写",
    }  # fmt: skip


def test_a_session_that_ends_in_mid_form_leads_back_to_it(there: Living, sign_in: SignIn) -> None:
    row = living.drafted(there)
    desk = sign_in(there.clerks[0])
    desk.go(f"apply?id={row.id}")
    field(desk, "本年度课题", "已经保存的")
    with transaction() as store:
        sessions.end_all(store, there.clerks[0].id)

    with desk.brings("会话已失效"):
        desk.fill("工作室名称", "没有存下的")
        desk.page.get_by_label("工作室名称").first.blur()
    desk.page.get_by_role("link", name="登录").click()
    desk.page.locator("[name=email]").fill(there.clerks[0].email)
    desk.page.locator("[name=password]").fill(PASSWORD)
    desk.page.locator("[name=password]").press("Enter")

    expect(desk.page.get_by_label("本年度课题").first).to_have_value("已经保存的")
    assert desk.page.url.endswith(f"/apply?id={row.id}")


def test_an_objection_half_written_outlives_a_reload_but_not_its_sending(
    there: Living, site: str, chromium: Browser
) -> None:
    notice = living.in_notice(there)
    context = window(chromium)
    page = context.new_page()
    form = f"{site}/notices/{notice.id}/objection?line=1"
    page.goto(form)
    page.get_by_label("事实和理由").fill("专利与报送的不符")
    page.get_by_label("异议事由").select_option("authorship")
    page.get_by_label("您的姓名").fill("钱进")
    page.reload()

    expect(page.get_by_label("事实和理由")).to_have_value("专利与报送的不符")
    expect(page.get_by_label("异议事由")).to_have_value("authorship")
    expect(page.get_by_label("您的姓名")).to_have_value("")  # whose it is, the tab does not keep
    page.get_by_role("button", name="提交异议").click()
    expect(page.get_by_role("heading", name="异议已收到")).to_be_visible()
    page.goto(form)
    expect(page.get_by_label("事实和理由")).to_have_value("")
    context.close()


def test_a_file_of_two_gigabytes_is_refused_in_words(there: Living, sign_in: SignIn, tmp_path: Path) -> None:
    row = living.drafted(there)
    huge = tmp_path / "证书.pdf"
    with huge.open("wb") as file:
        file.truncate(TWO_GB)  # a hole: nothing is written
    desk = sign_in(there.clerks[0])
    desk.go(f"apply?id={row.id}")

    with desk.brings("文件太大，没有上传：不能超过 10.0 MB"):
        desk.page.locator("input[type=file]").first.set_input_files(huge)

    assert applications.application(there.clerks[0], row.id).files == []
