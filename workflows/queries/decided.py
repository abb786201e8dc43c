"""What the public asks of numbered decisions: the document, its list by area, and what became of it since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.base import table
from models.database import reading
from models.docket import DecisionLink
from models.errors import NotFoundError
from models.organization import Organization
from models.sql import Sql, bind, rows_of
from models.title import Decision
from models.vocabulary import DecisionKind
from workflows.deciding.decisions import decision_of
from workflows.queries.applications import look_unit
from workflows.record.acting import Actor
from workflows.record.verb import query

if TYPE_CHECKING:
    from datetime import date

    from models.database import Store

_D, _O, _L = (table(m).c for m in (Decision, Organization, DecisionLink))
MOST = 200


class Issued(NamedTuple):
    """A decision in the list."""

    id: str
    number: str
    office: str
    kind: DecisionKind
    meeting_on: date


_ISSUED: Sql[Issued] = Sql(
    sa.select(_D.id, _D.number, _O.name.label("office"), _D.kind, _D.meeting_on)
    .join_from(table(Decision), table(Organization), _O.code == _D.organization)
    .order_by(_D.decided_at.desc(), _D.id)
    .limit(MOST),
    Issued,
)
_LINK = rows_of(DecisionLink, _L.decision_id == bind("of", _L.decision_id))
_CORRECTING = rows_of(
    Decision,
    _D.id.in_(sa.select(_L.decision_id).where(_L.corrects == bind("of", _L.corrects))),
    order=(_D.decided_at, _D.id),
)
_WITHDRAWING = rows_of(Decision, _D.withdraws == bind("of", _D.withdraws), order=(_D.decided_at,))


class Told(NamedTuple):
    """One line of the annexed list."""

    subject: str
    leader_name: str
    organization_name: str
    number: str
    before: str = ""
    after: str = ""


class Area(NamedTuple):
    """One part of the annexed list: an area, or a word its scores came to."""

    area: str
    result: dict[str, str] | None
    lines: list[Told]


class Document(NamedTuple):
    """A decision as anybody may read it; the numbers of those it puts right or withdraws, and the other way."""

    decision: Decision
    office: str
    areas: list[Area]
    corrects: str
    withdraws: str
    corrected_by: list[str]
    withdrawn_by: list[str]


@query("public-decisions")
def public_decisions(_actor: Actor | None) -> list[Issued]:
    """Numbered decisions, newest first, up to 200; anybody may ask."""
    with reading() as store:
        return store.all(_ISSUED)


@query("public-decision")
def public_decision(_actor: Actor | None, decision_id: str) -> Document:
    """One decision with its annexed list by area, and later ones about it; anybody may ask. Raises NotFoundError."""
    with reading() as store:
        row = decision_of(store, decision_id)
        if row is None:
            raise NotFoundError("not_found", thing="decision", given=decision_id)
        link = store.first(_LINK, of=row.id)
        return Document(
            row, look_unit(store, row.organization).name, _areas(store, row),
            _number(store, link.corrects if link else None), _number(store, row.withdraws),
            [one.number for one in store.all(_CORRECTING, of=row.id)],
            [one.number for one in store.all(_WITHDRAWING, of=row.id)],
        )  # fmt: skip


def _number(store: Store, decision_id: str | None) -> str:
    found = None if decision_id is None else decision_of(store, decision_id)
    return "" if found is None else found.number


def _areas(store: Store, row: Decision) -> list[Area]:
    """The annex of a naming by its groups; of another document in one piece."""
    if row.kind is not DecisionKind.NAMING:
        return [Area("", None, [Told(one["name"], "", "", one["number"]) for one in row.annex])]
    return [
        Area(look_unit(store, group["area"]).name if group["area"] else "", group.get("result"), _lines(group))
        for group in row.annex
    ]


def _lines(group: dict[str, Any]) -> list[Told]:
    named = [Told(one["subject"], one["leader_name"], one["organization_name"], "") for one in group["names"]]
    return named + [Told("", "", "", one["number"], one["before"], one["after"])
                    for one in group.get("corrections", ())]  # fmt: skip
