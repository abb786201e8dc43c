"""Provisional dates counted anew when the calendar they rest on is known at last; a clock's step."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.application import Application
from models.base import table
from models.database import transaction
from models.deadline import Deadline
from models.lists import listed, of_list
from models.notice import Notice, Objection
from models.office import Countersign
from models.panel import Panel
from models.sql import Sql, bind
from models.subsidy import Subsidy
from models.title import Assessment, Title
from models.vocabulary import Act, CountersignState, DeadlineKind, LetterKind, Thing
from models.writing import day
from workflows.clocks import aside, deadlines, due
from workflows.post import letters
from workflows.post.audience import Owed, audience, people
from workflows.post.ladders import LADDERS, Rung
from workflows.record.acting import SYSTEM
from workflows.record.journal import move_all
from workflows.record.moves import Change, Due
from workflows.rules.calendar import ends_at, last_day_of

if TYPE_CHECKING:
    from datetime import datetime

    from models.database import Store

STEP = "dates_recounted"
# Things with a calendar's date on them; verbs hold a thing before what is due for it, and so does this.
THINGS: dict[Thing, Any] = {
    Thing.APPLICATION: Application, Thing.NOTICE: Notice, Thing.OBJECTION: Objection, Thing.TITLE: Title,
    Thing.ASSESSMENT: Assessment, Thing.SUBSIDY: Subsidy, Thing.PANEL: Panel,
}  # fmt: skip
_D, _K = (table(m).c for m in (Deadline, Countersign))
_PROVISIONAL = (_D.closed_at.is_(None), _D.provisional)
_LINES = {
    thing: aside.line(STEP, Deadline, (
        sa.select(table(Deadline))
        .where(*_PROVISIONAL, _D.basis.is_not(None), _D.thing == thing, _D.due_at <= bind("by", _D.due_at),
               _D.id > bind("after", _D.id))
        .order_by(_D.id)
    ), thing)
    for thing in THINGS
}  # fmt: skip
_HOLD: dict[Thing, dict[str, Sql[Any]]] = {
    thing: of_list(
        lambda ids, of=model: Sql(  # type: ignore[misc]  # the loop's model
            sa.select(table(of))
            .where(table(of).c.id.in_(ids))
            .order_by(table(of).c.id)
            .with_for_update(key_share=True),
            of,
        )
    )
    for thing, model in THINGS.items()
}
_AS_THEY_ARE = of_list(
    lambda ids: Sql(
        sa.select(table(Deadline)).where(_D.id.in_(ids), *_PROVISIONAL).order_by(_D.id).with_for_update(),
        Deadline,
    )
)
_SIGNED_BY: Sql[None] = Sql(
    sa.update(table(Countersign))
    .where(_K.application_id == bind("of", _K.application_id), _K.state == CountersignState.OPEN)
    .values(due_at=bind("at", _K.due_at))
)
_RUNG = Rung(0, "date_recounted")


class Anew(NamedTuple):
    """An open deadline, and what it is by the calendar in force; `last_day` is the day it ends on."""

    line: Deadline
    due: Due
    last_day: date


def recount() -> int:
    """Count provisional dates anew whose year is known by now; answers how many were settled or moved.

    Each is told of in its thing's history, and its owner hears when the day is another. A public notice is
    never shortened (reliability: I14): where the count comes out earlier, the day it was published with stands.
    """
    return sum(_recount_all(thing) for thing in THINGS)


def anew(line: Deadline) -> Anew:
    """A deadline by the calendar in force. Raises KeyError, ValueError, TypeError for a basis that cannot be read."""
    found = due.again(line.basis or {})
    if line.kind is DeadlineKind.NOTICE_END and found.at < line.due_at:
        words = f"{line.derivation.partition('（')[0]}；官方安排公布后应为{day(found.last_day)}，公示不缩短"
        found = found._replace(at=line.due_at, derivation=words, last_day=last_day_of(line.due_at))
    again = Due(line.kind, found.at, found.derivation, found.provisional, line.desk, line.account_id, line.basis)
    return Anew(line, again, found.last_day)


def mirrored(row: Any, line: Deadline, found: Anew) -> dict[str, Any]:
    """The columns of a thing that repeat one of its deadlines, as they are to be from now on."""
    if _is_a(row, Notice) and line.kind is DeadlineKind.NOTICE_END:
        return {"ends_at": found.due.at, "last_day": found.last_day, "provisional": found.due.provisional,
                "derivation": found.due.derivation}  # fmt: skip
    if _is_a(row, Application) and line.kind not in deadlines.BESIDE and row.due_at == line.due_at:
        return {"due_at": found.due.at}
    return {}


def _is_a(row: Any, model: type[Any]) -> bool:
    """Whether a row read from the store is one of a model's: rows are tuples that carry its name."""
    return type(row).__name__ == model.__name__


def _recount_all(thing: Thing) -> int:
    done, after = 0, ""
    while True:
        with transaction() as store:
            one = aside.batch(store, _LINES[thing], partial(_recount, store, thing), now=store.now,
                              by=_known_until(), after=after)  # fmt: skip
        done += one.done
        if one.found < aside.BATCH:
            return done
        after = one.last


def _known_until() -> datetime:
    """Until when the calendar in force can settle a date; days listed ahead of a whole year may move later ones."""
    known = due.current()
    ahead = [one.year for one in known.working | known.free if one.year > known.known_through]
    return ends_at(date(max([known.known_through, *ahead]), 12, 31))


def _recount(store: Store, thing: Thing, found: list[Deadline]) -> int:
    rows = store.all(_HOLD[thing][store.dialect.name], ids=listed(line.thing_id for line in found))
    lines = store.all(_AS_THEY_ARE[store.dialect.name], ids=listed(line.id for line in found))
    by_thing: dict[str, list[Anew]] = defaultdict(list)
    for line in lines:
        one = anew(line)
        if one.due.at != line.due_at or not one.due.provisional:
            by_thing[line.thing_id].append(one)
    changed = [one for some in by_thing.values() for one in some]
    move_all(store, SYSTEM, Act.RECOUNT, [_change(row, by_thing[row.id]) for row in rows if row.id in by_thing])
    deadlines.set_anew(store, ((one.line, one.due, _behind(store, one)) for one in changed))
    store.run_many(_SIGNED_BY, (
        {"of": one.line.thing_id, "at": one.due.at} for one in changed if one.line.kind is DeadlineKind.COUNTERSIGN
    ))  # fmt: skip
    _tell(store, [one for one in changed if one.due.at != one.line.due_at])
    return len(changed)


def _change(row: Any, found: list[Anew]) -> Change:
    values = {name: value for one in found for name, value in mirrored(row, one.line, one).items()}
    return Change(row, values, body={"dates": [
        {"kind": one.line.kind.value, "before": one.line.due_at.isoformat(), "due_at": one.due.at.isoformat(),
         "derivation": one.due.derivation} for one in found
    ]})  # fmt: skip


def _behind(store: Store, found: Anew) -> int:
    """How many rungs of the ladder lie behind: of those that were climbed, the ones whose moment has come.

    One that was reached and not told yet stays ahead. Ladders of reports stand in the programme: where the date
    moved they start anew.
    """
    at, climbed = found.due.at, found.line.rung
    if at == found.line.due_at:
        return climbed
    ladder = LADDERS.get(found.line.kind, ())
    return min(climbed, sum(at.timestamp() + rung.days * 86400 <= store.now.timestamp() for rung in ladder))


def _tell(store: Store, moved: list[Anew]) -> None:
    """A letter to whoever owes each of these."""
    owed = [Owed(*(getattr(one.line, name) for name in Owed._fields)) for one in moved]
    if not owed:
        return
    known = audience(store, _RUNG, owed)
    letters.to_each(store, (
        (f"{row.id}-{one.due.at:%y%m%d%H%M}", person, told(one.line, one.due), row.thing_id)
        for one, row in zip(moved, owed, strict=True) for person in people(known, _RUNG, row)
    ), _RUNG.template, LetterKind.INFORMATION)  # fmt: skip


def told(line: Deadline, now: Due) -> dict[str, Any]:
    """What the letters about a date that moved may use."""
    return {"what": line.kind.value, "before_due_at": line.due_at.isoformat(), "due_at": now.at.isoformat(),
            "organization": line.desk}  # fmt: skip
