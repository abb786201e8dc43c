"""Pages of first lists, confirmations, cut-offs, the formula, facts, leaders who leave and decisions withdrawn."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import structlog
from streamlit.testing.v1 import AppTest

from models import clock
from models.errors import NotFoundError
from models.programme import Succession as Rule
from models.vocabulary import Role, TitleState
from tests import factories, living
from tests.factories import CITY, COUNTY, PROVINCE, World, identity, unit
from tests.living import Living
from tests.rounds_of import ladder
from tests.ruled import titled
from tests.rules_of import programme
from tests.ui.test_review_pages import SLATE, TITLES, edit, errors, fill, opened, press
from ui.components.words import plain
from workflows.desk.cut_offs import cut_off
from workflows.desk.reviews import check
from workflows.intake import facts
from workflows.listing import joint
from workflows.listing.first_lists import first_list, first_lists, nominees, propose
from workflows.listing.sending import send_up
from workflows.listing.slates import open_slate, rank, seal
from workflows.named import successions
from workflows.named.titles import end_title
from workflows.programmes import publish
from workflows.queries import admin, applications, lists, register, standing
from workflows.record.acting import SYSTEM, Actor
from workflows.rounds import issue, plan_round
from workflows.rules.calendar import ends_at, local_date

ROUNDS, FACTS, MINE = "views/admin_rounds.py", "views/admin_facts.py", "views/my_titles.py"
DELTA, JIANGSU = "yangtze-delta", "320000"
MEETING: dict[str, Any] = {
    "organization": DELTA, "name": {"zh": "长三角地区工会联席会议", "en": "Yangtze Delta joint meeting"},
    "members": [PROVINCE, JIANGSU],
}  # fmt: skip
FORMULA = {"factors": [{"name": "workers", "label": {"zh": "职工人数", "en": "workers"}, "percent": 100}]}
BAR = {
    "clause": "no_accident", "rule": "no_fact", "of": ["accident"], "years": 3,
    "message": {"zh": "三年内未发生安全生产责任事故", "en": "No accident at work in the last three years"},
}  # fmt: skip


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with structlog.testing.capture_logs():
        yield


@pytest.fixture
def there(database: str) -> Living:
    """Answer a round that is open today."""
    return living.living()


@pytest.fixture
def past(database: str, monkeypatch: pytest.MonkeyPatch) -> World:
    """Two titles of a programme that lets a leader be followed."""
    made = factories.world(2)
    titled(monkeypatch, succession=Rule(clauses=("leader_level",)))
    factories.named(made)
    return made


def published(**changes: Any) -> str:
    """The shipped programme with keys of its own, approved for good; its id."""
    return publish(SYSTEM, programme(version=1001, approval={"valid_until": "2099-12-31"}, **changes)).id


def ruled(there: Living, admin_: Actor, decider: str = PROVINCE, **changes: Any) -> Living:
    """A round of such a programme, open since ten days, with places for its tiers."""
    now = clock.now()
    with clock.at(now - timedelta(days=10)):
        made = plan_round(admin_, programme=published(**changes), organization_code=decider, year=now.year,
                          opens_at=clock.now(), closes_at=now + timedelta(days=30), name="另一批次")  # fmt: skip
        for code, places in ((PROVINCE, 3),) if decider != PROVINCE else ((COUNTY, 3), (CITY, 5)):
            issue(admin_, round_id=made.id, organization_code=code, places=places)
    return there._replace(round_id=made.id)


def soon(days: int = 20) -> str:
    """A day to come, as programme files write it."""
    return f"{local_date(clock.now()) + timedelta(days=days):%m-%d}"


def climbed(there: Living, n: int, actor: Actor, desk: str, above: Actor) -> list[str]:
    """Applications on a tier's list, taken in hand above; their ids."""
    ids = [living.submitted(there, one).id for one in range(n)]
    made = _sealed(there, actor, desk, ids)
    made = send_up(actor, made.id, seen=made.version)
    open_slate(above, made.id, seen=made.version)
    return ids


def _sealed(there: Living, actor: Actor, desk: str, ids: list[str]) -> Any:
    for one in ids:
        check(actor, one, seen=applications.application(actor, one).application.version)
    made = rank(actor, round_id=there.round_id, organization_code=desk, main=ids)
    return seal(actor, made.id, seen=made.version, minutes="集体研究")


def staged(there: Living) -> tuple[Living, list[str]]:
    """Two applications at the city's desk, in a round with first lists."""
    made = ruled(there, there.administrator, entry={"first_list_due": soon()})
    return made, climbed(made, 2, there.county, COUNTY, there.city)


def at_round(actor: Actor, there: Living) -> AppTest:
    """The page of slates, at this round."""
    at = opened(actor, SLATE)
    [box] = [one for one in at.selectbox if one.label == "申报批次"]
    box.set_value(there.round_id)
    at = at.run()
    assert not at.exception
    return at


def toggled(actor: Actor, there: Living, name: str) -> AppTest:
    """The page of rounds, with one of this round's parts open."""
    at = opened(actor, ROUNDS)
    [switch] = [one for one in at.toggle if one.key == f"{name}:{there.round_id}"]
    assert not switch.disabled
    at = switch.set_value(True).run()
    assert not at.exception
    return at


def choose(at: AppTest, prefix: str, *rows: int) -> AppTest:
    """Select rows of the table whose key begins so."""
    [key] = [k for k in at.session_state if str(k).startswith(prefix)]
    at.session_state[key] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    return at.run()


def subheaders(at: AppTest) -> list[str]:
    return [one.value for one in at.subheader]


def test_a_tier_hands_in_its_first_list_and_sees_what_was_cleared(there: Living) -> None:
    w, ids = staged(there)
    at = edit(at_round(w.city, w), {0: {"listed": True}, 1: {"listed": True}}, "nominees:")

    press(at, "报送初审名单")

    names = first_list(w.city, round_id=w.round_id, organization_code=CITY)
    assert sorted(one.application_id for one in names) == sorted(ids)
    at = edit(at_round(w.province, w), {0: {"answer": "同意"}, 1: {"answer": "不同意", "reason": "事迹不够突出"}},
              "answers:")  # fmt: skip
    press(at, "答复初审名单")
    frame = at_round(w.city, w).dataframe[0].value
    assert frame[["答复", "理由"]].to_numpy().tolist() == [["同意", ""], ["不同意", "事迹不够突出"]]


def test_a_no_on_a_first_list_asks_for_its_reason_and_what_was_typed_stays(there: Living) -> None:
    w, ids = staged(there)
    propose(w.city, round_id=w.round_id, organization_code=CITY, applications=ids)
    at = at_round(w.province, w)
    assert [one.disabled for one in at.button if one.label == "答复初审名单"] == [True]

    press(edit(at, {0: {"answer": "不同意"}}, "answers:"), "答复初审名单")

    assert "理由" in errors(at)
    assert {one.cleared for one in first_list(w.province, round_id=w.round_id, organization_code=CITY)} == {None}


def test_first_lists_are_shown_to_no_tier_further_down_and_to_no_other_programme(there: Living) -> None:
    w = ruled(there, there.administrator, entry={"first_list_due": soon()})
    living.submitted(w)

    assert not {"初审名单", "下级的初审名单"} & set(subheaders(at_round(w.county, w)))
    assert not {"初审名单", "下级的初审名单"} & set(subheaders(at_round(w.province, there)))
    assert "下级的初审名单" in subheaders(at_round(w.province, w))


def test_who_handed_in_what_is_told_to_those_it_is_for(there: Living) -> None:
    w, ids = staged(there)
    propose(w.city, round_id=w.round_id, organization_code=CITY, applications=ids[:1])

    assert first_lists(w.province, round_id=w.round_id) == [(CITY, "杭州市总工会", 1, 1)]
    free = nominees(w.city, round_id=w.round_id, organization_code=CITY)
    assert sorted(one.application_id for one in free) == sorted(ids)
    for other in (w.county, w.city, w.clerks[0]):
        assert first_lists(other, round_id=w.round_id) == []
    for other in (w.county, w.province, w.clerks[0]):
        assert nominees(other, round_id=w.round_id, organization_code=CITY) == []
    assert nominees(w.county, round_id=w.round_id, organization_code=COUNTY) == []


def test_a_member_confirms_the_joint_list_and_the_meeting_sees_who_has(there: Living) -> None:
    rules: dict[str, Any] = {
        "joint": MEETING,
        "ladder": [{"desk": "province", "days": 5}, {"desk": "joint", "days": 5}],
        "lines": ["region"],
    }
    # The meeting is in the tree before anybody sits in it: its first programme enters it.
    publish(SYSTEM, programme(version=1000, approval={"valid_until": "2099-12-31"}, **rules))
    with clock.at(clock.now() - timedelta(days=11)):
        chief = factories.person("chief", "主席", DELTA, Role.ADMINISTRATOR)
        secretary = factories.person("secretary", "秘书", DELTA, Role.REVIEWER)
        member = factories.person("jiangsu", "王芳", JIANGSU, Role.REVIEWER)
    w = ruled(there, chief, DELTA, **rules)
    ids = climbed(w, 2, there.province, PROVINCE, secretary)
    made = _sealed(w, secretary, DELTA, ids)
    at = opened(member, SLATE)
    assert "待会签名单" in subheaders(at)

    at = press(at, "确认会签")

    assert [(one.organization, one.stands) for one in joint.confirmations(secretary, made.id).votes] == [
        (PROVINCE, False), (JIANGSU, True),
    ]  # fmt: skip
    assert "待会签名单" not in subheaders(opened(member, SLATE))
    shown = opened(secretary, SLATE)
    [votes] = [one.value for one in shown.dataframe if "会签" in one.value]
    assert votes["会签"].tolist() == ["未会签", "已会签"]
    assert "会签：已有1家，需要2家" in [one.value for one in shown.text]


def test_a_tiers_cut_off_is_put_off_with_a_reason(there: Living) -> None:
    w = ruled(there, there.administrator, ladder=ladder(city={"cut_off": soon(), "late": "extend"}))
    until = local_date(clock.now()) + timedelta(days=60)
    at = toggled(w.administrator, w, "extend")
    [desk] = [one for one in at.selectbox if one.label == "延长哪个单位的截止时间"]
    at = desk.set_value(CITY).run()
    [day] = [one for one in at.date_input if one.label == "延长至（当日24:00）"]
    day.set_value(until)
    fill(at, "理由", "台风停工")

    press(at, "延长截止时间")

    found = cut_off(w.administrator, round_id=w.round_id, organization_code=CITY)
    assert found is not None
    assert (found.at, found.derivation) == (ends_at(until), "经批准延长：台风停工")


def test_a_tiers_cut_off_is_told_to_its_own_people_and_the_deciders(there: Living) -> None:
    w = ruled(there, there.administrator, ladder=ladder(city={"cut_off": soon(), "late": "extend"}))

    told = [cut_off(who, round_id=w.round_id, organization_code=CITY) for who in (w.city, w.province)]
    assert told[0] is not None
    assert told == [told[0]] * 2
    assert cut_off(w.county, round_id=w.round_id, organization_code=COUNTY) is None
    with pytest.raises(NotFoundError):
        cut_off(w.county, round_id=w.round_id, organization_code=CITY)


def test_a_programme_without_formula_or_cut_offs_greys_both_and_says_so(there: Living) -> None:
    switches = {one.label: one for one in opened(there.administrator, ROUNDS).toggle}

    grey = [switches[name] for name in ("按公式分配名额", "延长层级截止时间")]
    assert [one.disabled for one in grey] == [True, True]
    assert [plain("本项目没有规定分配公式") in one.help for one in grey] == [True, False]


def test_places_are_tried_by_formula_in_words_and_issued_by_a_second_click(there: Living) -> None:
    w = ruled(there, there.administrator, quota=FORMULA)
    at = toggled(w.administrator, w, "allot")
    [total] = [one for one in at.number_input if one.key == f"allot:places:{w.round_id}"]
    total.set_value(9)
    at = press(edit(at, {0: {"workers": "30"}, 1: {"workers": "15"}}, "factors:"), "试算")
    before = {one.organization: one.places for one in admin.places(w.administrator, round_id=w.round_id)}
    said = [one.value for one in at.caption]
    assert any(plain("职工人数30/45×100%，应得6.000个") in one for one in said)
    assert (before[CITY], before["330200"]) == (5, None)

    press(at, "按此下达（2个单位）")

    after = {one.organization: one.places for one in admin.places(w.administrator, round_id=w.round_id)}
    assert (after[CITY], after["330200"], after[COUNTY]) == (6, 3, 3)


def test_what_was_changed_after_the_trial_must_be_tried_again(there: Living) -> None:
    w = ruled(there, there.administrator, quota=FORMULA)
    at = press(edit(toggled(w.administrator, w, "allot"), {0: {"workers": "30"}}, "factors:"), "试算")
    offered = [one.label for one in at.button if one.label.startswith("按此下达")]

    at = edit(at, {0: {"workers": "40"}}, "factors:")

    assert offered == ["按此下达（1个单位）"]
    assert not [one for one in at.button if one.label.startswith("按此下达")]


def test_a_formula_tried_with_a_wrong_number_says_whose_and_offers_no_issue(there: Living) -> None:
    w = ruled(there, there.administrator, quota=FORMULA)
    at = toggled(w.administrator, w, "allot")

    at = press(edit(at, {0: {"workers": "很多"}}, "factors:"), "试算")

    assert "很多" in errors(at)
    assert not [one for one in at.button if one.label.startswith("按此下达")]


def test_a_fact_is_recorded_listed_and_voided_with_its_reason(there: Living) -> None:
    published(eligibility=[BAR])
    at = opened(there.administrator, FACTS)
    fill(at, "查找单位", unit(0))
    at = at.run()
    [day] = [one for one in at.date_input if one.label == "发生日期"]
    day.set_value(date(2025, 5, 12))
    fill(at, "说明", "一死一伤")
    fill(at, "依据文件", "调查报告〔2025〕3号")
    at = press(at, "记录")
    [made] = facts.facts(there.administrator, organization_code=unit(0))
    assert (made.kind, made.happened_on, made.words, made.document, made.voided_at) == (
        "accident", date(2025, 5, 12), "一死一伤", "调查报告〔2025〕3号", None,
    )  # fmt: skip
    at = opened(there.administrator, FACTS)
    fill(at, "查找单位", unit(0))
    at = press(choose(at.run(), f"facts:{unit(0)}:", 0), "作废")
    fill(at, "理由", "记错单位")

    press(at, "确认作废", inside="作废")

    [row] = facts.facts(there.administrator, organization_code=unit(0))
    assert (row.void_reason, row.voided_at is not None) == ("记错单位", True)


def test_voiding_is_grey_until_a_row_is_chosen_and_without_a_reason_refused(there: Living) -> None:
    published(eligibility=[BAR])
    facts.record_fact(there.administrator, kind="accident", happened_on=date(2025, 5, 12), organization_code=unit(0))
    at = opened(there.administrator, FACTS)
    fill(at, "查找单位", unit(0))
    at = at.run()
    assert [(one.disabled, one.help) for one in at.button if one.label == "作废"] == [(True, "请先选择一行")]

    at = press(press(choose(at, f"facts:{unit(0)}:", 0), "作废"), "确认作废", inside="作废")

    assert "理由" in errors(at)
    assert facts.facts(there.administrator, organization_code=unit(0))[0].voided_at is None


def held(past: World, n: int = 0) -> Any:
    """The n-th unit's title."""
    [row] = lists.titles(past.clerks[n], organization_code=unit(n))
    return row


def told_about(past: World, title: Any) -> list[str]:
    """What the page of all and the page of one application tell the first unit's clerk."""
    who, status = past.clerks[0], "views/application_status.py"
    pages = [opened(who, "views/my_applications.py"), opened(who, status, id=title.application_id)]
    return ["\n".join(one.value for one in [*at.text, *at.info]) for at in pages]


def test_of_a_title_that_is_over_no_report_is_asked_any_more(past: World) -> None:
    title = held(past)
    before = told_about(past, title)

    end_title(past.province, title.id, reason="企业注销", seen=title.version)

    assert ["按时报送年度考核材料" in said for said in before] == [True, True]
    after = told_about(past, title)
    assert ["按时报送" in said for said in after] == [False, False]
    assert ["称号自然终止，不再报送考核材料。详情见“我的称号”。" in said for said in after] == [True, True]


def reported_departure(past: World) -> AppTest:
    """The first unit reports, on its page, that its leader retired."""
    at = press(opened(past.clerks[0], MINE), "报告领衔人离任")
    [day] = [one for one in at.date_input if one.label == "离任日期"]
    day.set_value(date(2026, 1, 5))
    fill(at, "离任原因", "退休")
    return press(at, "确认报告", inside="报告领衔人离任")


def proposed(past: World) -> None:
    """The first unit reports a departure and proposes a successor."""
    left = successions.report_departure(
        past.clerks[0], held(past).id, left_on=date(2026, 1, 5), reason="退休", seen=held(past).version
    )
    assert left.approved is None
    successions.propose_successor(past.clerks[0], held(past).id, leader_name="李娜", leader_id=identity(77),
                                  answers={"leader_honour": "city_model"}, seen=held(past).version)  # fmt: skip


def test_a_unit_reports_that_its_leader_left_and_proposes_who_follows(past: World) -> None:
    reported_departure(past)
    at = press(opened(past.clerks[0], MINE), "提出接任人选")
    fill(at, "接任人姓名", "李娜")
    fill(at, "接任人身份证号码", identity(77))
    [honour] = [one for one in at.selectbox if one.label.startswith("领衔人荣誉")]
    honour.set_value("city_model")

    press(at, "提出人选", inside="提出接任人选")

    [change] = standing.successions(past.clerks[0], held(past).id)
    assert (change.reason, change.left_on, change.new_leader, change.unspent_fen, change.approved) == (
        "退休", date(2026, 1, 5), "李娜", 0, None,
    )  # fmt: skip
    assert any(plain("拟由李娜接任") in one.value for one in opened(past.clerks[0], MINE).caption)


def test_a_title_whose_programme_knows_no_succession_offers_none(past: World, monkeypatch: pytest.MonkeyPatch) -> None:
    titled(monkeypatch, succession=None)

    assert "报告领衔人离任" not in [one.label for one in opened(past.clerks[0], MINE).button]


@pytest.mark.parametrize(("said", "leader"), [("", "李娜"), ("资历不足", factories.LEADERS[0])])
def test_the_decider_approves_a_new_leader_or_declines_with_words(past: World, said: str, leader: str) -> None:
    proposed(past)
    rows = register.titles_given(past.province, desk=PROVINCE)
    at = opened(past.province, TITLES)
    line = [row.id for row in rows].index(held(past).id)
    at = press(choose(at, f"titles:{PROVINCE}", line), "办理领衔人更换")
    [radio] = [one for one in at.radio if one.label == "决定"]
    radio.set_value(not said)
    fill(at, "意见", said)

    press(at, "确认办理", inside="办理领衔人更换")

    [change] = standing.successions(past.province, held(past).id)
    assert (change.approved, change.words, held(past).leader_name) == (not said, said, leader)


def test_settling_is_grey_where_no_leader_has_left(past: World) -> None:
    at = opened(past.province, TITLES)
    said = [one.help for one in at.button if one.label == "办理领衔人更换"]
    at = choose(at, f"titles:{PROVINCE}", 0)

    assert said == ["请选择一行"]
    [button] = [one for one in at.button if one.label == "办理领衔人更换"]
    assert button.disabled
    assert plain("没有待办的领衔人离任") in button.help


def test_a_whole_decision_is_withdrawn_once_it_is_confirmed(past: World) -> None:
    at = press(opened(past.province, TITLES), "撤回整批决定…")
    fill(at, "文号", "浙总工〔2026〕9号")
    fill(at, "理由", "未经批准")
    at.date_input[-1].set_value(factories.NEXT_YEAR.date())
    at = press(at, "撤回整批决定", inside="撤回整批决定…")
    assert "请勾选确认" in errors(at)
    assert {row.state for row in register.titles_given(past.province, desk=PROVINCE)} == {TitleState.ASSESSMENT_DUE}
    at.checkbox[-1].check()

    press(at, "撤回整批决定", inside="撤回整批决定…")

    rows = register.titles_given(past.province, desk=PROVINCE)
    assert [(row.state, row.end_reason) for row in rows] == [(TitleState.REVOKED, "未经批准")] * 2
    [made] = [one for one in lists.decisions(None) if one.withdraws]
    # Twenty days from Monday, 5 January: a Sunday, so the next working day.
    assert (made.number, made.return_by) == ("浙总工〔2026〕9号", date(2026, 1, 26))
    [again] = [one for one in opened(past.province, TITLES).button if one.label == "撤回整批决定…"]
    assert again.disabled


def test_the_pages_speak_english_to_those_who_do(past: World) -> None:
    reader = factories.person("ann", "Ann", PROVINCE, Role.REVIEWER, language="en")

    at = opened(reader, TITLES)

    labels = {one.label for one in at.button}
    assert {"Settle a change of leader", "Withdraw it…"} <= labels
