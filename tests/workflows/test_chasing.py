"""Asking a desk to hurry, and copies: letters and rows, nothing about the case changes and nobody sees more."""

from datetime import UTC, timedelta

import pytest

from models import clock
from models.errors import ForbiddenError, InputError, NotFoundError, RefusedError
from models.settings import settings
from models.vocabulary import Role
from tests.desk import deputed, desk, now
from tests.worlds import COUNTY, NOW, World, drafted, letters, person, refused, rows, submitted
from workflows.desk.chasing import chase, copy
from workflows.desk.handling import transfer
from workflows.queries.office import office_card


def test_the_unit_asks_the_desk_to_hurry_and_nothing_about_the_case_changes(world: World) -> None:
    row = submitted(world)

    made = chase(world.clerks[0], row.id, words="临近截止")

    assert (made.desk, made.organization, made.words) == (COUNTY, row.organization, "临近截止")
    assert now(row) == row
    assert ("case_chased", "county") in letters(row.id)


def test_a_case_in_somebodys_hands_is_chased_there_and_with_their_deputy(world: World) -> None:
    d = desk(world)
    transfer(world.county, d.case.id, to=d.second.email, reason="分工", seen=d.case.version)
    deputed(d.second, d.third)

    chase(world.clerks[0], d.case.id)

    assert [name for template, name in letters(d.case.id) if template == "case_chased"] == ["second", "third"]


def test_there_is_one_reminder_in_some_working_days_whoever_sends_it(world: World) -> None:
    row = submitted(world)
    chase(world.clerks[0], row.id)

    free = NOW + timedelta(days=3)
    told = free.astimezone(UTC).isoformat()
    with clock.at(free - timedelta(minutes=1)), refused("chased_already", RefusedError, days=3, next_at=told):
        chase(world.city, row.id)
    with clock.at(free):
        assert chase(world.city, row.id).organization == "330100"


def test_the_days_between_two_reminders_are_a_setting(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHENBAO_CHASE_DAYS", "1")
    settings.cache_clear()
    row = submitted(world)
    chase(world.clerks[0], row.id)

    with clock.at(NOW + timedelta(days=1)):
        assert chase(world.clerks[0], row.id).at == NOW + timedelta(days=1)


def test_one_click_is_one_reminder(world: World) -> None:
    row = submitted(world)

    assert chase(world.clerks[0], row.id, key="一次") == chase(world.clerks[0], row.id, key="一次")
    assert rows("SELECT count(*) FROM chase") == [(1,)]


def test_upper_tiers_and_administrators_above_ask_and_nobody_else(world: World) -> None:
    row = submitted(world)

    with refused("not_a_chaser", ForbiddenError):
        chase(world.county, row.id)
    for stranger in (world.stranger, world.clerks[1]):
        with refused("not_found", NotFoundError):
            chase(stranger, row.id)
    assert chase(world.admin, row.id).organization == "330000"


def test_a_draft_and_a_case_at_no_desk_are_nobodys_to_hurry(world: World) -> None:
    row = drafted(world)

    with refused("nobody_to_chase", RefusedError):
        chase(world.clerks[0], row.id)
    with refused("not_found", NotFoundError):
        chase(world.city, row.id)


def test_a_copy_goes_to_people_who_may_see_the_case_anyway(world: World) -> None:
    d = desk(world)

    made = copy(world.county, d.case.id, to=[d.second.email, world.admin.id], words="请留意")

    assert [one.to_id for one in made] == [d.second.id, world.admin.id]
    assert now(d.case) == d.case
    assert {("case_copied", "second"), ("case_copied", "admin")} <= set(letters(d.case.id))
    card = office_card(d.second, d.case.id)
    assert card is not None
    assert {(one.to, one.words) for one in card.copies} == {("second", "请留意"), ("admin", "请留意")}


def test_a_copy_shows_nobody_anything_new(world: World) -> None:
    d = desk(world)
    other = person("elsewhere", "330200", Role.REVIEWER)

    for name, outsider in (("elsewhere", other), ("city", world.city), ("clerk1", world.clerks[1])):
        with refused("may_not_see", RefusedError, name=name):
            copy(world.county, d.case.id, to=[d.second.email, outsider.email])
    with refused("copies", InputError):
        copy(world.county, d.case.id, to=[])
    with refused("not_your_desk", ForbiddenError):
        copy(world.admin, d.case.id, to=[d.second.email])
    with refused("own_case", ForbiddenError):
        copy(world.clerks[0], d.case.id, to=[d.second.email])
    with refused("not_found", NotFoundError):
        copy(world.city, d.case.id, to=[d.second.email])
