"""Who is reminded of what: owner, head and the desk above, those who stand in for them; in sets, however many."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from models import clock
from models.database import engine
from models.errors import ForbiddenError
from models.vocabulary import DeadlineKind, NoticeState, Role, State
from tests.counting import statements
from tests.worlds import (
    COUNTY,
    NOTICE_OVER,
    NOW,
    NUMBER,
    World,
    also,
    application,
    due,
    events,
    in_notice,
    letters,
    notice_of,
    objected,
    person,
    slate,
    submitted,
)
from workflows.clocks.sweep import sweep
from workflows.deciding.decisions import decide
from workflows.desk.deputies import depute
from workflows.hearing.notices import close
from workflows.people.accounts import disable_account
from workflows.post import reminders
from workflows.post.ladders import LADDERS, REPORTS, Rung, Whom
from workflows.record.acting import SYSTEM

BEFORE, DAY = timedelta(days=2), timedelta(days=1)


def swept(moment: datetime) -> dict[str, int]:
    """What a sweep did at a moment, without what it did nothing of."""
    with clock.at(moment):
        return {name: n for name, n in sweep().items() if n}


def told(thing_id: str) -> list[tuple[str, str]]:
    """Which reminders about a thing went to whom."""
    return [one for one in letters(thing_id) if one[0].startswith("deadline")]


def late(world: World) -> tuple[str, datetime]:
    """An application at the county, and when its review is due."""
    row = submitted(world)
    assert row.due_at is not None
    return row.id, row.due_at


def shut_out(world: World) -> None:
    """Disable the account of the county's reviewer."""
    disable_account(SYSTEM, email=world.county.email, organization_code=COUNTY)
    with engine().begin() as connection:  # as if the seats had been left standing
        connection.execute(sa.text("UPDATE seat SET ends_at = NULL WHERE account_id = :a"), {"a": world.county.id})


def test_what_somebody_is_at_is_marked_by_the_next_sweep_and_nobody_waits_for_it(world: World) -> None:
    one, at = late(world)
    submitted(world, 1)
    with engine().connect() as busy, clock.at(at):
        if busy.dialect.name == "postgresql":  # on SQLite nobody holds a row
            busy.execute(sa.text("SELECT id FROM deadline WHERE thing_id = :id FOR UPDATE"), {"id": one})
        first = reminders.fire()
        busy.rollback()
        then = reminders.fire()

    assert first >= 1
    assert (first + then, reminders.fire()) == (2, 0)


def test_of_an_objection_that_waits_a_desk_is_reminded_once(world: World) -> None:
    ids, notice = in_notice(world, 1)
    case = objected(world, notice, ids[0])
    at = application(ids[0]).due_at
    assert at is not None

    swept(at)

    assert (told(case.id), told(ids[0])) == ([("deadline_at", "city")], [])


def test_the_usual_ladder_tells_the_desk_then_its_head_then_the_desk_above() -> None:
    assert LADDERS[DeadlineKind.REVIEW] == (
        Rung(-2, "deadline_before", (Whom.OWNER,)), Rung(0, "deadline_at", (Whom.OWNER,)),
        Rung(1, "deadline_overdue", (Whom.OWNER,)), Rung(2, "deadline_overdue", (Whom.HEAD,)),
        Rung(3, "deadline_escalated", (Whom.ABOVE,)),
    )  # fmt: skip


def test_every_kind_has_a_ladder_whose_rungs_climb() -> None:
    assert set(LADDERS) | set(REPORTS) == set(DeadlineKind)
    assert not set(LADDERS) & set(REPORTS)
    for ladder in LADDERS.values():
        days = [rung.days for rung in ladder]
        assert days == sorted(set(days))


def test_two_days_late_the_head_of_the_desk_hears_of_it_and_nobody_else(world: World) -> None:
    one, at = late(world)
    also(world.clerks[4], COUNTY, Role.ADMINISTRATOR)
    swept(at + DAY)
    before = told(one)

    swept(at + 2 * DAY)

    assert [x for x in told(one) if x not in before] == [("deadline_overdue", "clerk4")]


def test_who_stands_in_for_somebody_is_reminded_with_them(world: World) -> None:
    one, at = late(world)
    deputy = person("second", COUNTY, Role.REVIEWER)
    third = person("third", COUNTY, Role.CLERK)
    depute(world.county, deputy=third.email, organization_code=COUNTY, ends_at=at + DAY, reason="出差")

    swept(at - BEFORE)

    assert told(one) == [("deadline_before", name) for name in sorted(("county", deputy.name, third.name))]


def test_where_nobody_reviews_at_a_desk_its_head_is_reminded(world: World) -> None:
    one, at = late(world)
    also(world.clerks[4], COUNTY, Role.ADMINISTRATOR)
    shut_out(world)

    swept(at - BEFORE)

    assert told(one) == [("deadline_before", "clerk4")]


def test_an_account_that_is_shut_out_gets_no_reminder(world: World) -> None:
    one, at = late(world)
    person("second", COUNTY, Role.REVIEWER)
    shut_out(world)

    swept(at)

    assert told(one) == [("deadline_at", "second")]


def test_somebody_who_is_reviewer_and_head_reads_each_rung_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one, at = late(world)
    also(world.county, COUNTY, Role.ADMINISTRATOR)
    both = Rung(0, "deadline_at", (Whom.OWNER, Whom.HEAD, Whom.ABOVE))
    monkeypatch.setitem(LADDERS, DeadlineKind.REVIEW, (both,))

    assert swept(at)["reminders"] == 1
    assert told(one) == [("deadline_at", "city"), ("deadline_at", "county")]


def test_a_batch_takes_as_many_statements_as_one_deadline(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    submitted(world, 0)
    alone = _statements(monkeypatch)
    for n in range(1, 5):
        submitted(world, n)

    assert _statements(monkeypatch) == alone


def _statements(monkeypatch: pytest.MonkeyPatch) -> int:
    """How many statements the reminders of what is due take; afterwards they are due again."""
    with clock.at(NOW + timedelta(days=40)), statements(monkeypatch) as counted:
        reminders.remind()
    taken = len(counted)
    with engine().begin() as connection:
        connection.execute(sa.text("DELETE FROM letter WHERE template LIKE 'deadline%'"))
        connection.execute(sa.text("UPDATE deadline SET rung = 0"))
    return taken


def test_a_sweep_with_nothing_due_reads_and_does_not_wait_for_writers(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted(world)

    def never(*_: Any, **__: Any) -> Any:
        raise AssertionError

    monkeypatch.setattr(reminders, "transaction", never)

    assert reminders.remind() == 0


def test_a_notice_ends_by_itself_on_its_day_and_what_stands_in_it_is_due_for_decision(world: World) -> None:
    ids, notice = in_notice(world, 2)
    objection = objected(world, notice, ids[1])

    early = swept(notice.ends_at - timedelta(seconds=1)).get("notices_ended")
    ended = swept(notice.ends_at)["notices_ended"]
    again = swept(notice.ends_at + DAY).get("notices_ended")

    assert (early, ended, again) == (None, 1, None)
    closed = notice_of(notice.id)
    assert (closed.state, closed.closed_at) == (NoticeState.CLOSED, notice.ends_at)
    assert events(notice.id)[-1] == ("close", "open", "closed", "system")
    # Nothing is decided: the one waits for the meeting, the other for the investigation.
    assert [application(one).state for one in ids] == [State.PUBLIC_NOTICE, State.CONTESTED]
    assert (due(notice.id), due(objection.id)) == (["decision"], ["objection_answer"])
    assert ("notice_ended", "province") in letters(notice.id)


def test_what_nobody_contested_is_named_after_the_clock_ended_its_notice(world: World) -> None:
    ids, notice = in_notice(world, 1)
    swept(NOTICE_OVER)

    with clock.at(NOTICE_OVER):
        decide(world.province, notice.slate_id, number=NUMBER, meeting_on=NOTICE_OVER.date(),
               seen=slate(notice.slate_id).version)  # fmt: skip

    assert application(ids[0]).state is State.NAMED
    assert due(notice.id) == []


def test_a_clock_ends_no_notice_that_somebody_ended_before(world: World) -> None:
    _, notice = in_notice(world, 1)
    with clock.at(NOTICE_OVER):
        close(world.province, notice.id, seen=notice.version)
    before = events(notice.id)

    assert "notices_ended" not in swept(NOTICE_OVER + DAY)
    assert events(notice.id) == before


def test_a_click_that_a_clock_was_faster_than_finds_the_notice_closed(world: World) -> None:
    _, notice = in_notice(world, 1)
    swept(NOTICE_OVER)
    before = events(notice.id)

    with clock.at(NOTICE_OVER):
        done = [close(world.province, notice.id, seen=notice.version + n) for n in (0, 1)]
        with pytest.raises(ForbiddenError):
            close(world.city, notice.id, seen=notice.version)

    assert done == [notice_of(notice.id)] * 2
    assert events(notice.id) == before
