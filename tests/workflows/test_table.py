"""Every verb and question by name, with arguments as text or JSON: read, or refused in words."""

from datetime import UTC, datetime
from typing import Any

import pytest

from models.errors import InputError
from models.vocabulary import State
from tests.worlds import COUNTY, PROVINCE, World, answers, drafted, refused, unit
from workflows import table
from workflows.record.verb import QUERIES, VERBS


def test_a_round_is_planned_by_name_with_every_argument_as_text(world: World) -> None:
    made = table.do("plan-round", world.admin, {
        "programme": "provincial-studio@1", "organization_code": 330000, "year": "2027",
        "opens_at": "2026-04-01T09:00", "closes_at": "2026-04-20T17:30:00+08:00",
    })  # fmt: skip

    # A moment without a zone is Beijing time.
    assert made.opens_at == datetime(2026, 4, 1, 1, tzinfo=UTC)
    assert made.closes_at == datetime(2026, 4, 20, 9, 30, tzinfo=UTC)


def test_a_verb_by_name_does_what_it_does_by_hand(world: World) -> None:
    row = drafted(world)

    done = table.do("submit", world.clerks[0], {"application_id": row.id, "seen": str(row.version)})

    assert done.state is State.COUNTY_REVIEW
    assert table.ask("queue-counts", world.county, {"desk": COUNTY}).waiting == 1
    assert [line.id for line in table.ask("mine", world.clerks[0], {})] == [row.id]


@pytest.mark.parametrize(("name", "near"), [("sumbit", "submit"), ("send_up", "send-up"), ("zzzzzz", None)])
def test_an_unknown_verb_is_named_with_the_nearest(world: World, name: str, near: str | None) -> None:
    with refused("unknown_verb", InputError, given=name, near=near) as told:
        table.do(name, world.admin, {})

    assert "submit" in told.details["known"]


def test_an_unknown_question_is_named_with_the_nearest(world: World) -> None:
    with refused("unknown_question", InputError, given="queues", near="queue"):
        table.ask("queues", world.admin, {})


SUBMIT = {"application_id": "x", "seen": 1}
PLAN = {"programme": "p", "organization_code": PROVINCE, "year": 2027, "opens_at": "2026-04-01",
        "closes_at": "2026-05-01"}  # fmt: skip
KNOWN = ["application_id", "key", "seen"]


@pytest.mark.parametrize(("verb", "given", "code", "details"), [
    ("submit", {**SUBMIT, "loudly": True}, "unknown_argument", {"field": "loudly", "known": KNOWN}),
    ("submit", {**SUBMIT, "actor": "me"}, "unknown_argument", {"field": "actor"}),
    ("submit", {**SUBMIT, "seen": "soon"}, "argument", {"field": "seen", "given": "soon", "expected": "int"}),
    ("submit", {**SUBMIT, "seen": 1.5}, "argument", {"field": "seen", "given": "1.5"}),
    ("submit", {"seen": 1}, "argument_missing", {"field": "application_id", "expected": "str"}),
    ("plan-round", {**PLAN, "opens_at": "1 April"}, "argument", {"field": "opens_at", "expected": "datetime"}),
    ("plan-round", {**PLAN, "closes_at": "2026-02-30T00:00"}, "argument", {"field": "closes_at"}),
    ("draft", {"round_id": "x", "organization_code": "y", "line": "sideways"}, "argument", {"field": "line"}),
    ("rank", {"round_id": "x", "organization_code": "y", "main": "z"}, "argument", {"field": "main"}),
    ("issue", {"round_id": "x", "organization_code": "y", "places": "many"}, "argument", {"field": "places"}),
])  # fmt: skip
def test_an_argument_that_cannot_be_read_says_which_and_what_is_expected(
    world: World, verb: str, given: dict[str, Any], code: str, details: dict[str, Any]
) -> None:
    with refused(code, InputError) as told:
        table.do(verb, world.admin, given)

    assert {name: told.details[name] for name in details} == details


def test_every_verb_and_question_tells_its_arguments() -> None:
    table.load()

    for name in (*VERBS, *QUERIES):
        assert "actor" not in table.arguments_of(name)
    assert table.arguments_of("submit") == {"application_id": "str*", "seen": "int*", "key": "str | None"}


def test_answers_go_through_as_they_were_typed(world: World) -> None:
    row = table.do("draft", world.clerks[0], {
        "round_id": world.round_id, "organization_code": unit(0), "answers": answers(0, team_size="7"),
    })  # fmt: skip

    assert row.answers["team_size"] == 7
