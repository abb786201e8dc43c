"""The round finder: what is open or to come, whether I may enter it, why not, and from which day on."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from models.programme import shipped
from models.vocabulary import Channel, Line, Role
from tests.counting import statements
from tests.worlds import CLOSES, NOW, PROVINCE, World, also, drafted, named, person, submitted, unit
from workflows.intake.applications import draft
from workflows.programmes import publish
from workflows.queries.finding import Found, rounds_for_me
from workflows.record.acting import SYSTEM, Actor
from workflows.rounds import plan_round
from workflows.rules.clauses import Failure


def another(w: World, *, opens_in: int = -1, year: int = 2027, **changed: Any) -> str:
    """A second round of the province, by the shipped programme with some keys changed, opening in some days."""
    rules = shipped("provincial-studio")
    code = changed.pop("code", "model-studio")
    made = publish(SYSTEM, rules.model_copy(update={"code": code, **changed})).id
    opens = NOW + timedelta(days=opens_in)
    return plan_round(w.admin, programme=made, organization_code=PROVINCE, year=year, opens_at=opens,
                      closes_at=CLOSES + timedelta(days=max(opens_in, 0))).id  # fmt: skip


def of(actor: Actor, round_id: str, **asked: str) -> list[Found]:
    """What somebody is told of one round."""
    return [one for one in rounds_for_me(actor, **asked) if one.round_id == round_id]


def test_a_clerk_is_told_of_an_open_round_what_it_takes_and_that_they_may(world: World) -> None:
    (found,) = rounds_for_me(world.clerks[0])

    assert (found.verdict, found.since, found.failed, found.is_open) == ("may", None, (), True)
    assert (found.unit, found.line, found.channel) == (unit(0), Line.REGION, Channel.UNION)
    assert (found.programme, found.closes_at, found.places) == ("provincial-studio", CLOSES, 70)
    assert found.materials == (("领衔人荣誉证书", "Proof of the leader's honour"),)
    assert (found.to_do, found.newest, found.another, found.full) == (None, None, False, None)


def test_a_unit_of_an_industry_is_told_of_both_its_lines(world: World) -> None:
    assert [(one.line, one.verdict) for one in rounds_for_me(world.clerks[5])] == [
        (Line.INDUSTRY, "may"), (Line.REGION, "may"),
    ]  # fmt: skip


def test_a_round_to_come_says_from_which_day_on(world: World) -> None:
    later = another(world, opens_in=7)

    found = rounds_for_me(world.clerks[0])

    assert [(one.round_id, one.verdict, one.since, one.is_open) for one in found] == [
        (world.round_id, "may", None, True),
        (later, "not_yet", date(2026, 3, 10), False),
    ]


def clause(**rule: Any) -> dict[str, Any]:
    """An eligibility clause of the changed programme."""
    (usual,) = shipped("provincial-studio").eligibility[:1]
    words = {"zh": "须无本称号", "en": "holds no such title"}
    kept = usual.model_dump() | {"clause": "c1", "field": None, "when": None, "minimum": None, "message": words}
    return {"eligibility": (type(usual).model_validate(kept | rule),)}


@pytest.mark.parametrize(
    ("years", "verdict", "since"),
    [
        # Named on 10 March 2026: a year after, and the round of the next year is open from then on or over.
        (0, "not_yet", date(2026, 3, 11)),
        (1, "may_not", date(2027, 3, 11)),
    ],
)
def test_what_stands_in_the_way_is_told_with_its_source_and_the_day_it_clears(
    world: World, years: int, verdict: str, since: date
) -> None:
    named(world, 1)
    source = {"document": "办法", "clause": "第三条"}
    rule = clause(rule="no_title", of=("provincial-studio",), years=years, who="unit", source=source)
    other = another(world, **rule)

    (found,) = of(world.clerks[0], other)

    failed: Failure = found.failed[0]
    assert (found.verdict, found.since) == (verdict, since)
    assert (failed["zh"], failed["source"], failed["clears_on"]) == ("须无本称号", source, since)
    assert of(world.clerks[1], other)[0].verdict == "may"


def test_what_hangs_on_the_form_is_open_and_not_in_the_way(world: World) -> None:
    other = another(world, **clause(rule="minimum", field="team_size", minimum=5))

    (found,) = of(world.clerks[0], other)

    assert (found.verdict, found.failed, found.open) == ("may", (), ("c1",))


def test_a_unit_that_has_all_it_may_enter_is_told_so_and_goes_on_with_what_it_has(world: World) -> None:
    rules = shipped("provincial-studio")
    other = another(world, entry=rules.entry.model_copy(update={"per_unit": 1}))
    row = submitted(world._replace(round_id=other))

    (found,) = of(world.clerks[0], other)

    assert (found.verdict, found.full, found.newest, found.to_do, found.another) == ("may_not", 1, row.id, None, False)


def test_a_draft_is_to_be_gone_on_with_and_another_may_stand_beside_it(world: World) -> None:
    row = drafted(world, proof=False)

    (found,) = rounds_for_me(world.clerks[0])

    assert (found.to_do, found.newest, found.another) == (row.id, row.id, True)
    assert [one.newest for one in rounds_for_me(world.clerks[1])] == [None]


def test_a_worker_is_told_of_their_own_applications_and_of_no_colleagues(world: World) -> None:
    rules = shipped("provincial-studio")
    both = rules.entry.model_copy(update={"channels": (Channel.UNION, Channel.SELF)})
    other = another(world, entry=both)
    li, wang = (person(name, unit(0), Role.WORKER) for name in ("li", "wang"))
    own = draft(li, round_id=other, organization_code=unit(0), channel=Channel.SELF)

    assert [(one.round_id, one.channel, one.to_do) for one in rounds_for_me(li)] == [(other, Channel.SELF, own.id)]
    assert [one.to_do for one in rounds_for_me(wang)] == [None]
    assert [one.to_do for one in of(world.clerks[0], other)] == [None]


def test_the_list_is_filtered_by_programme_and_by_words_of_either_language(world: World) -> None:
    called = shipped("provincial-studio").name.model_copy(update={"zh": "数字工匠", "en": "Digital"})
    other = another(world, name=called)
    clerk = world.clerks[0]

    assert [one.round_id for one in rounds_for_me(clerk, programme="model-studio")] == [other]
    assert [one.round_id for one in rounds_for_me(clerk, words="digital")] == [other]
    assert [one.round_id for one in rounds_for_me(clerk, words="数字 没有")] == []


def test_nobody_without_a_unit_is_told_of_any_round(world: World) -> None:
    assert rounds_for_me(world.county) == []
    assert rounds_for_me(world.stranger) == []


def test_more_rounds_and_applications_ask_no_more_statements(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk = also(world.clerks[0], unit(0), Role.CLERK)
    ask: Callable[[], list[Found]] = lambda: rounds_for_me(clerk)  # noqa: E731 -- asked three times
    ask()
    with statements(monkeypatch) as few:
        ask()

    drafted(world, proof=False)
    another(world, opens_in=3)
    ask()
    with statements(monkeypatch) as more:
        assert len(ask()) == 2

    assert len(few) == len(more) == 8
