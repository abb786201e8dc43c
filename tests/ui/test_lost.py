"""An address where nothing is, and a page that is somebody else's: told in the reader's language, with a way home."""

import re
from pathlib import Path

import anyio
import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from tests import living
from tests.ui.pages import ran, session_of, texts
from ui.lost import Elsewhere
from ui.server import make, routes

APP = Path(__file__).parent.parent.parent / "ui" / "app.py"
PAGE = {"accept": "text/html,application/xhtml+xml"}


async def streamlit(_: Request) -> Response:
    """Stand where Streamlit would stand, and tell that it was asked."""
    return PlainTextResponse("Streamlit")


SITE = Starlette(routes=[*routes(), Elsewhere(), Route("/{rest:path}", streamlit, methods=["GET", "POST"])])


def asked(path: str, headers: dict[str, str] | None = None, method: str = "GET") -> httpx.Response:
    """What the site answers, without a server."""

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(SITE), base_url="http://site") as browser:
            return await browser.request(method, path, headers=headers)

    return anyio.run(ask)


@pytest.mark.parametrize(
    ("language", "title", "ways"),
    [
        ("zh", "没有找到这个页面", ["/login", "/notices?lang=zh"]),
        ("en", "There is no such page", ["/login", "/notices?lang=en"]),
    ],
)
def test_an_address_that_nobody_has_is_told_with_the_ways_on(language: str, title: str, ways: list[str]) -> None:
    answer = asked(f"/nowhere/at-all?lang={language}", PAGE)

    assert answer.status_code == 404
    assert re.findall("<h1>(.*?)</h1>", answer.text) == [title]
    assert re.findall('<a href="(.*?)">', answer.text) == ways


def test_who_is_signed_in_is_shown_the_way_home() -> None:
    answer = asked("/index.html?lang=zh", {**PAGE, "x-shenbao-sid": "0" * 64})

    assert (answer.status_code, re.findall('<a href="(.*?)">', answer.text)) == (404, ["/"])


def test_a_program_is_told_a_code() -> None:
    answer = asked("/nowhere")

    assert (answer.status_code, answer.json()) == (404, {"code": "not_found"})


@pytest.mark.parametrize(
    "path", ["/_stcore/health", "/media/1.png", "/static/js/x.js", "/favicon.png", "/review/", "/a/_stcore/host-config"]
)
def test_what_is_streamlits_stays_streamlits(path: str) -> None:
    assert asked(path, PAGE).text == "Streamlit"


def test_what_is_sent_to_nowhere_is_not_taken_for_a_page() -> None:
    assert asked("/nowhere", method="POST").text == "Streamlit"


def test_the_application_has_it_behind_all_its_routes() -> None:
    assert isinstance(make()._user_routes[-1], Elsewhere)  # noqa: SLF001 -- Streamlit does not tell its routes


@pytest.mark.parametrize(("path", "title"), [("rounds", "申报批次"), ("my-titles", "我的称号")])
def test_a_page_that_is_somebody_elses_says_so_and_shows_nothing(database: str, path: str, title: str) -> None:
    shown = AppTest.from_file(str(APP), default_timeout=60)
    shown.user["sid"] = session_of(living.living().county)
    shown.context["url"] = f"http://127.0.0.1/{path}"
    shown._page_hash = calc_hash(path)  # noqa: SLF001 -- what the browser sends with the address

    page = ran(shown)

    assert texts(page, "title") == [title]
    assert texts(page, "info") == ["这个页面不在您的任职范围内。需要使用的，请联系本单位或上级工会的管理员。"]
    assert not page.button
