"""The last hand: when the supervisor is gone, however it went, its process groups go too."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def end_group(group: int, how: signal.Signals = signal.SIGKILL) -> None:
    """Signal a whole process group; one that is already gone is no error."""
    # macOS answers EPERM for a group of which only a zombie is left.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, how)


def guard(lines: Iterable[str]) -> None:
    """Follow `+group` and `-group` lines; at the end of them kill the groups still named.

    The lines come through a pipe whose other end only the supervisor holds: the kernel closes
    it at the supervisor's death, kill -9 included. `PR_SET_PDEATHSIG` alone would not do,
    because it reaches the children but never their children.
    """
    groups: set[int] = set()
    for line in lines:
        group = int(line[1:])
        if line.startswith("+"):
            groups.add(group)
        else:
            groups.discard(group)
    for group in groups:
        end_group(group)


if __name__ == "__main__":
    guard(sys.stdin)
