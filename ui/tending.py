"""The program that `shenbao up` becomes once all is ready: it tends the children, and knows nothing else.

What made the start ready took 45 MB, which whoever waits for months should not hold: here is the standard library only.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import sys
import tempfile
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from ui.children import Plan
from ui.supervisor import ENDING, Tree

if TYPE_CHECKING:
    from collections.abc import Mapping

_CONSOLE = 3  # the first number behind input, output and errors
ROUTINE = '"level": "info"'  # of a log line that is for the file alone

TEXT = {
    "starting": ("正在启动；日志在 {logs}", "starting; logs are in {logs}"),
    "ready_web": ("网页已就绪：{url}", "the web face is ready: {url}"),
    "ready_prefect": ("Prefect 页面已就绪：{url}", "Prefect's page is ready: {url}"),
    "ready_clocks": ("定时任务已启动", "the clocks are running"),
    "died": (
        "{name} 退出（状态 {status}），{pause:g} 秒后重启；日志 {log}",
        "{name} ended (status {status}), restarting in {pause:g} s; log {log}",
    ),
    "hopeless": (
        "{name} 一直启动失败，已放弃；原因见 {log}",
        "{name} fails at every start, giving up; see {log}",
    ),
    "stopping": ("正在停止……", "stopping ..."),
    "stopped": ("已全部停止", "everything has stopped"),
}


class Order(NamedTuple):
    """Whom to tend, where their logs go, where they answer, in which language the console is spoken to.

    `lock` is the open file that keeps a second `up` away; it stays open as long as the program lives.
    """

    plans: list[Plan]
    logs: Path
    urls: dict[str, str]
    language: str
    lock: int


class Teller:
    """What the tree says, with the addresses it does not know."""

    def __init__(self, urls: Mapping[str, str], language: str) -> None:
        self._urls, self._language = urls, language

    def __call__(self, code: str, **details: Any) -> None:
        if code == "line":
            if ROUTINE not in details["line"]:
                say(f"{details['name']:<8}| {details['line']}")
        elif code == "ready":
            self._say(f"ready_{details['name']}", url=self._urls.get(details["name"], ""))
        else:
            self._say(code, **details)

    def _say(self, code: str, **details: Any) -> None:
        say(TEXT[code][self._language == "en"].format(**details))


def say(line: str) -> None:
    """One line on the console; never a reason to die: a closed terminal or pipe must not take the children down."""
    with suppress(OSError, ValueError):
        print(line, flush=True)  # noqa: T201 -- this is the console


def become(order: Order, environment: Mapping[str, str]) -> NoReturn:
    """Put this program in the place of the process that calls: its number, its console and its lock stay.

    Whoever asks it to end meanwhile is heard as soon as it listens.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    told = {**order._asdict(), "plans": [asdict(plan) for plan in order.plans], "lock": _kept(order.lock)}
    # In the data folder, which is known to be writable.
    with tempfile.TemporaryFile("w", encoding="utf-8", dir=order.logs.parent) as note:
        json.dump(told, note, default=str)
        note.flush()
        command = [sys.executable, "-P", "-m", __name__, str(_kept(note.fileno()))]
        os.execve(command[0], command, dict(environment))  # noqa: S606 -- no shell is wanted


def _kept(number: int) -> int:
    """The open file under another number, which the next program inherits.

    Never one of the console's three: where one of those is closed (`>&-`), a file opened since may have its number,
    and the next program would write to it whatever it says.
    """
    return fcntl.fcntl(number, fcntl.F_DUPFD, _CONSOLE)


def ordered(number: int) -> Order:
    """The order that the open file holds; the file is closed, and no child will inherit the lock."""
    with open(number, encoding="utf-8") as note:
        note.seek(0)
        said = json.load(note)
    os.set_inheritable(said["lock"], False)  # noqa: FBT003 -- it takes no keywords
    plans = [Plan(**{**plan, "command": tuple(plan["command"])}) for plan in said["plans"]]
    return Order(**{**said, "plans": plans, "logs": Path(said["logs"])})


def main() -> int:
    """Tend until asked to end: 0; 1 if a vital child never works."""
    order = ordered(int(sys.argv[1]))
    return Tree(order.plans, order.logs, Teller(order.urls, order.language)).run()


if __name__ == "__main__":
    sys.exit(main())
