"""Whether the clocks run: told on a page of its own, on every administrator's page when they do not, and by alarms."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import streamlit as st

from models import clock
from models.database import connect
from models.errors import ForbiddenError
from models.secret import alarm_key
from models.settings import settings
from models.words_clocks import step_words
from tests import living
from tests.living import Living
from tests.ui.pages import opened, texts
from tests.ui.trees import until
from tests.ui.web import Web, serving
from tests.worlds import rows
from ui import alarms, outpost
from workflows.clocks import sweep as sweeping
from workflows.clocks.runs import note_run
from workflows.clocks.sweep import sweep
from workflows.clocks.turns import seal
from workflows.queries import machinery

_ALARMS = "SELECT count(*) FROM letter WHERE template = 'clock_alarm'"


@pytest.fixture(autouse=True)
def _asked_anew() -> None:
    st.cache_data.clear()


@pytest.fixture
def there(database: str) -> Living:
    """Answer a round that is open today."""
    return living.living()


@pytest.fixture
def web(there: Living) -> Iterator[Web]:
    with serving() as here:
        yield here


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """This web face has run for an hour."""
    monkeypatch.setattr(alarms, "_BORN", time.monotonic() - 3600)


@pytest.fixture
def prefect(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, Any]]]:
    """A stand-in for Prefect's API with one late run and two failed ones: what it was asked."""
    heard: list[tuple[str, Any]] = []

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            heard.append((self.path, self.headers["authorization"]))
            states = ["COMPLETED", "FAILED", "RUNNING", "CRASHED"]
            answer = 1 if self.path.endswith("/count") else [{"state_type": state} for state in states][: body["limit"]]
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_args: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Door) as door:
        thread = Thread(target=door.serve_forever)
        thread.start()
        monkeypatch.setenv("SHENBAO_PREFECT_PORT", str(door.server_port))
        monkeypatch.delenv("PREFECT_API_URL", raising=False)
        settings.cache_clear()
        yield heard
        door.shutdown()
        thread.join()


def _ring(web: Web, body: Any, **headers: str) -> tuple[int, Any]:
    given = {"authorization": f"Bearer {alarm_key()}", **headers}
    answer = web.http.post("/internal/alarm", json=body, headers=given)
    is_json = answer.headers["content-type"] == "application/json"
    return answer.status_code, answer.json() if is_json else answer.text


def test_an_alarm_with_the_key_reaches_the_keepers_and_leaves_at_once(web: Web, settled: None) -> None:
    said = [_ring(web, {"alarm": "no_sweep"}), _ring(web, {"alarm": "no_sweep"}),
            _ring(web, {"alarm": "lost_worker", "run": "letters 11-21 09:00"})]  # fmt: skip

    assert said == [(202, {"told": 1}), (202, {"told": 0}), (202, {"told": 1})]
    # They are carried after the answer.
    until(lambda: rows(f"{_ALARMS} AND sent_at IS NOT NULL") == [(2,)])


def test_who_brings_no_key_or_comes_through_a_proxy_finds_no_such_page(web: Web, settled: None) -> None:
    body = {"alarm": "no_sweep"}

    said = [
        _ring(web, body, authorization="Bearer wrong"),
        _ring(web, body, authorization=""),
        _ring(web, body, **{"x-forwarded-for": "203.0.113.9"}),
        _ring(web, body, **{"X-Real-IP": "203.0.113.9"}),
    ]

    assert said == [(404, "not found\n")] * 4
    assert rows(_ALARMS) == [(0,)]


@pytest.mark.parametrize("body", [{}, {"alarm": "fire"}, ["no_sweep"], "no_sweep", None])
def test_what_is_no_alarm_is_refused(web: Web, body: Any) -> None:
    assert _ring(web, body) == (422, {"code": "unknown_alarm"})


def test_prefect_s_alarm_counts_only_when_our_own_tables_agree(web: Web, settled: None) -> None:
    sweep()

    assert _ring(web, {"alarm": "no_sweep"}) == (202, {"told": 0})


def test_a_face_that_has_just_started_gives_the_clocks_the_time_to_sweep(web: Web) -> None:
    assert _ring(web, {"alarm": "no_sweep"}) == (202, {"told": 0})


def test_the_key_is_the_setting_s_or_one_made_once_for_this_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    made = alarm_key()
    again = alarm_key()
    mode = (settings().data_dir / "alarm.key").stat().st_mode & 0o777
    monkeypatch.setenv("SHENBAO_ALARM_TOKEN", "given")
    settings.cache_clear()

    assert (made == again, len(made), mode, alarm_key()) == (True, 64, 0o600, "given")


def test_the_face_s_own_look_sounds_the_alarm_without_prefect(there: Living) -> None:
    alarms.look()
    alarms.look()

    assert rows("SELECT count(*) FROM letter WHERE template = 'clock_alarm' AND sent_at IS NOT NULL") == [(1,)]


def test_a_look_without_a_database_fails_nobody(there: Living, tmp_path: Path) -> None:
    connect(f"sqlite:///{tmp_path}")
    alarms.look()
    connect()

    assert rows(_ALARMS) == [(0,)]


def test_the_page_tells_each_clock_s_last_run_and_who_is_late(there: Living, prefect: list[Any]) -> None:
    now = clock.now()
    for minutes in (15, 3):
        with clock.at(now - timedelta(minutes=minutes)):
            note_run("sweep", clock.now(), {"lapsed": 2, "reminders": 0})
    seal()

    states = {one.kind: (one.late, one.last and one.last.counts) for one in
              machinery.clocks(there.administrator, root="330000")}  # fmt: skip
    shown = opened("admin_clocks", there.administrator)

    assert states["sweep"] == (False, {"lapsed": 2})
    assert (states["letters"], states["doctor"]) == ((True, None), (False, None))
    assert states["checkpoint"][0] is False
    assert "未按时运行：信件投递。" in texts(shown, "error")[0].replace("\\", "")
    table = shown.dataframe[0].value
    assert list(table["任务"]) == ["到期巡检", "信件投递", "日志检查点", "夜间体检"]
    assert table["做了什么"][0] == "逾期失效 2"
    assert [(one.label, one.value) for one in shown.metric] == [
        ("正在运行", "1"), ("迟到", "1"), ("最近50次中失败", "2"),
    ]  # fmt: skip
    assert {path for path, _ in prefect} == {"/api/flow_runs/count", "/api/flow_runs/filter"}


def test_the_first_night_is_awaited_from_the_first_checkpoint_on(there: Living) -> None:
    now = clock.now()
    with clock.at(now - timedelta(days=60)):
        note_run("sweep", clock.now(), {"lapsed": 1})
    late = []
    for days in (0, 2):
        with clock.at(now - timedelta(days=days)):
            seal()
        late.append({one.kind: one.late for one in machinery.clocks(there.administrator, root="330000")}["doctor"])

    assert late == [False, True]


def test_the_page_stands_when_prefect_does_not_answer(there: Living, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHENBAO_PREFECT_PORT", "9")
    settings.cache_clear()
    outpost_answer = outpost.ask()
    shown = opened("admin_clocks", there.administrator)

    assert outpost_answer is None
    assert any("Prefect 现在没有应答" in said for said in texts(shown, "warning"))


def test_alarms_of_the_week_are_on_the_page(there: Living, prefect: list[Any]) -> None:
    alarms.look()
    shown = opened("admin_clocks", there.administrator)

    assert [list(frame.value["报警"]) for frame in shown.dataframe if "报警" in frame.value] == [["巡检久未完成"]]


def test_a_secret_for_prefect_is_brought_along(prefect: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", "admin:pass")

    assert outpost.ask() == outpost.Said(1, 1, 2)
    assert {secret for _, secret in prefect} == {"Basic YWRtaW46cGFzcw=="}


def test_the_link_goes_where_the_installation_says(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = outpost.page()
    monkeypatch.setenv("SHENBAO_PREFECT_PUBLIC_URL", "https://prefect.example.cn")
    settings.cache_clear()

    assert (usual, outpost.page()) == ("http://127.0.0.1:8601", "https://prefect.example.cn")


def test_every_page_of_an_administrator_warns_while_no_sweep_completes(there: Living, settled: None) -> None:
    before = texts(opened("admin_rounds", there.administrator), "warning")
    others = texts(opened("review_queue", there.county), "warning")
    sweep()
    after = texts(opened("admin_rounds", there.administrator), "warning")

    assert [said for said in before if said.startswith("定时任务没有在运行")] != []
    assert [said for said in [*others, *after] if said.startswith("定时任务没有在运行")] == []


def test_only_an_administrator_is_told_of_the_clocks(there: Living) -> None:
    for ask in (machinery.clocks, machinery.alarms):
        with pytest.raises(ForbiddenError):
            ask(there.county, root="330106")


def test_everything_that_a_run_counts_has_words() -> None:
    steps = [*sweeping._STEPS, "set_aside"]  # noqa: SLF001 -- the list itself is what is tested

    assert [step for step in steps if step_words(step) == (step, step)] == []
