"""What a search's tree asks of the database: one condition, in which a missing value is never a match."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY

from models.account import Account
from models.application import Application
from models.base import table
from models.organization import Organization
from models.round import Round
from models.search import Document, marks_borne, pairs, spelt
from models.slate import Entry, Slate
from models.sql import bind
from models.vocabulary import ENDED, LIVE, REVIEWS, Role, SlateState, State
from workflows.rules import calendar, search_values
from workflows.rules.search_nodes import All, Days, Flag, Has, Node, Not, Score, Some, States, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from models.database import Store
    from workflows.record.acting import Actor, Lent
    from workflows.rules.search_values import Today

Clause = sa.ColumnElement[bool]
_P, _O, _R, _A, _D, _E, _S = (table(m).c for m in (Application, Organization, Round, Account, Document, Entry, Slate))
FTS = sa.table("search_fts", sa.column("rowid", sa.Integer))
AT_RISK = 3  # working days
_DAY = timedelta(days=1)
_NOW = bind("now", _P.due_at)
_MOMENTS = {"due": _P.due_at, "submitted": _P.submitted_at, "entered": _P.entered_at}


class Asker(NamedTuple):
    """Who searches: their id and seats, the desks they review at and for whom, the marks they bear, and the day.

    The moment is no part of it: statements take it as the parameter `now`, and are kept for the day.
    """

    id: str
    seats: tuple[str, ...]
    units: tuple[str, ...]
    desks: tuple[str, ...]
    lenders: tuple[tuple[str, tuple[Lent, ...]], ...]
    marks: tuple[str, ...]
    today: Today
    dialect: str


def asker(store: Store, who: Actor, today: Today) -> Asker:
    """The person who searches, with today's seats."""
    desks = who.places(Role.REVIEWER)
    lenders = ((desk, tuple(who.lenders(desk, Role.REVIEWER))) for desk in desks)
    return Asker(
        who.id, tuple(who.places()), tuple(who.places(Role.CLERK)), tuple(desks),
        tuple((desk, lent) for desk, lent in lenders if lent), tuple(marks_borne(who.id, (*who.seats, *who.lent))),
        today, store.dialect.name,
    )  # fmt: skip


def clause(by: Asker, node: Node) -> Clause:
    """The condition that a tree means for whoever asks."""
    match node:
        case All(parts):
            return sa.and_(sa.true(), *(clause(by, part) for part in parts))
        case Some(parts):
            return sa.or_(sa.false(), *(clause(by, part) for part in parts))
        case Not(part):
            return sa.not_(clause(by, part))
        case Text(words):
            return _text(by, words)
        case Flag(name):
            return _FLAGS[name](by)
        case States(states):
            return _in(_P.state, sorted(states))
        case Has(field, value):
            return _FIELDS[field](by, value)
        case Days(field, first, last):
            return _days(field, first, last)
        case Score(least, most):
            return _score(by, least, most)


def match_of(by: Asker, texts: Iterable[str]) -> str | None:
    """What the index is asked: one of the asker's marks, and every pair of the texts; None without a pair."""
    found = sorted({pair for text in texts for pair in pairs(text)})
    if not found:
        return None
    either, both = (" OR ", " AND ") if by.dialect == "sqlite" else (" | ", " & ")
    return both.join([f"({either.join(by.marks)})", *(spelt(pair, by.dialect) for pair in found)])


def matches(by: Asker, asked: str) -> Clause:
    """The index's own condition; on SQLite for a statement that joins its table."""
    if by.dialect == "sqlite":
        return sa.literal_column("search_fts").op("MATCH", is_comparison=True)(sa.literal(asked))
    return _D.words.op("@@", is_comparison=True)(sa.cast(sa.literal(asked), TSQUERY))


def is_pair(words: str) -> bool:
    """Whether words are one pair of characters, which the index holds whole."""
    return len(words) == 2 and bool(pairs(words))  # noqa: PLR2004 -- a pair


def exact(words: str) -> Clause:
    """The words themselves, side by side, where the index knows only their pairs."""
    return sa.true() if is_pair(words) else _D.text.contains(words, autoescape=True)


def _text(by: Asker, words: str) -> Clause:
    asked = match_of(by, [words])
    if asked is None:
        return exact(words)
    if by.dialect == "sqlite":
        return _D.number.in_(sa.select(FTS.c.rowid).where(matches(by, asked))) & exact(words)
    return matches(by, asked) & exact(words)


def _in(column: Any, members: Iterable[Any]) -> Clause:
    return column.in_(list(members)) if members else sa.false()


def _here(by: Asker) -> Clause:
    """At a desk the asker reviews at, and not their own case: what only the desk knows is told of these."""
    return _P.desk.is_not(None) & _in(_P.desk, by.desks) & ~_own_case(by, _P.desk)


def _own_case(by: Asker, desk: Any) -> Clause:
    """As `permissions.is_own_case`: the asker's, their unit's, or that of each colleague they sit there for."""
    found = [_P.applicant_id == by.id, _in(_P.organization, by.seats) & (_P.organization != desk)]
    for place, lent in by.lenders:
        theirs = [(_P.applicant_id == one.principal) | (_in(_P.organization, one.units) & (_P.organization != desk))
                  for one in lent]  # fmt: skip
        found.append((desk == place) & sa.and_(*theirs))
    return sa.or_(*found)


def _overdue(_: Asker) -> Clause:
    return _P.due_at.is_not(None) & (_P.due_at <= _NOW)


def _at_risk(by: Asker) -> Clause:
    last = calendar.ends_at(search_values.moved(by.today, AT_RISK))
    return _P.due_at.is_not(None) & (_P.due_at > _NOW) & (_P.due_at <= last)


def _mine(by: Asker) -> Clause:
    return (_P.applicant_id == by.id) | _in(_P.organization, by.units)


_FLAGS: dict[str, Callable[[Asker], Clause]] = {
    "overdue": _overdue,
    "at-risk": _at_risk,
    "unchecked": lambda _: _in(_P.state, sorted(REVIEWS)) & ~_P.checked,
    "checked": lambda _: _in(_P.state, sorted(REVIEWS)) & _P.checked,
    "held": lambda by: _P.on_hold & _here(by),
    "listed": lambda by: _P.slate_id.is_not(None) & _here(by),
    "returned": lambda _: _P.state == State.RETURNED,
    "live": lambda _: _in(_P.state, sorted(LIVE)),
    "ended": lambda _: _in(_P.state, sorted(ENDED)),
    "mine": _mine,
}


def _like(column: Any, value: str) -> Clause:
    return sa.func.lower(column).contains(value.lower(), autoescape=True)


def _desk(by: Asker, value: str) -> Clause:
    return _P.desk.is_not(None) & (_in(_P.desk, by.desks) if value in ("me", "我") else _P.desk == value)


def _handler(by: Asker, value: str) -> Clause:
    if value in ("none", "无"):
        return _P.handler_id.is_(None) & _here(by)
    if value in ("me", "我"):
        return _P.handler_id.is_not(None) & (_P.handler_id == by.id) & _here(by)
    named = sa.exists().where(_A.id == _P.handler_id, _like(_A.name, value))
    return named & _here(by)


def _round(_: Asker, value: str) -> Clause:
    year = _R.year == int(value) if value.isdecimal() and len(value) == 4 else sa.false()  # noqa: PLR2004 -- a year
    return (_R.id == value) | year | _like(_R.name, value)


def _programme(_: Asker, value: str) -> Clause:
    return (_P.programme == value) | _P.programme.startswith(f"{value}@", autoescape=True)


def _region(_: Asker, value: str) -> Clause:
    if value.isdecimal():
        digits = value.rstrip("0") if len(value) == 6 else value  # noqa: PLR2004 -- a whole code
        digits += "0" * (len(digits) % 2)
        place = sa.func.coalesce(_O.county, _O.city, _O.province, "")
        return place.startswith(digits, autoescape=True)
    above = table(Organization).alias("above")
    return sa.exists().where(above.c.code.in_((_O.province, _O.city, _O.county)), _like(above.c.name, value))


_FIELDS: dict[str, Callable[[Asker, str], Clause]] = {
    "desk": _desk,
    "handler": _handler,
    "round": _round,
    "programme": _programme,
    "region": _region,
    "unit": lambda _, value: (_O.code == value) | _like(_O.name, value),
    "leader": lambda _, value: _like(_P.leader_name, value),
    "receipt": lambda _, value: (
        _P.receipt.is_not(None) & sa.func.upper(_P.receipt).startswith(value.upper(), autoescape=True)
    ),
}


def _days(field: str, first: date | None, last: date | None) -> Clause:
    """A day's moments are from its midnight on; a term that ends a day ends at the midnight after it."""
    moment = _MOMENTS[field]
    found: list[Clause] = [moment.is_not(None)]
    if first is not None:
        begin = calendar.ends_at(first - _DAY)
        found.append(moment > begin if field == "due" else moment >= begin)
    if last is not None:
        end = calendar.ends_at(last)
        found.append(moment <= end if field == "due" else moment < end)
    return sa.and_(*found)


def _score(by: Asker, least: int, most: int) -> Clause:
    """A score on a sealed list of a desk the asker reviews at; nobody reads that of their own case."""
    return sa.exists().where(
        _E.application_id == _P.id,
        _S.id == _E.slate_id,
        _in(_S.organization, by.desks),
        _S.state != SlateState.DRAFTING,
        _E.score.is_not(None),
        _E.score.between(least, most),
        ~_own_case(by, _S.organization),
    )
