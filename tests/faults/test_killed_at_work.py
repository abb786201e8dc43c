"""F1: whatever a client was told is true, whenever the process that told it is killed."""

from collections.abc import Callable
from random import Random

import pytest

from tests.faults.acts import Place, work
from tests.faults.lives import acked, complaints, goes_on, here, killed, lines, lost, started
from tests.provinces import Worlds
from tests.worlds import rows

KILLS = 20
VERBS = {"draft", "attach", "submit", "check", "withdraw"}
MOST = 200  # acts to wait for, so that a busy machine gets to every verb
_OVER = "SELECT organization FROM quota WHERE reserved + used > places AND kind <> 'free'"
_AGAIN = "SELECT key FROM journal_event WHERE key IS NOT NULL GROUP BY account_id, key HAVING count(*) > 1"


@pytest.fixture
def places(worlds: Worlds, enter: Callable[[str], None]) -> list[Place]:
    """One database, and a diary for each of two clients."""
    url = worlds[0]()
    enter(url)
    return [here(url, f"client{n}") for n in range(2)]


def test_nothing_acknowledged_is_lost_and_nobody_waits_for_the_dead(worlds: Worlds, places: list[Place]) -> None:
    chance = Random(20260303)  # noqa: S311 -- repeatable on purpose
    there = worlds[1]
    clients = [started(work, place, there, n) for n, place in enumerate(places)]

    for turn in range(KILLS):
        victim = turn % 2
        goes_on(places[victim])
        clients[victim].join(chance.uniform(0, 0.05))
        killed(clients[victim])
        goes_on(places[1 - victim])
        clients[victim] = started(work, places[victim], there, victim)
    for _ in range(MOST):
        if {line["verb"] for place in places for line in acked(place)} >= VERBS:
            break
        goes_on(places[0])
    for place, client in zip(places, clients, strict=True):
        goes_on(place)
        killed(client)

    answers = [line for place in places for line in acked(place)]
    assert [line for place in places for line in lines(place) if "raw" in line] == []
    assert [line for place in places for line in lost(place)] == []
    assert {line["verb"] for line in answers} >= VERBS
    assert (rows(_OVER), rows(_AGAIN), complaints()) == ([], [], [])
