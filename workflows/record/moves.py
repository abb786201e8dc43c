"""A move in hand: what it changes, what it leaves due, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from workflows.charts.advance import NO_FACTS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from models.vocabulary import DeadlineKind
    from workflows.charts.strict import Facts


class Due(NamedTuple):
    """What becomes due: `at` is a UTC moment, `derivation` says in words how it was counted.

    `basis` holds what it was counted from, so that a provisional date can be counted anew. `beside`
    are others that come to be due with it, for the same thing, and run until it moves on.
    """

    kind: DeadlineKind
    at: datetime
    derivation: str = ""
    provisional: bool = False
    desk: str | None = None
    account_id: str | None = None
    basis: dict[str, Any] | None = None
    beside: tuple[Due, ...] = ()


class Change(NamedTuple):
    """One row's move: the facts its guards may ask, the columns it changes, and what it leaves due.

    `due` None leaves the deadlines as they are unless the state changes; then they are closed.
    `for_whom` is the colleague it is done for, where the seats alone do not tell.
    """

    row: Any
    values: dict[str, Any] = {}  # noqa: RUF012 -- never written to
    facts: Facts = NO_FACTS
    body: dict[str, Any] = {}  # noqa: RUF012 -- never written to
    due: Due | None = None
    for_whom: str | None = None


class Moved(NamedTuple):
    """A row before and after, with the event that tells of it and the columns that changed."""

    before: Any
    after: Any
    event: dict[str, Any]
    due: Due | None
    names: Iterable[str] = ()
