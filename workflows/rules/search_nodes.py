"""What a search asks, as a tree: the words' meaning, before any database is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date

    from models.vocabulary import State


class Text(NamedTuple):
    """Free words, folded."""

    words: str


class Flag(NamedTuple):
    """A condition it is in."""

    name: str


class States(NamedTuple):
    """It is in one of these states."""

    states: frozenset[State]


class Has(NamedTuple):
    """A field holds a text, or is it."""

    field: str
    value: str


class Days(NamedTuple):
    """A moment's day lies between two days, both counted; None is open."""

    field: str
    first: date | None
    last: date | None


class Score(NamedTuple):
    """Hundredths of a point, both counted."""

    least: int
    most: int


class Not(NamedTuple):
    """It is not so."""

    part: Node


class All(NamedTuple):
    """All of it is so."""

    parts: tuple[Node, ...]


class Some(NamedTuple):
    """At least one of it is so."""

    parts: tuple[Node, ...]


Node = Text | Flag | States | Has | Days | Score | Not | All | Some


class Asked(NamedTuple):
    """What words ask for, and the order they ask for it in (None: the newest first)."""

    where: Node
    order: str | None = None
    is_turned: bool = False
