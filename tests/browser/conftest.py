"""A real server on a fresh database of either kind, and a real browser before it."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.factories import PASSWORD
from workflows.acting import Actor

ROOT = Path(__file__).parent.parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
TRIES = 10  # at growing intervals: in all about a minute and a half on a busy machine
SLOW = 30_000  # milliseconds

SignIn = Callable[[Actor], "Desk"]


class Desk:
    """A browser window of somebody who is signed in."""

    def __init__(self, page: Page, site: str) -> None:
        self.page = page
        self.site = site

    def go(self, path: str) -> None:
        """Open a page by its address and wait until it is drawn."""
        self.page.goto(f"{self.site}/{path}")
        self.ready()

    def ready(self) -> None:
        """Wait until the script behind the page has run."""
        app = self.page.get_by_test_id("stApp")
        expect(app).to_have_attribute("data-test-connection-state", "CONNECTED", timeout=SLOW)
        expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=SLOW)

    def press(self, said: str) -> None:
        """Press a button of the page by its words."""
        main = self.page.get_by_test_id("stMain")
        main.get_by_role("button", name=said, exact=False).first.click(timeout=SLOW)
        self.ready()

    def confirm(self, said: str) -> None:
        """Press a button of the open dialog by its words."""
        self.page.get_by_role("dialog").get_by_role("button", name=said).click(timeout=SLOW)
        self.ready()

    def fill(self, label: str, text: str) -> None:
        """Type into a field by its label."""
        self.page.get_by_label(label).first.fill(text)

    def told(self, said: str) -> None:
        """Wait for a toast or a line with these words."""
        expect(self.page.get_by_text(said).first).to_be_visible(timeout=SLOW)

    def select(self, row: int) -> None:
        """Tick a row (from 0) of the first table, as a hand does."""
        self._point(row, 15)
        self.ready()

    def edit(self, row: int, column: int, text: str) -> None:
        """Type into a cell of the first table: Enter opens it, Enter takes what was typed."""
        field = self._enter(row, column)
        field.fill(text)
        expect(field).to_have_value(text)
        field.press("Enter")
        self._holds(row, column, text)

    def pick(self, row: int, column: int, option: str) -> None:
        """Choose in a cell of the first table that offers a few words."""
        self._enter(row, column)
        self.page.locator("#portal").get_by_text(option, exact=True).last.click(timeout=SLOW)
        self._holds(row, column, option)

    def _enter(self, row: int, column: int) -> Locator:
        while not self._chosen(row, 0):
            self._point(row, 40)  # the click after a choice only closes its list
        for reached in range(1, column + 1):
            self.page.keyboard.press("ArrowRight")
            cell = self._cell(row, reached)
            expect(cell).to_have_attribute("aria-selected", "true", timeout=SLOW)
        self.page.keyboard.press("Enter")
        field = self.page.locator("#portal input, #portal textarea").first
        expect(field).to_be_focused(timeout=SLOW)
        return field

    def _chosen(self, row: int, column: int) -> bool:
        with suppress(AssertionError):
            cell = self._cell(row, column)
            expect(cell).to_have_attribute("aria-selected", "true", timeout=500)
            return True
        return False

    def _holds(self, row: int, column: int, text: str) -> None:
        expect(self._cell(row, column)).to_contain_text(text, timeout=SLOW)
        expect(self.page.locator("#portal input, #portal textarea")).to_have_count(0, timeout=SLOW)

    def _cell(self, row: int, column: int) -> Locator:
        return self.page.get_by_test_id(f"glide-cell-{column}-{row}").first

    def _point(self, row: int, across: int) -> None:
        table = self.page.get_by_test_id("stDataFrame").first
        expect(table.locator("canvas").first).to_be_visible(timeout=SLOW)
        box = table.bounding_box()
        assert box is not None
        line = 35  # pixels, the header's too
        self.page.mouse.click(box["x"] + across, box["y"] + line * (row + 1) + line / 2)


@pytest.fixture
def site(database: str, tmp_path: Path) -> Iterator[str]:
    """Run the web face as its own process; yields its address."""
    port = _free_port()
    log = (tmp_path / "web.log").open("w", encoding="utf-8")
    command = [sys.executable, "-m", "ui.serve", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ.copy(), stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)
        log.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Start the browser that this machine has."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("no chromium on this machine: on Debian, apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def sign_in(site: str, chromium: Browser) -> Iterator[SignIn]:
    """Sign somebody in by the form, each in a browser of their own."""
    contexts = []

    def enter(actor: Actor) -> Desk:
        context = chromium.new_context(locale="zh-CN", viewport={"width": 1440, "height": 1000})
        contexts.append(context)
        desk = Desk(context.new_page(), site)
        desk.page.goto(f"{site}/login")
        desk.page.locator("[name=email]").fill(actor.email)
        desk.page.locator("[name=password]").fill(PASSWORD)
        desk.page.locator("[name=password]").press("Enter")
        desk.ready()
        return desk

    yield enter
    for context in contexts:
        context.close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _wait_for(address: str) -> None:
    with httpx.Client(transport=httpx.HTTPTransport(retries=TRIES), trust_env=False) as client:
        assert client.get(f"{address}/healthz", timeout=60).is_success
