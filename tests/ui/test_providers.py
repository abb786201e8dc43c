"""Signing in through a provider, against a real one on this machine: there and back, and who it then is."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import oidc_provider_mock
import pytest
import structlog

from models import clock
from models.database import reading
from models.errors import ForbiddenError, NotFoundError, RefusedError, SignedOutError
from models.registration import Identity
from models.settings import settings
from models.sql import rows_of
from tests.people import an_account, disable
from tests.tampering import by_hand
from tests.ui.test_registering import told
from tests.ui.web import SITE, Web, hidden_fields, serving
from tests.worlds import events, rows
from ui import providers
from workflows.people import identities, own_sessions, passwords, sessions
from workflows.record.acting import actor_of

# The provider's own library speaks of its next version.
pytestmark = pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")
LI, SECRET = "li@example.org", "correct horse"
DOOR = "/login/with/oidc"
HOUR_AGO = clock.now() - timedelta(hours=1)


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """Yield the address of a provider that lets anybody in as anybody."""
    with oidc_provider_mock.run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(autouse=True)
def _configured(database: str, issuer: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for key, value in {"NAME": "省总统一认证", "ISSUER": issuer, "CLIENT_ID": "shenbao", "CLIENT_SECRET": "x"}.items():
        monkeypatch.setenv(f"SHENBAO_OIDC_{key}", value)
    settings.cache_clear()
    with structlog.testing.capture_logs():
        yield


@pytest.fixture
def web() -> Iterator[Web]:
    """Yield the site."""
    with serving() as there:
        there.http.timeout = 60.0  # a slow machine is no refusal
        yield there


@pytest.fixture
def li() -> str:
    """Answer the id of somebody with a password."""
    return an_account(LI, password_hash=passwords.hashed(SECRET))


def knows(subject: str, **claims: Any) -> None:
    """Tell the provider of somebody."""
    issuer = settings().oidc_issuer
    assert httpx.put(f"{issuer}/users/{subject}", json=claims, trust_env=False, timeout=60.0).status_code == 204


def away(web: Web, **asked: str) -> str:
    """Begin the journey: where at the provider it leads."""
    answer = web.http.get(DOOR, params=asked)
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


def vouched(there: str, subject: str) -> str:
    """Be let in at the provider as somebody: where it sends the browser back to."""
    answer = httpx.post(there, data={"sub": subject}, trust_env=False, timeout=60.0)
    assert answer.status_code == 302, answer.text
    return answer.headers["location"].removeprefix(SITE)


def came(web: Web, subject: str, **asked: str) -> httpx.Response:
    """There and back again."""
    return web.http.get(vouched(away(web, **asked), subject))


def refused(sid: str, known: identities.Known, began_at: datetime) -> str:
    """Why an identity proves nothing."""
    with pytest.raises(ForbiddenError) as refusal:
        identities.prove(sid, known, began_at=began_at)
    return refusal.value.code


def signed_in(web: Web) -> str:
    """Li by password; the id of the session."""
    fields = hidden_fields(web.http.get("/login").text) | {"email": LI, "password": SECRET}
    assert web.http.post("/login", data=fields, headers={"origin": SITE}).status_code == 303
    return str(web.http.get("/anything").json()["x-shenbao-sid"])


def sent_on(web: Web, **given: str) -> httpx.Response:
    """The form that asks whether another identity shall be linked, filled in and sent."""
    fields = hidden_fields(web.http.get(f"{DOOR}/link").text) | given
    return web.http.post(f"{DOOR}/link", data=fields, headers={"origin": SITE})


def onward(answer: httpx.Response) -> str:
    """Where at the provider a page of ours leads, at once and by its link."""
    assert answer.status_code == 200, answer.text
    (link,) = re.findall(r'<a href="(http[^"]*)">前往省总统一认证<', answer.text)
    assert answer.headers["refresh"] == f"0; url={unescape(link)}"
    return unescape(link)


def linked() -> list[tuple[str, str]]:
    """Whose identities there are."""
    with reading() as store:
        return [(row.subject, row.account_id) for row in store.all(rows_of(Identity))]


def test_a_verified_address_leads_in_once_and_the_subject_ever_after(web: Web, li: str) -> None:
    knows("s1", email=LI.upper(), email_verified=True)
    first = came(web, "s1", next="/queue?ref=2026-1")
    sid = web.http.get("/anything").json()["x-shenbao-sid"]
    web.http.cookies.clear()
    knows("s1", email="another@example.org", email_verified=True)
    second = came(web, "s1")

    assert (first.status_code, first.headers["location"]) == (303, "/queue?ref=2026-1")
    assert (second.status_code, second.headers["location"]) == (303, "/")
    assert linked() == [("s1", li)]
    assert rows("SELECT DISTINCT account_id, opened_by FROM session") == [(li, identities.provider())]
    assert rows("SELECT template, account_id FROM letter") == [("identity_linked", li)]
    assert events(li) == [("enrol", None, "active", "system"), ("link-identity", "active", "active", "李敏")]
    assert len(sid) == 64


def test_it_is_one_session_with_one_way_out(web: Web, li: str) -> None:
    knows("s1", email=LI, email_verified=True)
    came(web, "s1")
    stolen = web.http.cookies["shenbao"]
    page = web.http.get("/logout")

    answer = web.http.post("/logout", data=hidden_fields(page.text), headers={"origin": SITE})

    assert answer.headers["location"] == "/login?out=1"
    assert web.http.get("/anything", headers={"cookie": f"shenbao={stolen}"}).status_code == 401


def test_state_nonce_and_pkce_are_sent_and_none_of_them_twice(web: Web) -> None:
    asked = [{k: v[0] for k, v in parse_qs(urlsplit(away(web)).query).items()} for _ in range(2)]

    for one in asked:
        assert (one["code_challenge_method"], len(one["code_challenge"])) == ("S256", 43)
        assert one["redirect_uri"] == f"{SITE}{DOOR}/callback"
    for name in ("state", "nonce", "code_challenge"):
        assert len({one[name] for one in asked}) == 2


def test_a_callback_that_this_browser_did_not_ask_for_is_refused_in_words(web: Web, li: str) -> None:
    knows("s1", email=LI, email_verified=True)
    others = vouched(away(web), "s1")
    web.http.cookies.clear()
    without = web.http.get(others)
    away(web)
    planted = web.http.get(others)
    denied = web.http.get(f"{DOOR}/callback", params={"error": "access_denied"})
    altered = web.http.get(f"{DOOR}/callback?code=x&state=x", headers={"cookie": "shenbao_journey=e30.x.y"})

    for answer in (without, planted, denied, altered):
        assert (answer.status_code, told(answer)) == (
            400, ["统一认证没有完成，或这次登录不是从本页面开始的。请重新登录。"],
        )  # fmt: skip
    assert (linked(), rows("SELECT count(*) FROM session")) == ([], [(0,)])


def test_a_code_is_good_once(web: Web, li: str) -> None:
    knows("s1", email=LI, email_verified=True)
    there = vouched(away(web), "s1")
    jar = dict(web.http.cookies)
    web.http.get(there)
    web.http.cookies.clear()

    again = web.http.get(there, headers={"cookie": "; ".join(f"{k}={v}" for k, v in jar.items())})

    assert again.status_code == 400


UNKNOWN: tuple[dict[str, Any], ...] = (
    {}, {"email": LI}, {"email": LI, "email_verified": False}, {"email": LI, "email_verified": "true"},
    {"email": "nobody@example.org", "email_verified": True}, {"email": "no address", "email_verified": True},
)  # fmt: skip


def test_who_is_not_known_signs_in_once_by_password_and_is_linked(web: Web, li: str) -> None:
    for n, claims in enumerate(UNKNOWN):
        knows(f"u{n}", **claims)

        answer = came(web, f"u{n}", next="/queue")
        door = web.http.get(answer.headers["location"])
        fields = hidden_fields(door.text) | {"email": LI, "password": SECRET, "link": "1"}
        inside = web.http.post("/login", data=fields, headers={"origin": SITE})
        web.http.cookies.clear()

        assert answer.headers["location"] == "/login?link=1&next=%2Fqueue"
        assert told(door)[0].startswith("这个统一认证身份还没有关联账号")
        # Whose it is is said, and nobody's who signs in next on this machine unless they say so.
        called = claims["email"] if claims.get("email_verified") is True else f"u{n}"
        assert f'name="link" value="1"> 这是我本人的身份，登录后与账号关联：{called}<' in door.text
        assert (inside.status_code, inside.headers["location"]) == (303, "/queue")
    assert sorted(linked()) == [(f"u{n}", li) for n in range(len(UNKNOWN))]
    assert came(web, "u0").status_code == 303


def test_who_does_not_wish_it_is_not_linked(web: Web, li: str) -> None:
    knows("s3")
    door = web.http.get(came(web, "s3").headers["location"])

    web.http.post("/login", data=hidden_fields(door.text) | {"email": LI, "password": SECRET}, headers={"origin": SITE})

    assert linked() == []
    assert 'name="link"' not in web.http.get("/logout").text


def test_an_address_that_went_to_somebody_else_there_opens_nothing(web: Web, li: str) -> None:
    for subject in ("old", "new"):
        knows(subject, email=LI, email_verified=True)
    came(web, "old")
    web.http.cookies.clear()

    answer = came(web, "new")

    assert answer.headers["location"].startswith("/login?link=1")
    assert linked() == [("old", li)]


def test_an_account_that_is_shut_out_stays_out(web: Web, li: str) -> None:
    knows("s1", email=LI, email_verified=True)
    came(web, "s1")
    disable(li)
    web.http.cookies.clear()

    answer = came(web, "s1")

    assert (answer.status_code, told(answer)) == (
        401, ["与这个身份关联的账号已停用。请联系本单位或上级工会的管理员。"],
    )  # fmt: skip


def test_coming_from_a_provider_proves_nothing_until_it_asks_anew(web: Web, li: str) -> None:
    knows("s1", email=LI, email_verified=True)
    knows("else")
    came(web, "s1")
    sid = web.http.get("/anything").json()["x-shenbao-sid"]
    before = own_sessions.is_proven(sid)

    asked = parse_qs(urlsplit(away(web, prove="1")).query)
    began = clock.now()
    early, late = began - timedelta(seconds=31), clock.now() + timedelta(minutes=2)
    stale = [identities.Known(identities.provider() or "", "s1", "", at) for at in (None, HOUR_AGO, early, late)]
    codes = [refused(sid, known, began) for known in stale]
    others, own = (told(came(web, subject, prove="1")) for subject in ("else", "s1"))

    assert (before, own_sessions.is_proven(sid)) == (False, True)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
    assert codes == ["identity_stale"] * 4
    assert others == ["统一认证的身份与当前登录的账号不一致，不能确认。请换用关联的身份。"]
    assert own == ["身份已确认。请回到原来的页面，再点一次。"]


def test_who_takes_minutes_at_the_provider_is_believed_and_who_was_asked_before_the_journey_is_not(
    web: Web, li: str
) -> None:
    knows("s1", email=LI, email_verified=True)
    came(web, "s1")
    sid = web.http.get("/anything").json()["x-shenbao-sid"]
    began = clock.now()
    asked = identities.Known(identities.provider() or "", "s1", "", began + timedelta(minutes=1))

    with clock.at(began + timedelta(minutes=9)):
        identities.prove(sid, asked, began_at=began)
        proven = own_sessions.is_proven(sid)
        again = refused(sid, asked, began + timedelta(minutes=2))

    assert (proven, again) == (True, "identity_stale")


def test_the_journey_itself_says_when_it_began(web: Web, li: str, monkeypatch: pytest.MonkeyPatch) -> None:
    knows("s1", email=LI, email_verified=True)
    came(web, "s1")
    # A provider that asked nothing anew tells of a time before.
    monkeypatch.setattr(providers, "clock", SimpleNamespace(now=lambda: clock.now() + timedelta(minutes=5)))

    answer = came(web, "s1", prove="1")

    assert told(answer) == ["统一认证没有重新核验身份，不能确认。请退出统一认证后再试，或改用密码。"]


def test_a_proof_belongs_to_the_session_that_asked_for_it(web: Web, li: str) -> None:
    knows("s1", email=LI, email_verified=True)
    came(web, "s1")
    first = web.http.get("/anything").json()["x-shenbao-sid"]
    there = vouched(away(web, prove="1"), "s1")
    web.http.cookies.delete("shenbao")

    answer = web.http.get(there)

    assert (answer.status_code, own_sessions.is_proven(first)) == (403, False)


def test_a_provider_that_is_away_is_said_and_the_password_still_serves(
    web: Web, li: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHENBAO_OIDC_ISSUER", "http://localhost:9")
    settings.cache_clear()

    answer = web.http.get(DOOR)

    assert (answer.status_code, told(answer)) == (503, ["统一认证暂时连接不上，请稍后再试，或用密码登录。"])


def test_a_provider_that_calls_itself_otherwise_is_not_believed(
    web: Web, li: str, issuer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    knows("s1", email=LI, email_verified=True)
    monkeypatch.setenv("SHENBAO_OIDC_ISSUER", issuer.replace("localhost", "127.0.0.1") + "/x/..")
    settings.cache_clear()

    assert came(web, "s1").status_code == 400
    assert linked() == []


def test_without_a_provider_there_is_no_such_way(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = web.http.get("/login?next=/queue").text
    monkeypatch.setenv("SHENBAO_OIDC_ISSUER", "")
    settings.cache_clear()

    assert '<a class="quiet" href="/login/with/oidc?next=%2Fqueue">用省总统一认证登录</a>' in shown
    assert "/login/with" not in web.http.get("/login").text
    assert [web.http.get(path).status_code for path in (DOOR, f"{DOOR}/callback", "/login/with/other")] == [
        404,
        400,
        404,
    ]


def test_a_provider_without_tls_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHENBAO_OIDC_ISSUER", "http://sso.example.cn")
    settings.cache_clear()

    with pytest.raises(ValueError, match="oidc_issuer"):
        settings()
    monkeypatch.setenv("SHENBAO_OIDC_ISSUER", "")


def test_one_links_another_identity_after_typing_the_password(web: Web, li: str) -> None:
    knows("s7")
    sid = signed_in(web)
    fresh = web.http.get(f"{DOOR}/link").text
    by_hand("UPDATE session SET created_at = :then", then=HOUR_AGO)
    page = web.http.get(f"{DOOR}/link").text
    wrong = sent_on(web, password="x" * 12)
    there = onward(sent_on(web, password=SECRET))
    answer = web.http.get(vouched(there, "s7"))
    again = web.http.get(vouched(onward(sent_on(web)), "s7"))

    assert ('type="password"' in fresh, 'type="password"' in page) == (False, True)
    assert "李敏 &lt;li@example.org&gt;" in page
    assert (wrong.status_code, told(wrong)) == (401, ["邮箱或密码不正确，请核对后重试。"])
    assert [parse_qs(urlsplit(there).query)[name] for name in ("prompt", "max_age")] == [["login"], ["0"]]
    assert [told(one) for one in (answer, again)] == [
        ["已关联，今后可以用这个身份登录。"], ["这个身份已经关联您的账号，不必再关联。"],
    ]  # fmt: skip
    assert linked() == [("s7", li)]
    assert rows("SELECT template FROM letter") == [("identity_linked",)]
    assert sessions.actor_of(sid) is not None
    web.http.cookies.clear()
    assert came(web, "s7").status_code == 303


def test_nobody_is_linked_from_another_site_without_a_session_or_by_an_old_answer(web: Web, li: str) -> None:
    knows("s7")
    stranger = [web.http.get(f"{DOOR}/link"), web.http.post(f"{DOOR}/link", data={}, headers={"origin": SITE})]
    sid = signed_in(web)
    forged = web.http.post(f"{DOOR}/link", data={"password": SECRET}, headers={"origin": SITE})
    there = vouched(onward(sent_on(web)), "s7")
    web.http.cookies.delete("shenbao")
    elsewhere = web.http.get(there)
    old = identities.Known(identities.provider() or "", "s7", "", HOUR_AGO)
    with pytest.raises(ForbiddenError, match="identity_stale"):
        identities.add(sid, old, began_at=clock.now())

    assert [(one.status_code, one.headers["location"]) for one in stranger] == [
        (303, "/login?next=%2Flogin%2Fwith%2Foidc%2Flink"), (303, f"{DOOR}/link"),
    ]  # fmt: skip
    assert (forged.status_code, elsewhere.status_code, linked()) == (403, 403, [])


def test_who_has_no_password_proves_to_be_there_by_the_identity_they_have(web: Web) -> None:
    an_account("wang@example.org")
    for subject, mail in (("s1", "wang@example.org"), ("s2", "")):
        knows(subject, email=mail, email_verified=True)
    came(web, "s1")
    page = web.http.get(f"{DOOR}/link").text
    unproven = sent_on(web, password="")
    proved = came(web, "s1", prove="1")
    web.http.get(vouched(onward(sent_on(web)), "s2"))

    assert ('type="password"' in page, f'href="{DOOR}?prove=1"' in page) == (False, True)
    assert (unproven.status_code, told(proved)) == (403, ["身份已确认。请回到原来的页面，再点一次。"])
    assert [subject for subject, _ in linked()] == ["s1", "s2"]


def test_what_opens_anothers_account_is_not_linked(web: Web, li: str) -> None:
    an_account("wang@example.org")
    knows("s8", email="wang@example.org", email_verified=True)
    came(web, "s8")
    web.http.cookies.clear()
    signed_in(web)

    answer = web.http.get(vouched(onward(sent_on(web)), "s8"))

    assert (answer.status_code, told(answer)) == (
        403, ["这个统一认证身份已关联另一个账号。请先用那个账号登录并解除关联。"],
    )  # fmt: skip


def test_one_unlinks_ones_own_and_the_sessions_it_opened_end(web: Web, li: str) -> None:
    knows("s1", email=LI, email_verified=True)
    came(web, "s1")
    sid = web.http.get("/anything").json()["x-shenbao-sid"]
    typed = sessions.sid_of(sessions.sign_in(LI, SECRET, "10.0.0.1"))
    (mine,) = identities.my_identities(actor_of(LI))

    with pytest.raises(RefusedError, match="type_password"):
        identities.unlink_identity(actor_of(LI), identity_id=mine.id)
    with pytest.raises(SignedOutError, match="wrong_credentials"):
        identities.unlink_last(typed, "wrong horse", identity_id=mine.id)
    left = identities.unlink_last(typed, SECRET, identity_id=mine.id)

    assert [act for act, *_ in events(li)] == ["enrol", "link-identity", "unlink-identity"]
    assert (left, linked(), mine.provider) == ([], [], identities.provider())
    assert (sessions.actor_of(sid), sessions.actor_of(typed) is not None) == (None, True)


def test_one_of_two_goes_without_the_password_and_none_of_a_stranger(web: Web, li: str) -> None:
    sid = sessions.sid_of(sessions.sign_in(LI, SECRET, "10.0.0.1"))
    for subject in ("s1", "s2"):
        identities.link(sid, identities.Known(identities.provider() or "", subject))
    first, second = identities.my_identities(actor_of(LI))
    an_account("wang@example.org")

    with pytest.raises(NotFoundError):
        identities.unlink_identity(actor_of("wang@example.org"), identity_id=first.id)

    assert identities.unlink_identity(actor_of(LI), identity_id=first.id) == [second]


def test_an_identity_of_a_provider_that_is_asked_no_more_is_no_way_in(web: Web) -> None:
    an_account("wang@example.org")
    token = identities.enter(identities.Known(identities.provider() or "", "s9", "wang@example.org"), "10.0.0.1")
    identities.link(sessions.sid_of(token), identities.Known("oidc:another", "s1"))
    mine, old = identities.my_identities(actor_of("wang@example.org"))

    with pytest.raises(RefusedError, match="last_way_in"):
        identities.unlink_identity(actor_of("wang@example.org"), identity_id=mine.id)

    assert identities.unlink_identity(actor_of("wang@example.org"), identity_id=old.id) == [mine]


def test_without_a_password_the_last_way_in_stays(web: Web) -> None:
    an_account("wang@example.org")
    token = identities.enter(identities.Known(identities.provider() or "", "s9", "wang@example.org"), "10.0.0.1")
    (mine,) = identities.my_identities(actor_of("wang@example.org"))

    with pytest.raises(RefusedError, match="last_way_in"):
        identities.unlink_identity(actor_of("wang@example.org"), identity_id=mine.id)
    with pytest.raises(SignedOutError, match="wrong_credentials"):
        identities.unlink_last(sessions.sid_of(token), "", identity_id=mine.id)

    assert [subject for subject, _ in linked()] == ["s9"]
