"""A queue page of 50 and its counts over all counties, beside the bare queries; both must stay flat.

`python -m tests.benchmarks.bench_queue 10000 200000 1000000`: at how many applications (10,000 and
50,000 when not said).
"""

from __future__ import annotations

import random
import sys
from typing import TYPE_CHECKING, Any

from models.application import Application
from models.base import as_dict, new_id, table
from models.database import reading, transaction
from models.organization import Organization
from models.sql import insert_into, rows_of
from models.vocabulary import Role, Tier
from tests.benchmarks.ground import begin, both, in_bulk, interleaved, marks, raw, tell
from workflows.people.accounts import open_account
from workflows.queries.queue import queue, queue_counts
from workflows.record.acting import SYSTEM, actor_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflows.record.acting import Actor

SIZES, ASKED, GOAL, BATCH = (10_000, 50_000), 200, 4.0, 5_000
_O = table(Organization).c
_COUNTIES = rows_of(Organization, _O.tier == Tier.COUNTY, order=(_O.code,))
_INSERT = insert_into(Application)
_PAGE = (
    "SELECT application.id, application.receipt, application.subject, application.leader_name, organization.name,"
    " round.name, application.state, application.checked, application.slate_id, application.entered_at,"
    " application.due_at, application.version, application.desk, application.on_hold, application.handler_id,"
    " account.name, application.route, application.step, slate.state, countersign.id FROM application"
    " JOIN organization ON organization.code = application.organization JOIN round ON round.id = application.round_id"
    " LEFT JOIN account ON account.id = application.handler_id LEFT JOIN slate ON slate.id = application.slate_id"
    " LEFT JOIN countersign ON countersign.application_id = application.id AND countersign.state = 'open'"
    " WHERE application.desk = ? AND (application.due_at, application.id) > (?, ?)"
    " ORDER BY application.due_at, application.id LIMIT 51"
)
_COUNTS = (
    "SELECT count(*), sum(CASE WHEN checked THEN 0 ELSE 1 END), sum(CASE WHEN checked AND slate_id IS NULL THEN 1 ELSE 0 END),"
    " sum(CASE WHEN due_at <= ? THEN 1 ELSE 0 END) FROM application WHERE desk = ?"
)


def fill(row: Application, desks: list[str], size: int, dice: random.Random) -> None:
    """Bring the database to `size` applications over all counties, a few desks far fuller than most."""
    weights = [1 / (place + 10) for place in range(len(desks))]
    base = as_dict(row)
    for _ in range(size // BATCH):
        with transaction() as store:
            chosen = dice.choices(desks, weights, k=BATCH)
            store.run_many(_INSERT, (_clone(base, new_id(), desk) for desk in chosen))


def _clone(base: dict[str, Any], fresh: str, desk: str) -> dict[str, Any]:
    return {**base, "id": fresh, "receipt": fresh[-16:], "leader_key": fresh, "desk": desk}


def reviewers(desks: list[str]) -> list[tuple[str, Actor]]:
    """A reviewer at each of some desks, full ones and empty ones."""
    made = []
    for desk in desks:
        open_account(SYSTEM, email=f"bench{desk}@example.cn", name=desk, organization_code=desk, role=Role.REVIEWER)
        made.append((desk, actor_of(f"bench{desk}@example.cn")))
    return made


def bare(url: str, text: str, values: Callable[[str], tuple[str, ...]], desks: list[str]) -> Callable[[int], None]:
    """The same, asked by the driver alone."""
    connection = raw(url)
    sql = marks(url, text)

    def ask(i: int) -> None:
        cursor = connection.cursor()
        cursor.execute("BEGIN")
        cursor.execute(sql, values(desks[i % len(desks)]))
        cursor.fetchall()
        connection.rollback()

    return ask


def main() -> None:
    """Print one line for each database and size."""
    with both() as databases:
        for kind, url in databases:
            _, row = begin(url)
            with reading() as store:
                desks = [unit.code for unit in store.all(_COUNTIES)]
            seated = reviewers(desks[:8] + desks[1000:1008])
            done = 0
            for size in tuple(map(int, sys.argv[1:])) or SIZES:
                with in_bulk(url, "application"):
                    fill(row, desks, size - done, random.Random(size))  # noqa: S311 -- repeatable on purpose
                done = size
                measure(kind, url, seated, size)


def measure(kind: str, url: str, seated: list[tuple[str, Actor]], size: int) -> None:
    """Our page and our counts (who asks checked, rows as values), and the bare queries."""
    codes = [desk for desk, _ in seated]
    zone = "" if kind == "sqlite" else "+00"
    begins, now = f"0001-01-02 00:00:00.000000{zone}", f"2026-03-03 00:00:00.000000{zone}"

    def page(i: int) -> None:
        desk, actor = seated[i % len(seated)]
        queue(actor, desk=desk)

    def counts(i: int) -> None:
        desk, actor = seated[i % len(seated)]
        queue_counts(actor, desk=desk)

    for name, ours, theirs in (
        ("page of 50", page, bare(url, _PAGE, lambda desk: (desk, begins, ""), codes)),
        ("counts", counts, bare(url, _COUNTS, lambda desk: (now, desk), codes)),
    ):
        tell(f"queue {name} at {size:,} applications ({kind})", *interleaved(ours, theirs, ASKED), GOAL, ASKED)


if __name__ == "__main__":
    main()
