"""The README's pictures, taken of a fresh demo by a real browser: `make pictures`.

`python -m tests.pictures [DATA]` takes them of the demo in a data folder; without one it makes a demo of its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image
from playwright.sync_api import expect, sync_playwright

from models.database import connect
from models.settings import settings
from models.vocabulary import REVIEWS, State
from tests.browser.conftest import FLAGS, NAMES, STILL, Desk, _free_port, _wait_for
from workflows.demo.people import PASSWORD
from workflows.queries import mine, queue
from workflows.record.acting import actor_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"
HEIGHTS = {1440: 900, 390: 844}  # a desk's screen, a telephone's
MOST_BYTES = 150_000
COLOURS = (256, 128, 64, 32)


class Picture(NamedTuple):
    """One picture: its file, whose page, which page about which thing, in which language, how wide."""

    name: str
    who: str
    page: str
    about: Callable[[], str] = str
    language: str = "zh"
    width: int = 1440


def _case_of(who: str, *states: State) -> str:
    return f"?id={next(case.id for case in mine.my_cases(actor_of(who)) if case.state in states)}"


def _draft() -> str:
    return _case_of(APPLICANT, State.DRAFT)


def _under_way() -> str:
    return _case_of(APPLICANT, *REVIEWS)


def _first_in_line() -> str:
    lines = queue.queue(actor_of(COUNTY), desk="330106").lines
    return f"?id={next(line.id for line in lines if not line.checked)}"


APPLICANT, COUNTY, ADMIN = (f"{name}@zj.example.cn" for name in ("applicant", "county", "admin"))
PICTURES = (
    Picture("applicant-home", APPLICANT, ""),
    Picture("form", APPLICANT, "apply", _draft),
    Picture("progress-telephone", APPLICANT, "my-application", _under_way, width=390),
    Picture("queue", COUNTY, "review"),
    Picture("case", COUNTY, "review-case", _first_in_line),
    Picture("slate", COUNTY, "review-slate"),
    Picture("figures", ADMIN, "figures"),
    Picture("queue-english", COUNTY, "review", language="en"),
)


def main(data: str = "") -> None:
    """Take every picture. Raises AssertionError for one that is too big."""
    with TemporaryDirectory() as own:
        os.environ["SHENBAO_DATA_DIR"] = data or own
        settings.cache_clear()
        if not data:
            subprocess.run([sys.executable, "-m", "ui.cli", "demo"], cwd=ROOT, check=True)
        connect(settings().database_url)
        IMAGES.mkdir(exist_ok=True)
        with _site() as site, _browser() as browser:
            for picture in PICTURES:
                _keep(picture, _taken(browser, site, picture))


@contextmanager
def _site() -> Iterator[str]:
    port = _free_port()
    process = subprocess.Popen([sys.executable, "-m", "ui.serve", "--port", str(port)], cwd=ROOT)
    try:
        _wait_for(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


@contextmanager
def _browser() -> Iterator[Browser]:
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


def _taken(browser: Browser, site: str, picture: Picture) -> bytes:
    """The page as it stands once it is drawn, its charts included."""
    context = browser.new_context(
        locale="zh-CN" if picture.language == "zh" else "en-GB", color_scheme="light", reduced_motion="reduce",
        viewport={"width": picture.width, "height": HEIGHTS[picture.width]},
    )  # fmt: skip
    context.add_init_script(STILL)
    page = context.new_page()
    _sign_in(page, site, picture)
    desk = Desk(page, site)
    desk.go(picture.page + picture.about())
    _still(page)
    content = page.screenshot()
    context.close()
    return content


def _sign_in(page: Page, site: str, picture: Picture) -> None:
    page.goto(f"{site}/language?to={picture.language}&next=/login")
    page.locator("[name=email]").fill(picture.who)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    Desk(page, site).drawn()


def _still(page: Page) -> None:
    """Wait for what is drawn after a page's run: tables and charts are painted when they are in sight."""
    expect(page.get_by_test_id("stToast")).to_have_count(0)
    page.evaluate("document.fonts.ready")
    page.wait_for_load_state("networkidle")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def _keep(picture: Picture, content: bytes) -> None:
    """Write it with as many colours as its size allows: a page has few."""
    drawn = BytesIO()
    for colours in COLOURS:
        drawn = BytesIO()
        image = Image.open(BytesIO(content)).convert("RGB")
        image.quantize(colours, dither=Image.Dither.NONE).save(drawn, "PNG", optimize=True)
        if len(drawn.getvalue()) <= MOST_BYTES:
            break
    assert len(drawn.getvalue()) <= MOST_BYTES, picture.name
    (IMAGES / f"{picture.name}.png").write_bytes(drawn.getvalue())


if __name__ == "__main__":
    main(*sys.argv[1:])
