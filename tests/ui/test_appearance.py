"""How pages look to whoever reads them: the choice, the cookie, the colours, and paper."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ui.web import Web, serving
from ui import frame, theme
from ui.appearance import COOKIE, Look
from ui.serve import config

STATIC = Path(frame.__file__).parent / "static"
FORM = {"theme": "dark", "size": "large", "next": "/notices?lang=en"}
# What is written on what, and what only has to be seen.
WORDS = [(ink, ground) for ink in ("ink", "soft", "accent") for ground in ("paper", "ground", "field", "tint")]
WORDS += [("alert", "alert-ground")]
MARKS = [("edge", "paper"), ("red", "paper"), ("red", "ground"), ("button", "paper")]


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    """Serve the public pages; nothing here asks the database for anything."""
    with serving() as there:
        yield there


@pytest.fixture
def there(web: Web, world: Any) -> Web:
    """A browser that has chosen nothing yet."""
    web.http.cookies.clear()
    return web


def test_a_choice_is_kept_in_the_browser_and_leads_back(there: Web) -> None:
    kept = there.http.post("/appearance", data=FORM)

    assert (kept.status_code, kept.headers["location"]) == (303, "/notices?lang=en")
    assert kept.headers["set-cookie"].startswith(
        f"{COOKIE}=dark.large; HttpOnly; Max-Age=31536000; Path=/; SameSite=lax"
    )
    chosen = re.findall(r'value="(\w+)" checked', there.http.get("/appearance").text)
    assert chosen == ["dark", "large"]


@pytest.mark.parametrize("target", ["//evil.cn", "https://evil.cn/", "/\\evil.cn", "javascript:alert(1)"])
def test_a_choice_leads_nowhere_else(there: Web, target: str) -> None:
    assert there.http.post("/appearance", data=FORM | {"next": target}).headers["location"] == "/"


def test_another_site_cannot_choose_for_a_reader(there: Web) -> None:
    assert there.http.post("/appearance", data=FORM, headers={"origin": "https://evil.cn"}).status_code == 403


@pytest.mark.parametrize("said", ["", "dark", "dark.large.more", "blue.huge", "<script>.x", "dark;large"])
def test_a_cookie_that_says_nothing_we_know_is_the_usual_look(there: Web, said: str) -> None:
    usual = there.http.get("/appearance.css").text

    assert there.http.get("/appearance.css", headers={"cookie": f"{COOKIE}={said}"}).text == usual


def test_the_style_sheet_follows_the_choice_and_the_system_when_there_is_none(there: Web) -> None:
    usual = there.http.get("/appearance.css")
    there.http.post("/appearance", data=FORM)
    dark = there.http.get("/appearance.css")

    assert (usual.status_code, usual.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert "prefers-color-scheme:dark" in usual.text
    assert "font-size:125%" not in usual.text
    assert "prefers-color-scheme" not in dark.text
    assert f":root{{color-scheme:dark;{theme.variables(theme.DARK)}}}" in dark.text
    assert ":root{font-size:125%}" in dark.text


@pytest.mark.parametrize("shade", ["light", "dark"])
def test_paper_is_white_whatever_the_screen_is(there: Web, shade: str) -> None:
    there.http.post("/appearance", data=FORM | {"theme": shade})

    last = there.http.get("/appearance.css").text.splitlines()[-1]

    printed = f"@media print{{:root{{color-scheme:light;font-size:100%;{theme.variables(theme.LIGHT)}}}}}"
    assert last == printed


def test_a_style_sheet_that_a_browser_has_is_not_sent_again_and_no_proxy_keeps_it(there: Web) -> None:
    first = there.http.get("/appearance.css")
    again = there.http.get("/appearance.css", headers={"if-none-match": first.headers["etag"]})
    there.http.post("/appearance", data=FORM)
    changed = there.http.get("/appearance.css", headers={"if-none-match": first.headers["etag"]})

    assert (again.status_code, again.content, changed.status_code) == (304, b"", 200)
    assert first.headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize("path", ["/login", "/forgot", "/notices", "/decisions", "/objections", "/appearance"])
def test_a_page_of_ours_takes_its_colours_from_the_choice_and_says_where_to_choose(there: Web, path: str) -> None:
    shown = there.http.get(path).text

    assert '<link rel="stylesheet" href="/appearance.css">' in shown
    assert '<html lang="zh-CN">' in shown
    assert path == "/appearance" or 'href="/appearance?' in shown
    assert "style=" not in shown
    assert "<script" not in shown


def test_a_page_that_a_proxy_keeps_is_the_same_whatever_its_reader_chose(there: Web) -> None:
    usual = there.http.get("/notices")
    there.http.post("/appearance", data=FORM)

    assert there.http.get("/notices").text == usual.text
    assert "private" not in usual.headers["cache-control"]


def test_the_page_speaks_the_language_of_where_one_comes_from(there: Web) -> None:
    shown = there.http.get("/appearance?lang=en&next=/notices%3Flang%3Den").text

    assert "<h1>Appearance</h1>" in shown
    assert '<a href="/notices?lang=en">Back</a>' in shown
    assert '<input type="hidden" name="next" value="/notices?lang=en">' in shown


def test_streamlits_page_carries_the_choice_before_anything_of_it_runs() -> None:
    shown = frame.page("zh", Look("dark", "large"))

    assert '<html lang="zh-CN" data-theme="dark" data-size="large">' in shown
    ours, theirs = shown.index('src="/assets/look.js"'), shown.index('type="module"')
    assert ours < theirs
    assert '<a id="skip" class="skip" href="#root">跳到正文</a>' in shown
    assert frame.page("zh", Look()) != shown


def test_streamlit_is_given_both_shades_and_no_base_of_one() -> None:
    told = config("127.0.0.1", 8501)

    assert told["theme.light.backgroundColor"] == theme.LIGHT["paper"]
    assert told["theme.dark.backgroundColor"] == theme.DARK["paper"]
    assert told["theme.dark.sidebar.backgroundColor"] == theme.DARK["ground"]
    assert "theme.base" not in told
    assert not [name for name in told if name.startswith("theme.") and "://" in str(told[name])]


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
def test_words_and_marks_stand_out_enough(colours: dict[str, str]) -> None:
    faint = [pair for pair in WORDS if _contrast(*(colours[name] for name in pair)) < 4.5]
    faint += [pair for pair in MARKS if _contrast(*(colours[name] for name in pair)) < 3]

    assert faint == []
    assert min(_contrast("#ffffff", colours[name]) for name in ("button", "button-deep")) >= 4.5


@pytest.mark.parametrize("name", ["public.css", "signin.css", "frame.css"])
def test_every_colour_of_a_style_sheet_is_one_of_both_shades(name: str) -> None:
    text = (STATIC / name).read_text(encoding="utf-8")
    screen = text.split("@media print")[0]

    used = set(re.findall(r"var\(--([\w-]+)\)", text))
    assert used - {"font"} <= theme.LIGHT.keys() == theme.DARK.keys()
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", screen)) <= {"#fff"}  # words on a button
    assert "http" not in text.replace('a[href^="http"]', "")


@pytest.mark.parametrize("name", ["public.css", "frame.css"])
def test_paper_is_a4_without_the_menu_and_repeats_the_heads_of_tables(name: str) -> None:
    text = (STATIC / name).read_text(encoding="utf-8")
    paper = text[text.rindex("@media print") :]

    assert "size: A4" in paper
    assert "thead { display: table-header-group; }" in paper
    hidden = re.findall(r"([^{}]*)\{ display: none[^}]*\}", paper)
    assert any(("nav" if name == "public.css" else "[data-testid=stSidebar]") in rule for rule in hidden)
    # A sheet of A4 is narrower than a tablet: rules for small screens must not reach it.
    assert not re.search(r"@media \((?:max|min)-width: (?!640px)", text)


def _contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.2 between two colours."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
