"""Statements in batches: as one by one, at the price of a few."""

from datetime import UTC, datetime
from typing import Any

import pytest

from models.base import new_id, new_ids, seeded
from models.database import engine, together, transaction
from models.deadline import Deadline
from models.sql import insert_into, rows_of
from models.vocabulary import DeadlineKind, Thing

AT = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
_INSERT, _ALL = insert_into(Deadline), rows_of(Deadline)


def due(known_as: str, **more: Any) -> dict[str, Any]:
    return {"id": known_as, "thing": Thing.APPLICATION, "thing_id": "t", "kind": DeadlineKind.REVIEW, "set_at": AT,
            "due_at": LATER, **more}  # fmt: skip


def test_rows_of_a_batch_may_hold_other_columns_than_the_one_before(database: str) -> None:
    basis = {"days": 15, "起": "2026-03-03"}
    rows = [
        due("a", basis=basis), due("b", basis=basis), due("c", basis={"days": 20}), due("d", rung=2),
        due("e", thing=Thing.TITLE, closed_at=AT), due("f", closed_at=LATER), due("g", basis=None),
    ]  # fmt: skip
    with together(keep=False) as store:
        store.run_many(_INSERT, rows)
        kept = {row.id: row for row in store.all(_ALL)}

    assert [kept[one].basis for one in "abcdefg"] == [basis, basis, {"days": 20}, None, None, None, None]
    assert [(kept[one].thing, kept[one].rung) for one in "ade"] == [
        (Thing.APPLICATION, 0), (Thing.APPLICATION, 2), (Thing.TITLE, 0),
    ]  # fmt: skip
    assert [kept[one].closed_at for one in "adefg"] == [None, None, AT, LATER, None]
    assert {(row.set_at, row.due_at) for row in kept.values()} == {(AT, LATER)}
    assert kept["a"].basis is not kept["b"].basis


def test_a_batch_is_what_its_rows_are_one_by_one(database: str) -> None:
    compiled = _INSERT.on(engine().dialect)
    rows = [due("a"), due("b", provisional=True), due("c", provisional=True, fired_at=AT)]

    assert [list(row) for row in compiled.batch(rows)] == [list(compiled.arguments(row)) for row in rows]


def test_a_name_that_the_statement_lacks_is_a_mistake_in_any_row(database: str) -> None:
    with transaction() as store, pytest.raises(TypeError, match="colour"):
        store.run_many(_INSERT, [due("a"), due("b", colour="red")])


def test_ids_made_together_are_as_those_made_one_by_one() -> None:
    with seeded(7):
        singly = [new_id()[12:] for _ in range(3)]
    with seeded(7):
        together = [one[12:] for one in new_ids(3)]

    assert together == singly
    assert len({one for n in (2, 3) for one in new_ids(n)}) == 5
    assert {len(one) for one in new_ids(4)} == {32}
    assert new_ids(0) == []
