"""Who is shut out, or whose seat ends, is out at once: on open pages, in what refreshes by itself, and in programs."""

import ast
import mailbox
from collections import OrderedDict
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from streamlit.testing.v1 import AppTest

from models import clock
from models.errors import NotFoundError, TooManyError
from models.settings import settings
from models.store import Store
from models.vocabulary import Role
from tests import living
from tests.factories import COUNTY, PASSWORD, person, unit
from tests.living import Living, submitted
from tests.tampering import by_hand
from tests.ui.pages import keyed, opened, press, ran, texts
from tests.ui.web import HOST, SITE, Web, hidden_fields, serving
from tests.worlds import rows
from ui import session
from ui.api import pace
from workflows.intake import attachments
from workflows.people import accounts, identities, sessions
from workflows.people.tokens import make_token
from workflows.post.carriers import deliver
from workflows.post.doorway import PATH
from workflows.record.acting import SYSTEM, Actor, actor_of

UI = Path(__file__).parent.parent.parent / "ui"


class BegunAnewError(Exception):
    """The page begins anew, from its check of who is there."""


def rerun() -> None:
    """Begin anew, as Streamlit does inside a page."""
    raise BegunAnewError


@pytest.fixture
def there(database: str) -> Iterator[Living]:
    """Yield a round that is open today."""
    assert database
    with structlog.testing.capture_logs():
        yield living.living()


@pytest.fixture
def web() -> Iterator[Web]:
    """Yield the site."""
    with serving() as site:
        site.http.timeout = 60.0
        yield site


def shut_out(there: Living) -> None:
    """Shut the county's reviewer out, as an administrator does."""
    accounts.disable_account(there.administrator, email=there.county.email, organization_code=COUNTY)


def test_an_open_page_of_who_is_shut_out_shows_nothing_more(there: Living) -> None:
    app = AppTest.from_file(str(UI / "app.py"), default_timeout=60)
    app.user = {"sid": sessions.sid_of(sessions.sign_in(there.county.email, PASSWORD, "127.0.0.1"))}
    ran(app)
    before = [title.value for title in app.title]

    shut_out(there)
    ran(app)

    assert before == ["周丽，您好"]
    assert ([title.value for title in app.title], len(app.sidebar)) == (["会话已失效"], 0)


def test_who_is_there_is_asked_once_a_run_and_anew_at_the_next(there: Living, monkeypatch: pytest.MonkeyPatch) -> None:
    submitted(there)
    asked: list[str] = []
    real = sessions._signed_in  # noqa: SLF001 -- what `actor_of` remembers for as long as a page is drawn

    def counted(store: Store, sid: str) -> Any:
        asked.append(sid)
        return real(store, sid)

    app = AppTest.from_file(str(UI / "app.py"), default_timeout=60)
    app.user = {"sid": sessions.sid_of(sessions.sign_in(there.county.email, PASSWORD, "127.0.0.1"))}
    monkeypatch.setattr(sessions, "_signed_in", counted)
    told: list[int] = []
    for file in ("home", "review_queue", "colleagues"):
        if told:
            app.switch_page(f"views/{file}.py")
        asked.clear()
        ran(app)
        told.append(len(asked))

    assert told == [1, 1, 1]


def test_what_refreshes_by_itself_asks_before_it_draws(there: Living, monkeypatch: pytest.MonkeyPatch) -> None:
    sid = sessions.sid_of(sessions.sign_in(there.county.email, PASSWORD, "127.0.0.1"))
    monkeypatch.setattr(session, "me", lambda: sessions.actor_of(sid, active=False))
    monkeypatch.setattr("ui.session.st.rerun", rerun)
    drawn: list[str] = []
    body = session.guarded(drawn.append)

    body("before")
    shut_out(there)
    with pytest.raises(BegunAnewError):
        body("after")

    assert drawn == ["before"]


def test_every_fragment_and_dialog_asks_so() -> None:
    bare = [
        f"{file.relative_to(UI)}:{node.name}"
        for file in sorted(UI.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
        for worn in [[ast.unparse(one) for one in node.decorator_list]]
        if any(one.startswith(("st.fragment", "st.dialog")) for one in worn) and worn[-1] != "guarded"
    ]

    assert bare == []


def test_downloads_and_programs_are_refused_at_once(there: Living, web: Web) -> None:
    case = submitted(there)
    ((file,),) = rows("SELECT id FROM attachment WHERE application_id = :of", of=case.id)
    browser = {"cookie": f"shenbao={sessions.sign_in(there.county.email, PASSWORD, '127.0.0.1')}", "host": HOST}
    program = {"authorization": f"Bearer {make_token(there.county, name='x', scopes=['ask']).token}"}
    asked = [(f"/files/{file}", browser), (f"/print/{case.id}", browser), ("/api/v1/ask/my-sessions", program)]
    before = [web.http.get(path, headers=headers).status_code for path, headers in asked]

    shut_out(there)

    assert before == [200] * 3
    assert [web.http.get(path, headers=headers).status_code for path, headers in asked] == [401] * 3


def test_a_seat_that_ended_opens_no_case_and_no_file(there: Living) -> None:
    case = submitted(there)
    ((file,),) = rows("SELECT id FROM attachment WHERE application_id = :of", of=case.id)
    page = opened("review_queue", there.county)
    ((seat,),) = rows("SELECT id FROM seat WHERE account_id = :of", of=there.county.id)
    attachments.read(there.county, file)

    accounts.vacate(there.administrator, seat_id=seat)
    page.run()

    with pytest.raises(NotFoundError):
        attachments.read(there.county, file)
    assert not any(case.receipt or "" in str(frame.value) for frame in page.dataframe)
    assert actor_of(there.county.email).seats == ()


def test_a_token_may_call_so_often_in_a_minute_and_another_as_often(
    there: Living, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHENBAO_TOKEN_CALLS_A_MINUTE", "3")
    settings.cache_clear()
    first, second = (make_token(there.county, name=name, scopes=["ask"]).token for name in "ab")

    answers = [web.http.get("/api/v1/ask/my-tokens", headers={"authorization": f"Bearer {first}"}) for _ in range(4)]
    other = web.http.get("/api/v1/ask/my-tokens", headers={"authorization": f"Bearer {second}"})

    assert [answer.status_code for answer in (*answers, other)] == [200, 200, 200, 429, 200]
    assert answers[-1].headers["content-type"] == "application/problem+json"
    assert answers[-1].json()["code"] == "too_many_tries"
    assert 0 < int(answers[-1].headers["retry-after"]) <= 60


def test_of_tokens_only_those_that_called_last_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHENBAO_TOKEN_CALLS_A_MINUTE", "1")
    settings.cache_clear()
    monkeypatch.setattr(pace, "MOST", 3)
    monkeypatch.setattr(pace, "_windows", OrderedDict())
    now = clock.now()

    with clock.at(now):
        for token in ("first", "second", "third", "fourth", "first"):
            pace.count(token)
        with pytest.raises(TooManyError) as refusal:
            pace.count("fourth")
    with clock.at(now + pace.WINDOW):
        pace.count("fourth")

    assert refusal.value.details == {"seconds": 60}


def test_a_seat_is_asked_for_on_the_home_page_and_settled_by_the_office(there: Living) -> None:
    lin = newcomer()
    page = opened("home", lin)
    next(w for w in page.text_input if str(w.key).startswith("code:")).input(unit(0))
    page = press(page, "申请")
    waiting = texts(page, "info")
    desk = opened("admin_people", there.administrator)
    refused = press(desk, "不同意")
    missing = texts(refused, "error")
    granted = press(opened("admin_people", there.administrator), "同意")

    assert waiting[1].startswith("杭州焊接机器人有限公司 · 申报员：任职申请等待浙江省总工会办理")
    assert "任职申请（1）" in texts(desk, "subheader")
    assert missing
    assert not any(said.startswith("任职申请") for said in texts(granted, "subheader"))
    assert [s.organization for s in actor_of(lin.email).seats] == [unit(0)]
    assert "任职申请" in [metric.label for metric in opened("home", there.administrator).metric]


def test_an_identity_is_listed_and_unlinked_on_ones_account(there: Living, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHENBAO_OIDC_ISSUER", "https://sso.example.cn")
    monkeypatch.setenv("SHENBAO_OIDC_NAME", "省总统一认证")
    settings.cache_clear()
    identities.enter(identities.Known(identities.provider() or "", "s1", there.county.email), "10.0.0.1")

    sid = sessions.sid_of(sessions.sign_in(there.county.email, PASSWORD, "127.0.0.1"))
    identities.link(sid, identities.Known(identities.provider() or "", "s2"))

    page = opened("my_account", there.county)
    shown = [said for said in texts(page, "text") if said.startswith("省总统一认证")]
    one = press(page, "解除")
    alone = [len(identities.my_identities(there.county))]
    last = press(one, "解除")
    alone.append(len(identities.my_identities(there.county)))
    keyed(last.text_input, identities.my_identities(there.county)[0].id).input(PASSWORD)
    press(last, "解除")

    assert (len(shown), alone, texts(last, "error")) == (2, [1, 1], [])
    assert identities.my_identities(there.county) == []


def test_to_unlink_long_after_signing_in_asks_for_the_password(there: Living, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHENBAO_OIDC_ISSUER", "https://sso.example.cn")
    settings.cache_clear()
    sid = sessions.sid_of(sessions.sign_in(there.county.email, PASSWORD, "127.0.0.1"))
    for subject in ("s1", "s2"):
        identities.link(sid, identities.Known(identities.provider() or "", subject))
    page = opened("my_account", there.county)
    by_hand("UPDATE session SET created_at = :then", then=clock.now() - timedelta(hours=1))

    press(page, "解除")

    assert texts(page, "error")[0].startswith("这一步比较重要")
    assert len(identities.my_identities(there.county)) == 2


def test_from_the_public_page_to_the_first_application_of_ones_own(there: Living, web: Web) -> None:
    path, mail = f"/register/{unit(0)}", "wang@example.cn"
    sent(web, path, name="王工", email=mail, role="clerk", note="工会干事")
    deliver()
    (letter,) = [one for one in mailbox.Maildir(settings().maildir) if one["To"] == mail]
    body = letter.get_payload(decode=True)
    assert isinstance(body, bytes)
    link = f"{PATH}{body.decode().partition(PATH)[2].split()[0]}"
    sent(web, link, password=PASSWORD, again=PASSWORD)
    sent(web, "/login", email=mail, password=PASSWORD)
    sid = web.http.get("/anything").json()["x-shenbao-sid"]
    before = sessions.actor_of(sid)
    waiting = texts(opened("home", actor_of(mail)), "info")
    press(opened("admin_people", there.administrator), "同意")
    after = sessions.actor_of(sid)
    press(opened("my_applications", actor_of(mail)), "开始申报")

    assert before is not None
    assert after is not None
    assert any("任职申请等待" in said for said in waiting)
    assert (before.seats, [(seat.organization, seat.role) for seat in after.seats]) == ((), [(unit(0), Role.CLERK)])
    assert rows("SELECT applicant_id, organization FROM application") == [(after.id, unit(0))]


def sent(web: Web, path: str, **given: str) -> None:
    """Fill in a form as it was served, and send it."""
    answer = web.http.post(path, data=hidden_fields(web.http.get(path).text) | given, headers={"origin": SITE})
    assert answer.status_code in (200, 303), answer.text


def newcomer() -> Actor:
    """Somebody who signs in and holds no seat any more."""
    person("lin", "林工", COUNTY, Role.WORKER)
    ((seat,),) = rows("SELECT s.id FROM seat s JOIN account a ON a.id = s.account_id WHERE a.email = 'lin@example.cn'")
    accounts.vacate(SYSTEM, seat_id=seat)
    return actor_of("lin@example.cn")
