"""Spot checks: a draw by lot that anybody can repeat."""

import pytest

from models.errors import InputError, RefusedError
from tests.ruled import ruled, rules
from tests.worlds import PROVINCE, World, refused, to_assess
from workflows.queries.standing import spot_check

VERSION = "provincial-studio@1"


def test_spot_check_percent_is_drawn_by_a_seed_and_drawn_again_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    yearly = rules().assessment
    assert yearly is not None
    with refused("no_spot_check", RefusedError, programme=VERSION):
        spot_check(world.province, desk=PROVINCE, programme=VERSION, year=2026, seed="2027-1")
    ruled(monkeypatch, assessment=yearly.model_copy(update={"spot_check_percent": 40}))
    listed = to_assess(world, 3)

    first = spot_check(world.province, desk=PROVINCE, programme=VERSION, year=2026, seed="2027-1")
    again = spot_check(world.province, desk=PROVINCE, programme=VERSION, year=2026, seed="2027-1",
                       snapshot=first.snapshot)  # fmt: skip

    assert (first.listed, len(first.drawn), first == again) == (3, 2, True)
    assert {row.assessment_id for row in first.drawn} < {row.id for row in listed}
    with refused("snapshot_changed", RefusedError, given="00000000"):
        spot_check(world.province, desk=PROVINCE, programme=VERSION, year=2026, seed="2027-1", snapshot="0" * 64)
    with refused("argument_missing", InputError, field="seed"):
        spot_check(world.province, desk=PROVINCE, programme=VERSION, year=2026, seed=" ")
    assert spot_check(world.city, desk=PROVINCE, programme=VERSION, year=2026, seed="2027-1").drawn == []
