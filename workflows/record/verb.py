"""Verbs and questions by name: what every face, flow and rehearsal can call."""

from __future__ import annotations

import functools
import hashlib
import inspect
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

from models.base import new_id, table
from models.database import reading
from models.errors import ConflictError, RefusedError
from models.journal import Event
from models.sql import bind, rows_of
from workflows.record.claiming import AlreadyDoneError, row_of
from workflows.record.telling import told
from workflows.rules.characters import require_characters
from workflows.rules.lengths import require_length

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from models.database import Store
    from workflows.record.acting import Actor

P = ParamSpec("P")
R = TypeVar("R")

VERBS: dict[str, Callable[..., Any]] = {}
QUERIES: dict[str, Callable[..., Any]] = {}
_E = table(Event).c
_BY_KEY = rows_of(Event, _E.account_id == bind("account", _E.account_id), _E.key == bind("key", _E.key))


def verb(name: str, answer: Callable[[Store, Event], Any] | None = None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function reachable by name, and one click one effect.

    A click that has acted already (same person, verb, arguments and key) changes nothing and is
    answered by `answer` from its event; without one, by the thing as it is now. Whichever face calls it,
    InputError("character") for a text that no database keeps, InputError("too_long") for one past
    `workflows.rules.lengths`.
    """

    def known(function: Callable[P, R]) -> Callable[P, R]:
        names = tuple(inspect.signature(function).parameters)

        @functools.wraps(function)
        def once(*args: P.args, **kwargs: P.kwargs) -> R:
            with told(name, args, kwargs):
                _require_texts(name, names, args, kwargs)
                if not kwargs.get("key"):
                    return function(*args, **kwargs)
                key = kwargs["key"] = _click(name, args[1:], kwargs)
                try:
                    return function(*args, **kwargs)
                except (AlreadyDoneError, ConflictError, RefusedError) as error:
                    # Whatever stands in the way of a click may be what that click did before.
                    return cast("R", _answered(args, kwargs, key, answer, error))

        VERBS[name] = once
        return once

    return known


def query(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a question reachable by name; InputError("character") for a text that no database keeps."""

    def known(function: Callable[P, R]) -> Callable[P, R]:
        names = tuple(inspect.signature(function).parameters)

        @functools.wraps(function)
        def asked(*args: P.args, **kwargs: P.kwargs) -> R:
            for field, given in _sent(names, args, kwargs):
                require_characters(field, given)
            return function(*args, **kwargs)

        QUERIES[name] = asked
        return asked

    return known


def _require_texts(verb: str, names: tuple[str, ...], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
    for field, given in _sent(names, args, kwargs):
        require_characters(field, given)
        require_length(verb, field, given)


def _sent(names: tuple[str, ...], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What a person sends, whoever it is: everything but the actor, who comes first."""
    for field, given in (*zip(names[1:], args[1:], strict=False), *kwargs.items()):
        if given is not None and field != "actor":
            yield field, given


def not_done_yet(store: Store, actor: Actor, key: str | None) -> None:
    """Raise AlreadyDoneError when this very click has acted; for verbs that make a new thing."""
    if key is not None and store.first(_BY_KEY, account=actor.id, key=key) is not None:
        raise AlreadyDoneError


def made_as(actor: Actor, key: str | None) -> str:
    """The id of what a click makes where no event holds its key: the same click comes to the same id."""
    return hashlib.sha256(f"{actor.id} {key}".encode()).hexdigest()[:32] if key else new_id()


def _click(name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> str:
    """What tells one click from another: a key used again for something else is another click."""
    # The journal shows keys to whoever reads it: a password is no part of one, not even hashed.
    told = sorted((k, v) for k, v in kwargs.items() if k not in ("seen", "password"))
    return hashlib.sha256(repr((name, args, told)).encode()).hexdigest()


def _answered(
    args: tuple[Any, ...], kwargs: Mapping[str, Any], key: str, answer: Callable[[Store, Event], Any] | None,
    error: Exception,
) -> Any:  # fmt: skip
    actor = args[0] if args else kwargs["actor"]
    with reading() as store:
        event = store.first(_BY_KEY, account=getattr(actor, "id", "public"), key=key)
        if event is None:
            raise error
        return answer(store, event) if answer else row_of(store, event.thing, event.thing_id)
