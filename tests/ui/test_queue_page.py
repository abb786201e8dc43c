"""The queue page's query box: what it finds, what it says of words it cannot read, and what it keeps."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from streamlit.testing.v1 import AppTest

from tests import factories
from tests.factories import COUNTY, PASSWORD, World
from workflows.desk.saved_views import views
from workflows.people import sessions
from workflows.record.acting import Actor

APP = Path(__file__).parent.parent.parent / "ui" / "app.py"


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with structlog.testing.capture_logs():
        yield


@pytest.fixture
def there(database: str) -> World:
    return factories.world(2)


def opened(actor: Actor) -> AppTest:
    """The queue as this person sees it."""
    at = AppTest.from_file(APP, default_timeout=30)
    at.user = {"sid": sessions.sid_of(sessions.sign_in(actor.email, PASSWORD, "127.0.0.1"))}
    at.run().switch_page("views/review_queue.py")
    at.run()
    assert not at.exception
    return at


def asked(at: AppTest, words: str) -> AppTest:
    """Type into the query box."""
    return at.text_input(key="queue:words").set_value(words).run()


def press(at: AppTest, said: str) -> AppTest:
    """Press the button with these words on it."""
    return next(one for one in at.button if one.label == said).click().run()


def test_words_show_what_they_mean_instead_of_the_queue(there: World) -> None:
    first, second = factories.submitted(there, 0), factories.submitted(there, 1)

    at = asked(opened(there.county), f"编号:{second.receipt}")

    assert list(at.dataframe[0].value["名称"]) == [second.subject]
    assert "查到：1" in [one.value for one in at.caption]
    assert list(asked(at, "").dataframe[0].value["名称"]) == [first.subject, second.subject]


def test_words_that_cannot_be_read_are_told_with_their_place(there: World) -> None:
    at = asked(opened(there.county), "is:晚了")

    assert at.error[0].value.replace("\\", "").startswith("“is”没有“晚了”这个词（第4个字处）")
    assert not at.exception


def test_nothing_found_says_so(there: World) -> None:
    factories.submitted(there, 0)

    at = asked(opened(there.county), "没有这样的字")

    assert [one.value for one in at.info] == ["没有查到。请减少条件，或换个写法。"]


def test_a_search_is_saved_for_oneself_or_the_desk_picked_again_and_dropped(there: World) -> None:
    factories.submitted(there, 0)
    at = asked(opened(there.county), "is:逾期")
    at.text_input(key="queue:view-name").set_value("晚的").run()
    at.checkbox(key="queue:view-shared").check().run()

    press(at, "保存查询")

    assert [(view.name, view.words, view.holder) for view in views(there.county)] == [("晚的", "is:逾期", COUNTY)]
    [view] = views(there.county)
    at = opened(there.county)
    at.selectbox(key="queue:view").set_value(view.id).run()
    assert at.text_input(key="queue:words").value == "is:逾期"
    at.selectbox(key="queue:view").set_value(view.id).run()
    press(at, "删除“晚的”")
    assert views(there.county) == []


def test_a_search_of_one_page_has_none_to_turn(there: World) -> None:
    factories.submitted(there, 0)

    at = asked(opened(there.county), "sort:due")

    assert [one.label for one in at.button if one.label in ("上一页", "下一页")] == []


def test_a_condition_is_put_into_the_search_where_it_was_begun(there: World) -> None:
    factories.submitted(there, 0)
    at = asked(opened(there.county), "焊接 is:")
    offered = at.selectbox(key="queue:condition")

    assert offered.options[0].replace("\\", "").startswith("is:")
    assert any("地区:330106" in one.replace("\\", "") for one in offered.options)
    at = offered.set_value("is:待审核").run()

    assert at.text_input(key="queue:words").value == "焊接 is:待审核"
    assert at.selectbox(key="queue:condition").value is None
    assert "查到：1" in [one.value for one in at.caption]


def test_a_word_that_was_nearly_right_is_told_what_was_meant(there: World) -> None:
    at = asked(opened(there.county), "is:逾期了")

    assert "是否要写“逾期”" in at.error[0].value.replace("\\", "")
