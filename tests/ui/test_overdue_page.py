"""The overdue page as a script sees it: its parts, its filters, and what can be done about the rows picked."""

from typing import Any

import pytest

from models import clock
from models.writing import month_day
from tests import living
from tests.factories import CITY, COUNTY, PROVINCE
from tests.living import Living
from tests.ui.pages import keyed, opened, press, ran, texts
from tests.worlds import rows
from workflows.clocks import due
from workflows.clocks.sweep import sweep
from workflows.clocks.tallying import note_day
from workflows.desk.chasing import chase
from workflows.people.accounts import disable_account
from workflows.queries import watch_late, watch_trend
from workflows.record.acting import SYSTEM
from workflows.rules.calendar import local_date
from workflows.rules.throughput import working_day


@pytest.fixture
def there(database: str) -> Living:
    """Answer a round with two cases of the county past their term, as a sweep has marked them."""
    made = living.living()
    living.submitted(made, 0, days_ago=9)
    living.submitted(made, 1, days_ago=8)
    sweep()
    return made


def part(shown: Any, name: str) -> Any:
    """The page with another part of it shown."""
    keyed(shown.segmented_control, "overdue:part").set_value(name)
    return ran(shown)


def picked(shown: Any, *rows: int) -> Any:
    """The page with rows of its list picked."""
    listed = shown.dataframe[-1]
    shown.session_state[str(listed.key)] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    return ran(shown)


def pressed(shown: Any, label: str, *, inside: str) -> Any:
    """The page after a button of a dialog: this script draws it anew only with the button that opened it."""
    next(one for one in shown.button if one.label == inside).click()
    [*_, found] = [one for one in shown.button if one.label == label]
    found.click()
    return ran(shown)


def test_the_numbers_come_first_and_say_how_they_changed(there: Living) -> None:
    note_day()
    last = watch_trend.trend(there.administrator, root=PROVINCE)[-1]

    shown = opened("admin_overdue", there.administrator)

    told = {one.label: (one.value, one.delta) for one in shown.metric}
    evening = f"{month_day(last.day)}当晚"
    assert told["逾期总数"] == (
        "2",
        f"与{evening}持平" if last.overdue == 2 else f"{2 - last.overdue:+}，较{evening}",
    )
    assert told["涉及单位"][0] == "1"
    assert told["最久的"][0].startswith("已逾期")
    assert told["无人办理"][0] == "0"


def test_each_part_says_something_and_what_to_do_where_it_is_empty(there: Living) -> None:
    shown = opened("admin_overdue", there.administrator)

    assert [frame.value["名称"].tolist() for frame in part(shown, "where").dataframe] == [
        ["县（市、区）总工会"], ["省级劳模工匠创新工作室"], ["（未指定承办人）"],
    ]  # fmt: skip
    assert texts(part(shown, "risk"), "success") == ["按目前的速度，没有将要逾期的申报。"]
    assert "都有在任的审核人" in texts(part(shown, "stuck"), "success")[0]
    assert "还没有每日记录" in texts(part(shown, "trend"), "info")[0]
    assert texts(part(shown, "aside"), "success") == ["没有搁置的事项。"]


def test_a_desk_without_a_reviewer_is_named_with_what_to_do(there: Living) -> None:
    disable_account(SYSTEM, email=there.county.email, organization_code=COUNTY)

    shown = part(opened("admin_overdue", there.administrator), "stuck")

    assert "没有在任的审核人" in texts(shown, "warning")[0]
    assert shown.dataframe[0].value["单位"].tolist() == ["西湖区总工会"]


def test_a_filter_narrows_the_numbers_the_list_and_the_file(there: Living) -> None:
    shown = opened("admin_overdue", there.administrator)

    keyed(shown.selectbox, f"overdue:tier:{PROVINCE}").set_value("county")
    keyed(shown.selectbox, f"overdue:organization_code:{PROVINCE}").set_value(CITY)
    ran(shown)

    assert len(shown.dataframe[-1].value) == 2
    links = [one.proto.url for one in shown.get("link_button")]
    asked = f"root={PROVINCE}&organization_code={CITY}&tier=county"
    assert links == [f"/export/overdue.{form}?{asked}" for form in ("xlsx", "csv")]


def test_the_acts_are_grey_until_something_is_picked(there: Living) -> None:
    shown = opened("admin_overdue", there.administrator)

    acts = {one.label: (one.disabled, one.help) for one in shown.button}
    assert (acts["催办"], acts["顺延办理期限"]) == ((True, "请先在列表中选择事项"),) * 2
    grey = {one.label: one.disabled for one in picked(shown, 0).button}
    assert (grey["催办"], grey["顺延办理期限"]) == (False, False)


def test_the_desks_of_many_cases_are_hurried_at_once_and_the_pause_is_told(there: Living) -> None:
    shown = picked(opened("admin_overdue", there.administrator), 0, 1)
    first = watch_late.overdue(there.administrator, root=PROVINCE)[0]
    chase(there.administrator, first.thing_id)

    press(shown, "催办")
    assert "可催办一次" in "".join(texts(shown, "error")).replace("\\", "")
    next(one for one in shown.checkbox if "略过" in one.label).check()
    pressed(shown, "催办", inside="催办")
    pressed(shown, "办理1项", inside="催办")

    assert len(rows("SELECT id FROM chase")) == 2


def test_a_date_is_put_off_with_its_reason_from_the_list(there: Living) -> None:
    shown = picked(opened("admin_overdue", there.administrator), 0)
    row = watch_late.overdue(there.administrator, root=PROVINCE)[0]
    until = working_day(local_date(clock.now()), 5, due.current())

    press(shown, "顺延办理期限")
    keyed(shown.date_input, "").set_value(until)
    next(one for one in shown.text_area if one.label.startswith("理由")).set_value("台风停工")
    pressed(shown, "顺延办理期限", inside="顺延办理期限")

    assert row.id not in [one.id for one in watch_late.overdue(there.administrator, root=PROVINCE)]
    assert watch_late.board(there.administrator, root=PROVINCE).total == 1
