"""I5 to I7: one event for each version, only moves of the charts, no version twice."""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from models.base import table
from models.journal import Event
from models.sql import Sql, bind
from models.things import MODELS
from models.vocabulary import (
    AccountState,
    Act,
    AssessmentState,
    ExpertState,
    MeetingState,
    NoticeState,
    ObjectionState,
    PanelState,
    RoundState,
    Rung,
    SlateState,
    State,
    SubsidyState,
    Thing,
    TitleState,
)
from workflows.charts.advance import CHARTS, advance
from workflows.charts.strict import Facts
from workflows.doctor.violation import Found, Violation, is_, words
from workflows.record.streaming import stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.database import Store

_E = table(Event).c
_BEGINNINGS: dict[Thing, set[str]] = {
    Thing.APPLICATION: {State.DRAFT},
    Thing.SLATE: {SlateState.DRAFTING},
    Thing.NOTICE: {NoticeState.OPEN},
    Thing.OBJECTION: {ObjectionState.LEAD, ObjectionState.INVESTIGATING},
    Thing.TITLE: {TitleState.VALID},
    Thing.ASSESSMENT: {AssessmentState.DUE},
    Thing.ROUND: {RoundState.PLANNED, RoundState.OPEN},
    Thing.ACCOUNT: {AccountState.ACTIVE},
    Thing.SUBSIDY: {SubsidyState.ELIGIBLE},
    Thing.EXPERT: {ExpertState.ACTIVE},
    Thing.PANEL: {PanelState.DRAWN},
    Thing.MEETING: {MeetingState.PLANNED},
}
_ALL_FACTS = [Facts(*facts) for facts in product((None, *Rung), *((False, True),) * 3)]


class _Step(NamedTuple):
    """A kind of move that happened, with one of the things it happened to."""

    thing: Thing
    source: str | None
    act: Act
    target: str
    is_first: bool
    example: str


def _miscounted(thing: Thing) -> Sql[Found]:
    row = table(MODELS[thing]).c
    told = (
        sa.select(_E.thing_id, sa.func.count().label("n")).where(is_(_E.thing, thing)).group_by(_E.thing_id).subquery()
    )
    last = is_(_E.thing, thing) & (_E.thing_id == row.id) & (_E.version == row.version)
    state = sa.type_coerce(row.state, sa.String)
    return Sql(
        sa.select(row.id, words(row.version, told.c.n, row.state, _E.target))
        .outerjoin_from(row.id.table, told, told.c.thing_id == row.id)
        .outerjoin(table(Event), last)
        .where((told.c.n.is_(None)) | (told.c.n != row.version) | _E.id.is_(None) | (_E.target != state)),
        Found,
    )


_MISCOUNTED = {thing: _miscounted(thing) for thing in MODELS}
_first = _E.version == sa.literal_column("1")
_STEPS: Sql[_Step] = Sql(
    sa.select(_E.thing, _E.source, _E.act, _E.target, _first, sa.func.min(_E.thing_id)).group_by(
        _E.thing, _E.source, _E.act, _E.target, _first
    ),
    _Step,
)
_TWICE: Sql[Found] = Sql(
    sa.select(words(_E.thing, _E.thing_id), words(sa.func.count(), sa.func.max(_E.version)))
    .group_by(_E.thing, _E.thing_id)
    .having((sa.func.count() != sa.func.max(_E.version)) | (sa.func.count(_E.version.distinct()) != sa.func.count())),
    Found,
)
_EXAMPLES = _E.thing_id == bind("id", _E.thing_id)


def versions_count_events(store: Store) -> Iterator[Violation]:
    """A row's version is the number of its events, and its state is where the last one led."""
    for thing, sql in _MISCOUNTED.items():
        for row in stream(store, sql):
            yield Violation("I5", "events_differ", row.detail, f"{thing} {row.subject}")


def only_moves_of_the_chart(store: Store) -> Iterator[Violation]:
    """Every step of every history is one that the chart allows with some facts."""
    for step in stream(store, _STEPS):
        if not _is_allowed(step):
            detail = f"{step.source} --{step.act}--> {step.target}"
            yield Violation("I6", "not_in_chart", detail, f"{step.thing} {step.example}")


def no_version_twice(store: Store) -> Iterator[Violation]:
    """Versions run from 1 without gap or repetition: of two at once, one won."""
    for row in stream(store, _TWICE):
        yield Violation("I7", "versions_differ", row.detail, row.subject)


def _is_allowed(step: _Step) -> bool:
    if step.thing not in CHARTS:
        return True
    if step.is_first or step.source is None:
        is_beginning = step.target in _BEGINNINGS[step.thing]
        return bool(step.is_first) and step.source is None and is_beginning
    return step.target in _targets(step.thing, step.source, step.act)


@cache
def _targets(thing: Thing, source: str, act: Act) -> frozenset[str | None]:
    """Wherever an act may lead, whatever the facts were."""
    return frozenset(advance(thing, source, act, facts) for facts in _ALL_FACTS)
