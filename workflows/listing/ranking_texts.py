"""A tier's list as editable text: printed from the record, and written back by the same rules as `rank`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.application import Application
from models.base import table
from models.database import reading, transaction
from models.errors import FaultsError, ForbiddenError, InputError
from models.organization import Organization
from models.slate import Entry, Slate
from models.sql import Sql, bind
from models.vocabulary import Act, Role, SlateState, Thing
from workflows.listing import slates
from workflows.record.acting import Actor, refreshed
from workflows.record.verb import not_done_yet, query, verb
from workflows.rules import ranking_text
from workflows.rules.ranking_text import MAIN, OUT, RESERVE, Row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.database import Store

_P, _O, _SL, _EN = (table(m).c for m in (Application, Organization, Slate, Entry))


class Candidate(NamedTuple):
    """Somebody who may stand on a tier's list, with the place held now on its draft."""

    id: str
    receipt: str
    subject: str
    unit: str
    slate_id: str | None
    seen: int | None
    rank: int | None
    reserve: bool | None
    score: int | None
    note: str | None
    outside: str | None


class Text(NamedTuple):
    """A ranking as text, and the draft list's version it was printed from (0: there is none)."""

    text: str
    seen: int


_CANDIDATES: Sql[Candidate] = Sql(
    sa.select(
        _P.id, _P.receipt, _P.subject, _O.name.label("unit"), _P.slate_id, _SL.version.label("seen"), _EN.rank,
        _EN.reserve, _EN.score, _EN.note, _EN.outside,
    )
    .join_from(table(Application), table(Organization), _O.code == _P.organization)
    .outerjoin(table(Slate), _SL.id == _P.slate_id)
    .outerjoin(table(Entry), (_EN.slate_id == _P.slate_id) & (_EN.application_id == _P.id))
    .where(
        _P.desk == bind("desk", _P.desk), _P.round_id == bind("round", _P.round_id), _P.checked,
        _P.slate_id.is_(None) | (_SL.state == SlateState.DRAFTING),
    )
    .order_by(_EN.rank.is_(None), _EN.rank, _P.receipt),
    Candidate,
)  # fmt: skip


@query("ranking-text")
def ranking_as_text(actor: Actor, *, round_id: str, organization_code: str) -> Text:
    """A tier's draft list as text that may be edited, those not listed at its end; for its reviewers.

    Ties in the scores are printed as equal places. Raises ForbiddenError for others.
    """
    with reading() as store:
        who = _sitting(store, actor, organization_code)
        found = store.all(_CANDIDATES, desk=organization_code, round=round_id)
        rows: list[Row] = []
        for one in found:
            part = OUT if one.rank is None else RESERVE if one.reserve else MAIN
            before = rows[-1] if rows else None
            tied = before is not None and part != OUT and (before.part, before.score) == (part, one.score)
            tied = tied and one.score is not None
            rows.append(Row(one.receipt, part, one.score, tied, f"{one.subject}（{one.unit}）"))
        text = ranking_text.printed(rows, who.language)
        return Text(text, next((one.seen for one in found if one.seen is not None), 0))


@verb("rank-text")
def rank_by_text(
    actor: Actor, *, round_id: str, organization_code: str, text: str, seen: int = 0, key: str | None = None
) -> Slate:
    """Write this tier's list from its text; words of recommendation and awards outside the quota stay.

    `seen` as for `rank`. Raises FaultsError with every mistake by its line, nothing is changed then;
    otherwise as `rank`.
    """
    rows, mistakes = ranking_text.parsed(text)
    with transaction() as store:
        not_done_yet(store, actor, key)
        who = _sitting(store, actor, organization_code)
        known = {one.receipt: one for one in store.all(_CANDIDATES, desk=organization_code, round=round_id)}
        faults = [{"field": "text", "code": one.code, "line": one.line, **one.details} for one in mistakes]
        if faults := faults + _strangers(text, rows, known):
            raise FaultsError(faults)
        listed = [row for row in rows if row.part != OUT]
        if not listed:
            raise InputError("slate_empty", field="text")
        items = [_item(known[row.receipt], row, place) for place, row in enumerate(listed, start=1)]
        return slates.ranked(store, who, round_id, organization_code, items, seen, key)


def _sitting(store: Store, actor: Actor, code: str) -> Actor:
    who = refreshed(store, actor)
    if not who.sits(code, Role.REVIEWER):
        raise ForbiddenError("not_your_desk", act=Act.RANK.value, thing=Thing.SLATE.value)
    return who


def _strangers(text: str, rows: Sequence[Row], known: Mapping[str, Candidate]) -> list[dict[str, Any]]:
    """Listed receipts that are not among the candidates, each with the first line it stands in."""
    lines = text.upper().splitlines()
    return [
        {"field": "text", "code": "ranking_unknown", "given": row.receipt,
         "line": next((n for n, line in enumerate(lines, start=1) if row.receipt in line), 0)}
        for row in rows if row.part != OUT and row.receipt not in known
    ]  # fmt: skip


def _item(known: Candidate, row: Row, place: int) -> dict[str, Any]:
    """An entry as `slates.ranked` wants it; a reserve name keeps no award outside the quota."""
    reserve = row.part == RESERVE
    return {"application_id": known.id, "rank": place, "reserve": reserve, "score": row.score,
            "note": known.note or "", "outside": "" if reserve else known.outside or ""}  # fmt: skip
