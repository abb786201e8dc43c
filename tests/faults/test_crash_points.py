"""F1: killed at the worst moments, each by its name: before the commit, after it, amid a file."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from models import clock
from tests.faults.acts import Place, click, die_attaching, picture
from tests.faults.lives import complaints, died, here
from tests.provinces import Worlds
from tests.worlds import COUNTY, NOW, World, answers, application, everything, rows, slate, unit
from workflows import doctor
from workflows.intake.attachments import attach
from workflows.record.acting import Actor
from workflows.record.verb import VERBS


class Click(NamedTuple):
    """A verb with all it is given."""

    verb: str
    actor: Actor
    given: tuple[Any, ...]
    more: dict[str, Any]


@pytest.fixture
def place(worlds: Worlds, enter: Callable[[str], None]) -> Iterator[Place]:
    """The small province, of which the doctor has nothing to say in the end."""
    url = worlds[0]()
    enter(url)
    with clock.at(NOW):
        yield here(url)
        assert complaints() == []


def story(there: World) -> Iterator[Click]:
    """An application's way to the city, back and out, each click made of what came before."""
    clerk, county = there.clerks[0], there.county

    def of(verb: str, actor: Actor, *given: Any, **more: Any) -> Click:
        return Click(verb, actor, given, {**more, "key": f"{verb} {more.get('seen')}"})

    def version() -> int:
        return application(one).version

    yield of("draft", clerk, round_id=there.round_id, organization_code=unit(0), answers=answers())
    [(one,)] = rows("SELECT id FROM application")
    yield of("attach", clerk, one, slot="honour_proof", filename="证书.png", content=picture(), seen=1)
    yield of("revise", clerk, one, answers={"topics": "另一课题"}, seen=2)
    yield of("submit", clerk, one, seen=3)
    faults = [{"field": "topics", "words": "写明"}]
    yield of("return", county, one, faults=faults, seen=4)
    yield of("revise", clerk, one, answers={"topics": "又一课题"}, seen=5)
    yield of("resubmit", clerk, one, seen=6)
    yield of("check", county, one, seen=7)
    listed = {"round_id": there.round_id, "organization_code": COUNTY, "main": [one]}
    yield of("rank", county, **listed)
    [(row,)] = rows("SELECT id FROM slate")
    yield of("seal", county, row, minutes="会议", seen=slate(row).version)
    yield of("send-up", county, row, seen=slate(row).version)
    yield of("recall", county, row, reason="再议", seen=slate(row).version)
    yield of("seal", county, row, minutes="再议", seen=slate(row).version)
    yield of("withdraw", clerk, one, seen=version())


def test_a_click_whose_process_dies_is_done_wholly_or_not_at_all_and_once(place: Place, worlds: Worlds) -> None:
    told = []
    for one in story(worlds[1]):
        before = everything()
        for when in ("amid", "before"):
            assert died(click, place, NOW, *one, when)
            assert everything() == before

        assert died(click, place, NOW, *one, "after")
        done = everything()
        answer = VERBS[one.verb](one.actor, *one.given, **one.more)

        assert done != before
        assert everything() == done
        told.append((one.verb, getattr(answer, "version", 0)))

    assert told == [
        *(("draft", 1), ("attach", 0), ("revise", 3), ("submit", 4), ("return", 5), ("revise", 6)),
        *(("resubmit", 7), ("check", 8), ("rank", 2), ("seal", 3), ("send-up", 4), ("recall", 5)),
        *(("seal", 6), ("withdraw", 11)),
    ]


@pytest.mark.parametrize("when", ["written", "named"])
def test_a_file_whose_row_was_never_written_is_an_orphan_and_nothing_else(
    place: Place, worlds: Worlds, when: str
) -> None:
    clerk = worlds[1].clerks[0]
    row = VERBS["draft"](clerk, round_id=worlds[1].round_id, organization_code=unit(0))
    more: dict[str, Any] = {
        "slot": "honour_proof",
        "filename": "证书.png",
        "content": picture(),
        "seen": 1,
    }
    before = everything()

    assert died(die_attaching, place, NOW, clerk, {"application_id": row.id, **more}, when)

    assert (everything(), doctor.check()) == (before, [])
    [found] = doctor.check(files=True)
    assert (found.invariant, found.name) == ("I19", "file_orphaned")
    file = attach(clerk, row.id, **more)
    assert found.subject.startswith(f"file {file.sha256}")
    # A name that was given is taken up by whoever brings the same bytes; a torn piece stays told.
    assert doctor.check(files=True) == ([] if when == "named" else [found])
