"""A programme as TOML text, for versions that were not published from a file of their own."""

from __future__ import annotations

import json
import re
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.programme import Programme

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def as_toml(programme: Programme) -> str:
    """The text of a file that says the same, with the keys that were given and no remarks."""
    content = programme.model_dump(exclude_unset=True, exclude_none=True)
    tables = {key: value for key, value in content.items() if isinstance(value, dict) or _is_tables(value)}
    blocks = ["\n".join(_entries({key: value for key, value in content.items() if key not in tables}))]
    for key, value in tables.items():
        if isinstance(value, dict):
            blocks.append("\n".join([f"[{key}]", *_entries(value)]))
        else:
            blocks += ["\n".join([f"[[{key}]]", *_entries(item)]) for item in value]
    return "\n\n".join(blocks) + "\n"


def _is_tables(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(item, dict) for item in value)


def _entries(table: Mapping[str, Any]) -> list[str]:
    return [f"{_key(key)} = {_value(value)}" for key, value in table.items()]


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _value(key)


def _value(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case StrEnum():
            return _value(value.value)
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case int():
            return str(value)
        case Decimal():
            return f"{value:f}"
        case date() | time():
            return value.isoformat()
        case dict():
            return "{ " + ", ".join(_entries(value)) + " }" if value else "{}"
        case _:
            return "[" + ", ".join(_value(item) for item in value) + "]"
