"""What the log says of a verb: its name, who called it, on what by id, how long it took, and what it was answered."""

from __future__ import annotations

import time
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from models import logs
from models.errors import ShenbaoError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# A password or a robot's key may look like an id.
SECRET = frozenset({"password", "address"})
_inside: ContextVar[bool] = ContextVar("inside", default=False)


@contextmanager
def told(name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Iterator[None]:
    """One line for the verb within, at its end; verbs that a verb calls are a part of its line.

    A refusal is told by its code alone: its details may hold what somebody typed.
    """
    if not logs.listens() or _inside.get():
        yield
        return
    begun, inside = time.perf_counter(), _inside.set(True)
    outcome = "done"
    try:
        yield
    except ShenbaoError as error:
        outcome = error.code
        raise
    except BaseException as error:
        outcome = type(error).__name__
        raise
    finally:
        _inside.reset(inside)
        actor = args[0] if args else kwargs.get("actor")
        things = logs.ids([*args[1:], *(value for field, value in kwargs.items() if field not in SECRET)])
        ms = round((time.perf_counter() - begun) * 1000, 1)
        logs.tell("verb", verb=name, actor=getattr(actor, "id", None), things=things, outcome=outcome, ms=ms)
