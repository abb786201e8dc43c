"""The process tree of `shenbao up`: start in order, watch, restart, stop in reverse."""

from __future__ import annotations

import select
import signal
import socket
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from ui.children import Child, Leash, Plan

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

TICK = 0.2  # seconds between two looks at logs and health; a death or a signal is heard at once
ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
TRIM_EVERY = 60.0  # seconds
SECOND_ASKING = 1.0  # seconds; make and a terminal may both pass on the same ctrl-C
HOPELESS = 5  # lives in a row after which a vital child that was never ready ends everything


class Say(Protocol):
    """Tell the person at the console; `code` names one of the sentences of ui/tending.py."""

    def __call__(self, code: str, **details: Any) -> None:
        """Say it."""


class Tree:
    """The children of one supervisor, in the order in which they start.

    Single-threaded on purpose: Linux's parent-death signal is tied to the thread that forked.
    """

    def __init__(self, plans: Sequence[Plan], logs: Path, say: Say) -> None:
        logs.mkdir(parents=True, exist_ok=True)
        self._leash = Leash()
        self._children = {plan.name: Child(plan, logs / f"{plan.name}.log", self._leash) for plan in plans}
        self._say = say
        self._bell, self._rope = socket.socketpair()
        self._asked_at = 0.0
        self._in_haste = False
        self._trimmed = time.monotonic()

    def run(self) -> int:
        """Keep all alive until SIGTERM, SIGHUP or ctrl-C: 0; 1 if a vital child never works."""
        with self._signals():
            try:
                return self._keep()
            finally:
                self._stop()

    def _keep(self) -> int:
        while not self._asked_at:
            self._leash.watch()
            for child in self._children.values():
                self._look_after(child)
                if child.plan.vital and child.failures >= HOPELESS and not child.was_ready:
                    self._say("hopeless", name=child.name, log=child.log)
                    return 1
            self._trim()
            self._wait()
        return 0

    def _look_after(self, child: Child) -> None:
        self._hear(child)
        if (status := child.died()) is not None:
            self._hear(child)
            pause = child.postpone()
            self._say("died", name=child.name, status=status, pause=pause, log=child.log)
        if child.process is None and self._may_start(child):
            child.start()
        elif child.check_ready():
            self._say("ready", name=child.name)

    def _may_start(self, child: Child) -> bool:
        if time.monotonic() < child.not_before:
            return False
        return child.plan.after is None or self._children[child.plan.after].ready

    def _stop(self) -> None:
        """End the children one by one, last started first; a second ctrl-C ends them at once."""
        self._say("stopping")
        for child in reversed(self._children.values()):
            child.ask_to_end()
            deadline = time.monotonic() + child.plan.patience
            while child.process is not None and child.died() is None:
                if time.monotonic() > deadline or self._in_haste:
                    child.end()
                self._wait()
            self._hear(child)
        self._leash.loose()
        self._say("stopped")

    def _hear(self, child: Child) -> None:
        lines = child.news()
        for line in lines if child.plan.aloud else ():
            self._say("line", name=child.name, line=line)

    def _trim(self) -> None:
        if time.monotonic() - self._trimmed > TRIM_EVERY:
            self._trimmed = time.monotonic()
            for child in self._children.values():
                child.trim()

    def _wait(self) -> None:
        if select.select([self._bell], [], [], TICK)[0]:
            self._bell.recv(1024)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """Every signal rings the bell, so that waiting ends; three of them ask the tree to end."""
        self._rope.settimeout(0)
        # nohup has SIGHUP ignored, and means it.
        wanted = [n for n in ENDING if n == signal.SIGINT or signal.getsignal(n) != signal.SIG_IGN]
        former = {number: signal.signal(number, self._asked) for number in wanted}
        # Whoever asked while the program was only becoming this one is heard now.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, wanted)
        former[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        silent = signal.set_wakeup_fd(self._rope.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(silent)
            for number, handler in former.items():
                signal.signal(number, handler)
            self._bell.close()
            self._rope.close()

    def _asked(self, _number: int, _frame: object) -> None:
        now = time.monotonic()
        self._in_haste = bool(self._asked_at) and now - self._asked_at > SECOND_ASKING
        self._asked_at = self._asked_at or now
