"""Who reads what of whom: objectors, private answers, and the affairs of another province."""

from collections.abc import Callable
from typing import Any

import pytest

from models.errors import ForbiddenError, StaleError
from models.notice import Objection
from models.vocabulary import Act, Ground, Role
from tests.worlds import (
    CITY,
    COUNTY,
    PROVINCE,
    World,
    also,
    application,
    drafted,
    events,
    everything,
    identity,
    in_notice,
    objected,
    objection,
    refused,
    rows,
    submitted,
    unit,
)
from workflows.desk.reviews import check, refuse, send_back
from workflows.hearing.objections import object_to, report_back, settle
from workflows.intake.applications import resubmit, revise, withdraw
from workflows.queries import admin, applications, post, watch
from workflows.record.acting import Actor

ELSEWHERE = "320000"
MASKED = "3301**********" + identity(0)[-4:]
TOPICS = [{"field": "topics", "words": "请写明"}]


def heard(w: World, actor: Actor | None) -> tuple[str, Objection]:
    """A name in notice, and the objection to it that somebody entered."""
    ids, notice = in_notice(w, 1)
    return ids[0], object_to(
        actor, notice.id, application_id=ids[0], ground=Ground.DEEDS, words="材料不实", objector="李四",
        contact="13800000000", signed=True,
    )  # fmt: skip


@pytest.mark.parametrize("name", [None, "province", "neighbour"])
def test_an_applications_history_tells_nobody_who_objected(world: World, name: str | None) -> None:
    actor = {None: None, "province": world.province, "neighbour": world.clerks[1]}[name]
    one, _ = heard(world, actor)

    assert events(one)[-1] == ("object", "public_notice", "contested", "public")
    for reader in (world.clerks[0], world.county, world.city, world.province, world.admin):
        last = applications.application(reader, one).history[-1]
        assert (last.act, last.who) == (Act.OBJECT, None)
        assert actor is None or actor.id not in str(last)


def test_a_stale_click_is_told_that_the_public_objected_and_not_who(world: World) -> None:
    ids, notice = in_notice(world, 1)
    seen = application(ids[0]).version
    object_to(world.clerks[1], notice.id, application_id=ids[0], ground=Ground.DEEDS, words="不实",
              objector="李四", signed=True)  # fmt: skip

    with refused("stale", StaleError, who="公众", act="object"):
        withdraw(world.clerks[0], ids[0], seen=seen)


def test_the_investigator_is_never_told_who_entered_the_objection(world: World) -> None:
    _, case = heard(world, world.clerks[1])

    with refused("stale", StaleError, thing="objection", who="系统", act="admit"):
        report_back(world.city, case.id, finding="已核查", seen=99)


def test_the_report_of_the_investigator_is_answered_without_the_objector(world: World) -> None:
    _, case = heard(world, None)
    done = report_back(world.city, case.id, finding="已核查", seen=case.version, key="k")
    before = everything()

    again = report_back(world.city, case.id, finding="已核查", seen=case.version, key="k")

    assert (done.finding, done.objector, done.contact) == ("已核查", "", "")
    assert again == done
    assert everything() == before
    kept = settle(world.province, case.id, outcome="dismissed", reason="查无实据", seen=done.version)
    assert kept == objection(case.id)
    assert (kept.objector, kept.contact) == ("李四", "13800000000")


@pytest.mark.parametrize(("act", "given"), [
    (send_back, {"faults": TOPICS}), (check, {}), (refuse, {"reason": "条件不符"}),
])  # fmt: skip
def test_a_stale_applicant_is_told_the_office_that_acted_and_a_colleague_the_person(
    world: World, act: Callable[..., Any], given: dict[str, Any]
) -> None:
    row = submitted(world)
    act(world.county, row.id, seen=row.version, **given)
    office = rows("SELECT name FROM organization WHERE code = :c", c=COUNTY)[0][0]

    with refused("stale", StaleError, who=office):
        withdraw(world.clerks[0], row.id, seen=row.version)
    with refused("stale", StaleError, who="county"):
        check(world.county, row.id, seen=row.version)


def test_a_stale_applicant_is_told_which_colleague_of_the_unit_was_first(world: World) -> None:
    row = drafted(world)
    colleague = also(world.stranger, unit(0), Role.CLERK)
    revise(colleague, row.id, answers={"topics": "新课题"}, seen=row.version)

    with refused("stale", StaleError, who="stranger", act="revise"):
        revise(world.clerks[0], row.id, answers={"topics": "课题"}, seen=row.version)


@pytest.mark.parametrize(("role", "seen"), [
    ("clerk", identity(0)), ("colleague", identity(0)), ("county", MASKED), ("city", MASKED), ("province", MASKED),
    ("admin", MASKED),
])  # fmt: skip
def test_an_identity_number_is_read_by_its_own_unit_alone(world: World, role: str, seen: str) -> None:
    (one,), _ = in_notice(world, 1)
    colleague = also(world.stranger, unit(0), Role.REVIEWER)
    reader = {"clerk": world.clerks[0], "colleague": colleague}.get(role) or getattr(world, role)

    whole = applications.application(reader, one)
    first = [r for r in applications.revisions(reader, one) if r.field == "leader_id"]

    assert whole.application == application(one)._replace(answers=whole.application.answers)  # type: ignore[attr-defined]
    assert whole.application.answers == application(one).answers | {"leader_id": seen}
    assert [(r.before, r.after) for r in first] == [({"value": None}, {"value": seen})]
    assert (identity(0) in str(whole)) is (seen == identity(0))


@pytest.mark.parametrize(("act", "given"), [
    (check, {"opinion": "材料齐全"}), (send_back, {"faults": TOPICS}), (refuse, {"reason": "条件不符"}),
])  # fmt: skip
def test_what_a_tier_gets_back_from_its_own_act_is_masked_too(
    world: World, act: Callable[..., Any], given: dict[str, Any]
) -> None:
    row = submitted(world)

    done = act(world.county, row.id, seen=row.version, key="k", **given)

    assert done.answers["leader_id"] == MASKED
    assert act(world.county, row.id, seen=row.version, key="k", **given) == done
    assert application(row.id).answers["leader_id"] == identity(0)


def test_what_its_own_people_do_is_answered_in_full(world: World) -> None:
    row = submitted(world)
    row = send_back(world.county, row.id, faults=TOPICS, seen=row.version)
    row = revise(world.clerks[0], row.id, answers={"topics": "新课题"}, seen=row.version)
    row = resubmit(world.clerks[0], row.id, seen=row.version)

    assert row.answers["leader_id"] == identity(0)


def asked(actor: Actor, root: str) -> tuple[int, int, int]:
    """How much an office reads: events, letters, and letters on their way."""
    return (
        len(admin.events(actor, root=root)),
        len(post.letters(actor, root=root)),
        post.stuck(actor, root=root).waiting,
    )


def test_another_provinces_office_reads_no_event_and_no_letter_of_this_one(world: World) -> None:
    there = also(world.stranger, ELSEWHERE, Role.ADMINISTRATOR)
    events_, letters, waiting = asked(world.admin, PROVINCE)

    row = submitted(world)

    assert asked(world.admin, PROVINCE) == (events_ + 3, letters + 2, waiting + 2)
    assert [event.act for event in admin.events(world.admin, root=PROVINCE, thing_id=row.id)] == [
        Act.SUBMIT, Act.ATTACH, Act.DRAFT,
    ]  # fmt: skip
    assert len(watch.journal(world.admin, root=PROVINCE)) == events_ + 3
    assert asked(there, ELSEWHERE) == (0, 0, 0)
    assert admin.events(there, root=ELSEWHERE, thing_id=row.id) == []
    assert watch.journal(there, root=ELSEWHERE) == []


def test_a_citys_office_reads_the_letters_of_its_own_counties_alone(world: World) -> None:
    own, next_door = also(world.city, CITY, Role.ADMINISTRATOR), also(world.stranger, "330200", Role.ADMINISTRATOR)
    before = {letter.id for letter in post.letters(own, root=CITY)}
    waiting = post.stuck(next_door, root="330200")

    submitted(world)

    assert {letter.email for letter in post.letters(own, root=CITY) if letter.id not in before} == {
        "county@example.cn", "clerk0@example.cn",
    }  # fmt: skip
    assert {letter.email for letter in post.letters(next_door, root="330200")} == {"stranger@example.cn"}
    assert post.stuck(next_door, root="330200") == waiting
    for ask in (post.letters, post.stuck, admin.events):
        with refused("not_administrator", ForbiddenError, organization=CITY):
            ask(next_door, root=CITY)


def test_the_letters_of_somebody_who_sits_elsewhere_too_are_no_single_offices_business(world: World) -> None:
    also(world.clerks[0], "320100", Role.REVIEWER)
    there = also(world.stranger, ELSEWHERE, Role.ADMINISTRATOR)
    nation = also(world.industry, "000000", Role.ADMINISTRATOR)
    offices = ((world.admin, PROVINCE), (there, ELSEWHERE), (nation, "000000"))

    def read() -> list[tuple[set[str], int]]:
        return [({x.id for x in post.letters(a, root=r)}, post.stuck(a, root=r).waiting) for a, r in offices]

    before = read()
    submitted(world)

    more = [(len(now - then), left - was) for (now, left), (then, was) in zip(read(), before, strict=True)]
    assert more == [(1, 1), (0, 0), (2, 2)]  # to the county's reviewer alone, and for the nation to both


def test_what_the_public_said_of_an_application_is_its_own_offices_to_read(world: World) -> None:
    ids, notice = in_notice(world, 1)
    case = objected(world, notice, ids[0])
    there = also(world.stranger, ELSEWHERE, Role.ADMINISTRATOR)

    told = admin.events(world.admin, root=PROVINCE, thing_id=ids[0])

    assert (told[0].act, told[0].who, told[0].account_id) == (Act.OBJECT, None, "public")
    assert admin.events(there, root=ELSEWHERE, thing_id=ids[0]) == []
    assert admin.events(there, root=ELSEWHERE, thing_id=case.id) == []
