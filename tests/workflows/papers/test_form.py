"""The application form: its programme's fields in order, each tier's opinion, and nothing private for strangers."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from models import clock
from models.errors import NotFoundError
from tests.papers import said
from tests.worlds import CITY, NOTICE_OVER, PROVINCE, World, application, at_city, drafted, identity, named, submitted
from workflows.desk.reviews import check, send_back
from workflows.papers import form, paper
from workflows.record.acting import PUBLIC


def test_a_form_says_in_the_programmes_order_what_was_filled_in(world: World) -> None:
    row = submitted(world)

    words = form.written(world.clerks[0], row.id).words

    assert [(f["label"], f["value"]) for f in words["fields"]] == [
        ("工作室名称", "工作室0"),
        ("领衔人姓名", "领衔人0"),
        ("领衔人身份证号", identity(0)),
        ("领衔人荣誉", "工匠"),
        ("成立日期", "2020年1月1日"),
        ("团队人数", "5"),
        ("本年度课题", "课题"),
        ("主要成果与效益", "成果"),
        ("传承带徒情况", ""),
    ]
    assert (words["receipt"], words["hash"]) == (row.receipt, str(row.content_hash)[:16])
    assert [(f["label"], f["value"].split("（")[0]) for f in words["files"]] == [("领衔人荣誉证书", "证书.png")]


def test_a_form_on_paper_holds_all_its_words_and_counts_its_pages(world: World) -> None:
    row = submitted(world)

    made = paper(world.clerks[0], "form", row.id)
    text = said(made.content)

    assert (made.name, made.media_type) == (
        f"省级劳模工匠创新工作室申报表 {row.receipt} 工作室0.pdf",
        "application/pdf",
    )
    for one in ("省级劳模工匠创新工作室申报表", f"受理编号{row.receipt}", str(row.content_hash)[:16], "企业0",
                "领衔人0", identity(0), "2020年1月1日", "证书.png", "申报单位意见", "西湖区总工会意见",
                "第1页共1页"):  # fmt: skip
        assert one in text, one
    assert "草稿" not in text


def test_a_draft_is_marked_until_it_is_handed_in(world: World) -> None:
    row = drafted(world)

    text = said(paper(world.clerks[0], "form", row.id).content)

    assert "草稿未提交" in text


def test_private_answers_are_masked_for_all_but_its_own_people(world: World) -> None:
    row = submitted(world)

    text = said(paper(world.county, "form", row.id).content)

    assert identity(0) not in text
    assert f"{identity(0)[:4]}**********{identity(0)[-4:]}" in text


def test_the_opinion_boxes_hold_what_each_tier_wrote_and_who(world: World) -> None:
    ids, _ = at_city(world, 1)

    boxes = form.written(world.city, ids[0]).words["boxes"]

    assert [(b["label"], b["outcome"], b["opinion"], b["who"], b["day"]) for b in boxes] == [
        ("申报单位意见", "", "", "", ""),
        ("西湖区总工会意见", "推荐", "会议纪要", "county", "2026年3月3日"),
        ("杭州市总工会意见", "审核通过", "", "city", "2026年3月3日"),
        ("浙江省总工会意见", "", "", "", ""),
    ]
    text = said(paper(world.city, "form", ids[0]).content)
    assert "推荐。会议纪要经办人：county（盖章）2026年3月3日" in text


def test_a_return_leaves_the_box_empty_and_the_last_opinion_of_a_tier_counts(world: World) -> None:
    row = submitted(world)
    send_back(world.county, row.id, faults=[{"field": "topics", "words": "不清楚"}], seen=row.version)

    county = form.written(world.county, row.id).words["boxes"][1]

    assert (county["label"], county["outcome"]) == ("西湖区总工会意见", "")


def test_its_own_people_get_empty_boxes_for_the_seals(world: World) -> None:
    row = submitted(world)
    check(world.county, row.id, seen=row.version, opinion="同意推荐")

    own = form.written(world.clerks[0], row.id).words["boxes"]

    assert {(b["outcome"], b["opinion"], b["who"]) for b in own} == {("", "", "")}
    assert "同意推荐" in said(paper(world.county, "form", row.id).content)


def test_a_form_is_handed_to_nobody_who_may_not_see_the_application(world: World) -> None:
    row = drafted(world)

    for actor in (world.county, world.stranger, world.clerks[1], PUBLIC, None):
        with pytest.raises(NotFoundError):
            paper(actor, "form", row.id)


def test_the_same_record_gives_the_same_bytes_on_another_day(world: World) -> None:
    row = submitted(world)

    first = paper(world.county, "form", row.id)
    with clock.at(NOTICE_OVER):
        second = paper(world.county, "form", row.id)

    assert first == second
    told = PdfReader(BytesIO(first.content)).metadata
    assert told is not None
    assert (told.title, told.creation_date) == (first.name.removesuffix(".pdf"), application(row.id).submitted_at)


def test_a_named_application_shows_all_three_tiers(world: World) -> None:
    title = named(world)[0]

    boxes = form.written(world.province, str(title.application_id)).words["boxes"]

    assert [b["label"] for b in boxes] == ["申报单位意见", "西湖区总工会意见", "杭州市总工会意见", "浙江省总工会意见"]
    assert {b["outcome"] for b in boxes[1:]} <= {"推荐", "审核通过"}
    assert (CITY, PROVINCE) == ("330100", "330000")
