"""The page where a union words its letters, run without a browser against real rows."""

import pytest

from models.vocabulary import Role
from tests import living
from tests.factories import COUNTY, PROVINCE, person
from tests.living import Living
from tests.ui.pages import keyed, opened, press, ran, texts
from workflows.post.previewing import letter_wording


@pytest.fixture
def there(database: str) -> Living:
    """Answer a round that is open today."""
    return living.living()


def test_words_are_tried_beside_a_real_letter_kept_and_taken_back(there: Living) -> None:
    living.submitted(there)
    shown = opened("admin_wording", there.administrator)
    assert texts(shown, "text")[0].split("\n\n")[1].startswith("申报已提交并进入审核。")

    shown.text_area[0].set_value("已收到，{{ due_at | date }}前答复。")
    ran(shown)
    assert texts(shown, "text")[0].split("\n\n")[1].startswith("已收到，20")
    assert any("＋已收到" in said for said in texts(shown, "markdown"))

    press(shown, "保存")
    about = {"organization_code": PROVINCE, "template": "submitted", "language": "zh"}
    kept = letter_wording(there.administrator, **about)
    assert (kept.seen, kept.own) == (1, ("申报已提交", "已收到，{{ due_at | date }}前答复。"))

    press(shown, "恢复系统文本")
    # AppTest runs the whole script at every click, so a dialog stays open by pressing its opener too.
    next(button for button in shown.button if button.label == "恢复系统文本").click()
    assert "本单位已自拟：申报提交。" in texts(shown, "caption")
    press(shown, "恢复")
    assert letter_wording(there.administrator, **about).seen == 0
    assert str(shown.text_area[0].value).startswith("申报已提交并进入审核。")


def test_words_that_are_wrong_are_told_beside_the_text_and_nothing_typed_is_lost(there: Living) -> None:
    shown = opened("admin_wording", there.administrator)

    shown.text_area[0].set_value("请于{{ dueat }}前{due_at}<b>")
    ran(shown)
    press(shown, "保存")

    assert [said.split("  \n")[0] for said in texts(shown, "error")] == ["有4处需要改正："] * 2
    assert shown.text_area[0].value == "请于{{ dueat }}前{due_at}<b>"
    assert letter_wording(
        there.administrator, organization_code=PROVINCE, template="submitted", language="zh"
    ).versions == []  # fmt: skip


def test_the_other_language_has_its_own_text(there: Living) -> None:
    shown = opened("admin_wording", there.administrator)

    keyed(shown.segmented_control, "wording:language").set_value("en")
    ran(shown)

    assert shown.text_input[0].value == "Application submitted"
    assert texts(shown, "markdown")[1] == "**Application submitted\\: 林知远劳模创新工作室**"


def test_a_county_words_no_letters_and_is_told_why(there: Living) -> None:
    who = person("county-admin", "赵管", COUNTY, Role.ADMINISTRATOR)

    shown = opened("admin_wording", who)

    assert [said[:14] for said in texts(shown, "error")] == ["信件文本由全国、省级或市级工会拟定"[:14]]
    assert list(shown.text_area) == []
