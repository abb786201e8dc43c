"""What is usual: how long the desks on an application's way took for such cases lately.

The newest settled terms of a programme at a desk stand in an index of their own, so it costs the same however many
there are. A term that its applicant or a clock ended, or a hold, says nothing of the desk.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from models.base import table
from models.database import reading
from models.deadline import Deadline
from models.journal import Event
from models.round import ProgrammeVersion
from models.sql import Sql, bind
from models.vocabulary import Act, DeadlineKind
from workflows.clocks.due import current
from workflows.programmes import programme_of
from workflows.queries.applications import seen_by
from workflows.queries.mine import desks_of
from workflows.record.verb import query
from workflows.rules.calendar import local_date, working_days_between
from workflows.rules.usual import usual

if TYPE_CHECKING:
    from datetime import datetime

    from workflows.record.acting import Actor

MOST = 200  # the newest terms of a desk that are looked at
_VERSIONS, _DESKS = 3, 7  # of a programme, the newest; on a way: there are seven rungs
_D, _E, _V = (table(m).c for m in (Deadline, Event, ProgrammeVersion))
_NONE = "-"
_NEWEST: Sql[str] = Sql(
    sa.select(_V.id).where(_V.code == bind("code", _V.code)).order_by(_V.version.desc()).limit(_VERSIONS)
)


class Term(NamedTuple):
    """From when until when a case lay at a desk."""

    desk: str
    set_at: datetime
    closed_at: datetime


_by_the_desk = sa.exists().where(
    _E.thing == _D.thing, _E.thing_id == _D.thing_id, _E.at == _D.closed_at, _E.desk == _D.desk, _E.act != Act.HOLD
)


def _newest(desk: int, version: int) -> sa.Select[tuple[str, datetime, datetime]]:
    """The newest terms of one desk under one version of a programme."""
    found = (
        sa.select(_D.desk, _D.set_at, _D.closed_at)
        .where(
            _D.desk == bind(f"desk{desk}", _D.desk),
            _D.kind == DeadlineKind.REVIEW,
            _D.programme == bind(f"version{version}", _D.programme),
            _D.closed_at.is_not(None),
            _by_the_desk,
        )
        .order_by(_D.closed_at.desc())
        .limit(MOST)
        .subquery()
    )
    return sa.select(found.c.desk, found.c.set_at, found.c.closed_at)


_TERMS: Sql[Term] = Sql(
    sa.union_all(*(_newest(desk, version) for desk in range(_DESKS) for version in range(_VERSIONS))), Term
)


class Expected(NamedTuple):
    """What is usual at a desk: half of the last `cases` of the programme took `least` to `most` working days.

    `term`: the working days that the programme gives the desk. Without five cases nothing is told: all three None.
    """

    desk: str
    term: int | None
    least: int | None
    most: int | None
    cases: int | None


@query("expected-days")
def expected(actor: Actor, application_id: str) -> list[Expected]:
    """What is usual at each desk on an application's way, from its programme's last cases there.

    Raises NotFoundError for strangers. A case that was returned counts once for each time the desk had it.
    """
    with reading() as store:
        row, _ = seen_by(store, actor, application_id)
        rules = programme_of(store, row.programme)
        way = desks_of(store, row)
        versions = store.all(_NEWEST, code=rules.code)
        asked = {f"desk{n}": way[n].desk if n < len(way) else _NONE for n in range(_DESKS)}
        asked |= {f"version{n}": versions[n] if n < len(versions) else _NONE for n in range(_VERSIONS)}
        found = _days(store.all(_TERMS, **asked))
        terms = {step.desk: step.days for step in rules.ladder}
        return [Expected(stop.desk, terms.get(stop.rung), *(usual(found[stop.desk]) or (None,) * 3)) for stop in way]


def _days(terms: list[Term]) -> defaultdict[str, list[int]]:
    """The working days of each desk's newest terms, whatever version they were under."""
    calendar = current()
    found: defaultdict[str, list[int]] = defaultdict(list)
    for term in sorted(terms, key=lambda one: one.closed_at, reverse=True):
        if len(found[term.desk]) < MOST:
            days = working_days_between(local_date(term.set_at), local_date(term.closed_at), calendar=calendar)
            found[term.desk].append(days)
    return found
