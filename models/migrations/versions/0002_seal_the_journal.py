"""Seal what was written: no row of the record is edited, replaced, removed or emptied away.

Revision 0002, after 0001. A later revision that rebuilds a sealed table on SQLite
(`batch_alter_table`) loses its triggers and must make them again; `shenbao doctor` says so.
"""

from collections.abc import Iterator

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Tables that are only ever added to, with the unique rules a REPLACE could use to push a row out.
APPENDED = {
    "journal_event": (("id",), ("thing", "thing_id", "version"), ("account_id", "key")),
    "quota_entry": (("id",),),
    "decision": (("id",), ("organization", "number")),
    "review": (("id",),),
    "revision": (("id",),),
    "programme_version": (("id",), ("code", "version")),
    "inspection": (("id",),),
}
# A notice goes on living, but never what was published nor how long it hangs; a judge's sheet may
# become void, and a department may answer: once, and nothing else of them ever changes.
FROZEN = {
    "notice": ("first_day", "last_day", "ends_at", "snapshot", "snapshot_hash"),
    "sheet": ("id", "application_id", "desk", "account_id", "scores", "total", "words", "at", "key"),
    "consultation": ("id", "application_id", "department", "desk", "asked_at", "due_at", "account_id"),
}
ONCE = {"sheet": "voided_at", "consultation": "replied_at"}
KEPT = {
    **APPENDED,
    "notice": (("id",),),
    "sheet": (("id",), ("application_id", "account_id")),
    "consultation": (("id",), ("application_id", "department")),
}
# Where a row that agrees in a unique rule is harmless after all.
EXCEPT = {
    "programme_version": " AND sha256 <> NEW.sha256",
    "sheet": " AND (id = NEW.id OR (voided_at IS NULL AND NEW.voided_at IS NULL))",
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in _sqlite():
            op.execute(statement)
    else:
        for statement in _postgresql():
            op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in KEPT:
            for act in ("update", "delete", "insert"):
                op.execute(f"DROP TRIGGER IF EXISTS seal_{table}_{act}")
        return
    for table in KEPT:
        for act in ("update", "delete", "truncate"):
            op.execute(f"DROP TRIGGER IF EXISTS seal_{table}_{act} ON {table}")
    op.execute("DROP FUNCTION IF EXISTS seal_refuses()")


def _changed(table: str, columns: tuple[str, ...], differs: str) -> str:
    """Whether a change touches what is frozen, or what was settled once before."""
    changes = [f"OLD.{c} {differs} NEW.{c}" for c in columns]
    if table in ONCE:
        changes.append(f"OLD.{ONCE[table]} IS NOT NULL")
    return " OR ".join(changes)


def _sqlite() -> Iterator[str]:
    for table in APPENDED:
        yield _sqlite_refusal(table, "update")
    for table, columns in FROZEN.items():
        yield _sqlite_refusal(table, "update", f"WHEN {_changed(table, columns, 'IS NOT')}")
    for table, uniques in KEPT.items():
        yield _sqlite_refusal(table, "delete")
        yield _sqlite_insert(table, uniques)


def _sqlite_refusal(table: str, act: str, when: str = "") -> str:
    return (
        f"CREATE TRIGGER seal_{table}_{act} BEFORE {act.upper()} ON {table} {when} "
        f"BEGIN SELECT RAISE(ABORT, 'sealed {table} refuses {act}'); END"
    )


def _sqlite_insert(table: str, uniques: tuple[tuple[str, ...], ...]) -> str:
    """REPLACE removes the old row without a word unless the connection has recursive_triggers.

    The words are SQLite's own, so that a plain duplicate is told as it always was. Offering a
    programme version that is there already, unchanged, is harmless.
    """
    same = EXCEPT.get(table, "")
    cases = " ".join(
        f"SELECT RAISE(ABORT, 'UNIQUE constraint failed: {', '.join(f'{table}.{c}' for c in unique)}') "
        f"WHERE EXISTS (SELECT 1 FROM {table} WHERE {' AND '.join(f'{c} = NEW.{c}' for c in unique)}{same});"
        for unique in uniques
    )
    return f"CREATE TRIGGER seal_{table}_insert BEFORE INSERT ON {table} BEGIN {cases} END"


def _postgresql() -> Iterator[str]:
    yield (
        "CREATE FUNCTION seal_refuses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION USING ERRCODE = 'restrict_violation', "
        "MESSAGE = 'sealed ' || TG_TABLE_NAME || ' refuses ' || lower(TG_OP); END $$"
    )
    for table in KEPT:
        frozen = FROZEN.get(table)
        when = f"WHEN ({_changed(table, frozen, 'IS DISTINCT FROM')})" if frozen else ""
        yield from _postgresql_refusal(table, "update", "ROW", when)
        yield from _postgresql_refusal(table, "delete", "ROW")
        yield from _postgresql_refusal(table, "truncate", "STATEMENT")


def _postgresql_refusal(table: str, act: str, each: str, when: str = "") -> Iterator[str]:
    yield (
        f"CREATE TRIGGER seal_{table}_{act} BEFORE {act.upper()} ON {table} "
        f"FOR EACH {each} {when} EXECUTE FUNCTION seal_refuses()"
    )
    # ALWAYS: session_replication_role = replica must not lift the seal.
    yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER seal_{table}_{act}"
