"""Registering by oneself over HTTP: from the sign-in page to the first sign-in, without any script."""

import re
from collections.abc import Iterator

import httpx
import pytest
import structlog

from models.database import reading
from models.registration import Registration
from models.secret import signature
from models.settings import settings
from models.sql import rows_of
from tests.factories import CITY, COUNTY, PROVINCE, unit
from tests.ui.web import SITE, Web, hidden_fields, serving
from workflows.people.organizations import enrol, seed
from workflows.post.doorway import PATH, PURPOSE
from workflows.record.acting import SYSTEM, actor_of

LIN, SECRET = "lin@example.cn", "一句不容易猜到的话"
UNIT = unit(0)


@pytest.fixture(autouse=True)
def _quiet(database: str) -> Iterator[None]:
    assert database
    with structlog.testing.capture_logs():
        seed()
        enrol(SYSTEM, code=UNIT, name="杭州焊接<机器人>有限公司", parent=COUNTY)
        yield


@pytest.fixture
def web() -> Iterator[Web]:
    """Yield the site."""
    with serving() as there:
        yield there


def sent(web: Web, path: str, **given: str) -> httpx.Response:
    """Fill in a form as it was served, and send it."""
    fields = hidden_fields(web.http.get(path).text)
    return web.http.post(path, data=fields | given, headers={"origin": SITE})


def told(answer: httpx.Response) -> list[str]:
    """What is said at once."""
    return re.findall(r'role="(?:alert|status)">([^<]*)<', answer.text)


def link() -> str:
    """Where the letter of the newest registration leads."""
    with reading() as store:
        row = max(store.all(rows_of(Registration)), key=lambda one: one.id)
    return f"{PATH}{row.id}.{signature(PURPOSE, row.id)}"


def test_from_the_sign_in_page_to_the_first_sign_in(web: Web) -> None:
    door = web.http.get("/login").text
    by_name = web.http.get("/register", params={"area": PROVINCE, "in": CITY, "words": "焊接"})
    (found,) = re.findall(r'<li><a href="([^"]*)">([^<]*)</a>', by_name.text)
    asked = sent(web, found[0], name="林<工>", email=LIN, role="clerk", note="工会")
    page = web.http.get(link())
    kept = sent(web, link(), password=SECRET, again=SECRET)
    inside = sent(web, "/login", email=LIN, password=SECRET)

    assert 'href="/register"' in door
    assert found == (f"/register/{UNIT}", "杭州焊接&lt;机器人&gt;有限公司")
    assert (asked.status_code, told(asked)[0][:8]) == (200, "信已寄往这个邮箱")
    assert "林&lt;工&gt; &lt;lin@example.cn&gt;" in page.text
    assert "杭州焊接&lt;机器人&gt;有限公司 · 申报员" in page.text
    assert (kept.status_code, kept.headers["location"]) == (303, "/login?set=1&as=lin%40example.cn")
    assert (inside.status_code, inside.headers["location"]) == (303, "/")
    assert actor_of(LIN).seats == ()


def test_a_unit_is_found_by_its_code_and_by_going_down_the_areas(web: Web) -> None:
    by_code = web.http.get("/register", params={"code": f" {UNIT.lower()} "})
    wrong = web.http.get("/register", params={"code": "{csrf}<b>"})
    top = web.http.get("/register").text
    city = web.http.get("/register", params={"in": CITY}).text
    nothing = web.http.get("/register", params={"in": CITY, "words": "没有的"})
    nowhere = web.http.get("/register", params={"in": "", "words": "焊接"})

    assert by_code.headers["location"] == f"/register/{UNIT}"
    assert (wrong.status_code, wrong.text.count('name="csrf"')) == (422, 0)
    assert f'<option value="{PROVINCE}">浙江省总工会</option>' in top
    assert f'<option value="{COUNTY}">西湖区总工会</option>' in city
    assert f"/register?area={PROVINCE}" in city
    assert "没有找到" in nothing.text
    assert told(nowhere) == ["请先选择地区"]
    assert '<select id="in" name="in" required><option value="">请先选择地区</option>' in top
    assert "（全部）" in city


def test_known_and_unknown_addresses_get_the_same_page(web: Web) -> None:
    sent(web, f"/register/{UNIT}", name="林", email=LIN, role="clerk")
    sent(web, link(), password=SECRET, again=SECRET)

    answers = [sent(web, f"/register/{UNIT}", name="林", email=mail, role="worker") for mail in (LIN, "a@example.cn")]

    assert answers[0].text == answers[1].text
    assert [answer.status_code for answer in answers] == [200, 200]


WRONG = (
    ({"email": "lin"}, 422, "邮箱"),
    ({"name": ""}, 422, "请填写姓名。"),
    ({"role": "administrator"}, 422, "自行申请的任职只能是申报员或职工"),
    ({"note": "好" * 501}, 422, "说明"),
    ({"csrf": "x"}, 403, "页面已过期"),
)


def test_what_will_not_do_is_said_and_nothing_typed_is_lost(web: Web) -> None:
    good = {"name": '林"{csrf}', "email": LIN, "role": "worker", "note": "主席"}
    for given, status, said in WRONG:
        answer = sent(web, f"/register/{UNIT}", **{**good, **given})

        assert (answer.status_code, said in told(answer)[0]) == (status, True)
        assert ("name" in given) != ("林&quot;&#123;csrf}" in answer.text)
        assert ("role" in given) != ('<option value="worker" selected>' in answer.text)
        assert answer.text.count('name="csrf"') == 1


def test_the_link_is_looked_at_without_being_used_up_and_works_once(web: Web) -> None:
    sent(web, f"/register/{UNIT}", name="林", email=LIN, role="clerk")
    path = link()

    assert [web.http.get(path).status_code for _ in range(3)] == [200] * 3
    assert told(sent(web, path, password=SECRET, again="x")) == ["两次输入不一致。"]
    assert "密码" in told(sent(web, path, **dict.fromkeys(("password", "again"), "短")))[0]
    assert sent(web, path, password=SECRET, again=SECRET, csrf="x").status_code == 403
    assert sent(web, path, password=SECRET, again=SECRET).status_code == 303
    assert [web.http.get(one).status_code for one in (path, f"{PATH}x", f"{PATH}%00")] == [422, 422, 400]


def test_where_it_is_closed_the_page_says_whom_to_ask(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHENBAO_REGISTRATION", "closed")
    settings.cache_clear()

    for path in ("/register", f"/register/{UNIT}"):
        assert told(web.http.get(path)) == ["本系统不开放自行注册。请联系本单位或上级工会的管理员开通账号。"]
    assert 'href="/register"' not in web.http.get("/login").text


def test_a_link_from_before_it_was_closed_says_so_and_leads_nowhere(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    sent(web, f"/register/{UNIT}", name="林", email=LIN, role="clerk")
    form = hidden_fields(web.http.get(link()).text)
    monkeypatch.setenv("SHENBAO_REGISTRATION", "closed")
    settings.cache_clear()

    answers = [web.http.get(link()), web.http.post(link(), data=form, headers={"origin": SITE})]

    for answer in answers:
        assert (answer.status_code, told(answer)) == (
            409, ["本系统不开放自行注册。请联系本单位或上级工会的管理员开通账号。"],
        )  # fmt: skip
        assert 'href="/register"' not in answer.text


def test_of_several_wishes_the_owner_of_the_address_says_which_is_theirs(web: Web) -> None:
    sent(web, f"/register/{UNIT}", name="路<人>", email=LIN, role="worker")
    sent(web, f"/register/{UNIT}", name="林工", email=LIN, role="clerk")
    page = web.http.get(link())
    choices = re.findall(r'<input type="radio" name="wish" value="(\w{32})" required> ([^<]*)<', page.text)
    twice = dict.fromkeys(("password", "again"), SECRET)
    unsaid = sent(web, link(), **twice)
    kept = sent(web, link(), **twice, wish=choices[0][0])

    assert [words for _, words in choices] == [
        "林工 · 杭州焊接&lt;机器人&gt;有限公司 · 申报员", "路&lt;人&gt; · 杭州焊接&lt;机器人&gt;有限公司 · 职工",
    ]  # fmt: skip
    assert "路" not in re.sub(r"<fieldset>.*</fieldset>", "", page.text)
    assert (unsaid.status_code, told(unsaid)) == (422, ["请选择哪一项是您本人提出的申请。"])
    assert (kept.status_code, actor_of(LIN).name) == (303, "林工")


def test_what_the_office_will_read_is_shown_before_anybody_answers_for_it(web: Web) -> None:
    sent(web, f"/register/{UNIT}", name="林工", email=LIN, role="clerk", note="请拨打<路人>{csrf}")
    shown = web.http.get(link()).text
    sent(web, f"/register/{UNIT}", name="林工", email=LIN, role="clerk", note="工会主席")
    page = web.http.get(link())

    what = "杭州焊接&lt;机器人&gt;有限公司 · 申报员"
    assert f"<p>{what} · 请拨打&lt;路人&gt;&#123;csrf}}</p>" in shown
    assert re.findall(r'name="wish" value="\w{32}" required> ([^<]*)<', page.text) == [
        f"林工 · {what} · 工会主席", f"林工 · {what} · 请拨打&lt;路人&gt;&#123;csrf}}",
    ]  # fmt: skip


def test_the_pages_speak_english(web: Web) -> None:
    web.http.cookies.set("shenbao_lang", "en")

    pages = [web.http.get(path).text for path in ("/register?area=0", f"/register/{UNIT}")]

    for page in pages:
        words = re.sub(r"<option[^>]*>[^<]*</option>|<b>[^<]*</b>", "", page)
        assert re.findall(r"[一-鿿]+", words) == ["中文"]
