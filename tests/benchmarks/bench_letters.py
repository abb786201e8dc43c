"""10,000 letters through the outbox to a local mail server, beside a bare smtplib loop to the same one.

The server is a process of its own that keeps nothing. Both sides use one connection at a time, kept for as many
letters; the bare loop makes each message with `email` as its documentation shows, and knows no outbox.
"""

from __future__ import annotations

import os
import smtplib
import socket
import subprocess
import sys
from contextlib import contextmanager
from email.message import EmailMessage
from statistics import median
from typing import TYPE_CHECKING

from models import clock, database, schema
from models.base import new_id
from models.database import transaction
from models.letter import Letter
from models.settings import settings
from models.sql import insert_into
from models.vocabulary import LetterKind
from tests.benchmarks.ground import both, tell, timed
from tests.people import an_account
from workflows.post import carriers
from workflows.post.carriers import deliver

if TYPE_CHECKING:
    from collections.abc import Iterator

N = int(os.environ.get("SHENBAO_BENCH_LETTERS", "10000"))
PEOPLE, PARTS, GOAL = 200, 10, 2
_LETTER = insert_into(Letter)
_SINK = """
import asyncio, sys
from aiosmtpd.smtp import SMTP
class Sink:
    async def handle_DATA(self, server, session, envelope): return "250 taken"
async def main():
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(Sink()), "127.0.0.1", int(sys.argv[1]))
    print("ready", flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


@contextmanager
def sink() -> Iterator[int]:
    """A mail server in a process of its own; yields its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = subprocess.Popen([sys.executable, "-c", _SINK, str(port)], stdout=subprocess.PIPE)
    try:
        if server.stdout is None or not server.stdout.readline():
            raise SystemExit("the mail server did not start")
        yield port
    finally:
        server.terminate()
        server.wait()


def write(people: list[str], n: int) -> None:
    """`n` letters in the outbox, due now, about as many things."""
    now = clock.now()
    with transaction() as store:
        store.run_many(_LETTER, (
            {"id": new_id(), "account_id": people[i % PEOPLE], "template": "recommended", "thing_id": new_id(),
             "kind": LetterKind.INFORMATION, "created_at": now, "not_before": now,
             "params": {"receipt": f"2026-{i:06}", "subject": f"工作室{i}", "organization": "330100", "next": "330000"}}
            for i in range(n)
        ))  # fmt: skip


def bare(port: int, n: int) -> None:
    """The loop of the documentation: a message, a connection for as many as ours has, and send."""
    for start in range(0, n, carriers.BATCH):
        with smtplib.SMTP("127.0.0.1", port, "localhost") as line:
            for i in range(start, min(n, start + carriers.BATCH)):
                message = EmailMessage()
                message["From"] = "shenbao@zj.example.cn"
                message["To"] = f"某人 <someone{i % PEOPLE}@example.cn>"
                message["Subject"] = f"【通知】申报已获推荐：工作室{i}"
                message.set_content(
                    "您好：\n\n杭州市总工会已推荐该申报，下一步由浙江省总工会审核。\n\n"
                    f"申报项目：工作室{i}\n受理编号：2026-{i:06}\n\n本邮件由申报系统自动发送，请勿直接回复。\n"
                )
                line.send_message(message)


def main() -> None:
    """Print one line for each database: milliseconds of a tenth of the letters, in turns."""
    with both() as databases, sink() as port:
        os.environ |= {"SHENBAO_SMTP_HOST": "127.0.0.1", "SHENBAO_SMTP_PORT": str(port),
                       "SHENBAO_QUIET_UNTIL": "21:30"}  # fmt: skip
        settings.cache_clear()
        for kind, url in databases:
            database.connect(url)
            schema.upgrade()
            people = [an_account(f"someone{i}@example.cn", name=f"某人{i}") for i in range(PEOPLE)]
            write(people, N)
            ours, theirs = [], []
            for _ in range(PARTS):
                ours.append(timed(lambda _i: _deliver(N // PARTS)))
                theirs.append(timed(lambda _i: bare(port, N // PARTS)))
            tell(f"{N} letters by SMTP, a tenth each time ({kind})", median(ours), median(theirs), GOAL, N)


def _deliver(n: int) -> None:
    if (counts := deliver(n))["sent"] != n:
        raise SystemExit(f"not all were sent: {counts}")


if __name__ == "__main__":
    main()
