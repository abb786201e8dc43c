"""The log: who did what to which thing by their ids, one JSON line each, and never anybody's data."""

import json
import logging
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
import structlog

from models import clock, logs
from models.errors import InputError, RefusedError, ShenbaoError, SignedOutError
from models.vocabulary import CarrierKind, Ground, Role
from tests.factories import PASSWORD
from tests.people import an_account
from tests.ui.web import Web, serving
from tests.worlds import COUNTY, NOW, World, in_notice, rows, submitted
from workflows.clocks import alarms
from workflows.clocks.sweep import sweep
from workflows.desk.reviews import check
from workflows.hearing.objections import object_to
from workflows.people import passwords, sessions
from workflows.people.accounts import open_account
from workflows.post.carriers import deliver
from workflows.post.preferences import add_way
from workflows.record.foreseeing import plan

CANARIES = {
    "objector": "金丝雀一号", "contact": "13912345678", "words": "材料不实金丝雀", "topics": "课题金丝雀",
    "email": "canary@example.org", "password": "Canary-2026-Pass!", "query": "q=canary-query",
}  # fmt: skip
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def out() -> Iterator[StringIO]:
    """What this process writes into its log, configured as a web face does."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, levels = root.handlers[:], {name: logging.getLogger(name).level for name in ("", *logs.OURS)}
    written = StringIO()
    logs.configure("web", written)
    yield written
    root.handlers = handlers
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    structlog.configure(**before)


@pytest.fixture
def lines(out: StringIO) -> Lines:
    """The lines so far, without the moments and durations that no test can know."""
    never = ("timestamp", "ms")
    return lambda: [
        {k: v for k, v in json.loads(line).items() if k not in never} for line in out.getvalue().splitlines()
    ]


def _verbs(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [line for line in told if line["event"] == "verb"]


def test_a_verb_is_told_by_ids_and_its_name(world: World, lines: Lines) -> None:
    with clock.at(NOW):
        row = submitted(world)

    assert _verbs(lines())[-1] == {
        "face": "web", "event": "verb", "level": "info", "verb": "submit", "actor": world.clerks[0].id,
        "things": [row.id], "outcome": "done",
    }  # fmt: skip


def test_a_password_that_looks_like_an_id_is_in_no_line(world: World, lines: Lines, out: StringIO) -> None:
    secret = "0123456789abcdef" * 2

    open_account(world.admin, email="x@example.cn", name="甲", organization_code=COUNTY, role=Role.REVIEWER,
                 password=secret)  # fmt: skip
    with pytest.raises(InputError):
        add_way(world.county, kind=CarrierKind.FEISHU, name="群", address=secret)

    assert [(line["verb"], line["things"]) for line in lines() if line["event"] == "verb"] == [
        ("open-account", []), ("add-way", []),
    ]  # fmt: skip
    assert secret not in out.getvalue()


def test_a_refusal_is_told_by_its_code_at_the_level_of_every_day(world: World, lines: Lines) -> None:
    with clock.at(NOW):
        row = submitted(world)
        with pytest.raises(ShenbaoError):
            check(world.city, row.id, seen=row.version)

    told = _verbs(lines())[-1]
    assert (told["verb"], told["actor"], told["things"], told["level"]) == ("check", world.city.id, [row.id], "info")
    assert told["outcome"] in {"not_your_desk", "not_found"}


def test_what_a_verb_calls_is_a_part_of_its_line_and_a_dry_run_too(world: World, lines: Lines) -> None:
    with clock.at(NOW):
        row = submitted(world)
        before = len(_verbs(lines()))
        plan(world.county, verb="check", arguments={"application_id": row.id, "seen": row.version})

    assert len(_verbs(lines())) - before <= 1


def test_without_a_log_no_line_is_put_together(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "ids", lambda _values: pytest.fail("a line for nobody"))
    with clock.at(NOW):
        submitted(world)


def test_an_error_is_told_by_where_it_arose_and_never_by_what_it_was_about(out: StringIO, lines: Lines) -> None:
    def deep() -> None:
        message = f"cannot read {CANARIES['contact']}"
        raise ValueError(message)

    try:
        try:
            deep()
        except ValueError as error:
            raise RefusedError("quota_used", name=CANARIES["objector"]) from error
    except RefusedError as error:
        structlog.get_logger("ui").error("page_failed", reference="01", exc_info=error)

    (line,) = lines()
    assert (line["error"], line["code"], line["cause"]["error"]) == ("RefusedError", "quota_used", "ValueError")
    assert line["cause"]["at"][-1].endswith(" deep")
    assert not any(canary in out.getvalue() for canary in CANARIES.values())


def test_a_library_s_warning_is_told_as_its_source_has_it(out: StringIO, lines: Lines) -> None:
    logging.getLogger("some.library").warning("cannot parse %r", CANARIES["contact"])
    logging.getLogger("some.library").info("read %s", CANARIES["contact"])
    logging.getLogger("shenbao.clocks").info("%s: %s", "letters", "sent: 2")

    assert [(line["event"], line["logger"]) for line in lines()] == [
        ("cannot parse %r", "some.library"), ("letters: sent: 2", "shenbao.clocks"),
    ]  # fmt: skip


def test_a_log_that_cannot_be_written_stops_nobody(
    world: World, out: StringIO, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_text: str) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(out, "write", full)
    with clock.at(NOW):
        assert submitted(world).receipt

    assert capsys.readouterr() == ("", "")


@pytest.fixture
def web(database: str) -> Iterator[Web]:
    with serving() as there:
        yield there


def test_every_answer_names_its_request_and_keeps_a_name_that_was_given(web: Web, lines: Lines) -> None:
    given = web.http.get("/notices", headers={"X-Request-Id": "nginx-0123456789"})
    made = [web.http.get("/notices").headers["x-request-id"] for _ in range(2)]
    odd = web.http.get("/notices", headers={"X-Request-Id": 'a"}\t{"level": "info'})

    assert given.headers["x-request-id"] == "nginx-0123456789"
    assert len({*made, odd.headers["x-request-id"]}) == 3
    told = [line for line in lines() if line["event"] == "request"]
    assert [line["request"] for line in told] == ["nginx-0123456789", *made, odd.headers["x-request-id"]]
    assert told[0] == {"face": "web", "event": "request", "level": "info", "request": "nginx-0123456789",
                       "method": "GET", "path": "/notices", "status": 200}  # fmt: skip


def test_a_request_is_told_with_who_asked_and_without_what_was_typed(web: Web, lines: Lines) -> None:
    who = an_account("li@example.org", password_hash=passwords.hashed(PASSWORD))
    token = sessions.sign_in("li@example.org", PASSWORD, "192.0.2.7")
    web.http.get(f"/queue/{CANARIES['email']}?{CANARIES['query']}", headers={"cookie": f"shenbao={token}"})
    web.http.get("/static/app.js")
    web.http.get("/readyz")

    told = [line for line in lines() if line["event"] == "request"]
    assert [(line["path"], line["actor"]) for line in told] == [("/…/…", who)]


def test_the_lines_of_a_request_carry_its_name(web: Web, lines: Lines) -> None:
    answer = web.http.get("/login", headers={"X-Request-Id": "0123456789abcdef"})
    csrf = answer.text.split('name="csrf" value="')[1].split('"')[0]
    web.http.post("/login", headers={"X-Request-Id": "fedcba9876543210"},
                  data={"csrf": csrf, "email": CANARIES["email"], "password": CANARIES["password"]})  # fmt: skip

    assert [(line["event"], line["request"]) for line in lines()] == [
        ("request", "0123456789abcdef"), ("sign_in_refused", "fedcba9876543210"), ("request", "fedcba9876543210"),
    ]  # fmt: skip


def test_a_round_leaves_no_name_address_or_number_in_the_log(world: World, out: StringIO) -> None:
    with clock.at(NOW):
        ids, notice = in_notice(world, 2)
        object_to(None, notice.id, application_id=ids[0], ground=Ground.DEEDS, words=CANARIES["words"],
                  objector=CANARIES["objector"], contact=CANARIES["contact"], signed=True)  # fmt: skip
        sweep()
        deliver()
        alarms.carry(alarms.lost_worker("letters 03-03 09:00"))
        with pytest.raises(SignedOutError):
            sessions.sign_in(CANARIES["email"], CANARIES["password"], "192.0.2.9")
        with pytest.raises(InputError):
            object_to(None, notice.id, application_id=ids[1], ground=Ground.DEEDS, words="", signed=True,
                      objector=CANARIES["objector"], contact=CANARIES["contact"])  # fmt: skip
    typed = {"words": CANARIES["words"], "contact": CANARIES["contact"]}
    with serving() as web:
        web.http.get(f"/notices/{notice.id}?{CANARIES['query']}")
        web.http.post(f"/notices/{notice.id}/objection", data=typed)

    said = out.getvalue()
    people = [text for row in rows("SELECT name, email FROM account") for text in row]
    forms = [text for (answers,) in rows("SELECT answers FROM application") for text in _texts(answers)]
    assert len(said.splitlines()) > 20
    assert [text for text in {*CANARIES.values(), *people, *forms} if len(text) > 1 and text in said] == []
    assert [line for line in said.splitlines() if not line.isascii() or "@" in line] == []


def _texts(answers: Any) -> list[str]:
    found = json.loads(answers) if isinstance(answers, str) else answers
    return [str(value) for value in found.values() if len(str(value)) > 6]
