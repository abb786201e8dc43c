"""Public papers: the notice for the wall, the decision with its list by area, the certificate and its code."""

from datetime import date

import pytest

from models import clock
from models.errors import NotFoundError, RefusedError
from models.settings import settings
from models.title import Decision, Title
from tests.papers import rows, said
from tests.worlds import (
    NOTICE_OVER,
    NUMBER,
    World,
    identity,
    in_notice,
    named,
)
from workflows.hearing.notices import correct
from workflows.named.titles import revoke
from workflows.papers import certificate, decision, notice, paper
from workflows.queries import lists, papers
from workflows.record.acting import PUBLIC


def decided() -> Decision:
    """The newest decision."""
    return lists.decisions(None)[0]


def test_a_notice_hangs_on_the_wall_as_it_was_frozen(world: World) -> None:
    _, row = in_notice(world, 2)

    made = notice.written(None, row.id).words

    assert made["title"] == "2026年省级劳模工匠创新工作室公示"
    assert (made["span"], made["ends"]) == ("2026年3月3日至2026年3月9日", "2026年3月9日 24:00")
    assert (made["office"], made["hash"], made["count"]) == ("浙江省总工会", row.snapshot_hash, 2)
    assert made["groups"] == [
        {
            "label": "",
            "columns": ["序号", "工作室名称", "领衔人姓名", "所在单位", "推荐单位"],
            "rows": [
                ["1", "工作室0", "领衔人0", "企业0", "杭州市总工会"],
                ["2", "工作室1", "领衔人1", "企业1", "杭州市总工会"],
            ],
        }
    ]


def test_a_notice_on_paper_says_where_to_object_and_nothing_private(world: World) -> None:
    _, row = in_notice(world, 1)

    text = said(paper(PUBLIC, "notice", row.id).content)

    for one in ("公示期为2026年3月3日至2026年3月9日（至2026年3月9日24:00止）", "书面意见以邮戳日期为准",
                "受理单位：浙江省总工会", "联系电话：", f"名单指纹（SHA-256）：{row.snapshot_hash}"):  # fmt: skip
        assert one in text, one
    assert identity(0) not in text


def test_the_address_of_a_notice_is_printed_where_there_is_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _, row = in_notice(world, 1)
    monkeypatch.setenv("SHENBAO_PUBLIC_URL", "https://sb.example.cn/")
    settings.cache_clear()

    assert f"https://sb.example.cn/notices/{row.id}" in said(paper(None, "notice", row.id).content)


def test_a_corrected_name_stands_beside_the_frozen_one(world: World) -> None:
    ids, row = in_notice(world, 1)
    correct(world.province, row.id, application_id=ids[0], field="leader_name", value="领衔人〇", reason="错字",
            seen=row.version)  # fmt: skip

    made = notice.written(None, row.id).words

    assert made["groups"][0]["rows"] == [["1", "工作室0", "领衔人0", "企业0", "杭州市总工会"]]
    assert made["corrections"] == ["第1号：“领衔人0”更正为“领衔人〇”（2026年3月3日）"]


def test_the_workbook_of_a_notice_names_the_areas(world: World) -> None:
    _, row = in_notice(world, 1)

    assert rows(paper(None, "notice", row.id, "xlsx").content) == [
        ["2026年省级劳模工匠创新工作室公示", "", "", "", "", ""],
        ["序号", "工作室名称", "领衔人姓名", "所在单位", "推荐单位", "地区"],
        ["1", "工作室0", "领衔人0", "企业0", "杭州市总工会", "杭州市总工会"],
    ]


def test_a_decision_names_its_list_with_certificate_numbers(world: World) -> None:
    named(world, 2)

    made = decision.written(None, decided().id).words

    assert (made["office"], made["number"], made["day"]) == ("浙江省总工会", NUMBER, "2026年3月10日")
    assert made["title"] == "关于命名\n2026年省级劳模工匠创新工作室的决定"
    assert made["paragraphs"] == [
        (
            "根据《浙江省职工创新工作体系建设三年行动方案（2024—2026年）》，经2026年3月10日主席会议研究，"
            "决定命名附件所列2项为省级劳模工匠创新工作室。"
        ),
        "名单经公示并按规定程序审核，作为本决定附件一并印发。",
    ]
    assert made["groups"] == [
        {
            "label": "杭州市总工会",
            "columns": ["序号", "工作室名称", "领衔人姓名", "所在单位", "证书编号"],
            "rows": [
                ["1", "工作室0", "领衔人0", "企业0", "浙劳创2026-0001"],
                ["2", "工作室1", "领衔人1", "企业1", "浙劳创2026-0002"],
            ],
        }
    ]
    text = said(paper(None, "decision", decided().id).content)
    assert f"浙江省总工会{NUMBER}关于命名2026年省级劳模工匠创新工作室的决定" in text
    assert "附件命名名单杭州市总工会" in text
    assert "第2页共2页" in text


def test_the_annex_of_a_decision_is_a_workbook_with_the_area_as_a_column(world: World) -> None:
    named(world, 1)

    assert rows(paper(None, "decision", decided().id, "xlsx").content) == [
        ["关于命名\n2026年省级劳模工匠创新工作室的决定", "", "", "", "", ""],
        ["序号", "工作室名称", "领衔人姓名", "所在单位", "证书编号", "地区"],
        ["1", "工作室0", "领衔人0", "企业0", "浙劳创2026-0001", "杭州市总工会"],
    ]


def revoked(w: World, title: Title) -> None:
    """The province revokes a title."""
    with clock.at(NOTICE_OVER):
        revoke(w.province, titles=[{"title": title.id, "seen": title.version}], number="浙总工〔2026〕99号",
               meeting_on=date(2026, 3, 10), reason="材料造假")  # fmt: skip


def test_a_revocation_is_a_decision_with_its_reason_and_list(world: World) -> None:
    title = named(world)[0]
    revoked(world, title)
    found = next(row for row in lists.decisions(None) if row.number.endswith("99号"))

    made = decision.written(None, found.id).words

    assert made["title"] == "关于撤销称号的决定"
    assert made["paragraphs"][:2] == [
        "经2026年3月10日主席会议研究，决定撤销附件所列1项称号。",
        "撤销理由：材料造假",
    ]
    assert made["groups"][0]["rows"] == [["1", "工作室0", "浙劳创2026-0001"]]
    assert "撤销名单" in said(paper(None, "decision", found.id).content)


def test_a_certificate_says_number_document_and_day(world: World) -> None:
    title = named(world)[0]

    made = paper(world.clerks[0], "certificate", title.id)
    text = said(made.content)

    assert made.name == "证书 浙劳创2026-0001 工作室0.pdf"
    for one in ("证书", "企业0：", "工作室0（领衔人：领衔人0）被命名为“省级劳模工匠创新工作室”。特颁此证。",
                "证书编号：浙劳创2026-0001", f"命名文件：{NUMBER}", "浙江省总工会（盖章）2026年3月10日"):  # fmt: skip
        assert one in text, one


def test_the_code_of_a_certificate_leads_to_its_check_and_holds_nothing_private(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    title = named(world)[0]
    told = papers.certified(world.province, title.id)

    assert certificate.checked_at(told) == "浙劳创2026-0001 工作室0 浙江省总工会 2026-03-10"
    monkeypatch.setenv("SHENBAO_PUBLIC_URL", "https://sb.example.cn")
    settings.cache_clear()
    assert certificate.checked_at(told) == f"https://sb.example.cn/verify/{title.id}"
    assert certificate.code("x") == certificate.code("x") != certificate.code("y")


def test_a_certificate_is_for_its_holder_and_the_union_that_gave_it(world: World) -> None:
    title = named(world)[0]

    assert paper(world.province, "certificate", title.id) == paper(world.clerks[0], "certificate", title.id)
    for actor in (world.clerks[1], world.stranger, PUBLIC, None):
        with pytest.raises(NotFoundError):
            paper(actor, "certificate", title.id)


def test_no_certificate_of_a_title_that_is_over(world: World) -> None:
    title = named(world)[0]
    revoked(world, title)

    with pytest.raises(RefusedError, match="certificate_over"):
        paper(world.province, "certificate", title.id)


def test_public_papers_are_the_same_bytes_for_everybody_and_later(world: World) -> None:
    named(world, 1)
    ids = [("notice", lists.notices(None)[0].id), ("decision", decided().id)]

    first = [paper(None, *one, form) for one in ids for form in ("pdf", "xlsx")]
    with clock.at(NOTICE_OVER):
        again = [paper(world.stranger, *one, form) for one in ids for form in ("pdf", "xlsx")]

    assert again == first


def test_what_is_not_there_is_not_found(world: World) -> None:
    for kind in ("notice", "decision", "certificate", "form", "summary", "report"):
        with pytest.raises(NotFoundError):
            paper(world.province, kind, "nowhere")
