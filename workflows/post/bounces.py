"""Mail that came back: read from a Maildir, matched to the letter it was, and marked so that somebody deals with it."""

from __future__ import annotations

import re
from collections import Counter
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import Message
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from models import clock
from models.base import table
from models.database import transaction
from models.letter import Letter
from models.settings import settings
from models.sql import Sql, bind
from workflows.clocks.runs import note_run
from workflows.post.mail import CarrierError, message_id

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage
    from pathlib import Path

KIND = "bounces"
MOST = 500  # messages at once; the others wait for the next time
LARGEST = 1_000_000  # bytes of a message; what is larger is none of ours
_OURS = re.compile(r"<([^<>@\s]{1,300})@([^<>@\s]+)>")
_FAILED, _DELAYED = "failed", ("delayed", "relayed", "delivered", "expanded")
_L = table(Letter).c
_named = table(Letter).alias("named").c
# A digest that comes back is every letter that went with it, to the same person: found by their letters alone.
_RETURNED: Sql[None] = Sql(
    sa.update(table(Letter))
    .where(
        _L.account_id == sa.select(_named.account_id).where(_named.id == bind("of", _L.id)).scalar_subquery(),
        (_L.id == bind("of", _L.id)) | (_L.carried_with == bind("of", _L.id)),
        _L.sent_at.is_not(None), _L.bounced_at.is_(None),
    )
    .values(bounced_at=bind("now", _L.bounced_at), error=bind("error", _L.error))
)  # fmt: skip


class Report(NamedTuple):
    """What a delivery report says: of which letter, and in which words it failed; none: it may still arrive."""

    letter_id: str
    failure: str | None


def read(limit: int = MOST) -> dict[str, int]:
    """Look through the mail that came back (`SHENBAO_BOUNCES_DIR`); answers what it was.

    `returned`: reports by which letters taken for sent were marked as come back; `delayed`: reports that say no
    more than that; `known`: reports about a letter marked already, or that never was; `other`: mail that is no
    report of ours, such as automatic answers; `unreadable`: files or folders that cannot be read or moved. What
    was read is moved to `cur`, marked as seen, and kept there. Raises BusyError.
    """
    folder = settings().bounces_dir
    if folder is None:
        return {}
    started_at, counts = clock.now(), Counter(returned=0, delayed=0, known=0, other=0, unreadable=0)
    for file in _new(folder, limit, counts):
        try:
            with file.open("rb") as opened:
                content = opened.read(LARGEST + 1)
        except OSError:
            counts["unreadable"] += 1
            continue
        counts[_taken(content)] += 1
        _put_away(file, counts)
    note_run(KIND, started_at, counts)
    return dict(counts)


def _new(folder: Path, limit: int, counts: Counter[str]) -> list[Path]:
    """The messages that nobody has looked at, the oldest name first."""
    try:
        found = sorted(one for one in (folder / "new").iterdir() if one.is_file() and not one.is_symlink())
    except OSError:
        counts["unreadable"] += 1
        return []
    return found[:limit]


def _put_away(file: Path, counts: Counter[str]) -> None:
    """Into `cur`, as a mail program does with what was read. It is marked by then: to read it again does no harm."""
    try:
        kept = file.parent.parent / "cur"
        kept.mkdir(mode=0o700, exist_ok=True)
        file.rename(kept / f"{file.name.partition(':')[0]}:2,S")
    except OSError:
        counts["unreadable"] += 1


def _taken(content: bytes) -> str:
    """Mark the letter a message is about; answers what the message was."""
    report = report_of(content) if len(content) <= LARGEST else None
    if report is None:
        return "other"
    if report.failure is None:
        return "delayed"
    error = CarrierError("letter_returned", reason=report.failure).words[:500]
    with transaction() as store:
        marked = store.run(_RETURNED, of=report.letter_id, now=store.now, error=error)
    return "returned" if marked else "known"


def report_of(content: bytes) -> Report | None:
    """What a delivery report (RFC 3464) says of a letter of ours; None for all other mail.

    Whoever does not know a letter's Message-ID cannot say that it came back; only its reader does.
    """
    try:
        message = message_from_bytes(content, policy=policy.default)
        if message.get_content_type() != "multipart/report":
            return None
        parts = list(message.walk())
        letter_id = next(filter(None, map(_letter_of, _named_in(message, parts))), None)
        states = [
            block for part in parts if part.get_content_type() == "message/delivery-status" for block in _blocks(part)
        ]
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        # What the library cannot take apart was made to be so: it is no report.
        return None
    told = [block for block in states if block.get("Action") or block.get("Status")]
    if letter_id is None or not told:
        return None
    return Report(letter_id, next(filter(None, map(_failure, told)), None))


def _named_in(message: EmailMessage, parts: list[EmailMessage]) -> Iterator[str]:
    """The Message-IDs that a report names: of the message it brings back, of its headers, or what it answers to."""
    for part in parts:
        if part.get_content_type() == "text/rfc822-headers":
            text = part.get_payload(decode=True)
            headers = message_from_bytes(text if isinstance(text, bytes) else b"", policy=policy.compat32)
            yield str(headers["Message-ID"])
        elif part.get_content_type() == "message/rfc822":
            yield from (str(one["Message-ID"]) for one in _blocks(part))
    yield from (str(message[name]) for name in ("In-Reply-To", "References") if message[name])


def _blocks(part: EmailMessage) -> list[Message]:
    """The messages, or lists of headers, that a part holds."""
    found = part.get_payload()
    return [one for one in found if isinstance(one, Message)] if isinstance(found, list) else []


def _letter_of(named: str) -> str | None:
    """The letter whose Message-ID this is, when it was made by us for one."""
    for found in _OURS.finditer(named):
        letter_id = re.sub(r"=([0-9A-F]{2})", lambda code: chr(int(code[1], 16)), found[1].rpartition(".")[0])
        if message_id(letter_id) == found[0]:
            return letter_id
    return None


def _failure(block: Message) -> str | None:
    """Why it failed for good, in the server's words; None while it may still arrive.

    A server that has tried for days says `failed` with a 4.x.x: that letter does not arrive either.
    """
    action = str(block.get("Action") or "").strip().lower()
    status = str(block.get("Status") or "").strip()
    if action in _DELAYED or (action != _FAILED and not status.startswith("5.")):
        return None
    words = str(block.get("Diagnostic-Code") or "").partition(";")[2].strip()
    return " ".join((words if status in words else f"{status} {words}").split())[:400] or action
