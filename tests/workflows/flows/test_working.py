"""A clock's work under Prefect: alone of its kind, tried again, given up in time, and told without anybody's data."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from prefect import Flow, flow
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterKey,
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
    LogFilter,
    LogFilterFlowRunId,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.sorting import FlowRunSort

from models import clock
from models.errors import BusyError
from models.mutex import alone
from tests.worlds import NOW, World, at_county
from workflows.clocks import progress
from workflows.flows import reporting, working
from workflows.flows.clocks import deadline_sweep
from workflows.flows.working import TAKEN, by_itself, carried_out, done

pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
Ask = Callable[[Callable[[PrefectClient], Awaitable[Any]]], Any]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carried_out, "retry_delay_seconds", [0, 0, 0])


def _end(it: Flow[[], Any]) -> State[Any]:
    async def ended() -> Any:
        return await it(return_state=True)

    state: State[Any] = asyncio.run(ended())
    return state


def _ran(work: Callable[[], dict[str, Any]], **how: Any) -> State[Any]:
    """The end of a run of this work."""

    @flow(name="trial", **how)
    async def trial() -> State[Any]:
        return done(await carried_out("trial", work))

    return _end(trial)


def test_a_sweep_beside_another_is_left_out_and_is_no_completed_one(prefect: str, world: World) -> None:
    with alone("sweep"):
        state = _end(deadline_sweep)

    assert (state.type.value, state.name, state.message) == ("CANCELLED", "Skipped", TAKEN)


def test_a_database_that_is_back_soon_costs_no_run(prefect: str, database: str) -> None:
    tries: list[int] = []

    def work() -> dict[str, Any]:
        tries.append(1)
        if len(tries) < 3:
            raise BusyError("database_unreachable")
        return {"fired": 2}

    state = _ran(work)

    assert (state.name, state.message, len(tries)) == ("Completed", "fired: 2", 3)


def test_what_fails_for_good_is_told_by_kind_and_code_alone(prefect: str, database: str, ask: Ask) -> None:
    def work() -> dict[str, Any]:
        message = "Key (name)=(林知远) already exists"
        raise ValueError(message)

    async def told(client: PrefectClient) -> str:
        (run,) = await client.read_flow_runs(limit=1, sort=FlowRunSort.EXPECTED_START_TIME_DESC)
        lines = await client.read_logs(LogFilter(flow_run_id=LogFilterFlowRunId(any_=[run.id])))
        return "".join([str(run.state), *(line.message for line in lines)])

    state = _ran(work)
    known = ask(told)

    assert (state.name, "WorkError: ValueError" in str(state.message)) == ("Failed", True)
    assert "林知远" not in f"{state.message}{known}"


def test_a_run_that_takes_too_long_is_given_up_and_its_place_stays_taken_until_it_ends(
    prefect: str, database: str
) -> None:
    may_end, ended = threading.Event(), threading.Event()

    def work() -> dict[str, Any]:
        may_end.wait(60)
        ended.set()
        return {}

    @flow(name="slow", timeout_seconds=0.5)
    async def slow() -> State[Any]:
        return done(await carried_out("trial", work))

    async def both() -> list[str | None]:
        first = await slow(return_state=True)
        with alone("trial") as free:
            taken = str(not free)
        may_end.set()
        await asyncio.to_thread(ended.wait, 60)
        return [first.name, taken]

    assert asyncio.run(both()) == ["TimedOut", "True"]
    with alone("trial") as free:
        assert free


def test_a_long_sweep_shows_how_far_it_is(
    prefect: str, database: str, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporting, "SHOWN_AFTER", 0.05)
    seen: list[Any] = []

    async def found(client: PrefectClient) -> list[Any]:
        key = ArtifactFilter(key=ArtifactFilterKey(any_=[reporting.PROGRESS]))
        return list(await client.read_artifacts(artifact_filter=key))

    async def artifacts(client: PrefectClient) -> list[Any]:
        return [(one.data, one.description) for one in await found(client) if one.id not in before]

    before = {one.id for one in ask(found)}  # of the same test on the other database

    def work() -> dict[str, Any]:
        progress.at("lapsed", 4, 16)
        while not seen:
            seen.extend(ask(artifacts))
        return {}

    @flow(name="long")
    async def long() -> State[Any]:
        async with reporting.shown():
            return done(await carried_out("trial", work))

    asyncio.run(long())

    assert seen == [(25.0, "5/16 lapsed")]
    assert ask(artifacts) == [(100.0, "完成 / done")]


def test_a_run_is_tagged_with_the_provinces_and_kinds_it_found_overdue(prefect: str, world: World, ask: Ask) -> None:
    at_county(world, 1)

    async def newest(client: PrefectClient) -> FlowRun:
        # Other tests leave schedules behind, whose runs lie ahead.
        done = FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.COMPLETED]))
        (run,) = await client.read_flow_runs(
            flow_filter=FlowFilter(name=FlowFilterName(any_=["deadline-sweep"])),
            flow_run_filter=FlowRunFilter(state=done), limit=1, sort=FlowRunSort.END_TIME_DESC,
        )  # fmt: skip
        return run

    with clock.at(NOW + timedelta(days=60)):
        asyncio.run(deadline_sweep())

    assert {"province:330000", "kind:review"} <= set(ask(newest).tags)


def test_the_night_is_worked_in_a_process_of_its_own(world: World) -> None:
    counts = asyncio.run(by_itself("workflows.clocks.nightly")) or {}
    assert (counts["examined"], counts["violations"]) == (1, 0)
    with alone("nightly"):
        assert asyncio.run(by_itself("workflows.clocks.nightly")) is None


def test_a_night_that_broke_off_is_a_failed_run() -> None:
    with pytest.raises(working.WorkError, match="ended with status 1"):
        asyncio.run(by_itself("workflows.clocks.no_such_clock"))
