"""No two runs of one kind at once, over processes and machines; a holder's death makes room."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from models.database import engine
from models.mutex import alone

_HOLD = """
import sys
from models.mutex import alone
with alone(sys.argv[1]) as free:
    print(free, flush=True)
    sys.stdin.read()
"""


@contextmanager
def another(kind: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process that asks for the place of a kind, and keeps it: with what it was answered."""
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, kind], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline().strip()
    finally:
        process.communicate()


def test_a_second_run_of_a_kind_is_turned_away_and_one_of_another_kind_is_not(database: str) -> None:
    with another("sweep") as (_, first), alone("sweep") as same, alone("letters") as other:
        answers = (first, same, other)

    assert answers == ("True", False, True)


def test_the_place_is_free_when_its_holder_has_left(database: str) -> None:
    with alone("sweep") as first, alone("sweep") as second:
        answers = [first, second]
    with alone("sweep") as third:
        answers.append(third)

    assert answers == [True, False, True]


def test_a_killed_run_blocks_nobody(database: str) -> None:
    with another("sweep") as (process, held):
        process.send_signal(signal.SIGKILL)
        process.wait()
        answers = [held]
        while answers[-1] != "now":  # PostgreSQL hears of a death a moment later
            with alone("sweep") as free:
                answers.append("now" if free else held)

    assert set(answers) == {"True", "now"}


def test_whoever_waits_holds_no_transaction_open(database: str) -> None:
    with alone("sweep"):
        if engine().dialect.name != "postgresql":
            return
        with engine().connect() as connection:
            asked = (
                "SELECT a.state FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid"
                " WHERE l.locktype = 'advisory' AND a.datname = current_database()"
            )
            states = [state for (state,) in connection.exec_driver_sql(asked)]
    assert states == ["idle"]
