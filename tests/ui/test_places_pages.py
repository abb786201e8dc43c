"""What the pages show of composition, pools and awards beyond the quota."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import structlog

from models import clock
from models.vocabulary import SlateState
from tests import factories
from tests.factories import COUNTY, OPENS, PROVINCE, World
from tests.own_rounds import POOL
from tests.rules_of import programme
from tests.ui.test_review_pages import SLATE, edit, opened, press
from ui.components.words import plain
from workflows.desk import reviews
from workflows.programmes import publish
from workflows.queries import lists
from workflows.record.acting import SYSTEM
from workflows.rounds import issue, plan_round

FLOOR = {"name": "large", "label": {"zh": "大团队", "en": "large teams"}, "field": "team_size", "values": ["9"],
         "floor": 60}  # fmt: skip
PRIZE = {"outside": [{"name": "organiser", "label": {"zh": "组织奖", "en": "organiser's prize"}, "most": 1}]}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with structlog.testing.capture_logs():
        yield


@pytest.fixture
def there(database: str) -> World:
    """Two units' applications, checked by the county in a round with a floor, a pool and an award."""
    world = factories.world(2)
    with clock.at(OPENS + timedelta(minutes=1)):
        rules = programme(version=1001, quota={**POOL, **PRIZE}, composition=[FLOOR], approval={"cap": 20})
        publish(SYSTEM, rules)
        made = plan_round(world.administrator, programme=rules.id, organization_code=PROVINCE, year=2025,
                          opens_at=OPENS, closes_at=OPENS + timedelta(days=60), name="2025年竞赛批次")  # fmt: skip
        for pool, places in (("", 3), ("contest", 1)):
            issue(world.administrator, round_id=made.id, organization_code=COUNTY, places=places, pool=pool)
    world = world._replace(round_id=made.id)
    for n in range(2):
        row = factories.submitted(world, n)
        reviews.check(world.county, row.id, seen=row.version)
    return world


def test_the_seal_says_both_counts_and_how_far_a_swap_goes(there: World) -> None:
    at = opened(there.county, SLATE)
    edit(at, {0: {"part": "正式推荐"}, 1: {"part": "正式推荐"}}, "board:")
    press(at, "保存排序")

    press(at, "确认名单")

    assert plain("大团队：1/2，应不少于2个。") in at.info[-1].value
    assert plain("换入1个即可；如不换人，须再增加1个。") in at.warning[-1].value


def test_an_award_beyond_the_quota_is_chosen_in_the_table(there: World) -> None:
    at = opened(there.county, SLATE)
    edit(at, {0: {"part": "正式推荐", "outside": "组织奖"}, 1: {"part": "正式推荐"}}, "board:")
    press(at, "保存排序")

    own, _ = lists.slates(there.county, desk=COUNTY)
    places = lists.slate(there.county, own[0].id).places
    assert (own[0].state, [p.outside for p in places]) == (SlateState.DRAFTING, ["organiser", ""])


def test_every_pool_has_a_meter_of_its_own(there: World) -> None:
    at = opened(there.county, SLATE)

    shown = [bar.proto.text for bar in at.get("progress")]
    assert shown == [plain("名额 3：已用 0，占用 0，剩余 3"), plain("竞赛类名额 1：已用 0，占用 0，剩余 1")]
