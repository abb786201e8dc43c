"""Files that have come in, once they are kept where they belong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streamlit.runtime.scriptrunner import get_script_run_ctx

if TYPE_CHECKING:
    from collections.abc import Iterable


def forget(files: Iterable[Any]) -> None:
    """Let go of the bytes: Streamlit would keep them in memory as long as the session lives."""
    context = get_script_run_ctx()
    if context is None:
        return
    # Of the protocol only the one in memory, which Streamlit uses, can forget a single file.
    manager: Any = context.uploaded_file_mgr
    for file in files:
        manager.remove_file(context.session_id, file.file_id)
