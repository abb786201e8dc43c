"""Answers of verbs and questions as plain JSON, and as lines a person can read."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from pydantic import BaseModel

PRIVATE = frozenset({"password_hash", "leader_key", "person_key"})


def plain(value: Any) -> Any:
    """A value as JSON knows it: rows as objects, moments in ISO 8601 with their zone."""
    if hasattr(value, "_asdict"):
        return {k: plain(v) for k, v in value._asdict().items() if k not in PRIVATE}
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(v) for v in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bytes):
        return f"<{len(value)} bytes>"
    if isinstance(value, Path):
        return value.name
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def as_json(value: Any) -> str:
    """A value as one line of JSON; Chinese stays readable."""
    return json.dumps(plain(value), ensure_ascii=False)


def as_lines(value: Any, indent: str = "") -> list[str]:
    """A value as indented lines."""
    known = plain(value)
    if isinstance(known, dict):
        return [line for k, v in known.items() for line in _pair(k, v, indent)]
    if isinstance(known, list):
        return [line for item in known for line in [f"{indent}-", *as_lines(item, indent + "  ")]]
    return [f"{indent}{known}"]


def _pair(key: str, value: Any, indent: str) -> list[str]:
    if isinstance(value, dict | list) and value:
        return [f"{indent}{key}:", *as_lines(value, indent + "  ")]
    return [f"{indent}{key}: {'' if value in (None, [], {}) else value}"]
