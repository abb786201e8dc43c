"""A real server on a fresh database of either kind, and a real browser before it."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import LiteralString, NamedTuple

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect, sync_playwright

from models.database import connect
from models.settings import settings
from tests.factories import PASSWORD
from ui.cookies import session_cookie
from workflows import doctor
from workflows.people import sessions
from workflows.record.acting import Actor

ROOT = Path(__file__).parent.parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
TRIES = 10  # at growing intervals: in all about a minute and a half on a busy machine
SLOW = 60_000  # milliseconds
LINE = 35  # pixels: the height of a table's header and of each of its rows
LAST_IN_SIGHT = 8  # the row (from 0) of a table that is surely seen before it is scrolled

# What slides open shifts under a click; CSS is told by `reduced_motion`, Streamlit's own script is not.
STILL = """
  const animate = Element.prototype.animate;
  Element.prototype.animate = function (frames, how) { return animate.call(this, frames, {...how, duration: 0}); };
"""
# A toast is gone after four seconds, however slow whoever looks for it is.
TOASTS = """
  window.toasts = new Set();
  new MutationObserver(() => {
    for (const toast of document.querySelectorAll("[data-testid=stToast]")) window.toasts.add(toast.innerText);
  }).observe(document, {subtree: true, childList: true, characterData: true});
"""
TOASTED = "said => [...window.toasts].some(toast => toast.includes(said))"

expect.set_options(timeout=SLOW)

SignIn = Callable[[Actor], "Desk"]


class Desk:
    """A browser window of somebody who is signed in.

    Streamlit answers an act by drawing the page again, and between the two the old page still stands there
    and says that nothing runs. So every act names what it brings on the screen, and waits for that.
    """

    def __init__(self, page: Page, site: str) -> None:
        self.page = page
        self.site = site
        self.main = page.get_by_test_id("stMain")
        self.dialog = page.get_by_role("dialog")

    def go(self, path: str) -> None:
        """Open a page by its address and wait until it is drawn."""
        self.page.goto(f"{self.site}/{path}")
        self.drawn()

    def drawn(self) -> None:
        """Wait until a page just opened is drawn to its end: it says "initial" until its first run begins."""
        expect(self.main.get_by_role("heading", level=1)).to_be_visible()
        self._ready()

    @contextmanager
    def brings(self, effect: str | Locator) -> Iterator[None]:
        """Act inside, then wait for these words or this element, and for the end of the run that drew it.

        It must stay on the screen (a toast does not), and not be there before: that would prove nothing.
        """
        seen = self.page.get_by_text(effect) if isinstance(effect, str) else effect
        seen = seen.filter(visible=True)
        expect(seen, "on the screen before the act that was to bring it").to_have_count(0)
        yield
        expect(seen.first).to_be_visible()
        self._ready()

    def press(self, said: str, *, shows: str | Locator, exact: bool = False) -> None:
        """Press a button of the page by its words."""
        with self.brings(shows):
            self.main.get_by_role("button", name=said, exact=exact).first.click()

    def confirm(self, said: str, *, shows: str | Locator) -> None:
        """Press a button of the open dialog by its words."""
        with self.brings(shows):
            self.dialog.get_by_role("button", name=said).click()

    def follow(self, said: str, *, shows: str | Locator) -> None:
        """Follow a link by its words."""
        with self.brings(shows):
            self.page.get_by_role("link", name=said).click()

    def choose(self, option: str, *, shows: str | Locator, within: Locator) -> None:
        """Choose from the one list of words in a part of the page: by the keyboard, until one word is left.

        A click on a word of the open list is lost when the list is drawn anew under it.
        """
        with self.brings(shows):
            box = within.get_by_role("combobox")
            box.click()
            box.press_sequentially(option)
            expect(self.page.get_by_role("option")).to_have_text([option])
            box.press("Enter")

    def fill(self, label: str, text: str) -> None:
        """Type into a field by its label; it is sent when a button is pressed."""
        self.page.get_by_label(label).first.fill(text)

    def search(self, label: str, text: str, *, shows: str | Locator) -> None:
        """Type into a field by its label, and Enter."""
        with self.brings(shows):
            self.fill(label, text)
            self.page.get_by_label(label).first.press("Enter")

    def told(self, said: str) -> None:
        """Wait for a line with these words."""
        expect(self.page.get_by_text(said).filter(visible=True).first).to_be_visible()

    def toasted(self, said: str) -> None:
        """Wait for a toast with these words; it may be over already."""
        self.page.wait_for_function(TOASTED, arg=said)

    def heading(self, said: str) -> Locator:
        """The heading with these words."""
        return self.page.get_by_role("heading", name=said)

    def table(self, holding: str = "", *, without: str | None = None) -> Locator:
        """The first table of the page, or the first that holds some words and not others."""
        return self.page.get_by_test_id("stDataFrame").filter(has_text=holding, has_not_text=without).first

    def select(self, row: int, *, shows: str | Locator, table: Locator | None = None) -> None:
        """Tick a row (from 0) of a table, as a hand does; of the first one if none is named."""
        with self.brings(shows):
            self._point(table or self.table(), row, 15)

    def edit(self, row: int, column: int, text: str, *, table: Locator | None = None) -> None:
        """Type into a cell of a table: Enter opens it, Enter takes what was typed."""
        held = table or self.table()
        field = self._enter(held, row, column, text)
        expect(field).to_have_value(text)
        self._take(field, held, row, column, text)

    def pick(self, row: int, column: int, option: str, *, table: Locator | None = None) -> None:
        """Choose in a cell of a table that offers a few words: by the keyboard, until one word is left."""
        held = table or self.table()
        field = self._enter(held, row, column, option)
        expect(self.page.locator("#portal").get_by_role("option")).to_have_text([option])
        self._take(field, held, row, column, option)

    def _ready(self) -> None:
        """Wait for the end of the run under way, and for the browser to have drawn all of it.

        Alone it proves nothing: a run asked for a moment ago may not have begun.
        """
        app = self.page.get_by_test_id("stApp")
        expect(app).to_have_attribute("data-test-connection-state", "CONNECTED")
        expect(app).to_have_attribute("data-test-script-state", "notRunning")
        expect(app.get_by_test_id("stSkeleton")).to_have_count(0)

    def _enter(self, table: Locator, row: int, column: int, text: str) -> Locator:
        self.touch(table, row)
        for reached in range(column + 1):
            if reached:
                self.page.keyboard.press("ArrowRight")
            expect(_cell(table, row, reached)).to_have_attribute("aria-selected", "true")
        self.page.keyboard.press("Enter")
        field = self.page.locator("#portal input, #portal textarea").first
        expect(field).to_be_focused()
        field.fill(text)
        return field

    def touch(self, table: Locator, row: int) -> None:
        """Choose the first cell of a row of a table; a row that may be out of sight is walked to from the first."""
        # One click, waited for: a second one on a cell that is chosen already would open it.
        first = 0 if row > LAST_IN_SIGHT else row
        if first == row:
            self._point(table, row, 40)
        else:
            table.click(position={"x": 40, "y": LINE * 1.5})
            self.page.keyboard.press("Control+Home")
        for reached in range(first, row + 1):
            if reached > first:
                self.page.keyboard.press("ArrowDown")
            expect(_cell(table, reached, 0)).to_have_attribute("aria-selected", "true")

    def _take(self, field: Locator, table: Locator, row: int, column: int, text: str) -> None:
        field.press("Enter")
        expect(_cell(table, row, column)).to_contain_text(text)
        expect(field).to_have_count(0)
        # Enter has gone on to the cell below; with that one let go, the next click chooses wherever it is.
        self.page.keyboard.press("Escape")
        expect(table.locator("td[aria-selected=true]")).to_have_count(0)

    def _point(self, table: Locator, row: int, across: int) -> None:
        """Click into a row once the table has drawn it.

        The click looks for the table anew until it stands still (the same box in two frames) and is the topmost
        thing there; a table that is taken away meanwhile is looked for again.
        """
        expect(table.locator(f"tr[aria-rowindex='{row + 2}']")).to_be_attached()  # the header is 1
        table.click(position={"x": across, "y": LINE * (row + 1) + LINE / 2}, timeout=SLOW)


def _cell(table: Locator, row: int, column: int) -> Locator:
    """A cell as the table tells it to a screen reader: on the screen it is paint."""
    return table.get_by_test_id(f"glide-cell-{column}-{row}")


class Installation(NamedTuple):
    """A web face that runs as long as the tests do, and the way to give it another database under the same address."""

    url: str
    data: Path
    renew: Callable[[], None]
    site: str


@pytest.fixture(params=["sqlite", "postgresql"])
def installation(request: pytest.FixtureRequest) -> Installation:
    """Answer the web face of either kind: started once, for to start one takes as long as most tests do."""
    found: Installation = request.getfixturevalue(f"{request.param}_installation")
    return found


@pytest.fixture
def database(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Yield the address of the web face's database, as empty as on the first day; the doctor sees it afterwards."""
    installation.renew()
    monkeypatch.setenv("SHENBAO_DATABASE_URL", installation.url)
    monkeypatch.setenv("SHENBAO_DATA_DIR", str(installation.data))
    settings.cache_clear()
    connect(installation.url)

    yield installation.url

    connect(installation.url)
    assert list(doctor.check()) == []


@pytest.fixture
def site(installation: Installation, database: str) -> str:
    """Answer the web face's own address."""
    assert database
    return installation.site


@pytest.fixture(scope="session")
def sqlite_installation(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Run the web face on a SQLite file."""
    data = tmp_path_factory.mktemp("sqlite")
    file = data / "shenbao.db"

    def renew() -> None:
        # SQLite's own copying: programs that have the file open see the new content, as after any commit.
        with closing(sqlite3.connect(sqlite_template)) as template, closing(sqlite3.connect(file)) as live:
            template.backup(live)

    renew()
    with _serving(url := f"sqlite:///{file}", data) as address:
        yield Installation(url, data, renew, address)


@pytest.fixture(scope="session")
def postgresql_installation(
    postgresql: str, postgresql_template: Callable[[LiteralString, str], None], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """Run the web face on a PostgreSQL database."""
    data = tmp_path_factory.mktemp("postgresql")

    def renew() -> None:
        postgresql_template("DROP DATABASE IF EXISTS {} WITH (FORCE)", "shenbao_web")
        postgresql_template("CREATE DATABASE {} TEMPLATE template_shenbao STRATEGY FILE_COPY", "shenbao_web")

    renew()
    with _serving(url := postgresql.format(name="shenbao_web"), data) as address:
        yield Installation(url, data, renew, address)


@contextmanager
def _serving(url: str, data: Path) -> Iterator[str]:
    """Run the web face as its own process, with settings of its own; yields its address."""
    port = _free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SHENBAO_")}
    # No clock runs beside it, and nobody is to be warned of that in the middle of a test.
    own = {"SHENBAO_DATABASE_URL": url, "SHENBAO_DATA_DIR": str(data), "SHENBAO_SWEEP_SECONDS": "86400"}
    command = [sys.executable, "-m", "ui.serve", "--port", str(port)]
    with (data / "web.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=kept | own, stdout=log, stderr=log)
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_for(address)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=30)


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


def window(chromium: Browser) -> BrowserContext:
    """A browser of somebody's own, as every test of these uses it."""
    size: ViewportSize = {"width": 1440, "height": 1000}
    context = chromium.new_context(locale="zh-CN", viewport=size, reduced_motion="reduce")
    context.set_default_timeout(SLOW)
    context.add_init_script(STILL + TOASTS)
    return context


@pytest.fixture(scope="module")
def lasting_window(chromium: Browser) -> Iterator[BrowserContext]:
    """Yield a browser that keeps what it has loaded of the site: a new one would load four megabytes anew."""
    context = window(chromium)
    yield context
    context.close()


@pytest.fixture
def sign_in(site: str, chromium: Browser, lasting_window: BrowserContext) -> Iterator[SignIn]:
    """Open the site as somebody who has signed in, each in a browser of their own; the form has tests of its own."""
    free, opened = [lasting_window], []

    def enter(actor: Actor) -> Desk:
        context = free.pop() if free else window(chromium)
        opened.append(context)
        context.add_cookies([{"name": session_cookie(), "value": _session(actor), "url": site, "httpOnly": True}])
        desk = Desk(context.new_page(), site)
        desk.go("")
        return desk

    yield enter
    for context in opened:
        if context is lasting_window:
            _forget(context)
        else:
            context.close()


@pytest.fixture
def walk_in(site: str, chromium: Browser) -> Iterator[SignIn]:
    """Sign somebody in by the form, in a browser that was never here before."""
    contexts = []

    def enter(actor: Actor) -> Desk:
        contexts.append(context := window(chromium))
        desk = Desk(context.new_page(), site)
        desk.page.goto(f"{site}/login")
        desk.page.locator("[name=email]").fill(actor.email)
        desk.page.locator("[name=password]").fill(PASSWORD)
        desk.page.locator("[name=password]").press("Enter")
        desk.drawn()
        return desk

    yield enter
    for context in contexts:
        context.close()


def _session(actor: Actor) -> str:
    """The cookie's value that the form for signing in would have set."""
    return sessions.sign_in(actor.email, PASSWORD, "127.0.0.1")


def _forget(context: BrowserContext) -> None:
    """Leave nothing of a person in a browser but what it has loaded of the site itself."""
    for page in context.pages:
        page.close()
    context.clear_cookies()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _wait_for(address: str) -> None:
    with httpx.Client(transport=httpx.HTTPTransport(retries=TRIES), trust_env=False) as client:
        assert client.get(f"{address}/healthz", timeout=60).is_success
