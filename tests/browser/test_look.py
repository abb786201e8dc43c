"""How every page looks in a real browser, on the demo province: light and dark, wide and narrow, large, on paper.

The rules are those of WCAG 2.2 AA as axe-core knows them. A page is loaded once and looked at in every shade and width.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib.resources import files
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from models.database import connect, disconnect
from models.settings import settings
from tests.browser.conftest import Desk, Installation, window
from ui import theme
from ui.appearance import COOKIE
from ui.cookies import LANGUAGE_COOKIE, session_cookie
from workflows import demo
from workflows.demo.people import PASSWORD
from workflows.people import sessions

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """async (only) => (await axe.run(document, {runOnly: only, resultTypes: ["violations"]})).violations.flatMap(
  (found) => found.nodes.map((node) => [found.id, String(node.target), node.failureSummary].join(" | ")))"""
# A colour on its way to another is neither.
STEADY = """addEventListener("DOMContentLoaded", () => document.head.append(Object.assign(
  document.createElement("style"), {textContent: "* { transition: none !important; }"})));"""
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
SIDEWAYS = """() => Math.max(...[document.documentElement, document.querySelector("[data-testid=stMain]")]
  .filter(Boolean).map((box) => box.scrollWidth - box.clientWidth))"""
BACKGROUND = "getComputedStyle(document.body).backgroundColor"
# What axe finds in Streamlit's own markup and no style sheet or script of ours can mend: (rule, part of the selector).
EXCUSED: tuple[tuple[str, str], ...] = ()

# Of each table the columns on the screen, all its columns, its width; and how much smaller it is on paper.
PAINTED = """all => all.map(one => { const told = one.querySelector("table");
  return [told.querySelectorAll("th").length, Number(told.getAttribute("aria-colcount")), one.clientWidth]; })"""
FITS = """all => all.map(one => Number(getComputedStyle(one.closest("[data-testid=stElementContainer]")).zoom))"""
PAPER, BAD = 672, 400  # pixels of A4 between its margins; the first status of an answer that is none

WIDE, NARROW, NARROWEST = 1440, 390, 320
EVERYTHING = {"type": "tag", "values": TAGS}
COLOURS = {"type": "rule", "values": ["color-contrast"]}
View = tuple[int, str, dict[str, Any]]
# Colours do not depend on the width, nor the rest on the shade: two looks see each shade and each width. Only what
# stands around every page (the menu is there when it is wide) has four, on the first page of each role.
VIEWS: tuple[View, ...] = ((WIDE, "light", EVERYTHING), (NARROW, "dark", EVERYTHING))
AROUND: tuple[View, ...] = ((NARROW, "light", COLOURS), (WIDE, "dark", COLOURS))
# A toast would be gone before it is looked at.
LASTING = """{ const later = window.setTimeout;
  window.setTimeout = (act, ms, ...rest) => later(act, ms > 3000 && ms < 6000 ? 120000 : ms, ...rest); }"""

OWN = """SELECT a.id FROM application a JOIN account p ON p.id = a.applicant_id WHERE p.email = ? AND a.state = ?"""
WAITING = """SELECT a.id FROM application a JOIN seat s ON s.organization = a.desk JOIN account p ON p.id = s.account_id
  WHERE p.email = ? AND a.state = ? ORDER BY a.id"""

Enter = Callable[[str], Desk]


class Province(NamedTuple):
    """The demo province behind a running web face."""

    site: str
    ask: Callable[..., list[str]]  # the first column of what a statement finds


@pytest.fixture(scope="module")
def province(sqlite_installation: Installation) -> Iterator[Province]:
    """Make the demo once: how a page looks does not depend on the database behind it."""
    sqlite_installation.renew()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHENBAO_DATABASE_URL", sqlite_installation.url)
        patch.setenv("SHENBAO_DATA_DIR", str(sqlite_installation.data))
        settings.cache_clear()
        connect(sqlite_installation.url)
        demo.ensure()
    disconnect()
    settings.cache_clear()

    def ask(statement: str, *values: str) -> list[str]:
        with closing(sqlite3.connect(sqlite_installation.data / "shenbao.db")) as store:
            return [str(row[0]) for row in store.execute(statement, values)]

    yield Province(sqlite_installation.site, ask)
    # The sign-in page of whatever stands here next must not offer these people.
    (sqlite_installation.data / "demo.json").unlink()
    sqlite_installation.renew()


@pytest.fixture(scope="module")
def reader(chromium: Browser) -> Iterator[BrowserContext]:
    """Yield one browser for the module: it loads the site's own files once."""
    context = window(chromium)
    context.add_init_script(STEADY)
    context.add_init_script(AXE)
    yield context
    context.close()


@pytest.fixture
def enter(
    province: Province, reader: BrowserContext, sqlite_installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Enter]:
    """Answer a way to sit down as somebody of the demo; nobody is left behind."""

    def seated(name: str) -> Desk:
        monkeypatch.setenv("SHENBAO_DATABASE_URL", sqlite_installation.url)
        connect(sqlite_installation.url)
        token = sessions.sign_in(f"{name}@zj.example.cn", PASSWORD, "127.0.0.1")
        reader.add_cookies([{"name": session_cookie(), "value": token, "url": province.site, "httpOnly": True}])
        return Desk(reader.new_page(), province.site)

    yield seated
    for page in reader.pages:
        page.close()
    reader.clear_cookies()


def choose(reader: BrowserContext, site: str, **cookies: str) -> None:
    """Set what a reader has chosen."""
    reader.add_cookies([{"name": name, "value": value, "url": site} for name, value in cookies.items()])


def menu(desk: Desk) -> list[str]:
    """The addresses of the pages in the menu."""
    desk.go("")
    links = desk.page.get_by_test_id("stSidebarNavLink").evaluate_all("all => all.map(one => one.href)")
    return [str(link).removeprefix(f"{desk.site}/") for link in links]


def turned(page: Page, width: int, shade: str, ground: str = "paper") -> None:
    """Look at the page as it is by another width and in the system's other shade, once it has followed."""
    page.set_viewport_size({"width": width, "height": 1000})
    page.emulate_media(color_scheme="dark" if shade == "dark" else "light")
    colour = rgb((theme.DARK if shade == "dark" else theme.LIGHT)[ground])
    expect(page.locator("body")).to_have_css("background-color", colour)
    page.evaluate(TWO_FRAMES)


def rgb(colour: str) -> str:
    """A colour as a browser tells it."""
    return f"rgb({', '.join(str(int(colour[n : n + 2], 16)) for n in (1, 3, 5))})"


def flaws(page: Page, where: str, ready: Callable[[], None], ground: str, views: tuple[View, ...] = VIEWS) -> list[str]:
    """Everything that is wrong with the page just opened, in these views."""
    found: list[str] = []
    for width, shade, rules in views:
        turned(page, width, shade, ground)
        ready()
        told = [each for each in page.evaluate(RUN, rules) if not excused(each)]
        if (over := page.evaluate(SIDEWAYS)) > 0:
            told.append(f"scrolls sideways by {over}")
        found += [f"{where} {width} {shade}: {each}" for each in told]
    return found


def excused(told: str) -> bool:
    """Whether this is a fault of others that is written down as such."""
    rule, target, _why = told.split(" | ", 2)
    return any(rule == known and part in target for known, part in EXCUSED)


def looked_at(desk: Desk, paths: list[str]) -> list[str]:
    """What is wrong with the pages at these addresses."""
    found: list[str] = []
    for n, path in enumerate(paths):
        desk.page.set_viewport_size({"width": WIDE, "height": 1000})
        desk.go(path)
        views = VIEWS if n else VIEWS + AROUND
        found += flaws(desk.page, path.split("?")[0] or "home", desk.drawn, "paper", views)
    return found


def opened_dialog(desk: Desk, path: str, said: str, prepare: Callable[[], None] = lambda: None) -> list[str]:
    """What is wrong with a dialog that a button of a page opens, after what makes that button work."""
    desk.page.set_viewport_size({"width": WIDE, "height": 1000})
    desk.go(path)
    prepare()
    desk.press(said, shows=desk.dialog)
    return flaws(desk.page, said, lambda: expect(desk.dialog).to_be_visible(), "paper")


def test_an_applicants_pages_are_for_everybody(province: Province, enter: Enter) -> None:
    desk = enter("applicant")
    draft, *_ = province.ask(OWN, "applicant@zj.example.cn", "draft")
    back, *_ = province.ask(OWN, "applicant@zj.example.cn", "returned")
    own = [f"apply?id={draft}", f"apply?id={back}", f"my-application?id={back}"]

    assert looked_at(desk, menu(desk) + own) == []


def test_a_reviewers_pages_are_for_everybody(province: Province, enter: Enter) -> None:
    desk = enter("county")
    one, other, *_ = province.ask(WAITING, "county@zj.example.cn", "county_review")

    assert looked_at(desk, [*menu(desk), f"review-case?id={one}", f"compare?cases={one},{other}"]) == []


def test_the_provinces_pages_are_for_everybody(enter: Enter) -> None:
    assert looked_at(enter("province"), ["review-notice", "review-titles", "review-subsidies"]) == []


def test_an_administrators_pages_are_for_everybody(enter: Enter) -> None:
    desk = enter("admin")

    assert looked_at(desk, menu(desk)) == []


def test_the_pages_without_a_sign_in_are_for_everybody(province: Province, reader: BrowserContext) -> None:
    notice, *_ = province.ask("SELECT id FROM notice WHERE state = 'open'")
    decision, *_ = province.ask("SELECT id FROM decision")
    title, *_ = province.ask("SELECT id FROM title")
    paths = ["login", "forgot", "register", "appearance", "objections", "notices", "decisions", f"notices/{notice}",
             f"notices/{notice}/objection?line=1", f"decisions/{decision}", f"verify/{title}"]  # fmt: skip
    page = reader.new_page()

    found = []
    for n, path in enumerate(paths):
        page.goto(f"{province.site}/{path}")
        found += flaws(page, path, lambda: None, "ground", VIEWS if n else VIEWS + AROUND)
    page.close()
    assert found == []


def test_dialogs_are_for_everybody(province: Province, enter: Enter) -> None:
    draft, *_ = province.ask(OWN, "applicant@zj.example.cn", "draft")
    case, *_ = province.ask(WAITING, "county@zj.example.cn", "county_review")

    found = opened_dialog(enter("applicant"), f"apply?id={draft}", "提交申报")
    found += opened_dialog(enter("county"), f"review-case?id={case}", "退回修改")
    found += opened_dialog(enter("province"), "review-notice", "登记异议来信")
    desk = enter("admin")
    late, works = desk.table("受理编号"), desk.page.get_by_role("button", name="催办", disabled=False)
    found += opened_dialog(desk, "overdue", "催办", lambda: desk.select(0, table=late, shows=works))

    assert found == []


def test_a_toast_is_for_everybody(province: Province, enter: Enter) -> None:
    *_, case = province.ask(WAITING, "county@zj.example.cn", "county_review")
    desk = enter("county")
    toast = desk.page.get_by_test_id("stToast")
    desk.page.add_init_script(LASTING)
    desk.go(f"review-case?id={case}")
    desk.press("审核通过", shows=desk.dialog)
    desk.dialog.get_by_role("textbox").first.fill("材料齐全，同意。")
    desk.dialog.get_by_role("button", name="审核通过").click()
    expect(toast).to_be_visible()

    found = flaws(desk.page, "toast", lambda: expect(toast).to_be_visible(), "paper", VIEWS + AROUND)

    assert found == []


def test_an_applicants_pages_need_no_sideways_scrolling_on_the_smallest_screen(
    reader: BrowserContext, enter: Enter
) -> None:
    desk = enter("applicant")
    paths = menu(desk)
    choose(reader, desk.site, **{LANGUAGE_COOKIE: "en", COOKIE: "auto.large"})  # the longer words, the larger type
    desk.page.set_viewport_size({"width": NARROWEST, "height": 800})

    over = {}
    for path in paths:
        desk.go(path)
        over[path] = desk.page.evaluate(SIDEWAYS)

    assert over == dict.fromkeys(paths, 0)
    expect(desk.page.locator("html")).to_have_attribute("lang", "en")


def test_what_a_reader_chose_holds_on_every_page_whatever_the_system_says(enter: Enter) -> None:
    desk = enter("county")
    page = desk.page
    page.emulate_media(color_scheme="light")
    desk.go("review")
    page.get_by_role("link", name="显示设置").click()
    page.get_by_label("深色").check()
    page.get_by_label("大字").check()
    page.get_by_role("button", name="保存").click()
    desk.drawn()

    expect(page.locator("body")).to_have_css("background-color", rgb(theme.DARK["paper"]))
    assert page.url == f"{desk.site}/review"
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "18.75px"
    page.goto(f"{desk.site}/notices")
    assert page.evaluate(BACKGROUND) == rgb(theme.DARK["ground"])
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"


def test_the_keyboard_goes_past_the_menu_and_can_be_followed(enter: Enter) -> None:
    desk = enter("county")
    page = desk.page
    desk.go("review")
    skip = page.get_by_role("link", name="跳到正文")

    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(desk.main).to_be_focused()
    page.keyboard.press("Tab")

    inside, outline = page.evaluate(
        "() => { const at = document.activeElement, seen = getComputedStyle(at);"
        "return [!!at.closest('[data-testid=stMain]'), seen.outlineStyle + seen.outlineWidth + seen.boxShadow]; }"
    )
    assert inside
    assert outline != "none0pxnone"
    assert page.url == f"{desk.site}/review"


def test_paper_shows_a_dark_page_black_on_white_without_the_menu(enter: Enter, reader: BrowserContext) -> None:
    desk = enter("county")
    choose(reader, desk.site, **{COOKIE: "dark.normal"})
    desk.go("review-slate")
    page = desk.page
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")

    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    expect(page.get_by_role("link", name="跳到正文")).to_be_hidden()
    expect(desk.main.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(0, 0, 0)"
    assert page.evaluate(BACKGROUND) == "rgba(0, 0, 0, 0)"
    expect(page.locator("html")).to_have_attribute("data-shade", "dark")
    page.emulate_media(media="screen")


def test_paper_leaves_the_tables_of_a_light_page_as_they_are(enter: Enter, reader: BrowserContext) -> None:
    desk = enter("county")
    choose(reader, desk.site, **{COOKIE: "light.normal"})
    desk.go("review-slate")
    desk.page.emulate_media(media="print")  # the sheet for paper holds before the page is asked for its colours
    desk.page.evaluate("dispatchEvent(new Event('beforeprint'))")

    expect(desk.page.locator("html")).to_have_attribute("data-shade", "light")
    assert desk.page.evaluate("getComputedStyle(document.querySelector('canvas')).filter") == "none"
    desk.page.emulate_media(media="screen")


def test_paper_has_every_column_that_the_screen_has(enter: Enter) -> None:
    desk = enter("county")
    desk.go("review-slate")
    tables = desk.page.get_by_test_id("stDataFrame")
    expect(tables.locator("table")).to_have_count(tables.count())
    desk.page.evaluate("dispatchEvent(new Event('beforeprint'))")

    painted = tables.evaluate_all(PAINTED)
    desk.page.emulate_media(media="print")
    fits = tables.evaluate_all(FITS)
    desk.page.emulate_media(media="screen")

    assert painted != []
    assert [columns for columns, all_, _ in painted if columns != all_] == []
    assert [width * fit <= PAPER for (_, _, width), fit in zip(painted, fits, strict=True)] == [True] * len(painted)


def test_a_deep_link_asks_for_nothing_that_is_not_there(enter: Enter) -> None:
    desk = enter("county")
    missing: list[str] = []
    desk.page.on("response", lambda answer: missing.append(answer.url) if answer.status >= BAD else None)

    desk.go("review-slate")

    assert missing == []


def test_paper_shows_a_notice_as_a_table_with_its_address(province: Province, reader: BrowserContext) -> None:
    notice, *_ = province.ask("SELECT id FROM notice WHERE state = 'open'")
    page = reader.new_page()
    page.set_viewport_size({"width": 672, "height": 1000})  # the width of A4 between its margins
    page.goto(f"{province.site}/notices/{notice}")
    page.emulate_media(media="print")

    expect(page.get_by_role("navigation")).to_be_hidden()
    expect(page.locator("thead")).to_be_visible()
    expect(page.locator(".printed")).to_contain_text(f"/notices/{notice}")
    assert page.evaluate("getComputedStyle(document.querySelector('thead')).display") == "table-header-group"
    page.close()
