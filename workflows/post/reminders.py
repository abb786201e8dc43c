"""Reminders and escalations: one rung at a time up a ladder, each letter once, a long delay no storm."""

from __future__ import annotations

from datetime import timedelta
from functools import cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.base import table
from models.database import reading, transaction
from models.deadline import Deadline
from models.lists import listed, of_list
from models.sql import Sql, bind
from models.title import Assessment, Title
from models.vocabulary import DeadlineKind, LetterKind, Thing
from workflows.clocks import aside
from workflows.clocks.aside import Line
from workflows.post import letters
from workflows.post.audience import Owed, audience, people
from workflows.post.ladders import LADDERS, REPORTS, Rung, Whom, ladder_of
from workflows.programmes import programme_of
from workflows.rules.calendar import local_date, working_days_between
from workflows.rules.grading import rules_of

if TYPE_CHECKING:
    from datetime import datetime

    from models.database import Store

__all__ = ["LADDERS", "REPORTS", "Rung", "Whom", "fire", "ladder_of", "remind"]

_D, _A, _T = (table(m).c for m in (Deadline, Assessment, Title))
STEP, BATCH = "reminders", 2_000

_PASSED = (_D.closed_at.is_(None), _D.fired_at.is_(None), _D.due_at <= bind("now", _D.due_at))
# On a server nobody waits for rows that somebody else is at: the next sweep marks them, and no two wait for each other.
_FIRE: dict[str, Sql[None]] = {
    dialect: Sql(sa.update(table(Deadline)).where(*clauses).values(fired_at=bind("now", _D.due_at)))
    for dialect, clauses in {
        "sqlite": _PASSED,
        "postgresql": (_D.id.in_(sa.select(_D.id).where(*_PASSED).with_for_update(key_share=True, skip_locked=True)),),
    }.items()
}
_OWED = [_D[name] for name in Owed._fields]


def _due(height: tuple[int, bool]) -> sa.Select[Any]:
    """What is due up to a rung, by its number from 1, of a kind's ladder or of a programme's for its reports.

    Each rung below is named by itself: the index goes to it and to its moments, past all that waits.
    """
    number, of_reports = height
    return sa.select(_D.id).where(
        _D.closed_at.is_(None),
        _D.kind == bind("of_kind", _D.kind),
        _D.rung.in_(range(number)),
        _D.due_at <= bind("by", _D.due_at),
        _D.due_at > bind("since", _D.due_at),
        aside.free(STEP, _D.id),
        *([_of_programme] if of_reports else ()),
    )


@cache
def _reached(height: tuple[int, bool]) -> Sql[str]:
    return Sql(_due(height).limit(1))


@cache
def _climbing(height: tuple[int, bool]) -> Line[Owed]:
    """Take the next batch up to a rung; in no order, so that nothing climbed is met again."""
    found = _due(height).limit(BATCH).with_for_update(key_share=True, skip_locked=True)
    climb = sa.update(table(Deadline)).values(rung=height[0]).returning(*_OWED)
    every, one = climb.where(_D.id.in_(found)), climb.where(_D.id == bind("id", _D.id))
    return Line(STEP, Sql(every, Owed), Sql(found), Sql(one, Owed))


_under = _T.programme == bind("programme", _T.programme)
_of_programme = sa.exists().where(_A.id == _D.thing_id, _T.id == _A.title_id, _under)
_open_report = (_D.thing_id == _A.id) & _D.closed_at.is_(None) & _D.kind.in_(tuple(REPORTS))
_PROGRAMMES: Sql[str] = Sql(
    sa.select(_T.programme)
    .join_from(table(Deadline), table(Assessment), _open_report)
    .join(table(Title), _T.id == _A.title_id)
    .distinct()
    .order_by(_T.programme)
)


class _Step(NamedTuple):
    """A rung of a kind's ladder, by its number from 1; of a programme's reports where one is named."""

    kind: DeadlineKind
    number: int
    rung: Rung
    programme: str | None

    @property
    def height(self) -> tuple[int, bool]:
        """What tells one statement from another."""
        return self.number, self.programme is not None

    def moments(self, now: datetime) -> dict[str, Any]:
        """What the statements are run with: due by then, and not so long ago that it is history."""
        by = now - timedelta(days=self.rung.days)
        of_programme = {"programme": self.programme} if self.programme else {}
        return {"of_kind": self.kind, "by": by, "since": by - _TOO_OLD, "now": now, **of_programme}


class _Year(NamedTuple):
    """Of which year an assessment is."""

    id: str
    year: int


_YEARS = of_list(lambda ids: Sql(sa.select(_A.id, _A.year).where(_A.id.in_(ids)), _Year))
# A rung older than this is history: an old database restored must not write a storm of letters.
_TOO_OLD = timedelta(days=60)


def fire() -> int:
    """Mark what is past its moment; overdue lists and counts read this mark."""
    with transaction() as store:
        return store.run(_FIRE[store.dialect.name], now=store.now)


def remind() -> int:
    """Write the letters of every rung reached; of a ladder slept through, only the last one."""
    with reading() as store:
        versions = store.all(_PROGRAMMES)
    return aside.each(STEP, LADDERS, _remind_of) + aside.each(STEP, versions, _remind_of_reports)


def _remind_of(kind: DeadlineKind) -> int:
    return _climb_all(kind, LADDERS[kind])


def _remind_of_reports(programme: str) -> int:
    with reading() as store:
        rules = rules_of(programme_of(store, programme))
    return sum(
        _climb_all(kind, ladder_of(rules[asked]), programme) for kind, asked in REPORTS.items() if asked in rules
    )


def _climb_all(kind: DeadlineKind, ladder: tuple[Rung, ...], programme: str | None = None) -> int:
    rungs = [_Step(kind, number, rung, programme) for number, rung in enumerate(ladder, start=1)]
    with reading() as store:
        reached = [one for one in reversed(rungs) if store.first(_reached(one.height), **one.moments(store.now))]
    return sum(map(_climb, reached))


def _climb(one: _Step) -> int:
    done = 0
    while True:
        with transaction() as store:
            write = partial(_write, store, one.rung, one.number)
            batch = aside.batch(store, _climbing(one.height), write, **one.moments(store.now))
        done += batch.done
        if batch.found < BATCH:
            return done


def _write(store: Store, rung: Rung, number: int, rows: list[Owed]) -> int:
    """The letters of a rung that these reached, in a handful of statements however many they are.

    Answers of how many deadlines somebody was told.
    """
    known, params = audience(store, rung, rows), _params(store, rows)
    told = [
        (_event(row, number), person, params[row.id], row.thing_id)
        for row in rows if not _is_kept_twice(row) for person in people(known, rung, row)
    ]  # fmt: skip
    letters.to_each(store, told, rung.template, LetterKind.ACTION)
    return len({event for event, *_ in told})


def _is_kept_twice(row: Owed) -> bool:
    """Whether a case only repeats the date of an objection to it, of which its desk is told already."""
    return row.thing is Thing.APPLICATION and row.kind in (DeadlineKind.OBJECTION_ANSWER, DeadlineKind.SETTLEMENT)


def _event(row: Owed, number: int) -> str:
    """What a rung's letter is known by: of a date that was put off or counted anew by that date as well."""
    return f"{row.id}-{number}" + (f"-{row.due_at:%y%m%d}" if row.first_due_at else "")


def _params(store: Store, rows: list[Owed]) -> dict[str, dict[str, Any]]:
    """What the words of each letter may use, by the deadline's id."""
    years: dict[str, dict[str, int]] = {}
    days = {at: _days(store.now, at) for at in {row.due_at for row in rows}}
    if assessed := {row.thing_id for row in rows if row.kind in REPORTS}:
        years = {one.id: {"year": one.year} for one in store.all(_YEARS[store.dialect.name], ids=listed(assessed))}
    return {
        row.id: {"what": row.kind.value, "due_at": row.due_at.isoformat(), "days": days[row.due_at],
                 "organization": row.desk, "notice": row.thing_id if row.thing is Thing.NOTICE else None,
                 **years.get(row.thing_id, {})}
        for row in rows
    }  # fmt: skip


def _days(now: datetime, due_at: datetime) -> int:
    """The working days that are left with today, or that have passed since the last one; at least one.

    A day that ends at 24:00 is that day, not the next.
    """
    yesterday, last_day = local_date(now) - timedelta(days=1), local_date(due_at - timedelta(seconds=1))
    return max(1, abs(working_days_between(yesterday, last_day)))
