"""Signing in and out as a browser does it, and what a page then knows."""

import json
import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
import structlog
from streamlit.testing.v1 import AppTest

from models.account import Session
from models.database import reading
from models.settings import settings
from models.sql import rows_of
from tests.people import an_account
from tests.ui.web import SITE, Web, serving
from ui.signin import local
from workflows.people import passwords, sessions

LI, SECRET = "li@example.org", "correct horse"
WRONG = "邮箱或密码不正确。"
APP = Path(__file__).parent.parent.parent / "ui" / "app.py"


@pytest.fixture(autouse=True)
def _quiet(database: str) -> Iterator[None]:
    with structlog.testing.capture_logs():
        yield


@pytest.fixture
def web(database: str) -> Iterator[Web]:
    with serving() as there:
        yield there


@pytest.fixture
def li() -> str:
    return an_account(LI, password_hash=passwords.hashed(SECRET))


def sent(web: Web, email: str, password: str, **more: str) -> httpx.Response:
    """Fill in the form as it was served and send it."""
    page = web.http.get("/login", params={k: v for k, v in more.items() if k == "next"})
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    fields |= {"email": email, "password": password} | more
    return web.http.post("/login", data=fields, headers={"origin": SITE})


def session_rows() -> list[Session]:
    with reading() as store:
        return store.all(rows_of(Session))


def told(answer: httpx.Response) -> list[str]:
    return re.findall(r'role="alert">([^<]*)<', answer.text)


def test_a_right_password_gives_a_cookie_that_no_script_reads_and_leads_on(web: Web, li: str) -> None:
    answer = sent(web, LI, SECRET, next="/queue?ref=2026-1")

    assert (answer.status_code, answer.headers["location"]) == (303, "/queue?ref=2026-1")
    cookie = answer.headers.get_list("set-cookie")[0]
    token = re.fullmatch(r"shenbao=([\w-]{43}); HttpOnly; Path=/; SameSite=lax", cookie)
    assert token is not None
    assert [row.id for row in session_rows()] == [sessions.sid_of(token[1])]
    assert web.http.get("/anything").json() == {"x-shenbao-sid": sessions.sid_of(token[1])}


def test_each_sign_in_is_a_new_session_so_that_none_can_be_planted(web: Web, li: str) -> None:
    given = []
    for _ in range(2):
        web.http.cookies.clear()
        web.http.cookies.set("shenbao", "planted")
        given.append(sent(web, LI, SECRET).headers["set-cookie"].split("=", 1)[1].split(";")[0])

    assert {row.id for row in session_rows()} == {sessions.sid_of(token) for token in given}
    assert len({*given, "planted"}) == 3


def test_unknown_and_mistyped_see_the_same_page(web: Web, li: str) -> None:
    answers = [sent(web, email, "wrong horse") for email in (LI, "no@example.org")]

    pages = [re.sub(r'value="[^"]*"', "", answer.text) for answer in answers]
    assert pages[0] == pages[1]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert told(answers[0]) == [WRONG]
    assert "wrong horse" not in answers[0].text


def test_too_many_tries_are_told_how_long_to_wait(web: Web, li: str) -> None:
    answers = [sent(web, LI, "wrong horse") for _ in range(11)]

    last = answers[-1]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    assert told(last) == [f"尝试次数过多，请在 {last.headers['retry-after']} 秒后再试。"]
    assert 0 < int(last.headers["retry-after"]) <= 300


@pytest.mark.parametrize("csrf", ["", "made-up"])
def test_a_form_that_we_did_not_serve_opens_nothing(web: Web, li: str, csrf: str) -> None:
    answer = sent(web, LI, SECRET, csrf=csrf)

    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert told(answer) == ["页面已过期，请重新填写后提交。"]
    assert session_rows() == []


def test_a_form_from_another_site_opens_nothing(web: Web, li: str) -> None:
    answer = web.http.post(
        "/login",
        content="csrf=1&email=li@example.org&password=correct+horse",
        headers={"origin": "https://evil.example.cn", "cookie": "shenbao_form=1"},
    )

    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert session_rows() == []


@pytest.mark.parametrize("body", [b"x" * 9000, b"\xff\xfe%zz&&==", b"csrf=a&csrf=b", b""])
def test_nonsense_in_place_of_a_form_is_refused_as_an_expired_one(web: Web, body: bytes) -> None:
    answer = web.http.post("/login", content=body)

    assert (answer.status_code, told(answer)) == (403, ["页面已过期，请重新填写后提交。"])


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        (None, "/"),
        ("/queue?state=劳模&n=1", "/queue?state=%E5%8A%B3%E6%A8%A1&n=1"),
        ("//evil.example.cn", "/"),
        ("/\\evil.example.cn", "/"),
        ("https://evil.example.cn/", "/"),
        ("https:evil.example.cn", "/"),
        ("javascript:alert(1)", "/"),
        ("/\t/evil.example.cn", "/"),
        ("/queue\r\nSet-Cookie: a=b", "/"),
        ("queue", "/"),
        ("http://[", "/"),
        ("/logout", "/"),
        ("/" + "x" * 2000, "/"),
    ],
)
def test_one_is_led_on_to_a_place_on_this_site_only(asked: str | None, led: str) -> None:
    assert local(asked) == led


def test_who_is_signed_in_already_is_led_on(web: Web, li: str) -> None:
    sent(web, LI, SECRET)

    answer = web.http.get("/login", params={"next": "/queue"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/queue")


def test_signing_out_asks_first_and_then_ends_the_session_itself(web: Web, li: str) -> None:
    sent(web, LI, SECRET)
    stolen = web.http.cookies["shenbao"]

    page = web.http.get("/logout")
    (csrf,) = re.findall(r'name="csrf" value="([^"]*)"', page.text)
    unasked = web.http.post("/logout", data={"csrf": "made-up"})
    still = web.http.get("/anything").status_code
    answer = web.http.post("/logout", data={"csrf": csrf}, headers={"origin": SITE})

    assert ("确定要退出登录吗？" in page.text, unasked.headers["location"], still) == (
        True, "/logout", 200,
    )  # fmt: skip
    assert answer.headers["location"] == "/login?out=1"
    assert "shenbao" not in web.http.cookies
    assert web.http.get("/anything", headers={"cookie": f"shenbao={stolen}"}).status_code == 401
    assert "已退出登录。" in web.http.get("/login?out=1").text


def test_the_page_is_chinese_until_somebody_switches(web: Web) -> None:
    before = web.http.get("/login?next=/queue", headers={"accept-language": "en-US"}).text
    switched = web.http.get("/language?to=en&next=" + quote("/login?next=/queue"))
    after = web.http.get(switched.headers["location"]).text
    web.http.get("/language?to=fr")

    assert '<html lang="zh-CN">' in before
    assert '<html lang="en">' in after
    assert 'name="next" value="/queue"' in after
    assert "Sign in" in after
    assert not re.search(r"[一-鿿]", after.replace("中文", ""))
    assert '<html lang="en">' in web.http.get("/login").text


def test_what_was_typed_is_shown_as_text(web: Web) -> None:
    answer = sent(web, '"><script>alert(1)</script>', "x", next='/"><script>')

    assert "<script>" not in answer.text
    assert "&quot;&gt;&lt;script&gt;alert(1)" in answer.text


def test_what_was_typed_is_no_part_of_our_forms(web: Web) -> None:
    page = web.http.get("/login", params={"as": "{csrf}"}).text

    assert page.count('name="csrf"') == 1
    assert 'value="{csrf}"' in page


def test_a_demo_lists_its_people_and_fills_in_the_form_for_one(web: Web) -> None:
    settings().data_dir.mkdir(parents=True)
    people = [{"email": LI, "name": "李敏<b>", "role": "市级审核"}]
    (settings().data_dir / "demo.json").write_text(
        json.dumps({"password": "demo-2026", "people": people}), encoding="utf-8"
    )

    plain = web.http.get("/login?next=/queue").text
    (link,) = re.findall(r'<li><a href="([^"]*)"', plain)
    chosen = web.http.get(link.replace("&amp;", "&")).text

    assert "李敏&lt;b&gt;" in plain
    assert "demo-2026" not in plain
    assert re.findall(r'name="(?:email|password|next)"[^>]* value="([^"]*)"', chosen) == [
        "/queue", LI, "demo-2026",
    ]  # fmt: skip
    assert "demo-2026" not in web.http.get("/login?as=somebody@example.org").text


def test_outside_a_demo_nobody_is_listed(web: Web) -> None:
    assert "演示账号" not in web.http.get("/login?as=li@example.org").text


def test_a_page_knows_who_is_signed_in(li: str) -> None:
    app = AppTest.from_file(APP, default_timeout=30)
    app.user = {"sid": sessions.sid_of(sessions.sign_in(LI, SECRET, "192.0.2.7"))}

    app.run()

    assert not app.exception
    assert "李敏" in [text.value for text in app.sidebar.text]


@pytest.mark.parametrize("given", [{}, {"sid": None}, {"sid": "made-up"}])
def test_a_page_without_a_session_says_so_and_shows_nothing_else(given: dict[str, str]) -> None:
    app = AppTest.from_file(APP, default_timeout=30)
    app.user = given

    app.run()

    assert [title.value for title in app.title] == ["会话已失效"]
    assert len(app.sidebar) == 0


def test_revoking_a_session_is_noticed_at_the_next_run_of_an_open_page(li: str) -> None:
    token = sessions.sign_in(LI, SECRET, "192.0.2.7")
    app = AppTest.from_file(APP, default_timeout=30)
    app.user = {"sid": sessions.sid_of(token)}
    app.run()

    sessions.sign_out(token)
    app.run()

    assert [title.value for title in app.title] == ["会话已失效"]
