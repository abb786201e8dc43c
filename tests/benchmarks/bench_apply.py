"""How long a plan of many checks takes, dry and done, beside the same rows written by the bare driver in one transaction."""

from __future__ import annotations

import hashlib
import json
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from models import clock
from models.base import new_id
from tests.benchmarks.bench_decide import _EVENT, _LETTER, _REVIEW, _SEATS, _UPDATE
from tests.benchmarks.ground import begin, both, clones, marks, raw, tell, timed
from workflows import table
from workflows.batches.applying import apply, batch_plan

if TYPE_CHECKING:
    from collections.abc import Callable

N = 1000
GOALS = {"sqlite": 8.0, "postgresql": 4.0}


def bare_plan(url: str, officer: str, ids: list[str], version: int, head: str) -> Callable[[int], None]:
    """Every case read, held, reviewed, moved, written down and told of: one transaction, with the driver alone."""
    connection = raw(url)
    is_sqlite = url.startswith("sqlite")
    load = marks(url, "SELECT * FROM application WHERE id = ?" + ("" if is_sqlite else " FOR UPDATE"))
    seats, update, review, event, letter = (marks(url, s) for s in (_SEATS, _UPDATE, _REVIEW, _EVENT, _LETTER))

    def run(_: int) -> None:
        cursor, now = connection.cursor(), clock.now()
        at: Any = now.strftime("%Y-%m-%d %H:%M:%S.%f") if is_sqlite else now
        if is_sqlite:
            cursor.execute("BEGIN IMMEDIATE")
        for one in ids:
            row = cursor.execute(load, (one,)).fetchone()
            cursor.execute(seats, (officer, at, at)).fetchall()
            made, digest = new_id(), hashlib.sha256(head.encode()).hexdigest()
            cursor.execute(review, (new_id(), one, 0, "330106", "同意", officer, at))
            cursor.execute(update, (True, version + 1, digest, one, version))
            body = json.dumps({"opinion": "同意"})
            cursor.execute(event, (made, one, version + 1, officer, "330106", at, body, made, head, digest))
            cursor.execute(letter, (f"{made}-x", row[5], json.dumps({"receipt": row[1]}), one, at, at))
        connection.commit()

    return run


def _tried(who: Any, rows: list[dict[str, Any]], _i: int) -> None:
    batch_plan(who, rows=rows)


def _applied(who: Any, rows: list[dict[str, Any]], _i: int) -> None:
    apply(who, rows=rows)


def main(n: int = N) -> None:
    """Print a line for the dry run and for the plan itself, for each database."""
    table.load()
    with both() as databases:
        for kind, url in databases:
            made, row = begin(url)
            mine, theirs = clones(row, n), clones(row, n)
            rows = [{"cases": mine, "act": "check", "arguments": {"opinion": "同意"}}]
            bare = timed(bare_plan(url, made.county.id, theirs, row.version, row.head))
            dry = timed(partial(_tried, made.county, rows))
            done = timed(partial(_applied, made.county, rows))
            tell(f"try a plan of {n} checks ({kind})", dry, bare, GOALS[kind], n)
            tell(f"apply a plan of {n} checks ({kind})", done, bare, GOALS[kind], n)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else N)
