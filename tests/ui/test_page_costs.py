"""What each page asks of the database: as many statements and rows with few applications as with many.

`page_costs.txt` is what a page costs now. Whoever changes a page writes its line anew (`python -m tests.ui.costs`),
and sees in the difference what the change costs.
"""

from collections.abc import Callable, Iterator

import pytest
import structlog

from tests.ui import costs

# Pages whose rows are what the page is for, and grow with them; their statements do not.
WHOLE = {
    ("county", "review-slate"): "a tier ranks its whole list: every checked case of the round at this desk",
    ("province", "review-titles"): "a year's grading is one list; the register of titles comes by pages",
}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with structlog.testing.capture_logs():
        yield


def fresh(kind: str, request: pytest.FixtureRequest, enter: Callable[[str], None]) -> costs.There:
    """Answer a province with cases at every tier, titles, a list being made, and somebody of each role."""
    enter(request.getfixturevalue(f"fresh_{kind}")())
    return costs.made()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_every_page_costs_what_the_table_says_and_no_more_when_there_are_more_applications(
    kind: str, request: pytest.FixtureRequest, enter: Callable[[str], None]
) -> None:
    there = fresh(kind, request, enter)
    few = costs.few(there)

    assert {page: cost for page, cost in few.items() if costs.written().get(page) != cost} == {}
    assert costs.written().keys() == few.keys()

    # The statements are the same on both databases: more of everything is asked of one only.
    if kind == "sqlite":
        many = costs.many(there)
        grown = {page: (few[page], many[page]) for page in few if few[page] != many[page]}
        assert {page: cost for page, cost in grown.items() if page not in WHOLE} == {}
        assert all(few[page][0] == many[page][0] for page in WHOLE)
