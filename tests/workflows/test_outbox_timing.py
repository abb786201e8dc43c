"""When letters leave: held for a slip, not at night, never twice the same, and not at all once they are untrue."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models import clock
from models.database import reading, transaction
from models.letter import Letter
from models.settings import settings
from models.sql import rows_of, update_of
from models.vocabulary import LetterKind, Role
from tests.outbox import LIN, MINUTE, NOW, WANG, Bag, carried, counts, fates, prefer, write
from tests.people import an_account
from tests.worlds import COUNTY, World, application, at_county, person, sent, slate, submitted
from tests.worlds import NOW as THERE
from workflows.batches.applying import apply
from workflows.batches.undoing import undo_batch
from workflows.desk.reviews import check, refuse
from workflows.intake.applications import withdraw
from workflows.listing.sending import recall
from workflows.post import letters, timing
from workflows.post.carriers import deliver
from workflows.post.mail import DownError, message_id

ACTION = LetterKind.ACTION
NIGHT = datetime(2026, 3, 3, 14, 0, tzinfo=UTC)  # 22:00 in Beijing, a Tuesday
MORNING = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)  # 7:30 on Wednesday
ALL = rows_of(Letter)


@pytest.fixture
def people(database: str) -> Iterator[None]:
    an_account("lin@xihu.example.cn", name="林知远", id=LIN)
    an_account("wang@xihu.example.cn", name="Wang Min", id=WANG, language="en")
    with clock.at(NOW):
        yield


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHENBAO_LETTER_HOLD_SECONDS", "60")
    settings.cache_clear()


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHENBAO_QUIET_FROM", "21:30")
    monkeypatch.setenv("SHENBAO_QUIET_UNTIL", "07:30")
    settings.cache_clear()


def beijing(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


def about(thing_id: str) -> list[tuple[str, str]]:
    """Template and error of the letters about a thing, in the order of their names."""
    with reading() as store:
        return sorted((x.template, x.error) for x in store.all(ALL) if x.thing_id == thing_id)


# The hold.


def test_a_letter_is_held_for_a_minute_and_an_urgent_one_is_not(people: None, held: None) -> None:
    bag = Bag()
    with transaction() as store:
        letters.to_people(store, "slow", [LIN], "checked", {})
        letters.to_people(store, "fast", [LIN], "account_opened", {"email": "lin@xihu.example.cn"})

    assert deliver(carrier=bag) == counts(sent=1)
    with clock.at(NOW + timedelta(seconds=59)):
        assert deliver(carrier=bag) == counts()
    with clock.at(NOW + timedelta(seconds=60)):
        assert deliver(carrier=bag) == counts(sent=1)
    assert bag.taken == [message_id(f"fast-{LIN}"), message_id(f"slow-{LIN}")]


def test_whatever_an_act_writes_is_held(world: World, held: None) -> None:
    submitted(world)

    with reading() as store:
        written = [x for x in store.all(ALL) if x.template not in timing.URGENT]
    assert {x.template for x in written} == {"submitted", "arrived"}
    assert {x.not_before - x.created_at for x in written} == {MINUTE}


def test_of_a_yes_taken_back_within_the_hold_nobody_hears(world: World, held: None) -> None:
    row = submitted(world)
    check(world.county, row.id, seen=row.version)
    refuse(world.county, row.id, reason="复核不符", seen=application(row.id).version)

    with clock.at(THERE + 2 * MINUTE):
        deliver(carrier=Bag())

    assert about(row.id) == [("arrived", ""), ("checked", "superseded"), ("refused", ""), ("submitted", "")]


def test_what_is_withdrawn_within_the_hold_troubles_no_desk(world: World, held: None) -> None:
    row = submitted(world)
    withdraw(world.clerks[0], row.id, seen=row.version)

    with clock.at(THERE + 2 * MINUTE):
        deliver(carrier=Bag())

    assert about(row.id) == [("arrived", "superseded"), ("submitted", "")]


def test_a_desk_that_was_told_already_is_not_untold(world: World) -> None:
    row = submitted(world)
    deliver(carrier=Bag(DownError("server_unreachable", reason="down")))
    withdraw(world.clerks[0], row.id, seen=row.version)

    with clock.at(THERE + 2 * MINUTE):
        deliver(carrier=Bag())

    assert about(row.id) == [("arrived", ""), ("submitted", "")]


def test_a_list_recalled_within_the_hold_was_never_announced(world: World, held: None) -> None:
    [member] = at_county(world, 1)
    done = sent(world, COUNTY, [member])
    recall(world.county, done.id, seen=done.version, reason="排序有误")

    with clock.at(THERE + 2 * MINUTE):
        deliver(carrier=Bag())

    assert about(done.id) == [("slate_arrived", "superseded"), ("slate_recalled", "")]
    assert ("recommended", "superseded") in about(member)
    assert slate(done.id).sent_at is None


@pytest.mark.parametrize(("act", "template", "given"), [
    ("check", "checked", {}),
    ("hold", "case_held", {"until": "2026-03-20", "reason": "等待实地核实"}),
    ("transfer", "case_transferred", {"to": "colleague@example.cn", "reason": "请你办"}),
])  # fmt: skip
def test_a_batch_undone_within_the_hold_takes_its_letters_back(
    world: World, held: None, act: str, template: str, given: dict[str, Any]
) -> None:
    person("colleague", COUNTY, Role.REVIEWER)
    row = submitted(world)
    with clock.at(THERE + MINUTE / 2):
        done = apply(world.county, rows=[{"cases": [row.receipt], "act": act, "arguments": given}]).batch
        assert (template, "") in about(row.id)
    with clock.at(THERE + MINUTE):
        undo_batch(world.county, done.id, reason="误操作")

    assert (template, "superseded") in about(row.id)
    assert ("arrived", "") in about(row.id)
    assert "undone" not in dict(about(row.id))


# No letter twice.


def test_of_two_equal_letters_that_wait_at_once_the_later_never_leaves(people: None) -> None:
    bag = Bag()
    write("e1", about="t", receipt="2026-1")
    with clock.at(NOW + MINUTE):
        write("e0", about="t", receipt="2026-1")
        write("w1", to=WANG, about="t", receipt="2026-1")
        write("t2", about="t2", receipt="2026-1")
        write("p2", about="t", receipt="2026-2")
        write("n1", "n2", about=None)

        assert deliver(carrier=bag) == counts(sent=5)

    assert bag.taken == [message_id(x) for x in ("e1", "n1", "p2", "t2", "w1")]
    assert {x: fates()[x][3] for x in ("e0", "n2")} == {"e0": "superseded", "n2": "superseded"}


def test_a_held_letter_that_says_what_just_left_is_given_up(people: None) -> None:
    write("e1", "e2", about="t")
    with transaction() as store:
        store.run(update_of(Letter, "not_before"), old_id="e2", not_before=NOW + MINUTE)

    assert deliver(carrier=Bag()) == counts(sent=1)

    assert fates()["e2"] == ("dead", 0, MINUTE, "superseded")


def test_a_letter_whose_like_is_being_retried_waits_for_no_turn_of_its_own(people: None) -> None:
    write("e1", about="t")
    deliver(carrier=Bag(DownError("server_unreachable")))
    with clock.at(NOW + MINUTE / 2):
        write("e2", about="t")
        assert deliver(carrier=Bag()) == counts()

    with clock.at(NOW + MINUTE):
        assert deliver(carrier=Bag()) == counts(sent=1)
    assert [(x, *fate[::3]) for x, fate in fates().items()] == [("e1", "sent", ""), ("e2", "dead", "superseded")]


def test_a_letter_may_be_said_again_once_the_first_has_left(people: None) -> None:
    write("e1", about="t")
    deliver(carrier=Bag())
    write("e2", about="t")

    assert deliver(carrier=Bag()) == counts(sent=1)


# The quiet hours.


@pytest.mark.parametrize(("now", "end"), [
    ("2026-03-03T21:29", None),
    ("2026-03-03T21:30", "2026-03-04T07:30"),
    ("2026-03-04T00:00", "2026-03-04T07:30"),
    ("2026-03-04T07:29", "2026-03-04T07:30"),
    ("2026-03-04T07:30", None),
    ("2026-12-31T23:00", "2027-01-01T07:30"),
])  # fmt: skip
def test_the_night_is_counted_in_beijing(quiet: None, now: str, end: str | None) -> None:
    assert timing.quiet_until(beijing(now)) == (beijing(end) if end else None)


@pytest.mark.parametrize(("begin", "end", "now", "until"), [
    ("00:00", "00:00", "2026-03-03T00:00", None),
    ("12:00", "12:00", "2026-03-03T12:00", None),
    ("12:00", "14:00", "2026-03-03T13:59", "2026-03-03T14:00"),
    ("12:00", "14:00", "2026-03-03T14:00", None),
    ("12:00", "14:00", "2026-03-03T11:59", None),
])  # fmt: skip
def test_quiet_hours_may_lie_within_a_day_or_not_be_at_all(
    monkeypatch: pytest.MonkeyPatch, begin: str, end: str, now: str, until: str | None
) -> None:
    monkeypatch.setenv("SHENBAO_QUIET_FROM", begin)
    monkeypatch.setenv("SHENBAO_QUIET_UNTIL", end)
    settings.cache_clear()

    assert timing.quiet_until(beijing(now)) == (beijing(until) if until else None)


def test_at_night_only_what_cannot_wait_leaves(people: None, quiet: None) -> None:
    bag = Bag()
    prefer(LIN)
    with clock.at(NIGHT):
        write("told")
        write("asked", template="arrived", kind=ACTION)
        write("at-two", template="deadline_before", kind=ACTION, due_at="2026-03-03T18:00:00+00:00")
        write("overdue", template="deadline_overdue", kind=ACTION, due_at="2026-03-03T13:59:00+00:00")
        write("at-eight", template="deadline_before", kind=ACTION, due_at="2026-03-04T00:00:00+00:00")
        write("opened", template="account_opened", email="lin@xihu.example.cn")
        assert deliver(carrier=bag) == counts(sent=2)

    assert list(carried()) == ["at-two", "opened"]
    waiting = {x: fate[1:] for x, fate in fates().items() if fate[0] == "waiting"}
    assert waiting == dict.fromkeys(("asked", "at-eight", "overdue", "told"), (0, MORNING - NOW, ""))
    with clock.at(MORNING):
        assert deliver(carrier=bag)["sent"] == 4


def test_whoever_likes_letters_at_night_gets_them(people: None, quiet: None) -> None:
    prefer(WANG, quiet=False)
    with clock.at(NIGHT):
        write("e1")
        write("e2", to=WANG)

        assert deliver(carrier=Bag()) == counts(sent=1)

    assert list(carried()) == ["e2"]


def test_many_letters_put_off_do_not_keep_an_urgent_one(people: None, quiet: None) -> None:
    with clock.at(NIGHT):
        write(*(f"e{n:03}" for n in range(250)))
    with clock.at(NIGHT + MINUTE):
        write("urgent", template="account_opened", email="lin@xihu.example.cn")

        assert deliver(1, Bag()) == counts(sent=1)

    assert list(carried()) == ["urgent"]


def test_a_letter_that_failed_by_day_is_not_tried_at_night(people: None, quiet: None) -> None:
    late = NIGHT - 31 * MINUTE
    with clock.at(late):
        write("e1")
        deliver(carrier=Bag(DownError("server_unreachable")))
    with clock.at(NIGHT):
        assert deliver(carrier=Bag()) == counts()

    assert fates() == {"e1": ("waiting", 1, MORNING - NOW, "server_unreachable")}
