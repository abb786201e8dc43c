"""Accounts and seats: who may give and take them, and that power ends with them at once."""

from datetime import timedelta
from typing import Any

import pytest

from models import clock
from models.errors import ForbiddenError, InputError, NotFoundError, SignedOutError
from models.vocabulary import Role
from tests.worlds import (
    CITY,
    COUNTY,
    NOW,
    PROVINCE,
    World,
    also,
    letters,
    person,
    refused,
    rows,
    submitted,
    unit,
)
from workflows.desk.reviews import check
from workflows.people.accounts import disable_account, open_account, seat, vacate
from workflows.record.acting import SYSTEM, actor_of

NEW: dict[str, Any] = {"email": "new@example.cn", "name": " 新人 ", "organization_code": COUNTY, "role": Role.REVIEWER}


def seat_of(email: str) -> str:
    """The first seat of an account."""
    found = "SELECT s.id FROM seat s JOIN account a ON a.id = s.account_id WHERE a.email = :e ORDER BY s.id"
    return str(rows(found, e=email)[0][0])


def test_an_account_comes_with_a_seat_and_a_letter(world: World) -> None:
    made = open_account(world.admin, **NEW)

    assert (made.email, made.name, made.disabled_at) == ("new@example.cn", "新人", None)
    assert actor_of("new@example.cn").seats == ((COUNTY, Role.REVIEWER),)
    assert rows("SELECT template FROM letter WHERE account_id = :a", a=made.id) == [("invited",)]
    assert letters(made.id) == []


@pytest.mark.parametrize(("given", "code", "field"), [
    ({"email": "nonsense"}, "email_invalid", "email"),
    ({"email": "county@example.cn"}, "email_known", "email"),
    ({"email": "County@Example.CN"}, "email_known", "email"),
    ({"ends_at": NOW}, "term_over", "ends_at"),
])  # fmt: skip
def test_an_account_that_cannot_be_is_refused(world: World, given: dict[str, Any], code: str, field: str) -> None:
    with refused(code, InputError, field=field):
        open_account(world.admin, **{**NEW, **given})


def test_only_who_governs_a_place_seats_people_there(world: World) -> None:
    county = person("xihu", COUNTY, Role.ADMINISTRATOR)

    for actor, code in ((world.county, COUNTY), (county, CITY), (world.admin, "310000")):
        with refused("not_administrator", ForbiddenError, organization=code):
            open_account(actor, **{**NEW, "organization_code": code})
        with refused("not_administrator", ForbiddenError, organization=code):
            seat(actor, email=world.clerks[0].email, organization_code=code, role=Role.REVIEWER)
    with refused("not_found", NotFoundError, thing="account"):
        seat(county, email="nobody@example.cn", organization_code=COUNTY, role=Role.CLERK)


def test_a_vacated_seat_lends_no_power_even_to_an_old_actor(world: World) -> None:
    row, old = submitted(world), world.county
    with clock.at(NOW + timedelta(hours=1)):
        done = vacate(world.admin, seat_id=seat_of(old.email))

        assert done.ends_at == NOW + timedelta(hours=1)
        with refused("not_found", NotFoundError):
            check(old, row.id, seen=row.version)


def test_a_seat_that_ended_keeps_the_day_it_ended(world: World) -> None:
    with clock.at(NOW + timedelta(hours=1)):
        first = vacate(world.admin, seat_id=seat_of(world.county.email))
    with clock.at(NOW + timedelta(days=9)):
        again = vacate(world.admin, seat_id=first.id)

    assert again == first


def test_a_term_ends_by_itself(world: World) -> None:
    open_account(world.admin, **NEW, ends_at=NOW + timedelta(days=1))

    with clock.at(NOW + timedelta(days=1, seconds=-1)):
        assert actor_of("new@example.cn").seats == ((COUNTY, Role.REVIEWER),)
    with clock.at(NOW + timedelta(days=1)):
        assert actor_of("new@example.cn").seats == ()


def test_who_is_shut_out_acts_no_more(world: World) -> None:
    row = submitted(world)

    done = disable_account(world.admin, email=world.county.email, organization_code=COUNTY)

    assert done.disabled_at == NOW
    with refused("unknown_account", SignedOutError):
        check(world.county, row.id, seen=row.version)
    with refused("unknown_account", SignedOutError):
        actor_of(world.county.email)


def test_nobody_is_shut_out_by_who_does_not_govern_every_place_they_sit_in(world: World) -> None:
    county = person("xihu", COUNTY, Role.ADMINISTRATOR)
    with refused("not_found", NotFoundError, thing="account", given=world.province.email):
        disable_account(county, email=world.province.email, organization_code=COUNTY)

    # Giving the superior a seat at home first is no way either, not even if a superior gave it.
    with refused("seated_above", ForbiddenError, organization=PROVINCE):
        seat(county, email=world.province.email, organization_code=COUNTY, role=Role.CLERK)
    seat(world.admin, email=world.province.email, organization_code=COUNTY, role=Role.CLERK)
    with refused("not_administrator", ForbiddenError, organization=PROVINCE):
        disable_account(county, email=world.province.email, organization_code=COUNTY)


def test_one_seat_more_is_one_power_more(world: World) -> None:
    actor = also(world.clerks[0], COUNTY, Role.REVIEWER)

    assert set(actor.seats) == {(unit(0), Role.CLERK), (COUNTY, Role.REVIEWER)}
    assert actor.places(Role.REVIEWER) == [COUNTY]
    assert actor_of(" CLERK0@example.cn ").id == actor.id
    assert SYSTEM.seats == ()


def test_an_unknown_seat_is_not_vacated(world: World) -> None:
    with refused("not_found", NotFoundError, thing="seat", given="0" * 32):
        vacate(world.admin, seat_id="0" * 32)
