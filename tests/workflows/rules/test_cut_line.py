"""How firm a cut line is: whom another mean, another quota or other judges would move across it."""

import itertools
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from models.programme import Scoring
from models.vocabulary import Rung
from workflows.rules import cut_line, scoring, severity
from workflows.rules.cut_line import Change, Firmness, Name, Variant


def rule(**more: Any) -> Scoring:
    """A scoring at the province."""
    return Scoring(step=Rung.PROVINCE, **more)


def name(one: str, *totals: int, key: tuple[Any, ...] = ()) -> Name:
    """A name and what the judges A, B, C ... gave it."""
    return Name(one, dict(zip("ABCDEFG", totals, strict=False)), key)


def seen(found: cut_line.View, kind: str) -> Variant:
    """One of the other ways of counting."""
    return next(one for one in found.variants if one.kind == kind)


def test_names_far_from_the_line_are_firm_whoever_judges() -> None:
    names = [name("a", 9000, 9100, 9200), name("b", 6000, 6100, 6200), name("c", 8000, 8100, 8200)]

    found = cut_line.view(rule(), names, 2, seed="s", leniency=None)

    assert found.names == (
        Firmness("a", 1, 9100, "in", 100, None, None), Firmness("c", 2, 8100, "in", 100, None, None),
        Firmness("b", 3, 6100, "out", 100, None, None),
    )  # fmt: skip
    assert (found.line, found.percent, found.resamples, found.seed) == (2, 100, 1000, "s")


def test_another_mean_moves_names_across_the_line() -> None:
    """One sheet of 100 lifts a by the mean; the median and the trimmed mean do not hear it."""
    names = [name("a", 7000, 7000, 7000, 7000, 10_000), name("b", 7500, 7500, 7500, 7500, 7500)]
    falls = (Change("a", "in", "out"), Change("b", "out", "in"))

    found = cut_line.view(rule(), names, 1, seed="s")

    assert [(one.kind, one.changes) for one in found.variants] == [
        ("trimmed", falls), ("median", falls),
        ("one_more", (Change("b", "out", "in"),)),
    ]  # fmt: skip
    assert [one.kind for one in cut_line.view(rule(method="vote"), names, 1, seed="s").variants] == ["one_more"]


def test_one_place_more_or_fewer_moves_the_names_beside_the_line() -> None:
    names = [name("a", 9000), name("b", 8000), name("c", 7000)]

    found = cut_line.view(rule(), names, 2, seed="s")

    assert seen(found, "one_more") == Variant("one_more", 3, (Change("c", "out", "in"),))
    assert seen(found, "one_fewer") == Variant("one_fewer", 1, (Change("b", "in", "out"),))


def test_equal_names_on_both_sides_are_on_neither_unless_the_steps_part_them() -> None:
    tied = [name("a", 8000), name("b", 8000), name("c", 9000)]
    told = [name("a", 8000, key=((True, Fraction(1)),)), name("b", 8000, key=((True, Fraction(2)),)), tied[2]]

    assert [(n.id, n.rank, n.side) for n in cut_line.view(rule(), tied, 2, seed="s").names] == [
        ("c", 1, "in"), ("a", 2, "tied"), ("b", 2, "tied"),
    ]  # fmt: skip
    assert [(n.id, n.rank, n.side) for n in cut_line.view(rule(), told, 2, seed="s").names] == [
        ("c", 1, "in"), ("b", 2, "in"), ("a", 3, "out"),
    ]  # fmt: skip


def test_severity_taken_out_stands_beside_the_score_and_replaces_nothing() -> None:
    """One had the two lenient judges, the other the two strict ones; the anchors tell who is which."""
    anchors = {str(n): dict(zip("ABCD", (8300, 8300, 7700, 7700), strict=True)) for n in range(3)}
    lean = severity.estimate(
        [severity.Cell(case, judge, total) for case, row in anchors.items() for judge, total in row.items()]
    ).by_judge
    names = [Name("a", {"A": 8300, "B": 8300}), Name("b", {"C": 8000, "D": 8000})]

    found = cut_line.view(rule(), names, 1, seed="s", leniency=lean)

    assert found.names == (
        Firmness("a", 1, 8300, "in", 100, 8000, 2), Firmness("b", 2, 8000, "out", 100, 8300, 1),
    )  # fmt: skip
    assert seen(found, "adjusted").changes == (Change("a", "in", "out"), Change("b", "out", "in"))


def test_the_same_seed_draws_the_same_and_another_seed_other_judges() -> None:
    names = [name("a", 8000, 9000, 7000), name("b", 8100, 7900, 7900), name("c", 8200, 7000, 8500)]
    first, again, other = (cut_line.view(rule(), names, 1, seed=seed) for seed in ("s", "s", "t"))

    assert first == again
    assert [n.percent for n in first.names] != [n.percent for n in other.names]
    assert (first.percent, [(n.id, n.percent) for n in first.names]) == (59, [("a", 59), ("b", 100), ("c", 59)])


def test_resampling_comes_near_what_all_possible_draws_say() -> None:
    names = [name("a", 8000, 9000, 7000), name("b", 8100, 7900, 7900), name("c", 8200, 7000, 8500)]
    kept = [0, 0, 0]
    for draw in itertools.product("ABC", repeat=3):
        scores = [scoring.combined(rule(), [one.totals[judge] for judge in draw]) or 0 for one in names]
        best = max(scores)
        sole = scores.count(best) == 1
        kept[0] += scores[0] == best and sole
        kept[1] += scores[1] < best
        kept[2] += scores[2] < best
    exact = [100 * one / 27 for one in kept]

    shown = {n.id: n.percent for n in cut_line.view(rule(), names, 1, seed="s").names}

    assert all(abs(shown[one.id] - percent) < 5 for one, percent in zip(names, exact, strict=True))


TOTALS = st.lists(st.integers(0, 20), min_size=3, max_size=3)


@given(totals=st.lists(TOTALS, min_size=1, max_size=6), line=st.integers(0, 6), method=st.sampled_from(cut_line.MEANS),
       decimals=st.integers(0, 2))  # fmt: skip
def test_names_left_out_of_the_counting_are_those_no_draw_can_move(
    totals: list[list[int]], line: int, method: Any, decimals: int
) -> None:
    counted = rule(method=method, trim_from=3, decimals=decimals)
    names = [name(str(n), *(50 * one for one in given)) for n, given in enumerate(totals)]
    found = cut_line.view(counted, names, line, seed="s", resamples=40)
    kept, same = slowly(counted, names, line, 40)

    assert {n.id: n.percent for n in found.names} == kept
    assert found.percent == same


def slowly(counted: Scoring, names: list[Name], line: int, times: int) -> tuple[dict[str, int], int]:
    """The same, every name counted in every draw, in fractions."""
    panel = tuple(sorted(names[0].totals))
    sides = sides_of([exactly(counted, list(one.totals.values())) for one in names], line)
    kept, same = [0] * len(names), 0
    for drawn in cut_line.draws_of("s", panel, times):
        now = sides_of([exactly(counted, [one.totals[panel[n]] for n in drawn]) for one in names], line)
        stays = [a == b for a, b in zip(sides, now, strict=True)]
        kept = [n + stay for n, stay in zip(kept, stays, strict=True)]
        same += all(stays)
    percent = [scoring.half_up(Fraction(100 * n, times)) for n in (*kept, same)]
    return {one.id: n for one, n in zip(names, percent, strict=False)}, percent[-1]


def exactly(counted: Scoring, totals: list[int]) -> int:
    """A score by fractions."""
    order = sorted(totals)
    if counted.method == "trimmed" and len(order) >= counted.trim_from:
        order = order[1:-1]
    if counted.method == "median":
        order = order[(len(order) - 1) // 2 : len(order) // 2 + 1]
    unit = (100, 10, 1)[counted.decimals]
    return scoring.half_up(Fraction(sum(order), len(order)) / unit) * unit


def sides_of(scores: list[int], line: int) -> list[str]:
    """In when all that are as good have a place, out when so many are better as there are places."""
    found = []
    for score in scores:
        better, as_good = sum(one > score for one in scores), sum(one >= score for one in scores)
        found.append("in" if as_good <= line else "out" if better >= line else "tied")
    return found
