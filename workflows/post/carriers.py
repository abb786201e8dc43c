"""The outbox: waiting letters are claimed, carried outside any transaction, and marked with what became of each."""

from __future__ import annotations

import threading
import time
from collections import Counter
from datetime import timedelta
from email.errors import MessageError
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models import clock
from models.account import Account
from models.base import table
from models.database import reading, transaction
from models.errors import BusyError
from models.letter import Letter
from models.settings import settings
from models.sql import Sql, bind, update_of
from models.vocabulary import LetterKind
from workflows.clocks.runs import note_run
from workflows.post import digests, doorway, leases, ways
from workflows.post.leases import PATIENCE
from workflows.post.linking import proved
from workflows.post.mail import (
    Carrier,
    CarrierError,
    DownError,
    RefusedLetterError,
    StalledError,
    chosen,
    compose,
)
from workflows.post.wording import UNWRITABLE, linked, render

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from email.message import EmailMessage
    from pathlib import Path

    from workflows.post.leases import Parcel, Waiting

KIND = "letters"
BATCH = 100
# Marks are written together: whoever dies between the server's yes and the mark sends so many messages again at most.
MARKED_TOGETHER = 20
MARKED_EVERY = 1.0  # seconds at most from a server's yes to its mark, while letters follow each other
MARKED_AGAIN = 1.0  # seconds between two tries to mark while the database is held or gone
# Minutes until the next try; the last step repeats, so a letter outlives a long weekend.
PAUSES = (1, 5, 15, 60, 180, 360, 720)
TRIES = 12


class _Row(NamedTuple):
    id: str
    template: str
    params: dict[str, Any]
    kind: LetterKind
    created_at: datetime
    not_before: datetime
    attempts: int
    sent_at: datetime | None
    dead_at: datetime | None
    error: str
    email: str
    name: str
    language: str


class Post(NamedTuple):
    """A letter as the administrator sees it; `state` is waiting, sent or dead."""

    id: str
    state: str
    kind: LetterKind
    email: str
    name: str
    subject: str
    created_at: datetime
    not_before: datetime
    attempts: int
    sent_at: datetime | None
    dead_at: datetime | None
    error: str


_L, _A = table(Letter).c, table(Account).c
_NEWEST: Sql[_Row] = Sql(
    sa.select(
        *(_L.id, _L.template, _L.params, _L.kind, _L.created_at, _L.not_before, _L.attempts),
        *(_L.sent_at, _L.dead_at, _L.error, _A.email, _A.name, _A.language),
    )
    .join(table(Account), _A.id == _L.account_id)
    .order_by(_L.created_at.desc(), _L.id.desc())
    .limit(bind("most", _L.attempts)),
    _Row,
)
_SENT = update_of(Letter, "sent_at", "dead_at", "error", "carried_with")
# A lease that ran out belongs to somebody else, who may know better: `attempts` tells.
_FAILED: Sql[None] = Sql(
    sa.update(table(Letter))
    .where(
        _L.sent_at.is_(None), _L.dead_at.is_(None), _L.id == bind("old_id", _L.id),
        _L.attempts == bind("claimed", _L.attempts),
    )
    .values({n: bind(n, _L[n]) for n in ("not_before", "attempts", "dead_at", "error")})
)  # fmt: skip


def deliver(limit: int = 500, carrier: Carrier | None = None) -> dict[str, int]:
    """Take up to `limit` waiting letters, the longest due first, then as many by other ways; answers what came of them.

    `sent`, `retried` (again later) and `dead` (never again; the row keeps why). Letters are leased
    (`leases.claim`), carried outside any transaction, and marked. **At least once** is the limit: whoever dies
    between the server's yes and the mark, or whose server drops the line after it took the letter, sends that
    letter again; its Message-ID is the same then, so mail programs show one. Raises BusyError when the database is
    held or gone; for the mark of what has left it is waited for first.
    """
    started_at = clock.now()
    carrier = carrier or chosen()
    counts, limit_of_ways = Counter(sent=0, retried=0, dead=0), limit
    while limit > 0 and (parcels := leases.claim(min(BATCH, limit))) is not None:
        limit -= sum(map(len, parcels))
        if not _Round(carrier, counts).carry(parcels):
            break
    counts.update(ways.carry(limit_of_ways))
    counts.update(doorway.carry(limit_of_ways, carrier))
    note_run(KIND, started_at, counts)
    return dict(counts)


def inbox(limit: int = 100) -> list[Post]:
    """The newest letters with their fate and their subject, as their reader would see it."""
    with reading() as store:
        return [_post(row) for row in store.all(_NEWEST, most=limit)]


def mail_folder() -> Path | None:
    """The Maildir that letters go to; None when a mail server takes them."""
    return None if settings().smtp_host else settings().maildir


class _Round:
    """One batch on its way: what was taken and is not marked yet, and when the batch has taken too long."""

    def __init__(self, carrier: Carrier, counts: Counter[str]) -> None:
        self.carrier = carrier
        self.counts = counts
        self.taken: list[Parcel] = []
        self.since = self.end = time.monotonic()
        self.end += PATIENCE.total_seconds()

    def carry(self, parcels: Sequence[Parcel]) -> bool:
        """Carry a batch; False when there is no use in taking another now."""
        try:
            for position, parcel in enumerate(parcels, start=1):
                others = list(chain.from_iterable(parcels[position:]))
                fit, message = self._written(parcel)
                trouble = self._handed_over(fit, message) if message is not None else None
                if isinstance(trouble, DownError):
                    self._mark_failed([*fit, *others], trouble)
                    return False
                if trouble is not None:
                    self._mark_failed(fit, trouble)
                if isinstance(trouble, StalledError) or time.monotonic() > self.end:
                    _hand_back(others)
                    return not isinstance(trouble, StalledError)
        finally:
            self._mark_sent()
            self.carrier.rest()
        return True

    def _written(self, parcel: Parcel) -> tuple[Parcel, EmailMessage | None]:
        """The message of some letters; which of them are in it, for those that cannot be said are given up."""
        texts: list[tuple[str, str]] = []
        fit: list[Waiting] = []
        for letter in parcel:
            try:
                texts.append(_worded(letter))
                fit.append(letter)
            except CarrierError as trouble:
                self._mark_failed([letter], trouble)
        if not fit:
            return (), None
        first = fit[0]
        subject, body = digests.together(fit, texts) if len(fit) > 1 else texts[0]
        try:
            return tuple(fit), compose(first.id, first.name, first.email, subject, body)
        except (MessageError, ValueError, IndexError) as error:
            self._mark_failed(fit, RefusedLetterError("address_broken", reason=str(error)))
            return (), None

    def _handed_over(self, letters: Parcel, message: EmailMessage) -> CarrierError | None:
        """Carry one message; answers why it was not taken."""
        try:
            self.carrier.carry(message)
        except CarrierError as trouble:
            return trouble
        self.since = time.monotonic() if not self.taken else self.since
        self.taken.append(letters)
        if len(self.taken) >= MARKED_TOGETHER or time.monotonic() - self.since > MARKED_EVERY:
            self._mark_sent()
        return None

    def _mark_sent(self) -> None:
        """Mark what the server took; a database that is away is waited for as long as the lease is surely ours.

        Who gave up at once would send all of it again.
        """
        while self.taken:
            try:
                self._mark()
            except BusyError:
                if time.monotonic() > self.end:
                    raise
                threading.Event().wait(MARKED_AGAIN)

    def _mark(self) -> None:
        with transaction() as store:
            # The first gave the message its name, which a server that sends it back knows.
            rows = [
                {"old_id": letter.id, "carried_with": None if letter is parcel[0] else parcel[0].id,
                 "sent_at": store.now, "dead_at": None, "error": ""}
                for parcel in self.taken for letter in parcel
            ]  # fmt: skip
            store.run_many(_SENT, rows)
        self.counts["sent"] += len(rows)
        self.taken.clear()

    def _mark_failed(self, letters: Sequence[Waiting], trouble: CarrierError) -> None:
        """Put letters off, or give them up."""
        refused = isinstance(trouble, RefusedLetterError)
        dead = {letter.id for letter in letters if refused or letter.attempts >= TRIES}
        with transaction() as store:
            store.run_many(_FAILED, (
                {"old_id": letter.id, "claimed": letter.attempts, "attempts": letter.attempts,
                 "not_before": store.now + _pause(letter.attempts),
                 "dead_at": store.now if letter.id in dead else None, "error": trouble.words[:500]}
                for letter in letters
            ))  # fmt: skip
        self.counts.update(dead=len(dead), retried=len(letters) - len(dead))


def _hand_back(letters: Iterable[Waiting]) -> None:
    """Give up the lease of letters that were not tried, as if they had not been claimed."""
    with transaction() as store:
        store.run_many(_FAILED, (
            {"old_id": letter.id, "claimed": letter.attempts, "attempts": letter.attempts - 1,
             "not_before": store.now, "dead_at": None, "error": letter.error}
            for letter in letters
        ))  # fmt: skip


def _pause(attempts: int) -> timedelta:
    return timedelta(minutes=PAUSES[min(attempts, len(PAUSES)) - 1])


def _worded(letter: Waiting) -> tuple[str, str]:
    """Subject and body of a letter. Raises RefusedLetterError when nobody reads it, or nobody can say it."""
    if letter.disabled_at is not None:
        raise RefusedLetterError("account_disabled")
    try:
        return render(letter.template, linked(proved(letter.params)), letter.language, words=letter.words)
    except UNWRITABLE as error:
        raise RefusedLetterError("letter_unwritable", reason=str(error)) from error


def _post(row: _Row) -> Post:
    state = "sent" if row.sent_at else "dead" if row.dead_at else "waiting"
    try:
        subject, _ = render(row.template, row.params, row.language)
    except UNWRITABLE:
        subject = row.template
    return Post(
        *(row.id, state, row.kind, row.email, row.name, subject),
        *(row.created_at, row.not_before, row.attempts, row.sent_at, row.dead_at, row.error),
    )
