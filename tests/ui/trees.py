"""Real process trees for tests: started, watched through /proc, and never left behind."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).resolve().parents[2]
MARK = "SHENBAO_TEST_TREE"
T = TypeVar("T")
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def until(ask: Callable[[], T], seconds: float = 20.0) -> T:
    """The first true answer; fails when there is none in time."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not (answer := ask()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {ask}"
        pause.wait(0.05)
    return answer


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def fetch(url: str, body: dict[str, Any] | None = None) -> Any:
    """The JSON or text found there; None while nobody answers."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})  # noqa: S310 -- our own loopback
    try:
        with _direct.open(request, timeout=5) as answer:
            text = answer.read().decode()
    except (urllib.error.URLError, OSError):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text


class Running:
    """A program under test and everything it starts, recognised by a mark in the environment.

    The environment is inherited whatever a process does to its session, its group or its
    parents, so no orphan can hide.
    """

    def __init__(self, *command: str, **environment: str) -> None:
        self.mark = uuid.uuid4().hex
        self._unread = b""
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **environment, MARK: self.mark},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self._turn, self._over = threading.Lock(), threading.Event()
        self._reader = threading.Thread(target=self._drain, daemon=True)
        self._reader.start()

    def alive(self) -> dict[int, str]:
        """All living processes of the tree: number and command line."""
        wanted = f"{MARK}={self.mark}".encode()
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if wanted in (folder / "environ").read_bytes().split(b"\0"):
                    words = (folder / "cmdline").read_bytes().split(b"\0")
                    found[int(folder.name)] = b" ".join(words).decode().strip()
        return {number: words for number, words in found.items() if words}

    def of(self, words: str) -> list[int]:
        """The processes of the tree whose command line holds these words."""
        return [number for number, line in self.alive().items() if words in line]

    def said(self, words: str) -> str:
        """The first console line with these words, or nothing (yet)."""
        self._read()
        return next((line for line in self.lines if words in line), "")

    def count(self, words: str) -> int:
        self._read()
        return sum(words in line for line in self.lines)

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def ended(self, seconds: float = 20.0) -> int:
        """The exit status; what it said is read on meanwhile."""
        until(lambda: self.said("\0") or self.process.poll() is not None, seconds)
        self._read()
        return int(self.process.returncode)

    def _drain(self) -> None:
        """Read on: a pipe that nobody reads fills up, and whoever writes into it then stands still for ever."""
        while not self._over.wait(0.2):
            self._read()

    def _read(self) -> None:
        pipe = self.process.stdout
        assert pipe is not None
        with self._turn:
            while not pipe.closed and select.select([pipe], [], [], 0)[0] and (text := os.read(pipe.fileno(), 65536)):
                *lines, self._unread = (self._unread + text).split(b"\n")
                self.lines += [line.decode("utf-8", "replace") for line in lines]

    def clear(self) -> None:
        """Kill whatever is left, so that one failing test does not disturb the next."""
        for number in self.alive():
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        self.process.wait()
        self._over.set()
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()


@contextmanager
def running(*command: str, **environment: str) -> Iterator[Running]:
    tree = Running(*command, **environment)
    try:
        yield tree
    except AssertionError as error:
        error.add_note("\n".join(["console:", *tree.lines[-40:]]))
        raise
    finally:
        tree.clear()


def python(program: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-c", program, *arguments)
