"""What Prefect must be told at every start: deployments, watchdogs, and which runs are dead."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from prefect.automations import Automation
from prefect.blocks.webhook import Webhook
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import StateType
from prefect.events.actions import CallWebhook, ChangeFlowRunState
from prefect.events.schemas.automations import EventTrigger, Posture
from prefect.states import Crashed
from prefect.types import SecretDict
from pydantic import SecretStr

from models.secret import alarm_key
from models.settings import settings
from workflows.clocks import readiness
from workflows.flows.clocks import TAG, Clock, deadline_sweep

HEARTBEAT = timedelta(seconds=60)  # PREFECT_FLOWS_HEARTBEAT_FREQUENCY, set by ui/up.py
BELL = "shenbao-alarm"
ALARM = "/internal/alarm"  # ui/alarms.py
PAGE = 200  # runs, Prefect's own limit
LIVE = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]


async def deploy(clock: Clock, **where: Any) -> UUID:
    """Make the clock's deployment known, or bring it up to date; drops its late runs.

    `where` is what Prefect must know of a deployment that its workers run: the pool, and how they find the flow.
    """
    deployment = await clock.flow.ato_deployment(
        "default", schedule=clock.schedule, tags=[TAG, f"{TAG}:{clock.flow.name}"], description=clock.flow.description,
        **where,
    )  # fmt: skip
    return await deployment.aapply()


async def heal(client: PrefectClient) -> int:
    """Declare crashed whatever a killed runner left behind as running; answers how many.

    For one machine and before its runner starts: with several runners it would crash the live
    runs of the others. Prefect itself, self-hosted, never notices (prefect trial, section 2).
    """
    stale = FlowRunFilter(
        tags=FlowRunFilterTags(all_=[TAG]),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=LIVE)),
    )
    healed = 0
    while runs := await client.read_flow_runs(flow_run_filter=stale, limit=PAGE):
        for run in runs:
            message = "the runner ended before this run did"
            await client.set_flow_run_state(run.id, Crashed(message=message), force=True)
        healed += len(runs)
    return healed


async def guard(client: PrefectClient) -> None:
    """Post both watchdogs, with the bell that they ring; as often as one likes."""
    for watchdog in watchdogs(await bell()):
        await post(client, watchdog)


async def bell() -> UUID:
    """The block by which Prefect's server calls our web face: address and alarm key, which Prefect encrypts."""
    hook = Webhook(
        url=SecretStr(f"{web_address()}{ALARM}"),
        headers=SecretDict({"Authorization": f"Bearer {alarm_key()}", "Content-Type": "application/json"}),
    )
    return await hook.asave(BELL, overwrite=True)


def watchdogs(bell: UUID) -> list[Automation]:
    """The two automations: a run has lost its worker, no sweep completes; either rings at the web face.

    A watchdog must not depend on what it watches alone: the web faces look at our own tables as well.
    """
    heartbeat = "prefect.flow-run.heartbeat"
    ends = {f"prefect.flow-run.{end}" for end in ("Completed", "Failed", "Cancelled", "Crashed")}
    return [
        Automation(
            name="shenbao: crash runs without a heartbeat",
            description="无心跳的运行判为崩溃 / declares a run crashed that has no heartbeat",
            trigger=EventTrigger(
                match={"prefect.resource.id": "prefect.flow-run.*"},
                for_each={"prefect.resource.id"},
                after={heartbeat},
                expect={heartbeat, *ends},
                posture=Posture.Proactive,
                threshold=1,
                within=3 * HEARTBEAT,
            ),
            actions=[
                ChangeFlowRunState(state=StateType.CRASHED, message="no heartbeat"),
                CallWebhook(block_document_id=bell, payload='{"alarm": "lost_worker", "run": "{{ flow_run.name }}"}'),
            ],
        ),
        Automation(
            name="shenbao: no sweep has completed",
            description="巡检久未完成 / no deadline sweep has completed for too long",
            trigger=EventTrigger(
                match={"prefect.resource.id": "prefect.flow-run.*"},
                match_related={"prefect.resource.role": "flow", "prefect.resource.name": deadline_sweep.name},
                expect={"prefect.flow-run.Completed"},
                posture=Posture.Proactive,
                threshold=1,
                within=readiness.silence(),
            ),
            actions=[CallWebhook(block_document_id=bell, payload='{"alarm": "no_sweep"}')],
        ),
    ]


async def post(client: PrefectClient, watchdog: Automation) -> None:
    """Create the automation, or bring the one of that name up to date."""
    known = await client.read_automations_by_name(name=watchdog.name)
    if known:
        watchdog.id = known[0].id
        await watchdog.aupdate()
    else:
        await watchdog.acreate()


def web_address() -> str:
    """Where the web face of this machine answers."""
    host = settings().web_host
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104 -- to be replaced
    name = f"[{reachable}]" if ":" in reachable else reachable
    return f"http://{name}:{settings().web_port}"
