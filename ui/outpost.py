"""What Prefect says of itself, asked by plain HTTP: its client would cost every web face 80 MB."""

from __future__ import annotations

import base64
import json
import os
import urllib.error
import urllib.request
from typing import Any, NamedTuple

from models.settings import settings

PATIENCE = 1.0  # seconds for each of two questions
NEWEST = 50  # runs
_TAG = "shenbao"
# A proxy of the environment must never stand between us and a neighbour.
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Said(NamedTuple):
    """How many of our runs are at work, how many late, and how many of the newest 50 failed."""

    running: int
    late: int
    failed: int


def ask() -> Said | None:
    """What Prefect's server says now; None when it does not answer within two seconds."""
    ours = {"tags": {"all_": [_TAG]}}
    # What failed long ago was seen long ago: the newest runs tell how it goes now.
    newest = {"flow_runs": {**ours, "start_time": {"is_null_": False}}, "limit": NEWEST, "sort": "START_TIME_DESC"}
    try:
        late = int(_post("/flow_runs/count", {"flow_runs": {**ours, "state": {"name": {"any_": ["Late"]}}}}))
        states = [run["state_type"] for run in _post("/flow_runs/filter", newest)]
    except (urllib.error.URLError, OSError, ValueError, KeyError, TypeError):
        return None
    return Said(states.count("RUNNING"), late, sum(state in ("FAILED", "CRASHED") for state in states))


def page() -> str:
    """The address of Prefect's page for an administrator's browser."""
    return settings().prefect_public_url or f"http://127.0.0.1:{settings().prefect_port}"


def _post(path: str, body: dict[str, Any]) -> Any:
    base = os.environ.get("PREFECT_API_URL") or f"http://127.0.0.1:{settings().prefect_port}/api"
    headers = {"Content-Type": "application/json"}
    if secret := os.environ.get("PREFECT_API_AUTH_STRING"):
        headers["Authorization"] = f"Basic {base64.b64encode(secret.encode()).decode()}"
    request = urllib.request.Request(f"{base}{path}", json.dumps(body).encode(), headers)  # noqa: S310 -- an operator's setting
    with _direct.open(request, timeout=PATIENCE) as answer:
        return json.load(answer)
