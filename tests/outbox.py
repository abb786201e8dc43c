"""Letters in the outbox of a test, a mail server that answers as it is told, and a carrier that only keeps."""

from __future__ import annotations

import asyncio
import socket
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any, cast

from models.database import reading, transaction
from models.letter import Letter, Preference
from models.settings import settings
from models.sql import insert_into, rows_of
from models.vocabulary import Habit, LetterKind
from workflows.post import leases

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import EmailMessage

    import pytest

NOW = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LIN, WANG = "a" * 32, "b" * 32
_LETTERS = rows_of(Letter, order=(cast("Any", Letter).id,))
_LETTER = insert_into(Letter)
_PREFERENCE = insert_into(Preference)


class Server:
    """A mail server that keeps what it takes, and answers as it is told.

    aiosmtpd calls its methods by their names, and hands over by place.
    """

    def __init__(self) -> None:
        self.taken: list[tuple[str, EmailMessage]] = []
        self.sessions: set[int] = set()
        self.to: dict[str, str] = {}  # answer to RCPT, by address
        self.sender = ""  # answer to MAIL, if not yes
        self.data = "250 taken"
        self.drops = False
        self.stalls = False

    async def handle_MAIL(self, *told: Any) -> str:  # noqa: N802
        _, _, envelope, address, _ = told
        if self.sender:
            return self.sender
        envelope.mail_from = address
        return "250 ok"

    async def handle_RCPT(self, *told: Any) -> str:  # noqa: N802
        _, session, envelope, address, _ = told
        self.sessions.add(id(session))
        answer = self.to.get(address, "250 ok")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, *told: Any) -> str:  # noqa: N802
        server, _, envelope = told
        if self.stalls:
            await asyncio.Event().wait()
        if self.data.startswith("250"):
            read = message_from_bytes(envelope.content, policy=policy.default)
            self.taken.append((envelope.rcpt_tos[0], read))
        if self.drops:
            server.transport.abort()
        return self.data


class Bag:
    """A carrier that only keeps what it is given, or raises what it is told to."""

    def __init__(self, trouble: BaseException | None = None) -> None:
        self.trouble = trouble
        self.taken: list[str] = []
        self.messages: list[EmailMessage] = []
        self.before: Callable[[], None] = lambda: None

    def carry(self, message: EmailMessage) -> None:
        self.before()
        if self.trouble is not None:
            raise self.trouble
        self.taken.append(message["Message-ID"])
        self.messages.append(message)

    def rest(self) -> None:
        pass


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def point_at(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    monkeypatch.setenv("SHENBAO_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("SHENBAO_SMTP_PORT", str(port))
    monkeypatch.setenv("SHENBAO_MAIL_FROM", "shenbao@zj.example.cn")
    settings.cache_clear()


def write(
    *ids: str, to: str = LIN, template: str = "checked", kind: LetterKind = LetterKind.INFORMATION,
    about: str | None = "each its own", **params: Any,
) -> None:  # fmt: skip
    """Put letters into the outbox, written and due now; `about` is the thing all of them tell of."""
    with transaction() as store:
        store.run_many(_LETTER, [
            {
                "id": id_,
                "account_id": to,
                "template": template,
                "params": params,
                "kind": kind,
                "thing_id": id_ if about == "each its own" else about,
                "created_at": store.now,
                "not_before": store.now,
            }
            for id_ in ids
        ])  # fmt: skip


def prefer(account: str, information: Habit = Habit.AT_ONCE, *, quiet: bool = True) -> None:
    """How somebody wants to be written to."""
    with transaction() as store:
        store.run(_PREFERENCE, account_id=account, information=information, quiet=quiet, at=store.now)


def carried() -> dict[str, str | None]:
    """With which letter each letter that was sent went, or None: by itself."""
    with reading() as store:
        return {row.id: row.carried_with for row in store.all(_LETTERS) if row.sent_at is not None}


def fates() -> dict[str, tuple[str, int, timedelta, str]]:
    """Each letter's state, attempts, wait from NOW and error."""
    with reading() as store:
        rows = store.all(_LETTERS)
    return {
        row.id: (
            "sent" if row.sent_at else "dead" if row.dead_at else "waiting",
            row.attempts,
            row.not_before - NOW,
            row.error,
        )
        for row in rows
    }


def lease() -> timedelta:
    return leases.PATIENCE + timedelta(seconds=leases.SILENCES * settings().smtp_timeout)


def counts(sent: int = 0, retried: int = 0, dead: int = 0) -> dict[str, int]:
    return {"sent": sent, "retried": retried, "dead": dead}
