"""Programmes for the tests of rules: the shipped one with some of its keys changed."""

from typing import Any

from models.programme import Programme, parse, shipped


def programme(code: str = "provincial-studio", **changes: Any) -> Programme:
    """A shipped programme with keys replaced; of a table only those that are given."""
    content = shipped(code).model_dump(mode="json")
    for key, value in changes.items():
        known = content.get(key)
        content[key] = {**known, **value} if isinstance(known, dict) and isinstance(value, dict) else value
    return parse(content)
