"""One's own sessions and password."""

from datetime import timedelta

import pytest

from models import clock
from models.errors import ForbiddenError, InputError, NotFoundError, SignedOutError, TooManyError
from tests.factories import PASSWORD
from tests.worlds import NOW, World, rows
from workflows import table
from workflows.people import sessions
from workflows.people.own_sessions import (
    GRAVE,
    SHORT,
    change_password,
    end_session,
    my_sessions,
    prove,
    require_proof,
)
from workflows.record.verb import VERBS

FRESH = "换成另一句更长的话"


def signed_in(w: World, agent: str) -> str:
    """A browser that is signed in as the county; its session's hash."""
    if rows("SELECT password_hash FROM account WHERE id = :of", of=w.county.id) == [(None,)]:
        sessions.set_password(w.county.email, PASSWORD)
    return sessions.sid_of(sessions.sign_in(w.county.email, PASSWORD, "10.0.0.1", agent))


def test_one_sees_where_one_is_signed_in(world: World) -> None:
    sid = signed_in(world, "Firefox\n/1")
    signed_in(world, "Chrome")

    found = my_sessions(world.county)

    told = {(s.agent, s.address, s.seen_at) for s in found}
    assert told == {("Firefox/1", "10.0.0.1", NOW), ("Chrome", "10.0.0.1", NOW)}
    assert sid[:SHORT] in {s.id for s in found}
    assert my_sessions(world.city) == []


def test_one_ends_a_session_that_was_forgotten(world: World) -> None:
    here, there = signed_in(world, "a"), signed_in(world, "b")

    left = end_session(world.county, session_id=there[:SHORT])

    assert [s.id for s in left] == [here[:SHORT]]
    assert (sessions.actor_of(there), sessions.actor_of(here)) == (None, world.county)


def test_nobody_ends_anothers(world: World) -> None:
    sid = signed_in(world, "a")

    with pytest.raises(NotFoundError):
        end_session(world.city, session_id=sid[:SHORT])

    assert sessions.actor_of(sid) == world.county


def test_a_new_password_leaves_this_browser_alone(world: World) -> None:
    here, there = signed_in(world, "a"), signed_in(world, "b")

    left = change_password(here, PASSWORD, FRESH)

    assert [s.id for s in left] == [here[:SHORT]]
    assert (sessions.actor_of(there), sessions.actor_of(here)) == (None, world.county)
    assert sessions.sign_in(world.county.email, FRESH, "127.0.0.1")
    assert rows("SELECT template FROM letter WHERE template = 'password_changed'") == [("password_changed",)]


def test_without_the_present_password_nothing_changes(world: World) -> None:
    sid = signed_in(world, "a")

    with pytest.raises(SignedOutError, match="wrong_credentials"):
        change_password(sid, "不对的密码啊", FRESH)
    with pytest.raises(InputError, match="password_short"):
        change_password(sid, PASSWORD, "短")

    assert sessions.sign_in(world.county.email, PASSWORD, "127.0.0.1")


def test_an_ended_session_changes_no_password(world: World) -> None:
    with pytest.raises(SignedOutError, match="signed_out"):
        change_password("0" * 64, PASSWORD, FRESH)


def test_a_stolen_browser_cannot_try_for_ever(world: World) -> None:
    sid = signed_in(world, "a")
    for _ in range(10):
        with pytest.raises(SignedOutError):
            change_password(sid, "不对的密码啊", FRESH)

    with pytest.raises(TooManyError):
        change_password(sid, PASSWORD, FRESH)


def test_a_grave_act_wants_the_password_typed_of_late(world: World) -> None:
    sid = signed_in(world, "a")
    later = NOW + timedelta(minutes=15, seconds=1)

    require_proof(sid, "seal")
    with clock.at(later):
        require_proof(sid, "check")
        with pytest.raises(ForbiddenError) as refusal:
            require_proof(sid, "seal")
        prove(sid, PASSWORD)
        require_proof(sid, "seal")

    assert (refusal.value.code, refusal.value.details) == ("prove_yourself", {"minutes": 15})


def test_a_plan_is_as_grave_as_what_it_does(world: World) -> None:
    sid = signed_in(world, "a")

    with clock.at(NOW + timedelta(minutes=20)):
        require_proof(sid, "apply", {"rows": [{"cases": "0" * 32, "act": "check"}]})
        with pytest.raises(ForbiddenError, match="prove_yourself"):
            require_proof(sid, "apply", {"rows": [{"cases": "0" * 32, "act": "seal"}]})


def test_wrong_passwords_of_one_person_hold_up_nobody_else(world: World) -> None:
    sid = signed_in(world, "a")
    sessions.set_password(world.city.email, PASSWORD)
    other = sessions.sid_of(sessions.sign_in(world.city.email, PASSWORD, "10.0.0.2"))
    for _ in range(40):
        with pytest.raises((SignedOutError, TooManyError)):
            prove(sid, "不对的密码啊")

    prove(other, PASSWORD)
    with pytest.raises(TooManyError):
        prove(sid, PASSWORD)


def test_a_wrong_password_proves_nothing(world: World) -> None:
    sid = signed_in(world, "a")

    with clock.at(NOW + timedelta(minutes=20)):
        with pytest.raises(SignedOutError, match="wrong_credentials"):
            prove(sid, "不对的密码啊")
        with pytest.raises(ForbiddenError, match="prove_yourself"):
            require_proof(sid, "decide")


def test_every_grave_act_is_a_verb() -> None:
    table.load()

    assert set(VERBS) >= GRAVE
