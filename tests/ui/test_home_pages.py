"""The first page of a desk and of its office: what waits here, what below, and what to do where nothing waits."""

import pytest

from models.vocabulary import Role
from tests import living
from tests.factories import COUNTY, person
from tests.living import Living
from tests.ui.pages import opened, texts
from workflows.clocks.sweep import sweep


@pytest.fixture
def there(database: str) -> Living:
    """Answer a round with a case of the county past its term, and one within it."""
    made = living.living()
    living.submitted(made, 0, days_ago=9)
    living.submitted(made, 1)
    sweep()
    return made


def told(shown: object) -> dict[str, str]:
    """The numbers by their names."""
    return {one.label: one.value for one in shown.metric}  # type: ignore[attr-defined]


def test_a_desk_is_told_what_has_come_to_it_and_nothing_of_what_lies_below(there: Living) -> None:
    county, city = opened("home", there.county), opened("home", there.city)

    assert told(county) == {"待办": "2", "待审核": "2", "待排序": "0", "已逾期": "1"}
    assert "只计已到本单位的申报；下级单位正在办理的，报来后才计入。" in texts(county, "caption")
    assert (told(city), texts(city, "success")) == ({}, ["本单位没有待办的申报；下级报来后显示在这里。"])


def test_an_office_is_told_what_is_late_at_its_own_desk_and_what_below(there: Living) -> None:
    own = person("chief", "主席", COUNTY, Role.ADMINISTRATOR)

    above, here = told(opened("home", there.administrator)), told(opened("home", own))

    assert (above["本单位逾期"], above["下级单位逾期"]) == ("0", "1")
    assert (here["本单位逾期"], here["下级单位逾期"]) == ("1", "0")
