"""The queue says in whose hands each case is and what to do next, the oldest promise first."""

from datetime import date

import pytest

from models.vocabulary import CountersignRule, Role
from tests.counting import statements
from tests.worlds import (
    COUNTY,
    PROVINCE,
    World,
    application,
    at_county,
    at_province,
    checked,
    person,
    sealed,
    submitted,
)
from workflows.desk.countersigning import countersign
from workflows.desk.handling import delegate
from workflows.desk.holding import hold_case
from workflows.queries.queue import queue
from workflows.queries.search import search


def steps(actor: object, desk: str = COUNTY) -> dict[str, tuple[str, str | None]]:
    """For each case by its name: the next step, and in whose hands it is."""
    lines = queue(actor, desk=desk).lines  # type: ignore[arg-type]  # an actor
    return {line.subject: (line.step, line.handler) for line in lines}


def test_each_case_says_the_one_thing_to_do_next(world: World) -> None:
    submitted(world, 0)
    checked(world, COUNTY, submitted(world, 1).id)
    (listed,) = checked(world, COUNTY, submitted(world, 2).id)
    sealed(world, COUNTY, [listed])
    row = submitted(world, 3)
    hold_case(world.county, row.id, until=date(2026, 3, 6), reason="等待原件", seen=row.version)

    assert steps(world.county) == {
        "工作室0": ("check", None), "工作室1": ("rank", None), "工作室2": ("send", None), "工作室3": ("resume", None),
    }  # fmt: skip


def test_the_last_tier_publishes_what_it_sealed(world: World) -> None:
    ids, _ = at_province(world, 1)
    sealed(world, PROVINCE, ids)

    assert steps(world.province, PROVINCE) == {"工作室0": ("publish", None)}


def test_a_case_in_a_colleagues_hands_says_whose_and_is_theirs_to_check(world: World) -> None:
    colleague = person("colleague", COUNTY, Role.REVIEWER)
    row = submitted(world)

    delegate(world.county, row.id, to=colleague.email, reason="下乡核查", seen=row.version)

    assert steps(world.county) == {"工作室0": ("theirs", "colleague")}
    assert steps(colleague) == {"工作室0": ("check", "colleague")}
    assert [search(actor, words="handler:me").total for actor in (world.county, colleague)] == [0, 1]
    assert search(world.county, words="承办人:colleague").total == 1
    assert [search(actor, words="handler:colleague").total for actor in (world.clerks[0], world.admin)] == [0, 0]


def test_a_countersigned_case_waits_but_for_its_signers(world: World) -> None:
    colleague = person("colleague", COUNTY, Role.REVIEWER)
    row = submitted(world)

    countersign(world.county, row.id, rule=CountersignRule.ALL, signers=[colleague.email], seen=row.version)

    assert steps(colleague)["工作室0"][0] == "sign"
    assert steps(world.county)["工作室0"][0] == "signing"


def test_a_held_case_is_found_as_one_at_its_desk_alone(world: World) -> None:
    row = submitted(world)
    hold_case(world.county, row.id, until=date(2026, 3, 6), reason="等待原件", seen=row.version)

    found = {actor.name: search(actor, words="is:held").total for actor in (world.county, world.admin, world.clerks[0])}

    assert found == {"county": 1, "admin": 0, "clerk0": 0}
    assert search(world.county, words="-is:held").total == 0
    assert application(row.id).on_hold


def test_a_page_takes_as_many_statements_as_an_empty_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with statements(monkeypatch) as empty:
        queue(world.county, desk=COUNTY)
    at_county(world, 3)
    with statements(monkeypatch) as full:
        queue(world.county, desk=COUNTY)
    with statements(monkeypatch) as found:
        search(world.county, words="工作室 -is:held sort:due")

    assert (len(empty), len(full), len(found)) == (2, 2, 3)
