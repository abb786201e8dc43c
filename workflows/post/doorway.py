"""Letters to who has no account yet: the link that proves an address, carried from the registration's own row.

Letters of the outbox belong to accounts. Of a stranger nothing is kept but what they asked for, and no letter to
them shows in anybody's list.
"""

from __future__ import annotations

import time
from collections import Counter
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from models.base import table
from models.database import transaction
from models.organization import Organization
from models.registration import Registration
from models.secret import signature
from models.settings import settings
from models.sql import Sql, bind
from workflows.post.mail import Carrier, CarrierError, DownError, RefusedLetterError, StalledError, chosen, compose
from workflows.post.wording import linked, render

PATH = "/welcome/register/"
PURPOSE = "register"  # no proof of another letter's link fits
BATCH = 20
LEASE = timedelta(minutes=5)
PATIENCE = 60.0  # seconds for one batch
TRIES = 6
PAUSE = timedelta(minutes=15)  # until a letter that was not taken is tried again


class Waiting(NamedTuple):
    """A registration whose letter has not left yet; `attempts` counts this try."""

    id: str
    email: str
    language: str
    organization: str
    ends_at: datetime
    attempts: int


_R, _O = table(Registration).c, table(Organization).c
_DUE: Sql[Waiting] = Sql(
    sa.select(_R.id, _R.email, _R.language, _O.name.label("organization"), _R.ends_at, _R.attempts)
    .join_from(table(Registration), table(Organization), _O.code == _R.organization)
    .where(
        sa.text("letter_at IS NOT NULL"),
        _R.letter_at <= bind("now", _R.letter_at),
        # After a long standstill: a link that is over by now is no use to anybody.
        _R.ends_at > bind("now", _R.letter_at),
    )
    .order_by(_R.letter_at, _R.id)
    .limit(bind("most", _R.attempts))
    .with_for_update(key_share=True, skip_locked=True, of=table(Registration)),
    Waiting,
)
# A lease that ran out belongs to somebody else, who may know better: `attempts` tells. Who came in by the letter
# needs no other one, whatever the server said of it.
_MARK: Sql[None] = Sql(
    sa.update(table(Registration))
    .where(_R.id == bind("of", _R.id), _R.attempts == bind("claimed", _R.attempts), _R.proven_at.is_(None))
    .values(letter_at=bind("letter_at", _R.letter_at), attempts=bind("attempts", _R.attempts))
)


def carry(limit: int = BATCH, carrier: Carrier | None = None) -> dict[str, int]:
    """Carry up to `limit` of these letters, the longest due first; answers what came of them.

    `sent`, `retried` (up to 6 times, 15 minutes apart) and `dead`, and **at least once**, as `carriers.deliver`.
    None leaves while registration is closed: its link would be refused. Raises BusyError.
    """
    counts, end = Counter(sent=0, retried=0, dead=0), time.monotonic() + PATIENCE
    if settings().registration != "open" or not (batch := _claimed(min(BATCH, limit))):
        return dict(counts)
    carrier = carrier or chosen()
    try:
        for one in batch:
            trouble = _carried(one, carrier) if time.monotonic() < end else StalledError("server_silent")
            counts[_marked(one, trouble)] += 1
            if isinstance(trouble, DownError | StalledError):
                end = time.monotonic()
    finally:
        carrier.rest()
    return dict(counts)


def _claimed(most: int) -> list[Waiting]:
    with transaction() as store:
        due = store.all(_DUE, now=store.now, most=most)
        store.run_many(_MARK, (
            {"of": one.id, "claimed": one.attempts, "attempts": one.attempts + 1, "letter_at": store.now + LEASE}
            for one in due
        ))  # fmt: skip
        return [one._replace(attempts=one.attempts + 1) for one in due]


def _carried(one: Waiting, carrier: Carrier) -> CarrierError | None:
    """Hand one letter over; answers why it was not taken."""
    params = {
        "link": f"{PATH}{one.id}.{signature(PURPOSE, one.id)}",
        "link_ends_at": one.ends_at.isoformat(),
        "organization": one.organization,
    }
    subject, body = render("register_confirm", linked(params), one.language)
    try:
        # A stranger's name is what somebody typed: it leads no letter of ours.
        carrier.carry(compose(one.id, "", one.email, subject, body))
    except CarrierError as trouble:
        return trouble
    return None


def _marked(one: Waiting, trouble: CarrierError | None) -> str:
    is_dead = isinstance(trouble, RefusedLetterError) or (trouble is not None and one.attempts >= TRIES)
    with transaction() as store:
        again = store.now + PAUSE if trouble is not None and not is_dead else None
        store.run(_MARK, of=one.id, claimed=one.attempts, attempts=one.attempts, letter_at=again)
    return "sent" if trouble is None else "dead" if is_dead else "retried"
