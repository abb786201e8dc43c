"""Long tables a page at a time: every row can be reached, few are drawn, and what is typed on one stays on all."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ui.components import paging, unsent

ROWS = 400


def page(who: str = "a", rows: int = 400) -> None:
    """A list to be read and a table to be filled in, and what the table says as a whole."""
    from types import SimpleNamespace as Person  # noqa: PLC0415 -- a script of its own

    import streamlit as st  # noqa: PLC0415 -- as above

    from ui.components import paging as pages  # noqa: PLC0415 -- as above

    st.dataframe([{"n": n} for n in pages.part(range(rows), "read")], key="shown")
    ids = [str(n) for n in range(rows)]
    changed = st.session_state.get("others", {})  # what others have written meanwhile, by row
    now = [{"n": changed.get(n, n), "score": None} for n in range(rows)]
    table = pages.edited(Person(id=who), ids, now, key="fill", disabled=["n"])  # type: ignore[arg-type]
    if st.session_state.get("sent"):
        pages.forget(Person(id=who), "fill")  # type: ignore[arg-type]
    st.session_state["told"] = [row["score"] for row in table]


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(unsent, "folder", lambda: tmp_path / "unsent")
    begun_anew(monkeypatch)


def begun_anew(patch: pytest.MonkeyPatch) -> None:
    """Let the process be another one, that remembers nothing."""
    patch.setattr(paging, "_KEPT", unsent.Kept())


def opened(**given: Any) -> AppTest:
    """The page, loaded anew."""
    return AppTest.from_function(page, default_timeout=60, kwargs=given).run()


def pages(shown: AppTest) -> Any:
    """The ways to the other pages: of the list, and of the table."""
    return shown.get("pagination")


def typed(shown: AppTest, place: str, row: int, score: float) -> None:
    """Fill in a score on a page of the table, as a browser does: the cell, then its callback."""
    at, _ = shown.session_state["paging:fill:at"]
    assert at.startswith("fill:") and at.endswith(place), at  # noqa: PT018
    shown.session_state[at] = {"edited_rows": {row: {"score": score}}, "added_rows": [], "deleted_rows": []}
    shown.run()


def test_of_four_hundred_rows_fifty_are_drawn_and_all_can_be_reached() -> None:
    shown = opened()
    reads, fills = pages(shown)
    assert (reads.num_pages, [len(frame.value) for frame in shown.dataframe]) == (8, [paging.PAGE, paging.PAGE])

    seen = []
    for number in range(1, reads.num_pages + 1):
        pages(shown)[0].set_value(number).run()
        seen += shown.dataframe[0].value["n"].tolist()

    assert seen == list(range(ROWS))
    assert fills.num_pages == 8
    assert "第351—400行，共400行" in [one.value for one in shown.caption]


def test_what_fits_on_a_page_is_drawn_without_pages() -> None:
    shown = opened(rows=paging.PAGE)

    assert (len(pages(shown)), [len(frame.value) for frame in shown.dataframe]) == (0, [50, 50])


def test_what_was_typed_on_one_page_is_told_while_another_is_shown_and_found_again() -> None:
    shown = opened()
    typed(shown, ":0", 3, 88.5)
    pages(shown)[1].set_value(8).run()
    typed(shown, ":350", 49, 70.0)

    told = {n: score for n, score in enumerate(shown.session_state["told"]) if score is not None}
    pages(shown)[1].set_value(1).run()

    assert told == {3: 88.5, 399: 70.0}
    assert shown.dataframe[1].value["score"][3] == 88.5
    assert {n: s for n, s in enumerate(shown.session_state["told"]) if s is not None} == told


def test_a_page_loaded_anew_has_what_was_typed_and_nobody_elses() -> None:
    paging.remember(SimpleNamespace(id="a"), "fill", {"399": {"score": 70.0}})  # type: ignore[arg-type]

    mine, other = opened(), opened(who="b")

    assert mine.session_state["told"][399] == 70.0
    assert [score for score in other.session_state["told"] if score is not None] == []


def told(shown: AppTest) -> dict[int, Any]:
    """What the table says where something was typed."""
    return {n: score for n, score in enumerate(shown.session_state["told"]) if score is not None}


def test_what_others_change_meanwhile_takes_nothing_away_and_is_said_where_it_was_typed_in() -> None:
    shown = opened(rows=paging.PAGE)
    typed(shown, ":0", 3, 88.5)

    shown.session_state["others"] = {7: 700}
    shown.run()
    untouched = (told(shown), len(shown.warning))
    shown.session_state["others"] = {7: 700, 3: 300}
    shown.run()
    shown.run()

    assert untouched == ({3: 88.5}, 0)
    assert told(shown) == {3: 88.5}
    assert ["1行已被他人修改" in one.value for one in shown.warning] == [True]
    typed(shown, ":0", 4, 60.0)
    assert told(shown) == {3: 88.5, 4: 60.0}


def test_what_was_sent_is_not_offered_again() -> None:
    shown = opened(rows=paging.PAGE)
    typed(shown, ":0", 3, 88.5)

    shown.session_state["sent"] = True
    shown.run()
    del shown.session_state["sent"]
    shown.session_state["others"] = {3: 300}
    shown.run()

    assert (told(shown), len(shown.warning)) == ({}, 0)
    assert told(opened(rows=paging.PAGE)) == {}


def test_a_server_that_is_started_anew_finds_what_was_typed_and_only_its_writer_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paging.remember(SimpleNamespace(id="a"), "fill", {"3": {"score": 88.5, "note": "=1+1 𠮷"}})  # type: ignore[arg-type]
    begun_anew(monkeypatch)

    assert (told(opened()), told(opened(who="b"))) == ({3: 88.5}, {})
    [file] = unsent.folder().iterdir()
    assert file.stat().st_mode & 0o077 == 0
    paging.forget(SimpleNamespace(id="a"), "fill")  # type: ignore[arg-type]
    assert list(unsent.folder().iterdir()) == []


def test_two_servers_of_one_folder_answer_alike() -> None:
    here, there = unsent.Kept(), unsent.Kept()
    assert (here.of("a", "fill"), there.of("a", "fill")) == ({}, {})

    here.put("a", "fill", {"3": {"score": 88.5}})
    there.put("a", "fill", {"3": {"score": 70.0}})
    assert (here.of("a", "fill"), there.of("a", "fill")) == ({"3": {"score": 70.0}},) * 2
    here.put("a", "fill", {})
    assert (here.of("a", "fill"), there.of("a", "fill")) == ({}, {})


def test_what_cannot_be_read_or_kept_stops_nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    paging.remember(SimpleNamespace(id="a"), "fill", {"3": {"score": 88.5}})  # type: ignore[arg-type]
    [file] = unsent.folder().iterdir()
    file.write_text("{")
    begun_anew(monkeypatch)
    assert told(opened()) == {}

    (tmp_path / "full").write_text("no folder")
    monkeypatch.setattr(unsent, "folder", lambda: tmp_path / "full")
    paging.remember(SimpleNamespace(id="a"), "fill", {"3": {"score": 70.0}})  # type: ignore[arg-type]
    assert told(opened()) == {3: 70.0}


def test_what_nobody_came_back_for_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    paging.remember(SimpleNamespace(id="a"), "fill", {"3": {"score": 88.5}})  # type: ignore[arg-type]
    [old] = unsent.folder().iterdir()
    os.utime(old, (0, 0))
    begun_anew(monkeypatch)

    paging.remember(SimpleNamespace(id="b"), "fill", {"3": {"score": 60.0}})  # type: ignore[arg-type]

    assert (old.exists(), len(list(unsent.folder().iterdir()))) == (False, 1)
