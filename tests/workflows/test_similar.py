"""What is alike is kept when it is handed in, and told as far as the asker may know the other."""

from typing import Any

import pytest

from models.errors import ForbiddenError, InputError, NotFoundError
from models.vocabulary import Role
from tests.counting import statements
from tests.texts import TEXTS, edited
from tests.worlds import COUNTY, World, also, application, checked, drafted, refused, rows, sent, submitted
from workflows.desk.reviews import send_back
from workflows.intake.applications import resubmit, revise, submit
from workflows.listing.slates import rank
from workflows.queries.similar import likenesses

KEPT = "SELECT application_id, other_id, percent, files FROM likeness WHERE percent > 0 ORDER BY 1, 2"


def told(w: World, n: int, text: str, **other: Any) -> str:
    """The id of the n-th unit's application with this text."""
    return submitted(w, n, results=text, **other).id


def test_a_reworked_text_is_kept_with_its_percentage_and_another_is_not(world: World) -> None:
    first, second, third = (
        told(world, 0, TEXTS[0]), told(world, 1, TEXTS[1]), told(world, 2, edited(TEXTS[0], 60)),
    )  # fmt: skip

    kept = rows(KEPT)
    assert [(one, other) for one, other, _, _ in kept] == [(third, first)]
    assert 65 <= kept[0][2] < 100
    found = [one for one in likenesses(world.county, application_id=first) if one.percent]
    assert [(one.other_id, one.percent, one.same_unit, one.same_round) for one in found] == [
        (third, kept[0][2], False, True)
    ]
    assert [one.application_id for one in likenesses(world.county, application_id=second) if one.percent] == []


def test_equal_files_are_told_by_their_number(world: World) -> None:
    first, second = submitted(world, 0).id, submitted(world, 1).id

    found = likenesses(world.county, application_id=second)

    assert [(one.other_id, one.percent, one.files) for one in found] == [(first, 0, 1)]
    assert found[0].other_subject == application(first).subject


def test_a_list_is_told_for_each_of_its_names_the_strongest_first(world: World) -> None:
    ids = [told(world, n, edited(TEXTS[0], edits)) for n, edits in enumerate((0, 60, 5))]
    made = rank(world.county, round_id=world.round_id, organization_code=COUNTY, main=checked(world, COUNTY, *ids))

    found = [(one.application_id, one.other_id) for one in likenesses(world.county, slate_id=made.id) if one.percent]

    assert len(found) == 6
    assert set(found[:2]) == {(ids[0], ids[2]), (ids[2], ids[0])}


def test_of_what_the_asker_may_not_see_only_the_number_is_told(world: World) -> None:
    first, second = told(world, 0, TEXTS[0]), told(world, 1, edited(TEXTS[0], 10))
    sent(world, COUNTY, checked(world, COUNTY, first))

    above = [one for one in likenesses(world.city, application_id=first) if one.percent]

    assert [one.percent > 90 for one in above] == [True]
    assert above[0][5:] == (None,) * 7
    with refused("not_found", NotFoundError):
        likenesses(world.city, application_id=second)


def test_its_own_people_are_not_told(world: World) -> None:
    first = told(world, 0, TEXTS[0])
    told(world, 1, TEXTS[0])

    for who in (world.clerks[0], also(world.county, application(first).organization, Role.CLERK)):
        with refused("not_your_desk", ForbiddenError):
            likenesses(who, application_id=first)
    with refused("not_found", NotFoundError):
        likenesses(world.stranger, application_id=first)
    with refused("argument_missing", InputError):
        likenesses(world.county)


def test_a_correction_is_compared_anew(world: World) -> None:
    first, second = told(world, 0, TEXTS[0]), told(world, 1, TEXTS[0])
    assert [row[:2] for row in rows(KEPT)] == [(second, first)]
    fault = [{"field": "results", "words": "请写自己的成果"}]
    row = send_back(world.county, second, faults=fault, seen=application(second).version)
    row = revise(world.clerks[1], second, answers={"results": TEXTS[1]}, seen=row.version)

    resubmit(world.clerks[1], second, seen=row.version)

    assert rows(KEPT) == []
    assert rows("SELECT count(*) FROM sketch WHERE application_id = :a", a=second)[0][0] > 0


def test_a_draft_is_compared_with_nothing_and_nothing_with_it(world: World) -> None:
    drafted(world, 0, results=TEXTS[0])
    second = told(world, 1, TEXTS[0])

    assert rows(KEPT) == []
    assert likenesses(world.county, application_id=second) == []


def test_handing_in_takes_as_many_statements_however_many_are_alike(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = []
    for n in range(5):
        row = drafted(world, n, results=edited(TEXTS[0], n))
        with statements(monkeypatch) as asked:
            submit(world.clerks[n], row.id, seen=row.version)
        counts.append(len(asked))

    assert counts[2] == counts[3] == counts[4]
