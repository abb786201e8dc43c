"""Judging on the pages: departments answer, visits are held, judges score, and a contest is announced."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import structlog
from streamlit.testing.v1 import AppTest

from models import clock
from models.errors import ForbiddenError
from models.vocabulary import AppealState, InspectionKind, ReplyKind, Role, State
from tests.counting import statements
from tests.factories import person
from tests.judging import CRITERIA, SCORING, at_desk, judged_round, office
from tests.ui.test_review_pages import CASE, SLATE, choose, errors, fill, opened, press
from tests.worlds import CLOSES, NOW, PROVINCE, World, application, checked, refused, rows, submitted, unit
from ui.components.words import plain
from workflows.desk.screening import consult
from workflows.judging.appeals import appeal
from workflows.judging.contests import announce
from workflows.judging.scoring import score
from workflows.queries import judges, judging
from workflows.record.acting import Actor

SCORE, STATUS, HOME = "views/score.py", "views/application_status.py", "views/home.py"
SOURCE = {"document": "评审细则", "clause": "第三条"}
OFFICES = [office("safety"), office("tax", veto=False)]
MARKED = [
    {**CRITERIA[0], "marks": [{"words": {"zh": "优秀", "en": "excellent"}, "at_least": 90}]}, *CRITERIA[1:],
]  # fmt: skip
RESULTS = [{"name": "fit", "label": {"zh": "推荐", "en": "recommend"}, "at_least": 80}]
PRIZES = [
    {"name": "first", "label": {"zh": "一等奖", "en": "first prize"}, "from_rank": 1, "to_rank": 1, "yuan": 5000},
]
LATER = NOW + timedelta(hours=3)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with structlog.testing.capture_logs():
        yield


class Panel:
    """The province's reviewer, two of its experts and the clerk of the first unit, who can sign in."""

    def __init__(self) -> None:
        self.reviewer = person("pages", "郑洁", PROVINCE, Role.REVIEWER)
        self.judge = person("judge1", "评委甲", PROVINCE, Role.EXPERT)
        self.other = person("judge2", "评委乙", PROVINCE, Role.EXPERT)
        self.clerk = person("clerk", "张建国", unit(0), Role.CLERK)


class Everywhere:
    """The pretended moment in all threads: a page runs in one of its own."""

    def __init__(self, moment: datetime) -> None:
        self.moment: datetime | None = moment

    def get(self) -> datetime | None:
        return self.moment

    def set(self, moment: datetime | None) -> datetime | None:
        before, self.moment = self.moment, moment
        return before

    def reset(self, before: datetime | None) -> None:
        self.moment = before


@pytest.fixture
def people(world: World) -> Iterator[Panel]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "_pretended", Everywhere(NOW.astimezone(UTC)))
        yield Panel()


def shown(at: AppTest, *kinds: str) -> str:
    """All that elements of these kinds say."""
    said = [str(one.value) for kind in kinds or ("text", "caption", "markdown") for one in getattr(at, kind)]
    return "\n".join(said).replace("\\", "")


def labels_of(at: AppTest) -> list[str]:
    return [str(one.label).replace("\\", "") for one in at.button]


def tick(at: AppTest, label: str, value: Any) -> None:
    """Choose among the options of the radio with this label."""
    [field] = [one for one in at.radio if one.label == label]
    field.set_value(value)


def table(at: AppTest, column: str) -> list[Any]:
    """The column of the last table that has it."""
    [*_, found] = [one.value for one in at.dataframe if column in one.value]
    return list(found[column])


def screened(w: World) -> World:
    return judged_round(w, screening={"step": "province", "days": 10, "departments": OFFICES, "source": SOURCE})


def test_departments_are_asked_and_each_says_how_far_it_is(world: World, people: Panel) -> None:
    w = screened(world)
    one, other = at_desk(w, 2)
    at = opened(people.reviewer, CASE, id=one)
    assert "safety部门：尚未征求" in shown(at)

    press(press(at, "征求意见"), "发函征求", inside="征求意见")

    assert "safety部门：等待回复" in shown(at)
    found = judging.screening(w.province, round_id=w.round_id, desk=PROVINCE)
    assert [c.department for c in found] == ["safety", "tax"]
    assert judging.screening(w.province, round_id=w.round_id, desk=PROVINCE, application_id=other) == []
    assert "征求意见" not in labels_of(at)


def test_all_applications_of_the_desk_are_asked_about_in_one_set(world: World, people: Panel) -> None:
    w = screened(world)
    ids = at_desk(w, 2)
    at = press(opened(people.reviewer, CASE, id=ids[0]), "征求意见")
    at.checkbox[0].check()

    press(at, "发函征求", inside="征求意见")

    asked = judging.screening(w.province, round_id=w.round_id, desk=PROVINCE)
    assert sorted({c.application_id for c in asked}) == sorted(ids)


def test_a_reply_is_entered_in_the_department_s_own_words(world: World, people: Panel) -> None:
    w = screened(world)
    [one] = at_desk(w, 1)
    consult(w.province, round_id=w.round_id, organization_code=PROVINCE)
    opener = plain("登记回复：tax部门")
    at = press(opened(people.reviewer, CASE, id=one), opener)
    tick(at, "回复", ReplyKind.ADVICE)

    press(at, "登记", inside=opener)
    assert "“原话”还没有文字说明" in errors(at)
    fill(at, "原话", "有欠税，已补缴")
    fill(at, "复函文号", "税函〔2026〕3号")
    press(at, "登记", inside=opener)

    [reply] = [c for c in judging.screening(w.province, round_id=w.round_id, desk=PROVINCE) if c.reply]
    assert (reply.department, reply.reply, reply.words, reply.document) == (
        "tax", ReplyKind.ADVICE, "有欠税，已补缴", "税函〔2026〕3号",
    )  # fmt: skip
    assert "tax部门：有意见供参考" in shown(at)


def test_a_veto_ends_the_case_and_its_people_never_read_the_words(world: World, people: Panel) -> None:
    w = screened(world)
    [one] = at_desk(w, 1)
    consult(w.province, round_id=w.round_id, organization_code=PROVINCE)
    opener = plain("登记回复：safety部门")
    at = press(opened(people.reviewer, CASE, id=one), opener)
    tick(at, "回复", ReplyKind.VETO)
    fill(at, "原话", "发生过重大事故")

    press(at, "登记", inside=opener)

    assert application(one).state is State.REFUSED
    told = opened(people.clerk, STATUS, id=one)
    assert "征求意见未通过" in shown(told)
    assert "发生过重大事故" not in shown(told, "text", "caption", "markdown", "info", "warning", "error")


def test_nothing_of_it_is_shown_where_the_programme_asks_for_nothing(world: World, people: Panel) -> None:
    [one] = at_desk(judged_round(world), 1)

    at = opened(people.reviewer, CASE, id=one)

    headings = [str(h.value) for h in at.subheader]
    assert [h for h in headings if h in ("征求部门意见", "实地考察", "现场答辩", "评委评分")] == []


def test_a_visit_is_written_down_once_it_was_held(world: World, people: Panel) -> None:
    w = judged_round(world, site_visit={"step": "province"}, pitch={"step": "province"})
    [one] = at_desk(w, 1)
    opener = "登记：实地考察"
    at = press(opened(people.reviewer, CASE, id=one), opener)
    at.date_input[-1].set_value(CLOSES.date())
    fill(at, "情况", "设备在用")

    press(at, "登记", inside=opener)
    assert "还没有到" in errors(at)
    at.date_input[-1].set_value(NOW.date())
    press(at, "登记", inside=opener)

    [held] = judging.inspections(w.province, one)
    assert (held.kind, held.held_on, held.words) == (InspectionKind.SITE_VISIT, NOW.date(), "设备在用")
    assert "设备在用" in shown(at)
    assert "登记：现场答辩" in labels_of(at)


def scoring(w: World, **more: Any) -> World:
    return judged_round(w, scoring={**SCORING, "criteria": MARKED, "results": RESULTS}, panel={"size": 3}, **more)


def test_an_expert_sees_the_cases_to_score_and_opens_one(world: World, people: Panel) -> None:
    w = scoring(world)
    ids = sorted(at_desk(w, 2))
    score(people.judge, ids[0], scores={"theory": 90, "practice": 90, "minutes": 1})

    at = opened(people.judge, SCORE)
    assert table(at, "我的评分") == ["已评分", "未评分"]
    press(choose(at, 1), "打开")

    assert at.title[0].value == application(ids[1]).subject
    assert "提交评分" in labels_of(at)


def test_the_total_follows_what_is_typed_and_the_sheet_is_read_only_once_written(
    world: World, people: Panel
) -> None:  # fmt: skip
    w = scoring(world)
    [one] = at_desk(w, 1)
    at = opened(people.judge, SCORE, id=one)
    assert "90–100 优秀" in shown(at)
    assert "合计　—" in shown(at).replace("*", "")

    fill(at, "理论", "90")
    fill(at, "实操", "85")
    fill(at, "用时", "41.5")
    fill(at, "评语", "扎实")
    at.run()
    assert "合计　86.50 · 推荐" in shown(at).replace("*", "")
    press(at, "提交评分")

    [sheet] = judging.sheets(people.judge, one)
    assert (sheet.scores, sheet.total, sheet.words) == (
        {"theory": "90", "practice": "85", "minutes": "41.5"}, 8650, "扎实",
    )  # fmt: skip
    assert "提交评分" not in labels_of(at)
    assert "理论　90 · 优秀" in shown(at)


def test_all_that_is_wrong_on_a_sheet_is_said_at_once_and_stays_typed(world: World, people: Panel) -> None:
    w = scoring(world)
    [one] = at_desk(w, 1)
    at = opened(people.judge, SCORE, id=one)
    fill(at, "理论", "101")
    fill(at, "实操", "80.5")

    press(at, "提交评分")

    said = errors(at)
    assert [name for name in ("理论", "实操", "用时") if f"“{name}”" in said] == ["理论", "实操", "用时"]
    assert [field.value for field in at.text_input][:2] == ["101", "80.5"]
    assert judging.sheets(people.judge, one) == []


def test_a_vote_is_a_yes_or_a_no(world: World, people: Panel) -> None:
    w = judged_round(world, scoring={**SCORING, "method": "vote"})
    [one] = at_desk(w, 1)
    at = opened(people.judge, SCORE, id=one)

    press(at, "提交评分")
    assert errors(at) == "请选择同意或不同意。"
    tick(at, "是否同意", value=False)
    press(at, "提交评分")

    assert [s.scores for s in judging.sheets(people.judge, one)] == [{"vote": False}]
    assert "不同意" in shown(at)


def test_no_judge_sees_another_s_sheet_and_the_desk_sees_who_wrote(world: World, people: Panel) -> None:
    w = scoring(world)
    [one] = at_desk(w, 1)
    score(people.other, one, scores={"theory": 91, "practice": 73, "minutes": 1}, words="另一位的评语")

    judged, at = opened(people.judge, SCORE, id=one), opened(people.reviewer, CASE, id=one)

    assert [words in shown(page) for page in (judged, at) for words in ("另一位的评语", "实操　73")] == [False] * 4
    standing = dict(zip(table(at, "评委"), table(at, "评分表"), strict=True))
    assert (standing["评委甲"], standing["评委乙"]) == ("未评分", "已评分")


def test_a_judge_stands_back_and_scores_no_more(world: World, people: Panel) -> None:
    w = scoring(world)
    [one] = at_desk(w, 1)
    at = press(opened(people.judge, SCORE, id=one), "我要回避")
    fill(at, "理由", "师徒关系")

    press(at, "确认回避", inside="我要回避")

    assert [(s.recused, s.void_reason) for s in judging.sheets(people.judge, one)] == [(True, "师徒关系")]
    assert "提交评分" not in labels_of(at)
    assert table(opened(people.judge, SCORE), "我的评分") == ["须回避"]


def test_the_desk_makes_a_judge_stand_back(world: World, people: Panel) -> None:
    w = scoring(world)
    [one] = at_desk(w, 1)
    score(people.other, one, scores={"theory": 91, "practice": 73, "minutes": 1})
    at = press(opened(people.reviewer, CASE, id=one), "评委回避")
    next(box for box in at.selectbox if box.label == "评委").set_value(people.other.id)
    press(at, "评委回避")
    fill(at, "理由", "亲属")

    press(at, "确认回避", inside="评委回避")

    assert rows("SELECT void_reason, voided_by FROM sheet") == [("亲属", people.reviewer.id)]


def test_the_page_of_scores_is_for_experts_and_for_desks_that_score(world: World, people: Panel) -> None:
    city = person("citypages", "吴刚", "330100", Role.REVIEWER)
    with pytest.raises(ValueError, match="score"):
        opened(people.reviewer, SCORE)

    scoring(world)

    assert opened(people.reviewer, SCORE).title[0].value == "评分"
    assert not opened(people.judge, HOME).exception
    for stranger in (city, people.clerk):
        with pytest.raises(ValueError, match="score"):
            opened(stranger, SCORE)


def test_cases_to_score_are_for_the_desk_s_judges_and_cost_the_same_however_many(
    world: World, people: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    w = scoring(world)
    first = at_desk(w, 1)
    with statements(monkeypatch) as few:
        judges.to_score(people.judge, desk=PROVINCE, round_id=w.round_id)
        judges.judges(w.province, first[0])
    more = checked(w, PROVINCE, *(submitted(w, n).id for n in (1, 2, 3)))
    with statements(monkeypatch) as many:
        page = judges.to_score(people.judge, desk=PROVINCE, round_id=w.round_id)
        judges.judges(w.province, first[0])

    assert [case.id for case in page.cases] == sorted([*first, *more])
    assert len(few) == len(many)
    with refused("not_your_desk", ForbiddenError):
        judges.to_score(people.clerk, desk=PROVINCE, round_id=w.round_id)
    assert judges.judges(people.judge, first[0]) == []
    assert judges.panels_of(people.clerk) == []


def contest(w: World) -> World:
    """A round that is a contest with two hours for appeals and one prize."""
    return judged_round(w, scoring={**SCORING, "criteria": CRITERIA}, name={"zh": "焊工技能竞赛", "en": "welding"},
                        contest={"appeal_hours": 2, "prizes": PRIZES, "source": SOURCE})  # fmt: skip


def competed(w: World, judge: Actor) -> list[str]:
    """Two competitors with their scores; the second is ahead."""
    ids = at_desk(w, 2)
    for one, points in zip(ids, (80, 90), strict=True):
        score(judge, one, scores={"theory": points, "practice": points, "minutes": 1})
    return ids


def announced(w: World, people: Panel) -> list[str]:
    ids = competed(w, people.judge)
    announce(w.province, round_id=w.round_id, organization_code=PROVINCE)
    return ids


def test_scores_are_announced_with_their_ranks_and_are_provisional(world: World, people: Panel) -> None:
    w = contest(world)
    competed(w, people.judge)
    at = opened(people.reviewer, SLATE)
    assert table(at, "评分表") == ["1 · 已齐", "1 · 已齐"]

    press(press(at, "公布成绩"), "确认公布", inside="公布成绩")

    assert (table(at, "名次"), table(at, "奖项"), table(at, "奖金")) == ([1, 2], ["一等奖", ""], ["5,000元", ""])
    assert "成绩为暂定：申诉至2026年3月3日 11:00" in shown(at, "warning")
    assert "公布成绩" not in labels_of(at)


def test_a_contest_nobody_has_scored_is_refused_in_words(world: World, people: Panel) -> None:
    w = contest(world)
    at_desk(w, 1)
    at = press(opened(people.reviewer, SLATE), "公布成绩")

    press(at, "确认公布", inside="公布成绩")

    assert "参赛并有成绩的只有0项" in errors(at)


def test_a_competitor_reads_their_own_scores_and_appeals_in_writing(world: World, people: Panel) -> None:
    w = contest(world)
    one, _ = announced(w, people)
    at = opened(people.clerk, STATUS, id=one)
    assert (table(at, "名次"), table(at, "得分")) == ([2], ["80.00"])

    press(at, "提交申诉")
    assert "“申诉理由”还没有文字说明" in errors(at)
    fill(at, "申诉理由", "计时有误")
    press(at, "提交申诉")

    [case] = judging.contest(w.province, round_id=w.round_id, desk=PROVINCE).appeals
    assert (case.application_id, case.words, case.state) == (one, "计时有误", AppealState.OPEN)
    assert "申诉：待裁决" in shown(at)
    assert "提交申诉" not in labels_of(at)


def test_the_form_of_appeal_is_gone_once_its_hours_are_over(world: World, people: Panel) -> None:
    w = contest(world)
    one, _ = announced(w, people)

    with clock.at(LATER):
        at = opened(people.clerk, STATUS, id=one)

    assert "成绩已确定。" in shown(at, "success")
    assert "提交申诉" not in labels_of(at)
    assert table(at, "名次") == [1, 2]


def test_an_appeal_that_is_right_voids_a_sheet_and_the_scores_are_announced_anew(
    world: World, people: Panel
) -> None:  # fmt: skip
    w = contest(world)
    one, _ = announced(w, people)
    appeal(people.clerk, one, words="计时有误")
    at = press(opened(people.reviewer, SLATE), "裁决")

    fill(at, "裁决理由", "核对属实")
    press(at, "裁决", inside="裁决")
    assert errors(at) == "请选择裁决结果。"
    tick(at, "裁决", "accepted")
    [void] = [box for box in at.multiselect if box.label.startswith("作废")]
    void.set_value([people.judge.id])
    press(at, "裁决", inside="裁决")

    assert rows("SELECT count(*) FROM sheet WHERE voided_at IS NOT NULL") == [(1,)]
    score(people.judge, one, scores={"theory": 95, "practice": 95, "minutes": 1})
    press(press(at, "重新公布成绩"), "确认公布", inside="重新公布成绩")
    assert table(at, "得分") == ["95.00", "90.00"]
    told = opened(people.clerk, STATUS, id=one)
    assert table(told, "名次") == [1]
    assert "申诉：申诉成立" in shown(told)
    assert "裁决：核对属实" in shown(told)
    assert "提交申诉" in labels_of(told)


def test_a_list_of_a_programme_without_scores_says_nothing_of_them(world: World, people: Panel) -> None:
    at_desk(judged_round(world), 1)

    at = opened(people.reviewer, SLATE)

    assert [str(h.value) for h in at.subheader if "评分" in str(h.value) or "成绩" in str(h.value)] == []


def test_the_judge_s_page_speaks_english_to_those_who_do(world: World, people: Panel) -> None:
    w = scoring(world)
    [one] = at_desk(w, 1)
    reader = person("ann", "Ann", PROVINCE, Role.EXPERT, language="en")

    at = opened(reader, SCORE, id=one)

    assert labels_of(at)[-2:] == ["Write the sheet", "Stand back"]
    assert [str(field.label).replace("\\", "") for field in at.text_input] == [
        "theory（0–100, 30 % of the total）",
        "practice（0–100, 70 % of the total）",
        "minutes（0–300, 0 % of the total）",
    ]  # fmt: skip
