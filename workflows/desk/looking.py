"""Which version of a case somebody saw last: a note for themselves, and no act on the case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.dialects import postgresql

from models.attention import Look
from models.base import table
from models.database import transaction
from models.sql import Sql, insert_into

if TYPE_CHECKING:
    from datetime import datetime

    from workflows.record.acting import Actor

PATIENCE = 0.5  # seconds: a page is shown to whoever reads it, noted or not
_L = table(Look).c
_FRESH: postgresql.Insert = insert_into(Look).statement
# An older page that reports late does not take back what was seen since.
_NOTE: Sql[None] = Sql(
    _FRESH.on_conflict_do_update(
        index_elements=["account_id", "application_id"],
        set_={name: getattr(_FRESH.excluded, name) for name in ("version", "seen_at", "since_version", "since_at")},
        where=_L.version <= _FRESH.excluded.version,
    )
)


def note(actor: Actor, application_id: str, *, version: int, since: tuple[int, datetime] | None = None) -> None:
    """Note that somebody has this version of a case before them: one upsert, and nothing in the journal.

    `since` is the look that this one is compared with, its version and moment: a page that is loaded anew soon after
    is the same look. For a page that has just shown the case to this person; it shows nobody anything. Raises
    BusyError soon.
    """
    version_before, at_before = since or (None, None)
    with transaction(patience=PATIENCE) as store:
        store.run(_NOTE, account_id=actor.id, application_id=application_id, version=version, seen_at=store.now,
                  since_version=version_before, since_at=at_before)  # fmt: skip
