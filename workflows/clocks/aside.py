"""What a clock could not do is set aside with a note, told of and tried again; the line goes on without it."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

import sqlalchemy as sa
import structlog

from models.base import new_id, table
from models.database import reading, transaction
from models.deadline import SetAside
from models.errors import BrokenError, BusyError, ShenbaoError
from models.sql import Sql, bind, insert_into, rows_of
from models.text import sentence
from models.words_clocks import step_words
from workflows.clocks import keepers
from workflows.rules import privacy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from models.database import Store
    from models.vocabulary import Thing

T = TypeVar("T")
_X = table(SetAside).c
_log = structlog.get_logger(__name__)

BATCH = 500
BAD = (ShenbaoError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, StopIteration, OSError)
"""What a row that cannot be dealt with raises. A database that is gone (BusyError) is no bad row."""
BACK_OFF = (timedelta(minutes=5), timedelta(hours=1), timedelta(days=1))
KEPT = timedelta(days=90)
QUIET = timedelta(hours=1)
_LONGEST = 200  # characters of what a program said
_THING_ID = 80
_ROOMS = Path(__file__).parents[1]

_stands = _X.cleared_at.is_(None)
_THIS = (_X.step == bind("step", _X.step), _X.thing_id == bind("thing_id", _X.thing_id), _stands)
_ONE = rows_of(SetAside, *_THIS, lock=True)
# A note of the future was made by a clock that went wrong: it holds nothing back.
_held = (_stands, _X.try_at > bind("now", _X.try_at), _X.last_at <= bind("now", _X.try_at))
_HELD: Sql[str] = Sql(sa.select(_X.thing_id).where(_X.step == bind("step", _X.step), *_held))
_ADD = insert_into(SetAside, ignore=True)
_AGAIN: Sql[None] = Sql(
    sa.update(table(SetAside))
    .where(*_THIS)
    .values({n: bind(n, _X[n]) for n in ("tries", "last_at", "try_at", "code", "details", "thing")})
)
_TOLD: Sql[str] = Sql(
    sa.select(_X.id)
    .where(_X.step == bind("step", _X.step), _X.first_at > bind("since", _X.first_at), _X.id != bind("id", _X.id))
    .limit(1)
)
_LOOK: Sql[datetime] = Sql(sa.select(_X.last_at).where(_stands | (_X.cleared_at < bind("before", _X.last_at))))
_whole = table(SetAside).alias("whole")
_failed = sa.exists().where(
    _whole.c.step == _X.step,
    _whole.c.thing_id == sa.literal_column("''"),
    _whole.c.cleared_at.is_(None),
    _whole.c.last_at >= bind("begun", _X.last_at),
)
_CLEAR: Sql[None] = Sql(
    sa.update(table(SetAside))
    .where(_stands, _X.try_at <= bind("begun", _X.last_at), _X.last_at < bind("begun", _X.last_at), ~_failed)
    .values(cleared_at=bind("now", _X.last_at))
)
_FORGET: Sql[None] = Sql(sa.delete(table(SetAside)).where(_X.cleared_at < bind("before", _X.last_at)))


@dataclass(frozen=True)
class Line(Generic[T]):
    """What a step works through: its rows in batches, held; their ids alone; and one row by its `id`.

    `rows` and `ids` find the same rows and leave out what is set aside (`free`).
    """

    step: str
    rows: Sql[T]
    ids: Sql[str]
    one: Sql[T]
    thing: Thing | None = None


class Batch(NamedTuple):
    """What came of a batch: how many rows were found, how many things were done, the id of the last row."""

    found: int
    done: int
    last: str


def free(step: str, column: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Whether nothing holds a row back from a step; the statement then needs `now`."""
    return ~sa.exists().where(_X.step == sa.literal(step, _X.step.type), _X.thing_id == column, *_held)


def line(step: str, model: type[T], statement: Any, thing: Thing | None = None) -> Line[T]:
    """The line of a step from a select of a model's rows: at most 500 at a time, and what is set aside left out."""
    column = table(model).c.id  # type: ignore[arg-type]
    found = statement.where(free(step, column)).limit(BATCH)
    one = rows_of(model, column == bind("id", column), lock=True)
    return Line(step, Sql(found, model), Sql(found.with_only_columns(column)), one, thing)


def batch(store: Store, rows: Line[T], act: Callable[[list[T]], int], **values: Any) -> Batch:
    """Do something to the next rows of a line at once; where that fails, to one at a time.

    Then only the rows that fail by themselves are set aside. Raises BusyError.
    """
    try:
        with store.savepoint():
            found = store.all(rows.rows, **values)
            done = act(found) if found else 0
            return Batch(len(found), done, str(getattr(found[-1], "id", "")) if found else "")
    except BusyError:
        raise
    except BAD:
        ids = store.all(rows.ids, **values)
        return Batch(len(ids), sum(_alone(store, rows, act, one) for one in ids), ids[-1] if ids else "")


def in_batches(rows: Line[T], act: Callable[[Store, list[T]], int], **values: Any) -> int:
    """Do something to every row of a line, each batch in a transaction of its own; answers how much was done.

    For acts after which a row is not found again. Raises BusyError.
    """
    done = 0
    while True:
        with transaction() as store:
            one = batch(store, rows, partial(act, store), **values, now=store.now)
        done += one.done
        if one.found < BATCH:
            return done


def each(step: str, ids: Iterable[T], act: Callable[[T], int], thing: Thing | None = None) -> int:
    """Do something to one after another, each in transactions of its own; what fails is set aside.

    An id is text, or a tuple of texts. Raises BusyError.
    """
    known = list(ids)
    if not known:
        return 0
    with reading() as store:
        held = set(store.all(_HELD, step=step, now=store.now))
    return sum(_guarded(step, thing, _named(one), act, one) for one in known if _named(one) not in held)


def whole(step: str, work: Callable[[], int]) -> int:
    """Do a whole step; where it fails, that is noted, and the other steps go on. Raises BusyError."""
    return _guarded(step, None, "", lambda _: work(), None)


def settle(begun: datetime) -> int:
    """After a sweep: what was to be tried again and did not fail is over. Answers how much was set aside in it.

    `begun` is when the sweep began (UTC). What was over 90 days ago is forgotten.
    """
    with reading() as store:
        noted, now = store.all(_LOOK, before=store.now - KEPT), store.now
    if noted:
        with transaction() as store:
            store.run(_CLEAR, begun=begun, now=store.now)
            store.run(_FORGET, before=store.now - KEPT)
    return sum(begun <= last_at <= now for last_at in noted)


def note(store: Store, step: str, thing: Thing | None, thing_id: str, error: BaseException) -> None:
    """Set something aside, or note that it failed again: after 5 minutes, an hour, then daily it is tried anew.

    A step as a whole is tried by every sweep. The keepers are written to once an hour and step.
    """
    before = store.first(_ONE, step=step, thing_id=thing_id[:_THING_ID])
    tries, told = before.tries + 1 if before else 1, _told(error)
    details = {name: _plain(value) for name, value in told.details.items()} | {"where": _where(error)}
    wait = BACK_OFF[min(tries, len(BACK_OFF)) - 1] if thing_id else timedelta()
    values = {"step": step, "thing": thing, "thing_id": thing_id[:_THING_ID], "code": told.code, "details": details,
              "tries": tries, "last_at": store.now, "try_at": store.now + wait}  # fmt: skip
    _log.warning("set_aside", step=step, thing_id=thing_id, code=told.code, tries=tries, where=details["where"])
    if before is not None:
        store.run(_AGAIN, **values)
        return
    fresh = new_id()
    if store.run(_ADD, id=fresh, first_at=store.now, cleared_at=None, **values):
        _tell(store, fresh, step, told)


def _tell(store: Store, fresh: str, step: str, told: ShenbaoError) -> None:
    if store.first(_TOLD, step=step, since=store.now - QUIET, id=fresh) is not None:
        return
    zh, en = step_words(step)
    why = {language: sentence(told, language) for language in ("zh", "en")}
    keepers.tell(store, fresh, "set_aside", {"step": {"zh": zh, "en": en}, "why": why})


def _named(one: Any) -> str:
    return one if isinstance(one, str) else ":".join(map(str, one))


def _alone(store: Store, rows: Line[T], act: Callable[[list[T]], int], one: str) -> int:
    try:
        with store.savepoint():
            return act(store.all(rows.one, id=one))
    except BusyError:
        raise
    except BAD as error:
        note(store, rows.step, rows.thing, one, error)
        return 0


def _guarded(step: str, thing: Thing | None, thing_id: str, act: Callable[[T], int], one: T) -> int:
    try:
        return act(one)
    except BusyError:
        raise
    except BAD as error:
        with transaction() as store:
            note(store, step, thing, thing_id, error)
        return 0


def _told(error: BaseException) -> ShenbaoError:
    """The error as people are told of it; a fault of the program by its kind, with no number of a person's."""
    if isinstance(error, ShenbaoError):
        return error
    return BrokenError("step_failed", kind=type(error).__name__, reason=str(error)[:_LONGEST])


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, int | float):
        return value
    return privacy.public(str(value))[:_LONGEST]


def _where(error: BaseException) -> str:
    """The last line of ours that the error came through, as `room/module.py:12`."""
    ours = [f for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).is_relative_to(_ROOMS)]
    return f"{Path(ours[-1].filename).relative_to(_ROOMS).as_posix()}:{ours[-1].lineno}" if ours else ""
