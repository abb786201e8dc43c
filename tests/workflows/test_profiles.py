"""Profiles: typed once, offered in every other form, and nobody else's."""

from datetime import timedelta
from typing import Any

import pytest

from models import clock
from models.errors import NotFoundError
from models.programme import shipped
from models.vocabulary import Channel, Role
from tests.counting import statements
from tests.rounds_of import in_round, worker
from tests.worlds import COUNTY, NOW, World, also, answers, identity, refused, rows, unit
from workflows.intake.applications import draft, revise
from workflows.intake.profiles import profile

SHIPPED = shipped("provincial-studio").model_dump(mode="json")["fields"]
WORDS = {"zh": "栏", "en": "Field"}
FIELDS: list[dict[str, Any]] = [
    {"name": "address", "profile": "unit"},
    {"name": "account_no", "profile": "unit", "private": True},
    {"name": "capital", "kind": "money", "profile": "unit"},
    {"name": "leader_phone", "kind": "phone", "profile": "person"},
]
SELF = [{"desk": "enterprise", "days": 3, "channels": ["self"]}, {"desk": "county", "days": 5},
        {"desk": "city-or-industry", "days": 7}, {"desk": "province", "days": 10}]  # fmt: skip


def asking(w: World, **changes: Any) -> World:
    """A round whose form has fields of a profile."""
    return in_round(w, fields=[*SHIPPED, *({"label": WORDS, "required": False, **f} for f in FIELDS)], **changes)


def begun(w: World, n: int = 0, **given: Any) -> Any:
    """A draft of the n-th unit."""
    return draft(w.clerks[n], round_id=w.round_id, organization_code=unit(n), answers=given)


def test_what_a_unit_typed_once_stands_in_its_next_form_and_the_event_says_so(world: World) -> None:
    w = asking(world)
    row = begun(w, address="文三路1号")
    revise(w.clerks[0], row.id, answers={"capital": "1000000", "account_no": "6222000011112222"}, seen=row.version)

    again = begun(asking(world), topics="课题")

    assert again.answers == {
        "topics": "课题", "address": "文三路1号", "account_no": "6222000011112222", "capital": 100_000_000,
    }  # fmt: skip
    [[body]] = rows("SELECT body FROM journal_event WHERE thing_id = :id", id=again.id)
    assert all(name in str(body) for name in ("profile", "address", "account_no", "capital"))
    assert begun(asking(world), 1).answers == {}


def test_what_is_typed_goes_before_what_was_kept_and_is_kept_from_then_on(world: World) -> None:
    begun(asking(world), address="旧址")

    assert begun(asking(world), address="新址").answers == {"address": "新址"}
    assert begun(asking(world)).answers == {"address": "新址"}


def test_an_emptied_field_takes_nothing_out_of_the_profile(world: World) -> None:
    row = begun(asking(world), address="文三路1号")
    revise(world.clerks[0], row.id, answers={"address": ""}, seen=row.version)

    assert begun(asking(world)).answers == {"address": "文三路1号"}


def test_what_no_longer_fits_is_not_offered(world: World) -> None:
    begun(asking(world), address="很长的一个地址")
    short = [{"label": WORDS, "name": "address", "profile": "unit", "max_length": 3}]

    assert begun(in_round(world, fields=[*SHIPPED, *short])).answers == {}


def test_a_leader_is_known_to_the_unit_by_the_identity_number(world: World) -> None:
    w = asking(world)
    begun(w, leader_id=identity(0), leader_phone="13800000000")
    row = begun(asking(world))
    assert row.answers == {}

    first = revise(w.clerks[0], row.id, answers={"leader_id": identity(0)}, seen=row.version)

    assert first.answers == {"leader_id": identity(0), "leader_phone": "13800000000"}
    assert begun(asking(world), leader_id=identity(1)).answers == {"leader_id": identity(1)}
    assert begun(asking(world), 1, leader_id=identity(0)).answers == {"leader_id": identity(0)}


def test_a_worker_who_files_is_the_person(world: World) -> None:
    entry = {"channels": ["self", "union"]}
    who = worker(0, unit(0))

    def file(**given: Any) -> Any:
        w = asking(world, entry=entry, ladder=SELF)
        return draft(who, round_id=w.round_id, organization_code=unit(0), channel=Channel.SELF, answers=given)

    file(leader_phone="13800000000")

    assert file().answers == {"leader_phone": "13800000000"}


def test_others_read_a_units_profile_with_private_answers_masked(world: World) -> None:
    begun(asking(world), address="文三路1号", account_no="6222000011112222")
    governor = also(world.county, COUNTY, Role.ADMINISTRATOR)

    assert profile(world.clerks[0], organization_code=unit(0)) == {
        "account_no": "6222000011112222", "address": "文三路1号",
    }  # fmt: skip
    for actor in (governor, world.admin):
        assert profile(actor, organization_code=unit(0)) == {
            "account_no": "6222********2222", "address": "文三路1号",
        }  # fmt: skip
    for actor in (world.clerks[1], world.province, world.stranger):
        with refused("not_found", NotFoundError):
            profile(actor, organization_code=unit(0))


def test_a_profile_is_one_statement_each_way(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    w = asking(world)

    with clock.at(NOW + timedelta(hours=1)), statements(monkeypatch) as run:
        begun(w, **answers(0), address="文三路1号", account_no="6222000011112222", leader_phone="13800000000")

    assert [("INSERT" in text) for text in run if " profile" in text] == [False, True]


def test_a_worker_who_files_neither_reads_nor_writes_what_the_unit_keeps(world: World) -> None:
    begun(asking(world), address="文三路1号", account_no="6222000011112222")
    w = asking(world, entry={"channels": ["self", "union"]}, ladder=SELF)
    who = worker(0, unit(0))

    mine = draft(who, round_id=w.round_id, organization_code=unit(0), channel=Channel.SELF,
                 answers={"capital": "5"})  # fmt: skip
    revise(who, mine.id, answers={"address": "我家"}, seen=mine.version)

    assert mine.answers == {"capital": 500}
    assert profile(world.clerks[0], organization_code=unit(0)) == {
        "address": "文三路1号", "account_no": "6222000011112222",
    }  # fmt: skip
