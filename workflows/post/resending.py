"""Sending letters again: new rows for the old, as many as whoever asks said there are."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from models.account import Account
from models.base import new_id, table
from models.database import transaction
from models.errors import InputError, RefusedError
from models.letter import Letter
from models.sql import Sql, bind
from workflows.people.organizations import queue_at
from workflows.post.fates import BACK, BELOW, DEAD, MEANT, SENT
from workflows.queries.watch import require_administrator
from workflows.record.verb import verb
from workflows.rules.calendar import ends_at

if TYPE_CHECKING:
    from datetime import date, datetime

    from models.database import Store
    from workflows.record.acting import Actor

MOST = 2000
STATES = (DEAD, BACK, SENT)
_L, _A = table(Letter).c, table(Account).c
_COLUMNS = ("id", "account_id", "template", "kind", "params", "thing_id", "created_at", "not_before", "attempts",
            "error", "asked_by")  # fmt: skip
_IN_FORCE = _L.account_id.in_(sa.select(_A.id).where(_A.disabled_at.is_(None)))


class Resent(NamedTuple):
    """How many letters were sent again, and the beginning of their ids."""

    n: int
    batch: str


def again(*clauses: Any, limit: int | None = None) -> Sql[None]:
    """New letters with the words and people of those that match; parameters `batch`, `who` and `now`."""
    number = sa.func.row_number().over(order_by=_L.id)
    chosen = sa.select(
        bind("batch", _L.id) + sa.literal("-", _L.id.type) + sa.cast(number, _L.id.type),
        *(_L.account_id, _L.template, _L.kind, _L.params, _L.thing_id),
        *(bind("now", _L.created_at), bind("now", _L.created_at), sa.literal_column("0"), sa.literal_column("''")),
        bind("who", _L.asked_by),
    ).where(_IN_FORCE, *clauses)
    return Sql(sa.insert(table(Letter)).from_select(list(_COLUMNS), chosen.limit(limit) if limit else chosen))


def settling(*clauses: Any) -> Sql[None]:
    """Letters that match are dealt with: nobody need look at them again."""
    names = {"settled_at": "now", "settled_by": "who", "settled_words": "words"}
    return Sql(
        sa.update(table(Letter))
        .where(_L.settled_at.is_(None), _IN_FORCE, *clauses)
        .values({name: bind(given, _L[name]) for name, given in names.items()})
    )


_OPEN = (MEANT, BELOW, _L.settled_at.is_(None))
_AGAIN = again(*_OPEN, limit=MOST + 1)
_SETTLE = settling(*_OPEN, _L.sent_at.is_(None) | _L.bounced_at.is_not(None))
_OF_BATCH: Sql[int] = Sql(
    sa.select(sa.func.count()).select_from(table(Letter)).where(
        _L.asked_by == bind("who", _L.asked_by), _L.id >= bind("low", _L.id), _L.id < bind("high", _L.id)
    )
)  # fmt: skip


@verb("resend")
def resend(
    actor: Actor, *, root: str, state: str, count: int, template: str = "", person: str = "",
    since: date | None = None, key: str | None = None,
) -> Resent:  # fmt: skip
    """Send letters below a union again: all those of a state (`dead`, `back`, `sent`) that match, and only if `count`.

    `template` and `person` (address or account) narrow them, and `since`, the day they were written (without one:
    the last 30 days). What could not be delivered is settled thereby. A click that comes again changes nothing.
    Raises InputError("resend_state"), RefusedError: `resend_count` with the number it would be, `resend_many`;
    ForbiddenError unless the actor administers `root`.
    """
    if state not in STATES:
        raise InputError("resend_state", field="state", given=state[:40], known=list(STATES))
    with transaction() as store:
        who = require_administrator(store, actor, root)
        queue_at(store, root)  # two who send the same again at once are one after the other
        batch = hashlib.sha256(f"{who.id}|{key}".encode()).hexdigest()[:32] if key else new_id()
        if key and (before := store.first(_OF_BATCH, who=who.id, low=f"{batch}-", high=f"{batch}.")):
            return Resent(before, batch)
        start = _start(store.now, since)
        given = {"root": root, "state": state, "template": template, "person": person.strip().casefold(),
                 "since": start, "who": who.id, "now": store.now}  # fmt: skip
        _send(store, given, batch, count)
        return Resent(count, batch)


def _send(store: Store, given: dict[str, Any], batch: str, count: int) -> None:
    n = store.run(_AGAIN, **given, batch=batch)
    if n > MOST:
        raise RefusedError("resend_many", n=n, most=MOST)
    if n != count:
        raise RefusedError("resend_count", n=n, count=count)
    store.run(_SETTLE, **given, words="resent")


def _start(now: datetime, since: date | None) -> datetime:
    return now - timedelta(days=30) if since is None else ends_at(since - timedelta(days=1))
