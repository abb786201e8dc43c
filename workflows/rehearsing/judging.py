"""What a tier does between the check and its list, the plain way: departments, visits, judges, contests."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from models.vocabulary import InspectionKind, ReplyKind, Role
from workflows.people import accounts
from workflows.record.acting import SYSTEM, actor_of
from workflows.rehearsing.answers import usual
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from models.vocabulary import Rung
    from workflows.record.acting import Actor
    from workflows.rehearsing.stage import Stage


def checked_with(stage: Stage, rung: Rung, number: int) -> dict[str, Any]:
    """What a tier fills in where the form leaves a field to it."""
    today = local_date(stage.now)
    return {field.name: usual(stage.rules, field, number, today) for field in stage.rules.fields if field.by == rung}


def judge(stage: Stage, actor: Actor, desk: str, rung: Rung, ids: Sequence[str]) -> bool:
    """Screen, visit and score these applications where the programme wants it here; whether they were scored.

    Every department agrees, every visit is held today, and all judges give everybody full marks.
    """
    rules = stage.rules
    if rules.screening is not None and rules.screening.step is rung:
        _screen(stage, actor, ids)
    for kind, visit in ((InspectionKind.SITE_VISIT, rules.site_visit), (InspectionKind.PITCH, rules.pitch)):
        if visit is not None and visit.step is rung:
            _inspect(stage, actor, ids, kind)
    scored = rules.scoring is not None and rules.scoring.step is rung
    if scored:
        _score(stage, desk, ids)
    return scored


def announced(stage: Stage, actor: Actor, desk: str) -> None:
    """Announce a contest's scores and let the time for appeals go by."""
    if stage.rules.contest is not None:
        stage.do("announce", actor, {"organization_code": desk})
        stage.now += timedelta(hours=stage.rules.contest.appeal_hours, minutes=1)


def _screen(stage: Stage, actor: Actor, ids: Sequence[str]) -> None:
    for asked in stage.do("consult", actor, {"applications": list(ids)}):
        words = {"application_id": asked.application_id, "department": asked.department, "reply": ReplyKind.CLEAR}
        stage.do("reply", actor, words)


def _inspect(stage: Stage, actor: Actor, ids: Iterable[str], kind: InspectionKind) -> None:
    told = {"kind": kind, "held_on": local_date(stage.now), "words": "情况属实。"}
    for one in ids:
        stage.do("inspect", actor, {"application_id": one, **told})


def _score(stage: Stage, desk: str, ids: Sequence[str]) -> None:
    rule, panel = stage.rules.scoring, stage.rules.panel
    if rule is None:
        return
    sheet: dict[str, Any] = {"scores": {c.name: str(c.most) for c in rule.criteria}}
    if rule.method == "vote":
        sheet = {"vote": True}
    size = panel.size if panel else 1
    load = (panel.most_cases if panel else None) or len(ids)
    for first in range(0, len(ids), load):
        for judge_ in _experts(stage, desk, first // load * size, size):
            for one in ids[first : first + load]:
                stage.do("score", judge_, {"application_id": one, **sheet})


def _experts(stage: Stage, desk: str, first: int, size: int) -> list[Actor]:
    """So many judges with a seat at the desk; those that are not there yet are given one."""
    found = []
    for number in range(first + 1, first + size + 1):
        name = f"judge{number}-{desk}"
        if name not in stage.people:
            email = f"{name}@rehearsal.example.cn"
            with stage.pretend(stage.now):
                accounts.open_account(SYSTEM, email=email, name=f"评委{number}", organization_code=desk,
                                      role=Role.EXPERT)  # fmt: skip
                stage.people[name] = actor_of(email)
        found.append(stage.people[name])
    return found
