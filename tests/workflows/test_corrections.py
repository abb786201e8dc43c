"""Corrections in a notice: another leader by the identity number, another unit by the credit code."""

from typing import Any

import pytest

from models import clock
from models.errors import IllegalMoveError, InputError, NotFoundError, RefusedError
from models.vocabulary import State
from tests.worlds import (
    COUNTY,
    NOTICE_OVER,
    NUMBER,
    World,
    application,
    closed,
    events,
    identity,
    in_notice,
    notice_of,
    refused,
    rows,
    slate,
    title,
    unit,
)
from workflows.deciding.decisions import decide
from workflows.hearing.notices import close, correct
from workflows.queries import applications
from workflows.rules.forms import leader_key

MEETING = NOTICE_OVER.date()


def corrected(w: World, notice_id: str, one: str, field: str, value: str, **other: Any) -> Any:
    """The province puts one name of its notice right."""
    given: dict[str, Any] = {"reason": "来函更正", "seen": notice_of(notice_id).version, **other}
    return correct(w.province, notice_id, application_id=one, field=field, value=value, **given)


def named_after(w: World, notice_id: str) -> Any:
    """The decision on the day after a notice that began on the first day."""
    with clock.at(NOTICE_OVER):
        notice = close(w.province, notice_id, seen=notice_of(notice_id).version)
        return decide(w.province, notice.slate_id, number=NUMBER, meeting_on=MEETING,
                      seen=slate(notice.slate_id).version)  # fmt: skip


def test_another_leader_is_known_by_the_new_number_from_then_on(world: World) -> None:
    (one,), made = in_notice(world, 1)

    again = corrected(world, made.id, one, "person", "李四", leader_id=identity(50))

    row = application(one)
    assert (row.leader_name, row.leader_key) == ("李四", leader_key(identity(50)))
    assert (row.state, row.notice_id) == (State.PUBLIC_NOTICE, again.id)
    assert [line["leader_name"] for line in again.snapshot] == ["李四"]
    assert made.snapshot == notice_of(made.id).snapshot
    assert rows("SELECT notice_id, field, before, after, reason FROM notice_correction") == [
        (made.id, "leader_name", "领衔人0", "李四", "来函更正")
    ]
    assert events(one)[-2:] == [("correct", "public_notice", "public_notice", "province")] * 2

    named_after(world, again.id)

    given = title(application_id=one)
    assert (given.leader_name, given.leader_key) == ("李四", leader_key(identity(50)))


@pytest.mark.parametrize("given", ["", "33010619800101001", identity(50)[:-1] + "x1", "330106199913011234"])
def test_another_leader_is_not_entered_without_a_right_number(world: World, given: str) -> None:
    (one,), made = in_notice(world, 1)

    with refused("argument", InputError, field="leader_id", given=given[:18]):
        corrected(world, made.id, one, "person", "李四", leader_id=given)


def test_a_leader_who_stands_in_the_round_already_takes_no_second_place(world: World) -> None:
    ids, made = in_notice(world, 2)

    with refused("leader_twice", RefusedError, leader="领衔人1"):
        corrected(world, made.id, ids[0], "person", "领衔人1", leader_id=identity(1))


def test_a_typing_error_in_the_leaders_name_leaves_the_leader_who_they_were(world: World) -> None:
    (one,), made = in_notice(world, 1)

    corrected(world, made.id, one, "leader_name", "李四", leader_id=identity(50))

    assert (application(one).leader_name, application(one).leader_key) == ("李四", leader_key(identity(0)))


def test_another_unit_takes_the_application_over_by_its_credit_code(world: World) -> None:
    (one,), made = in_notice(world, 1)

    again = corrected(world, made.id, one, "unit", unit(4))

    assert (application(one).organization, application(one).notice_id) == (unit(4), again.id)
    assert [line["organization_name"] for line in again.snapshot] == ["企业4"]
    assert rows("SELECT field, before, after FROM notice_correction") == [("organization_name", "企业0", "企业4")]
    assert applications.application(world.clerks[4], one).application.id == one
    with refused("not_found", NotFoundError):
        applications.application(world.clerks[0], one)

    decision = named_after(world, again.id)

    assert title(application_id=one).organization == unit(4)
    assert [line["organization_name"] for group in decision.annex for line in group["names"]] == ["企业4"]


@pytest.mark.parametrize(("given", "code", "kind", "details"), [
    (COUNTY, "credit_code", InputError, {"field": "value", "given": COUNTY}),
    ("企业4", "not_found", NotFoundError, {"thing": "organization", "given": "企业4"}),
    (unit(400), "not_found", NotFoundError, {"thing": "organization", "given": unit(400)}),
])  # fmt: skip
def test_only_an_enrolled_enterprise_takes_an_application_over(
    world: World, given: str, code: str, kind: Any, details: dict[str, Any]
) -> None:
    (one,), made = in_notice(world, 1)

    with refused(code, kind, **details):
        corrected(world, made.id, one, "unit", given)


def test_the_decision_reads_a_units_name_as_it_was_put_right(world: World) -> None:
    ids, made = in_notice(world, 2)
    corrected(world, made.id, ids[1], "organization_name", "企业一（集团）")

    decision = named_after(world, made.id)

    assert [line["organization_name"] for group in decision.annex for line in group["names"]] == [
        "企业0", "企业一（集团）",
    ]  # fmt: skip
    assert rows("SELECT name FROM organization WHERE code = :c", c=unit(1)) == [("企业1",)]


def test_a_closed_notice_takes_no_other_leader(world: World) -> None:
    (one,), made = closed(world, 1)

    with clock.at(NOTICE_OVER), refused("illegal_move", IllegalMoveError, act="correct", state="closed"):
        corrected(world, made.id, one, "person", "李四", leader_id=identity(50))
