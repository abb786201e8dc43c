"""A list of any length as one parameter, so that a statement about it is compiled once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from models.sql import Sql, bind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_TEXT = bind("ids", sa.column("ids", sa.String))
_LISTED: dict[str, Any] = {
    "sqlite": sa.select(sa.func.json_each(_TEXT).table_valued("value", name="listed").c.value),
    "postgresql": sa.select(sa.func.jsonb_array_elements_text(sa.cast(_TEXT, JSONB))),
}


def of_list(make: Callable[[Any], Sql[Any]]) -> dict[str, Sql[Any]]:
    """A statement about a list of ids, for each database; run it with `ids=listed(...)`."""
    return {name: make(ids) for name, ids in _LISTED.items()}


def listed(ids: Iterable[str]) -> str:
    """Ids as the one parameter of a statement made by `of_list`."""
    return json.dumps(sorted(set(ids)))
