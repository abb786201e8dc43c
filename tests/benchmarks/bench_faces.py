"""A hundred reviewers at work in one real web process: a click every 5 s each, and a list that looks after itself.

`python -m tests.benchmarks.bench_faces 100 60 1000 100000`: reviewers, seconds, at how many applications. Each line
tells milliseconds from a click to the end of its run, until the first thing of a new page, CPU of the server for an
operation, memory for a session, and the same number of clients at a bare WebSocket that asks the database
for as much and answers as many bytes. What the machine was doing besides is in `load`.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

import websockets

from models import database
from models.account import Session
from models.base import new_token
from models.database import reading, transaction
from models.settings import settings
from models.sql import insert_into
from models.vocabulary import Role
from tests.benchmarks.bench_idle import TICKS, _memory
from tests.benchmarks.bench_queue import _COUNTIES
from tests.benchmarks.ground import begin, both
from tests.benchmarks.visitor import Visitor
from tests.clones import multiply
from tests.ui.trees import ROOT, fetch, free_port, until
from workflows.people import sessions
from workflows.people.accounts import open_account
from workflows.record.acting import SYSTEM, actor_of

if TYPE_CHECKING:
    from collections.abc import Iterator

REVIEWERS, SECONDS, SIZES, PAUSE = 100, 60.0, (1_000, 100_000), 5.0
ROUND = 5 * PAUSE  # seconds that one round of clicks takes
DESKS = 100
GOAL_MS, GOAL_FIRST_MS = 250.0, 2000.0
QUEUE, WORDS, PICKED = "queue:on", "queue:words", '{"selection":{"rows":[0],"columns":[],"cells":[]}}'
SMALL = frozenset({"revision", "letter"})  # of a case's own pages only, and found there by its id
_OPEN = insert_into(Session)


class Reviewer(NamedTuple):
    """Who works, where, and the cookie of their browser."""

    desk: str
    token: str


class Work(NamedTuple):
    """What the clients saw: milliseconds of each click by its name, and of everything else."""

    clicks: dict[str, list[float]]
    first: list[float]
    drawn: list[float]
    live: list[float]
    received: int
    runs: int
    failed: int


def main() -> None:
    """Print one line for each database and size."""
    given = sys.argv[1:]
    n, seconds = int(given[0]) if given else REVIEWERS, float(given[1]) if len(given) > 1 else SECONDS
    sizes = tuple(map(int, given[2:])) or SIZES
    with both() as databases:
        for kind, url in databases:
            made, row = begin(url)
            desks = _desks(made.county.seats[0].organization)
            seated, size = reviewers(n, desks), 1
            for wanted in sizes:
                size = multiply([row.id], wanted - size, desks=desks, without=SMALL) if size < wanted else size
                measure(kind, url, seated, seconds, size)
            database.disconnect()


def _desks(own: str) -> list[str]:
    """The desk of the round's county, and others to make a hundred."""
    with reading() as store:
        codes = [unit.code for unit in store.all(_COUNTIES) if unit.code != own]
    return [own, *codes[: DESKS - 1]]


def reviewers(n: int, desks: list[str]) -> list[Reviewer]:
    """People with a seat and a session that is open already: signing in is not what is measured."""
    made = []
    for i in range(n):
        desk, email, token = desks[i % len(desks)], f"bench{i}@example.cn", new_token()
        open_account(SYSTEM, email=email, name=f"审核员{i}", organization_code=desk, role=Role.REVIEWER)
        with transaction() as store:
            store.run(_OPEN, id=sessions.sid_of(token), account_id=actor_of(email).id, created_at=store.now,
                      seen_at=store.now, ends_at=store.now + sessions.KEEP, address="127.0.0.1", agent="")  # fmt: skip
        made.append(Reviewer(desk, token))
    return made


def measure(kind: str, url: str, seated: list[Reviewer], seconds: float, size: int) -> None:
    """The web face under all of them, then the bare server under as many."""
    load = os.getloadavg()[0]
    with web(url) as (port, process):
        asyncio.run(_warmed(port, seated[0]))
        idle = _memory(process.pid)
        before = _spent(process.pid)
        work, megabytes = asyncio.run(_working(port, process.pid, seated, seconds))
        spent = _spent(process.pid) - before
    operations = work.runs + len(work.live)
    clicks = [spell for each in work.clicks.values() for spell in each]
    weight = max(1000, work.received // max(1, operations))
    with bare(url, weight) as (port, process):
        before = _spent(process.pid)
        bare_times = asyncio.run(_beside(port, seated, seconds))
        bare_spent = _spent(process.pid) - before
    name = f"faces, {len(seated)} reviewers at {size:,} applications ({kind})"
    line = {
        "name": name, "p50_ms": _at(clicks, 50), "p95_ms": _at(clicks, 95), "goal_p95_ms": GOAL_MS,
        "first_p95_ms": _at(work.first, 95), "drawn_p95_ms": _at(work.drawn, 95), "goal_first_ms": GOAL_FIRST_MS,
        "live_p95_ms": _at(work.live, 95), "cpu_ms": round(1000 * spent / operations, 1),
        "session_mb": round((megabytes - idle) / len(seated), 2), "web_mb": round(megabytes),
        "bare_p50_ms": _at(bare_times, 50), "bare_p95_ms": _at(bare_times, 95),
        "bare_cpu_ms": round(1000 * bare_spent / len(bare_times), 1), "bytes": weight, "operations": operations,
        "failed": work.failed, "load": round(load, 1),
        "by_click": {named: (_at(each, 50), _at(each, 95)) for named, each in sorted(work.clicks.items())},
    }  # fmt: skip
    print(json.dumps(line, ensure_ascii=False), flush=True)


@contextmanager
def web(url: str) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The web face as it is run, alone; it answers when it is yielded."""
    port = free_port()
    with _process("-m", "ui.serve", "--port", str(port), SHENBAO_DATABASE_URL=url) as process:
        until(lambda: fetch(f"http://127.0.0.1:{port}/healthz"), 300)
        yield port, process


@contextmanager
def bare(url: str, weight: int) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The bare server."""
    port = free_port()
    with _process("-m", "tests.benchmarks.bare_web", str(port), url, str(weight)) as process:
        until(lambda: _answers(port), 300)
        yield port, process


def _answers(port: int) -> bool:
    async def ask() -> bool:
        try:
            async with websockets.connect(f"ws://127.0.0.1:{port}/", proxy=None):
                return True
        except OSError:
            return False

    return asyncio.run(ask())


@contextmanager
def _process(*words: str, **surroundings: str) -> Iterator[subprocess.Popen[bytes]]:
    with tempfile.NamedTemporaryFile(suffix=".log") as log:
        process = subprocess.Popen(
            [sys.executable, *words], cwd=ROOT, stdout=log, stderr=log,
            env={**os.environ, "SHENBAO_DATA_DIR": str(settings().data_dir), **surroundings},
        )  # fmt: skip
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)
            if os.environ.get("SHENBAO_BENCH_LOG"):
                Path(os.environ["SHENBAO_BENCH_LOG"]).write_bytes(Path(log.name).read_bytes())


async def _warmed(port: int, one: Reviewer) -> None:
    """One session before the others, so that none pays for the first use of a module."""
    visitor = Visitor(port, one.token)
    await visitor.open(page=await _queue_page(port, one))
    await _round(visitor, {}, pause=0)
    await visitor.close()


async def _queue_page(port: int, one: Reviewer) -> str:
    """The hash that Streamlit gives the page of the queue, from its menu."""
    visitor = Visitor(port, one.token)
    await visitor.open()
    await visitor.close()
    return visitor.pages["review"]


async def _working(port: int, pid: int, seated: list[Reviewer], seconds: float) -> tuple[Work, float]:
    page, dice = await _queue_page(port, seated[0]), random.Random(len(seated))  # noqa: S311 -- repeatable on purpose
    visitors = [Visitor(port, one.token) for one in seated]
    work = Work({}, [], [], [], 0, 0, 0)
    # A hundred people do not open their cases in the same second: each begins somewhere within the others' round.
    until_ = perf_counter() + ROUND + seconds
    failed = await asyncio.gather(*(_day(visitor, page, work, until_, dice.uniform(0, ROUND)) for visitor in visitors))
    megabytes = _memory(pid)
    for visitor in visitors:
        await visitor.close()
    live = [spell for visitor in visitors for spell in visitor.live]
    runs, received = sum(v.runs for v in visitors), sum(v.received for v in visitors)
    return work._replace(live=live, received=received, runs=runs, failed=sum(failed)), megabytes


async def _day(visitor: Visitor, page: str, work: Work, until_: float, late: float) -> int:
    """One reviewer's clicks until the time is up; answers 1 when their page broke."""
    await asyncio.sleep(late)
    try:
        first, drawn = await visitor.open(page=page)
        work.first.append(first)
        work.drawn.append(drawn)
        while perf_counter() < until_:
            await _round(visitor, work.clicks, pause=PAUSE, until_=until_)
    except (KeyError, TimeoutError, ConnectionError, websockets.ConnectionClosed) as error:
        print(f"broke: {error!r} {sorted(visitor.widgets)}", file=sys.stderr)
        return 1
    return 0


async def _round(visitor: Visitor, clicks: dict[str, list[float]], *, pause: float, until_: float = 1e18) -> None:
    """What a reviewer does again and again: turn the page, open a case, go back, search, clear the search."""
    table = _table(visitor)
    steps = [("next page", "press", QUEUE, "")] if visitor.may(QUEUE) else []
    steps += [("pick", "put", "", PICKED), ("open case", "press", "queue:open", ""), ("back", "press", "case:back", ""),
              ("search", "put", WORDS, "机械 is:待审核"), ("clear", "put", WORDS, "")] if table else []  # fmt: skip
    for name, how, key, text in steps:
        if perf_counter() > until_:
            return
        begun = perf_counter()
        spent = await (visitor.press(key) if how == "press" else visitor.put(key or _table(visitor), text))
        clicks.setdefault(name, []).append(spent)
        await asyncio.sleep(max(0.0, pause - (perf_counter() - begun)))


def _table(visitor: Visitor) -> str:
    """The key of the queue's table: it begins with the desk's code and ends with what the rows are known by."""
    return next(
        (key for key in visitor.widgets if key.startswith("queue:") and key[6:7].isalnum() and key.count(":") == 2), ""
    )


async def _beside(port: int, seated: list[Reviewer], seconds: float) -> list[float]:
    """As many clients, as often, at the bare server."""
    times: list[float] = []
    dice, until_ = random.Random(len(seated)), perf_counter() + seconds  # noqa: S311 -- repeatable on purpose

    async def client(desk: str) -> None:
        await asyncio.sleep(dice.uniform(0, PAUSE))
        address = f"ws://127.0.0.1:{port}/"
        async with websockets.connect(address, compression=None, max_size=None, proxy=None) as socket:
            while perf_counter() < until_:
                begun = perf_counter()
                await socket.send(desk)
                await socket.recv()
                times.append((perf_counter() - begun) * 1000)
                await asyncio.sleep(PAUSE / 2)  # a click and a look of the live list

    await asyncio.gather(*(client(one.desk) for one in seated))
    return times


def _spent(pid: int) -> float:
    """CPU seconds of a process since its birth."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _at(times: list[float], percent: int) -> float:
    """The time that so many per cent of all stay under."""
    if len(times) < 2:
        return round(median(times), 1) if times else 0.0
    return round(quantiles(times, n=100, method="inclusive")[percent - 1], 1)


if __name__ == "__main__":
    main()
