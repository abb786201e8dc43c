"""Cases beside each other: as many as two to four, each as its reader may see it, scores only when they are open."""

import pytest

from models.errors import InputError
from models.vocabulary import Role
from tests.counting import statements
from tests.judging import SCORING, at_desk, experts, judged_round, scored
from tests.worlds import COUNTY, PROVINCE, World, also, application, identity, person, refused, submitted, unit
from workflows.desk.handling import transfer
from workflows.queries.comparing import compare
from workflows.record.acting import Actor


def subjects(actor: Actor, *ids: str) -> list[str]:
    """What is shown beside each other, by name."""
    return [one.application.subject for one in compare(actor, cases=list(ids)).cases]


def seen(actor: Actor, *ids: str) -> list[tuple[int | None, int | None]]:
    """The scores that somebody reads, and of how many sheets."""
    return [(one.score, one.sheets) for one in compare(actor, cases=list(ids)).cases]


def test_cases_stand_in_the_order_asked_for_each_as_its_reader_may_see_it(world: World) -> None:
    first, second = submitted(world, 0), submitted(world, 1)

    found = compare(world.county, cases=[second.id, first.id, second.id])

    assert found.missing == []
    assert [(one.application.id, one.unit, len(one.files)) for one in found.cases] == [
        (second.id, "企业1", 1),
        (first.id, "企业0", 1),
    ]
    assert found.cases[0].application.answers["leader_id"] == "3301**********" + identity(1)[-4:]
    assert set(found.cases[0].shown) == {*first.answers, "training"}


def test_a_case_that_is_not_for_the_reader_is_missing_like_one_that_is_not_there(world: World) -> None:
    first, second = submitted(world, 0), submitted(world, 1)

    found = compare(world.clerks[0], cases=[first.id, second.id, "0" * 32])

    assert [one.application.id for one in found.cases] == [first.id]
    assert found.missing == [second.id, "0" * 32]
    assert found.cases[0].application.answers["leader_id"] == identity(0)
    assert compare(world.stranger, cases=[first.id, second.id]).cases == []


def test_in_whose_hands_a_case_is_stays_the_desks_own_beside_others_as_well(world: World) -> None:
    first, second = submitted(world, 0), submitted(world, 1)
    take = transfer(world.county, first.id, to=person("hand", COUNTY, Role.REVIEWER).email, reason="分工",
                    seen=first.version)  # fmt: skip

    (own,) = compare(world.clerks[0], cases=[first.id, second.id]).cases
    (theirs, _) = compare(world.county, cases=[first.id, second.id]).cases

    assert (own.application.handler_id, own.application.delegated_by) == (None, None)
    assert theirs.application.handler_id == take.handler_id is not None


@pytest.mark.parametrize("n", [0, 1, 5])
def test_fewer_than_two_and_more_than_four_are_refused(world: World, n: int) -> None:
    with refused("compare_count", InputError, count=n, least=2, most=4):
        compare(world.county, cases=[str(k) * 32 for k in range(n)])


def test_four_take_as_many_statements_as_two(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [submitted(world, n).id for n in range(4)]
    compare(world.county, cases=ids)

    counted = []
    for several in (ids[:2], ids):
        with statements(monkeypatch) as run:
            assert len(compare(world.county, cases=several).cases) == len(several)
        counted.append(len(run))

    assert counted[0] == counted[1]


def test_a_score_is_read_at_the_desk_once_no_sheet_is_missing_and_by_nobody_of_the_unit(world: World) -> None:
    w = judged_round(world, scoring=SCORING, panel={"size": 2, "source": {"document": "细则", "clause": "一"}})
    ids, judges = at_desk(w, 2), experts(2)
    scored(ids[0], judges, "90", "80")
    scored(ids[1], judges[:1], "70")
    of_the_unit = also(person("both", PROVINCE, Role.REVIEWER), unit(0), Role.CLERK)

    assert seen(w.province, *ids) == [(8500, 2), (None, None)]
    assert seen(of_the_unit, *ids) == [(None, None), (None, None)]
    assert seen(judges[0], *ids) == [(None, None), (None, None)]


def test_a_tier_that_the_case_has_not_reached_sees_none_of_them(world: World) -> None:
    ids = [submitted(world, n).id for n in range(2)]

    assert subjects(world.city, *ids) == []
    assert subjects(world.county, *ids) == [application(one).subject for one in ids]
    assert subjects(person("colleague", COUNTY, Role.REVIEWER), *ids) == [application(one).subject for one in ids]
