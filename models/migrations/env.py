"""Alembic's entry: one revision tree for SQLite and PostgreSQL."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel.sql.sqltypes import AutoString

from models.base import metadata
from models.database import engine
from models.schema import NOUNS
from models.search import HAND_MADE, is_shadow

assert NOUNS  # noqa: S101 -- the import fills the metadata


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write types in plain SQLAlchemy, so that a migration needs nothing of ours."""
    if kind != "type":
        return False
    if isinstance(item, AutoString):
        return f"sa.String(length={item.length})"
    if isinstance(item, sa.JSON):
        autogen.imports.add("from models.base import Json")
        return "Json"
    if isinstance(item, sa.Enum):
        values = ", ".join(repr(v) for v in item.enums)
        kept = f"native_enum=False, create_constraint={item.create_constraint}"
        return f"sa.Enum({values}, name={item.name!r}, {kept}, length={item.length})"
    if type(item).__name__ == "UTCDateTime":
        return "sa.DateTime(timezone=True)"
    return False


def include_object(_item: Any, name: str | None, kind: str, *_more: Any) -> bool:
    """Leave to revision 0006 what it makes by hand."""
    return not (is_shadow(kind, name) or name in HAND_MADE)


with engine().connect() as connection:
    if connection.dialect.name == "sqlite":
        # Its driver begins nothing by itself: an upgrade that broke off must leave the schema as it was.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        render_item=render_item,
        include_object=include_object,
        compare_type=False,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
