"""A case on hold: never silent, never past the tier's cut-off, and its term runs on where it stopped."""

from datetime import date, timedelta

from models import clock
from models.base import table
from models.database import reading
from models.deadline import Deadline
from models.errors import ForbiddenError, InputError, RefusedError
from models.sql import bind, rows_of
from models.vocabulary import CountersignRule
from tests.desk import desk, now
from tests.worlds import BEIJING, COUNTY, ENDS, NOW, World, due, letters, refused, submitted
from workflows.clocks.sweep import sweep
from workflows.desk.countersigning import countersign
from workflows.desk.handling import transfer
from workflows.desk.holding import hold_case, release
from workflows.desk.reviews import check, refuse
from workflows.intake.applications import withdraw
from workflows.listing.slates import rank
from workflows.queries.applications import application as read
from workflows.queries.office import office_card
from workflows.rules.office_words import said

UNTIL = date(2026, 3, 20)
_D = table(Deadline).c
DEADLINES = rows_of(Deadline, _D.thing_id == bind("id", _D.thing_id))


def term(application_id: str) -> tuple[str, str, str]:
    """What is due for a case: kind, moment in Beijing, derivation."""
    with reading() as store:
        [found] = [one for one in store.all(DEADLINES, id=application_id) if one.closed_at is None]
    return found.kind.value, found.due_at.astimezone(BEIJING).strftime("%m-%d %H:%M"), found.derivation


def test_a_held_case_keeps_a_due_date_and_nothing_is_done_to_it(world: World) -> None:
    row = submitted(world)

    held = hold_case(world.county, row.id, until=UNTIL, reason="等待司法鉴定", seen=row.version)

    # Filed on the 3rd with eight working days: on the same day none of them is spent.
    assert held.on_hold
    assert term(row.id)[:2] == ("hold_end", "03-21 00:00")
    assert "审核期限还剩5个工作日" in term(row.id)[2]
    with refused("on_hold", ForbiddenError):
        check(world.county, row.id, seen=held.version)
    with refused("on_hold", ForbiddenError):
        refuse(world.county, row.id, reason="不符", seen=held.version)
    with refused("on_hold", ForbiddenError):
        hold_case(world.county, row.id, until=UNTIL, reason="再等", seen=held.version)
    assert ("case_held", "clerk0") in letters(row.id)
    card = office_card(world.county, row.id)
    assert card is not None
    assert (card.hold_reason, said(card.standing)) == ("等待司法鉴定", ["挂起至2026年3月20日 24:00"])


def test_its_people_may_withdraw_a_held_case(world: World) -> None:
    row = submitted(world)
    held = hold_case(world.county, row.id, until=UNTIL, reason="等待", seen=row.version)

    gone = withdraw(world.clerks[0], row.id, reason="不报了", seen=held.version)

    assert (gone.on_hold, due(row.id)) == (False, [])


def test_released_early_the_days_that_were_left_run_on(world: World) -> None:
    row = submitted(world)
    with clock.at(NOW + timedelta(days=1)):
        row = hold_case(world.county, row.id, until=UNTIL, reason="等待", seen=row.version)

    with clock.at(NOW + timedelta(days=6)):
        row = release(world.county, row.id, seen=row.version)

    # Four of five working days were left on the 4th; from Monday the 9th they end on Friday the 13th.
    assert not row.on_hold
    assert term(row.id)[:2] == ("review", "03-14 00:00")
    assert term(row.id)[2].startswith("挂起结束，接续剩余的4个工作日")
    with refused("not_on_hold", RefusedError):
        release(world.county, row.id, seen=row.version)


def test_the_day_itself_ends_the_hold_by_a_clock_however_late(world: World) -> None:
    row = submitted(world)
    hold_case(world.county, row.id, until=UNTIL, reason="等待", seen=row.version)
    with clock.at(NOW + timedelta(days=17)):
        assert sweep()["holds_ended"] == 0

    with clock.at(NOW + timedelta(days=20)):
        assert (sweep()["holds_ended"], sweep()["holds_ended"]) == (1, 0)

    # Counted from the day the hold ended, not from when the clock woke.
    assert term(row.id)[:2] == ("review", "03-28 00:00")
    assert ("hold_ended", "county") in letters(row.id)
    assert check(world.county, row.id, seen=now(row).version).checked


def test_a_hold_needs_a_day_to_come_and_a_reason(world: World) -> None:
    row = submitted(world)

    with refused("hold_over", InputError):
        hold_case(world.county, row.id, until=date(2026, 3, 3), reason="等待", seen=row.version)
    with refused("reason_missing", InputError):
        hold_case(world.county, row.id, until=UNTIL, reason="", seen=row.version)
    with refused("hold_past_round", RefusedError):
        hold_case(world.county, row.id, until=(ENDS + timedelta(days=1)).date(), reason="等待", seen=row.version)


def test_neither_a_listed_case_nor_one_being_signed_is_put_on_hold(world: World) -> None:
    d = desk(world)
    row = check(world.county, d.case.id, seen=d.case.version)
    rank(world.county, round_id=world.round_id, organization_code=COUNTY, main=[row.id])
    with refused("on_a_list", RefusedError):
        hold_case(world.county, row.id, until=UNTIL, reason="等待", seen=row.version)

    other = submitted(world, 1)
    countersign(world.county, other.id, rule=CountersignRule.ANY, signers=[d.second.email], seen=other.version)
    with refused("countersign_open", RefusedError):
        hold_case(world.county, other.id, until=UNTIL, reason="等待", seen=now(other).version)


def test_a_held_case_is_not_put_on_a_list(world: World) -> None:
    row = submitted(world)
    row = check(world.county, row.id, seen=row.version)
    hold_case(world.county, row.id, until=UNTIL, reason="等待", seen=row.version)

    with refused("on_hold", ForbiddenError):
        rank(world.county, round_id=world.round_id, organization_code=COUNTY, main=[row.id])


def test_a_held_case_changes_hands_but_stays_held(world: World) -> None:
    d = desk(world)
    row = hold_case(world.county, d.case.id, until=UNTIL, reason="等待", seen=d.case.version)

    row = transfer(world.county, row.id, to=d.second.email, reason="分工", seen=row.version)

    assert (row.on_hold, row.handler_id) == (True, d.second.id)
    with refused("in_other_hands", ForbiddenError):
        release(world.county, row.id, seen=row.version)
    assert not release(d.second, row.id, seen=row.version).on_hold


def test_a_case_that_was_late_is_due_on_the_day_it_is_taken_up(world: World) -> None:
    row = submitted(world)
    with clock.at(NOW + timedelta(days=14)):
        row = hold_case(world.county, row.id, until=date(2026, 3, 25), reason="等待", seen=row.version)
    with clock.at(NOW + timedelta(days=16)):
        release(world.county, row.id, seen=row.version)

    assert term(row.id)[:2] == ("review", "03-20 00:00")


def test_the_applicant_reads_when_and_why_but_not_who(world: World) -> None:
    row = submitted(world)
    hold_case(world.county, row.id, until=UNTIL, reason="等待司法鉴定", seen=row.version)

    last = read(world.clerks[0], row.id).history[-1]

    assert (last.act.value, last.who, last.body) == ("hold", None, {"reason": "等待司法鉴定"})
