"""The charts as a browser draws them: under the site's own policy, within a phone's width."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from models import clock
from tests import living
from tests.browser.conftest import SignIn
from tests.living import Living
from tests.worlds import application, rows
from workflows.clocks.sweep import sweep
from workflows.clocks.tallying import note_day
from workflows.desk.reviews import send_back

FIGURES = {"推荐进程": "各环节申报件数", "等待时长": "现在各级已等待的工作日", "办结数量": "近12周每周办结",
           "名额使用": "各单位名额使用", "逾期分布": "地区与环节"}  # fmt: skip


@pytest.fixture
def there(database: str) -> Living:
    """Answer a round with one case that is late and one that was returned."""
    made = living.living(days=20)
    living.submitted(made, 0, days_ago=18)
    case = application(rows("SELECT id FROM application")[0][0])
    living.submitted(made, 1, days_ago=17)
    with clock.at(clock.now() - timedelta(days=8)):
        send_back(made.county, case.id, faults=[{"field": "topics", "words": "请补充"}], seen=case.version)
    sweep()
    note_day()
    return made


@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
def test_every_chart_is_drawn_without_a_breach_of_the_policy_and_fits_a_phone(there: Living, sign_in: SignIn) -> None:
    desk = sign_in(there.administrator)
    refused: list[str] = []
    desk.page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
    desk.go("figures")
    for name, heading in FIGURES.items():
        if name != "推荐进程":
            with desk.brings(desk.heading(heading)):
                desk.main.get_by_role("radio", name=name).click()
        expect(desk.page.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first).to_be_visible()
        desk.page.set_viewport_size({"width": 390, "height": 900})
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= 390, name
        desk.page.set_viewport_size({"width": 1440, "height": 900})

    assert refused == []
