"""A request of a part of a page that was left: Streamlit would empty the page that is there now."""

from contextlib import suppress
from pathlib import Path

import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

from ui import stale

HERE, LEFT = "page here", "page left"


class Runner(ScriptRunner):
    """Streamlit's own, standing at a page; it tells what it begins instead of doing it, for it is in no session."""

    def __init__(self) -> None:
        self._pages_manager = PagesManager(str(Path(__file__)))
        self._pages_manager.set_current_page_script_hash(HERE)
        self.begun = 0

    def _is_in_script_thread(self) -> bool:
        self.begun += 1
        return False


@pytest.mark.parametrize(
    ("asked", "begun"),
    [
        (RerunData(page_script_hash=LEFT, fragment_id_queue=["part"]), 0),
        (RerunData(page_script_hash=HERE, fragment_id_queue=["part"]), 1),
        (RerunData(page_script_hash="", fragment_id_queue=["part"]), 1),
        (RerunData(page_script_hash=LEFT), 1),
    ],
)
def test_only_a_part_of_a_page_that_was_left_is_not_drawn(
    monkeypatch: pytest.MonkeyPatch, asked: RerunData, begun: int
) -> None:
    monkeypatch.setattr(ScriptRunner, "_run_script", ScriptRunner._run_script)  # noqa: SLF001 -- given back after
    stale.mend()
    runner = Runner()

    with suppress(RuntimeError):
        runner._run_script(asked)  # noqa: SLF001

    assert runner.begun == begun
