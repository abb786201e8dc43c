"""Who is at the same form: told by name and field for 45 seconds, to nobody else, and holding up nobody."""

from datetime import timedelta

import pytest

from models import clock
from models.errors import NotFoundError
from models.vocabulary import Role
from tests.counting import statements
from tests.worlds import NOW, World, drafted, person, refused, rows, submitted, unit
from workflows.intake import applications
from workflows.intake.presence import Beside, leave, note


def test_whoever_writes_the_same_form_is_told_of_the_other_and_their_field(world: World) -> None:
    row, colleague = drafted(world, proof=False), person("li", unit(0), Role.CLERK)

    assert note(world.clerks[0], row.id, "topics") == []
    assert note(colleague, row.id) == [Beside("clerk0", "topics")]
    assert note(world.clerks[0], row.id, "topics") == [Beside("li", "")]


def test_a_colleague_who_was_not_there_for_45_seconds_is_gone(world: World) -> None:
    row, colleague = drafted(world, proof=False), person("li", unit(0), Role.CLERK)
    note(colleague, row.id, "topics")

    with clock.at(NOW + timedelta(seconds=44)):
        assert note(world.clerks[0], row.id) == [Beside("li", "topics")]
    with clock.at(NOW + timedelta(seconds=45)):
        assert note(world.clerks[0], row.id) == []


def test_who_leaves_a_form_is_gone_at_once(world: World) -> None:
    row, colleague = drafted(world, proof=False), person("li", unit(0), Role.CLERK)
    note(colleague, row.id, "topics")

    leave(colleague, row.id)

    assert note(world.clerks[0], row.id) == []


def test_a_reader_is_not_noted_and_a_stranger_is_told_nothing(world: World) -> None:
    row = submitted(world)
    note(world.clerks[0], row.id, "topics")

    assert note(world.county, row.id) == []
    with refused("not_found", NotFoundError):
        note(world.clerks[1], row.id)
    assert rows("SELECT count(*) FROM presence") == [(1,)]


def test_presence_changes_nothing_about_the_case_and_stops_nobodys_save(world: World) -> None:
    row, colleague = drafted(world, proof=False), person("li", unit(0), Role.CLERK)

    note(colleague, row.id, "topics")

    after = applications.revise(world.clerks[0], row.id, answers={"topics": "新课题"}, seen=row.version)
    assert (after.version, after.answers["topics"]) == (row.version + 1, "新课题")


def test_a_beat_within_ten_seconds_writes_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = drafted(world, proof=False)
    note(world.clerks[0], row.id, "topics")

    with statements(monkeypatch) as run, clock.at(NOW + timedelta(seconds=9)):
        note(world.clerks[0], row.id, "topics")

    assert [one.split(maxsplit=1)[0] for one in run] == ["SELECT"] * 4


def test_whoever_stays_at_one_field_is_still_there(world: World) -> None:
    row, colleague = drafted(world, proof=False), person("li", unit(0), Role.CLERK)
    for seconds in (0, 15, 30):
        with clock.at(NOW + timedelta(seconds=seconds)):
            note(colleague, row.id, "topics")

    with clock.at(NOW + timedelta(seconds=60)):
        assert note(world.clerks[0], row.id) == [Beside("li", "topics")]


def test_what_is_a_day_old_is_forgotten_when_the_form_is_opened_anew(world: World) -> None:
    row, colleague = drafted(world, proof=False), person("li", unit(0), Role.CLERK)
    note(colleague, row.id, "topics")

    with clock.at(NOW + timedelta(days=1, seconds=1)):
        note(world.clerks[0], row.id)

    assert rows("SELECT a.name FROM presence n JOIN account a ON a.id = n.account_id") == [("clerk0",)]
