"""The ranking of a list on its page: in its order, and as text that is nobody's older one."""

import pytest

from models.application import Application
from tests import factories
from tests.factories import COUNTY, World
from tests.ui.pages import opened, press, ran
from ui.components import board
from workflows.desk import reviews
from workflows.listing import slates


@pytest.fixture
def there(database: str) -> World:
    return factories.world(3)


def checked(there: World, n: int) -> list[Application]:
    """So many applications that the county has checked."""
    rows = [factories.submitted(there, i) for i in range(n)]
    return [reviews.check(there.county, row.id, seen=row.version) for row in rows]


def test_the_board_has_the_ranked_ones_first_in_their_order(there: World) -> None:
    first, second, third = checked(there, 3)
    slates.rank(there.county, round_id=first.round_id, organization_code=COUNTY, main=[third.id, second.id])

    draft = board.draft_of(there.county, COUNTY, first.round_id)
    shown = board.fresh(there.county, COUNTY, first.round_id, draft)

    assert [(line.id, line.place, line.part) for line in shown.lines] == [
        (third.id, 1, board.MAIN), (second.id, 2, board.MAIN), (first.id, 3, board.OUT),
    ]  # fmt: skip


def test_a_text_that_nobody_changed_is_not_carried_over_a_colleagues_ranking(there: World) -> None:
    first, second = checked(there, 2)
    at = opened("review_slate", there.county)
    older = str(at.text_area[0].value)
    drafted = slates.rank(there.county, round_id=first.round_id, organization_code=COUNTY, main=[second.id])
    ran(at)
    newer = str(at.text_area[0].value)
    slates.seal(there.county, drafted.id, seen=drafted.version)
    ran(at)

    assert f"1 = {second.receipt}" not in older
    assert f"1 = {second.receipt}" in newer
    assert str(second.receipt) not in str(at.text_area[0].value)


def test_a_text_that_was_refused_stays_when_a_colleague_has_ranked(there: World) -> None:
    first, second = checked(there, 2)
    at = opened("review_slate", there.county)
    typed = f"[正式推荐]\n1 = {first.receipt} [200]"
    at.text_area[0].set_value(typed)
    press(at, "按文字保存")
    slates.rank(there.county, round_id=first.round_id, organization_code=COUNTY, main=[second.id])
    ran(at)

    assert at.text_area[0].value == typed
