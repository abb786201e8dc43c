"""A sweep's firing and reminding of what is due, beside set-based SQL that leaves the same rows.

`python -m tests.benchmarks.bench_sweep 1000000`: of how many open deadlines a tenth is due (a million when not said).
"""

from __future__ import annotations

import resource
import shutil
import sqlite3
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import sqlalchemy as sa

from models import clock, database
from models.account import Account, Seat
from models.base import new_id, table
from models.database import reading, transaction
from models.organization import Organization
from models.sql import insert_into, rows_of
from models.vocabulary import DeadlineKind, Role, Thing, Tier
from tests.benchmarks.ground import begin, both, marks, raw, tell, timed
from workflows.post import reminders
from workflows.rules.calendar import ends_at, local_date

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

SIZE, SHARE, DESKS, GOAL = 1_000_000, 10, 2_000, 4.0
_O = table(Organization).c
_COUNTIES = rows_of(Organization, _O.tier == Tier.COUNTY, order=(_O.code,))
_ACCOUNT, _SEAT = insert_into(Account), insert_into(Seat)
_DUE = "closed_at IS NULL AND kind = 'review' AND rung < 2 AND due_at <= ? AND due_at > ?"
_FIRE = "UPDATE deadline SET fired_at = ? WHERE closed_at IS NULL AND fired_at IS NULL AND due_at <= ?"
_WRITE = (
    "INSERT INTO letter (id, account_id, template, kind, params, thing_id, created_at, not_before, attempts, error)"
    " SELECT deadline.id || '-2-' || seat.account_id, seat.account_id, 'deadline_at', 'action',"
    " JSON_OBJECT('what', 'review', 'due_at', deadline.due_at, 'days', 1, 'organization', deadline.desk,"
    " 'notice', NULL), deadline.thing_id, ?, ?, 0, ''"
    " FROM deadline JOIN seat ON seat.organization = deadline.desk AND seat.role = 'reviewer'"
    " AND seat.starts_at <= ? AND (seat.ends_at IS NULL OR seat.ends_at > ?)"
    f" WHERE {_DUE}"
)
_CLIMB = f"UPDATE deadline SET rung = 2 WHERE {_DUE}"


def seated(desks: list[str]) -> None:
    """One reviewer at each of these desks."""
    with transaction() as store:
        people = [new_id() for _ in desks]
        store.run_many(_ACCOUNT, ({"id": one, "email": f"{one}@example.cn", "name": one, "created_at": store.now}
                                  for one in people))  # fmt: skip
        store.run_many(_SEAT, (
            {"id": new_id(), "account_id": one, "organization": desk, "role": Role.REVIEWER, "starts_at": store.now}
            for one, desk in zip(people, desks, strict=True)
        ))  # fmt: skip


def deadlines(desks: list[str], size: int, now: datetime) -> Iterator[tuple[Any, ...]]:
    """Open deadlines, every tenth of them since last midnight, the others some days ahead."""
    due, later = ends_at(local_date(now - timedelta(days=1))), now + timedelta(days=5)
    for n in range(size):
        at = due if n % SHARE == 0 else later + timedelta(seconds=n)
        yield (f"{n:032x}", Thing.APPLICATION.value, f"{n:032x}", DeadlineKind.REVIEW.value, desks[n % len(desks)],
               now, at, "", False, 0)  # fmt: skip


def fill(url: str, desks: list[str], size: int, now: datetime) -> None:
    """Put the deadlines in by the driver's own fast way."""
    names = "id, thing, thing_id, kind, desk, set_at, due_at, derivation, provisional, rung"
    connection = raw(url)
    if isinstance(connection, sqlite3.Connection):
        connection.execute("BEGIN")
        text = f"INSERT INTO deadline ({names}) VALUES ({', '.join('?' * 10)})"
        connection.executemany(text, ((*r[:5], _text(r[5]), _text(r[6]), *r[7:]) for r in deadlines(desks, size, now)))
    else:
        with connection.cursor().copy(f"COPY deadline ({names}) FROM STDIN") as copy:
            for row in deadlines(desks, size, now):
                copy.write_row(row)
    connection.commit()
    connection.close()


def twin(url: str) -> str:
    """A copy of the database with statistics of its own, so that both start from the same."""
    database.disconnect()
    if url.startswith("sqlite"):
        connection = raw(url)
        connection.execute("ANALYZE")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        file = url.removeprefix("sqlite:///")
        shutil.copyfile(file, f"{file}-twin.db")
        return f"{url}-twin.db"
    here = sa.make_url(url)
    there = here.set(database=f"{here.database}_twin")
    with _server(here.set(database="postgres")) as connection:
        connection.execute(f"CREATE DATABASE {there.database} TEMPLATE {here.database} STRATEGY FILE_COPY".encode())
    for one in (here, there):
        with _server(one) as connection:
            connection.execute("VACUUM ANALYZE")
    return there.render_as_string(hide_password=False)


def _server(url: sa.URL) -> psycopg.Connection[Any]:
    return psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True)


def bare(url: str, now: datetime) -> int:
    """The same rows by three statements in one transaction; answers how many letters."""
    connection = raw(url)
    is_sqlite = isinstance(connection, sqlite3.Connection)
    at, old = (_text(now), _text(now - timedelta(days=60))) if is_sqlite else (now, now - timedelta(days=60))
    fire, write, climb = (marks(url, text) for text in (_FIRE, _WRITE, _CLIMB))
    if not is_sqlite:
        write = write.replace("JSON_OBJECT(", "jsonb_build_object(")
    connection.execute("BEGIN")
    connection.execute(fire, (at, at))
    wrote = connection.execute(write, (at, at, at, at, at, old)).rowcount
    connection.execute(climb, (at, old))
    connection.commit()
    connection.close()
    return int(wrote)


def ours() -> int:
    """The sweep's two steps; answers how many reminders."""
    reminders.fire()
    return reminders.remind()


def _text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S.%f}"


def _left(url: str) -> tuple[int, int, int]:
    """Letters, deadlines fired, deadlines a rung up."""
    with database.elsewhere(url), database.engine().connect() as connection:
        counts = ("SELECT count(*) FROM letter WHERE template = 'deadline_at'",
                  "SELECT count(*) FROM deadline WHERE fired_at IS NOT NULL",
                  "SELECT count(*) FROM deadline WHERE rung = 2")  # fmt: skip
        letters, fired, climbed = (connection.execute(sa.text(text)).scalar_one() for text in counts)
        return letters, fired, climbed


def main() -> None:
    """Print one line for each database, with what memory grew by while we swept."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else SIZE
    with both() as databases:
        for kind, url in databases:
            begin(url)
            with reading() as store:
                desks = [unit.code for unit in store.all(_COUNTIES)][:DESKS]
            seated(desks)
            now = clock.now()
            fill(url, desks, size, now)
            other = twin(url)
            database.connect(url)
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            told: list[int] = []
            with clock.at(now):
                mine = timed(lambda _, told=told: told.append(ours()))  # type: ignore[misc]
            grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
            theirs = timed(lambda _, other=other, now=now, told=told: told.append(bare(other, now)))  # type: ignore[misc]
            if _left(url) != _left(other) or told[0] != told[1]:
                raise SystemExit(f"{_left(url)} {_left(other)} {told}")
            name = f"sweep of {size:,} open deadlines, {told[0]:,} due, memory +{grown:.0f} MiB ({kind})"
            tell(name, mine, theirs, GOAL, told[0])


if __name__ == "__main__":
    main()
