"""An applicant's day in a real browser, on both databases: from the round to the receipt."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from models.vocabulary import State
from tests import living
from tests.browser.conftest import Desk, SignIn
from tests.factories import identity
from tests.living import Living
from workflows.queries import applications

LONG = {
    "本年度课题": "关键工序的自动化改造",
    "主要成果与效益": "三年来获得专利五项，年增效益三百万元。",
}
TEXTS = {"工作室名称": "焊接创新工作室", "领衔人姓名": "张三", "领衔人身份证号": identity(0)}


@pytest.fixture
def there(database: str) -> Living:
    """Answer a round that is open today."""
    return living.living()


@contextmanager
def saving(desk: Desk, label: str) -> Iterator[None]:
    """Fill in the field with this label inside; waits until its own line says, anew, that it is saved."""
    name = desk.page.get_by_test_id("stWidgetLabel").filter(has_text=label)
    own = desk.page.get_by_test_id("stVerticalBlock").filter(has=name).last
    expect(own).to_be_visible()
    line = own.get_by_test_id("stCaptionContainer").filter(has_text="已保存")
    before = line.all_inner_texts()
    with desk.brings(line.filter(has_not_text=before[0] if before else None)):
        yield


def field(desk: Desk, label: str, text: str) -> None:
    """Type into a field, leave it, and wait until it says that it is saved."""
    with saving(desk, label):
        desk.fill(label, text)
        desk.page.get_by_label(label).first.blur()


def test_a_file_that_is_not_what_it_says_is_refused_in_words(there: Living, sign_in: SignIn) -> None:
    row = living.drafted(there)
    desk = sign_in(there.clerks[0])
    desk.go(f"apply?id={row.id}")

    no = "不接受这种文件，请上传以下格式之一"
    put(desk, "证书.pdf", "application/pdf", b"<html>not a certificate</html>", shows=no)

    assert applications.application(there.clerks[0], row.id).files == []
    put(desk, "证书.pdf", "application/pdf", living.pdf(), shows="证书.pdf（1 KB）")


def test_what_was_typed_is_there_again_after_the_tab_was_closed(there: Living, sign_in: SignIn) -> None:
    row = living.drafted(there, studio_name="旧名")
    desk = sign_in(there.clerks[0])
    desk.go(f"apply?id={row.id}")
    field(desk, "本年度课题", "第一行\n**第二行** <b>")

    again = sign_in(there.clerks[0])
    again.go(f"apply?id={row.id}")

    expect(again.page.get_by_label("本年度课题").first).to_have_value("第一行\n**第二行** <b>")
    expect(again.page.get_by_label("工作室名称").first).to_have_value("旧名")


def test_a_returned_application_opens_one_field_and_goes_back(there: Living, sign_in: SignIn) -> None:
    row = living.returned(there)
    desk = sign_in(there.clerks[0])
    desk.told("退回修改")
    desk.follow("继续填写", shows="退回意见：请写明每项课题的起止时间")

    expect(desk.page.get_by_label("工作室名称")).to_have_count(0)
    field(desk, "本年度课题", "2026年3月至9月：工序自动化")
    desk.press("重新提交", shows=desk.dialog)
    desk.confirm("确认提交", shows=desk.heading("申报已提交"))
    desk.follow("查看办理进度", shows="西湖区总工会")

    after = applications.application(there.clerks[0], row.id).application
    assert (after.state, after.answers["topics"]) == (
        State.COUNTY_REVIEW,
        "2026年3月至9月：工序自动化",
    )


def test_on_a_telephone_nothing_is_wider_than_the_screen(there: Living, sign_in: SignIn) -> None:
    row, other = living.returned(there), living.drafted(there)
    desk = sign_in(there.clerks[0])
    desk.page.set_viewport_size({"width": 390, "height": 844})

    for path in (
        "",
        "my-applications",
        f"apply?id={row.id}",
        f"apply?id={other.id}",
        f"my-application?id={row.id}",
    ):
        desk.go(path)
        wide = desk.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
        assert (path, wide <= 390) == (path, True)


def test_no_page_of_an_applicant_speaks_english_to_a_chinese_reader(there: Living, sign_in: SignIn) -> None:
    row, other = living.returned(there), living.drafted(there, studio_name="焊接创新工作室")
    desk = sign_in(there.clerks[0])

    for path in (
        "",
        "my-applications",
        f"apply?id={other.id}",
        f"my-application?id={row.id}",
        "my-titles",
    ):
        desk.go(path)
        said = desk.page.get_by_test_id("stMain").inner_text()
        assert (path, english(said)) == (path, set())


def english(said: str) -> set[str]:
    """The English words of a page; names of file types, units and icons are no language."""
    known = {"pdf", "docx", "xlsx", "jpg", "png", "webp", "mb", "kb", "yyyy", "mm", "dd", "sha"}
    # An icon's name is what its font draws as a picture.
    icons = r"\b[a-z]+(?:_[a-z]+)+\b|\b(?:undo|upload|send|download|mail|add|cancel|balance|campaign|print)\b"
    found = re.findall(r"[A-Za-z]{2,}", re.sub(r"\d{4}-[A-Z0-9]{8}", "", re.sub(icons, "", said)))
    return {word.lower() for word in found} - known


def day_of(desk: Desk, day: str) -> None:
    """Type a day into the form's one date field."""
    box = desk.page.get_by_test_id("stDateInput")
    box.get_by_role("spinbutton").first.click()
    desk.page.keyboard.type(day.replace("-", ""))
    desk.page.get_by_role("heading", level=1).click()  # the field is left, as by a hand


def put(desk: Desk, name: str, kind: str, content: bytes, *, shows: str) -> None:
    """Put a file into the first place for files."""
    with desk.brings(shows):
        box = desk.page.locator("input[type=file]").first
        box.set_input_files({"name": name, "mimeType": kind, "buffer": content})
