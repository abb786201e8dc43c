"""What each question shows to whom, and that a longer list asks no more statements."""

from collections.abc import Callable
from typing import Any

import pytest

from models.application import Application
from models.base import changed, new_id
from models.database import transaction
from models.errors import ForbiddenError, NotFoundError, SignedOutError
from models.sql import insert_into
from models.vocabulary import Act, Role
from tests.counting import statements
from tests.tampering import by_hand
from tests.worlds import (
    CITY,
    COUNTY,
    PROVINCE,
    World,
    also,
    application,
    at_city,
    at_county,
    drafted,
    in_notice,
    named,
    objected,
    person,
    refused,
    sent,
    submitted,
    to_assess,
    unit,
)
from workflows.desk.reviews import check, send_back
from workflows.hearing.objections import report_back, settle
from workflows.intake.applications import withdraw
from workflows.people.accounts import disable_account
from workflows.queries import applications, lists, queue, watch
from workflows.record.acting import SYSTEM

_COPY = insert_into(Application)


def multiply(row: Application, times: int) -> None:
    """Copies of an application at its desk, as a busy year would bring."""
    with transaction() as store:
        store.run_many(_COPY, (
            changed(row, id=new_id(), receipt=f"2026-{n:08d}", leader_key=f"{n:064d}")._asdict()  # type: ignore[attr-defined]
            for n in range(times)
        ))  # fmt: skip


def test_a_draft_is_seen_by_its_own_people_only(world: World) -> None:
    row = drafted(world)

    assert applications.application(world.clerks[0], row.id).application == row
    assert [line.id for line in applications.mine(world.clerks[0])] == [row.id]
    for actor in (world.county, world.city, world.province, world.admin, world.clerks[1]):
        with refused("not_found", NotFoundError, thing="application", given=row.id):
            applications.application(actor, row.id)
    assert queue.queue(world.county, desk=COUNTY).lines == []
    assert queue.queue_counts(world.county, desk=COUNTY) == (0, 0, 0, 0)


def test_a_tier_sees_an_application_from_the_day_it_reaches_it(world: World) -> None:
    ids = at_county(world, 1)
    with refused("not_found", NotFoundError):
        applications.application(world.city, ids[0])

    sent(world, COUNTY, ids)

    for actor in (world.county, world.city, world.admin):
        assert applications.application(actor, ids[0]).application.id == ids[0]
    for actor in (world.province, world.stranger, world.clerks[1]):
        with refused("not_found", NotFoundError):
            applications.application(actor, ids[0])


@pytest.mark.parametrize("ask", [applications.application, applications.revisions, lists.slate])
def test_a_foreign_id_and_an_unknown_one_are_told_in_the_same_words(world: World, ask: Callable[..., Any]) -> None:
    ids = at_county(world, 1)
    foreign = sent(world, COUNTY, ids).id if ask is lists.slate else ids[0]
    told = []

    for given in (foreign, "0" * 32):
        with refused("not_found", NotFoundError, given=given) as error:
            ask(world.stranger, given)
        told.append(error.details | {"given": ""})

    assert told[0] == told[1]


def test_an_applicant_reads_which_office_acted_and_never_who_nor_any_rank(world: World) -> None:
    ids, notice = in_notice(world, 2, reserve=1)
    case = objected(world, notice, ids[0])
    case = report_back(world.city, case.id, finding="查无实据", seen=case.version)
    settle(world.province, case.id, outcome="dismissed", reason="机密", seen=case.version)
    case = objected(world, notice, ids[1], objector="举报人")
    case = report_back(world.city, case.id, finding="属实", seen=case.version)
    settle(world.province, case.id, outcome="upheld", reason="机密", seen=case.version)

    for n, one in enumerate(ids):
        whole = applications.application(world.clerks[n], one)

        own = {Act.DRAFT, Act.ATTACH, Act.SUBMIT}
        assert {h.who for h in whole.history if h.act in own} == {f"clerk{n}"}
        assert {(h.who, h.account_id) for h in whole.history if h.act not in own} == {(None, "")}
        assert whole.reviews == []
        assert {letter.account_id for letter in whole.letters} == {world.clerks[n].id}
        told = str([h.body for h in whole.history]) + str(whole.letters)
        for secret in ("rank", "score", "机密", "举报人", "查无实据", "province@", "会议纪要"):
            assert secret not in told


def test_a_name_that_rose_does_not_learn_who_left(world: World) -> None:
    ids, _ = at_city(world, 3)
    sent(world, CITY, ids[:2], ids[2:])
    withdraw(world.clerks[0], ids[0], seen=application(ids[0]).version)

    whole = applications.application(world.clerks[2], ids[2])

    assert whole.history[-1].act is Act.RECOMMEND
    assert "clerk0" not in str(whole)
    assert world.clerks[0].id not in str(whole)


def test_a_returned_applicant_reads_the_faults(world: World) -> None:
    row = submitted(world)
    faults = [{"field": "topics", "words": "请写明"}]
    send_back(world.county, row.id, faults=faults, opinion="内部意见", seen=row.version)

    whole = applications.application(world.clerks[0], row.id)

    assert (whole.history[-1].act, whole.history[-1].body) == (Act.SEND_BACK, {"faults": faults})
    assert "内部意见" not in str(whole)


def test_reviewers_read_every_opinion_in_their_own_names(world: World) -> None:
    row = submitted(world)
    check(world.county, row.id, seen=row.version, opinion="材料齐全")

    whole = applications.application(world.county, row.id)

    assert [(r.desk, r.opinion) for r in whole.reviews] == [(COUNTY, "材料齐全")]
    assert [h.who for h in whole.history] == ["clerk0", "clerk0", "clerk0", "county"]


def test_a_queue_is_for_its_desks_reviewers(world: World) -> None:
    row = submitted(world)

    assert [line.id for line in queue.queue(world.county, desk=COUNTY).lines] == [row.id]
    for actor in (world.city, world.admin, world.clerks[0]):
        for ask in (queue.queue, queue.queue_counts):
            with refused("not_your_desk", ForbiddenError):
                ask(actor, desk=COUNTY)
        with refused("not_your_desk", ForbiddenError):
            queue.candidates(actor, desk=COUNTY, round_id=world.round_id)


def test_a_queue_counts_what_waits_to_be_checked_and_ranked(world: World) -> None:
    at_county(world, 2)
    submitted(world, 2)

    assert queue.queue_counts(world.county, desk=COUNTY) == (3, 1, 2, 0)
    assert len(queue.candidates(world.county, desk=COUNTY, round_id=world.round_id)) == 2


@pytest.mark.parametrize("count", [1, 200])
def test_a_page_of_the_queue_takes_two_statements_however_long_it_is(
    world: World, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    row = submitted(world)
    multiply(row, count - 1)

    with statements(monkeypatch) as run:
        page = queue.queue(world.county, desk=COUNTY)

    assert (len(page.lines), len(run)) == (min(count, 50), 2)
    # The copies have no journal, so they go again before the doctor comes.
    by_hand("DELETE FROM application WHERE id <> :id", id=row.id)


def test_pages_of_the_queue_show_each_application_once_oldest_promise_first(world: World) -> None:
    row = submitted(world)
    multiply(row, 119)
    seen: list[str] = []
    page = queue.queue(world.county, desk=COUNTY)

    while page.after is not None:
        seen += [line.id for line in page.lines]
        page = queue.queue(world.county, desk=COUNTY, due_at=page.after[0], after=page.after[1])
    seen += [line.id for line in page.lines]

    assert (len(seen), len(set(seen))) == (120, 120)
    by_hand("DELETE FROM application WHERE id <> :id", id=row.id)


def test_a_slate_is_seen_by_the_two_tiers_it_lies_between(world: World) -> None:
    ids, listed = at_city(world, 2)

    for actor in (world.county, world.city):
        whole = lists.slate(actor, listed.id)
        assert [(p.application_id, p.rank) for p in whole.places] == [(ids[0], 1), (ids[1], 2)]
    for actor in (world.province, world.admin, world.clerks[0], world.stranger):
        with refused("not_found", NotFoundError):
            lists.slate(actor, listed.id)
    assert lists.slates(world.stranger, desk=COUNTY) == ([], [])


def test_a_union_sees_its_own_places_and_the_administrator_all(world: World) -> None:
    def seen_by(actor: Any) -> list[tuple[str, int]]:
        return [(q.organization, q.places) for q in lists.one_round(actor, world.round_id)[1]]

    assert seen_by(world.county) == [(COUNTY, 3)]
    assert seen_by(world.clerks[0]) == []
    assert seen_by(world.admin) == [(PROVINCE, 70), (CITY, 10), (COUNTY, 3)]


def test_only_the_receiving_union_reads_who_objected(world: World) -> None:
    ids, notice = in_notice(world, 1)
    objected(world, notice, ids[0], contact="13800000000")

    [above] = lists.objections(world.province, desk=PROVINCE)
    [below] = lists.objections(world.city, desk=CITY)

    assert (above.objector, above.contact) == ("李四", "13800000000")
    assert (below.objector, below.contact) == ("", "")
    for actor, desk in ((world.county, COUNTY), (world.clerks[0], unit(0)), (world.stranger, PROVINCE)):
        assert lists.objections(actor, desk=desk) == []


def test_notices_and_decisions_are_public_and_private_data_is_not_in_them(world: World) -> None:
    named(world)

    public = str(lists.notices(None)) + str(lists.decisions(None))

    assert "领衔人0" in public
    for private in ("330106198001", unit(0), "example.cn"):
        assert private not in public


def test_titles_and_assessments_are_for_holder_and_decider(world: World) -> None:
    [row] = to_assess(world)

    for actor, code in ((world.clerks[0], unit(0)), (world.province, PROVINCE)):
        assert [t.id for t in lists.titles(actor, organization_code=code)] == [row.title_id]
    assert lists.assessments(world.clerks[0], organization_code=unit(0)) == [row]
    assert lists.assessments(world.province, organization_code=PROVINCE, year=2026) == [row]
    for ask in (lists.titles, lists.assessments):
        assert ask(world.stranger, organization_code=PROVINCE) == []
    # Whoever judges or applies there does not work there: what they may not see by name they see in no list.
    judge, smith = person("judge", PROVINCE, Role.EXPERT), person("smith", unit(0), Role.WORKER)
    assert lists.assessments(judge, organization_code=PROVINCE, year=2026) == []
    assert lists.assessments(smith, organization_code=unit(0)) == []


@pytest.mark.parametrize("ask", [watch.overdue, watch.overdue_by_desk, watch.journal, watch.runs])
def test_what_an_administrator_watches_is_no_ones_else(world: World, ask: Callable[..., Any]) -> None:
    submitted(world)

    assert isinstance(ask(world.admin, root=PROVINCE), list)
    for actor in (world.province, world.county, world.clerks[0]):
        with refused("not_administrator", ForbiddenError, organization=PROVINCE):
            ask(actor, root=PROVINCE)


def test_an_enterprises_administrator_does_not_read_the_provinces_journal(world: World) -> None:
    submitted(world, 1)
    small = also(world.stranger, unit(0), Role.ADMINISTRATOR)

    with refused("not_administrator", ForbiddenError, organization=unit(0)):
        watch.journal(small, root=unit(0))


def test_who_is_shut_out_asks_nothing_more(world: World) -> None:
    disable_account(SYSTEM, email=world.county.email, organization_code=COUNTY)

    with refused("unknown_account", SignedOutError):
        queue.queue(world.county, desk=COUNTY)
