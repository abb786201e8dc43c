"""The administrator's page of programme files: edited, judged, previewed, published; nothing typed is lost."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests import living
from tests.living import Living
from tests.ui.pages import keyed, opened, press, ran, texts
from workflows.queries import programmes
from workflows.record.acting import PUBLIC

OPEN = "provincial-studio@1"


@pytest.fixture
def there(database: str) -> Living:
    """A round that is open today."""
    return living.living()


@pytest.fixture
def shown(there: Living) -> AppTest:
    """The page, with the published studio open."""
    return opened("admin_programmes", there.administrator)


def area(shown: AppTest) -> Any:
    """The text area of the open programme."""
    return keyed(shown.text_area, f"text:{OPEN}")


def typed(shown: AppTest, *changes: tuple[str, str]) -> AppTest:
    """The page after some changes to the text."""
    content = area(shown).value
    for old, new in changes:
        assert old in content, old
        content = content.replace(old, new, 1)
    area(shown).set_value(content)
    return ran(shown)


def button(shown: AppTest, label: str) -> Any:
    """The button with this label."""
    return next(one for one in shown.button if one.label == label)


def test_the_page_opens_the_newest_published_version_with_its_text(shown: AppTest) -> None:
    assert area(shown).value == programmes.programme(PUBLIC, code=OPEN).text
    assert (button(shown, "发布").disabled, button(shown, "发布").help) == (True, "内容没有变化")


def test_every_version_is_listed_with_its_catalogue(shown: AppTest) -> None:
    listed = shown.dataframe[0].value

    assert listed[["代码", "版本", "已发布"]].to_numpy().tolist()[0] == ["provincial-studio", "1", True]
    assert ["golden-idea", "1", False] in listed[["代码", "版本", "已发布"]].to_numpy().tolist()


def test_an_error_stands_beside_the_text_with_its_line_and_what_to_do_and_bars_publishing(shown: AppTest) -> None:
    line = area(shown).value.split("cap = 70")[0].count("\n") + 1

    typed(shown, ("cap = 70", "cap = 0"), ("version = 1", "version = 2"))

    (said,) = texts(shown, "error")
    assert said.replace("\\", "") == (f"**第{line}行 approval.cap**  \n“cap”是0，应> 0。  \n请填写范围内的数。")
    assert (button(shown, "发布").disabled, button(shown, "发布").help) == (True, "还有1处错误")


def test_what_was_typed_stays_through_errors_reruns_and_another_programme(shown: AppTest) -> None:
    typed(shown, ("cap = 70", "cap = 0"))
    choose = keyed(shown.selectbox, "programme:open")

    choose.set_value("golden-idea@1")
    ran(shown)
    keyed(shown.selectbox, "programme:open").set_value(OPEN)
    ran(shown)

    assert "cap = 0" in area(shown).value


def test_a_changed_content_needs_a_version_of_its_own(shown: AppTest) -> None:
    typed(shown, ("cap = 70", "cap = 80"))

    assert button(shown, "发布").help == "这一版已经发布，请把 version 加一"


def test_the_preview_shows_ladder_calendar_and_changes_in_words(shown: AppTest) -> None:
    typed(shown, ("cap = 70", "cap = 80"), ("version = 1", "version = 2"))

    said = [text.replace("\\", "") for text in texts(shown, "markdown")]
    assert "- 批准依据的每批总名额由70个改为80个" in said
    ladder, calendar = (frame.value for frame in shown.dataframe[1:3])
    assert ladder["层级"].tolist() == calendar["层级"].tolist()
    assert ladder["层级"].tolist()[-1] == "省总工会"


def test_publishing_makes_the_version_and_the_running_round_keeps_its_own(shown: AppTest, there: Living) -> None:
    typed(shown, ("cap = 70", "cap = 80"), ("version = 1", "version = 2"))

    press(shown, "发布")

    made = programmes.programme(PUBLIC, code="provincial-studio")
    assert (made.id, made.content["approval"]["cap"]) == ("provincial-studio@2", 80)
    assert "cap = 80" in made.text


def test_the_next_version_is_written_into_the_text_and_can_be_undone(shown: AppTest) -> None:
    before = area(shown).value
    keyed(shown.number_input, f"year:{OPEN}").set_value(2025)
    ran(shown)

    press(shown, "生成下一版")

    assert ("version = 2" in area(shown).value, "valid_from = 2025-01-01" in area(shown).value) == (True, True)
    press(shown, "还原")
    assert area(shown).value == before


def test_a_text_that_is_no_file_is_told_and_cannot_be_cloned(shown: AppTest) -> None:
    area(shown).set_value("x = ")
    ran(shown)
    press(shown, "生成下一版")

    first, second = (said.replace("\\", "") for said in texts(shown, "error"))
    assert (first[:12], second[:8]) == ("项目文件的“valid_", "**第1行** ")
    assert area(shown).value == "x = "


def test_the_rounds_page_counts_back_from_a_decision(there: Living) -> None:
    shown = opened("admin_rounds", there.administrator)

    frames = [frame.value for frame in shown.dataframe]
    assert any("最迟收到" in frame.columns for frame in frames)
    assert any("最迟" in said and "截止申报" in said for said in texts(shown, "markdown"))
