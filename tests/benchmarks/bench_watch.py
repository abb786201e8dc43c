"""The overdue watch over all counties, a tenth of the work overdue, beside the bare queries; under 100 ms each.

`python -m tests.benchmarks.bench_watch 1000000`: at how many applications (100,000 when not said).
"""

from __future__ import annotations

import random
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from models import clock
from models.application import Application
from models.base import as_dict, new_id
from models.database import reading, transaction
from models.sql import insert_into
from models.vocabulary import Role
from tests.benchmarks.bench_queue import _COUNTIES
from tests.benchmarks.ground import begin, both, in_bulk, interleaved, marks, raw, tell
from workflows.people.accounts import open_account
from workflows.queries import watch_late, watch_risk, watch_stuck, watch_trend
from workflows.record.acting import SYSTEM, actor_of
from workflows.rules.calendar import ends_at, local_date

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflows.record.acting import Actor

NATION, PROVINCE = "000000", "330000"
SIZE, SEED, ASKED, GOAL = 100_000, 20_000, 20, 4.0
NOW = datetime(2026, 3, 3, 4, tzinfo=UTC)
_INSERT = insert_into(Application)
# Copy after copy of the first ones, so that neighbours in a file belong to different desks, as they come in life.
_COPIES = (
    "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?),"
    " copies AS (SELECT substr(CAST(10000 + n AS TEXT), 2) AS copy FROM numbers WHERE n < ?)"
)
_DEADLINES = (
    "INSERT INTO deadline (id, thing, thing_id, kind, desk, set_at, due_at, derivation, provisional, rung, fired_at,"
    " programme, handler_id) SELECT id, 'application', id, 'review', desk, entered_at, due_at, '', false, 0,"
    " CASE WHEN due_at <= ? THEN due_at END, programme, handler_id FROM application"
    " WHERE desk IS NOT NULL AND id NOT IN (SELECT thing_id FROM deadline)"
)
_DAYS = (
    "INSERT INTO overdue_day (day, desk, below, waiting, overdue, settled, pace)"
    " SELECT ?, desk, false, count(*), sum(CASE WHEN due_at <= ? THEN 1 ELSE 0 END), count(*) / 30, 1 + count(*) / 2"
    " FROM application WHERE desk IS NOT NULL GROUP BY desk"
)
_AGAIN = (
    "INSERT INTO overdue_day (day, desk, below, waiting, overdue, settled, pace)"
    " SELECT ?, desk, below, waiting, overdue, settled, pace FROM overdue_day WHERE day = ?"
)
_SUMS = (
    "INSERT INTO overdue_day (day, desk, below, waiting, overdue, settled, pace)"
    " SELECT day, ?, true, sum(waiting), sum(overdue), sum(settled), sum(pace) FROM overdue_day WHERE NOT below GROUP BY day"
)
_MARKED = "FROM deadline WHERE closed_at IS NULL AND fired_at IS NOT NULL AND due_at <= ?"
_BARE = {
    "board": f"SELECT desk, kind, programme, handler_id, count(*), min(due_at) {_MARKED} GROUP BY 1, 2, 3, 4",
    "page": "SELECT d.id, d.thing, d.thing_id, d.kind, d.desk, o.name, d.due_at, d.derivation, p.receipt, p.subject, a.name,"
            f" d.programme FROM (SELECT id, due_at {_MARKED} AND desk IS NOT NULL ORDER BY due_at, id LIMIT 100) page"
            " JOIN deadline d ON d.id = page.id JOIN organization o ON o.code = d.desk"
            " LEFT JOIN application p ON p.id = d.thing_id LEFT JOIN account a ON a.id = d.handler_id",
    "at risk": "SELECT desk, due_at, count(*) FROM application WHERE desk IS NOT NULL AND due_at > ? GROUP BY 1, 2",
}  # fmt: skip


def fill(url: str, row: Application, desks: list[str], size: int, dice: random.Random) -> None:
    """Applications over all counties, a tenth past their term: some made one by one, the rest their copies."""
    weights = [1 / (place + 10) for place in range(len(desks))]
    base, people = as_dict(row), [new_id() for _ in range(3)]
    moments = [ends_at(local_date(NOW) + timedelta(days=n)) for n in range(-5, 46)]
    chances = [2] * 5 + [1] * 5 + [2] * 40 + [5]
    with clock.at(NOW), transaction() as store:
        chosen = zip(dice.choices(desks, weights, k=SEED), dice.choices(moments, chances, k=SEED), strict=True)
        store.run_many(_INSERT, (_clone(base, desk, due_at, dice.choice(people)) for desk, due_at in chosen))
    changed_ = {"id": "substr(id, 1, 28) || copy", "receipt": "substr(receipt, 1, 16) || copy",
                "leader_key": "substr(id, 1, 28) || copy"}  # fmt: skip
    names, copied = ", ".join(base), ", ".join(changed_.get(name, name) for name in base)
    with in_bulk(url, "application") as cursor:
        cursor.execute(marks(url, f"INSERT INTO application ({names}) {_COPIES} SELECT {copied} FROM copies"
                                  " CROSS JOIN application WHERE desk IS NOT NULL AND substr(id, 29) = '0000'"),
                       (size // SEED,) * 2)  # fmt: skip


def _clone(base: dict[str, Any], desk: str, due_at: datetime, hands: str) -> dict[str, Any]:
    fresh = f"{new_id()[4:]}0000"
    return {**base, "id": fresh, "receipt": f"{fresh[-20:-4]}0000", "leader_key": fresh, "desk": desk, "due_at": due_at,
            "entered_at": due_at - timedelta(days=20), "handler_id": f"{hands[:24]}{desk:0>8}"}  # fmt: skip


def derive(url: str, moment: str) -> None:
    """The deadlines of what is there, and sixty days of the trend."""
    days = [str(local_date(NOW) - timedelta(days=n)) for n in range(1, 61)]
    with in_bulk(url, "deadline", "overdue_day") as cursor:
        cursor.execute(marks(url, _DEADLINES), (moment,))
        cursor.execute("DELETE FROM overdue_day")
        cursor.execute(marks(url, _DAYS), (days[0], moment))
        for day in days[1:]:
            cursor.execute(marks(url, _AGAIN), (day, days[0]))
        for code in (NATION, PROVINCE):
            cursor.execute(marks(url, _SUMS), (code,))
        # Nearly every county has somebody at its desk.
        cursor.execute("INSERT INTO seat (id, account_id, organization, role, starts_at) SELECT 'seat-' || code, (SELECT"
                       " min(account_id) FROM seat), code, 'reviewer', '2025-01-01 00:00:00.000000' FROM organization"
                       " WHERE tier = 'county' AND substr(code, 6, 1) <> '7'")  # fmt: skip


def administrators() -> dict[str, Actor]:
    """Who watches the nation, and who a province."""
    made = {}
    for code in (NATION, PROVINCE):
        email = f"watch{code}@example.cn"
        with clock.at(NOW - timedelta(days=1)):
            open_account(SYSTEM, email=email, name=code, organization_code=code, role=Role.ADMINISTRATOR)
        with clock.at(NOW):
            made[code] = actor_of(email)
    return made


def bare(url: str, text: str, moment: str) -> Callable[[int], None]:
    """The same, asked by the driver alone, of the whole nation."""
    connection = raw(url)
    sql = marks(url, text)

    def ask(_: int) -> None:
        cursor = connection.cursor()
        cursor.execute("BEGIN")
        cursor.execute(sql, (moment,))
        cursor.fetchall()
        connection.rollback()

    return ask


def main() -> None:
    """Print one line for each database, size, question and union."""
    with both() as databases:
        for kind, url in databases:
            _, row = begin(url)
            with reading() as store:
                desks = [unit.code for unit in store.all(_COUNTIES)]
            seated = administrators()
            size = int(sys.argv[1]) if sys.argv[1:] else SIZE
            moment = NOW.strftime("%Y-%m-%d %H:%M:%S.%f") + ("" if kind == "sqlite" else "+00")
            fill(url, row, desks, size, random.Random(size))  # noqa: S311 -- repeatable on purpose
            derive(url, moment)
            measure(kind, url, seated, size, moment)


def measure(kind: str, url: str, seated: dict[str, Actor], size: int, moment: str) -> None:
    """Our questions for the nation and for one province, each beside the bare statement over the nation."""
    programme, tier = {"programme": "provincial-studio"}, {"tier": "county"}
    asks: tuple[tuple[str, Callable[..., Any], str, dict[str, str]], ...] = (
        ("board", watch_late.board, "board", {}),
        ("page of 100", watch_late.overdue, "page", {}),
        ("page of a programme", watch_late.overdue, "page", programme),
        ("at risk", watch_risk.at_risk, "at risk", {}),
        ("at risk of a programme", watch_risk.at_risk, "at risk", programme),
        ("stuck", watch_stuck.stuck, "at risk", {}),
        ("stuck of a programme", watch_stuck.stuck, "at risk", programme),
        ("trend", watch_trend.trend, "board", {}),
        ("trend of a tier", watch_trend.trend, "board", tier),
    )
    for code, actor in seated.items():
        for name, ask, beside, only in asks:

            def ours(
                _: int, ask: Callable[..., Any] = ask, actor: Actor = actor, code: str = code,
                only: dict[str, str] = only,
            ) -> None:  # fmt: skip
                with clock.at(NOW):
                    ask(actor, root=code, **only)

            found = interleaved(ours, bare(url, _BARE[beside], moment), ASKED)
            tell(f"watch {name} of {code} at {size:,} applications ({kind})", *found, GOAL, ASKED)


if __name__ == "__main__":
    main()
