"""Every fault of form at once: unknown and missing keys, wrong types, words that are none of those known."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from models.programme import Programme
from workflows.linting.finding import Raw, error, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workflows.linting.finding import Path

_BOUNDS = {"greater_than": ">", "greater_than_equal": "≥", "less_than": "<", "less_than_equal": "≤"}
_MOST = 400
_DAY = re.compile(r"\d\d-\d\d")


def checked(content: Mapping[str, Any]) -> tuple[Programme | None, list[Raw]]:
    """The programme of a file's content, and every fault of form.

    Keys that nobody knows are told and then left out, so that the rest is judged all the same.
    """
    try:
        return Programme.model_validate(content), []
    except ValidationError as found:
        faults = found.errors(include_url=False, include_context=True)
    raws = list(islice(_told(content, faults), _MOST))
    if {fault["type"] for fault in faults} != {"extra_forbidden"}:
        return None, raws
    try:
        return Programme.model_validate(_without(content, [tuple(fault["loc"]) for fault in faults])), raws
    except ValidationError:
        return None, raws


def _told(content: Mapping[str, Any], faults: Sequence[Any]) -> Iterator[Raw]:
    seen: set[tuple[Path, str]] = set()
    for fault in faults:
        path = _path(content, fault["loc"], is_missing=fault["type"] == "missing")
        raw = _one(path, fault)
        if (path, raw.code) not in seen:
            seen.add((path, raw.code))
            yield raw


def _path(content: Any, location: Sequence[str | int], *, is_missing: bool) -> Path:
    """The place in the file: pydantic also names the branches of a choice, which stand in no file."""
    path: list[str | int] = []
    inside: Any = content
    for part in location:
        if isinstance(inside, dict):
            found = part in inside
        else:
            found = isinstance(inside, list) and isinstance(part, int) and part < len(inside)
        if found:
            inside = inside[part]
            path.append(part)
    return (*path, location[-1]) if is_missing else tuple(path)


def _one(path: Path, fault: Mapping[str, Any]) -> Raw:
    kind, given, bounds = fault["type"], shown(fault["input"]), fault.get("ctx", {})
    key = str(path[-1]) if path else ""
    match kind:
        case "missing":
            return error(path, "missing_key", key=key)
        case "extra_forbidden":
            known = keys_at(path[:-1])
            return error(path, "unknown_key", key=key, near=nearest(key, known), known=sorted(known))
        case "literal_error" | "enum":
            known = re.findall(r"'([^']*)'", str(bounds.get("expected", "")))
            return error(path, "not_one_of", key=key, given=given, near=nearest(given, known), known=known)
        case "string_pattern_mismatch":
            return error(path, "wrong_form", key=key, given=given, pattern=str(bounds.get("pattern", "")))
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal":
            limit = next((str(v) for k, v in bounds.items() if k in ("gt", "ge", "lt", "le")), "")
            return error(path, "out_of_range", key=key, given=given, limit=f"{_BOUNDS[kind]} {limit}")
        case "too_short":
            return error(path, "too_few", key=key, least=bounds.get("min_length"))
        case "value_error":
            if key == "bands":
                return error(path, "bands_from_zero", key=key)
            code = "no_such_day" if _DAY.fullmatch(given) else "wrong_form"
            return error(path, code, key=key, given=given)
        case _:
            return error(path, "wrong_type", key=key, given=given, expected=_expected(kind))


def _expected(kind: str) -> str:
    """The name, in models/words.py, of what a value must be."""
    names = {"bool": "bool", "date": "date", "time": "time", "int": "int", "decimal": "Decimal", "string": "str",
             "tuple": "list", "model": "table", "dict": "table", "finite": "Decimal", "none": "str"}  # fmt: skip
    return names.get(kind.split("_", maxsplit=1)[0], "other")


def shown(value: Any) -> str:
    """A value as it may be said back: never a whole table, never a number of a thousand digits."""
    if isinstance(value, dict | list):
        return "[…]" if isinstance(value, list) else "{…}"
    if isinstance(value, bool):
        return str(value).lower()
    return "…" if isinstance(value, int) and abs(value) >= 10**30 else str(value)[:60]


def _without(content: Any, places: Sequence[Path]) -> Any:
    """The content without these keys, copied only along their ways."""
    gone: dict[str | int, list[Path]] = {}
    for head, *rest in places:
        gone.setdefault(head, []).append(tuple(rest))
    if isinstance(content, list):
        return [_without(item, [p for p in gone.get(n, []) if p]) for n, item in enumerate(content)]
    if not isinstance(content, dict):
        return content
    return {k: _without(v, [p for p in gone.get(k, []) if p]) for k, v in content.items() if () not in gone.get(k, [])}


def keys_at(path: Path) -> list[str]:
    """The keys that may stand in the table at a path."""
    model: Any = Programme
    for part in path:
        if not isinstance(part, int):
            fields = getattr(model, "model_fields", {})
            model = _model(fields[part].annotation) if part in fields else None
    return list(getattr(model, "model_fields", {}))


def _model(kind: Any) -> type[BaseModel] | None:
    """The table that a key's type holds, in a list or not."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    if get_origin(kind) is dict:
        return None
    inner = (_model(part) for part in get_args(kind) if get_origin(kind) is not Union or part is not type(None))
    return next((found for found in inner if found is not None), None)
