"""Seal what was written: no row of the record is edited, replaced, removed or emptied away.

Revision 0002, after 0001. A later revision that rebuilds a sealed table on SQLite
(`batch_alter_table`) loses its triggers and must make them again; `shenbao doctor` says so.
"""

from alembic import op

from models.sealing import Seals

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SEALS = Seals(
    # Tables that are only ever added to.
    appended={
        "journal_event": (("id",), ("thing", "thing_id", "version"), ("account_id", "key")),
        "quota_entry": (("id",),),
        "decision": (("id",), ("organization", "number")),
        "review": (("id",),),
        "revision": (("id",),),
        "programme_version": (("id",), ("code", "version")),
        "inspection": (("id",),),
    },
    # A notice goes on living, but never what was published nor how long it hangs; a judge's sheet may
    # become void, and a department may answer: once, and nothing else of them ever changes.
    frozen={
        "notice": ("first_day", "last_day", "ends_at", "snapshot", "snapshot_hash"),
        "sheet": ("id", "application_id", "desk", "account_id", "scores", "total", "words", "at", "key"),
        "consultation": ("id", "application_id", "department", "desk", "asked_at", "due_at", "account_id"),
    },
    kept={
        "notice": (("id",),),
        "sheet": (("id",), ("application_id", "account_id")),
        "consultation": (("id",), ("application_id", "department")),
    },
    once={"sheet": "voided_at", "consultation": "replied_at"},
    # Offering a programme version that is there already, unchanged, is harmless.
    harmless={
        "programme_version": " AND sha256 <> NEW.sha256",
        "sheet": " AND (id = NEW.id OR (voided_at IS NULL AND NEW.voided_at IS NULL))",
    },
)
_REFUSES = (
    "CREATE FUNCTION seal_refuses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION USING ERRCODE = 'restrict_violation', "
    "MESSAGE = 'sealed ' || TG_TABLE_NAME || ' refuses ' || lower(TG_OP); END $$"
)


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        op.execute(_REFUSES)
    for statement in SEALS.set(dialect):
        op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for statement in SEALS.lift(dialect):
        op.execute(statement)
    if dialect == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS seal_refuses()")
