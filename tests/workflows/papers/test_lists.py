"""Papers of a tier's list: the summary table, on paper and as a workbook, and the report of how it came about."""

from datetime import date

import pytest

from models import clock
from models.errors import ForbiddenError, NotFoundError
from models.notice import Notice
from models.vocabulary import InspectionKind, ReplyKind, Role
from tests.judging import at_desk, judged_round, listed, office
from tests.papers import rows, said
from tests.worlds import (
    CITY,
    COUNTY,
    NOTICE_OVER,
    PROVINCE,
    World,
    also,
    application,
    at_city,
    at_county,
    closed,
    identity,
    in_notice,
    objected,
    sealed,
    sent,
    submitted,
)
from workflows.desk.inspecting import inspect
from workflows.desk.reviews import check
from workflows.desk.screening import consult, record_reply
from workflows.hearing.notices import close
from workflows.hearing.objections import report_back, settle
from workflows.listing.slates import rank
from workflows.papers import paper, report, summary
from workflows.queries import lists

HEADS = ["序号", "工作室名称", "领衔人姓名", "所在单位", "领衔人荣誉", "成立日期", "团队人数"]


def current(notice: Notice) -> Notice:
    """A notice as it is now."""
    return lists.notice(None, notice.id)[0]


def test_a_summary_table_has_one_row_a_candidate_and_the_programmes_columns(world: World) -> None:
    ids = at_county(world, 3)
    row = sealed(world, COUNTY, [ids[1], ids[0]], [])

    made = summary.written(world.county, row.id)

    assert made.words["list"]["columns"] == [*HEADS, "备注"]
    assert made.words["list"]["rows"] == [
        ["1", "工作室1", "领衔人1", "企业1", "工匠", "2020年1月1日", "5", ""],
        ["2", "工作室0", "领衔人0", "企业0", "工匠", "2020年1月1日", "5", ""],
    ]
    assert (made.words["count"], made.words["mark"]) == ("正式2项", "")


def test_the_workbook_holds_every_open_field_and_no_private_one(world: World) -> None:
    ids = at_county(world, 2)
    row = sealed(world, COUNTY, ids)

    found = rows(paper(world.county, "summary", row.id, "xlsx").content)

    assert found == [
        ["2026年省级劳模工匠创新工作室推荐汇总表", *[""] * 10],
        [*HEADS, "本年度课题", "主要成果与效益", "传承带徒情况", "备注"],
        ["1", "工作室0", "领衔人0", "企业0", "工匠", "2020年1月1日", "5", "课题", "成果", "", ""],
        ["2", "工作室1", "领衔人1", "企业1", "工匠", "2020年1月1日", "5", "课题", "成果", "", ""],
    ]
    assert identity(0) not in str(found)


def test_a_formula_typed_by_an_applicant_stays_a_text_in_the_workbook(world: World) -> None:
    one = submitted(world, studio_name="=1+1")
    check(world.county, one.id, seen=one.version)
    row = sealed(world, COUNTY, [one.id])

    assert rows(paper(world.county, "summary", row.id, "xlsx").content)[2][1] == "=1+1"


def test_reserve_names_are_marked_and_counted(world: World) -> None:
    ids, _ = at_city(world, 3)
    row = sealed(world, CITY, ids[:2], ids[2:])

    made = summary.written(world.city, row.id)

    assert [line[-1] for line in made.words["list"]["rows"]] == ["", "", "备选"]
    assert made.words["count"] == "正式2项，备选1项"
    text = said(paper(world.city, "summary", row.id).content)
    assert "推荐单位（盖章）：杭州市总工会" in text
    assert "工作室2领衔人2企业2工匠2020年1月1日5备选" in text


def test_an_unsealed_list_is_marked_as_a_draft(world: World) -> None:
    ids = at_county(world, 1)
    row = rank(world.county, round_id=world.round_id, organization_code=COUNTY, main=ids)

    assert "草稿未确认" in said(paper(world.county, "summary", row.id).content)
    assert "草稿未确认" in said(paper(world.county, "report", row.id).content)


def test_a_list_is_handed_to_its_union_and_to_the_one_it_was_sent_to(world: World) -> None:
    ids = at_county(world, 1)
    row = sent(world, COUNTY, ids)

    assert paper(world.city, "summary", row.id) == paper(world.county, "summary", row.id)
    for actor in (world.province, world.stranger, world.clerks[0], None):
        for kind in ("summary", "report"):
            with pytest.raises(NotFoundError):
                paper(actor, kind, row.id)


def test_a_report_tells_from_the_record_how_the_list_came_about(world: World) -> None:
    ids, _ = at_city(world, 2)
    row = sent(world, CITY, ids)

    made = report.written(world.city, row.id).words

    assert made["title"] == "关于2026年省级劳模工匠创新工作室的\n推荐报告"
    assert (made["office"], made["to"], made["day"]) == ("杭州市总工会", "浙江省总工会", "2026年3月3日")
    assert [(part["label"], part["paragraphs"]) for part in made["sections"]] == [
        ("一、组织情况",
         ["杭州市总工会组织开展2026年省级劳模工匠创新工作室推荐工作，审核通过2项。", "列入名单正式2项。"]),
        ("二、推荐程序", ["2026年3月3日启动；2026年3月3日排序；2026年3月3日确认名单；2026年3月3日上报。"]),
        ("三、会议研究", ["会议纪要"]),
        ("四、公示情况", ["本级没有公示。"]),
        ("五、征求意见", ["本级没有征求部门意见。"]),
        ("六、考察（答辩）", ["本级没有实地考察或答辩。"]),
        ("七、推荐名单", []),
        ("八、推荐意见", ["工作室0、工作室1：会议纪要", "经集体研究，杭州市总工会推荐上述名单（正式2项）。"]),
    ]  # fmt: skip
    text = said(paper(world.city, "report", row.id).content)
    assert "所在单位备注1工作室0领衔人0企业02工作室1领衔人1企业1" in text


def test_departments_and_visits_are_reported_in_numbers_and_never_in_their_words(world: World) -> None:
    screening = {"step": "province", "departments": [office("tax")]}
    w = judged_round(world, site_visit={"step": "province"}, screening=screening)
    ids = at_desk(w, 3)
    consult(w.province, round_id=w.round_id, organization_code=PROVINCE)
    for one in ids[:2]:
        record_reply(w.province, one, "tax", reply=ReplyKind.ADVICE, words="欠税两次", seen=application(one).version)
    for n, one in enumerate(ids):
        inspect(w.province, one, kind=InspectionKind.SITE_VISIT, held_on=date(2026, 3, 1 + n), words="现场杂乱")
    row = listed(w, ids[:2])

    text = said(paper(w.province, "report", row.id).content)

    assert "tax部门：征求3项，有意见供参考2项，尚未答复1项。" in text
    assert "实地考察2项（2026年3月1日至2026年3月2日）。" in text
    assert ("欠税" in text, "杂乱" in text) == (False, False)


def test_a_notice_without_an_objection_is_reported_so_with_its_days(world: World) -> None:
    _, notice = closed(world, 2)

    (told,) = report.written(world.province, notice.slate_id).words["sections"][3]["paragraphs"]

    assert told == (f"2026年3月3日至2026年3月9日公示2项，公示期间未收到异议（名单指纹{notice.snapshot_hash[:16]}）。")


def test_objections_are_reported_by_number_and_outcome_only(world: World) -> None:
    ids, notice = in_notice(world, 3)
    cases = [objected(world, notice, one, words="有人举报", objector="赵六") for one in ids]
    for case, outcome in zip(cases[:2], ("dismissed", "upheld"), strict=True):
        told = report_back(world.city, case.id, finding="查明", seen=case.version)
        settle(world.province, case.id, outcome=outcome, reason="理由", seen=told.version)  # type: ignore[arg-type]
    with clock.at(NOTICE_OVER):
        close(world.province, notice.id, seen=current(notice).version)

    (said_of,) = report.written(world.province, notice.slate_id).words["sections"][3]["paragraphs"]

    assert said_of == (
        "2026年3月3日至2026年3月9日公示3项，收到异议3件，其中不成立1件，成立1件，正在核查1件"
        f"（名单指纹{notice.snapshot_hash[:16]}）。"
    )
    text = said(paper(world.province, "report", notice.slate_id).content)
    assert ("赵六" in text, "有人举报" in text) == (False, False)


def test_a_running_notice_is_never_reported_as_over(world: World) -> None:
    _, notice = in_notice(world, 1)

    (told,) = report.written(world.province, notice.slate_id).words["sections"][3]["paragraphs"]

    assert told == "2026年3月3日至2026年3月9日公示1项，公示尚未结束。"


def test_who_brings_a_name_on_the_list_reads_no_report_of_it(world: World) -> None:
    ids = at_county(world, 2)
    row = sealed(world, COUNTY, ids)
    clerk = also(world.clerks[0], COUNTY, Role.REVIEWER)
    expert = also(world.stranger, COUNTY, Role.EXPERT)

    with pytest.raises(ForbiddenError, match="own_case"):
        paper(clerk, "report", row.id)
    with pytest.raises(NotFoundError):
        paper(expert, "report", row.id)


def test_a_list_gives_the_same_bytes_later(world: World) -> None:
    ids = at_county(world, 1)
    row = sealed(world, COUNTY, ids)

    asked = [("summary", "pdf"), ("summary", "xlsx"), ("report", "pdf")]
    first = [paper(world.county, kind, row.id, form) for kind, form in asked]
    with clock.at(NOTICE_OVER):
        assert [paper(world.county, kind, row.id, form) for kind, form in asked] == first
