"""Cases side by side: reached from the queue, differing rows marked in words, a fifth refused in words."""

from collections.abc import Iterator

import pytest
import structlog
from streamlit.testing.v1 import AppTest

from tests import factories
from tests.factories import World
from tests.ui.test_review_pages import QUEUE, choose, errors, opened, press
from ui.components.words import plain

COMPARE = "views/compare.py"


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with structlog.testing.capture_logs():
        yield


@pytest.fixture
def there(database: str) -> World:
    return factories.world(2)


def marks(at: AppTest) -> dict[str, str]:
    """What the table says of each of its rows."""
    table = at.table[0].value
    return dict(zip(table["项目"], table["异同"], strict=True))


def test_ticked_rows_stand_side_by_side_and_what_differs_says_so(there: World) -> None:
    first, second = factories.submitted(there, 0), factories.submitted(there, 1)
    queue = choose(opened(there.county, QUEUE), 0)
    [alone] = [one for one in queue.button if one.label == "并排比较"]
    assert alone.disabled
    assert "可选2至4份" in alone.help.replace("\\", "")

    at = press(choose(queue, 0, 1), "并排比较")

    assert at.query_params["cases"] == f"{first.id},{second.id}"
    table = at.table[0].value
    assert list(table.columns) == ["项目", "异同", plain(f"1. {first.subject}"), plain(f"2. {second.subject}")]
    told = marks(at)
    assert (told["团队人数"], told["成立日期"]) == ("≠ 不同", "＝ 相同")
    assert list(table[table["项目"] == "团队人数"].iloc[0])[2:] == ["8", "9"]


def test_what_is_the_same_can_be_left_out(there: World) -> None:
    ids = [factories.submitted(there, n).id for n in range(2)]
    at = opened(there.county, COMPARE, cases=",".join(ids))
    assert set(marks(at).values()) == {"≠ 不同", "＝ 相同"}

    at.toggle(key="compare:only").set_value(True).run()

    assert set(marks(at).values()) == {"≠ 不同"}


def test_a_fifth_is_refused_in_words_and_a_stranger_sees_none(there: World) -> None:
    row = factories.submitted(there)

    at = opened(there.county, COMPARE, cases=",".join(str(n) * 32 for n in range(5)))
    assert "选了5份申报" in errors(at)
    assert [one.value for one in at.table] == []
    lost = opened(there.city, COMPARE, cases=f"{row.id},{'0' * 32}")
    assert "有2份申报没有找到" in lost.warning[0].value
    assert row.subject not in str([one.value for one in (*lost.text, *lost.subheader)])
