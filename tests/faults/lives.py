"""Starting, killing and questioning the processes of `acts`."""

import json
import multiprocessing
import signal
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, TypeVar

from models.settings import settings
from tests.faults.acts import Place
from tests.ui.trees import until
from tests.worlds import rows
from workflows import doctor
from workflows.record import audit

T = TypeVar("T")
# A server that has imported everything forks a fresh process in 20 ms; each is an only thread.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.faults.acts"])


def here(url: str, name: str = "log") -> Place:
    """A place in this test's own data folder."""
    data = settings().data_dir
    data.mkdir(parents=True, exist_ok=True)
    return Place(url, str(data), str(data.parent / f"{name}.jsonl"))


def started(act: Callable[..., None], *given: Any) -> BaseProcess:
    """A process that does this."""
    process = PROCESSES.Process(target=act, args=given, daemon=True)
    process.start()
    return process


def killed(process: BaseProcess) -> None:
    """End it as `kill -9` does; it must have lived until now."""
    assert process.is_alive(), process.exitcode
    process.kill()
    process.join()
    assert process.exitcode == -signal.SIGKILL


def died(act: Callable[..., None], *given: Any) -> bool:
    """Let a process do this to its end: whether it was killed on the way."""
    process = started(act, *given)
    process.join(60)
    assert process.exitcode in (0, -signal.SIGKILL), process.exitcode
    return process.exitcode != 0


def lines(place: Place) -> list[dict[str, Any]]:
    """The whole lines of a log; a last one torn by the kill was never acknowledged."""
    file = Path(place.log)
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    return [json.loads(line) for line in text.split("\n")[:-1]]


def acked(place: Place) -> list[dict[str, Any]]:
    """What was answered with success."""
    return [line for line in lines(place) if "verb" in line]


def goes_on(place: Place) -> None:
    """Wait until there is a success more than there was."""
    before = len(acked(place))
    until(lambda: len(acked(place)) > before)


def lost(place: Place) -> list[dict[str, Any]]:
    """The acknowledged answers that the database does not hold as they were given."""
    heads = dict(rows("SELECT hash, version FROM journal_event"))
    receipts = dict(rows("SELECT receipt, content_hash FROM application WHERE receipt IS NOT NULL"))
    files = dict(rows("SELECT id, sha256 FROM attachment"))

    def is_there(line: dict[str, Any]) -> bool:
        if "sha256" in line:
            return bool(files.get(line["id"]) == line["sha256"])
        if line["verb"] == "submit" and receipts.get(line["receipt"]) != line["content_hash"]:
            return False
        return bool(heads.get(line["head"]) == line["version"])

    return [line for line in acked(place) if line["verb"] != "queue" and not is_there(line)]


def complaints() -> list[Any]:
    """What doctor and audit find; bytes that no row speaks of yet are what a kill may leave."""
    found = [v for v in doctor.check(files=True) if v.name != "file_orphaned"]
    return [*found, *audit.verify().faults]


def free_places(there_round: str) -> list[tuple[Any, ...]]:
    """Unions with more places reserved and used than they were issued."""
    return rows("SELECT organization FROM quota WHERE round_id = :r AND reserved + used > places"
                " AND kind <> 'free'", r=there_round)  # fmt: skip
