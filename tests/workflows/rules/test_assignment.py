"""Who judges what: feasible, within the limits, never a forbidden pair, and as cheap as can be."""

from collections import defaultdict
from itertools import combinations, product
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.rules.assignment import CHANCE, MISSING, STRANGE, Problem, costs, field_of, solve

FIELDS = ("机械", "电气", "信息")


@st.composite
def problems(draw: st.DrawFn, cases: int = 4, experts: int = 5) -> Problem:
    """A small panel with its cases."""
    m, n = draw(st.integers(1, cases)), draw(st.integers(1, experts))
    words = st.frozensets(st.sampled_from(FIELDS), max_size=2)
    pairs = st.tuples(st.integers(0, m - 1), st.integers(0, n - 1))
    need = draw(st.integers(1, 3))
    units = draw(st.lists(st.sampled_from(("甲", "乙", "丙")), min_size=n, max_size=n)) if draw(st.booleans()) else ()
    return Problem(
        [f"c{i}" for i in range(m)], draw(st.lists(words, min_size=m, max_size=m)),
        [f"e{i}" for i in range(n)], draw(st.lists(words, min_size=n, max_size=n)),
        draw(st.lists(st.integers(0, 3), min_size=n, max_size=n)), [need] * m, draw(st.sets(pairs, max_size=4)),
        units, draw(st.text(max_size=3)),
    )  # fmt: skip


def by_force(problem: Problem) -> int | None:
    """The cheapest full assignment of all there are; None where there is none."""
    cost, forbidden = costs(problem), set(problem.forbidden)
    best = None
    rows = [list(combinations(range(len(problem.experts)), need)) for need in problem.need]
    for choice in product(*rows):
        pairs = [(case, expert) for case, own in enumerate(choice) for expert in own]
        load = np.bincount([e for _, e in pairs], minlength=len(problem.experts))
        doubled = bool(problem.units) and any(len({problem.units[e] for e in own}) < len(own) for own in choice)
        if forbidden.isdisjoint(pairs) and not doubled and (load <= np.array(problem.room)).all():
            total = int(sum(cost[pair] for pair in pairs))
            best = total if best is None else min(best, total)
    return best


@settings(max_examples=60)
@given(problems(), st.integers(1, 3))
def test_the_answer_is_the_best_of_all_however_few_pairs_it_begins_with(problem: Problem, first: int) -> None:
    found = solve(problem, spare=first)

    best = by_force(problem)
    assert (not found.short) == (best is not None)
    if best is not None:
        assert found.cost == best
        assert len(found.pairs) == sum(problem.need)
    assert_within_limits(problem, found.pairs)


def by_paths(problem: Problem) -> int:
    """The least cost there is, with what is missing at its price: found by shortest paths, one judge after another."""
    cost, barred = costs(problem), set(problem.forbidden)
    net: defaultdict[object, dict[object, list[int]]] = defaultdict(dict)  # from, to: room left, cost

    def arc(begin: object, end: object, room: int, price: int = 0) -> None:
        net[begin][end], net[end][begin] = [room, price], [0, -price]

    for case, need in enumerate(problem.need):
        arc("source", ("case", case), need)
        arc(("case", case), ("short", case), need, MISSING)
        arc(("short", case), "sink", need)
        for expert in range(len(problem.experts)):
            door = ("unit", case, problem.units[expert] if problem.units else expert)
            if (case, expert) not in barred:
                arc(("case", case), door, 1)
                arc(door, ("expert", expert), 1, int(cost[case, expert]))
    for expert, room in enumerate(problem.room):
        arc(("expert", expert), "sink", room)
    return sum(_one_more(net) for _ in range(sum(problem.need)))


def _one_more(net: defaultdict[object, dict[object, list[int]]]) -> int:
    """Send one more by the cheapest path there is; answers what it costs."""
    far: defaultdict[object, float] = defaultdict(lambda: inf, {"source": 0})
    came: dict[object, object] = {}
    changed = True
    while changed:
        changed = False
        for begin, arcs in net.items():
            for end, (room, price) in arcs.items():
                if room and far[begin] + price < far[end]:
                    far[end], came[end], changed = far[begin] + price, begin, True
    here: object = "sink"
    while here != "source":
        there = came[here]
        net[there][here][0] -= 1
        net[here][there][0] += 1
        here = there
    return int(far["sink"])


@settings(max_examples=40)
@given(problems(cases=9, experts=9), st.integers(1, 3))
def test_another_solver_finds_nothing_cheaper_whether_or_not_all_can_be_met(problem: Problem, first: int) -> None:
    found = solve(problem, spare=first)

    assert found.cost + MISSING * sum(found.short.values()) == by_paths(problem)
    assert len(found.pairs) + sum(found.short.values()) == sum(problem.need)
    assert_within_limits(problem, found.pairs)


def assert_within_limits(problem: Problem, pairs: list[tuple[int, int]]) -> None:
    """No forbidden pair, no pair twice, no load over the room, no unit twice in a case where that was asked."""
    assert len(set(pairs)) == len(pairs)
    assert set(problem.forbidden).isdisjoint(pairs)
    for expert, room in enumerate(problem.room):
        assert sum(e == expert for _, e in pairs) <= room
    for case, need in enumerate(problem.need):
        own = [e for c, e in pairs if c == case]
        assert len(own) <= need
        assert not problem.units or len({problem.units[e] for e in own}) == len(own)


@given(problems())
def test_the_same_seed_gives_the_same_answer(problem: Problem) -> None:
    assert solve(problem) == solve(problem)


def test_who_knows_the_field_comes_first() -> None:
    fields = [frozenset({"电气"}), frozenset({"机械", "信息"}), frozenset({"机械"})]
    problem = Problem(["c"], [frozenset({"机械"})], ["e0", "e1", "e2"], fields, [1, 1, 1], [2])

    found = solve(problem)

    assert found.pairs == [(0, 1), (0, 2)]
    assert found.cost < 2 * CHANCE
    assert [field_of(problem.topics[0], own) for own in problem.fields] == ["", "机械", "机械"]


@pytest.mark.parametrize("forbidden", [{(0, 0)}, {(0, 0), (0, 1)}])
def test_what_cannot_be_met_is_told_by_case(forbidden: set[tuple[int, int]]) -> None:
    problem = Problem(["c0", "c1"], [frozenset()] * 2, ["e0", "e1"], [frozenset()] * 2, [2, 2], [2, 2], forbidden)

    found = solve(problem)

    assert found.short == {0: len(forbidden)}
    assert_within_limits(problem, found.pairs)


def test_nothing_to_deal_out_and_nobody_to_deal_to() -> None:
    nobody: list[frozenset[str]] = []

    assert solve(Problem([], nobody, ["e"], [frozenset()], [1], [])) == ([], 0, {})
    assert solve(Problem(["c"], [frozenset()], [], nobody, [], [3])) == ([], 0, {0: 3})


def test_a_large_panel_begun_with_few_pairs_comes_to_the_same_as_with_all() -> None:
    dice = np.random.default_rng(7)
    topics = [frozenset({FIELDS[i]}) for i in dice.integers(0, 3, 60)]
    fields = [frozenset(f for f, knows in zip(FIELDS, own, strict=True) if knows) for own in dice.random((30, 3)) < 0.3]
    forbidden = {(int(c), int(e)) for c, e in zip(dice.integers(0, 60, 50), dice.integers(0, 30, 50), strict=True)}
    problem = Problem([f"c{i}" for i in range(60)], topics, [f"e{i}" for i in range(30)], fields, [10] * 30, [5] * 60,
                      forbidden, [f"u{i % 12}" for i in range(30)], "s")  # fmt: skip

    few, every = solve(problem, spare=1), solve(problem, spare=60)

    assert few.cost == every.cost
    assert few.pairs == every.pairs
    assert_within_limits(problem, few.pairs)
    assert sum(costs(problem)[pair] >= STRANGE for pair in few.pairs) < 300
