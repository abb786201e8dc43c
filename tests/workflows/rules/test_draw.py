"""The draw of a panel: the same seed and pool give the same order, and a replacement is the next of it."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.rules import draw

FIELDS = ("机械", "电气", "信息")
pools = st.dictionaries(
    st.text("0123456789abcdef", min_size=1, max_size=6), st.sets(st.sampled_from(FIELDS)), max_size=12
)
seeds = st.text(max_size=12)


def test_the_order_is_the_one_anybody_can_work_out_by_hand() -> None:
    snapshot = draw.listed([("b", ["信息", "机械"]), ("a", []), ("c", ["机械"])])

    text = '[{"fields":[],"id":"a"},{"fields":["信息","机械"],"id":"b"},{"fields":["机械"],"id":"c"}]'
    mark = hashlib.sha256(text.encode()).hexdigest()
    lots = {name: hashlib.sha256(f"2026045|{mark}|{name}".encode()).hexdigest() for name in "abc"}
    assert draw.fingerprint(snapshot) == mark
    assert draw.order("2026045", snapshot) == sorted("abc", key=lots.__getitem__)


def test_the_lots_never_change_between_versions() -> None:
    snapshot = draw.listed((f"e{i}", []) for i in range(5))

    assert draw.order("浙江风采 2026045", snapshot) == ["e3", "e0", "e2", "e1", "e4"]


@given(pools, seeds)
def test_the_same_seed_and_pool_give_the_same_order_however_the_pool_is_told(
    pool: dict[str, set[str]], seed: str
) -> None:
    told = draw.listed(pool.items())
    other = draw.listed(reversed(list(pool.items())))

    assert draw.order(seed, told) == draw.order(seed, other)
    assert sorted(draw.order(seed, told)) == sorted(pool)
    assert json.loads(json.dumps(told)) == told


@given(pools, seeds, st.integers(0, 12), st.dictionaries(st.sampled_from(FIELDS), st.integers(0, 4)))
def test_a_panel_has_whom_its_fields_ask_for_and_nobody_twice(
    pool: dict[str, set[str]], seed: str, size: int, strata: dict[str, int]
) -> None:
    snapshot = draw.listed(pool.items())
    order = draw.order(seed, snapshot)
    asked = [[field, n] for field, n in sorted(strata.items())]

    seats = draw.seats(order, snapshot, max(size, sum(strata.values())), asked)

    assert len({one.expert for one in seats}) == len(seats)
    assert [order[one.place] for one in seats] == [one.expert for one in seats]
    assert len(seats) == min(len(pool), max(size, sum(strata.values())))
    for one in seats:
        assert not one.stratum or one.stratum in pool[one.expert]
    if not strata:
        assert [one.expert for one in seats] == order[: len(seats)]


@given(pools, seeds, st.integers(1, 5), st.sampled_from(("", *FIELDS)))
def test_a_replacement_is_never_somebody_already_in_and_is_the_next_that_fits(
    pool: dict[str, set[str]], seed: str, size: int, stratum: str
) -> None:
    snapshot = draw.listed(pool.items())
    order = draw.order(seed, snapshot)
    gone = {one.expert for one in draw.seats(order, snapshot, size)}

    nexts = draw.following(order, snapshot, gone, stratum)

    assert {one.expert for one in nexts} == set(pool) - gone
    assert len(nexts) == len(pool) - len(gone & set(pool))
    fitting = [one for one in nexts if stratum and stratum in pool[one.expert]]
    assert nexts[: len(fitting)] == fitting
    rest = nexts[len(fitting) :]
    assert [one.place for one in fitting] == sorted(one.place for one in fitting)
    assert [one.place for one in rest] == sorted(one.place for one in rest)


def test_a_field_with_too_few_experts_is_told() -> None:
    snapshot = draw.listed([("a", ["机械"]), ("b", ["机械"]), ("c", [])])
    order = draw.order("1", snapshot)

    assert draw.short_of(order, snapshot, [["机械", 2]]) == []
    assert draw.short_of(order, snapshot, [["机械", 3], ["信息", 1]]) == [("机械", 2), ("信息", 0)]


@pytest.mark.parametrize("seed", ["1", "2"])
def test_another_pool_is_another_draw(seed: str) -> None:
    small, large = (draw.listed((f"e{i}", []) for i in range(n)) for n in (20, 21))

    assert [one for one in draw.order(seed, large) if one != "e20"] != draw.order(seed, small)
