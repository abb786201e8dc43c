"""One supervised child: how it starts, dies with its parent, and is heard."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ui import guardian

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

PR_SET_PDEATHSIG = 1
LONGEST_LINE = 200
LARGEST_LOG = 10_000_000  # bytes; one older file of the same size is kept beside it
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 60.0  # seconds
_STATUS_LINE = 64  # bytes of an answer that hold its number
GROWN_UP = 60.0  # seconds of life after which an old failure is forgotten

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Plan:
    """What a child is: its command, when it may start, and how one knows that it is ready."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    ready_url: str | None = None  # answers below 400 once the child works; None: ready at birth
    after: str | None = None  # name of the child that must be ready before this one starts
    aloud: bool = True  # whether its lines are repeated on the console
    vital: bool = False  # whether all ends when it never gets ready
    patience: float = 8.0  # seconds between SIGTERM and SIGKILL


class Leash:
    """The supervisor's end of the guardian's pipe; a guardian that was killed is replaced."""

    def __init__(self) -> None:
        self._groups: set[int] = set()
        self._guardian: subprocess.Popen[str] | None = None

    def take(self, group: int) -> None:
        """Have the group killed when this process dies."""
        self._groups.add(group)
        self._tell(f"+{group}\n")

    def drop(self, group: int) -> None:
        """Forget a group that is gone, before its number is given to a stranger."""
        self._groups.discard(group)
        self._tell(f"-{group}\n")

    def watch(self) -> None:
        """Start the guardian, or another one if somebody killed it."""
        if self._guardian is not None and self._guardian.poll() is None:
            return
        self._guardian = subprocess.Popen(
            [sys.executable, "-I", "-S", guardian.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            text=True,
        )
        self._tell("".join(f"+{group}\n" for group in self._groups))

    def loose(self) -> None:
        """Let the guardian go: nothing is left to guard."""
        if self._guardian is not None:
            self._guardian.communicate()

    def _tell(self, lines: str) -> None:
        pipe = self._guardian.stdin if self._guardian is not None else None
        with suppress(BrokenPipeError):
            if pipe is not None:
                pipe.write(lines)
                pipe.flush()


class Child:
    """A plan in being: its process, its log, its past failures."""

    def __init__(self, plan: Plan, log: Path, leash: Leash) -> None:
        self.plan = plan
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None
        self.ready = False
        self.was_ready = False
        self.failures = 0
        self.not_before = 0.0
        self._leash = leash
        self._born = time.monotonic()
        self._heard = log.stat().st_size if log.exists() else 0

    @property
    def name(self) -> str:
        """The plan's name."""
        return self.plan.name

    def start(self) -> None:
        """Begin a life, in a session of its own so that a terminal's ctrl-C passes it by."""
        self._turn_log()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.plan.command,
                env={**os.environ, **self.plan.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent(os.getpid()),  # noqa: PLW1509 -- we run no threads
            )
        self._leash.take(self.process.pid)
        self._born = time.monotonic()

    def check_ready(self) -> bool:
        """Ask once whether it works by now; True only at the first yes of this life."""
        if self.process is None or self.ready or not self._answers():
            return False
        self.ready = self.was_ready = True
        return True

    def died(self) -> int | None:
        """The exit status if it has died since last asked; its whole group is then gone too.

        The group is killed before the process is reaped: until then its number is not free.
        """
        if self.process is None:
            return None
        if not os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return None
        guardian.end_group(self.process.pid)
        self._leash.drop(self.process.pid)
        status = self.process.wait()
        self.process, self.ready = None, False
        return status

    def postpone(self) -> float:
        """Count a failure and answer the pause in seconds before the next life."""
        now = time.monotonic()
        self.failures = 1 if now - self._born > GROWN_UP else self.failures + 1
        pause: float = min(LONGEST_PAUSE, SHORTEST_PAUSE * 2.0 ** min(self.failures - 1, 10))
        self.not_before = now + pause
        return pause

    def ask_to_end(self) -> None:
        """SIGTERM to it and all it started."""
        if self.process is not None:
            guardian.end_group(self.process.pid, signal.SIGTERM)

    def end(self) -> None:
        """SIGKILL to it and all it started."""
        if self.process is not None:
            guardian.end_group(self.process.pid)

    def news(self) -> list[str]:
        """The whole lines it has written since last asked, shortened, empty ones left out."""
        with suppress(FileNotFoundError), self.log.open("rb") as log:
            log.seek(self._heard)
            text, newline, _ = log.read(1 << 20).rpartition(b"\n")
            self._heard += len(text) + len(newline)
            lines = text.decode("utf-8", "replace").splitlines()
            return [line[:LONGEST_LINE].rstrip() for line in lines if line.strip()]
        return []

    def trim(self) -> None:
        """Keep the log within bounds; the child appends, so that emptying it in place is safe."""
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            shutil.copyfile(self.log, self.log.with_suffix(".log.1"))
            os.truncate(self.log, 0)
            self._heard = 0

    def _turn_log(self) -> None:
        self.trim()
        self.log.touch(mode=0o600)

    def _answers(self) -> bool:
        if self.plan.ready_url is None:
            return True
        try:
            return _status(self.plan.ready_url) < 400  # noqa: PLR2004 -- HTTP's own border
        except (OSError, ValueError):
            return False


def _status(url: str) -> int:
    """What a server of ours answers, by its number. Raises OSError, ValueError.

    By hand: Python's own way of asking takes 9 MB, and would go through a proxy of the environment.
    """
    place = urlsplit(url)
    with socket.create_connection((place.hostname, place.port or 80), timeout=1) as line:
        line.sendall(f"GET {place.path or '/'} HTTP/1.0\r\nHost: {place.netloc}\r\n\r\n".encode())
        _, _, told = line.recv(_STATUS_LINE).partition(b" ")
    return int(told[:3])


def _die_with_parent(parent: int) -> Callable[[], None] | None:
    """What a newborn does before its program starts: ask Linux to kill it with its parent."""
    if _libc is None:
        return None
    libc = _libc

    def arm() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died in between
            os._exit(1)

    return arm
