"""How long one reviewer's decision takes beside the same rows written by the bare driver."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from models import clock
from models.base import new_id
from tests.benchmarks.ground import begin, both, clones, interleaved, marks, raw, tell
from workflows.desk.reviews import check

if TYPE_CHECKING:
    from collections.abc import Callable

N = 400
GOALS = {"sqlite": 3.0, "postgresql": 2.0}
_SEATS = (
    "SELECT seat.organization, seat.role FROM seat JOIN account ON account.id = seat.account_id"
    " WHERE seat.account_id = ? AND account.disabled_at IS NULL AND seat.starts_at <= ?"
    " AND (seat.ends_at IS NULL OR seat.ends_at > ?)"
)
_UPDATE = "UPDATE application SET checked = ?, version = ?, head = ? WHERE id = ? AND version = ?"
_REVIEW = (
    "INSERT INTO review (id, application_id, step, desk, outcome, opinion, faults, account_id, at)"
    " VALUES (?, ?, ?, ?, 'checked', ?, '[]', ?, ?)"
)
_EVENT = (
    "INSERT INTO journal_event (id, thing, thing_id, version, act, source, target, account_id, desk, at, body, key,"
    " prev, hash) VALUES (?, 'application', ?, ?, 'check', 'county_review', 'county_review', ?, ?, ?, ?, ?, ?, ?)"
)
_LETTER = (
    "INSERT INTO letter (id, account_id, template, kind, params, thing_id, created_at, not_before, attempts, error)"
    " VALUES (?, ?, 'checked', 'information', ?, ?, ?, ?, 0, '')"
)


def bare_check(url: str, officer: str, ids: list[str], version: int, head: str) -> Callable[[int], None]:
    """The same reads and rows in one transaction, with the driver alone."""
    connection = raw(url)
    is_sqlite = url.startswith("sqlite")
    load = marks(url, "SELECT * FROM application WHERE id = ?" + ("" if is_sqlite else " FOR UPDATE"))
    statements = [marks(url, s) for s in (_SEATS, _UPDATE, _REVIEW, _EVENT, _LETTER)]

    def run(i: int) -> None:
        cursor, now, event = connection.cursor(), clock.now(), new_id()
        at: Any = now.strftime("%Y-%m-%d %H:%M:%S.%f") if is_sqlite else now
        if is_sqlite:
            cursor.execute("BEGIN IMMEDIATE")
        row = cursor.execute(load, (ids[i],)).fetchone()
        cursor.execute(statements[0], (officer, at, at)).fetchall()
        digest = hashlib.sha256(head.encode()).hexdigest()
        cursor.execute(statements[2], (new_id(), ids[i], 0, "330106", "同意", officer, at))
        cursor.execute(statements[1], (True, version + 1, digest, ids[i], version))
        body = json.dumps({"opinion": "同意"})
        cursor.execute(statements[3], (event, ids[i], version + 1, officer, "330106", at, body, event, head, digest))
        cursor.execute(statements[4], (f"{event}-x", row[5], json.dumps({"receipt": row[1]}), ids[i], at, at))
        connection.commit()

    return run


def main() -> None:
    """Print one line for each database."""
    with both() as databases:
        for kind, url in databases:
            made, row = begin(url)
            mine, theirs = clones(row, N), clones(row, N)

            def ours(i: int, mine: list[str] = mine, made: Any = made, seen: int = row.version) -> None:
                check(made.county, mine[i], seen=seen, opinion="同意", key=mine[i])

            bare = bare_check(url, made.county.id, theirs, row.version, row.head)
            tell(f"decide one case ({kind})", *interleaved(ours, bare, N), GOALS[kind], N)


if __name__ == "__main__":
    main()
