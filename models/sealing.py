"""Triggers that seal a table: rows only ever added, columns that never change, a fate settled once.

Used by the revisions that seal tables; a revision says which. On SQLite a later revision that writes
a sealed table anew must keep its triggers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

Uniques = tuple[tuple[str, ...], ...]
# Every sealed table: what the audit looks for.
SEALED = (
    *("journal_event", "quota_entry", "decision", "review", "revision", "programme_version", "inspection"),
    *("notice", "sheet", "consultation"),
    *("docket_entry", "objection_paper", "notice_paper", "decision_link", "slate_paper", "chase", "case_copy"),
    *("batch_row", "meeting_slot", "panel", "panel_member", "assignment", "recusal_request", "meeting", "signer"),
    *("quota_loan", "batch"),
)


class Seals(NamedTuple):
    """What a revision seals.

    `appended`: tables that are only added to; `frozen`: columns of a table that never change; both
    with the unique rules a REPLACE could use to push a row out (`kept`). `once`: a column that is
    filled in one time. `harmless`: where a row that agrees in a unique rule may come after all. `grows`:
    columns that may become more, and never less.
    """

    appended: Mapping[str, Uniques]
    frozen: Mapping[str, tuple[str, ...]]
    kept: Mapping[str, Uniques]
    once: Mapping[str, str] = {}
    harmless: Mapping[str, str] = {}
    grows: Mapping[str, tuple[str, ...]] = {}

    @property
    def uniques(self) -> dict[str, Uniques]:
        """Every sealed table with its unique rules."""
        return {**self.appended, **self.kept}

    def set(self, dialect: str) -> Iterator[str]:
        """The statements that set the seals."""
        yield from self._sqlite() if dialect == "sqlite" else self._postgresql()

    def lift(self, dialect: str) -> Iterator[str]:
        """The statements that take them off."""
        if dialect == "sqlite":
            for table in self.uniques:
                for act in ("update", "delete", "insert"):
                    yield f"DROP TRIGGER IF EXISTS seal_{table}_{act}"
            return
        for table in self.uniques:
            for act in ("update", "delete", "truncate"):
                yield f"DROP TRIGGER IF EXISTS seal_{table}_{act} ON {table}"

    def _changed(self, table: str, differs: str) -> str:
        """Whether a change touches what is frozen, or what was settled once before."""
        changes = [f'OLD."{c}" {differs} NEW."{c}"' for c in self.frozen[table]]
        changes += [f'NEW."{c}" < OLD."{c}"' for c in self.grows.get(table, ())]
        if table in self.once:
            changes.append(f"OLD.{self.once[table]} IS NOT NULL")
        return " OR ".join(changes)

    def _sqlite(self) -> Iterator[str]:
        for table in self.appended:
            yield _sqlite_refusal(table, "update")
        for table in self.frozen:
            yield _sqlite_refusal(table, "update", f"WHEN {self._changed(table, 'IS NOT')}")
        for table, uniques in self.uniques.items():
            yield _sqlite_refusal(table, "delete")
            yield _sqlite_insert(table, uniques, self.harmless.get(table, ""))

    def _postgresql(self) -> Iterator[str]:
        for table in self.uniques:
            frozen = table in self.frozen
            when = f"WHEN ({self._changed(table, 'IS DISTINCT FROM')})" if frozen else ""
            yield from _postgresql_refusal(table, "update", "ROW", when)
            yield from _postgresql_refusal(table, "delete", "ROW")
            yield from _postgresql_refusal(table, "truncate", "STATEMENT")


def _sqlite_refusal(table: str, act: str, when: str = "") -> str:
    return (
        f"CREATE TRIGGER seal_{table}_{act} BEFORE {act.upper()} ON {table} {when} "
        f"BEGIN SELECT RAISE(ABORT, 'sealed {table} refuses {act}'); END"
    )


def _sqlite_insert(table: str, uniques: Uniques, same: str) -> str:
    """REPLACE removes the old row without a word unless the connection has recursive_triggers.

    The words are SQLite's own, so that a plain duplicate is told as it always was.
    """
    cases = " ".join(
        f"SELECT RAISE(ABORT, 'UNIQUE constraint failed: {', '.join(f'{table}.{c}' for c in unique)}') "  # noqa: S608 -- our own names
        f"WHERE EXISTS (SELECT 1 FROM {table} WHERE {' AND '.join(f'{c} = NEW.{c}' for c in unique)}{same});"
        for unique in uniques
    )
    return f"CREATE TRIGGER seal_{table}_insert BEFORE INSERT ON {table} BEGIN {cases} END"


def _postgresql_refusal(table: str, act: str, each: str, when: str = "") -> Iterator[str]:
    yield (
        f"CREATE TRIGGER seal_{table}_{act} BEFORE {act.upper()} ON {table} "
        f"FOR EACH {each} {when} EXECUTE FUNCTION seal_refuses()"
    )
    # ALWAYS: session_replication_role = replica must not lift the seal.
    yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER seal_{table}_{act}"
