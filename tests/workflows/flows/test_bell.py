"""What Prefect notices about the clocks reaches our web face, with the key that lets it in."""

import json
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from prefect.client.orchestration import PrefectClient
from prefect.events import emit_event
from prefect.states import Running

from models.secret import alarm_key
from models.settings import settings
from tests.ui.trees import until
from workflows.clocks import alarms, readiness
from workflows.flows import upkeep
from workflows.flows.clocks import Clock, clocks, journal_checkpoint

pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
Ask = Callable[[Callable[[PrefectClient], Awaitable[Any]]], Any]
Rung = list[tuple[str, str | None, Any]]


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> Iterator[Rung]:
    """What came in where the web face listens: path, authorization, body."""
    heard: Rung = []

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            heard.append((self.path, self.headers["authorization"], body))
            self.send_response(202)
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Door) as door:
        thread = Thread(target=door.serve_forever)
        thread.start()
        monkeypatch.setenv("SHENBAO_WEB_PORT", str(door.server_port))
        settings.cache_clear()
        yield heard
        door.shutdown()
        thread.join()


def test_every_clock_is_known_to_the_alarms_by_the_name_that_its_runs_bear(database: str) -> None:
    assert {one.flow.name for one in clocks()} == set(alarms.CLOCKS)


def test_both_alarms_of_prefect_ring_at_the_web_face(ask: Ask, rung: Rung, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "silence", lambda: timedelta(seconds=10))
    monkeypatch.setattr(upkeep, "HEARTBEAT", timedelta(seconds=4))

    async def lost(client: PrefectClient) -> Any:
        await upkeep.guard(client)
        deployment = await upkeep.deploy(Clock(journal_checkpoint, timedelta(days=300)))
        run = await client.create_flow_run_from_deployment(deployment)
        await client.set_flow_run_state(run.id, Running(), force=True)
        emit_event("prefect.flow-run.heartbeat", {"prefect.resource.id": f"prefect.flow-run.{run.id}"})
        return run

    run = ask(lost)
    until(lambda: {body["alarm"] for _, _, body in rung} >= {"no_sweep", "lost_worker"}, 150)

    assert {(path, key) for path, key, _ in rung} == {("/internal/alarm", f"Bearer {alarm_key()}")}
    assert [body for _, _, body in rung if body["alarm"] == "lost_worker"] == [
        {"alarm": "lost_worker", "run": run.name}
    ]
    assert ask(lambda client: client.read_flow_run(run.id)).state_name == "Crashed"
    ask(_forgotten)


async def _forgotten(client: PrefectClient) -> None:
    for automation in await client.read_automations():
        await client.delete_automation(automation.id)


def test_the_bell_rings_where_the_web_face_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    said = []
    for host in ("127.0.0.1", "0.0.0.0", "::", "10.1.2.3"):  # noqa: S104 -- as an administrator may set it
        monkeypatch.setenv("SHENBAO_WEB_HOST", host)
        settings.cache_clear()
        said.append(upkeep.web_address())

    assert said == ["http://127.0.0.1:8600", "http://127.0.0.1:8600", "http://[::1]:8600", "http://10.1.2.3:8600"]
