"""What is typed or sent and fits into no column, calendar or character set, on both databases."""

from typing import Any

import pytest

from models.account import Account
from models.application import Application
from models.base import table as table_of
from models.database import reading, transaction
from models.errors import FaultsError, InputError
from models.programme import FieldRule, Words
from models.sql import bind, insert_into, rows_of, update_of
from models.vocabulary import AccountState
from tests.worlds import COUNTY, NOW, PROVINCE, World, answers, drafted, refused, unit
from workflows import table
from workflows.intake.applications import draft
from workflows.listing.slates import rank
from workflows.rules.forms import value_of

NUL, HALF = "甲\x00乙", "甲\ud800乙"
DRAFT: dict[str, Any] = {"round_id": "r", "organization_code": "o"}
PLAN: dict[str, Any] = {
    "programme": "provincial-studio@1", "organization_code": PROVINCE, "year": 2027,
    "opens_at": "2026-04-01T09:00", "closes_at": "2026-04-20T17:30",
}  # fmt: skip
ACCOUNT: dict[str, Any] = {
    "id": "a", "email": "a@example.cn", "name": "甲", "created_at": NOW, "state": AccountState.ACTIVE,
}  # fmt: skip
_A = table_of(Account).c


@pytest.mark.parametrize("bad", [NUL, HALF, "\udfff"])
@pytest.mark.parametrize(("verb", "arguments", "field"), [
    ("draft", {**DRAFT, "answers": {"studio_name": "?"}}, "answers"),
    ("draft", {**DRAFT, "answers": {"?": "名"}}, "answers"),
    ("rank", {**DRAFT, "main": ["x", {"application": "y", "note": "?"}]}, "main"),
    ("seat", {"email": "?", "organization_code": COUNTY, "role": "clerk"}, "email"),
    ("seat", {"role": "?"}, "role"),
    ("no-such-argument", {"loudly": "?"}, "loudly"),
])  # fmt: skip
def test_a_character_that_no_database_keeps_is_refused_before_anything_else(
    world: World, bad: str, verb: str, arguments: dict[str, Any], field: str
) -> None:
    with refused("character", InputError, field=field):
        table.do("draft" if verb == "no-such-argument" else verb, world.admin, _put(arguments, bad))


def _put(given: Any, bad: str) -> Any:
    """The arguments with every `?` in them replaced."""
    if isinstance(given, dict):
        return {_put(name, bad): _put(value, bad) for name, value in given.items()}
    if isinstance(given, list):
        return [_put(value, bad) for value in given]
    return bad if given == "?" else given


@pytest.mark.parametrize("bad", [NUL, HALF])
def test_a_name_of_an_argument_is_text_too(world: World, bad: str) -> None:
    with refused("character", InputError, field="甲?乙"):
        table.do("draft", world.admin, {bad: 1})
    with refused("character", InputError, field="round_id"):
        table.ask("queue-counts", world.county, {"round_id": bad})


def test_what_nests_deeply_is_read_to_its_end(world: World) -> None:
    deep: Any = NUL
    for _ in range(5000):
        deep = [deep]
    with refused("character", InputError, field="answers"):
        table.do("draft", world.admin, {**DRAFT, "answers": {"topics": deep}})


@pytest.mark.parametrize("moment", [
    "1999-12-31T23:59", "2101-01-01T00:00+08:00", "0001-01-01T00:00", "9999-12-31T23:59", "5",
])  # fmt: skip
@pytest.mark.parametrize("field", ["opens_at", "closes_at", "ends_at"])
def test_a_moment_far_from_our_days_is_refused(world: World, moment: str, field: str) -> None:
    with refused("moment_out_of_range", InputError, field=field, first=2000, last=2100):
        table.do("plan-round", world.admin, {**PLAN, field: moment})


@pytest.mark.parametrize("day", ["1999-12-31", "2101-01-01", "9999-12-31"])
def test_a_day_far_from_our_days_is_refused(world: World, day: str) -> None:
    with refused("moment_out_of_range", InputError, field="meeting_on", given=day):
        table.do("decide", world.admin, {"slate_id": "s", "number": "n", "meeting_on": day, "seen": 1})


@pytest.mark.parametrize(("given", "field", "length", "most"), [
    ({"name": "名" * 61}, "name", 61, 60),
    ({"email": "e" * 255}, "email", 255, 254),
])  # fmt: skip
def test_a_text_longer_than_its_column_is_refused_alike_on_both(
    world: World, given: dict[str, Any], field: str, length: int, most: int
) -> None:
    insert, change = insert_into(Account), update_of(Account, field)
    with refused("too_long", InputError, field=field, length=length, most=most), transaction() as store:
        store.run(insert, **{**ACCOUNT, **given})
    with refused("too_long", InputError, field=field, length=length, most=most), transaction() as store:
        store.run_many(insert, [{**ACCOUNT, **given}])
    with refused("too_long", InputError, field=field, length=length, most=most), transaction() as store:
        store.run(change, old_id=world.county.id, **given)


def test_a_text_as_long_as_its_column_is_kept_and_any_may_be_looked_for(world: World) -> None:
    look = rows_of(Account, _A.email == bind("email", _A.email))
    with transaction() as store:
        store.run(update_of(Account, "name"), old_id=world.county.id, name="名" * 60)
        assert store.run(update_of(Account, "name"), old_id="i" * 999, name="名") == 0
    with reading() as store:
        assert store.first(look, email="e" * 9999) is None
        found = store.first(look, email=world.county.email)
    assert found is not None
    assert found.name == "名" * 60


def test_a_statement_that_lacks_a_value_is_still_refused(world: World) -> None:
    insert = insert_into(Account)
    with pytest.raises(Exception, match=r"(?i)null"), transaction() as store:  # the column's own rule
        store.run(insert, **{**ACCOUNT, "email": None})


@pytest.mark.parametrize(("given", "field", "most"), [
    ({"subject": "名" * 121}, "subject", 120), ({"leader_name": "李" * 61}, "leader_name", 60),
])  # fmt: skip
def test_a_column_of_an_application_is_no_longer_than_it_may_be(
    world: World, given: dict[str, Any], field: str, most: int
) -> None:
    row = drafted(world)
    with refused("too_long", InputError, field=field, length=most + 1, most=most), transaction() as store:
        store.run(update_of(Application, field), old_id=row.id, **given)


RULE = FieldRule(name="topics", label=Words(zh="课题", en="Topics"), kind="text")


@pytest.mark.parametrize("raw", [[], ["一"], {}, {"a": 1}, ("一",), b"1"])
def test_an_answer_that_is_no_text_is_a_fault(raw: Any) -> None:
    assert value_of(RULE, raw) == (None, {"field": "topics", "code": "not_a_text"})


@pytest.mark.parametrize(("raw", "value"), [
    ("一", "一"), (5, "5"), (1.5, "1.5"), (True, "True"), (None, None), (" ", None),
])  # fmt: skip
def test_what_can_be_typed_is_an_answer(raw: Any, value: Any) -> None:
    assert value_of(RULE, raw) == (value, None)


def test_a_form_with_a_list_in_it_is_not_saved(world: World) -> None:
    with refused("faults", FaultsError, faults=[{"field": "topics", "code": "not_a_text"}]):
        draft(world.clerks[0], round_id=world.round_id, organization_code=unit(0),
              answers=answers(0, topics=["一", "二"]))  # fmt: skip


def test_a_long_list_is_read_once_and_names_what_stands_twice(world: World) -> None:
    ids = [f"{n:032x}" for n in range(2000)]
    with refused("listed_twice", InputError, field="main", given=ids[7]):
        rank(world.county, round_id=world.round_id, organization_code=COUNTY, main=[*ids, ids[7], ids[9]])
