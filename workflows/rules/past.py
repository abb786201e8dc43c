"""How a thing stood at an earlier moment, told from its events: its stage, its due date, its answers, its ranks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from models.vocabulary import REVIEW_OF, Act, Rung

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

_RUNGS = {state.value: rung for rung, state in REVIEW_OF.items()}


class Told(Protocol):
    """An event of the journal, as far as the past is told from it."""

    @property
    def act(self) -> Act:
        """What was done."""

    @property
    def target(self) -> str:
        """The state after it."""

    @property
    def body(self) -> dict[str, Any]:
        """The act's details."""


class Dated(Protocol):
    """A deadline of the thing."""

    @property
    def id(self) -> str:
        """The event that set it."""

    @property
    def kind(self) -> Any:
        """What is due."""

    @property
    def set_at(self) -> datetime:
        """When it was set."""

    @property
    def due_at(self) -> datetime:
        """Its moment as it is now."""

    @property
    def first_due_at(self) -> datetime | None:
        """Its first moment, where it was moved since."""

    @property
    def closed_at(self) -> datetime | None:
        """When the thing moved on."""


class Changed(Protocol):
    """A field of a form before and after a change."""

    @property
    def field(self) -> str:
        """Which field."""

    @property
    def after(self) -> dict[str, Any] | None:
        """Its value then."""


class Named(NamedTuple):
    """A name on a list, at its place in it."""

    application_id: str
    reserve: bool


def rung(events: Iterable[Told]) -> Rung | None:
    """The rung of the tier that had a case last; None before it was handed in."""
    found = None
    for event in events:
        found = _RUNGS.get(event.target, found)
    return found


def answers(changes: Iterable[Changed]) -> dict[str, Any]:
    """The fields of a form that are filled in after these changes, the oldest first."""
    found: dict[str, Any] = {}
    for change in changes:
        found[change.field] = (change.after or {}).get("value")
    return {field: value for field, value in found.items() if value is not None}


def due(deadlines: Sequence[Dated], events: Sequence[Told], at: datetime, read: Any) -> datetime | None:
    """A case's due moment (UTC) at a moment: of its own terms that ran then the newest, as it had been put off by then.

    `events` are those up to the moment; `read` reads a moment of theirs.
    """
    running = [one for one in deadlines if one.set_at <= at and (one.closed_at is None or one.closed_at > at)]
    if not running:
        return None
    newest = max(running, key=lambda one: (one.set_at, one.id))
    found = newest.first_due_at or newest.due_at
    for event in events:
        if event.act is Act.POSTPONE and event.body.get("deadline") == newest.id:
            found = read(event.body["until"])
        for moved in event.body.get("dates", ()) if event.act is Act.RECOUNT else ():
            if moved["kind"] == newest.kind and read(moved["before"]) == found:
                found = read(moved["due_at"])
    return found


def names(events: Iterable[Told]) -> list[Named]:
    """A list in its order after these events: as it was ranked last, without who left it since, with who rose."""
    order: list[Named] = []
    left: dict[str, tuple[int, Named]] = {}
    for event in events:
        body = event.body
        match event.act:
            case Act.RANK:
                order = [Named(one[0], bool(one[1])) for one in body["order"]]
            case Act.WITHDRAW | Act.SEND_DOWN:
                _leave(order, left, body.get("applications") or [body.get("application")])
            case Act.PROMOTE:
                _leave(order, left, [body["application"]])
                order.insert(body["rank"] - 1, Named(body["application"], reserve=False))
            case Act.UNDO if body.get("application") in left:
                place, name = left.pop(body["application"])
                order.insert(place, name)
    return order


def _leave(order: list[Named], left: dict[str, tuple[int, Named]], gone: Iterable[str | None]) -> None:
    for one in gone:
        for place, name in enumerate(order):
            if name.application_id == one:
                left[name.application_id] = (place, name)
                del order[place]
                break
