"""What goes in and what comes out of verbs and questions, as JSON Schema (draft 2020-12)."""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any

from ui.answers import PRIVATE
from workflows import table

_PLAIN: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    type(None): {"type": "null"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    time: {"type": "string"},
    Decimal: {"type": "string"},
    bytes: {"type": "string"},
}
_LISTS = (list, set, frozenset, tuple, Iterable)
_DEEPEST = 8


@cache
def arguments(function: Callable[..., Any]) -> dict[str, Any]:
    """The object that a verb or question takes; bytes are base64."""
    form = table.form_of(function)
    made = form.model_json_schema()
    for name, field in form.model_fields.items():
        if field.annotation is bytes:
            made["properties"][name] = {"type": "string", "contentEncoding": "base64"}
    made["additionalProperties"] = False
    return made


@cache
def answer(function: Callable[..., Any]) -> dict[str, Any]:
    """What a verb or question answers; `{}` (anything) where its signature does not tell."""
    inner = inspect.unwrap(function)
    try:
        told = typing.get_type_hints(inner, table.names_for(inner)).get("return", Any)
    except NameError:
        return {}
    return _schema(told, 0)


def _schema(told: Any, depth: int) -> dict[str, Any]:
    if told in _PLAIN:
        return dict(_PLAIN[told])
    origin, inner = typing.get_origin(told), typing.get_args(told)
    if origin in (typing.Union, types.UnionType):
        return {"anyOf": [_schema(one, depth) for one in inner]}
    if origin is typing.Literal:
        return {"enum": list(inner)}
    if origin in (dict, Mapping) or told is dict:
        return {"type": "object"}
    if origin in _LISTS or told in _LISTS:
        return {"type": "array", "items": _schema(inner[0], depth) if inner and origin is not tuple else {}}
    if inspect.isclass(told):
        return _of_class(told, depth)
    return {}


def _of_class(told: type, depth: int) -> dict[str, Any]:
    if issubclass(told, Enum):
        return {"type": "string", "enum": [member.value for member in told]}
    names = _columns(told)
    if not names or depth >= _DEEPEST:
        return {}
    try:
        hints = typing.get_type_hints(told, table.names_for(told))
    except NameError:
        hints = {}
    shown = {name: _schema(hints.get(name, Any), depth + 1) for name in names if name not in PRIVATE}
    return {"type": "object", "title": told.__name__, "properties": shown, "required": sorted(shown)}


def _columns(told: type) -> tuple[str, ...]:
    """The names of a row's columns; of another class none."""
    return tuple(getattr(told, "model_fields", ())) or tuple(getattr(told, "_fields", ()))
