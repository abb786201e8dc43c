"""Quota arithmetic: the places left, the reserve a percentage allows, and each reason to refuse."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.programme import Reserve
from models.round import Quota
from models.vocabulary import QuotaKind
from workflows.rules.places import Asked, left, refusal, reserve_limit

TWENTY = Reserve(percent=20)


def quota(places: int, reserved: int = 0, used: int = 0, minimum: int = 0,
          kind: QuotaKind = QuotaKind.FIXED) -> Quota:  # fmt: skip
    """A union's places."""
    return Quota(id="q", round_id="r", organization="o", kind=kind, minimum=minimum, places=places,
                 reserved=reserved, used=used)  # fmt: skip


@given(st.integers(0, 500), st.integers(0, 100))
def test_the_reserve_is_a_percentage_rounded_as_the_programme_says(places: int, percent: int) -> None:
    exact = Decimal(places) * percent / 100

    floor = reserve_limit(places, Reserve(percent=percent))
    ceiling = reserve_limit(places, Reserve(percent=percent, rounding="ceiling"))

    assert floor == exact.to_integral_value(ROUND_FLOOR)
    assert ceiling == exact.to_integral_value(ROUND_CEILING)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_a_list_is_sealed_exactly_when_its_names_fit(places: int, reserved: int, used: int, asked: int) -> None:
    held = quota(places, reserved, used)

    no = refusal(held, Asked(asked, 0), TWENTY, "")

    if reserved + used + asked > places and asked > places - reserved - used:
        numbers = {"places": places, "left": places - reserved - used, "asked": asked}
        assert no == ("quota_spent", numbers)
    else:
        assert no is None


@given(st.integers(0, 100))
def test_a_free_quota_always_has_one_more(used: int) -> None:
    held = quota(0, used=used, kind=QuotaKind.FREE)

    assert refusal(held, Asked(1000, 0), TWENTY, "") is None
    assert left(held) > 1000


@pytest.mark.parametrize(("asked", "reason", "no"), [
    (Asked(8, 2), "", None),
    (Asked(8, 3), "", ("reserve_full", {"allowed": 2, "asked": 3, "percent": 20, "places": 10})),
    (Asked(8, 1, waiting=1), "", None),
    (Asked(8, 1, waiting=2), "", ("reserve_full", {"allowed": 2, "asked": 3, "percent": 20, "places": 10})),
    (Asked(8, 0, waiting=9), "", None),
    (Asked(9, 0), "", ("quota_spent", {"places": 10, "left": 8, "asked": 9})),
    (Asked(3, 0), "", ("below_minimum", {"minimum": 6, "asked": 5})),
    (Asked(3, 0), "  ", ("below_minimum", {"minimum": 6, "asked": 5})),
    (Asked(3, 0), "无合适人选", None),
    (Asked(4, 0), "", None),
])  # fmt: skip
def test_each_reason_to_refuse_names_its_numbers(asked: Asked, reason: str, no: object) -> None:
    assert refusal(quota(10, reserved=1, used=1, minimum=6), asked, TWENTY, reason) == no
