"""Questions of one page share a reading transaction; nothing that a verb decides comes from it."""

import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from models.application import Application
from models.database import Store, reading, viewing
from models.errors import ForbiddenError, ShenbaoError, SignedOutError
from models.sql import Sql
from tests.worlds import World, application, submitted
from workflows.desk import reviews
from workflows.people import accounts
from workflows.queries import queue
from workflows.record.acting import SYSTEM, Actor, refreshed
from workflows.record.streaming import snapshot

ONE: Sql[int] = Sql(sa.select(sa.literal(1)))
NONSENSE: Sql[tuple[int]] = Sql(sa.text("SELECT nothing FROM nowhere"))


def elsewhere(act: Callable[[], object]) -> None:
    """Somebody else does it meanwhile, in a thread that knows nothing of our view."""
    thread = threading.Thread(target=act)
    thread.start()
    thread.join()


def shared() -> Store:
    """The store that the next question would be asked with."""
    with reading() as store:
        return store


def waiting(actor: Actor, row: Application) -> list[queue.Waiting]:
    """What the queue shows them where a case is."""
    return queue.queue(actor, desk=str(row.desk)).lines


@pytest.mark.usefixtures("world")
def test_the_questions_of_a_page_share_one_transaction_and_those_of_the_next_another() -> None:
    with viewing():
        first, second = shared(), shared()
    with viewing():
        third = shared()

    assert first is second
    assert third is not first
    assert shared() is not third
    assert (first.memory, shared().memory) == ({}, None)


def test_a_part_of_a_page_that_checks_who_is_there_shares_the_page_s_connection(world: World) -> None:
    row = submitted(world)

    with viewing():
        before = [line.checked for line in waiting(world.county, row)]
        first = shared()
        with viewing():
            assert shared() is first
            reviews.check(world.county, row.id, seen=row.version)
        after = [line.checked for line in waiting(world.county, row)]

    assert (before, after) == ([False], [True])


@pytest.mark.usefixtures("world")
def test_what_is_read_at_one_moment_has_a_transaction_of_its_own() -> None:
    with viewing():
        before = shared()
        before.all(ONE)
        with snapshot() as store:
            assert store.all(ONE) == [1]
        assert shared() is before


def test_a_page_sees_what_its_own_verb_has_changed(world: World) -> None:
    row = submitted(world)

    with viewing():
        before = [line.checked for line in waiting(world.county, row)]
        reviews.check(world.county, row.id, seen=row.version)
        after = [line.checked for line in waiting(world.county, row)]

    assert (before, after) == ([False], [True])


def test_who_was_shut_out_while_their_page_was_drawn_can_do_nothing_from_it(world: World) -> None:
    row = submitted(world)

    with viewing():
        assert [line.id for line in waiting(world.county, row)] == [row.id]
        elsewhere(lambda: accounts.disable_account(
            SYSTEM, email=world.county.email, organization_code=world.county.seats[0].organization
        ))  # fmt: skip
        with pytest.raises(SignedOutError):
            reviews.check(world.county, row.id, seen=row.version)
        with pytest.raises(SignedOutError):
            waiting(world.county, row)

    assert not application(row.id).checked


@pytest.mark.usefixtures("world")
def test_a_question_that_broke_leaves_the_next_one_a_sound_transaction() -> None:
    with viewing():
        before = shared()
        with pytest.raises(ShenbaoError), reading() as store:
            store.all(NONSENSE)
        after = shared()

    assert after is not before


def test_a_question_within_a_question_outlives_a_verb_between_them(world: World) -> None:
    row = submitted(world)

    with viewing(), reading() as outer:
        with pytest.raises(ForbiddenError):
            waiting(world.city, row)
        reviews.check(world.county, row.id, seen=row.version)
        assert refreshed(outer, world.county) == world.county

    assert application(row.id).checked
