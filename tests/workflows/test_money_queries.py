"""What is shown of money: to its own people with the account, to others masked, in totals, and what is to come."""

from datetime import date
from typing import Any

import pytest

from models.errors import NotFoundError
from models.vocabulary import DeadlineKind, Hold, Role, SubsidyState
from tests.counting import statements
from tests.money import NAMING, SECOND, approved, one_title, paid, paying, requested, subsidy
from tests.worlds import COUNTY, PROVINCE, World, also, named, person, refused, unit
from workflows.named.titles import suspend
from workflows.queries.money import coming_subsidies, my_subsidies, subsidies, subsidies_at, subsidy_totals


def shown(found: list[Any]) -> list[tuple[str, str, int, str]]:
    return [(one.row.stage, one.row.state.value, one.row.fen, one.row.account_number) for one in found]


def test_a_title_shows_its_stages_with_what_is_due_to_its_own_people(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = one_title(world, monkeypatch)
    requested(world, one)

    [mine], [theirs] = (subsidies(who, title_id=one.id) for who in (world.clerks[0], world.province))

    assert mine == theirs == my_subsidies(world.clerks[0])[0]
    assert shown([mine]) == [("first", "requested", 10_000_000, "6222021202013344")]
    assert (mine.row.number, mine.row.organization_name, mine.row.due_kind) == (
        one.number, "企业0", DeadlineKind.SUBSIDY_STEP,
    )  # fmt: skip
    assert (mine.label, mine.uses[0], mine.hold) == (NAMING["label"], NAMING["uses"][0], None)


def test_bank_details_are_masked_to_everyone_but_the_units_clerks_and_the_deciders_reviewers(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = one_title(world, monkeypatch)
    requested(world, one)
    inside = person("chair", unit(0), Role.REVIEWER)

    for who in (inside, world.admin):
        [seen] = subsidies(who, title_id=one.id)
        assert (seen.row.account_number, seen.row.payee, seen.row.bank) == ("6222********3344", "***", "********")


def test_a_title_of_others_tells_nothing_of_its_money(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one = one_title(world, monkeypatch)
    worker = person("worker", unit(0), Role.WORKER)

    for who in (world.clerks[1], world.county, world.stranger, worker):
        for ask in (subsidies, coming_subsidies):
            with refused("not_found", NotFoundError, thing="title", given=one.id):
                ask(who, title_id=one.id)
        assert (my_subsidies(who), coming_subsidies(who)) == ([], [])


def test_a_desk_sees_what_is_open_soonest_due_first_or_one_state(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    paying(monkeypatch)
    first, second, third = named(world, 3)
    waiting, asked, gone = subsidy(first), requested(world, second, 1), paid(world, third, 2)

    found = subsidies_at(world.province, desk=PROVINCE)

    assert [one.row.id for one in found] == [asked.id, waiting.id, gone.id]
    assert [one.row.id for one in subsidies_at(world.province, desk=PROVINCE, state=SubsidyState.PAID)] == [gone.id]
    assert subsidies_at(world.county, desk=PROVINCE) == subsidies_at(world.county, desk=COUNTY) == []


def test_what_holds_a_payment_is_said_before_anybody_tries(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one = one_title(world, monkeypatch)
    approved(world, one)
    suspend(world.province, one.id, reason="核查", seen=one.version)

    [found] = subsidies_at(world.province, desk=PROVINCE)

    assert found.hold is Hold.SUSPENSION


@pytest.mark.parametrize("n", [1, 3])
def test_a_longer_list_takes_no_more_statements(world: World, monkeypatch: pytest.MonkeyPatch, n: int) -> None:
    paying(monkeypatch)
    named(world, n)

    with statements(monkeypatch) as run:
        assert len(subsidies_at(world.province, desk=PROVINCE)) == n

    # Seats twice, rows, what is open about their titles.
    assert len(run) == 4


def test_totals_are_by_programme_year_and_state_in_fen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    paying(monkeypatch)
    titles = named(world, 3)
    paid(world, titles[2], 2)

    found = subsidy_totals(world.province, desk=PROVINCE)

    assert [tuple(total) for total in found] == [
        ("provincial-studio", 2026, SubsidyState.ELIGIBLE, 2, 20_000_000, 0),
        ("provincial-studio", 2026, SubsidyState.PAID, 1, 10_000_000, 0),
    ]
    assert subsidy_totals(world.county, desk=PROVINCE) == []


def test_what_is_to_come_says_when_and_what_is_in_the_way(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one = one_title(world, monkeypatch, NAMING, SECOND)

    found = coming_subsidies(world.clerks[0])

    assert [tuple(coming) for coming in found] == [
        (one.id, "second", SECOND["label"], 5_000_000, date(2028, 3, 11), Hold.GRADE)
    ]
    assert coming_subsidies(world.province, title_id=one.id) == found


def test_a_clerk_of_two_units_sees_the_money_of_both(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    paying(monkeypatch)
    named(world, 2)
    both = also(world.clerks[1], unit(0), Role.CLERK)

    assert [len(my_subsidies(who)) for who in (both, world.clerks[0], world.clerks[2])] == [2, 1, 0]
