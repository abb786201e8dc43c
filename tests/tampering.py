"""Changing the database behind the product's back, as its administrator could."""

import sqlalchemy as sa

from models.database import Store, engine
from models.sealing import SEALED


def by_hand(*statements: str, **values: object) -> None:
    """Run statements with the seals and foreign keys off, and put the seals back on."""
    with engine().connect() as connection:
        if connection.dialect.name == "sqlite":
            _on_sqlite(connection, statements, values)
        else:
            _on_postgresql(connection, statements, values)


def unsealed(store: Store, *tables: str) -> None:
    """Take the seals off some tables for as long as this transaction lasts, which is never kept."""
    for table in tables:
        if store.dialect.name == "sqlite":
            store.connection.cursor().execute(f"DROP TRIGGER seal_{table}_update")
        else:
            store.connection.cursor().execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def _on_sqlite(connection: sa.Connection, statements: tuple[str, ...], values: dict[str, object]) -> None:
    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    seals = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
    for name, _ in seals:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    _run(connection, statements, values)
    for _, text in seals:
        connection.exec_driver_sql(text)
    connection.commit()
    connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def _on_postgresql(connection: sa.Connection, statements: tuple[str, ...], values: dict[str, object]) -> None:
    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    for table in SEALED:
        connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    _run(connection, statements, values)
    for table in SEALED:
        for act in ("update", "delete", "truncate"):
            seal = f"seal_{table}_{act}"
            connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {seal}")
    connection.commit()


def _run(connection: sa.Connection, statements: tuple[str, ...], values: dict[str, object]) -> None:
    for statement in statements:
        needed = {name: value for name, value in values.items() if f":{name}" in statement}
        connection.execute(sa.text(statement), needed)


def one(statement: str, **values: object) -> dict[str, object]:
    """The one row a statement answers, as the database has it."""
    with engine().connect() as connection:
        return dict(connection.execute(sa.text(statement), values).mappings().one())
