"""A part of a page asks to be drawn again after its page was left: Streamlit then shows an empty page.

Two requests in quick succession, as Ctrl+Enter in a field sends them: the first changes the page (or ends at our
notice that the session is over), the second still names the page that was left. Streamlit runs it when the first is
done, tells the browser the former page's name, and the browser throws away what it has just drawn. Seen with 1.67;
take this away when `test_stale` passes without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streamlit.runtime.scriptrunner.script_runner import ScriptRunner

if TYPE_CHECKING:
    from streamlit.runtime.scriptrunner_utils.script_requests import RerunData


_run = ScriptRunner._run_script  # noqa: SLF001 -- there is no public place for it


def mend() -> None:
    """Leave such requests undone from now on, in this process."""
    ScriptRunner._run_script = _unless_left  # type: ignore[method-assign]  # noqa: SLF001


def _unless_left(self: ScriptRunner, rerun_data: RerunData) -> None:
    here = self._pages_manager.current_page_script_hash
    if not rerun_data.fragment_id_queue or rerun_data.page_script_hash in ("", here):
        _run(self, rerun_data)
