"""Acts, things and kinds of deadlines grow with the product: their columns lose the CHECK on the word.

Revision 0003, after 0002. The type still refuses an unknown word when a row is written, and the
journal's hash covers it. SQLite cannot drop a CHECK, so the table is written anew from its own
text, with its indexes and the triggers that seal it (decision 0011).
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

GROWING = {"journal_event": ("thing", "act"), "deadline": ("thing", "deadlinekind"), "quota_entry": ("act",)}


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table, words in GROWING.items():
        if is_sqlite:
            _rewrite(table, words)
            continue
        for word in words:
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {_name(table, word)}")


def downgrade() -> None:
    """The words stay free: a CHECK of the old words would refuse rows written since."""


def _name(table: str, word: str) -> str:
    return f"ck_{table}_{word}"


def _rewrite(table: str, words: tuple[str, ...]) -> None:
    bind = op.get_bind()
    asked = sa.text("SELECT type, sql FROM sqlite_master WHERE tbl_name = :t AND sql IS NOT NULL")
    told = bind.execute(asked, {"t": table})
    made = [(kind, text) for kind, text in told]
    before = next(text for kind, text in made if kind == "table")
    after = before
    for word in words:
        after = re.sub(rf",\s*CONSTRAINT {_name(table, word)} CHECK \([^()]*\([^()]*\)\)", "", after)
    if after == before:
        return  # free already: this revision was here before
    after = re.sub(r"^CREATE TABLE \S+", f"CREATE TABLE {table}_new", after)
    op.execute(after)
    op.execute(f"INSERT INTO {table}_new SELECT * FROM {table}")
    op.execute(f"DROP TABLE {table}")
    op.execute(f"ALTER TABLE {table}_new RENAME TO {table}")
    for kind, text in made:
        if kind != "table":
            bind.exec_driver_sql(text)
