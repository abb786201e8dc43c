"""The clocks against a real Prefect server of the pinned versions: imports alone prove nothing."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import httpx
import pytest
from prefect import flow
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterKey,
    DeploymentFilter,
    DeploymentFilterId,
)
from prefect.client.schemas.objects import State
from prefect.settings import PREFECT_API_URL
from prefect.states import Running, Scheduled

from models import clock
from models.clock import now
from models.errors import BusyError
from models.settings import settings
from tests.ui.trees import until
from tests.worlds import NOW, PROVINCE, World, at_county
from workflows.clocks import examining
from workflows.clocks.examining import ask_examination, asked
from workflows.clocks.sweep import sweep
from workflows.flows import clocks as clockwork
from workflows.flows import serve
from workflows.flows.clocks import NOTHING, TAG, Clock, done
from workflows.flows.reporting import OVERDUE, TABLE, report
from workflows.flows.upkeep import deploy, guard, heal
from workflows.queries.examinations import examinations

# Prefect's client leaves sockets to the end of the event loop, and every `ask` has its own loop;
# the clocks have one loop for life, in which the number of open files was seen to stay the same.
pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
Ask = Callable[[Callable[[PrefectClient], Awaitable[Any]]], Any]
struck: list[str] = []


@flow(name="canary")
async def canary() -> State[Any]:
    struck.append("canary")
    return done({"fired": 1, "missed": 0})


@flow(name="broken")
async def broken() -> None:
    struck.append("broken")
    message = "the database is away"
    raise OSError(message)


def test_the_pinned_server_really_schedules_runs(ask: Ask) -> None:
    # SQLAlchemy 2.1 under Prefect 3.8: healthy to look at, and no run, ever.
    deployment = asyncio.run(deploy(Clock(canary, timedelta(minutes=1))))
    chosen = DeploymentFilter(id=DeploymentFilterId(any_=[deployment]))

    runs = until(lambda: ask(lambda it: it.read_flow_runs(deployment_filter=chosen)), 90)

    assert {(run.state_name, *sorted(run.tags)) for run in runs} == {
        ("Scheduled", "auto-scheduled", TAG, f"{TAG}:canary")
    }


def test_the_newest_due_run_does_the_work_of_the_late_ones(ask: Ask) -> None:
    clock = Clock(canary, timedelta(days=300))
    struck.clear()

    async def three_are_due(client: PrefectClient) -> list[tuple[str | None, str]]:
        deployment = await deploy(clock)
        made = [
            await client.create_flow_run_from_deployment(
                deployment, state=Scheduled(scheduled_time=now() - timedelta(minutes=minutes))
            )
            for minutes in (3, 2, 1)
        ]
        await serve.turn(client, clock, deployment)
        await serve.turn(client, clock, deployment)
        runs = [await client.read_flow_run(run.id) for run in made]
        return [(run.state_name, str(run.state and run.state.message)) for run in runs]

    assert ask(three_are_due) == [
        ("Skipped", "a newer run does the same work"),
        ("Skipped", "a newer run does the same work"),
        ("Completed", "fired: 1"),
    ]
    assert struck == ["canary"]


def test_two_runners_at_once_do_a_due_run_once(ask: Ask) -> None:
    clock = Clock(canary, timedelta(days=300))
    struck.clear()

    async def raced(client: PrefectClient) -> str | None:
        deployment = await deploy(clock)
        run = await client.create_flow_run_from_deployment(deployment)
        await asyncio.gather(*(serve.turn(client, clock, deployment) for _ in range(4)))
        return (await client.read_flow_run(run.id)).state_name

    assert (ask(raced), struck) == ("Completed", ["canary"])


def test_a_failing_run_is_shown_as_failed_and_the_clock_goes_on(ask: Ask) -> None:
    clock = Clock(broken, timedelta(days=300))
    struck.clear()

    async def two_turns(client: PrefectClient) -> list[str | None]:
        deployment = await deploy(clock)
        names = []
        for _ in range(2):
            run = await client.create_flow_run_from_deployment(deployment)
            await serve.turn(client, clock, deployment)
            names.append((await client.read_flow_run(run.id)).state_name)
        return names

    assert (ask(two_turns), struck) == (["Failed", "Failed"], ["broken", "broken"])


def test_runs_that_a_killed_runner_left_are_crashed_once(ask: Ask) -> None:
    async def left_behind(client: PrefectClient) -> list[str | None]:
        await heal(client)
        deployment = await deploy(Clock(canary, timedelta(days=300)))
        waiting = await client.create_flow_run_from_deployment(deployment, tags=[TAG])
        stale = await client.create_flow_run_from_deployment(deployment, tags=[TAG])
        await client.set_flow_run_state(stale.id, Running(), force=True)
        counts = [str(await heal(client)), str(await heal(client))]
        runs = [await client.read_flow_run(run.id) for run in (waiting, stale)]
        return counts + [run.state_name for run in runs]

    assert ask(left_behind) == ["1", "0", "Scheduled", "Crashed"]


def test_the_watchdogs_are_posted_once_however_often_one_starts(ask: Ask) -> None:
    async def posted_twice(client: PrefectClient) -> list[tuple[str, bool, Any]]:
        for _ in range(2):
            await guard(client)
        found = await client.read_automations()
        return sorted((it.name, it.enabled, it.trigger.model_dump()["within"]) for it in found)

    assert ask(posted_twice) == [
        ("shenbao: crash runs without a heartbeat", True, timedelta(seconds=180)),
        ("shenbao: no sweep has completed", True, timedelta(seconds=600)),
    ]


def test_a_start_deploys_every_clock_and_lets_those_with_an_interval_strike_at_once(ask: Ask) -> None:
    async def started(client: PrefectClient) -> list[tuple[str, timedelta | str | None, int]]:
        found = []
        for it, deployment in await serve.prepare(only_runner=True):
            due = await client.get_scheduled_flow_runs_for_deployments([deployment], scheduled_before=now())
            found.append((it.flow.name, it.every, len(due)))
        return found

    assert ask(started) == [
        ("deadline-sweep", timedelta(seconds=120), 1),
        ("letters", timedelta(minutes=5), 1),
        ("journal-checkpoint", timedelta(hours=1), 1),
        ("nightly", "30 2 * * *", 0),
        ("examination", None, 0),
    ]


def test_an_examination_that_was_asked_for_calls_one_run_however_often_it_is_looked_at(
    ask: Ask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def looked(client: PrefectClient) -> tuple[int, str | None, str | None]:
        called_for = Clock(clockwork.examination, None)
        deployment = await deploy(called_for)
        chosen = DeploymentFilter(id=DeploymentFilterId(any_=[deployment]))
        await clockwork.call_examiner()
        before = {run.id for run in await client.read_flow_runs(deployment_filter=chosen)}
        ask_examination(world.admin, root=PROVINCE)
        for _ in range(3):
            await clockwork.call_examiner()
        called = [run for run in await client.read_flow_runs(deployment_filter=chosen) if run.id not in before]
        with clock.at(datetime.fromtimestamp((called[0].expected_start_time or now()).timestamp(), UTC)):
            await serve.turn(client, called_for, deployment)
        state = (await client.read_flow_run(called[0].id)).state
        return len(called), state.name if state else None, state.message if state else None

    monkeypatch.setattr(clockwork, "by_itself", at_once)

    assert ask(looked) == (1, "Completed", "examined: 1")
    assert examinations(world.admin, root=PROVINCE).waiting is None


def test_letters_do_not_wait_for_a_server_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    called = []

    class Silent:
        async def __aenter__(self) -> Self:
            return self

        async def __aexit__(self, *_: object) -> None:
            return

        async def read_deployment_by_name(self, name: str) -> None:
            called.append(name)
            await asyncio.Event().wait()

    monkeypatch.setattr(clockwork, "CALL", 0.01)
    monkeypatch.setattr(clockwork, "get_client", Silent)
    monkeypatch.setattr(examining, "call", lambda: "one")

    asyncio.run(clockwork.call_examiner())

    assert called == ["examination/default"]


async def at_once(_module: str) -> dict[str, int] | None:
    """What a process of its own does, done here."""
    return asked()


def test_a_turn_says_what_it_did() -> None:
    assert done({"lapsed": 0}).message == NOTHING
    assert done({"lapsed": 2, "reminded": 0, "opened": 1}).message == "lapsed: 2, opened: 1"


def test_a_shift_looks_again_and_again_though_the_database_is_busy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SHENBAO_LETTER_SECONDS", "1")
    settings.cache_clear()
    batches = [{"sent": 500}, None, {"sent": 2, "retried": 1}]
    looks = []

    def deliver(limit: int) -> dict[str, int]:
        looks.append(limit)
        if len(looks) == len(batches):
            clockwork.closing.set()
        if (batch := batches[len(looks) - 1]) is None:
            raise BusyError("database_busy")
        return batch

    monkeypatch.setattr(clockwork, "deliver", deliver)
    monkeypatch.setattr(examining, "call", lambda: None)
    monkeypatch.setattr(clockwork, "closing", threading.Event())

    state = asyncio.run(clockwork.letters.fn())

    assert (state.message, looks) == ("sent: 502, busy: 1, retried: 1", [500, 500, 500])


def test_what_came_to_be_overdue_is_an_event_with_its_id_and_a_table_of_desks(ask: Ask, world: World) -> None:
    one, other = at_county(world, 2)

    @flow(name="telling")
    async def telling() -> None:
        before = now()
        await report(before, sweep()["deadlines_fired"])

    async def told(client: PrefectClient) -> Any:
        with clock.at(NOW + timedelta(days=60)):
            await telling()
        found = await client.read_artifacts(artifact_filter=ArtifactFilter(key=ArtifactFilterKey(any_=[TABLE])))
        return json.loads(str(found[-1].data))

    assert ask(told) == [
        {"单位 desk": "西湖区总工会", "逾期 overdue": 2, "最早到期 oldest due": "2026-03-11 00:00"},
    ]  # fmt: skip
    seen = until(lambda: _events(OVERDUE, {one, other}), 60)
    assert [(e["payload"]["kind"], [r["prefect.resource.id"] for r in e["related"][:2]]) for e in seen] == [
        ("review", ["shenbao.organization.330106", "shenbao.organization.330000"]),
    ] * 2  # fmt: skip


def _events(name: str, about: set[str]) -> list[dict[str, Any]]:
    """The events of a kind about these applications, once all are there."""
    body = {"filter": {"event": {"name": [name]}}}
    answer = httpx.post(f"{PREFECT_API_URL.value()}/events/filter", json=body).json()
    found = [e for e in answer["events"] if e["resource"]["prefect.resource.id"].rpartition(".")[2] in about]
    return found if len(found) == len(about) else []
