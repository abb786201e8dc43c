"""The figures over all counties and for one province, beside the bare scan of the rows; each under 100 ms.

`python -m tests.benchmarks.bench_figures 1000`: at how many applications, at least 20,000 (100,000 when not said).
"""

from __future__ import annotations

import random
import sys
from typing import TYPE_CHECKING, Any

from models import clock
from models.database import reading
from tests.benchmarks.bench_queue import _COUNTIES
from tests.benchmarks.bench_watch import NATION, NOW, PROVINCE, SIZE, administrators, bare, derive, fill
from tests.benchmarks.ground import begin, both, interleaved, raw, tell
from workflows.queries import figures

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflows.record.acting import Actor

ASKED, GOAL = 20, 1.0
_STAGES = (
    "UPDATE application SET rung = 'province', state = 'provincial_review' WHERE substr(id, 32, 1) IN ('1', '2')",
    "UPDATE application SET rung = 'city-or-industry', state = 'city_review' WHERE substr(id, 32, 1) IN ('3', '4')",
)
# What each figure would cost without its index: the rows themselves.
_BARE = {
    "funnel": "SELECT step, state, count(*), max(subject) FROM application WHERE created_at < ? GROUP BY 1, 2",
    "ageing": "SELECT desk, count(*), min(created_at) FROM application WHERE entered_at < ? GROUP BY 1",
    "throughput": "SELECT desk, sum(waiting) FROM overdue_day WHERE NOT below AND ? > '2026' GROUP BY 1",
    "quota use": "SELECT count(*), max(created_at) FROM application WHERE created_at < ?",
}


def main() -> None:
    """Print one line for each database, figure and union."""
    with both() as databases:
        for kind, url in databases:
            made, row = begin(url)
            with reading() as store:
                desks = [unit.code for unit in store.all(_COUNTIES)]
            seated = administrators()
            size = int(sys.argv[1]) if sys.argv[1:] else SIZE
            moment = NOW.strftime("%Y-%m-%d %H:%M:%S.%f") + ("" if kind == "sqlite" else "+00")
            fill(url, row, desks, size, random.Random(size))  # noqa: S311 -- repeatable on purpose
            _spread(url)
            derive(url, moment)
            measure(kind, url, seated, size, moment, made.round_id)


def _spread(url: str) -> None:
    """Cases at every stage of the ladder."""
    connection = raw(url)
    cursor = connection.cursor()
    for statement in ("BEGIN", *_STAGES, "COMMIT"):
        cursor.execute(statement)
    connection.close()


def measure(kind: str, url: str, seated: dict[str, Actor], size: int, moment: str, round_id: str) -> None:
    """Each figure for the nation and for one province, beside the bare statement over the nation."""
    asks: dict[str, Callable[[Actor, str], Any]] = {
        "funnel": lambda actor, root: figures.funnel(actor, root=root, round_id=round_id),
        "ageing": lambda actor, root: figures.ageing(actor, root=root),
        "throughput": lambda actor, root: figures.throughput(actor, root=root),
        "quota use": lambda actor, root: figures.quota_use(actor, root=root, round_id=round_id),
    }
    for code in (NATION, PROVINCE):
        for name, ask in asks.items():

            def ours(_: int, ask: Callable[[Actor, str], Any] = ask, code: str = code) -> None:
                with clock.at(NOW):
                    ask(seated[code], code)

            found = interleaved(ours, bare(url, _BARE[name], moment), ASKED)
            tell(f"figures {name} of {code} at {size:,} applications ({kind})", *found, GOAL, ASKED)


if __name__ == "__main__":
    main()
