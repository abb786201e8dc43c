"""What changed since one looked at a case last: noted once for each person, told from what they may see."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from models import clock, turnstile
from models.errors import BusyError
from models.vocabulary import Act
from tests.counting import statements
from tests.worlds import NOW, World, application, events, identity, photo, rows, submitted
from workflows.desk import looking
from workflows.desk.reviews import send_back
from workflows.intake import presence
from workflows.intake.applications import resubmit, revise
from workflows.intake.attachments import attach, detach
from workflows.queries import looks
from workflows.queries.applications import application as whole_of
from workflows.queries.applications import revisions
from workflows.queries.looks import Before, Changed, Differences
from workflows.record.acting import Actor


def new_to(actor: Actor, application_id: str, since: int) -> Differences:
    """What is new to somebody in a case after a version."""
    return looks.differences(actor, whole_of(actor, application_id), revisions(actor, application_id), since=since)


def corrected(w: World, application_id: str, answers: dict[str, Any]) -> None:
    """The county returns an application; its unit answers anew, changes its file and hands it in again."""
    row = application(application_id)
    faults = [{"field": field, "words": "请核对"} for field in (*answers, "honour_proof")]
    send_back(w.county, row.id, faults=faults, seen=row.version)
    clerk = w.clerks[0]
    row = revise(clerk, row.id, answers=answers, seen=application(row.id).version)
    [old] = whole_of(clerk, row.id).files
    row = detach(clerk, row.id, attachment_id=old.id, seen=row.version)
    attach(clerk, row.id, slot="honour_proof", filename="新证书.png", content=photo(), seen=row.version)
    resubmit(clerk, row.id, seen=application(row.id).version)


def test_a_look_is_noted_for_the_one_who_looked_and_in_no_journal(world: World) -> None:
    row = submitted(world)
    before = events(row.id)

    with clock.at(NOW):
        looking.note(world.county, row.id, version=row.version)

    found = looks.last_look(world.county, row.id)
    assert found is not None
    assert (found.account_id, found.version, found.seen_at) == (world.county.id, row.version, NOW)
    assert looks.last_look(world.city, row.id) is None
    assert events(row.id) == before


def test_a_later_look_takes_the_place_of_the_former_and_an_older_page_does_not(world: World) -> None:
    row = submitted(world)

    for version in (3, 5, 4):
        looking.note(world.county, row.id, version=version)

    assert rows("SELECT version FROM look") == [(5,)]


def test_a_look_is_one_statement(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = submitted(world)

    with statements(monkeypatch) as run:
        looking.note(world.county, row.id, version=row.version)

    assert [words.split()[0] for words in run] == ["INSERT"]


def test_who_reads_a_case_or_fills_in_a_form_does_not_wait_for_a_file_that_is_held(
    sqlite_worlds: tuple[Callable[[], str], World], enter: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    make, there = sqlite_worlds
    enter(make())
    with clock.at(NOW):
        row = submitted(there)
    waits: list[float] = []
    monkeypatch.setattr(turnstile, "turn", held(waits))

    for note in (
        lambda: looking.note(there.county, row.id, version=row.version),
        lambda: presence.note(there.clerks[0], row.id),
        lambda: presence.leave(there.clerks[0], row.id),
    ):
        with pytest.raises(BusyError):
            note()

    assert waits == [looking.PATIENCE, presence.PATIENCE, presence.PATIENCE]


def held(waits: list[float]) -> Callable[[object, float], object]:
    """A queue in which nobody's turn comes; keeps how long each was ready to wait."""

    def turn(_file: object, seconds: float) -> object:
        waits.append(seconds)
        raise BusyError("busy")

    return turn


def test_what_changed_is_told_by_field_file_and_act_of_others(world: World) -> None:
    row = submitted(world)

    corrected(world, row.id, {"topics": "新的课题"})

    found = new_to(world.county, row.id, since=row.version)
    assert found.fields == (Changed("topics", "课题", "新的课题"),)
    assert (found.added, found.removed) == ((("honour_proof", "新证书.png"),), (("honour_proof", "证书.png"),))
    assert [event.act for event in found.events] == [Act.RESUBMIT]
    assert new_to(world.county, row.id, since=application(row.id).version).is_none


def test_what_was_changed_and_changed_back_is_no_difference(world: World) -> None:
    row = submitted(world)
    send_back(world.county, row.id, faults=[{"field": "topics", "words": "请核对"}], seen=row.version)

    for words in ("另一课题", "课题"):
        revise(world.clerks[0], row.id, answers={"topics": words}, seen=application(row.id).version)

    assert new_to(world.county, row.id, since=row.version).is_none


def test_a_private_answer_stays_masked_among_the_differences(world: World) -> None:
    row = submitted(world)

    corrected(world, row.id, {"leader_id": identity(77)})

    [change] = new_to(world.county, row.id, since=row.version).fields
    assert change == Changed("leader_id", "3301**********" + identity(0)[-4:], "3301**********" + identity(77)[-4:])


def test_a_page_loaded_anew_within_ten_minutes_is_the_same_look(world: World) -> None:
    row = submitted(world)
    with clock.at(NOW):
        assert looks.look_before(world.county, row.id) is None
        looking.note(world.county, row.id, version=row.version)
        assert looks.look_before(world.county, row.id) == Before(row.version, NOW)
    with clock.at(NOW + timedelta(days=1)):
        before = looks.look_before(world.county, row.id)
        looking.note(world.county, row.id, version=row.version + 2, since=before)
    assert before == Before(row.version, NOW)

    with clock.at(NOW + timedelta(days=1, minutes=10)):
        soon, left = (looks.look_before(world.county, row.id, anew=anew) for anew in (False, True))
    with clock.at(NOW + timedelta(days=1, minutes=11)):
        late = looks.look_before(world.county, row.id)

    assert soon == before
    assert left == late == Before(row.version + 2, NOW + timedelta(days=1))
    assert looks.look_before(world.city, row.id) is None
