"""Visits to the workplace and pitches before the panel: held and written down before a list is sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from models.application import Application
from models.base import new_id, table
from models.database import transaction
from models.errors import InputError, RefusedError
from models.merit import Inspection
from models.slate import Entry
from models.sql import Sql, bind, insert_into, row_from, rows_of
from models.vocabulary import Act, InspectionKind
from workflows.judging.panels import whom
from workflows.programmes import programme_of
from workflows.record.claiming import take
from workflows.record.journal import move
from workflows.record.verb import not_done_yet, verb
from workflows.rules import routes
from workflows.rules.calendar import local_date

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from models.database import Store
    from models.programme import Programme, Visit
    from models.slate import Slate
    from workflows.record.acting import Actor

_I, _EN = table(Inspection).c, table(Entry).c
_WRITE = insert_into(Inspection)
_BY_ID = rows_of(Inspection, _I.id == bind("id", _I.id))
_HELD: Sql[str] = Sql(
    sa.select(_I.application_id)
    .join(table(Entry), _EN.application_id == _I.application_id)
    .where(_EN.slate_id == bind("slate", _EN.slate_id), _I.kind == bind("kind", _I.kind))
    .distinct()
)


@verb("inspect", answer=lambda store, event: store.first(_BY_ID, id=event.body["inspection"]))
def inspect(
    actor: Actor, application_id: str, *, kind: InspectionKind, held_on: date, words: str, key: str | None = None
) -> Inspection:
    """Write down a visit to the workplace or a pitch that was held, with what was found.

    Raises RefusedError("no_visit", "other_rung"); InputError for a day still to come or no words.
    """
    if not words.strip():
        raise InputError("words_missing", field="words")
    with transaction() as store:
        row, who = take(store, actor, Act.INSPECT, Application, application_id)
        not_done_yet(store, who, key)
        _require_asked(programme_of(store, row.programme), row, kind)
        if held_on > local_date(store.now):
            raise InputError("held_ahead", field="held_on", given=held_on.isoformat())
        made = {"id": new_id(), "application_id": row.id, "kind": kind, "held_on": held_on, "words": words.strip(),
                "account_id": who.id, "at": store.now}  # fmt: skip
        store.run(_WRITE, **made)
        move(store, who, Act.INSPECT, row, key=key,
             body={"inspection": made["id"], "kind": kind.value, "held_on": held_on.isoformat()})  # fmt: skip
        return row_from(Inspection, made)


def require(store: Store, rules: Programme, slate: Slate, members: Sequence[Application]) -> None:
    """Refuse names nobody visited or heard. Raises RefusedError("not_visited", "not_pitched")."""
    visit, pitch = rules.site_visit, rules.pitch
    if visit and (lacking := _lacking(store, visit, slate, members, InspectionKind.SITE_VISIT)):
        raise RefusedError("not_visited", **whom(lacking), **visit.cited)
    if pitch and (lacking := _lacking(store, pitch, slate, members, InspectionKind.PITCH)):
        raise RefusedError("not_pitched", **whom(lacking), **pitch.cited)


def _lacking(
    store: Store, rule: Visit, slate: Slate, members: Sequence[Application], kind: InspectionKind
) -> list[Application]:
    if rule.step is not slate.rung:
        return []
    held = set(store.all(_HELD, slate=slate.id, kind=kind))
    return [m for m in members if m.id not in held]


def _require_asked(rules: Programme, row: Application, kind: InspectionKind) -> Visit:
    rule = rules.site_visit if kind is InspectionKind.SITE_VISIT else rules.pitch
    if rule is None:
        raise RefusedError("no_visit", kind=kind.value)
    if (rung := routes.stop(row, row.step).rung) is not rule.step:
        raise RefusedError("other_rung", act=Act.INSPECT.value, rung=rule.step.value, here=rung.value, **rule.cited)
    return rule
