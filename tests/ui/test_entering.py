"""The way in for who has no password yet or forgot it, over HTTP."""

import re
from collections.abc import Iterator

import httpx
import pytest
import structlog

from models.database import reading
from models.letter import Letter
from models.sql import rows_of
from models.vocabulary import Role
from tests.factories import COUNTY
from tests.ui.web import SITE, Web, serving
from workflows.people.accounts import open_account
from workflows.people.organizations import seed
from workflows.post.linking import proved
from workflows.record.acting import SYSTEM

LIN, SECRET = "lin@example.cn", "一句不容易猜到的话"
OVER = "这个链接无效、已用过或已过期。"


@pytest.fixture(autouse=True)
def _quiet(database: str) -> Iterator[None]:
    assert database
    with structlog.testing.capture_logs():
        seed()
        open_account(SYSTEM, email=LIN, name="林<工>", organization_code=COUNTY, role=Role.REVIEWER)
        yield


@pytest.fixture
def web() -> Iterator[Web]:
    """Yield the site."""
    with serving() as there:
        yield there


def link(template: str) -> str:
    """Where the newest letter of a template leads."""
    with reading() as store:
        found = [row for row in store.all(rows_of(Letter)) if row.template == template]
    return str(proved(max(found, key=lambda row: row.id).params)["link"])


def sent(web: Web, path: str, **given: str) -> httpx.Response:
    """Fill in a form as it was served, and send it."""
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', web.http.get(path).text))
    return web.http.post(path, data=fields | given, headers={"origin": SITE})


def told(answer: httpx.Response) -> list[str]:
    """What is said at once."""
    return re.findall(r'role="(?:alert|status)">([^<]*)<', answer.text)


def test_who_is_invited_chooses_a_password_and_comes_in(web: Web) -> None:
    path = link("invited")

    page = web.http.get(path)
    kept = sent(web, path, password=SECRET, again=SECRET)
    door = web.http.get("/login", params={"set": "1"})
    inside = sent(web, "/login", email=LIN, password=SECRET)

    assert "林&lt;工&gt; &lt;lin@example.cn&gt;" in page.text
    assert (kept.status_code, kept.headers["location"]) == (303, "/login?set=1&as=lin%40example.cn")
    assert told(door) == ["密码已设置，请登录。"]
    assert (inside.status_code, inside.headers["location"]) == (303, "/")


def test_opening_a_link_uses_nothing_up(web: Web) -> None:
    path = link("invited")

    assert [web.http.get(path).status_code for _ in range(3)] == [200] * 3
    assert sent(web, path, password=SECRET, again=SECRET).status_code == 303
    assert (web.http.get(path).status_code, told(web.http.get(path))) == (422, [OVER])


@pytest.mark.parametrize(("given", "status", "said"), [
    ({"password": SECRET, "again": "x"}, 422, "两次输入不一致。"),
    ({"password": "短", "again": "短"}, 422, "密码"),
    ({"password": LIN, "again": LIN}, 422, "密码"),
    ({"password": SECRET, "again": SECRET, "csrf": "x"}, 403, "页面已过期，请重新填写后提交。"),
])  # fmt: skip
def test_what_will_not_do_is_told_and_loses_nothing(web: Web, given: dict[str, str], status: int, said: str) -> None:
    path = link("invited")

    answer = sent(web, path, **given)

    assert answer.status_code == status
    assert said in told(answer)[0]
    assert sent(web, path, password=SECRET, again=SECRET).status_code == 303


def test_who_forgot_is_written_to_and_nobody_learns_who_is_here(web: Web) -> None:
    known, unknown = (sent(web, "/forgot", email=mail) for mail in (LIN, "nobody@example.cn"))

    assert (known.status_code, told(known)) == (unknown.status_code, told(unknown)) == (200, told(known))
    assert sent(web, link("password_reset"), password=SECRET, again=SECRET).status_code == 303
    assert told(web.http.get(link("invited"))) == [OVER]


def test_too_many_asked_for_is_said_with_the_wait(web: Web) -> None:
    answers = [sent(web, "/forgot", email=LIN) for _ in range(21)]

    assert [a.status_code for a in answers] == [200] * 20 + [429]
    assert "秒后再试" in told(answers[-1])[0]


def test_a_made_up_link_is_no_way_in(web: Web) -> None:
    for path in ("/welcome/x", "/welcome/" + "0" * 32 + "." + "0" * 64, "/welcome/<b>"):
        answer = web.http.get(path)
        assert (answer.status_code, told(answer)) == (422, [OVER])
    assert web.http.get("/welcome/%00").status_code == 400


def test_the_sign_in_page_shows_the_way(web: Web) -> None:
    assert 'href="/forgot"' in web.http.get("/login").text
    assert "Forgotten password" in web.http.get("/forgot", headers={"cookie": "shenbao_lang=en"}).text


def test_the_pages_let_a_browser_say_where_a_form_comes_from(web: Web) -> None:
    # With "no-referrer" it names the origin "null", which the gate refuses.
    pages = [web.http.get(path).text for path in ("/forgot", link("invited"))]

    assert [re.findall(r'name="referrer" content="([^"]*)"', page) for page in pages] == [["strict-origin"]] * 2
