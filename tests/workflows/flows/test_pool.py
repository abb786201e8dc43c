"""Making the clocks known to a work pool; what its workers then do is tried in tests/topology."""

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from tests.ui.trees import free_port
from workflows.flows import pool


def test_who_cannot_reach_prefect_is_told_so_after_a_while(
    database: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(pool, "PATIENCE", 0.0)
    monkeypatch.setattr(pool.log, "propagate", True)

    with temporary_settings({PREFECT_API_URL: f"http://127.0.0.1:{free_port()}/api"}):
        assert pool.announce("shenbao") == 1

    assert [line.getMessage().split(":")[0] for line in caplog.records if line.name == pool.log.name] == [
        "Prefect does not answer"
    ]
