"""A leader who leaves: reported in time or late, followed by somebody fit, or the title is to be ended."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from models import clock
from models.errors import ForbiddenError, IllegalMoveError, InputError, NotEligibleError, NotFoundError, RefusedError
from models.programme import Succession as Rule
from models.title import Title
from models.vocabulary import EndCause, TitleState
from tests import worlds as there
from tests.ruled import titled
from tests.worlds import (
    BEIJING,
    PROVINCE,
    World,
    answers,
    due,
    events,
    everything,
    identity,
    letters,
    named,
    refused,
    rows,
    title,
    unit,
)
from workflows.clocks.sweep import sweep
from workflows.named.successions import propose_successor, report_departure, settle_succession
from workflows.named.titles import end_title, suspend
from workflows.queries.standing import successions
from workflows.rules.forms import leader_key

LEFT = date(2026, 6, 30)
LAST = datetime(2026, 7, 30, 23, tzinfo=BEIJING)
NEW = identity(77)


def held(w: World, monkeypatch: pytest.MonkeyPatch, **rule: Any) -> Title:
    """A title of a programme that lets a leader be followed."""
    titled(monkeypatch, succession=Rule(**{"clauses": ("leader_level",), **rule}))
    [one] = named(w)
    return one


def departed(w: World, one: Title, moment: datetime = LAST, **more: Any) -> Any:
    """The unit reports that the leader retired."""
    with clock.at(moment):
        return report_departure(w.clerks[0], one.id, left_on=LEFT, reason="退休", seen=title(one.id).version, **more)


def proposed(w: World, one: Title, moment: datetime = LAST + timedelta(days=5), **more: Any) -> Any:
    """The unit proposes somebody."""
    given: dict[str, Any] = {
        "leader_name": "李娜",
        "leader_id": NEW,
        "answers": {"leader_honour": "city_model"},
        **more,
    }
    with clock.at(moment):
        return propose_successor(w.clerks[0], one.id, seen=title(one.id).version, **given)


def settled(w: World, one: Title, *, approved: bool, words: str = "", **more: Any) -> Any:
    """The province answers."""
    with clock.at(LAST + timedelta(days=10)):
        return settle_succession(w.province, one.id, approved=approved, words=words, seen=title(one.id).version, **more)


@pytest.mark.parametrize(("moment", "late", "letter"), [
    (LAST, False, "departure_reported"),
    (LAST + timedelta(hours=1), True, "departure_late"),
])  # fmt: skip
def test_report_days_tell_a_late_report_from_one_in_time_and_both_are_taken(
    world: World, monkeypatch: pytest.MonkeyPatch, moment: datetime, letter: str, *, late: bool
) -> None:
    one = held(world, monkeypatch)

    row = departed(world, one, moment)

    assert (row.late, row.old_leader, row.approved) == (late, one.leader_name, None)
    assert letters(one.id) == sorted([(letter, "clerk0"), ("leader_left", "province")])
    assert due(one.id) == ["succession"]
    assert rows("SELECT desk FROM deadline WHERE thing_id = :t", t=one.id) == [(unit(0),)]


def test_a_departure_is_reported_by_the_unit_once_and_not_before_it_happens(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = held(world, monkeypatch)
    with refused("left_ahead", InputError, field="left_on"):
        departed(world, one, datetime(2026, 6, 29, 9, tzinfo=BEIJING))
    for actor in (world.province, world.clerks[1]):
        with refused("not_your_desk", ForbiddenError), clock.at(LAST):
            report_departure(actor, one.id, left_on=LEFT, reason="退休", seen=one.version)
    row = departed(world, one, key="k")
    before = everything()

    assert departed(world, one, key="k") == row
    assert everything() == before
    with refused("departure_reported", RefusedError):
        departed(world, one)


def test_a_programme_without_succession_takes_no_departure(world: World) -> None:
    [one] = named(world)

    with refused("no_succession", RefusedError, number=one.number):
        departed(world, one)


def test_a_successor_meets_the_clauses_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one = held(world, monkeypatch)
    with refused("no_departure", RefusedError):
        proposed(world, one)
    departed(world, one)

    with refused("not_eligible", NotEligibleError) as told:
        proposed(world, one, answers={"leader_honour": "none"})

    assert [failed["clause"] for failed in told.details["failed"]] == ["leader_level"]


@pytest.mark.parametrize(("given", "code", "field"), [
    ({"leader_name": " "}, "argument_missing", "leader_name"),
    ({"leader_id": "330106"}, "not_a_person_id", "leader_id"),
    ({"unspent_yuan": "-1"}, "unspent", "unspent_yuan"),
    ({"unspent_yuan": "viel"}, "unspent", "unspent_yuan"),
    ({"answers": {"leader_hat": "x"}}, "unknown_field", "leader_hat"),
])  # fmt: skip
def test_a_proposal_that_cannot_be_read_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch, given: dict[str, Any], code: str, field: str
) -> None:
    one = held(world, monkeypatch)
    departed(world, one)

    with refused(code, InputError, field=field):
        proposed(world, one, **given)


@pytest.mark.parametrize("rename", [True, False])
def test_rename_changes_the_name_with_the_leader_and_never_the_number(
    world: World, monkeypatch: pytest.MonkeyPatch, *, rename: bool
) -> None:
    one = held(world, monkeypatch, rename=rename)
    departed(world, one)
    proposed(world, one, answers={"leader_honour": "city_model", "studio_name": "李娜工作室"}, unspent_yuan="1,234.5")
    before = due(one.id)

    row = settled(world, one, approved=True)

    now = title(one.id)
    name = "李娜工作室" if rename else one.name
    assert (now.number, now.name, now.leader_name, now.leader_key) == (one.number, name, "李娜", leader_key(NEW))
    assert (row.approved, row.unspent_fen, row.new_name, before, due(one.id)) == (
        True,
        123450,
        name,
        ["succession"],
        [],
    )
    assert [e[0] for e in events(one.id)] == ["name", "depart", "nominate", "succeed"]
    [told] = successions(world.clerks[0], one.id)
    assert (told.old_name, told.old_leader, told.new_leader, told.approved) == (
        one.name, one.leader_name, "李娜", True,
    )  # fmt: skip
    assert NEW not in str(rows("SELECT answers FROM succession"))


def test_a_name_that_carries_the_leader_is_renamed_by_itself(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(there, "answers", lambda n, **more: answers(n, studio_name=f"领衔人{n}创新工作室", **more))
    one = held(world, monkeypatch, rename=True)
    departed(world, one)
    proposed(world, one)

    settled(world, one, approved=True)

    assert (one.name, title(one.id).name) == ("领衔人0创新工作室", "李娜创新工作室")


def test_a_declined_successor_leaves_the_title_to_its_decider_and_no_ban(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = held(world, monkeypatch)
    departed(world, one)
    with refused("no_successor", RefusedError):
        settled(world, one, approved=True)
    proposed(world, one)
    with refused("reason_missing", InputError, field="words"):
        settled(world, one, approved=False)
    with refused("own_case", ForbiddenError):
        settle_succession(world.clerks[0], one.id, approved=True, seen=title(one.id).version)

    settled(world, one, approved=False, words="不从事本专业")

    assert title(one.id).leader_name == one.leader_name
    assert rows("SELECT desk FROM deadline WHERE thing_id = :t AND closed_at IS NULL", t=one.id) == [(PROVINCE,)]
    with refused("succession_declined", RefusedError):
        departed(world, one, LAST + timedelta(days=11))
    with clock.at(LAST + timedelta(days=12)):
        done = end_title(world.province, one.id, reason="接任人选未获同意", cause=EndCause.LEADER_LEFT,
                         seen=title(one.id).version)  # fmt: skip
    assert (done.state, done.barred_until, due(one.id)) == (TitleState.ENDED, None, [])


def test_nobody_proposed_in_time_passes_the_title_to_the_deciders_desk_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = held(world, monkeypatch, report_days=10)
    departed(world, one)

    told = []
    for day in (10, 12, 13):
        with clock.at(LAST + timedelta(days=day)):
            told.append(sweep()["successions_lapsed"])

    assert (told, title(one.id).state) == ([0, 1, 0], TitleState.VALID)
    assert events(one.id)[-1] == ("lapse", "valid", "valid", "system")
    assert rows("SELECT desk FROM deadline WHERE thing_id = :t AND closed_at IS NULL", t=one.id) == [(PROVINCE,)]
    with clock.at(LAST + timedelta(days=14)):
        end_title(world.province, one.id, reason="逾期未提出接任人选", seen=title(one.id).version)
    with refused("illegal_move", IllegalMoveError, act="nominate"):
        proposed(world, one, moment=LAST + timedelta(days=15))


def test_a_succession_stays_due_whatever_else_happens_to_the_title(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = held(world, monkeypatch)
    departed(world, one)

    with clock.at(LAST):
        suspend(world.province, one.id, reason="核查", seen=title(one.id).version)

    assert due(one.id) == ["succession"]


def test_the_history_of_leaders_is_for_the_unit_and_the_decider(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one = held(world, monkeypatch)
    departed(world, one)

    assert [len(successions(actor, one.id)) for actor in (world.clerks[0], world.province)] == [1, 1]
    with refused("not_found", NotFoundError):
        successions(world.stranger, one.id)
