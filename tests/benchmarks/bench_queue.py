"""A queue page of 50 at 10,000 and 200,000 applications, beside the bare query; it must stay flat."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from models.application import Application
from models.base import as_dict, new_id, table
from models.database import engine, reading, transaction
from models.organization import Organization
from models.sql import insert_into, rows_of
from models.vocabulary import Role, Tier
from tests.benchmarks.ground import begin, both, interleaved, marks, raw, tell
from workflows.accounts import open_account
from workflows.acting import SYSTEM, actor_of
from workflows.queries.queue import queue

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflows.acting import Actor

SIZES, ASKED, GOAL, BATCH = (10_000, 200_000), 200, 3.0, 5_000
_O = table(Organization).c
_COUNTIES = rows_of(Organization, _O.tier == Tier.COUNTY, order=(_O.code,))
_INSERT = insert_into(Application)
_PAGE = (
    "SELECT application.id, application.receipt, application.subject, application.leader_name, organization.name,"
    " round.name, application.state, application.checked, application.slate_id, application.entered_at,"
    " application.due_at, application.version, application.desk FROM application"
    " JOIN organization ON organization.code = application.organization JOIN round ON round.id = application.round_id"
    " WHERE application.desk = ? AND (application.due_at, application.id) > (?, ?)"
    " ORDER BY application.due_at, application.id LIMIT 51"
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


def bare_page(url: str, desks: list[str]) -> Callable[[int], None]:
    """The same page, asked by the driver alone."""
    connection = raw(url)
    is_sqlite = url.startswith("sqlite")
    sql = marks(url, _PAGE)
    start = "0001-01-02 00:00:00.000000" if is_sqlite else "0001-01-02 00:00:00+00"

    def ask(i: int) -> None:
        cursor = connection.cursor()
        cursor.execute("BEGIN")
        cursor.execute(sql, (desks[i % len(desks)], start, ""))
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
            for size in SIZES:
                fill(row, desks, size - done, random.Random(size))  # noqa: S311 -- repeatable on purpose
                done = size
                with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    connection.exec_driver_sql("ANALYZE")
                measure(kind, url, seated, size)


def measure(kind: str, url: str, seated: list[tuple[str, Actor]], size: int) -> None:
    """One line: our page (who asks checked, rows as values) and the bare query."""
    codes = [desk for desk, _ in seated]

    def ours(i: int) -> None:
        desk, actor = seated[i % len(seated)]
        queue(actor, desk=desk)

    tell(f"queue page of 50 at {size:,} applications ({kind})", *interleaved(ours, bare_page(url, codes), ASKED),
         GOAL, ASKED)  # fmt: skip


if __name__ == "__main__":
    main()
