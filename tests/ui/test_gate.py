"""The gate: nobody gets past it unknown, from elsewhere, or under a name they chose themselves."""

import gc
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple

import anyio
import pytest
import structlog

from models.attachment import Attachment
from models.database import connect
from models.errors import NotFoundError
from models.settings import settings
from tests.people import an_account
from tests.ui.web import SITE, Web, ran, serving
from ui import files, frame, serve, server
from workflows.intake import attachments
from workflows.people import passwords, sessions

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
EVIL = "https://evil.example.cn"
PAGE = {"accept": "text/html,application/xhtml+xml"}
SHIELD = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


class Signed(NamedTuple):
    """A browser that is signed in."""

    token: str
    sid: str
    cookie: dict[str, str]


@pytest.fixture(autouse=True)
def _quiet(database: str) -> Iterator[None]:
    with structlog.testing.capture_logs():
        yield


@pytest.fixture
def web(database: str) -> Iterator[Web]:
    with serving() as there:
        yield there


@pytest.fixture
def li() -> Signed:
    an_account("li@example.org", password_hash=passwords.hashed("correct horse"))
    token = sessions.sign_in("li@example.org", "correct horse", "192.0.2.7")
    return Signed(token, sessions.sid_of(token), {"cookie": f"shenbao={token}"})


def test_who_is_signed_in_arrives_with_the_session_and_nothing_else(web: Web, li: Signed) -> None:
    assert web.http.get("/queue", headers=li.cookie).json() == {"x-shenbao-sid": li.sid}


@pytest.mark.parametrize("name", ["X-Shenbao-Sid", "x_shenbao_sid", "X-Shenbao-Role"])
def test_an_identity_that_the_client_made_up_never_arrives(web: Web, li: Signed, name: str) -> None:
    signed_in = web.http.get("/queue", headers={**li.cookie, name: "somebody"})
    public = web.http.get("/static/x.js", headers={name: "somebody"})

    assert (signed_in.json(), public.json()) == ({"x-shenbao-sid": li.sid}, {})


def test_an_anonymous_visitor_of_a_page_is_sent_to_sign_in_and_back(web: Web) -> None:
    answer = web.http.get("/queue?ref=2026-1&q=劳模", headers=PAGE)

    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert answer.headers["location"] == ("/login?next=/queue%3Fref%3D2026-1%26q%3D%25E5%258A%25B3%25E6%25A8%25A1")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/_stcore/metrics"),
        ("GET", "/_stcore/health"),
        ("GET", "/media/0123.png"),
        ("GET", "/files/1"),
        ("PUT", "/_stcore/upload_file/1/2"),
        ("POST", "/_stcore/agent/interact"),
    ],
)
def test_an_anonymous_program_is_told_to_sign_in(web: Web, method: str, path: str) -> None:
    answer = web.http.request(method, path)

    assert (answer.status_code, answer.json()) == (401, {"code": "signed_out"})


@pytest.mark.parametrize("cookie", [{}, {"cookie": "shenbao=made-up"}, {"cookie": "shenbao="}])
def test_an_anonymous_visitor_opens_no_streamlit_session(web: Web, cookie: dict[str, str]) -> None:
    assert web.refusal({**cookie, "origin": SITE}) == HTTPStatus.FORBIDDEN


def test_a_signed_in_visitor_opens_one_from_our_pages_only(web: Web, li: Signed) -> None:
    assert web.stream({**li.cookie, "origin": SITE}) == (101, {"x-shenbao-sid": li.sid})

    for origin in (EVIL, "null", "http://shenbao.example.cn:81", "http://shenbao.example.cn.evil"):
        assert web.refusal({**li.cookie, "origin": origin}) == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize(("origin", "status"), [(SITE, 200), (None, 200), (EVIL, 403), ("null", 403), ("", 403)])
def test_what_changes_something_must_come_from_our_pages(web: Web, li: Signed, origin: str | None, status: int) -> None:
    given = {} if origin is None else {"origin": origin}

    assert web.http.post("/anything", headers={**li.cookie, **given}).status_code == status


def test_an_open_tab_with_an_ended_session_gets_through_to_be_told(web: Web, li: Signed) -> None:
    sessions.sign_out(li.token)

    assert web.stream({**li.cookie, "origin": SITE}) == (101, {})
    assert web.http.get("/_stcore/health", headers=li.cookie).json() == {}
    assert web.http.get("/_stcore/metrics", headers=li.cookie).status_code == HTTPStatus.UNAUTHORIZED
    assert web.http.get("/queue", headers={**li.cookie, **PAGE}).status_code == HTTPStatus.SEE_OTHER
    assert web.refusal({**li.cookie, "origin": EVIL}) == HTTPStatus.FORBIDDEN


def test_every_answer_is_shielded_refusals_included(web: Web, li: Signed) -> None:
    answers = [
        web.http.get("/queue", headers=li.cookie),
        web.http.get("/queue", headers=PAGE),
        web.http.get("/queue"),
        web.http.post("/login", headers={"origin": EVIL}),
        web.http.get("/login"),
        web.http.get("/assets/none.css"),
        web.http.delete("/healthz"),
        web.http.get("/broken", headers=li.cookie),
    ]

    assert [answer.status_code for answer in answers] == [200, 303, 401, 403, 200, 404, 405, 500]
    for answer in answers:
        assert {name: answer.headers[name] for name in SHIELD} == SHIELD
        assert answer.headers["content-security-policy"] == frame.policy()


def test_the_policy_allows_no_script_but_ours_and_the_one_in_streamlits_page() -> None:
    (directive,) = re.findall(r"script-src ([^;]*)", frame.policy())

    assert re.fullmatch(r"'self' 'sha256-[A-Za-z0-9+/]{43}='", directive)
    assert "frame-ancestors 'none'" in frame.policy()
    assert frame.page("zh").count("<script>") == 1


def test_behind_https_every_cookie_is_secure_and_ours_is_bound_to_the_host(
    web: Web, li: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHENBAO_PUBLIC_URL", "https://shenbao.example.cn")
    settings.cache_clear()
    cookie = {"cookie": f"__Host-shenbao={li.token}"}

    answer = web.http.get("/queue", headers=cookie)

    assert answer.json() == {"x-shenbao-sid": li.sid}
    assert answer.headers["set-cookie"].endswith("; Secure")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert web.http.get("/queue", headers=li.cookie).status_code == HTTPStatus.UNAUTHORIZED
    assert web.refusal({**cookie, "origin": SITE}) == HTTPStatus.FORBIDDEN


def test_without_a_database_people_are_told_so_and_the_process_still_lives(
    web: Web, li: Signed, tmp_path: Path
) -> None:
    connect(f"sqlite:///{tmp_path}")

    busy = web.http.get("/queue", headers=li.cookie)
    ready = web.http.get("/readyz", headers=li.cookie)

    assert (busy.status_code, busy.json()) == (503, {"code": "database_unreachable"})
    assert (ready.status_code, ready.json()["trouble"]) == (503, ["database_unreachable"])
    assert web.http.get("/healthz").json() == {"status": "ok"}


@pytest.mark.usefixtures("li")
def test_readiness_tells_schema_sweeps_and_disk(web: Web) -> None:
    answer = web.http.get("/readyz")

    found = answer.json()
    assert answer.status_code == HTTPStatus.OK
    assert found.pop("disk_free_mb") > 0
    assert re.fullmatch(r"\d{4}", found["schema"])
    assert found.pop("schema") == found.pop("schema_wanted")
    assert found == {"ready": True, "trouble": [], "sweep_age_seconds": None, "sweeps_late": True,
                     "letter_overdue_seconds": 0, "set_aside": 0, "calendar": None}  # fmt: skip


def test_a_missing_file_and_a_foreign_one_are_refused_in_the_same_words(
    web: Web, li: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = web.http.get("/files/0123", headers=li.cookie)

    def foreign(_actor: object, attachment_id: str) -> Any:
        raise NotFoundError("foreign", id=attachment_id)

    monkeypatch.setattr(attachments, "read", foreign)
    assert [(a.status_code, a.content) for a in (missing, web.http.get("/files/1", headers=li.cookie))] == [
        (404, b'{"code":"not_found"}')
    ] * 2


def test_a_file_is_saved_not_shown_whatever_it_holds_and_is_called(
    web: Web, li: Signed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bytes").write_bytes(b"<script>alert(1)</script>")
    row = Attachment(
        id="1", application_id="1", slot="proof", filename='../../a"b<证明>\r\n.html', size=25,
        media_type="text/html", sha256="", account_id="1", at=NOON,
    )  # fmt: skip
    monkeypatch.setattr(attachments, "read", lambda _actor, _id: (row, tmp_path / "bytes"))

    answer = web.http.get("/files/1", headers=li.cookie)

    assert answer.content == b"<script>alert(1)</script>"
    assert answer.headers["content-disposition"] == ("attachment; filename*=UTF-8''a%22b%3C%E8%AF%81%E6%98%8E%3E.html")
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize(
    ("media_type", "begins", "frames"),
    [("application/pdf", "inline; ", "SAMEORIGIN"), ("image/png", "inline; ", "SAMEORIGIN"),
     ("text/html", "attachment; ", "DENY"), ("image/svg+xml", "attachment; ", "DENY")],
)  # fmt: skip
def test_only_pictures_and_documents_are_shown_beside_a_case_and_framed_by_our_own_pages(
    web: Web, li: Signed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, media_type: str, begins: str, frames: str
) -> None:
    (tmp_path / "bytes").write_bytes(b"%PDF-")
    row = Attachment(id="1", application_id="1", slot="proof", filename="证明", size=5, media_type=media_type,
                     sha256="", account_id="1", at=NOON)  # fmt: skip
    monkeypatch.setattr(attachments, "read", lambda _actor, _id: (row, tmp_path / "bytes"))

    answer = web.http.get("/files/1?beside", headers=li.cookie)

    assert answer.headers["content-disposition"].startswith(begins)
    assert answer.headers["x-frame-options"] == frames
    assert answer.headers["content-security-policy"].startswith(("default-src 'none'; ", "sandbox; default-src 'none'"))
    assert ("frame-ancestors 'self'" in answer.headers["content-security-policy"]) is (frames == "SAMEORIGIN")
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("..\\..\\windows\\secret.pdf", "secret.pdf"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("\x00\n", "file"),
        ("..", "file"),
        ("证" * 60 + ".pdf", "证" * 38 + ".pdf"),
    ],
)
def test_a_name_is_made_plain(given: str, kept: str) -> None:
    assert files.plain(given) == kept


def test_streamlit_knows_every_setting_that_we_depend_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHENBAO_PUBLIC_URL", "https://shenbao.example.cn")
    settings.cache_clear()
    chosen = serve.config("127.0.0.1", 8600)

    # App.run refuses an unknown or sensitive setting before it opens its port.
    script = (
        "import json, sys; from streamlit import config; from streamlit.web import bootstrap\n"
        "bootstrap.load_config_options(given := json.loads(sys.stdin.read()))\n"
        "print(json.dumps({k: config.get_option(k) for k in given}))"
    )
    known = ran(script, json.dumps(chosen))

    assert known == {**chosen, "server.trustedUserHeaders": {"x-shenbao-sid": "sid"}}
    assert (chosen["runner.postScriptGC"], chosen["server.fileWatcherType"]) == (False, "none")
    assert chosen["server.allowedHosts"] == ["shenbao.example.cn", "127.0.0.1", "localhost"]


def test_once_warm_the_collector_no_longer_walks_what_lasts() -> None:
    async def frozen() -> int:
        async with server.lifespan(server.make()):
            return gc.get_freeze_count()

    try:
        assert anyio.run(frozen) > 10_000
    finally:
        gc.unfreeze()


def test_the_process_of_the_web_face_never_imports_prefect() -> None:
    script = (
        "import importlib, json, sys; from streamlit.testing.v1 import AppTest\n"
        "from ui import serve, server\n"
        "server.make()\n"
        "for name in server.WARM: importlib.import_module(name)\n"
        "AppTest.from_file('ui/app.py').run(timeout=30)\n"
        "print(json.dumps(sorted(m for m in sys.modules if m.split('.')[0] == 'prefect')))"
    )

    assert ran(script) == []


def test_numbers_for_alarms_are_there_for_who_brings_the_token(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = web.http.get("/metrics")
    monkeypatch.setenv("SHENBAO_METRICS_TOKEN", "a-long-token")
    settings.cache_clear()
    wrong = web.http.get("/metrics", headers={"authorization": "Bearer another"})
    right = web.http.get("/metrics", headers={"authorization": "Bearer a-long-token"})

    assert (closed.status_code, wrong.status_code, right.status_code) == (404, 404, 200)
    assert "shenbao_up 1.0" in right.text
    assert "shenbao_cases_waiting 0.0" in right.text
    assert "shenbao_sign_ins_refused" in right.text
    assert "@" not in right.text
