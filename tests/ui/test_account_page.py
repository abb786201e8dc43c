"""One's own account: password, sessions and tokens."""

from datetime import timedelta

import pytest

from models import clock
from tests import living
from tests.factories import PASSWORD
from tests.living import Living
from tests.tampering import by_hand
from tests.ui.pages import keyed, opened, press, ran, texts
from workflows.people import own_sessions, sessions
from workflows.people.tokens import bearer, make_token, my_tokens

FRESH = "换成另一句更长的话"


@pytest.fixture
def there(database: str) -> Living:
    """Answer a round that is open today."""
    assert database
    return living.living()


def test_the_page_shows_who_one_is_and_where_one_is_signed_in(there: Living) -> None:
    page = opened("my_account", there.county)

    assert page.title[0].value == "我的账号"
    assert "周丽 <county@example.cn>" in texts(page, "text")
    assert "西湖区总工会 · 审核员" in texts(page, "caption")
    assert "本浏览器" in texts(page, "caption")


def test_the_password_is_changed_with_the_present_one(there: Living) -> None:
    page = opened("my_account", there.county)
    for name, value in (("current", PASSWORD), ("fresh", FRESH), ("again", FRESH)):
        next(w for w in page.text_input if str(w.key).startswith(f"{name}:")).input(value)

    press(page, "修改")

    assert sessions.sign_in(there.county.email, FRESH, "127.0.0.1")


@pytest.mark.parametrize(("given", "said"), [
    (("不对的密码啊啊", FRESH, FRESH), "邮箱或密码不正确，请核对后重试。"),
    ((PASSWORD, FRESH, "x"), "两次输入的新密码不一致。"),
])  # fmt: skip
def test_what_stands_in_the_way_is_said(there: Living, given: tuple[str, str, str], said: str) -> None:
    page = opened("my_account", there.county)
    for name, value in zip(("current", "fresh", "again"), given, strict=True):
        next(w for w in page.text_input if str(w.key).startswith(f"{name}:")).input(value)

    press(page, "修改")

    assert texts(page, "error") == [said]
    assert sessions.sign_in(there.county.email, PASSWORD, "127.0.0.1")


def test_a_forgotten_browser_is_signed_out(there: Living) -> None:
    other = sessions.sid_of(sessions.sign_in(there.county.email, PASSWORD, "10.0.0.9", "Old Browser"))
    page = opened("my_account", there.county)

    keyed(page.button, other[: own_sessions.SHORT]).click()
    ran(page)

    assert sessions.actor_of(other) is None
    assert len(own_sessions.my_sessions(there.county)) == 1


def test_a_token_is_shown_once_and_can_be_ended(there: Living) -> None:
    page = opened("my_account", there.county)
    next(w for w in page.text_input if str(w.key).startswith("name:")).input("台账同步")

    press(page, "发放")
    shown = texts(page, "code")
    ran(page)

    assert bearer(shown[0]).actor == there.county
    assert texts(page, "code") == []
    press(page, "收回")
    assert [held.ended_at is not None for held in my_tokens(there.county)] == [True]


def test_a_scope_that_is_none_is_said_beside_what_was_typed(there: Living) -> None:
    make_token(there.county, name="x", scopes=["ask"])
    page = opened("my_account", there.county)
    next(w for w in page.text_input if str(w.key).startswith("name:")).input("y")
    scopes = next(w for w in page.text_input if str(w.key).startswith("scopes:"))
    scopes.input("do:chek")

    press(page, "发放")

    assert "do\\:check" in texts(page, "error")[0]
    assert next(w for w in page.text_input if str(w.key).startswith("scopes:")).value == "do:chek"
    assert len(my_tokens(there.county)) == 1


def test_a_grave_act_long_after_signing_in_asks_for_the_password_and_keeps_what_was_typed(there: Living) -> None:
    page = opened("my_account", there.county)
    by_hand("UPDATE session SET created_at = :then", then=clock.now() - timedelta(hours=1))
    next(w for w in page.text_input if str(w.key).startswith("name:")).input("台账同步")

    press(page, "发放")
    refused = texts(page, "error")
    ran(page)
    page.text_input[0].input(PASSWORD)
    press(page, "确认")
    press(page, "发放")

    assert refused[0].startswith("这一步比较重要，请先在页面上方确认身份")
    assert [held.name for held in my_tokens(there.county)] == ["台账同步"]
