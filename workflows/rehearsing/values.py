"""What a script writes for values: references to what came before, repetitions, and expectations."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from models.errors import InputError
from workflows.rehearsing.setting import BEIJING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SPAN = re.compile(r"(\d+)-(\d+)")
_ABSENT = object()


class Difference(NamedTuple):
    """A place in an answer, what the script expects there, and what came."""

    what: str
    expected: Any
    came: Any


def numbered(value: Any, name: str, number: int) -> Any:
    """The value with `{name}` replaced in every text, keys included."""
    if isinstance(value, str):
        return value.replace(f"{{{name}}}", str(number))
    if isinstance(value, dict):
        return {numbered(k, name, number): numbered(v, name, number) for k, v in value.items()}
    return [numbered(item, name, number) for item in value] if isinstance(value, list) else value


def filled(value: Any, saved: Mapping[str, Any]) -> Any:
    """The value with `$name.path` looked up and `{ each = ..., of = "1-70" }` written out.

    Raises InputError("rehearsal_reference") for a name nothing was saved under.
    """
    if isinstance(value, str) and value.startswith("$"):
        return _looked_up(value[1:], saved)
    if isinstance(value, dict) and value.keys() == {"each", "of"}:
        return [filled(item, saved) for item in _each(value)]
    if isinstance(value, dict):
        return {key: filled(item, saved) for key, item in value.items()}
    if not isinstance(value, list):
        return value
    items: list[Any] = []
    for item in value:
        listed = isinstance(item, dict) and item.keys() == {"each", "of"}
        items += filled(item, saved) if listed else [filled(item, saved)]
    return items


def _each(value: Mapping[str, Any]) -> Iterator[Any]:
    found = _SPAN.fullmatch(str(value["of"]))
    if found is None:
        raise InputError("rehearsal_span", given=str(value["of"])[:60], expected="1-70")
    for number in range(int(found[1]), int(found[2]) + 1):
        yield numbered(value["each"], "n", number)


def _looked_up(path: str, saved: Mapping[str, Any]) -> Any:
    name, *rest = path.split(".")
    found = saved.get(name, _ABSENT)
    for part in rest:
        found = _part(found, part)
    if found is _ABSENT:
        raise InputError("rehearsal_reference", given=f"${path}", known=sorted(saved))
    return found


def differences(expected: Any, came: Any, what: str = "") -> Iterator[Difference]:
    """Every place where an answer is not as expected; what is not mentioned may be anything."""
    if isinstance(expected, dict):
        for key, wanted in expected.items():
            yield from _inside(str(key).split("."), wanted, came, what)
    elif isinstance(expected, list):
        items = list(came) if isinstance(came, list | tuple) else None
        if items is None or len(items) != len(expected):
            yield Difference(what, plain(expected), plain(came))
            return
        for number, (wanted, item) in enumerate(zip(expected, items, strict=True)):
            yield from differences(wanted, item, _joined(what, str(number)))
    elif plain(expected) != plain(came):
        yield Difference(what, plain(expected), plain(came))


def _inside(parts: list[str], expected: Any, came: Any, what: str) -> Iterator[Difference]:
    if not parts:
        yield from differences(expected, came, what)
        return
    head, *rest = parts
    where = _joined(what, head)
    if head == "*":
        path = ".".join([where, *rest])
        items = came if isinstance(came, list | tuple) else [came]
        yield from differences(expected, [_dug(item, rest) for item in items], path)
    elif head == "contains":
        if not _contains(came, expected):
            yield Difference(where, plain(expected), plain(came))
    elif head == "none":
        if (came is None) is not bool(expected):
            yield Difference(where, plain(expected), plain(came))
    else:
        sized = isinstance(came, list | tuple | dict | str)
        found = len(came) if head == "len" and sized else _part(came, head)
        if found is _ABSENT:
            yield Difference(where, plain(expected), _names(came))
        else:
            yield from _inside(rest, expected, found, where)


def _contains(came: Any, expected: Any) -> bool:
    if isinstance(came, str):
        return str(expected) in came
    items = came if isinstance(came, list | tuple) else [came]
    return any(not any(differences(expected, item)) for item in items)


def _dug(came: Any, parts: list[str]) -> Any:
    for part in parts:
        came = _part(came, part)
    return None if came is _ABSENT else came


def _part(came: Any, name: str) -> Any:
    """A field of a row, a key of a mapping, or an item of a list by its number from 0."""
    if isinstance(came, dict):
        return came.get(name, _ABSENT)
    if name in _names(came):
        return getattr(came, name)
    if isinstance(came, list | tuple) and name.isdigit() and int(name) < len(came):
        return came[int(name)]
    return _ABSENT


def _names(came: Any) -> list[str]:
    if is_dataclass(came):
        return [field.name for field in fields(came)]
    return list(came) if isinstance(came, dict) else list(getattr(came, "_fields", ()))


def plain(value: Any) -> Any:
    """A value as a script can write it: moments in Beijing to the minute, words of the trade."""
    match value:
        case Enum():
            return value.value
        case datetime():
            local = value.astimezone(BEIJING) if value.tzinfo else value
            return f"{local:%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case dict():
            return {key: plain(item) for key, item in value.items()}
        case list() | tuple():
            named = getattr(value, "_fields", None)
            items = [plain(item) for item in value]
            return dict(zip(named, items, strict=True)) if named else items
        case _:
            return value


def _joined(what: str, part: str) -> str:
    return f"{what}.{part}" if what else part
