"""What waits by the thousand: a statement that reaches a few rows is not led through all the others.

Right after thousands of rows were written, PostgreSQL still takes them for a handful.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest

from models.base import new_id
from models.database import Store, together
from models.deadline import Deadline
from models.letter import Letter
from models.lists import listed
from models.sql import insert_into
from models.vocabulary import DeadlineKind, LetterKind, Thing
from tests.outbox import LIN, NOW, WANG
from tests.people import an_account
from workflows.clocks import deadlines
from workflows.post import leases, letters

MANY = 2000
OF_ONE = {"waiting", "thing_id", "account_id"}
_LETTER, _DEADLINE = insert_into(Letter), insert_into(Deadline)


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    """Letters and deadlines that nobody has counted yet, and that go again with the test."""
    for name, known_as in (("lin", LIN), ("wang", WANG)):
        an_account(f"{name}@xihu.example.cn", name=name, id=known_as)
    with together(keep=False) as store:
        store.run_many(_LETTER, (
            {"id": new_id(), "account_id": (LIN, WANG)[i % 2], "template": "recommended",
             "kind": LetterKind.INFORMATION, "thing_id": new_id(), "created_at": NOW, "not_before": NOW,
             "params": {"subject": "一个工作室", "receipt": new_id()}} for i in range(MANY)
        ))  # fmt: skip
        store.run_many(_DEADLINE, (
            {"id": new_id(), "thing": Thing.APPLICATION, "thing_id": new_id(), "kind": DeadlineKind.REVIEW,
             "set_at": NOW, "due_at": NOW + timedelta(days=9)} for _ in range(MANY)
        ))  # fmt: skip
        yield store


def ways(store: Store, room: ModuleType, name: str, **values: Any) -> list[str]:
    """The indexes by which the database gets at letters and deadlines; `whole` where it reads them all."""
    found = getattr(room, name)
    compiled = (found[store.dialect.name] if isinstance(found, dict) else found).on(store.dialect)
    known = {one: value for one, value in values.items() if one in compiled.given}
    cursor = store.connection.cursor()
    explain = "EXPLAIN QUERY PLAN " if store.dialect.name == "sqlite" else "EXPLAIN "
    cursor.execute(explain + compiled.text, compiled.arguments(known))
    plan = " ".join(str(row[-1]) for row in cursor.fetchall())
    wholes = re.findall(r"(?:SCAN|Seq Scan on) (?:letter|deadline|other)\b", plan)
    return [*re.findall(r"ix_(?:letter|deadline)_(\w+)", plan), *("whole" for _ in wholes)]


def test_a_batch_alone_walks_along_what_waits_and_looks_by_reader_for_what_says_the_same(store: Store) -> None:
    found = ways(store, leases, "_DUE", now=NOW, most=100)

    assert found.count("not_before") == 1
    assert {*found} <= {"not_before", *OF_ONE}


def test_what_goes_in_the_same_message_is_found_by_its_reader(store: Store) -> None:
    assert {*ways(store, leases, "_MATES", now=NOW, ids=listed([WANG]), mates=10)} <= OF_ONE


def test_letters_of_a_thing_are_given_up_by_way_of_it_or_its_reader(store: Store) -> None:
    ids = [
        {*ways(store, letters, name, about=new_id(), named="checked", at=NOW, now=NOW)}
        for name in ("_WITHDRAW", "_TAKE_BACK")
    ]

    assert ids == [{"thing_id"}, {"thing_id"}]


@pytest.mark.parametrize("name", ["_CLOSE", "_CLOSE_PASSING", "_CLOSE_KIND", "_HAND_ON"])
def test_what_was_due_for_a_thing_is_closed_by_way_of_it(store: Store, name: str) -> None:
    told = {"of": new_id(), "closed_at": NOW, "of_kind": DeadlineKind.REVIEW, "hands": None}

    assert ways(store, deadlines, name, **told) == ["thing_id"]
