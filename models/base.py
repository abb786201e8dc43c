"""What all tables share: ids, enumerations, JSON, and rows read as plain tuples."""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from contextvars import ContextVar
from random import Random
from typing import TYPE_CHECKING, Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import SQLModel

from models import clock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from enum import StrEnum

T = TypeVar("T")

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = SQLModel.metadata

# none_as_null: a missing answer is SQL NULL on both databases, so that IS NULL finds it.
Json = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

_dice: ContextVar[Random | None] = ContextVar("dice", default=None)


def choice(kind: type[StrEnum], name: str = "", *, grows: bool = False) -> Any:
    """Column type of an enumeration: its values as text, kept by a CHECK on both databases.

    `name` tells two columns of one kind in one table apart. A vocabulary that `grows` with the
    product (acts, things, kinds of deadlines) has no CHECK: a new word must not rebuild a sealed
    table (docs/decisions/0011).
    """
    return sa.Enum(
        kind,
        name=name or kind.__name__.lower(),
        native_enum=False,
        values_callable=lambda members: [m.value for m in members],
        validate_strings=True,
        create_constraint=not grows,
        length=32,
    )


def table(model: type[SQLModel]) -> sa.Table:
    """The table behind a model: the one place that reaches for it."""
    return cast("sa.Table", model.__table__)  # type: ignore[attr-defined]  # SQLModel hides it


def new_id() -> str:
    """A fresh id of 32 hex digits; ids sort by the moment they were made."""
    dice = _dice.get()
    tail = f"{dice.getrandbits(80):020x}" if dice else secrets.token_hex(10)
    return f"{int(clock.now().timestamp() * 1000):012x}{tail}"


def new_ids(n: int) -> list[str]:
    """As many fresh ids, at the price of one question to the system."""
    dice = _dice.get()
    tails = "".join(f"{dice.getrandbits(80):020x}" for _ in range(n)) if dice else secrets.token_hex(10 * n)
    moment = f"{int(clock.now().timestamp() * 1000):012x}"
    return [moment + tails[at : at + 20] for at in range(0, 20 * n, 20)]


def new_number(below: int) -> int:
    """A number nobody can guess, from 0 up to (not with) `below`."""
    dice = _dice.get()
    return dice.randrange(below) if dice else secrets.randbelow(below)


def new_token() -> str:
    """A secret nobody can guess (256 bits), for sessions and keys."""
    return secrets.token_urlsafe(32)


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Make ids repeatable: the same seed gives the same demo province."""
    token = _dice.set(Random(seed))  # noqa: S311 -- repeatable on purpose, never a secret
    try:
        yield
    finally:
        _dice.reset(token)


def changed(row: T, **values: Any) -> T:
    """A copy of a row as read from the store with some columns changed."""
    return cast("T", cast("Any", row)._replace(**values))


def as_dict(row: Any) -> dict[str, Any]:
    """The columns of a row as read from the store."""
    return dict(row._asdict())
