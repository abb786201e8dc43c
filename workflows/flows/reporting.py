"""What Prefect's page shows of our work besides runs: events with a thing's id, desks in a table, progress, tags."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from prefect import get_client
from prefect.artifacts import acreate_progress_artifact, acreate_table_artifact, aupdate_progress_artifact
from prefect.events import emit_event
from prefect.runtime import flow_run

from workflows.clocks import news, progress

ZONE = ZoneInfo("Asia/Shanghai")
OVERDUE, DEAD = "shenbao.case.overdue", "shenbao.letter.dead"
TABLE, PROGRESS = "overdue-by-desk", "sweep-progress"
SHOWN_AFTER = 5.0  # seconds; nobody can look at the progress of a shorter run


@dataclass
class _Progress:
    """Where a sweep is: its thread writes, the flow reads."""

    step: str = ""
    number: int = 0
    of: int = 1

    def told(self, step: str, number: int, of: int) -> None:
        self.step, self.number, self.of = step, number, of


@asynccontextmanager
async def shown() -> AsyncIterator[None]:
    """Show how far the sweep within has come, if it takes long, as a progress artifact."""
    now, over = _Progress(), asyncio.Event()
    showing = asyncio.create_task(_show(now, over))
    try:
        with progress.heard(now.told):
            yield
    finally:
        # Told, not cancelled: a call to Prefect that is cut off would leave a sweep that is over at a third.
        over.set()
        await showing


async def _show(now: _Progress, over: asyncio.Event) -> None:
    artifact: UUID | None = None
    while not await _is_set(over, SHOWN_AFTER):
        if not now.step:
            continue
        percent, said = 100.0 * now.number / now.of, f"{now.number + 1}/{now.of} {now.step}"
        if artifact is None:
            artifact = await acreate_progress_artifact(percent, key=PROGRESS, description=said)
        else:
            await aupdate_progress_artifact(artifact, progress=percent, description=said)
    if artifact is not None:
        await aupdate_progress_artifact(artifact, progress=100.0, description="完成 / done")


async def _is_set(event: asyncio.Event, seconds: float) -> bool:
    """Whether an event happens within so many seconds."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()


async def report(since: datetime, fired: int) -> None:
    """Tell of what a sweep marked overdue since `since` (UTC); nothing is told of a sweep that marked nothing."""
    if fired == 0:
        return
    found = await asyncio.to_thread(news.fired_since, since)
    await _tag(found)
    for late in found:
        related = [{"prefect.resource.id": f"shenbao.organization.{late.desk}", "prefect.resource.role": "desk"}]
        if late.province:
            province = f"shenbao.organization.{late.province}"
            related.append({"prefect.resource.id": province, "prefect.resource.role": "province"})
        about = {"prefect.resource.id": f"shenbao.{late.thing.value}.{late.thing_id}"}
        emit_event(OVERDUE, about, related=related, payload={"kind": late.kind.value, "due_at": _said(late.due_at)})
    rows = [
        {"单位 desk": one.name, "逾期 overdue": one.overdue, "最早到期 oldest due": _said(one.oldest)}
        for one in await asyncio.to_thread(news.desks)
    ]
    await acreate_table_artifact(table=rows, key=TABLE, description="各单位逾期事项 / overdue by desk")


async def _tag(found: list[news.Late]) -> None:
    """Tag the run with the provinces and the kinds of what it marked, so that its page can be filtered by them."""
    provinces = {f"province:{late.province}" for late in found if late.province}
    tags = sorted({*flow_run.tags, *provinces, *(f"kind:{late.kind.value}" for late in found)})
    if (known_as := flow_run.id) is not None:
        async with get_client() as client:
            await client.update_flow_run(UUID(known_as), tags=tags)


async def mourn(since: datetime, dead: int) -> None:
    """Tell of the letters given up since `since` (UTC): by template and id, never by address."""
    if dead == 0:
        return
    for letter in await asyncio.to_thread(news.died_since, since):
        about: dict[str, Any] = {"prefect.resource.id": f"shenbao.letter.{letter.id}"}
        emit_event(DEAD, about, payload={"template": letter.template, "thing": letter.thing_id})


def _said(moment: datetime) -> str:
    return f"{moment.astimezone(ZONE):%Y-%m-%d %H:%M}"
