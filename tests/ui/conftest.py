"""What every test of a page shares."""

import time
from collections.abc import Iterator
from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner

from ui import alarms


@pytest.fixture(scope="session", autouse=True)
def _scanned_once() -> Iterator[None]:
    """Let Streamlit look once for components among the installed packages: it would look at every page, for 0.1 s."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(autouse=True)
def _just_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every test's web face be a new one, however long the tests have run: an older one speaks of silent clocks."""
    monkeypatch.setattr(alarms, "_BORN", time.monotonic())
