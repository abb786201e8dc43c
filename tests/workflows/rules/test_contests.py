"""Prizes by stretches of ranks, and team points as Weihai counts them [W59]."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.programme import Contest
from workflows.rules.contests import Team, prize_of, team_points, teams

WEIHAI = Contest.model_validate({
    "team_points": [10, 9, 8, 7, 6, 5, 4, 4, 4, 4], "points_below": 1,
    "prizes": [
        {"name": "first", "label": {"zh": "一等奖", "en": "first"}, "from_rank": 1, "to_rank": 1, "yuan": 5000},
        {"name": "third", "label": {"zh": "三等奖", "en": "third"}, "from_rank": 3, "to_rank": 6, "yuan": 1000},
    ],
})  # fmt: skip


def test_ranks_one_to_twelve_earn_what_weihai_gives() -> None:
    assert [team_points(WEIHAI, rank) for rank in range(1, 13)] == [10, 9, 8, 7, 6, 5, 4, 4, 4, 4, 1, 1]


@pytest.mark.parametrize(("rank", "name"), [(1, "first"), (2, None), (3, "third"), (6, "third"), (7, None)])
def test_a_prize_is_for_a_stretch_of_ranks(rank: int, name: str | None) -> None:
    found = prize_of(WEIHAI, rank)

    assert (found.name if found else None) == name


def test_equal_teams_are_told_apart_by_more_at_the_best_rank_and_then_the_next() -> None:
    placed = [("a", 1), ("a", 7), ("a", 11), ("b", 2), ("b", 6), ("b", 12), ("c", 3), ("c", 4), ("d", 5), ("d", 2)]

    assert teams(WEIHAI, placed) == [
        Team("a", 1, 15, (1, 7, 11)), Team("d", 2, 15, (2, 5)), Team("b", 3, 15, (2, 6, 12)), Team("c", 4, 15, (3, 4)),
    ]  # fmt: skip


def test_teams_that_took_the_same_ranks_are_equal() -> None:
    assert teams(WEIHAI, [("b", 1), ("a", 1), ("c", 3)]) == [
        Team("a", 1, 10, (1,)), Team("b", 1, 10, (1,)), Team("c", 3, 8, (3,)),
    ]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(1, 15)), max_size=20))
def test_the_order_in_which_competitors_come_does_not_matter(placed: list[tuple[str, int]]) -> None:
    found = teams(WEIHAI, placed)

    assert found == teams(WEIHAI, sorted(placed))
    assert sum(team.points for team in found) == sum(team_points(WEIHAI, rank) for _, rank in placed)
    assert [team.points for team in found] == sorted((team.points for team in found), reverse=True)
