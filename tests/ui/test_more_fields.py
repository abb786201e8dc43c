"""Fields that the province of the faces does not draw, by typing: appeals, votes, facts, seats, leaders, cells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import structlog
from streamlit.testing.v1 import AppTest

from models.vocabulary import CountersignRule
from tests import factories, living
from tests.factories import unit
from tests.living import Living
from tests.typed import BAD, HUGE
from tests.ui.test_every_field import spoken, taken
from tests.ui.test_judging_pages import Panel, announced, contest, people, tick
from tests.ui.test_more_pages import BAR, FACTS, MINE, held, past, proposed, published
from tests.ui.test_more_pages import choose as choose_of
from tests.ui.test_office_pages import CASE, COLLEAGUES, second
from tests.ui.test_pages_and_permissions import Tried, tried
from tests.ui.test_review_pages import SLATE, choose, edit, opened, press
from tests.workflows.test_registering import registered
from tests.worlds import PROVINCE, World
from workflows.desk.countersigning import countersign
from workflows.desk.reviews import check
from workflows.intake import facts
from workflows.judging.appeals import appeal
from workflows.queries import register

__all__ = ["past", "people", "tried"]

STATUS, HOME, PEOPLE = "views/application_status.py", "views/home.py", "views/admin_people.py"
TITLES = "views/review_titles.py"


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with structlog.testing.capture_logs():
        yield


def typed(at: AppTest) -> AppTest:
    """Type bad text into every field of the page and of the dialog that is open."""
    for field in [*at.text_area, *at.text_input]:
        field.set_value(BAD)
    return at


def came_to(at: AppTest, tried: list[Tried]) -> dict[str, set[str]]:
    """How the verbs that the page called took what was typed, short and long; nothing typed became markup."""
    assert not at.exception
    assert spoken(at) == []
    return {held.verb.__name__: {taken(held, text) for text in (BAD, HUGE)} for held in tried}


def test_an_appeal_and_its_ruling(world: World, people: Panel, tried: list[Tried]) -> None:
    w = contest(world)
    one, _ = announced(w, people)

    filed = came_to(press(typed(opened(people.clerk, STATUS, id=one)), "提交申诉"), tried)
    appeal(people.clerk, one, words="计时有误")
    tried.clear()
    at = press(opened(people.reviewer, SLATE), "裁决")
    tick(typed(at), "裁决", "accepted")
    ruled = came_to(press(at, "裁决", inside="裁决"), tried)

    assert (filed, ruled) == ({"appeal": {"kept", "too_long"}}, {"rule_on_appeal": {"kept", "too_long"}})


def test_a_vote_and_signers_who_come_and_go(database: str, tried: list[Tried]) -> None:
    there = factories.world(2)
    other, more, row = second(), second("third", "何敏"), factories.submitted(there)
    countersign(there.county, row.id, rule=CountersignRule.ALL, signers=[other.email, more.email], seen=row.version)

    told = came_to(press(typed(opened(other, COLLEAGUES)), "不同意"), tried)
    for label in ("加签", "减签", "终止会签"):
        at = press(opened(there.county, CASE, id=row.id), label)
        told |= came_to(press(typed(at), "确定", inside=label), tried)

    assert told == {
        "sign": {"kept", "too_long"}, "add_signer": {"not_found"},
        "drop_signer": {"kept", "too_long"}, "call_off": {"kept", "too_long"},
    }  # fmt: skip


def test_a_fact_and_why_it_is_void(database: str, tried: list[Tried]) -> None:
    there: Living = living.living()
    published(eligibility=[BAR])
    facts.record_fact(there.administrator, kind="accident", happened_on=date(2025, 5, 12), organization_code=unit(0))
    at = opened(there.administrator, FACTS)
    [box] = [one for one in at.text_input if one.label.startswith("查找单位")]
    at = choose(box.set_value(unit(0)).run(), 0)
    for field in [*at.text_area, *at.text_input]:
        if field.label in ("说明", "依据文件"):
            field.set_value(BAD)
    [day] = [one for one in at.date_input if one.label == "发生日期"]
    day.set_value(date(2025, 5, 13))
    told = came_to(press(at, "记录"), tried)
    at = press(at, "作废")
    [reason] = [one for one in at.text_area if one.label.startswith("理由")]
    reason.set_value(BAD)
    told |= came_to(press(at, "确认作废", inside="作废"), tried[-1:])

    assert told == {"record_fact": {"kept", "too_long"}, "void_fact": {"kept", "too_long"}}


def test_a_seat_that_is_asked_for_and_refused(world: World, people: Panel, tried: list[Tried]) -> None:
    assert people.clerk
    lin = registered()

    asked = came_to(press(typed(opened(lin, HOME)), "申请"), tried)
    tried.clear()
    at = opened(world.admin, PEOPLE)
    [reason] = [one for one in at.text_input if one.label == "不同意的理由"]
    reason.set_value(BAD)
    refused = came_to(press(at, "不同意"), tried)

    assert set(asked) == {"ask_seat"}
    assert refused == {"settle_registration": {"kept", "too_long"}}


def test_a_leader_who_left_and_who_follows(past: Any, tried: list[Tried]) -> None:
    at = typed(press(opened(past.clerks[0], MINE), "报告领衔人离任"))
    [day] = [one for one in at.date_input if one.label == "离任日期"]
    day.set_value(date(2026, 1, 5))
    told = came_to(press(at, "确认报告", inside="报告领衔人离任"), tried)
    tried.clear()
    proposed(past)
    at = opened(past.province, TITLES)
    line = [row.id for row in register.titles_given(past.province, desk=PROVINCE)].index(held(past).id)
    at = press(choose_of(at, f"titles:{PROVINCE}", line), "办理领衔人更换")
    [radio] = [one for one in at.radio if one.label == "决定"]
    radio.set_value(False)
    [said] = [one for one in at.text_area if one.label.startswith("意见")]
    said.set_value(BAD)
    told |= came_to(press(at, "确认办理", inside="办理领衔人更换"), tried)

    assert told == {
        "report_departure": {"kept", "too_long"}, "settle_succession": {"kept", "too_long"},
    }  # fmt: skip


def test_a_cell_of_the_ranking(database: str, tried: list[Tried]) -> None:
    there = factories.world(2)
    row = factories.submitted(there)
    check(there.county, row.id, seen=row.version)
    at = edit(opened(there.county, SLATE), {0: {"part": "正式推荐", "note": BAD}}, "board:")

    told = came_to(press(at, "保存排序"), tried)

    assert told == {"rank": {"kept", "too_long"}}
