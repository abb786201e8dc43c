"""A decision looks again: who holds the title by then, or is barred, is passed over."""

from datetime import date, timedelta
from typing import Any

import pytest

from models import clock
from models.database import transaction
from models.errors import RefusedError
from models.vocabulary import SlateState, State
from tests.worlds import (
    CLOSES,
    ENDS,
    NOTICE_OVER,
    NOW,
    PLACES,
    PROVINCE,
    World,
    application,
    due,
    in_notice,
    letters,
    named,
    objected,
    quota,
    refused,
    rows,
    slate,
)
from workflows.deciding.decisions import decide
from workflows.hearing.notices import close
from workflows.hearing.objections import report_back, settle
from workflows.named.titles import end_title, revoke
from workflows.programmes import programme_of
from workflows.rounds import issue, plan_round

MEETING = date(2026, 3, 10)


def decided(w: World, slate_id: str, number: str) -> Any:
    """The province decides, on the morning after the notice."""
    with clock.at(NOTICE_OVER):
        return decide(w.province, slate_id, number=number, meeting_on=MEETING, seen=slate(slate_id).version)


def another_round(w: World) -> World:
    """A second round of the same programme, open beside the first."""
    made = plan_round(w.admin, programme="provincial-studio@1", organization_code=PROVINCE, year=2027,
                      opens_at=NOW - timedelta(days=1), closes_at=CLOSES, ends_at=ENDS)  # fmt: skip
    for code, places in PLACES.items():
        issue(w.admin, round_id=made.id, organization_code=code, places=places)
    return w._replace(round_id=made.id)


def test_who_holds_the_title_by_now_is_passed_over_and_the_rest_goes_on(world: World) -> None:
    ids, notice = in_notice(world, 2)
    [held] = named(another_round(world), 1)
    with clock.at(NOTICE_OVER):
        close(world.province, notice.id, seen=notice.version)

    made = decided(world, notice.slate_id, "浙总工〔2026〕16号")

    assert held.leader_key == application(ids[0]).leader_key
    assert [application(one).state for one in ids] == [State.NOT_SELECTED, State.NAMED]
    assert [line["application"] for group in made.annex for line in group["names"]] == ids[1:]
    assert rows("SELECT count(*) FROM title WHERE application_id = :a", a=ids[0]) == [(0,)]
    assert ("not_selected", "clerk0") in letters(ids[0])
    assert (slate(notice.slate_id).state, due(notice.id)) == (SlateState.DECIDED, [])
    assert quota(world, PROVINCE) == (70, 0, 1)


@pytest.mark.parametrize(("end", "years", "state"), [
    ("revoked", 1, State.NOT_SELECTED), ("revoked", 0, State.NAMED), ("ended", 1, State.NAMED),
])  # fmt: skip
def test_a_title_revoked_meanwhile_bars_for_its_programmes_years_and_one_that_merely_ended_does_not(
    world: World, monkeypatch: pytest.MonkeyPatch, end: str, years: int, state: State
) -> None:
    with transaction() as store:
        rule = programme_of(store, "provincial-studio@1").assessment
    assert rule is not None
    monkeypatch.setitem(rule.__dict__, "bar_years", years)
    ids, notice = in_notice(world, 2)
    [held] = named(another_round(world), 1)
    with clock.at(NOTICE_OVER):
        close(world.province, notice.id, seen=notice.version)
        if end == "revoked":
            revoke(world.province, titles=[{"title": held.id, "seen": held.version}], number="浙总工〔2026〕17号",
                   meeting_on=MEETING, reason="弄虚作假")  # fmt: skip
        else:
            end_title(world.province, held.id, reason="领衔人调离", seen=held.version)

    decided(world, notice.slate_id, "浙总工〔2026〕16号")

    assert [application(one).state for one in ids] == [state, State.NAMED]


def test_who_was_passed_over_keeps_no_list_open(world: World) -> None:
    ids, notice = in_notice(world, 3)
    named(another_round(world), 1)
    case = objected(world, notice, ids[2])
    with clock.at(NOTICE_OVER):
        close(world.province, notice.id, seen=notice.version)
    decided(world, notice.slate_id, "浙总工〔2026〕16号")
    assert slate(notice.slate_id).state is SlateState.IN_NOTICE
    with clock.at(NOTICE_OVER):
        case = report_back(world.city, case.id, finding="查无实据", seen=case.version)
        settle(world.province, case.id, outcome="dismissed", reason="无", seen=case.version)

    decided(world, notice.slate_id, "浙总工〔2026〕17号")

    assert [application(one).state for one in ids] == [State.NOT_SELECTED, State.NAMED, State.NAMED]
    assert slate(notice.slate_id).state is SlateState.DECIDED
    assert quota(world, PROVINCE) == (70, 0, 2)


def test_no_document_names_nobody(world: World) -> None:
    (one,), notice = in_notice(world, 1)
    named(another_round(world), 1)
    with clock.at(NOTICE_OVER):
        close(world.province, notice.id, seen=notice.version)

    with refused("nothing_to_decide", RefusedError, unfit=[application(one).receipt]):
        decided(world, notice.slate_id, "浙总工〔2026〕16号")
