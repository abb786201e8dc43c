"""What Prefect's page shows of our work besides runs: events with the id of the thing, a table of desks."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from prefect.artifacts import acreate_table_artifact
from prefect.events import emit_event

from workflows.clocks import news

ZONE = ZoneInfo("Asia/Shanghai")
OVERDUE, DEAD = "shenbao.case.overdue", "shenbao.letter.dead"
TABLE = "overdue-by-desk"


async def report(since: datetime, fired: int) -> None:
    """Tell of what a sweep marked overdue since `since` (UTC); nothing is told of a sweep that marked nothing."""
    if fired == 0:
        return
    for late in await asyncio.to_thread(news.fired_since, since):
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


async def mourn(since: datetime, dead: int) -> None:
    """Tell of the letters given up since `since` (UTC): by template and id, never by address."""
    if dead == 0:
        return
    for letter in await asyncio.to_thread(news.died_since, since):
        about: dict[str, Any] = {"prefect.resource.id": f"shenbao.letter.{letter.id}"}
        emit_event(DEAD, about, payload={"template": letter.template, "thing": letter.thing_id})


def _said(moment: datetime) -> str:
    return f"{moment.astimezone(ZONE):%Y-%m-%d %H:%M}"
