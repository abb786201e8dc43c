"""Pools, draws, recusals, assignments and meetings on the pages, as those see them who work with them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from models import clock
from models.vocabulary import InspectionKind, Role
from tests.factories import person
from tests.judging import SCORING, at_desk, judged_round
from tests.ui.pages import keyed, opened, press, ran, texts
from tests.ui.test_judging_pages import Everywhere, table
from tests.worlds import NOW, PROVINCE, World, rows, unit
from workflows.judging.assigning import assign
from workflows.judging.drawing import draw_panel
from workflows.judging.experts import enrol_expert
from workflows.judging.meetings import move_on, plan_meeting
from workflows.queries.benches import assignments, my_panels, recusal_requests
from workflows.queries.panels import drawn_panels, experts
from workflows.record.acting import Actor

PANEL: dict[str, Any] = {"size": 3, "recuse": ["same_unit", "declared", "requested"]}
PITCH = {"step": "province", "minutes": 20}


class People:
    """The province's reviewer and administrator, four experts of its pool and a clerk, who can sign in."""

    def __init__(self, w: World) -> None:
        self.reviewer = person("pages", "郑洁", PROVINCE, Role.REVIEWER)
        self.keeper = person("keeper", "管理员", PROVINCE, Role.ADMINISTRATOR)
        self.clerk = person("clerk", "张建国", unit(0), Role.CLERK)
        self.judges = [person(f"pool{i}", f"专家{i}", PROVINCE, Role.EXPERT) for i in range(4)]
        for judge in self.judges:
            enrol_expert(w.admin, organization_code=PROVINCE, email=judge.email, fields=["机械"])

    def of(self, account_id: str) -> Actor:
        """One of the pool by the account."""
        return next(one for one in self.judges if one.id == account_id)


@pytest.fixture
def people(world: World) -> Iterator[People]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "_pretended", Everywhere(NOW.astimezone(UTC)))
        yield People(world)


def scored(world: World) -> tuple[World, list[str]]:
    """Two cases at the province, judged by three."""
    w = judged_round(world, scoring=SCORING, panel=PANEL, pitch=PITCH)
    return w, at_desk(w, 2)


def fill(at: AppTest, label: str, value: Any) -> None:
    """Type into the field with this label."""
    fields = (*at.text_input, *at.text_area, *at.number_input)
    next(one for one in fields if str(one.label) == label).set_value(value)


def inside(at: AppTest, label: str, *, opener: str) -> AppTest:
    """Press a button of a dialog: AppTest keeps it open by pressing its opener too."""
    next(one for one in at.button if one.label == opener).click()
    return press(at, label)


def test_an_administrator_takes_an_expert_into_the_pool(world: World, people: People) -> None:
    scored(world)
    at = opened("panels", people.keeper)
    for label, value in (("邮箱", "new@example.cn"), ("姓名", "新专家"), ("专业领域（用、分开）", "机械、信息")):
        fill(at, label, value)
    press(at, "入库")

    found = next(one for one in experts(world.admin, organization_code=PROVINCE) if one.name == "新专家")
    assert found.fields == ["机械", "信息"]
    assert "新专家" in table(at, "姓名")


def test_a_panel_is_drawn_checked_and_dealt_out_on_the_page(world: World, people: People) -> None:
    w, ids = scored(world)
    at = opened("panels", people.reviewer)
    fill(at, "公开的种子（如当期开奖号码）", "0714")
    fill(at, "种子来源", "开奖公告")
    press(at, "抽取")

    [drawn] = drawn_panels(w.province, round_id=w.round_id, desk=PROVINCE)
    assert table(at, "承诺书") == ["—"] * 3
    press(at, "核验抽取")
    assert texts(at, "success") == ["一致：按所记种子和名册重抽，结果相同。"]
    press(at, "分派评审")
    inside(at, "试算", opener="分派评审")
    assert "可以分派，将通知3位评委。" in texts(at, "success")
    assert assignments(w.province, drawn.panel.id) == []
    inside(at, "分派", opener="分派评审")
    assert len(assignments(w.province, drawn.panel.id)) == 3 * len(ids)


def test_what_is_refused_is_said_in_words(world: World, people: People) -> None:
    scored(world)
    at = opened("panels", people.reviewer)
    fill(at, "公开的种子（如当期开奖号码）", "0714")

    press(at, "抽取")

    assert any("种子与其来源应一并填写" in said for said in texts(at, "error"))


def drawn_for(w: World) -> Any:
    """The province's panel with everything assigned."""
    panel = draw_panel(w.province, round_id=w.round_id, organization_code=PROVINCE, seed="7", seed_source="公告")
    return assign(w.province, panel.id, seen=panel.version)


def test_a_member_accepts_the_undertaking_before_scoring(world: World, people: People) -> None:
    w, _ids = scored(world)
    panel = drawn_for(w)
    judge = people.of(rows("SELECT account_id FROM panel_member WHERE panel_id = :p", p=panel.id)[0][0])
    at = opened("score", judge)

    press(at, "我承诺遵守")

    assert [one.undertaken for one in my_panels(judge)] == [True]
    assert "我承诺遵守" not in [button.label for button in ran(at).button]


def test_a_unit_asks_and_the_desk_answers_on_their_pages(world: World, people: People) -> None:
    w, ids = scored(world)
    drawn_for(w)
    at = opened("application_status", people.clerk, id=ids[0])
    fill(at, "姓名", "专家0")
    fill(at, "理由", "曾有纠纷")
    press(at, "提出申请")

    desk = opened("panels", people.reviewer)
    keyed(desk.text_area, str(next(b for b in desk.text_area if "答复" in b.label).key)).set_value("情况属实")
    press(desk, "答复")

    [told] = recusal_requests(people.clerk, application_id=ids[0])
    assert (told.state, told.ruling) == ("granted", "情况属实")
    assert any("情况属实" in said for said in texts(ran(at), "text"))


def test_the_screen_of_a_meeting_follows_the_chair(world: World, people: People) -> None:
    w, _ids = scored(world)
    starts = NOW + timedelta(days=1)
    row = plan_meeting(people.reviewer, round_id=w.round_id, organization_code=PROVINCE, kind=InspectionKind.PITCH,
                       starts_at=starts, seed="7", seed_source="公告")  # fmt: skip
    member = people.judges[0]
    theirs, chairs = opened("meeting", member, id=row.id), opened("meeting", people.reviewer, id=row.id)
    assert texts(theirs, "header") == []

    press(chairs, "开始")
    [(version,)] = rows("SELECT version FROM meeting WHERE id = :m", m=row.id)
    [first] = texts(ran(theirs), "header")
    move_on(people.reviewer, row.id, seen=version)
    [second] = texts(ran(theirs), "header")

    assert (first.split()[0], second.split()[0], first != second) == ("1/2", "2/2", True)
    assert "下一项" not in [button.label for button in theirs.button]


def test_a_meeting_is_planned_on_the_page(world: World, people: People) -> None:
    w, _ids = scored(world)
    at = opened("meeting", people.reviewer)
    next(one for one in at.selectbox if one.label == "形式").set_value(InspectionKind.PITCH)
    next(one for one in at.date_input if one.label == "日期").set_value(datetime(2026, 3, 5, tzinfo=UTC).date())

    press(at, "抽签排序")

    assert rows("SELECT minutes, state FROM meeting WHERE round_id = :r", r=w.round_id) == [(20, "planned")]
