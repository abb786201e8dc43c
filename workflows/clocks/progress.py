"""How far a long run has come, for whoever shows it; without a listener it costs nothing."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_listener: ContextVar[Callable[[str, int, int], None] | None] = ContextVar("listener", default=None)


@contextmanager
def heard(listener: Callable[[str, int, int], None]) -> Iterator[None]:
    """Have `listener(step, number, of)` told of every step that begins within, in this thread and those it starts."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


@contextmanager
def part(first: int, of: int) -> Iterator[None]:
    """What tells of its own steps within is part of a run of `of` steps, and begins with its `first` (from 0)."""
    listener = _listener.get()
    if listener is None:
        yield
        return
    with heard(lambda step, number, _: listener(step, first + number, of)):
        yield


def at(step: str, number: int, of: int) -> None:
    """A step begins, the `number`th (from 0) of so many."""
    if (listener := _listener.get()) is not None:
        listener(step, number, of)
