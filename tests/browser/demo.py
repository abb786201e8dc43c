"""What a newcomer gets from `shenbao up --demo`: all of its processes on a fresh demo, and a browser to walk in."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.conftest import Desk, window
from tests.ui.trees import fetch, free_port, python, running, until
from workflows.demo.people import DOMAIN, people

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

UP = "from ui.cli import main; main(['up', '--demo'])"
PATIENCE = 240  # seconds for a demo to be made and all of it to run; on a busy machine


@contextmanager
def running_demo(data: Path, url: str = "") -> Iterator[str]:
    """Run web face, Prefect and clocks on a fresh demo in SQLite, or in the database of an address; yields the site."""
    web, prefect = free_port(), free_port()
    site = f"http://127.0.0.1:{web}"
    with running(
        *python(UP),
        SHENBAO_DATA_DIR=str(data),
        SHENBAO_DATABASE_URL=url,
        SHENBAO_WEB_PORT=str(web),
        SHENBAO_PREFECT_PORT=str(prefect),
        SHENBAO_LETTER_SECONDS="2",  # the clocks' shortest beat: what is asked of them begins by it
    ) as tree:
        until(
            lambda: tree.process.poll() is not None or (tree.said("定时任务已启动") and fetch(f"{site}/healthz")),
            PATIENCE,
        )
        assert tree.process.poll() is None, "it has ended before it was ready"
        yield site


@contextmanager
def person(chromium: Browser, site: str, who: str) -> Iterator[Desk]:
    """A day of somebody the sign-in page offers, by the first part of their address: from signing in to signing out."""
    [name] = [one.name for one in people() if one.email == f"{who}@{DOMAIN}"]
    context = window(chromium)
    page = context.new_page()
    page.goto(site)
    page.get_by_role("link", name=name).click()
    page.get_by_role("button", name="登录").click()
    desk = Desk(page, site)
    desk.drawn()
    expect(desk.heading(f"{name}，您好")).to_be_visible()
    yield desk
    _leave(desk)
    context.close()


def _leave(desk: Desk) -> None:
    """Sign out by the form; after it the site asks who is there."""
    desk.page.get_by_role("link", name="退出登录").click()
    desk.page.get_by_role("button", name="退出登录").click()
    expect(desk.page.get_by_text("已退出登录。")).to_be_visible()
    desk.page.goto(f"{desk.site}/my-letters")
    expect(desk.page.locator("[name=password]")).to_be_visible()
