"""What a clock does in one turn where that is more than one function; flows and the command line call it alike."""

from __future__ import annotations

from typing import Any

from models import clock
from workflows.clocks.runs import note_run
from workflows.record.checkpoints import checkpoint

CHECKPOINT = "checkpoint"


def seal() -> dict[str, Any]:
    """Write down where every chain of the journal ends, and note that it was done. Raises as `checkpoint`."""
    started_at = clock.now()
    written = checkpoint()
    note_run(CHECKPOINT, started_at, {"leaves": written["leaves"]})
    return written
