"""What `shenbao up` costs when nobody does anything: memory and CPU of its whole tree."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
from pathlib import Path

from tests.ui.trees import Running, fetch, free_port, running, until

SETTLED = 90.0  # seconds after all are ready: schedules made, first runs done
WATCHED = float(os.environ.get("SHENBAO_BENCH_SECONDS", "60"))
MOST_MB, MOST_CPU = 600.0, 5.0
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Start the demo province on ports of its own, let it settle, then watch it do nothing."""
    web, prefect = free_port(), free_port()
    with tempfile.TemporaryDirectory() as folder:
        surroundings = {
            "SHENBAO_DATA_DIR": folder,
            "SHENBAO_PREFECT_PORT": str(prefect),
            "SHENBAO_DATABASE_URL": "",
        }
        command = (sys.executable, "-m", "ui.cli", "up", "--demo", "--port", str(web))
        with running(*command, **surroundings) as tree:
            until(lambda: fetch(f"http://127.0.0.1:{web}/healthz") or tree.said("\0"), 300)
            # The demo province has swept before; only then the clocks of this tree do.
            until(lambda: (tree.of("workflows.flows.serve") and _swept(web)) or tree.said("\0"), 300)
            _wait(SETTLED)
            cpu = _cpu(tree)
            _wait(WATCHED)
            _tell(tree, cpu)


def _tell(tree: Running, before: dict[int, float]) -> None:
    alive, after = tree.alive(), _cpu(tree)
    memory = {_name(words): round(_memory(pid), 1) for pid, words in alive.items()}
    spent = {_name(words): 100 * (after[pid] - before.get(pid, 0.0)) / WATCHED for pid, words in alive.items()}
    _line("idle_memory", "mb", sum(memory.values()), MOST_MB, memory)
    _line("idle_cpu", "percent", sum(spent.values()), MOST_CPU, {name: round(n, 2) for name, n in spent.items()})


def _line(name: str, unit: str, total: float, goal: float, parts: dict[str, float]) -> None:
    line = {"name": name, f"ours_{unit}": round(total, 2), f"goal_{unit}": goal, "parts": parts}
    print(json.dumps(line), flush=True)


def _swept(port: int) -> bool:
    found = fetch(f"http://127.0.0.1:{port}/readyz")
    return isinstance(found, dict) and found.get("sweep_age_seconds") is not None


def _wait(seconds: float) -> None:
    threading.Event().wait(seconds)


def _name(words: str) -> str:
    kinds = {"ui.serve": "web", "prefect": "prefect", "flows.serve": "clocks", "guardian": "guardian"}
    return next((name for part, name in kinds.items() if part in words), "up")


def _cpu(tree: Running) -> dict[int, float]:
    """CPU seconds of every process of the tree since its birth."""
    found = {}
    for pid in tree.alive():
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        found[pid] = (int(fields[11]) + int(fields[12])) / TICKS
    return found


def _memory(pid: int) -> float:
    """MB that a process takes, what it shares with others counted by its share."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


if __name__ == "__main__":
    main()
