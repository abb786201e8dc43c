"""JSON under /api/v1: the same questions and verbs, for a program with a token."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from starlette.datastructures import Headers

from models.settings import settings
from tests import living
from tests.factories import PASSWORD
from tests.living import Living, submitted
from tests.ui.web import SITE, Web, serving
from tests.worlds import rows
from ui import upload_quota
from workflows import table
from workflows.people import sessions
from workflows.people.tokens import make_token
from workflows.record.acting import Actor


@pytest.fixture
def there(database: str) -> Living:
    """Answer a round that is open today."""
    assert database
    return living.living()


@pytest.fixture
def web(there: Living) -> Iterator[Web]:
    """Yield the site over it."""
    assert there
    with serving() as site:
        yield site


def headers(who: Actor, *scopes: str, **more: str) -> dict[str, str]:
    """What a program of somebody sends along."""
    made = make_token(who, name="程序", scopes=list(scopes) or ["ask", "do"])
    return {"authorization": f"Bearer {made.token}", **more}


def told(answer: httpx.Response) -> tuple[int, str, dict[str, Any]]:
    """A problem: status, code and details."""
    assert answer.headers["content-type"] == "application/problem+json"
    found = answer.json()
    assert (found["status"], found["type"]) == (answer.status_code, f"urn:shenbao:problem:{found['code']}")
    return answer.status_code, found["code"], found["details"]


def test_a_question_answers_what_the_page_shows(web: Web, there: Living) -> None:
    row = submitted(there)

    answer = web.http.get("/api/v1/ask/queue", params={"desk": "330106"}, headers=headers(there.county))

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert row.id in answer.text


def test_an_argument_that_is_a_list_or_object_is_json(web: Web, there: Living) -> None:
    row = submitted(there)
    asked = {"verb": "check", "arguments": json.dumps({"application_id": row.id, "seen": row.version})}

    answer = web.http.get("/api/v1/ask/plan", params=asked, headers=headers(there.county))

    assert [step["act"] for step in answer.json()["steps"]] == ["check"]


def test_a_dry_run_tells_and_does_nothing(web: Web, there: Living) -> None:
    row, given = submitted(there), headers(there.county)
    body = {"application_id": row.id, "seen": row.version}

    dry = web.http.post("/api/v1/do/check", params={"dry_run": "true"}, json=body, headers=given)
    kept = rows("SELECT version FROM application")
    done = web.http.post("/api/v1/do/check", json=body, headers=given)

    assert ([step["act"] for step in dry.json()["steps"]], kept) == (["check"], [(row.version,)])
    assert (done.status_code, done.json()["id"], done.json()["checked"]) == (200, row.id, True)


def test_the_same_key_acts_once_and_is_answered_twice(web: Web, there: Living) -> None:
    row = submitted(there)
    given = headers(there.county, **{"idempotency-key": "a-click"})
    body = {"application_id": row.id, "seen": row.version}

    answers = [web.http.post("/api/v1/do/check", json=body, headers=given) for _ in range(2)]

    assert [(a.status_code, a.json()["version"]) for a in answers] == [(200, row.version + 1)] * 2


def test_a_plan_is_no_way_round_what_a_token_does_not_name(web: Web, there: Living) -> None:
    body = {"rows": [{"cases": "0" * 32, "act": "seal"}], "skip": True}
    narrow, wide = headers(there.county, "do", "do:apply"), headers(there.county, "do:apply", "do:seal")

    refusals = [
        web.http.post("/api/v1/do/apply", params={"dry_run": dry}, json=body, headers=narrow)
        for dry in ("false", "true")
    ]

    assert [told(one) for one in refusals] == [(403, "token_scope", {"scope": "do:seal"})] * 2
    assert told(web.http.post("/api/v1/do/apply", json=body, headers=wide))[1] == "plan_impossible"


def test_a_program_with_an_old_token_shuts_nobody_out_of_signing_in(web: Web, there: Living) -> None:
    for n in range(40):
        web.http.get("/api/v1/ask/queue", headers={"authorization": f"Bearer {n}"})

    assert sessions.sign_in(there.county.email, PASSWORD, "127.0.0.1")


def test_a_key_where_none_is_kept_is_refused(web: Web, there: Living) -> None:
    given = headers(there.administrator, "do", **{"idempotency-key": "k"})

    answer = web.http.post("/api/v1/do/drop-way", json={"way_id": "x"}, headers=given)

    assert told(answer) == (422, "no_click_key", {"verb": "drop-way"})


def test_a_file_comes_in_base64(web: Web, there: Living) -> None:
    row, given = submitted(there), headers(there.clerks[0])
    body = {"application_id": row.id, "seen": row.version, "slot": "honour_proof", "filename": "a.png"}

    wrong = web.http.post("/api/v1/do/attach", json={**body, "content": "！"}, headers=given)
    right = web.http.post("/api/v1/do/attach", json={**body, "content": base64.b64encode(b"x").decode()}, headers=given)

    assert told(wrong) == (422, "not_base64", {"field": "content"})
    assert told(right)[1] != "not_base64"


def test_files_of_programs_count_with_those_of_their_owners_pages(
    web: Web, there: Living, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, given = submitted(there), headers(there.clerks[0], "do", **{"accept-language": "en"})
    other = headers(there.clerks[1], "do")
    monkeypatch.setattr(settings(), "uploads_an_hour", 2)
    body = {"application_id": row.id, "seen": row.version, "slot": "honour_proof", "filename": "a.png", "content": "eA"}
    upload_quota.charge(there.clerks[0].id, Headers({"content-length": "1"}))

    answers = [web.http.post("/api/v1/do/attach", json=body, headers=given) for _ in range(2)]
    dry = web.http.post("/api/v1/do/attach", params={"dry_run": "true"}, json=body, headers=given)
    others = [web.http.post("/api/v1/do/attach", json=body, headers=other),
              web.http.post("/api/v1/do/check", json={"application_id": row.id, "seen": 1}, headers=given)]  # fmt: skip

    assert told(answers[0])[:2] == (422, "not_base64")
    for refused in (answers[1], dry):
        status, code, details = told(refused)
        assert (status, code, refused.headers["retry-after"]) == (429, "uploads_spent", str(details["seconds"]))
        assert 0 < details["seconds"] <= 3600
        assert refused.json()["title"].startswith("Too much was uploaded within an hour.")
    assert "uploads_spent" not in [told(one)[1] for one in others]


def test_the_megabytes_of_a_program_are_counted_as_the_file_and_before_they_are_read(
    web: Web, there: Living, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = headers(there.clerks[0])
    monkeypatch.setattr(settings(), "max_upload_mb", 3)
    monkeypatch.setattr(settings(), "upload_mb_an_hour", 7)
    three = b" " * (4 * 2**20)  # what three megabytes are in base64

    answers = [web.http.post("/api/v1/do/attach", content=three * n, headers=given) for n in (2, 1, 1, 1)]

    assert [told(one)[:2] for one in answers] == [
        (413, "upload_too_long"), (422, "body_unreadable"), (422, "body_unreadable"), (429, "uploads_spent"),
    ]  # fmt: skip


@pytest.mark.parametrize("sent", [{}, {"authorization": "Bearer sbt_x"}, {"authorization": "Basic eDp4"}])
def test_without_a_good_token_there_is_nothing(web: Web, sent: dict[str, str]) -> None:
    for answer in (web.http.get("/api/v1/ask/queue", headers=sent), web.http.post("/api/v1/do/check", headers=sent)):
        assert told(answer) == (401, "token_refused", {})
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_token_reaches_no_further_than_it_was_given(web: Web, there: Living) -> None:
    given = headers(there.county, "ask:queue")

    asked = web.http.get("/api/v1/ask/letters", params={"root": "330000"}, headers=given)
    done = web.http.post("/api/v1/do/make-token", json={"name": "x", "scopes": ["do"]}, headers=given)

    assert told(asked) == (403, "token_scope", {"scope": "ask:letters"})
    assert told(done) == (403, "token_scope", {"scope": "do:make-token"})


def test_a_token_does_no_more_than_its_owner_may(web: Web, there: Living) -> None:
    row = submitted(there)

    answer = web.http.post(
        "/api/v1/do/check", json={"application_id": row.id, "seen": row.version}, headers=headers(there.clerks[1])
    )

    assert told(answer)[:2] == (404, "not_found")


@pytest.mark.parametrize(("method", "path", "expected"), [
    ("POST", "/api/v1/ask/queue", (405, "wrong_method", {"allowed": "GET"})),
    ("DELETE", "/api/v1/do/check", (405, "wrong_method", {"allowed": "POST"})),
    ("GET", "/api/v1/nothing", (404, "no_such_page", {})),
    ("GET", "/api/v2/ask/queue", (404, "no_such_page", {})),
])  # fmt: skip
def test_an_address_that_is_none_says_so(
    web: Web, there: Living, method: str, path: str, expected: tuple[int, str, dict[str, Any]]
) -> None:
    assert told(web.http.request(method, path, headers=headers(there.county))) == expected


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b"1", b"[" * 5000])
def test_a_body_that_is_no_object_is_told(web: Web, there: Living, body: bytes) -> None:
    answer = web.http.post("/api/v1/do/check", content=body, headers=headers(there.county))

    assert told(answer) == (422, "body_unreadable", {})


def test_a_body_is_not_read_before_it_is_known_who_sends_it(
    web: Web, there: Living, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "max_upload_mb", 1)
    body = b" " * (2 * 2**20 + 1)

    stranger = web.http.post("/api/v1/do/check", content=body)
    narrow = web.http.post("/api/v1/do/check", content=body, headers=headers(there.county, "ask"))

    assert (told(stranger)[0], told(narrow)[0]) == (401, 403)


def test_a_body_of_any_length_is_not_taken(web: Web, there: Living, monkeypatch: pytest.MonkeyPatch) -> None:
    given = headers(there.county)
    monkeypatch.setattr(settings(), "max_upload_mb", 1)

    answer = web.http.post("/api/v1/do/check", content=b" " * (2 * 2**20 + 1), headers=given)

    assert told(answer) == (413, "body_too_long", {"most": 2})


def test_a_refusal_is_a_sentence_in_the_language_asked_for(web: Web, there: Living) -> None:
    given = headers(there.county)

    zh = web.http.get("/api/v1/ask/quee", headers=given).json()
    en = web.http.get("/api/v1/ask/quee", headers={**given, "accept-language": "en-GB,en;q=0.9"}).json()

    assert (zh["code"], zh["details"]["near"], en["details"]["near"]) == ("unknown_question", "queue", "queue")
    assert "queue" in zh["title"]
    assert zh["title"] != en["title"]


def test_a_browser_on_another_site_can_send_nothing(web: Web, there: Living) -> None:
    answer = web.http.post("/api/v1/do/check", headers=headers(there.county, origin="https://evil.example"))

    assert answer.status_code == 403


def test_who_is_signed_in_in_the_browser_is_nobody_here(web: Web, there: Living) -> None:
    answer = web.http.get("/api/v1/ask/queue", headers={"cookie": "shenbao=x", "origin": SITE})

    assert told(answer)[:2] == (401, "token_refused")


def test_many_wrong_tokens_from_one_place_have_to_wait(web: Web) -> None:
    answers = [web.http.get("/api/v1/ask/queue", headers={"authorization": f"Bearer {n}"}) for n in range(11)]

    assert [a.status_code for a in answers] == [401] * 10 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0


def test_the_document_names_every_verb_and_question(web: Web) -> None:
    answer = web.http.get("/api/v1/openapi.json")

    known = table.catalogue()
    verbs = {f"/do/{name}" for name in known["do"] if name != "make-token"}
    assert (answer.status_code, answer.json()["openapi"]) == (200, "3.1.0")
    assert set(answer.json()["paths"]) == verbs | {f"/ask/{name}" for name in known["ask"]}
