"""Applications at the desk of a programme that screens, scores and ranks them, and the people who do."""

from typing import Any

from models.application import Application
from models.merit import Sheet
from models.vocabulary import Role
from tests.rounds_of import in_round
from tests.worlds import PROVINCE, World, application, checked, person, submitted
from workflows.judging.scoring import score
from workflows.listing.slates import rank, seal
from workflows.record.acting import Actor

ONE_DESK = [{"desk": "province", "days": 10}]
SCORING: dict[str, Any] = {"step": "province"}
CRITERIA = [
    {"name": "theory", "label": {"zh": "理论", "en": "theory"}, "weight": 30},
    {"name": "practice", "label": {"zh": "实操", "en": "practice"}, "weight": 70},
    {"name": "minutes", "label": {"zh": "用时", "en": "minutes"}, "most": 300, "weight": 0, "decimals": 1},
]


def office(name: str, **more: Any) -> dict[str, Any]:
    """A department of a programme file."""
    return {"name": name, "label": {"zh": f"{name}部门", "en": f"the {name} office"}, **more}


def judged_round(w: World, **changes: Any) -> World:
    """The world with a round whose applications go straight to the province, which decides it."""
    return in_round(w, quotas={}, **{"ladder": ONE_DESK, "tie": {"criteria": []}, **changes})


def at_desk(w: World, n: int, **answers: Any) -> list[str]:
    """The ids of `n` applications the province has checked."""
    return checked(w, PROVINCE, *(submitted(w, i, **answers).id for i in range(n)))


def experts(n: int) -> list[Actor]:
    """`n` experts of the province."""
    return [person(f"expert{i}", PROVINCE, Role.EXPERT) for i in range(n)]


def scored(application_id: str, by: list[Actor], *totals: Any) -> list[Sheet]:
    """One sheet of each judge: a total, or points by criterion."""
    return [
        score(judge, application_id, scores=given if isinstance(given, dict) else {"total": given})
        for judge, given in zip(by, totals, strict=True)
    ]


def listed(w: World, main: list[Any], reserve: list[Any] | None = None, seen: int = 0) -> Any:
    """The province's list, not sealed."""
    return rank(w.province, round_id=w.round_id, organization_code=PROVINCE, main=main, reserve=reserve, seen=seen)


def sealed(w: World, main: list[Any], reserve: list[Any] | None = None, **more: Any) -> Any:
    """The province's list, sealed."""
    row = listed(w, main, reserve)
    return seal(w.province, row.id, seen=row.version, minutes="会议纪要", **more)


def receipts(*ids: str) -> list[str | None]:
    """What their people know applications by, in the order the rules name them."""
    return [row.receipt for row in sorted(map(_of, ids), key=lambda row: row.id)]


def _of(application_id: str) -> Application:
    return application(application_id)
