"""The outbox: who takes waiting letters, who had them before, and what became of each."""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta
from email.errors import MessageError
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models import clock
from models.account import Account
from models.base import table
from models.database import reading, transaction
from models.errors import InputError
from models.letter import Letter
from models.organization import Organization
from models.settings import settings
from models.sql import Sql, bind, update_of
from models.vocabulary import LetterKind
from workflows.clocks.runs import note_run
from workflows.post.mail import (
    Carrier,
    CarrierError,
    DownError,
    RefusedLetterError,
    StalledError,
    chosen,
    compose,
)
from workflows.post.wording import render

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from models.database import Store

KIND = "letters"
BATCH = 20
PATIENCE = timedelta(minutes=2)  # for one batch; what is left of it then is handed back
# One letter may wait for a silent server this often: greeting, EHLO, TLS, sign-in, MAIL, DATA ...
SILENCES = 15
# Minutes until the next try; the last step repeats, so a letter outlives a long weekend.
PAUSES = (1, 5, 15, 60, 180, 360, 720)
TRIES = 12


class Waiting(NamedTuple):
    """A claimed letter with whom it goes to; `attempts` counts this one."""

    id: str
    template: str
    params: dict[str, Any]
    attempts: int
    email: str
    name: str
    language: str
    disabled_at: datetime | None
    error: str


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


_L, _A, _O = table(Letter).c, table(Account).c, table(Organization).c
_WAITS = _L.sent_at.is_(None) & _L.dead_at.is_(None)
# SQLite has no row locks and its compiler drops these; there the write lock does the same.
_DUE: Sql[Waiting] = Sql(
    sa.select(
        *(_L.id, _L.template, _L.params, _L.attempts),
        *(_A.email, _A.name, _A.language, _A.disabled_at, _L.error),
    )
    .join(table(Account), _A.id == _L.account_id)
    .where(_WAITS, _L.not_before <= bind("now", _L.not_before))
    .order_by(_L.not_before, _L.id)
    .limit(bind("most", _L.attempts))
    .with_for_update(key_share=True, skip_locked=True, of=table(Letter)),
    Waiting,
)
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
_NAME: Sql[str] = Sql(sa.select(_O.name).where(_O.code == bind("code", _O.code)))
_LEASE = update_of(Letter, "not_before", "attempts")
_SENT = update_of(Letter, "sent_at", "dead_at", "error")
# A lease that ran out belongs to somebody else, who may know better: `attempts` tells.
_FAILED: Sql[None] = Sql(
    sa.update(table(Letter))
    .where(_WAITS, _L.id == bind("old_id", _L.id), _L.attempts == bind("claimed", _L.attempts))
    .values({n: bind(n, _L[n]) for n in ("not_before", "attempts", "dead_at", "error")})
)


def deliver(limit: int = 500, carrier: Carrier | None = None) -> dict[str, int]:
    """Take up to `limit` waiting letters, the longest due first; answers what came of them.

    `sent`, `retried` (again later) and `dead` (never again; the row keeps why). Letters are
    leased, carried outside any transaction, and marked one by one. **At least once** is the
    limit: whoever dies between the server's yes and the mark, or whose server drops the line
    after it took the letter, sends that letter again; its Message-ID is the same then, so mail
    programs show one. Raises BusyError when the database is held or gone.
    """
    started_at = clock.now()
    carrier = carrier or chosen()
    counts = Counter(sent=0, retried=0, dead=0)
    while limit > 0 and (batch := _claim(min(BATCH, limit))):
        limit -= len(batch)
        if not _carry_all(batch, carrier, counts):
            break
    note_run(KIND, started_at, counts)
    return dict(counts)


def inbox(limit: int = 100) -> list[Post]:
    """The newest letters with their fate and their subject, as their reader would see it."""
    with reading() as store:
        return [_post(row) for row in store.all(_NEWEST, most=limit)]


def mail_folder() -> Path | None:
    """The Maildir that letters go to; None when a mail server takes them."""
    return None if settings().smtp_host else settings().maildir


def _claim(most: int) -> Sequence[Waiting]:
    """Lease letters: nobody else takes them until the lease has run out."""
    lease = PATIENCE + timedelta(seconds=SILENCES * settings().smtp_timeout)
    with transaction() as store:
        due = store.all(_DUE, now=store.now, most=most)
        taken = [letter._replace(attempts=letter.attempts + 1, params=_named(store, letter.params)) for letter in due]
        until = store.now + lease
        store.run_many(_LEASE, ({"old_id": t.id, "not_before": until, "attempts": t.attempts} for t in taken))
    return taken


def _named(store: Store, params: dict[str, Any]) -> dict[str, Any]:
    """The params with names for the codes of organisations, which no reader knows."""
    codes = {key: params[key] for key in ("organization", "next") if params.get(key)}
    names = {key: store.first(_NAME, code=str(code)) for key, code in codes.items()}
    return {**params, **{key: name for key, name in names.items() if name}}


def _carry_all(batch: Sequence[Waiting], carrier: Carrier, counts: Counter[str]) -> bool:
    """Carry a batch; False when there is no use in taking another now."""
    end = time.monotonic() + PATIENCE.total_seconds()
    try:
        for position, letter in enumerate(batch, start=1):
            others = batch[position:]
            trouble = _carry(letter, carrier)
            if trouble is None:
                _mark_sent(letter)
                counts["sent"] += 1
            elif isinstance(trouble, DownError):
                counts.update(_mark_failed([letter, *others], trouble))
                return False
            else:
                counts.update(_mark_failed([letter], trouble))
            if isinstance(trouble, StalledError) or time.monotonic() > end:
                _hand_back(others)
                return not isinstance(trouble, StalledError)
    finally:
        carrier.rest()
    return True


def _carry(letter: Waiting, carrier: Carrier) -> CarrierError | None:
    """Carry one letter; answers why it was not taken."""
    if letter.disabled_at is not None:
        return RefusedLetterError("letter_refused", reason="account_disabled")
    try:
        subject, body = render(letter.template, _linked(letter.params), letter.language)
        message = compose(letter.id, letter.name, letter.email, subject, body)
    except (InputError, MessageError, ValueError, IndexError) as error:
        return RefusedLetterError("letter_refused", reason=str(error))
    try:
        carrier.carry(message)
    except CarrierError as trouble:
        return trouble
    return None


def _mark_sent(letter: Waiting) -> None:
    with transaction() as store:
        store.run(_SENT, old_id=letter.id, sent_at=store.now, dead_at=None, error="")


def _mark_failed(letters: Sequence[Waiting], trouble: CarrierError) -> Counter[str]:
    """Put letters off, or give them up; answers how many of each."""
    refused = isinstance(trouble, RefusedLetterError)
    dead = {letter.id for letter in letters if refused or letter.attempts >= TRIES}
    with transaction() as store:
        store.run_many(
            _FAILED,
            (
                {
                    "old_id": letter.id,
                    "claimed": letter.attempts,
                    "attempts": letter.attempts,
                    "not_before": store.now + _pause(letter.attempts),
                    "dead_at": store.now if letter.id in dead else None,
                    "error": str(trouble.details["reason"])[:500],
                }
                for letter in letters
            ),
        )
    return Counter(dead=len(dead), retried=len(letters) - len(dead))


def _hand_back(letters: Sequence[Waiting]) -> None:
    """Give up the lease of letters that were not tried, as if they had not been claimed."""
    with transaction() as store:
        store.run_many(
            _FAILED,
            (
                {
                    "old_id": letter.id,
                    "claimed": letter.attempts,
                    "attempts": letter.attempts - 1,
                    "not_before": store.now,
                    "dead_at": None,
                    "error": letter.error,
                }
                for letter in letters
            ),
        )


def _pause(attempts: int) -> timedelta:
    return timedelta(minutes=PAUSES[min(attempts, len(PAUSES)) - 1])


def _linked(params: dict[str, Any]) -> dict[str, Any]:
    """The params with a whole address where the letter holds the path of a page."""
    path = str(params.get("link") or "")
    if not path.startswith("/"):
        return params
    ours = settings()
    address = ours.public_url or f"http://{ours.web_host}:{ours.web_port}"
    return {**params, "link": f"{address.rstrip('/')}{path}"}


def _post(row: _Row) -> Post:
    state = "sent" if row.sent_at else "dead" if row.dead_at else "waiting"
    try:
        subject, _ = render(row.template, row.params, row.language)
    except InputError:
        subject = row.template
    return Post(
        *(row.id, state, row.kind, row.email, row.name, subject),
        *(row.created_at, row.not_before, row.attempts, row.sent_at, row.dead_at, row.error),
    )
